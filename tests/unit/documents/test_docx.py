"""What Word finds in the file: fields, repeated heads, sections, lists, alternative texts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from capaian.documents.blocks import (
    Cell,
    Column,
    Document,
    ListBlock,
    Paragraph,
    Row,
    Run,
    Signature,
    SignatureParty,
    Table,
    text,
)
from capaian.documents.docx import render_docx
from capaian.documents.layout import plan
from tests.unit.documents.read_back import docx_body, instructions, words


def paragraphs(data: bytes, style: str) -> list[Any]:
    return [
        p
        for p in docx_body(data).iter(qn("w:p"))
        if p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") is not None
        and p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == style
    ]


def plain(element: Any) -> str:
    return words("".join(node.text or "" for node in element.iter(qn("w:t"))))


def test_rendering_twice_gives_the_same_bytes(rich: Document, rich_docx: bytes) -> None:
    assert render_docx(rich) == rich_docx


def test_properties_carry_the_date_of_the_document_and_not_of_the_day(rich_docx: bytes) -> None:
    core = docx.Document(io.BytesIO(rich_docx)).core_properties
    assert core.created is not None
    assert core.created.date().isoformat() == "2025-02-28"
    assert core.modified == core.created
    assert core.author == "Dinas Kesehatan Kabupaten Contoh"


def test_head_rows_repeat_and_only_they(rich_docx: bytes) -> None:
    long_one = docx_body(rich_docx).findall(qn("w:tbl"))[2]
    flags = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in long_one.findall(qn("w:tr"))]
    assert flags == [True] + [False] * 150


def test_rows_are_not_cut_by_a_page_break(rich_docx: bytes) -> None:
    long_one = docx_body(rich_docx).findall(qn("w:tbl"))[2]
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in long_one.findall(qn("w:tr")))


def test_figures_in_cells_stand_at_the_right(rich_docx: bytes) -> None:
    iku = docx_body(rich_docx).findall(qn("w:tbl"))[4]
    cell = next(c for c in iku.iter(qn("w:tc")) if plain(c) == "119,47")
    assert cell.find(f"{qn('w:p')}/{qn('w:pPr')}/{qn('w:jc')}").get(qn("w:val")) == "right"


def test_the_lists_of_contents_are_fields_filled_beforehand(rich_docx: bytes) -> None:
    found = instructions(rich_docx)
    assert 'TOC \\o "1-3" \\h \\z \\u' in found
    assert 'TOC \\h \\z \\c "Tabel"' in found
    assert 'TOC \\h \\z \\c "Gambar"' in found
    assert [plain(p) for p in paragraphs(rich_docx, "TOC1")] == [
        "KATA PENGANTARi",
        "BAB IPENDAHULUAN1",
        "BAB IIPERENCANAAN KINERJA3",
        "BAB IIIAKUNTABILITAS KINERJA9",
        "BAB IVPENUTUP12",
    ]
    assert plain(paragraphs(rich_docx, "TableofFigures")[0]) == "Tabel 2.1Rencana Kerja dan Anggaran3"
    settings = docx.Document(io.BytesIO(rich_docx)).settings.element
    assert settings.find(qn("w:updateFields")).get(qn("w:val")) == "true"


def test_fields_open_and_close_in_pairs(rich_docx: bytes) -> None:
    depth = 0
    for mark in docx_body(rich_docx).iter(qn("w:fldChar")):
        depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(qn("w:fldCharType"))]
        assert depth >= 0
    assert depth == 0


def test_every_reference_has_its_bookmark(rich_docx: bytes) -> None:
    names = [mark.get(qn("w:name")) for mark in docx_body(rich_docx).iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    pointed = [i.split()[1] for i in instructions(rich_docx) if i.split()[0] in ("REF", "PAGEREF")]
    assert pointed
    assert set(pointed) <= set(names)
    assert any(i.startswith("REF ") for i in instructions(rich_docx))


def test_captions_count_by_field_and_begin_anew_in_a_chapter(rich_docx: bytes) -> None:
    counted = [i for i in instructions(rich_docx) if i.startswith("SEQ Tabel")]
    assert counted == ["SEQ Tabel \\* ARABIC \\r 1", "SEQ Tabel \\* ARABIC", "SEQ Tabel \\* ARABIC \\r 1"]
    assert plain(paragraphs(rich_docx, "Caption")[0]) == "Tabel 2.1 Rencana Kerja dan Anggaran"


def test_each_list_begins_anew(rich_docx: bytes) -> None:
    items = paragraphs(rich_docx, "ListItem")
    numbers = [p.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}").get(qn("w:val")) for p in items]
    assert numbers == ["1", "1", "2", "2", "3", "3", "4", "4"]
    numbering = docx.Document(io.BytesIO(rich_docx)).part.numbering_part.element
    for num in numbering.findall(qn("w:num")):
        assert num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_landscape_pages_are_turned_and_turned_back(rich_docx: bytes) -> None:
    sections = docx.Document(io.BytesIO(rich_docx)).sections
    shapes = [(s.orientation, round(s.page_width.mm), round(s.page_height.mm)) for s in sections]  # type: ignore[union-attr]
    upright, turned = (WD_ORIENT.PORTRAIT, 210, 297), (WD_ORIENT.LANDSCAPE, 297, 210)
    assert shapes == [upright, upright, upright, turned, upright]


def test_front_pages_are_roman_and_chapters_begin_with_one(rich_docx: bytes) -> None:
    kinds = [(mark.get(qn("w:fmt")), mark.get(qn("w:start"))) for mark in docx_body(rich_docx).iter(qn("w:pgNumType"))]
    assert kinds == [("decimal", None), ("lowerRoman", "1"), ("decimal", "1"), ("decimal", None), ("decimal", None)]


def test_no_section_ends_within_a_field(rich_docx: bytes) -> None:
    depth = 0
    for node in docx_body(rich_docx).iter(qn("w:fldChar"), qn("w:sectPr")):
        if node.tag == qn("w:sectPr"):
            assert depth == 0
        else:
            depth += {"begin": 1, "separate": 0, "end": -1}[node.get(qn("w:fldCharType"))]


def test_pictures_say_what_they_show(rich: Document, rich_docx: bytes) -> None:
    texts = [node.get("descr") for node in docx_body(rich_docx).iter(qn("wp:docPr"))]
    assert len(texts) == len(plan(rich).captions_for("Gambar"))
    assert texts[0].startswith("Struktur Organisasi Dinas Kesehatan: Kepala Dinas Kesehatan (Sekretariat")
    assert "Garis prevalensi stunting menurun." in texts


def test_parties_sign_side_by_side_and_a_bupati_without_nip(rich_docx: bytes) -> None:
    table = docx_body(rich_docx).findall(qn("w:tbl"))[-1]
    assert [[plain(cell) for cell in row.iter(qn("w:tc"))] for row in table.iter(qn("w:tr"))] == [
        ["PIHAK KEDUA", "PIHAK KESATU"],
        ["Bupati Contoh", "Kepala Dinas Kesehatan"],
        ["_" * 30, "Nama PejabatNIP 00000000 000000 0 000"],
    ]


def test_a_reference_without_target_prints_its_text() -> None:
    lost = Document("J", "D", (Paragraph((Run("lihat "), Run("tabel itu", ref="hilang"))),))
    assert [plain(p) for p in paragraphs(render_docx(lost), "BodyText")] == ["lihat tabel itu"]


def test_the_file_is_a_clean_zip_without_dates(rich_docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(rich_docx)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_language_is_written_for_the_speller(language: str) -> None:
    data = render_docx(replace(Document("J", "D", (text("x"),)), language=language))
    styles = docx.Document(io.BytesIO(data)).styles.element
    assert styles.find(f".//{qn('w:lang')}").get(qn("w:val")).startswith(language)


def test_spans_begin_once_and_go_on_below(rich_docx: bytes) -> None:
    long_one = docx_body(rich_docx).findall(qn("w:tbl"))[2]
    firsts = [row.find(qn("w:tc")) for row in long_one.findall(qn("w:tr"))][1:7]
    marks = [cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}").get(qn("w:val"), "continue") for cell in firsts]
    assert marks == ["restart", "continue", "continue"] * 2


def kept(element: Any) -> bool:
    """Whether a paragraph, or every paragraph of a row or table, is kept with what follows."""
    found = [element] if element.tag == qn("w:p") else list(element.iter(qn("w:p")))
    return all(one.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for one in found)


def test_a_line_that_announces_stays_with_what_it_announces() -> None:
    blocks = (text("Faktor penghambat:"), ListBlock(("satu",)), text("Selesai."))
    announcing, item, closing = docx_body(render_docx(Document("J", "D", blocks))).findall(qn("w:p"))
    assert kept(announcing)
    assert not kept(item)
    assert not kept(closing)


@pytest.mark.parametrize(("count", "all_kept"), [(4, True), (60, False)], ids=["short", "long"])
def test_the_source_stays_with_its_table_and_a_short_table_is_whole(count: int, all_kept: bool) -> None:
    rows = tuple(Row((Cell(str(n)), Cell("isi"))) for n in range(count))
    table = Table((Column("No"), Column("Uraian")), rows, "Judul", "t", "Sumber: Dinas")
    drawn = docx_body(render_docx(Document("J", "D", (table,)))).find(qn("w:tbl")).findall(qn("w:tr"))
    assert kept(drawn[-1])
    assert all(kept(row) for row in drawn[1:]) is all_kept


def test_nobody_signs_a_page_of_its_own() -> None:
    rows = (Row((Cell("1"), Cell("isi"))),)
    table = Table((Column("No"), Column("Uraian")), rows, "Judul", "t")
    blocks = (text("Jauh di atas."), table, text("Catatan.", "note"), Signature((SignatureParty("Kepala Dinas"),)))
    body = docx_body(render_docx(Document("J", "D", blocks)))
    assert kept(body.find(qn("w:tbl")))
    (note,) = (one for one in body.findall(qn("w:p")) if plain(one) == "Catatan.")
    assert kept(note)
    (far,) = (one for one in body.findall(qn("w:p")) if plain(one) == "Jauh di atas.")
    assert not kept(far)
