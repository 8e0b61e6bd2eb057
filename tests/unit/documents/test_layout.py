"""Sections, page numbering, caption numbers and the places of cells."""

from __future__ import annotations

import pytest

from capaian.documents.blocks import Cell, Column, Cover, Document, Field, Heading, PageBreak, Row, Table, text
from capaian.documents.grid import body_rows, header_rows, without_empty_columns
from capaian.documents.layout import chapter_prefix, plan
from capaian.documents.widths import column_widths_mm

COVER = Cover("Judul", "", "Dinas", "2025")


def document(*blocks: object) -> Document:
    return Document("Judul", "Dinas", blocks)  # type: ignore[arg-type]


def table(caption: str, anchor: str = "") -> Table:
    return Table((Column("A"),), (Row((Cell("x"),)),), caption, anchor)


@pytest.mark.parametrize(
    ("number", "prefix"),
    [
        ("BAB I", "1."),
        ("BAB IV", "4."),
        ("BAB IX", "9."),
        ("BAB 3", "3."),
        ("", ""),
        ("LAMPIRAN", "L."),
        ("LAMPIRAN II", "L2."),
    ],
)
def test_captions_carry_the_number_of_their_chapter(number: str, prefix: str) -> None:
    assert chapter_prefix(number) == prefix


def test_captions_count_anew_in_each_chapter_and_never_repeat() -> None:
    drawn = plan(
        document(
            Heading(1, "IKHTISAR"),
            table("a"),
            Heading(1, "SATU", "BAB I"),
            table("b", "b"),
            table("c"),
            Heading(1, "DUA", "BAB II"),
            table("d"),
            Heading(1, "PENUTUP TANPA NOMOR"),
            table("e"),
        )
    )
    labels = [caption.label for caption in drawn.captions_for("Tabel")]
    assert labels == ["Tabel 1", "Tabel 1.1", "Tabel 1.2", "Tabel 2.1", "Tabel 2"]
    assert drawn.label_of("b") == "Tabel 1.1"
    assert drawn.label_of("tidak-ada") == ""


def test_one_block_object_used_twice_gets_two_numbers() -> None:
    same = table("sama")
    assert [c.label for c in plan(document(same, same)).captions_for("Tabel")] == ["Tabel 1", "Tabel 2"]


def test_pages_before_the_first_chapter_are_roman_and_the_cover_has_none() -> None:
    drawn = plan(
        document(COVER, Heading(1, "KATA PENGANTAR"), Field("toc", "DAFTAR ISI"), Heading(1, "A", "BAB I"), text("x"))
    )
    assert [(s.pages, s.restart) for s in drawn.sections] == [("none", False), ("roman", True), ("arabic", True)]


def test_a_letter_without_chapters_has_plain_pages() -> None:
    drawn = plan(document(Heading(1, "PERJANJIAN KINERJA"), text("x"), Heading(1, "LAMPIRAN"), text("y")))
    assert [s.pages for s in drawn.sections] == ["arabic"]
    assert not any(drawn.starts_page(block, drawn.sections[0]) for block in drawn.sections[0].blocks)


def test_breaks_that_would_leave_an_empty_page_are_dropped() -> None:
    drawn = plan(
        document(
            PageBreak(),
            text("a"),
            PageBreak("landscape"),
            PageBreak(),
            text("b"),
            PageBreak(),
            PageBreak("portrait"),
            text("c"),
            PageBreak(),
            PageBreak("portrait"),
            text("d"),
            PageBreak(),
        )
    )
    assert [(s.orientation, len(s.blocks)) for s in drawn.sections] == [
        ("portrait", 1),
        ("landscape", 1),
        ("portrait", 3),
    ]


def test_a_break_before_a_chapter_is_not_doubled() -> None:
    drawn = plan(document(Heading(1, "A", "BAB I"), text("x"), PageBreak(), Heading(1, "B", "BAB II"), text("y")))
    assert not any(isinstance(block, PageBreak) for section in drawn.sections for block in section.blocks)


