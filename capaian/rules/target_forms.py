"""A target is an expression, not a number: the closed set of forms met in plans, agreements and instruments.

`target.parse_target` reads the text of a target (or of a realisasi) into one of these frozen dataclasses;
`capaian.compute_capaian` evaluates a pair of them. Source: design section 4.3; target columns of the five reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.rules.numbers import NumberFormatError, divide

Operator = Literal["<=", "<", ">=", ">"]
TimeUnit = Literal["detik", "menit", "jam", "hari", "minggu"]
OPERATOR_SIGNS: dict[str, str] = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}
SECONDS: dict[str, int] = {"detik": 1, "menit": 60, "jam": 3600, "hari": 86400, "minggu": 604800}

# Lowest first. Akreditasi runs Dasar..Paripurna [interpreted]; mutu has the names of PermenPANRB 14/2017. The letters
# of the AKIP predicate and of mutu pelayanan agree in their order, so one scale serves both. Opini is that of BPK.
LEVEL_SCALES: dict[str, tuple[str, ...]] = {
    "akreditasi": ("Dasar", "Madya", "Utama", "Paripurna"),
    "mutu": ("Tidak Baik", "Kurang Baik", "Baik", "Sangat Baik"),
    "predikat": ("E", "D", "C", "CC", "B", "BB", "A", "AA"),
    "opini": ("TMP", "TW", "WDP", "WTP"),
    "tingkat": ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"),
}


class TargetFormatError(NumberFormatError):
    """A target text has none of the known forms; the message says what was understood and what is accepted."""


@dataclass(frozen=True, slots=True)
class NumberTarget:
    """One value, with an optional unit and rate base: `79`, `11,61%`, `4 Dokumen`, `45 per 100.000 penduduk`."""

    text: str
    value: Decimal
    unit: str = ""
    basis: int | None = None


@dataclass(frozen=True)
class BoundTarget:
    """A limit: `≤ 2 %`, `< 30`, `≥ 95`, `Maks 5`, `Min 80`, `<3/100.000 pend`."""

    text: str
    operator: Operator
    value: Decimal
    unit: str = ""
    basis: int | None = None


@dataclass(frozen=True)
class RangeTarget:
    """A closed range: `76,61–88,30`, `5-6%`, `Baik 76,61 - 88,3`; `label` keeps a leading word."""

    text: str
    low: Decimal
    high: Decimal
    unit: str = ""
    label: str = ""


@dataclass(frozen=True)
class RatioTarget:
    """A ratio `a : b`, such as beds to inhabitants `1 : 1000`."""

    text: str
    left: Decimal
    right: Decimal

    @property
    def value(self) -> Decimal:
        """The ratio as one number."""
        return divide(self.left, self.right)


@dataclass(frozen=True)
class YesNoTarget:
    """`ya`, `tidak`, `ada`, `tidak ada`."""

    text: str
    value: bool


@dataclass(frozen=True)
class DeadlineTarget:
    """A latest day of the month, `Maks tgl 5`; `is_limit` is false for a plain date such as `tgl 3`."""

    text: str
    day: int
    is_limit: bool = True


@dataclass(frozen=True)
class DurationTarget:
    """A limited time, `< 24 jam`."""

    text: str
    operator: Operator
    value: Decimal
    unit: TimeUnit


@dataclass(frozen=True)
class LevelTarget:
    """A level of an ordered scale: `Paripurna`, `BB`, `WTP`, `III`; `rank` counts from 1, the lowest."""

    text: str
    scale: str
    level: str
    rank: int


@dataclass(frozen=True)
class LabelledCount:
    """A count of units with what is counted: 6, `Puskesmas Paripurna`."""

    count: Decimal
    label: str


@dataclass(frozen=True)
class CountsTarget:
    """Counts of several labelled units: `6 Puskesmas Paripurna, 1 RSUD Paripurna`."""

    text: str
    counts: tuple[LabelledCount, ...]


@dataclass(frozen=True)
class ComponentsTarget:
    """Several numbers without labels: `685,11, 273,31` (four of them), `685 11 273 31`, `11 dan 2`."""

    text: str
    values: tuple[Decimal, ...]
    unit: str = ""


@dataclass(frozen=True)
class ChangeTarget:
    """A change instead of a level: `Naik 10%`."""

    text: str
    direction: Literal["naik", "turun"]
    value: Decimal
    unit: str = ""


@dataclass(frozen=True)
class StatementTarget:
    """A condition in words that a person judges: `Sudah ada bukti ijin operasional`, `Setiap bulan`."""

    text: str


@dataclass(frozen=True)
class EmptyTarget:
    """No value: empty, `-`, `belum ada`, `n/a`, a spreadsheet error."""

    text: str


Target = (
    NumberTarget
    | BoundTarget
    | RangeTarget
    | RatioTarget
    | YesNoTarget
    | DeadlineTarget
    | DurationTarget
    | LevelTarget
    | CountsTarget
    | ComponentsTarget
    | ChangeTarget
    | StatementTarget
    | EmptyTarget
)
