"""What a reader finds in the PDF: tags, outline, alternative texts, pages, and the same tables as in the .docx."""

from __future__ import annotations

import io

import pdfplumber
import pypdfium2
import pytest

from capaian.documents.blocks import (
    Cell,
    Column,
    Document,
    ListBlock,
    Row,
    Signature,
    SignatureParty,
    Table,
    text,
)
from capaian.documents.docx import render_docx
from capaian.documents.pdf import render_pdf
from capaian.documents.text import render_text
from tests.unit.documents.read_back import Rows, docx_tables, pdf_tables, pdf_texts, squeezed
from tests.unit.documents.sample import iku_table, long_table, wide_table


@pytest.mark.parametrize("table", [iku_table(), long_table(40), wide_table(20)], ids=["iku", "spans", "nineteen"])
def test_docx_pdf_and_text_hold_the_same_table(table: Table) -> None:
    document = Document("J", "D", (table,), orientation="landscape")
    from_text: Rows = [line.split("\t") for line in render_text(document).splitlines() if line.count("\t") > 2]
    assert docx_tables(render_docx(document)) == [from_text]
    # A word broken at a page or column edge is the only freedom a PDF has.
    glued = [[squeezed(cell) for cell in row] for row in pdf_tables(render_pdf(document))[0]]
    assert glued == [[squeezed(cell) for cell in row] for row in from_text]


def test_rendering_twice_gives_the_same_bytes(rich: Document, rich_pdf: bytes) -> None:
    assert render_pdf(rich) == rich_pdf


def test_it_is_tagged_and_archivable(rich_pdf: bytes) -> None:
    assert b"<pdfaid:part>2</pdfaid:part>" in rich_pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in rich_pdf
    properties = pypdfium2.PdfDocument(rich_pdf).get_metadata_dict()
    assert properties["Title"].startswith("Laporan Kinerja Dinas")
    assert properties["CreationDate"].startswith("D:20250228")


def test_the_outline_lists_the_headings(rich_pdf: bytes) -> None:
    titles = [squeezed(item.get_title()) for item in pypdfium2.PdfDocument(rich_pdf).get_toc()]
    assert titles[:4] == ["KATAPENGANTAR", "BABIPENDAHULUAN", "A.LatarBelakang", "B.IsuStrategis"]


def test_contents_name_the_page_that_carries_the_heading(rich_pdf: bytes) -> None:
    pages = [squeezed(page) for page in pdf_texts(rich_pdf)]
    contents = next(page for page in pages if "DAFTARISI" in page)
    assert "BABIVPENUTUP" in contents
    place = next(n for n, page in enumerate(pages) if "BABIV" in page and "DAFTARISI" not in page)
    first = next(n for n, page in enumerate(pages) if "BABI" in page and "DAFTARISI" not in page)
    printed = contents.split("BABIVPENUTUP")[1].lstrip(".").split("D")[0]
    assert printed.startswith(str(place - first + 1))


def test_the_head_of_a_long_table_repeats_on_each_page(rich_pdf: bytes) -> None:
    pages = [squeezed(page) for page in pdf_texts(rich_pdf)]
    carrying = [page for page in pages if "Indikatorke-" in page]
    assert len(carrying) >= 3
    assert all("NoProgram/KegiatanIndikatorTargetAnggaran(Rp)" in page for page in carrying)


def test_landscape_pages_are_turned_and_turned_back(rich_pdf: bytes) -> None:
    with pdfplumber.open(io.BytesIO(rich_pdf)) as pdf:
        turned = [page.width > page.height for page in pdf.pages]
    assert turned.count(True) == 2
    assert not turned[-1]


def test_the_cover_has_no_page_number_and_the_front_is_roman(rich_pdf: bytes) -> None:
    pages = pdf_texts(rich_pdf)
    assert "Laporan Kinerja Instansi Pemerintah Tahun 2024" not in pages[0]
    assert pages[1].split()[-1] == "i"
    assert pages[5].split()[-1] == "1"


def test_no_page_is_empty(rich_pdf: bytes) -> None:
    assert all(len(page.split()) > 15 for page in pdf_texts(rich_pdf))


def test_only_shipped_fonts_are_used(rich_pdf: bytes) -> None:
    with pdfplumber.open(io.BytesIO(rich_pdf)) as pdf:
        fonts = {char["fontname"].split("+")[-1] for page in pdf.pages[:7] for char in page.chars}
    assert fonts <= {"Arimo", "Arimo-Regular", "Arimo-Bold", "Arimo-Italic", "Arimo-BoldItalic"}


def test_a_cell_longer_than_a_page_runs_over_pages() -> None:
    story = " ".join(f"kata{n}" for n in range(3000))
    table = Table((Column("Uraian"), Column("Ket")), (Row((Cell(story), Cell("x"))),))
    found = squeezed("".join(pdf_texts(render_pdf(Document("J", "D", (table,))))))
    assert "kata2999" in found


def test_the_source_stands_once_on_the_page_where_its_table_ends() -> None:
    """Whatever the number of rows: never alone on a page, and below the last row."""
    for count in range(36, 48):
        rows = tuple(Row((Cell(f"baris{n}"), Cell("isi"))) for n in range(1, count + 1))
        table = Table((Column("No"), Column("Uraian")), rows, "Judul", "t", "Sumber: Dinas")
        pages = pdf_texts(render_pdf(Document("J", "D", (table,))))
        assert "".join(pages).count("Sumber: Dinas") == 1
        (last,) = (page for page in pages if "Sumber: Dinas" in page)
        assert f"baris{count}" in last, count


def test_a_line_that_announces_moves_to_the_page_of_its_list() -> None:
    for lines in range(30, 46):
        blocks = (*(text(f"Kalimat {n}.") for n in range(lines)), text("Faktor penghambat:"), ListBlock(("pertama",)))
        pages = pdf_texts(render_pdf(Document("J", "D", blocks)))
        (page,) = (page for page in pages if "Faktor penghambat:" in page)
        assert "pertama" in page, lines


def test_a_short_table_and_a_signature_do_not_break_over_pages() -> None:
    rows = tuple(Row((Cell(f"baris{n}"), Cell("isi"))) for n in range(1, 11))
    table = Table((Column("No"), Column("Uraian")), rows, "Judul", "t")
    party = Signature((SignatureParty("Kepala Dinas Contoh"),))
    for lines in range(16, 36, 2):
        blocks = (*(text(f"Kalimat {n}.") for n in range(lines)), table, text("Catatan.", "note"), party)
        pages = pdf_texts(render_pdf(Document("J", "D", blocks)))
        (page,) = (page for page in pages if "baris1\n" in page or "baris1 " in page)
        assert all(words in page for words in ("Judul", "baris10", "Catatan.", "Kepala Dinas Contoh")), lines


def test_headings_of_groups_that_follow_each_other_are_drawn() -> None:
    """A table that goes over pages, whose groups hold groups: typst stumbled over heads one after the other."""
    heads = tuple(Row((Cell(number), Cell(f"Kelompok {number}")), role="group") for number in ("A", "A1", "A1a"))
    items = tuple(Row((Cell(str(number)), Cell(f"Butir {number}"))) for number in range(60))
    columns = (Column("No", "left", 1), Column("Nama", "left", 6))
    content = render_pdf(Document("Judul", "Kantor", (Table(columns, heads + items, caption="Butir"),)))
    printed = " ".join(pdf_texts(content))
    for words in ("Kelompok A1a", "Butir 59"):
        assert words in printed
