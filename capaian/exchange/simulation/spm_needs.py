"""What the Puskesmas of a generated district need to serve to standard, what they have, and what one costs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from capaian.exchange.simulation.district import QUARTERS, District, Unit
from capaian.exchange.simulation.spm_sasaran import unit_groups
from capaian.rules.spm.kebutuhan import standard_need
from capaian.rules.spm.standar import Butir, Standar

SDM: Final = "sdm."
# What one of these costs, in rupiah: made up, but of the size that such things have.
_PRICES: Final = {
    "tablet": 350,
    "kapsul": 900,
    "lembar": 1_200,
    "strip": 8_500,
    "kemasan": 12_000,
    "tes": 22_000,
    "buku": 24_000,
    "buah": 32_000,
    "botol": 45_000,
    "dosis": 78_000,
    "vial": 92_000,
    "kartrid": 185_000,
    "set": 1_750_000,
}
_ANY_PRICE: Final = 120_000
# A need that the standard gives no formula for: so many pieces in a Puskesmas.
_LOCAL: Final = (1, 2, 4, 6, 12, 24, 60)
# Inhabitants for each one of a profession; others come to a Puskesmas from elsewhere.
_HEADS: Final = {"dokter_umum": 9_000, "bidan": 2_200, "perawat": 2_400}


def needs_of(district: District, unit: Unit, standar: Standar) -> dict[str, Decimal]:
    """What a unit states itself, by kode of the item: needs without a formula, and staff."""
    found = {}
    for butir in standar.butir:
        if butir.faktor is None and not butir.terintegrasi:
            found[butir.kode] = Decimal(district.chance("butuh", unit.kunci, butir.kode).choice(_LOCAL))
    for profesi in standar.profesi:
        found[f"{SDM}{profesi.kode}"] = Decimal(_heads(district, unit, profesi.kode))
    return found


def all_needs(district: District, unit: Unit, standar: Standar, tahun: int) -> dict[str, Decimal]:
    """What a unit needs of every item that it counts itself, as stated or as the standard asks for its sasaran."""
    groups: dict[str, int | None] = {**unit_groups(unit, tahun, district.tahun)}
    asked = {one.kode: standard_need(one, groups)[0] for one in standar.butir if not one.terintegrasi}
    return {kode: need for kode, need in asked.items() if need} | {
        kode: need for kode, need in needs_of(district, unit, standar).items() if need
    }


def stock_of(district: District, unit: Unit, kode: str, need: Decimal) -> Iterator[tuple[int, Decimal]]:
    """What there is of an item when the needs were counted (0) and at the end of each quarter; it grows slowly."""
    chance = district.chance("tersedia", unit.kunci, kode)
    share = chance.randrange(62, 104)
    for triwulan in (0, *QUARTERS):
        there = need * (share + 4 * triwulan) / 100
        yield triwulan, Decimal(int(there)) if need > 1 else need if share + 4 * triwulan > 70 else Decimal(0)


def price_of(district: District, butir: Butir) -> int:
    """What one piece of an item costs in the district, in rupiah."""
    price = _PRICES.get(butir.satuan, _ANY_PRICE)
    return price * district.chance("harga", butir.kode).randrange(85, 116) // 100


def _heads(district: District, unit: Unit, profesi: str) -> int:
    if profesi in _HEADS:
        return -(-unit.penduduk // _HEADS[profesi])
    if "sp" in profesi.split("_") or "spesialis" in profesi:
        return 0
    return district.chance("tenaga", unit.kunci, profesi).randrange(1, 4)
