"""Each form of target: what is understood, and that a refusal says what would be accepted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.numbers import AmbiguousNumber, NumberFormatError
from capaian.rules.target import (
    BoundTarget,
    ChangeTarget,
    ComponentsTarget,
    CountsTarget,
    DeadlineTarget,
    DurationTarget,
    EmptyTarget,
    LabelledCount,
    LevelTarget,
    NumberTarget,
    RangeTarget,
    RatioTarget,
    StatementTarget,
    Target,
    TargetFormatError,
    YesNoTarget,
    parse_target,
)

pytestmark = pytest.mark.unit
D = Decimal


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("79", NumberTarget("79", D(79))),
        ("11,61%", NumberTarget("11,61%", D("11.61"), "%")),
        ("4 Dokumen", NumberTarget("4 Dokumen", D(4), "Dokumen")),
        ("125 per 100.000 KH", NumberTarget("125 per 100.000 KH", D(125), "KH", 100_000)),
        ("5,8/1000 KH", NumberTarget("5,8/1000 KH", D("5.8"), "KH", 1000)),
        ("30 per 100 rb pendk", NumberTarget("30 per 100 rb pendk", D(30), "pendk", 100_000)),
        ("75,5*", NumberTarget("75,5*", D("75.5"))),
        ("Rp 862.583.197.457", NumberTarget("Rp 862.583.197.457", D(862_583_197_457), "rupiah")),
        ("236.597.133.695,-", NumberTarget("236.597.133.695,-", D(236_597_133_695), "rupiah")),
        ("Rp. 1.000.000", NumberTarget("Rp. 1.000.000", D(1_000_000), "rupiah")),
        ("Rp1.234", NumberTarget("Rp1.234", D(1234), "rupiah")),
        ("Rp 1.500,50", NumberTarget("Rp 1.500,50", D("1500.50"), "rupiah")),
        ("≤ Rp 5.000.000", BoundTarget("≤ Rp 5.000.000", "<=", D(5_000_000), "rupiah")),
        ("≤ 2 %", BoundTarget("≤ 2 %", "<=", D(2), "%")),
        (">=60% sesuai", BoundTarget(">=60% sesuai", ">=", D(60), "% sesuai")),
        ("Maks. 5", BoundTarget("Maks. 5", "<=", D(5))),
        ("Min 80", BoundTarget("Min 80", ">=", D(80))),
        ("minimal 9 jenis", BoundTarget("minimal 9 jenis", ">=", D(9), "jenis")),
        ("kurang dari 5", BoundTarget("kurang dari 5", "<", D(5))),
        ("<3/100.000 pend", BoundTarget("<3/100.000 pend", "<", D(3), "pend", 100_000)),
        ("76,61–88,30", RangeTarget("76,61–88,30", D("76.61"), D("88.30"))),
        ("5-6%", RangeTarget("5-6%", D(5), D(6), "%")),
        ("Baik 76,61 - 88,3", RangeTarget("Baik 76,61 - 88,3", D("76.61"), D("88.3"), "", "Baik")),
        ("1 : 1000", RatioTarget("1 : 1000", D(1), D(1000))),
        ("1:1.000", RatioTarget("1:1.000", D(1), D(1000))),
        ("ya", YesNoTarget("ya", True)),
        ("Ada", YesNoTarget("Ada", True)),
        ("tidak ada", YesNoTarget("tidak ada", False)),
        ("Maks tgl 5", DeadlineTarget("Maks tgl 5", 5)),
        ("maks. tanggal 5 bulan berikutnya", DeadlineTarget("maks. tanggal 5 bulan berikutnya", 5)),
        ("tgl 3", DeadlineTarget("tgl 3", 3, is_limit=False)),
        ("< 24 Jam", DurationTarget("< 24 Jam", "<", D(24), "jam")),
        ("≤ 120 menit", DurationTarget("≤ 120 menit", "<=", D(120), "menit")),
        ("paripurna", LevelTarget("paripurna", "akreditasi", "Paripurna", 4)),
        ("BB", LevelTarget("BB", "predikat", "BB", 6)),
        ("WTP", LevelTarget("WTP", "opini", "WTP", 4)),
        ("III", LevelTarget("III", "tingkat", "III", 3)),
        ("Predikat BB", LevelTarget("Predikat BB", "predikat", "BB", 6)),
        (
            "6 Puskesmas Paripurna, 1 RSUD Paripurna",
            CountsTarget(
                "6 Puskesmas Paripurna, 1 RSUD Paripurna",
                (LabelledCount(D(6), "Puskesmas Paripurna"), LabelledCount(D(1), "RSUD Paripurna")),
            ),
        ),
        ("685,11, 273,31", ComponentsTarget("685,11, 273,31", (D(685), D(11), D(273), D(31)))),
        ("685 11 273 31", ComponentsTarget("685 11 273 31", (D(685), D(11), D(273), D(31)))),
        ("685,11,273,31", ComponentsTarget("685,11,273,31", (D(685), D(11), D(273), D(31)))),
        ("11 dan 2", ComponentsTarget("11 dan 2", (D(11), D(2)))),
        ("12,5; 7,25", ComponentsTarget("12,5; 7,25", (D("12.5"), D("7.25")))),
        ("Naik 10%", ChangeTarget("Naik 10%", "naik", D(10), "%")),
        ("menurun sebesar 2,5 poin", ChangeTarget("menurun sebesar 2,5 poin", "turun", D("2.5"), "poin")),
        ("Setiap bulan", StatementTarget("Setiap bulan")),
        ("", EmptyTarget("")),
        (" - ", EmptyTarget(" - ")),
        ("Belum ada", EmptyTarget("Belum ada")),
        ("#DIV/0!", EmptyTarget("#DIV/0!")),
    ],
)
def test_form(text: str, form: Target) -> None:
    assert parse_target(text) == form


def test_text_broken_over_lines_is_joined() -> None:
    target = parse_target("125 per\n100.000\nKH")
    assert isinstance(target, NumberTarget)
    assert (target.value, target.basis, target.unit) == (125, 100_000, "KH")


def test_numbers_inside_a_target_are_not_guessed() -> None:
    with pytest.raises(AmbiguousNumber):
        parse_target("1.668 orang")
    target = parse_target("1.668 orang", "id")
    assert isinstance(target, NumberTarget)
    assert target.value == 1668


@pytest.mark.parametrize(
    "text", ["entah", "800/6", "20vo", "2A%", "207/100.00", "88-76", "1:0", "Maks tgl 32", "≤", "5 6a"]
)
def test_refused(text: str) -> None:
    with pytest.raises(TargetFormatError) as caught:
        parse_target(text)
    assert text in str(caught.value)
    assert isinstance(caught.value, NumberFormatError)


def test_refusal_lists_the_forms() -> None:
    with pytest.raises(TargetFormatError, match=r"Bentuk yang diterima.*batas.*rentang.*rasio.*Maks tgl 5.*Paripurna"):
        parse_target("entah")


@pytest.mark.parametrize("text", ["11, 2", "12 345", "1 234 567"])
def test_lists_with_two_readings_are_refused(text: str) -> None:
    with pytest.raises(TargetFormatError, match="dapat berarti"):
        parse_target(text)
