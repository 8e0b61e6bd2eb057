"""Periods of reporting as closed date intervals: year, semester, triwulan, month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Literal

PeriodKind = Literal["tahun", "semester", "triwulan", "bulan"]
ROMAN = ("I", "II", "III", "IV")
BULAN = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_MONTHS_PER_PART = {"tahun": 12, "semester": 6, "triwulan": 3, "bulan": 1}
_CODE = re.compile(r"^([0-9]{4})(?:-(?:T([1-4])|S([12])|(0[1-9]|1[0-2])))?$")


@total_ordering
@dataclass(frozen=True, eq=True)
class Period:
    """A year, or one semester, triwulan or month of it: `Period(2024)`, `Period(2024, 2)`, `Period(2024, bulan=5)`.

    Ordered by end, and at the same end the shorter first: December, Triwulan IV, Semester II, then the year.
    Errors: ValueError when more than one part is given or a number is out of range.
    """

    tahun: int
    triwulan: int | None = None
    semester: int | None = None
    bulan: int | None = None

    def __post_init__(self) -> None:
        parts = {"triwulan": self.triwulan, "semester": self.semester, "bulan": self.bulan}
        given = [name for name, value in parts.items() if value is not None]
        if len(given) > 1:
            raise ValueError("Periode hanya boleh menyebut satu dari triwulan, semester, atau bulan.")
        if not 1900 <= self.tahun <= 9998:
            raise ValueError(f"Tahun {self.tahun} tidak masuk akal; tulis empat angka.")
        if given and not 1 <= self.number <= 12 // _MONTHS_PER_PART[given[0]]:
            raise ValueError(f"{given[0].capitalize()} {self.number} tidak ada dalam setahun.")

    @property
    def kind(self) -> PeriodKind:
        """What kind of period this is."""
        if self.triwulan is not None:
            return "triwulan"
        if self.semester is not None:
            return "semester"
        return "bulan" if self.bulan is not None else "tahun"

    @property
    def number(self) -> int:
        """Which part of the year, counted from 1; 1 for a whole year."""
        for part in (self.triwulan, self.semester, self.bulan):
            if part is not None:
                return part
        return 1

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.tahun, (self.number - 1) * _MONTHS_PER_PART[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        month = self.number * _MONTHS_PER_PART[self.kind]
        return date(self.tahun, month, calendar.monthrange(self.tahun, month)[1])

    @property
    def label(self) -> str:
        """How people write it: `Tahun 2024`, `Triwulan II 2024`, `Mei 2024`."""
        if self.kind == "bulan":
            return f"{BULAN[self.number - 1]} {self.tahun}"
        if self.kind == "tahun":
            return f"Tahun {self.tahun}"
        return f"{self.kind.capitalize()} {ROMAN[self.number - 1]} {self.tahun}"

    @property
    def code(self) -> str:
        """A short sortable text for storage and addresses: `2024`, `2024-T2`, `2024-S1`, `2024-05`."""
        letter = {"triwulan": "-T", "semester": "-S", "bulan": "-0" if self.number < 10 else "-"}
        return str(self.tahun) if self.kind == "tahun" else f"{self.tahun}{letter[self.kind]}{self.number}"

    def contains(self, day: date) -> bool:
        """Tell whether the day lies in the period; both ends are included."""
        return self.start <= day <= self.end

    def is_future(self, today: date) -> bool:
        """Tell whether the period has not begun on the given day; the caller supplies the day."""
        return today < self.start

    def is_finished(self, today: date) -> bool:
        """Tell whether the period has ended before the given day."""
        return self.end < today

    def parts(self, kind: Literal["semester", "triwulan", "bulan"]) -> tuple[Period, ...]:
        """The smaller periods inside this one, in order. Errors: ValueError when `kind` is not smaller or equal."""
        size = _MONTHS_PER_PART[kind]
        if size > _MONTHS_PER_PART[self.kind]:
            raise ValueError(f"{self.label} tidak dapat dibagi menjadi {kind}.")
        first, last = (self.start.month - 1) // size + 1, self.end.month // size
        return tuple(_part(self.tahun, kind, number) for number in range(first, last + 1))

    def previous_year(self) -> Period:
        """The same period one year earlier."""
        return Period(self.tahun - 1, self.triwulan, self.semester, self.bulan)

    def __lt__(self, other: Period) -> bool:
        return (self.end, -self.start.toordinal()) < (other.end, -other.start.toordinal())


def parse_period(code: str) -> Period:
    """Read the code of a period: `2024`, `2024-T2`, `2024-S1`, `2024-05`. Errors: ValueError naming these forms."""
    match = _CODE.match(code.strip())
    if not match:
        raise ValueError(f'Periode "{code}" tidak dikenal. Tulis 2024, 2024-T2, 2024-S1, atau 2024-05.')
    year, triwulan, semester, bulan = (int(part) if part else None for part in match.groups())
    return Period(year or 0, triwulan, semester, bulan)


def _part(tahun: int, kind: str, number: int) -> Period:
    if kind == "triwulan":
        return Period(tahun, triwulan=number)
    return Period(tahun, semester=number) if kind == "semester" else Period(tahun, bulan=number)
