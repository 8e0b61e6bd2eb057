"""The quality items of a unit and their needs: goods and services in the order of the standard, then staff once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.spm.kebutuhan import standard_need
from capaian.rules.spm.standar import Butir
from capaian.spm.models import KebutuhanSpm, MutuSpm
from capaian.spm.queries import SDM, SpmRules, spm_rules, used_sasaran

STAFF_GROUP = "Tenaga kesehatan (dihitung sekali, untuk semua jenis pelayanan)"


@dataclass(frozen=True)
class Item:
    """A quality item: `butir` is None for staff; `asks` says how much the standard asks for, `sasaran` names the group
    that it is counted by, `closed` says where it is counted instead, if not here.
    """

    kode: str
    nama: str
    satuan: str
    kelompok: str
    butir: Butir | None
    asks: str
    sasaran: str = ""
    closed: str = ""


@dataclass(frozen=True)
class ItemYear:
    """What is stored of the items of a year: by unit id (None the office) and kode, stock also by quarter (0 the year).

    `harga` is whole rupiah; that of the office holds for units that state none.
    """

    rules: SpmRules
    sasaran: Mapping[int | None, Mapping[str, int]]
    stated: Mapping[tuple[int | None, str], Decimal]
    harga: Mapping[tuple[int | None, str], int]
    stock: Mapping[tuple[int | None, str, int], Decimal]
    # The same need stands beside the stock of every quarter.
    _by_standard: dict[tuple[int | None, str], Decimal | None] = field(default_factory=dict, compare=False)

    def need(self, unit_id: int | None, item: Item) -> Decimal | None:
        """What a unit needs of an item: what it states, else what the standard asks for its sasaran."""
        place = unit_id, item.kode
        own = self.stated.get(place)
        if own is not None or item.butir is None:
            return own
        if place not in self._by_standard:
            self._by_standard[place] = standard_need(item.butir, self.sasaran.get(unit_id, {}))[0]
        return self._by_standard[place]

    def lacks_sasaran(self, unit_id: int | None, item: Item) -> bool:
        """Whether the need would be known if the sasaran were."""
        butir = item.butir
        return butir is not None and butir.faktor is not None and butir.kelompok not in self.sasaran.get(unit_id, {})


def read_items(tahun_kinerja: TahunKinerja, units: Collection[UnitKerja | None] | None = None) -> ItemYear:
    """What the sheets of all units, or of some, are made of; always with the prices of the office. Four queries."""
    mine = None if units is None else {None, *(unit.pk if unit else None for unit in units)}
    stated: dict[tuple[int | None, str], Decimal] = {}
    harga: dict[tuple[int | None, str], int] = {}
    needs = KebutuhanSpm.objects.filter(tahun_kinerja=tahun_kinerja)
    for unit_id, butir, kebutuhan, price in needs.values_list("unit", "butir", "kebutuhan", "harga_satuan"):
        if mine is not None and unit_id not in mine:
            continue
        if kebutuhan is not None:
            stated[unit_id, butir] = kebutuhan
        if price is not None:
            harga[unit_id, butir] = price
    stock = MutuSpm.objects.filter(tahun_kinerja=tahun_kinerja)
    if units is not None:
        stock = stock.filter(unit__in=[unit for unit in units if unit])
    return ItemYear(
        rules=spm_rules(tahun_kinerja),
        sasaran=used_sasaran(tahun_kinerja, units),
        stated=stated,
        harga=harga,
        stock={
            (unit_id, butir, triwulan): tersedia
            for unit_id, butir, triwulan, tersedia in stock.values_list("unit", "butir", "triwulan", "tersedia")
        },
    )


def items_of(rules: SpmRules) -> list[Item]:
    """All items of a standard, goods by service, then staff."""
    standar = rules.standar
    names = {one.kode: one.nama for one in standar.butir}
    groups = {one.kode: one.nama for one in standar.kelompok}
    found = []
    for layanan in standar.layanan:
        group = f"{layanan.nomor}. {layanan.nama}"
        goods = [one for one in standar.butir if one.layanan == layanan.kode]
        found += [
            Item(
                one.kode,
                one.nama,
                one.satuan,
                group,
                one,
                one.jumlah,
                groups.get(one.kelompok, ""),
                _elsewhere(one, names),
            )
            for one in goods
        ]
    for profesi in standar.profesi:
        users = [one.nama_pendek for one in standar.layanan if profesi.kode in _staff_of(rules, one.kode)]
        asks = f"Dihitung untuk: {', '.join(users)}." if users else ""
        found.append(Item(f"{SDM}{profesi.kode}", profesi.nama, "orang", STAFF_GROUP, None, asks))
    return found


def _staff_of(rules: SpmRules, layanan: str) -> Iterable[str]:
    return rules.standar.profesi_layanan.get(layanan, ())


def _elsewhere(butir: Butir, names: Mapping[str, str]) -> str:
    if not butir.terintegrasi:
        return ""
    other = names.get(butir.terintegrasi, butir.terintegrasi)
    return f"Terintegrasi dengan {other}; dihitung di sana, jadi tidak diisi di sini."
