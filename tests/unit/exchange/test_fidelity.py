"""The rule of equality, the reading of printed figures, the diagnoses and the small language of counts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from capaian.exchange.fidelity.cells import Cell, Printed, Tipe, read_printed
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.counting import count, count_rounded
from capaian.exchange.fidelity.coverage import INPUTS
from capaian.exchange.fidelity.figures import compare, is_equal, restate
from capaian.exchange.fidelity.reasons import (
    CONTRADICTION,
    EXTRA_GROUP,
    MISSING_GROUP,
    ROUNDED_UP,
    SWAPPED,
    TRUNCATED,
    UNEXPLAINED,
    explain,
)
from capaian.exchange.fidelity.shown import SHOWN
from capaian.exchange.samples.kinds import KINDS
from capaian.exchange.samples.tables import Convention, Row, Sample, SampleTable, parent_key

pytestmark = pytest.mark.unit

POLICY = {"rumus_turun": "selisih", "desimal": 2, "batas_atas": None, "batas_bawah": None}


def sample_of(kind: str, rows: list[dict[str, str]], name: str = "tabel_1_1_uji", **manifest: Any) -> Sample:
    """A sample with one table."""
    table = SampleTable(
        f"{name}.csv", kind, "Tabel 1.1", "Uji", {}, [Row(line, row, "id") for line, row in enumerate(rows, start=3)]
    )
    return Sample("uji", "9", {"policy": POLICY, "tahun": 2024, **manifest}, [table], {}, "", "id", Path())


def cell_with(text: str, convention: Convention = "id", **others: str) -> Cell:
    row = Row(3, {"nilai_tercetak": text, "nama": "Baris", **others}, convention)
    table = SampleTable("tabel_1_1_uji.csv", "rincian", "Tabel 1.1", "Uji", {}, [row])
    return Cell(Sample("uji", "9", {}, [table], {}, "", convention, Path()), table, row, "nilai_tercetak")


@pytest.mark.parametrize(
    ("text", "tipe", "convention", "value", "decimals"),
    [
        ("104,80", "angka", "id", "104.80", 2),
        ("129,00 %", "angka", "id", "129", 2),
        ("96.95%", "angka", "id", "96.95", 2),
        ("-123,3", "angka", "id", "-123.3", 1),
        ("1,417", "angka", "id", "1.417", 3),  # a column of percentages
        ("1,417", "angka", "en", "1.417", 3),
        ("1,417", "cacah", "id", "1417", 0),  # a column of counts
        ("1.994", "cacah", "id", "1994", 0),
        ("23,700", "uang", "id", "23700", 0),
        ("(6.336.600.000,-)", "uang", "id", "-6336600000", 0),
        ("255.424.594.746,00", "uang", "id", "255424594746", 0),
        ("-", "uang", "id", "0", 0),
        ("862.583.197.457,-", "bebas", "id", "862583197457", 0),
        ("79 Nilai", "target", "id", "79", 0),
        ("11 dan 2", "target", "en", "13", 0),
    ],
)
def test_reading(text: str, tipe: Tipe, convention: Convention, value: str, decimals: int) -> None:
    assert read_printed(text, tipe, convention) == Printed(Decimal(value), decimals)


@pytest.mark.parametrize("text", ["", "tiga", "12a"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_printed(text, "angka", "id") is None


@pytest.mark.parametrize(
    ("printed", "value", "equal"),
    [
        ("104,81", "104.80519", True),
        ("104,80", "104.80519", False),  # cut
        ("104,8", "104.80519", True),
        ("104,79", "104.7875", True),  # half up
        ("2,13", "2.125", True),
        ("-123,3", "-123.35", False),  # half away from zero gives -123,4
        ("-123,4", "-123.35", True),
        ("100", "99.5", True),
        ("100", "99.49", False),
        ("100,0", "99.95", True),
    ],
)
def test_equality_is_rounding_half_up_to_the_printed_decimals(printed: str, value: str, equal: bool) -> None:
    read = read_printed(printed, "angka", "id")
    assert read is not None
    assert is_equal(read, Decimal(value)) is equal


def test_money_and_sums_of_targets_must_agree_exactly() -> None:
    assert not is_equal(Printed(Decimal(1000), 0), Decimal("1000.4"), is_exact=True)
    assert is_equal(Printed(Decimal(1000), 0), Decimal(1000), is_exact=True)
    assert not is_equal(Printed(Decimal("8.5"), 1), Decimal("8.52"), is_exact=True)


@pytest.mark.parametrize(
    ("printed", "decimals", "value", "reason"),
    [
        ("104.80", 2, "104.80519", f"{TRUNCATED} (104,8052)"),
        ("34", 0, "33.3333", f"{ROUNDED_UP} (33,33)"),
        ("97.50", 2, "97.4768", "dibulatkan ke 1 desimal, tercetak 2 (97,4768)"),
        ("1152256658", 0, "1152265658", SWAPPED),
        ("862583197187457", 0, "862583197457", EXTRA_GROUP),
        ("862583457", 0, "862583197457", MISSING_GROUP),
        ("0.2", 1, "0.02", "tanda desimal atau satuan bergeser (× 10)"),
        ("7", 0, "0.07", "tanda desimal atau satuan bergeser (× 100)"),
        ("71.5", 1, "96.9508", UNEXPLAINED),
    ],
)
def test_diagnoses_of_rounding_and_typing(printed: str, decimals: int, value: str, reason: str) -> None:
    assert explain(Printed(Decimal(printed), decimals), Decimal(value)) == reason


def test_a_candidate_counts_only_when_it_is_the_printed_figure() -> None:
    printed = Printed(Decimal("107.5"), 1)
    candidates = [("dekat", Decimal("107.4")), ("tepat", Decimal("107.514"))]
    assert explain(printed, Decimal("92.49"), candidates) == "tepat"
    assert explain(printed, Decimal("92.49"), [("dekat", Decimal("107.4"))]) == UNEXPLAINED
    assert explain(printed, Decimal("92.49"), [("kosong", None)]) == UNEXPLAINED


def test_an_empty_cell_and_a_dash_for_our_zero_are_no_figures() -> None:
    assert list(compare(cell_with(""), 5, "", {})) == []
    assert list(compare(cell_with("-"), 0, "", {}, tipe="cacah")) == []
    [figure] = compare(cell_with("-"), 5, "", {}, tipe="cacah")
    assert (figure.status, figure.computed) == ("beda", "5")


def test_what_cannot_be_computed_or_read_says_why() -> None:
    [figure] = compare(cell_with("12"), None, "a ÷ b", {}, note="b tidak tercetak")
    assert (figure.status, figure.equal, figure.reason) == ("tidak_dihitung", None, "b tidak tercetak")
    [figure] = compare(cell_with("dua belas"), 12, "", {})
    assert (figure.status, figure.reason) == ("tidak_dihitung", '"dua belas" tidak terbaca sebagai angka')


def test_ours_is_printed_in_the_convention_of_the_document() -> None:
    [figure] = compare(cell_with("1,234.5", "en"), Decimal("2345.678"), "", {})
    assert figure.computed == "2,345.68"


@pytest.mark.parametrize(
    ("printed", "source", "unrounded", "status"),
    [
        ("11,61", "11,6", None, "sama"),  # one number in two precisions, whichever comes first
        ("11,6", "11,61", None, "sama"),
        ("11,7", "11,61", None, "beda"),
        ("-123,33", "-123,3", "-123.3333", "sama"),  # finer print of the same computation
        ("61,10", "61,1", "61.0905", "sama"),  # the same print, filled with a zero
        ("61,12", "61,1", "61.0905", "beda"),  # finer, and not what the computation gives
        ("Paripurna", " paripurna ", None, "sama"),
        ("Paripurna", "Utama", None, "beda"),
        ("1", "Paripurna", None, "beda"),
        ("862.583.197.457,-", "862.583.197.457,00", None, "sama"),
        ("116%", "115,71", "115.7094", "sama"),
    ],
)
def test_restated_figures(printed: str, source: str, unrounded: str | None, status: str) -> None:
    value = Decimal(unrounded) if unrounded else None
    [figure] = restate(cell_with(printed), cell_with(source), "sama dengan", value)
    assert figure.status == status
    assert figure.is_restated


def test_a_restated_difference_is_a_contradiction_and_nobody_is_right() -> None:
    [figure] = restate(cell_with("79,50"), cell_with("79,95"), "sama dengan")
    assert (figure.reason, figure.computed) == (CONTRADICTION, "79,95")


@pytest.mark.parametrize(
    ("key", "parent"),
    [
        ("1.02.02.2.02.0033#2", "1.02.02.2.02"),
        ("1.02.02.2.02", "1.02.02"),
        ("1.02.02", ""),
        ("bok_puskesmas", ""),
    ],
)
def test_parent_of_a_node(key: str, parent: str) -> None:
    assert parent_key(key) == parent


ROWS = [
    {"jenis": "kab_kota", "wilayah": "Banjar", "nilai": "24,60", "keterangan": ""},
    {"jenis": "kab_kota", "wilayah": "Balangan", "nilai": "14,58", "keterangan": ""},
    {"jenis": "kab_kota", "wilayah": "Tapin", "nilai": "2,7", "keterangan": "Bebas ODF"},
    {"jenis": "provinsi", "wilayah": "Kalimantan Selatan", "nilai": "9,4", "keterangan": ""},
]


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("kab_kota di tabel_1_1", 3),
        ("baris di tabel_1_1", 4),
        ("kab_kota di tabel_1_1 selain Balangan", 2),
        ("kab_kota di tabel_1_1 dengan nilai lebih dari nilai Kalimantan Selatan", 2),
        ("kab_kota di tabel_1_1 dengan nilai tidak kurang dari nilai Balangan", 2),
        ("kab_kota di tabel_1_1 dengan nilai kurang dari 10", 1),
        ("kab_kota di tabel_1_1 dengan nilai lebih dari 14,58", 1),
        ("kab_kota di tabel_1_1 dengan nilai kurang dari 14,58", 1),
        ("kab_kota di tabel_1_1 dengan keterangan sama dengan Bebas ODF", 1),
        ("kecamatan yang disebut: Juai, Halong, Awayan", 3),
        ("units dengan jenis puskesmas", 2),
        ("units dengan jenis puskesmas dan akreditasi paripurna", 1),
        ("program prioritas yang disebut dalam alinea", None),
        ("baris di tabel_9_9", None),
    ],
)
def test_counts_with_a_condition_in_words(phrase: str, expected: int | None) -> None:
    units = [{"jenis": "puskesmas", "akreditasi": "paripurna"}, {"jenis": "puskesmas"}, {"jenis": "rsud"}]
    assert count(Context(sample_of("pembanding", ROWS, units=units)), phrase) == expected


def test_a_count_of_rounded_percentages_is_another_count() -> None:
    rows = [
        {"jenis": "unit", "kelompok": "PUSKESMAS", "target": "1.000", "realisasi": "997", "persen_tercetak": "100%"},
        {"jenis": "unit", "kelompok": "PUSKESMAS", "target": "1.000", "realisasi": "900", "persen_tercetak": "90%"},
    ]
    context = Context(sample_of("pendapatan_unit", rows))
    phrase = "unit kelompok puskesmas di tabel_1_1 dengan realisasi kurang dari target"
    assert (count(context, phrase), count_rounded(context, phrase)) == (2, 1)


def test_every_kind_says_where_it_is_shown_and_inputs_name_existing_columns() -> None:
    assert set(SHOWN) == set(KINDS)
    assert all(set(columns) <= set(KINDS[kind]) for kind, columns in INPUTS.items())
    # A derived column is never an input.
    assert not [column for columns in INPUTS.values() for column in columns if column.endswith("_tercetak")]