def test_characters_that_xml_forbids_are_taken_out() -> None:
    drawn = plan(document(text("a\x00b\x0bc\ud800d\te\nf")))
    assert drawn.document.blocks[0] == text("abcd\te\nf")


def test_spans_cover_the_places_below_them() -> None:
    columns = tuple(Column(name) for name in "ABC")
    rows = (
        Row((Cell("1", rowspan=2), Cell("2"), Cell("3"))),
        Row((Cell("4", colspan=2),)),
        Row((Cell("5"),)),
        Row((Cell("6", rowspan=9), Cell("7", colspan=9))),
    )
    places = body_rows(Table(columns, rows))
    drawn = [[(p.column, p.cell.text, p.covered, p.colspan, p.cell.rowspan) for p in row] for row in places]
    assert drawn == [
        [(0, "1", False, 1, 2), (1, "2", False, 1, 1), (2, "3", False, 1, 1)],
        [(0, "1", True, 1, 2), (1, "4", False, 2, 1)],
        [(0, "5", False, 1, 1), (1, "", False, 1, 1), (2, "", False, 1, 1)],
        [(0, "6", False, 1, 1), (1, "7", False, 2, 1)],
    ]


def test_a_row_with_too_many_cells_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells too many for 1 columns"):
        body_rows(Table((Column("A"),), (Row((Cell("x"),)), Row((Cell("x"), Cell("y"))))))


def test_groups_stand_above_their_columns() -> None:
    columns = (Column("No"), Column("I", group="Target"), Column("II", group="Target"), Column("Ket"))
    upper, lower, numbers = header_rows(Table(columns, (), numbered_columns=True))
    assert [(p.cell.text, p.colspan, p.cell.rowspan) for p in upper] == [("No", 1, 2), ("Target", 2, 1), ("Ket", 1, 2)]
    assert [p.cell.text for p in lower if not p.covered] == ["I", "II"]
    assert [p.cell.text for p in numbers] == ["(1)", "(2)", "(3)", "(4)"]


def test_a_column_is_as_wide_as_its_longest_word() -> None:
    columns = (Column("No", width=0.1), Column("Penanggungjawab", width=0.1), Column("Uraian", width=20))
    narrow, word, wide = column_widths_mm(Table(columns, (Row((Cell("1"), Cell("x"), Cell("y"))),)), "portrait")
    assert word > 25
    assert narrow > 6
    assert narrow + word + wide == pytest.approx(160)


def test_widths_with_room_stay_as_asked() -> None:
    columns = (Column("A", width=1), Column("B", width=3))
    assert column_widths_mm(Table(columns, ()), "landscape") == pytest.approx([257 / 4, 257 * 3 / 4])


def test_a_column_that_says_nothing_is_left_out() -> None:
    columns = (
        Column("No"),
        Column("Indikator"),
        Column("Satuan"),
        Column("Pagu", group="Uang"),
        Column("Sisa", group="Uang"),
    )
    rows = (
        Row((Cell("Program", colspan=5),), "group"),
        Row((Cell("1", rowspan=2), Cell("A"), Cell("–"), Cell("10"), Cell("-"))),
        Row((Cell("B"), Cell(""), Cell("20"), Cell("–"))),
        Row((Cell("Jumlah", colspan=3), Cell("30"), Cell("0")), "total"),
    )
    table = without_empty_columns(Table(columns, rows, "T", "t"))
    assert [column.header for column in table.columns] == ["No", "Indikator", "Pagu"]
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [
        ("Program",),
        ("1", "A", "10"),
        ("B", "20"),
        ("Jumlah", "30"),
    ]
    assert [row.cells[0].colspan for row in table.rows] == [3, 1, 1, 2]


def test_a_column_with_one_word_stays() -> None:
    table = Table((Column("A"), Column("B")), (Row((Cell("1"), Cell("–"))), Row((Cell("2"), Cell("ada")))), "T", "t")
    assert without_empty_columns(table) is table
    lettered = Table(
        (Column("No"), Column("Isi")), (Row((Cell("A"), Cell("Judul")), "group"), Row((Cell(""), Cell("x"))))
    )
    assert without_empty_columns(lettered) is lettered
