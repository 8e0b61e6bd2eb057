"""What the units of a generated district report in four quarters, and how far their forms have come. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capaian.exchange.simulation.catalogue import Collected
from capaian.exchange.simulation.district import QUARTERS, District, Unit
from capaian.exchange.simulation.histories import APPROVED

# Signals that a verifier would want: this Puskesmas (by its place) repeats one quarter for ever, that one mistypes.
REPEATS, MISTYPES = 1, 2
MISTYPED = ("pkm.penyuluhan", 3)

# How far the forms of a quarter have come, by the place of the unit, over and over. None: nobody has begun.
_WAYS: dict[int, tuple[tuple[str, ...] | None, ...]] = {
    1: ((*APPROVED, "kunci"),),
    2: (APPROVED, (*APPROVED, "kunci"), APPROVED, APPROVED, (*APPROVED, "buka")),
    3: (
        APPROVED,
        ("ajukan", "verifikasi"),
        ("ajukan", "verifikasi"),
        APPROVED,
        ("ajukan", "kembalikan"),
        APPROVED,
        ("ajukan", "verifikasi"),
    ),
    4: (
        (),
        ("ajukan",),
        ("ajukan", "verifikasi"),
        ("ajukan", "kembalikan"),
        APPROVED,
        None,
        ("ajukan", "verifikasi"),
        ("ajukan",),
        (*APPROVED, "kunci"),
        (),
    ),
}
REASONS = {
    "kembalikan": "Kunjungan rawat jalan jauh di atas triwulan lalu; mohon diperiksa kembali.",
    "buka": "Ada laporan susulan dari jaringan Puskesmas yang belum terhitung.",
}


@dataclass(frozen=True)
class Cell:
    """One value of a sheet as stored: `indikator` and `komponen` as in `RealisasiUnit`."""

    indikator: str
    komponen: str
    teks: str

    @property
    def kunci(self) -> str:
        return f"{self.indikator}#{self.komponen}" if self.komponen else self.indikator


def way_of(place: int, quarter: int) -> tuple[str, ...] | None:
    """The transitions that the form of a unit has gone through in a quarter; None when nobody has begun it."""
    ways = _WAYS[quarter]
    return ways[place % len(ways)]


def office_cells(district: District, quarter: int) -> list[Cell]:
    """The values of a quarter that the units of the office itself answer for."""
    return [
        Cell(one.kunci, "", one.reached[quarter - 1])
        for one in district.planned
        if one.reached and one.reached[quarter - 1]
    ]


def unit_cells(district: District, unit: Unit, quarter: int) -> list[Cell]:
    """What a Puskesmas or RSUD reports in a quarter; a draf holds its first half only."""
    said = 1 if unit.place == REPEATS else quarter
    cells = [
        cell for one in district.collected if one.pelapor == unit.jenis for cell in _cells(district, unit, one, said)
    ]
    is_begun_only = way_of(unit.place, quarter) == ()
    return cells[: len(cells) // 2] if is_begun_only else cells


def _cells(district: District, unit: Unit, one: Collected, quarter: int) -> Iterator[Cell]:
    year = district.chance("nilai", unit.kunci, one.kunci)
    now = district.chance("nilai", unit.kunci, one.kunci, quarter)
    if one.gabungan == "rata_rata":
        tenths = one.percent * 10 + now.randrange(-70, 71)
        yield Cell(one.kunci, "", f"{tenths // 10},{tenths % 10}".removesuffix(",0"))
    elif one.gabungan == "rasio":
        below = max(1, unit.penduduk * one.share // 10_000)
        percent = min(100, one.percent + year.randrange(-8, 7)) if one.pengali == 100 else one.percent
        above = below * percent * quarter // 400
        yield Cell(one.kunci, "pembilang", str(above))
        yield Cell(one.kunci, "penyebut", str(below))
    else:
        yield Cell(one.kunci, "", str(_count(unit, one, quarter, now.randrange(80, 121), now.randrange(100))))


def _count(unit: Unit, one: Collected, quarter: int, swing: int, luck: int) -> int:
    """A quarter of the year's number, somewhat more or less; what is rarer than one happens or not."""
    hundredths = unit.penduduk * one.share * one.percent * swing // 4_000_000
    value = hundredths // 100 + (1 if luck < hundredths % 100 else 0)
    return value * 9 + 9 if unit.place == MISTYPES and (one.kunci, quarter) == MISTYPED else value


__all__ = [
    "MISTYPED",
    "MISTYPES",
    "QUARTERS",
    "REASONS",
    "REPEATS",
    "Cell",
    "office_cells",
    "unit_cells",
]
