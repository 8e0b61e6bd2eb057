"""Joining what units reported into the value of the office: a sum, a mean, or a ratio of sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.rules.kesehatan import compute_rate
from capaian.rules.numbers import format_number, mean, with_kernel_digits
from capaian.rules.trace import Citation, Step, Trace

Cara = Literal["jumlah", "rata_rata", "rasio"]
_SUM = Citation("Design", "section 4, life of one figure", "ditafsirkan", "Jumlah kejadian dari unit pelapor.")
_MEAN = Citation(
    "Design",
    "section 4, life of one figure",
    "ditafsirkan",
    "Rata-rata tanpa bobot: hanya untuk nilai yang memang dibandingkan antarunit.",
)


@dataclass(frozen=True)
class UnitValue:
    """What one unit reported: a value, or for a ratio its numerator and denominator; None where it reported none."""

    unit: str
    nilai: Decimal | None = None
    pembilang: Decimal | None = None
    penyebut: Decimal | None = None


@dataclass(frozen=True)
class Joined:
    """The office's value, unrounded, or None where no unit reported; with remarks for people and the trace."""

    nilai: Decimal | None
    catatan: tuple[str, ...]
    trace: Trace
    pembilang: Decimal | None = None
    penyebut: Decimal | None = None


@with_kernel_digits
def join_units(values: Sequence[UnitValue], cara: Cara, per: int = 100) -> Joined:
    """Join the values of the units whose report counts; `per` is the base of a ratio (100 gives percent).

    A ratio is never the mean of the units' ratios. Units: those of the indicator. Errors: ValueError on an unusual
    base. Source: regulations 7.3 (a rate comes from raw counts) and 7.6 for sums.
    """
    if cara == "rasio":
        return _ratio(values, per)
    stated = [(one.unit, one.nilai) for one in values if one.nilai is not None]
    notes = _missing(len(values) - len(stated))
    if not stated:
        return Joined(None, notes, Trace())
    numbers = [nilai for _, nilai in stated]
    nilai = sum(numbers, Decimal(0)) if cara == "jumlah" else mean(numbers)
    label, formula, basis = (
        ("Jumlah unit", "jumlah nilai semua unit", _SUM)
        if cara == "jumlah"
        else ("Rata-rata unit", "jumlah nilai semua unit ÷ banyaknya unit", _MEAN)
    )
    inputs = tuple((unit, format_number(value)) for unit, value in stated)
    return Joined(nilai, notes, Trace((Step(label, formula, inputs, format_number(nilai, 6), basis),)))


def _ratio(values: Sequence[UnitValue], per: int) -> Joined:
    stated = [
        (one.unit, one.pembilang, one.penyebut)
        for one in values
        if one.pembilang is not None and one.penyebut is not None
    ]
    notes = _missing(len(values) - len(stated))
    if not stated:
        return Joined(None, notes, Trace())
    pembilang = sum((numerator for _, numerator, _ in stated), Decimal(0))
    penyebut = sum((denominator for _, _, denominator in stated), Decimal(0))
    inputs = tuple((unit, f"{format_number(over)} / {format_number(under)}") for unit, over, under in stated)
    sums = Step(
        "Jumlah pembilang dan penyebut unit",
        "pembilang dan penyebut masing-masing dijumlahkan",
        inputs,
        f"{format_number(pembilang)} / {format_number(penyebut)}",
        _SUM,
    )
    rate = compute_rate(pembilang, penyebut, per)
    return Joined(rate.nilai, notes + rate.catatan, Trace((sums,)) + rate.trace, pembilang, penyebut)


def _missing(count: int) -> tuple[str, ...]:
    return (f"{format_number(count)} unit belum melaporkan nilainya.",) if count else ()
