"""What the Puskesmas of a generated district answer in their yearly assessment, and how far their sheets came. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from random import Random
from typing import Final

from capaian.exchange.simulation.district import District, Unit
from capaian.exchange.simulation.histories import APPROVED
from capaian.rules.instrumen.model import Butir, Instrumen, Pilihan
from capaian.rules.instrumen.skor import Isian
from capaian.rules.numbers import format_number
from capaian.rules.target import BoundTarget, NumberTarget, parse_target

REASON: Final = {"kembalikan": "Beberapa realisasi melebihi sasaran; mohon dicocokkan dengan laporan program."}
# How far the sheet of the year has come, by the place of the unit, over and over. None: nobody has begun.
_WAYS: Final[tuple[tuple[str, ...] | None, ...]] = (
    (*APPROVED, "kunci"),
    ("ajukan", "verifikasi"),
    APPROVED,
    ("ajukan", "verifikasi"),
    ("ajukan", "verifikasi"),
    ("ajukan", "kembalikan"),
    ("ajukan", "verifikasi"),
    ("ajukan",),
    ("ajukan", "verifikasi"),
    (),
    ("ajukan", "verifikasi"),
    None,
)
WAY_BEFORE: Final = ("ajukan", "verifikasi")
# Of a hundred items this many reach their target, by the place of the unit; the year before somewhat fewer.
_FULL: Final = (93, 66, 88, 40, 97, 76)
_LESS_BEFORE: Final = 6
# Which unit has a property: by place, one in so many, and which of them.
_SIFAT: Final = {"rawat_inap": (3, (0,)), "endemis_malaria": (7, (1,)), "haji": (4, (0, 1, 2))}
# How many there are of what is not counted in persons, by how the printed sasaran begins.
_SIZES: Final = {
    "kecamatan": (1, 2),
    "pusk": (1, 1),
    "apoteker": (1, 2),
    "desa": (6, 16),
    "posyandu": (18, 60),
    "poskestren": (2, 6),
    "pos ukk": (4, 12),
    "sekolah": (12, 40),
    "sd/mi": (12, 40),
    "laporan w2": (52, 52),
    "laporan": (12, 12),
    "faskes": (4, 10),
    "dunia usaha": (10, 30),
    "ormas": (5, 15),
    "perusahaan": (4, 14),
    "sarana air": (20, 80),
    "ttu": (15, 60),
    "tpm": (15, 60),
    "tpp": (15, 60),
    "alert": (4, 20),
    "lb/wabah": (2, 8),
    "jemaah": (10, 90),
    "rumah": (400, 3000),
    "keluarga": (400, 3000),
}
# An item of the district's pattern that does not apply to one unit, though its properties say nothing of it.
LEFT_OUT: Final = "tidak ada sasaran di wilayah kerja"
_LEFT_OUT_EVERY: Final = 9


def pkp_way(place: int, *, is_before: bool) -> tuple[str, ...] | None:
    """The transitions that the sheet of a unit has gone through; None when nobody has begun it."""
    return WAY_BEFORE if is_before else _WAYS[place % len(_WAYS)]


def sifat_of(unit: Unit, instrumen: Instrumen) -> tuple[str, ...]:
    """The properties of a unit, of those that the instrument knows."""
    known = ((kode, _SIFAT[kode]) for kode in instrumen.sifat if kode in _SIFAT)
    return tuple(kode for kode, (every, places) in known if unit.place % every in places)


def answers_of(district: District, unit: Unit, instrumen: Instrumen, tahun: int) -> dict[str, Isian]:
    """The answers of a unit to every item that applies to it, by item."""
    sifat = sifat_of(unit, instrumen)
    asked = [one for one in instrumen.items.values() if not one.sifat or one.sifat in sifat]
    full = _FULL[unit.place % len(_FULL)] - (_LESS_BEFORE if tahun != district.tahun else 0)
    return {
        item.kode: _answer(item, unit, full, number, district.chance("pkp", unit.kunci, item.kode, tahun))
        for number, item in enumerate(asked)
    }


def _answer(item: Butir, unit: Unit, full: int, number: int, chance: Random) -> Isian:
    reaches = chance.randrange(100) < full
    if item.penilaian == "pilihan":
        return Isian(_choice(item, chance, reaches=reaches).kode)
    if item.masukan != "pembilang_penyebut":
        return Isian(format_number(_value(item, chance, reaches=reaches)).replace(".", ""))
    if item.sifat == "" and (unit.place + number) % (_LEFT_OUT_EVERY * 13) == 0:
        return Isian(tidak_berlaku=True, catatan=LEFT_OUT)
    sasaran = _sasaran(item, unit, chance)
    return Isian(sasaran=Decimal(sasaran), realisasi=Decimal(_count(item, sasaran, chance, reaches=reaches)))


def _choice(item: Butir, chance: Random, *, reaches: bool) -> Pilihan:
    ranked = sorted(item.pilihan, key=lambda one: one.nilai, reverse=True)
    return ranked[0] if reaches or len(ranked) == 1 else ranked[1 + chance.randrange(min(2, len(ranked) - 1))]


def _value(item: Butir, chance: Random, *, reaches: bool) -> Decimal:
    """A value by itself: days, times, an index; of few whole ones the target or one beside it."""
    goal = _goal(item)
    if item.arah == "turun":
        return (goal * Decimal(chance.randrange(50, 96)) / 100 if reaches else goal * 2).quantize(_step(goal))
    factor = Decimal(chance.randrange(100, 111) if reaches else chance.randrange(50, 96)) / 100
    return (goal * factor).quantize(_step(goal), rounding=ROUND_CEILING if reaches else "ROUND_FLOOR")


def _step(goal: Decimal) -> Decimal:
    return Decimal("0.01") if goal != goal.to_integral_value() or goal < 1 else Decimal(1)


def _sasaran(item: Butir, unit: Unit, chance: Random) -> int:
    """How many there are: rates count over births or inhabitants, shares over a group of some size."""
    if item.pengali > 100:
        return unit.penduduk * 18 // 1000 if "lahir" in item.satuan else unit.penduduk
    what = item.sasaran.casefold()
    for begins, (fewest, most) in _SIZES.items():
        if what.startswith(begins):
            return chance.randrange(fewest, most + 1)
    return chance.randrange(40, 900)


def _count(item: Butir, sasaran: int, chance: Random, *, reaches: bool) -> int:
    """The numerator that keeps the target, or that falls short of it; never more than there are."""
    exact = _goal(item) * sasaran / item.pengali
    if item.arah == "turun":
        most = int(exact)
        strict = most - (most == exact and "<" in item.target)
        kept = chance.randrange(strict + 1) if strict > 0 else 0
        return kept if reaches else min(sasaran, most + 1 + int(exact) * chance.randrange(10, 60) // 100)
    least = int(exact.to_integral_value(ROUND_CEILING))
    least += least == exact and ">" in item.target
    if reaches:
        return min(sasaran, least + (sasaran - least) * chance.randrange(0, 40) // 100) if least <= sasaran else least
    return least * chance.randrange(55, 97) // 100


@lru_cache(maxsize=1024)
def _goal(item: Butir) -> Decimal:
    """What is to be reached in the unit of the target; of what is no number (reports in time) all of it."""
    if item.penilaian == "pita":
        best = max(item.pilihan, key=lambda one: one.nilai)
        return best.dari if best.dari is not None else best.sampai or Decimal(0)
    target = parse_target(item.target)
    if isinstance(target, NumberTarget | BoundTarget):
        return target.value
    return item.pengali if item.masukan == "pembilang_penyebut" else Decimal(20)
