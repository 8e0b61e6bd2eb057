"""The money and the five-year plan of SPM in a generated district, whole rupiah. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.spm_sasaran import puskesmas_of, unit_groups
from capaian.rules.spm.standar import Standar

# What Puskesmas receive themselves, and what the office spends for all of them.
OF_UNITS: Final = ("DAK Nonfisik (BOK)", "JKN (kapitasi)")
OF_OFFICE: Final = "APBD"
DOKUMEN: Final = ("rpjmd", "renstra")
_YEARS: Final = range(-2, 3)
_PERSON: Final = (9_000, 48_000)


@dataclass(frozen=True)
class Money:
    """What one source pays for a service; `unit` is a key, empty for the office."""

    unit: str
    layanan: str
    sumber_dana: str
    alokasi: int
    realisasi: int


@dataclass(frozen=True)
class Planned:
    """What a document plans for a service in a year: persons and rupiah."""

    dokumen: str
    layanan: str
    tahun: int
    target: int
    dana: int


def money_rows(district: District, standar: Standar) -> Iterator[Money]:
    """The allocations of every unit by source; those of the office are their sums, and its own APBD."""
    for layanan in standar.layanan:
        total = {name: [0, 0] for name in OF_UNITS}
        for unit in puskesmas_of(district):
            sasaran = unit_groups(unit, district.tahun, district.tahun)[layanan.kelompok]
            for name in OF_UNITS:
                one = _money(district, unit.kunci, layanan.kode, name, sasaran)
                total[name][0] += one.alokasi
                total[name][1] += one.realisasi
                yield one
        for name, (alokasi, realisasi) in total.items():
            yield Money("", layanan.kode, name, alokasi, realisasi)
        yield _money(district, "", layanan.kode, OF_OFFICE, _all(district, layanan.kelompok, district.tahun) // 4)


def plan_rows(district: District, standar: Standar) -> Iterator[Planned]:
    """Five years of RPJMD and renstra: everybody is to be served, for somewhat more money each year."""
    for dokumen in DOKUMEN:
        for layanan in standar.layanan:
            price = district.chance("rencana", layanan.kode).randrange(*_PERSON)
            for tahun in (district.tahun + step for step in _YEARS):
                target = _all(district, layanan.kelompok, tahun)
                dana = target * price // 100_000 * 100_000
                # The renstra was written later, with dearer prices.
                yield Planned(
                    dokumen, layanan.kode, tahun, target, dana * (104 if dokumen == "renstra" else 100) // 100
                )


def _money(district: District, unit: str, layanan: str, sumber: str, persons: int) -> Money:
    chance = district.chance("alokasi", unit, layanan, sumber)
    alokasi = max(1_000_000, persons * chance.randrange(*_PERSON) // 3 // 100_000 * 100_000)
    return Money(unit, layanan, sumber, alokasi, alokasi * chance.randrange(78, 100) // 100)


def _all(district: District, kelompok: str, tahun: int) -> int:
    return sum(unit_groups(unit, tahun, district.tahun)[kelompok] for unit in puskesmas_of(district))
