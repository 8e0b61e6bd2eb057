"""The forms of number-formats, one by one: accepted, refused, or refused as ambiguous with both readings named."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from capaian.rules.capaian import CapaianRule, compute_capaian
from capaian.rules.efisiensi import compute_serapan
from capaian.rules.numbers import (
    AmbiguousNumber,
    NumberFormatError,
    divide,
    format_number,
    format_percent,
    format_rupiah,
    parse_number,
    parse_rupiah,
    parse_rupiah_exact,
    round_half_up,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("(37,13)", "-37.13"),
        ("102,11 %", "102.11"),
        ("142,28%", "142.28"),
        ("28.90‰", "28.90"),
        ("1.234.567", "1234567"),
        ("\u00a01.234,5\u00a0", "1234.5"),
        ("0.013", "0.013"),
        ("0,123", "0.123"),
        ("1234.567", "1234.567"),
        ("1.668,50", "1668.50"),
        ("0", "0"),
        ("+7", "7"),
    ],
)
def test_accepted(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "as_id", "as_en"),
    [("1.234", "1234", "1.234"), ("1,417", "1.417", "1417"), ("2,920", "2.920", "2920"), ("100.000", "100000", "100")],
)
def test_two_readings(text: str, as_id: str, as_en: str) -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse_number(text)
    assert caught.value.readings == (Decimal(as_id), Decimal(as_en))
    assert format_number(Decimal(as_id)) in str(caught.value)
    assert format_number(Decimal(as_en)) in str(caught.value)
    assert parse_number(text, "id") == Decimal(as_id)
    assert parse_number(text, "en") == Decimal(as_en)


def test_mark_in_parentheses_is_ambiguous() -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse_number("(101%)")
    assert caught.value.readings == (Decimal(-101), Decimal(101))


def test_groups_typed_with_two_signs_are_ambiguous() -> None:
    with pytest.raises(AmbiguousNumber) as caught:
        parse_number("503,753.650")
    assert caught.value.readings == (Decimal("503753.650"), Decimal(503753650))
    assert parse_number("1.234,567", "id") == Decimal("1234.567")
    with pytest.raises(NumberFormatError):
        parse_number("1.234,567", "en")


@pytest.mark.parametrize("text", ["7.375145.000", "113,187,358,00", "1.23.456", "12.3456.789", "1.234,5,6"])
def test_broken_groups_are_refused_with_the_remedy(text: str) -> None:
    for convention in (None, "id", "en"):
        with pytest.raises(NumberFormatError, match="tiga angka"):
            parse_number(text, convention)


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "abc", "1 234", "12,", ",5", "1e5", "NaN", "٣", "5 orang", "#DIV/0!", "9" * 50]
)
def test_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberFormatError):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp 900.000", 900_000),
        ("900,000", 900_000),
        ("Rp 1.234.567", 1_234_567),
        ("Rp. 255.424.594.746,-", 255_424_594_746),
        ("1.234.567,-", 1_234_567),
        ("1.234.567,00", 1_234_567),
        ("5.132.781.183,00", 5_132_781_183),
        ("343,221,061,270", 343_221_061_270),
        ("1,234,567.00", 1_234_567),
        ("23.669.000Rp", 23_669_000),
        ("41.814.414.000-", 41_814_414_000),
        ("(6.336.600.000,-)", -6_336_600_000),
        ("-Rp 1.000", -1_000),
        ("Rp (1.000)", -1_000),
        ("-", 0),
        ("Rp -", 0),
        ("Rp -   ", 0),
        ("500", 500),
    ],
)
def test_money(text: str, value: int) -> None:
    assert parse_rupiah(text) == value


@pytest.mark.parametrize(
    "text", ["7.375145.000", "503,753.650", "113,187,358,00", "1.834 T", "1,5 miliar", "", "Rp", "--5", "0.013"]
)
def test_bad_money_is_refused(text: str) -> None:
    with pytest.raises(NumberFormatError):
        parse_rupiah(text)


def test_cents_are_refused_unless_allowed() -> None:
    with pytest.raises(NumberFormatError, match="sen"):
        parse_rupiah("1.234,56")
    assert parse_rupiah("1.234,56", allow_cents=True) == 1235
    assert parse_rupiah_exact("1.234,56") == Decimal("1234.56")


def test_printing() -> None:
    assert format_number(Decimal("1234.5600")) == "1.234,56"
    assert format_number(Decimal("-1234567.891"), 2) == "-1.234.567,89"
    assert format_number(Decimal("1E+3")) == "1.000"
    assert format_number(Decimal("-0.001"), 2) == "0,00"
    assert format_rupiah(862_583_197_457) == "Rp 862.583.197.457"
    assert format_rupiah(-5) == "-Rp 5"
    assert format_rupiah(Decimal("10.5")) == "Rp 10,50"
    assert format_percent(Decimal("102.1139")) == "102,11%"


def test_half_up_as_the_reports_do() -> None:
    assert round_half_up(Decimal("2.125"), 2) == Decimal("2.13")
    assert round_half_up(Decimal("104.7875"), 2) == Decimal("104.79")
    assert round_half_up(Decimal("76.605"), 2) == Decimal("76.61")
    assert round_half_up(Decimal("-2.125"), 2) == Decimal("-2.13")
    with pytest.raises(NumberFormatError):
        round_half_up(Decimal("Infinity"), 2)


def test_the_callers_context_changes_nothing() -> None:
    expected = divide(Decimal(2), Decimal(3))
    with localcontext() as context:
        context.prec = 3
        assert divide(Decimal(2), Decimal(3)) == expected
        assert round_half_up(Decimal("123456.785"), 2) == Decimal("123456.79")
        assert parse_number("(123.456,78)") == Decimal("-123456.78")
        assert parse_rupiah("-862.583.197.457") == -862_583_197_457
        assert format_number(Decimal("-123456.78")) == "-123.456,78"
        found = compute_capaian("685,11, 273,31", "725 5 244 75", CapaianRule("naik", "selisih"))
        assert compute_serapan(862_583_197_457, 778_228_368_441).tampil == Decimal("90.22")
    assert found.persen == compute_capaian("685,11, 273,31", "725 5 244 75", CapaianRule("naik", "selisih")).persen
