"""The pieces of the LKIP: letters close up, references become fields, wide tables take their heading along."""

from __future__ import annotations

import pytest

from capaian.documents.blocks import Heading, PageBreak, Run, text
from capaian.reports.lkip.bab3.program_prioritas import assign
from capaian.reports.lkip.parts import headed, joined_pages, landscape, lettered, para, spans, table
from capaian.reports.snapshot import Rincian

pytestmark = pytest.mark.unit


def test_empty_sections_leave_no_gap() -> None:
    blocks = lettered([("Satu", [text("a")]), ("Dua", []), ("Tiga", [text("b")])])
    assert [block.number for block in blocks if isinstance(block, Heading)] == ["A.", "B."]


def test_braces_become_references() -> None:
    assert para("Lihat {tabel-iku}.").runs == (Run("Lihat "), Run("tabel berikut", ref="tabel-iku"), Run("."))


def test_a_heading_stands_on_the_page_of_its_wide_table() -> None:
    blocks = headed(Heading(3, "Judul", "1."), landscape([text("isi")]))
    assert blocks[0] == PageBreak("landscape")
    assert isinstance(blocks[1], Heading)


def test_two_wide_sections_share_their_pages() -> None:
    blocks = joined_pages([*landscape([text("a")]), *landscape([text("b")])])
    assert [block for block in blocks if isinstance(block, PageBreak)] == [
        PageBreak("landscape"),
        PageBreak("portrait"),
    ]


def test_a_table_without_rows_is_not_printed() -> None:
    assert table("Kosong", "kosong", (), ()) == []


def test_spans_follow_runs() -> None:
    assert spans(["a", "a", "b", "a"]) == [2, 0, 1, 1]


def test_data_sets_go_where_their_words_are() -> None:
    entries = [{"judul": "Penurunan Stunting"}, {"judul": "Kota Sehat", "uraian": "jamban di kelurahan"}]
    sets = [
        Rincian("a", "Grafik Prevalensi Stunting", "", "", "", ()),
        Rincian("b", "Keluarga tanpa jamban", "", "", "", ()),
        Rincian("c", "Lain sama sekali", "", "", "", ()),
    ]
    found = assign(entries, sets)
    assert {number: [one.kunci for one in rows] for number, rows in found.items()} == {0: ["a"], 1: ["b"], -1: ["c"]}
