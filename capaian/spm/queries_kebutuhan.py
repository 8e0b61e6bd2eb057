"""Reading what the services need: goods by service, staff once, for a Puskesmas or summed over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import format_number, format_rupiah
from capaian.rules.spm.kebutuhan import Kebutuhan, compute_kebutuhan, standard_need
from capaian.rules.spm.standar import Butir, Layanan, Profesi, Standar
from capaian.rules.trace import Step, Trace
from capaian.spm.models import KebutuhanSpm, MutuSpm
from capaian.spm.queries import SDM, SpmRules, spm_rules, spm_units, used_sasaran

_Place = tuple[int | None, str]  # unit id (None the office) and kode of the item


@dataclass(frozen=True)
class NeedsData:
    """What needs are made of, read once: sasaran in persons, stated needs and stock in units of the item, prices in Rp.

    `stated` holds rows with the need, the price and the remark of a unit; the price of the office holds where a unit
    has none.
    """

    rules: SpmRules
    units: Sequence[UnitKerja]
    sasaran: Mapping[int | None, Mapping[str, int]]
    stated: Mapping[_Place, KebutuhanSpm]
    stock: Mapping[_Place, Decimal]

    def price(self, unit_id: int | None, kode: str) -> int | None:
        """The price of one, in rupiah: the unit's own, else the office's."""
        for place in ((unit_id, kode), (None, kode)):
            if (row := self.stated.get(place)) and row.harga_satuan is not None:
                return row.harga_satuan
        return None


@dataclass(frozen=True)
class Item:
    """The need of one item: `hasil` with its trace; `reporting` of `asked` units have both need and stock.

    `formula` is the standard's in words, `sasaran` the persons it is multiplied with, `harga` the price of one (None
    where units differ), `services` the short names of those that the item works for.
    """

    kode: str
    nama: str
    satuan: str
    formula: str
    faktor: str
    kelompok: str
    sasaran: int | None
    harga: int | None
    hasil: Kebutuhan
    is_own: bool
    integrated: str = ""
    services: tuple[str, ...] = ()
    reporting: int = 1
    asked: int = 1


@dataclass(frozen=True)
class ServiceNeeds:
    """The goods and services that one of the twelve needs, and what is missing costs, in rupiah."""

    layanan: Layanan
    items: Sequence[Item]

    @property
    def counted(self) -> Sequence[Item]:
        return [one for one in self.items if not one.integrated]

    @property
    def biaya(self) -> int | None:
        known = [one.hasil.biaya for one in self.counted if one.hasil.biaya is not None]
        return sum(known) if known else None

    @property
    def unknown(self) -> int:
        """The items whose cost is not known yet."""
        return sum(1 for one in self.counted if one.hasil.biaya is None)


@dataclass(frozen=True)
class Needs:
    """The needs of a unit, or summed over the district: goods by service, staff once across all services."""

    services: Sequence[ServiceNeeds]
    staff: Sequence[Item]
    units: int = 1

    @property
    def biaya(self) -> int | None:
        known = [one.biaya for one in self.services if one.biaya is not None]
        return sum(known) if known else None

    @property
    def unknown(self) -> int:
        return sum(one.unknown for one in self.services)

    @property
    def staff_lack(self) -> Decimal | None:
        """Heads missing over all professions; a surplus of one does not fill another."""
        known = [one.hasil.selisih for one in self.staff if one.hasil.selisih is not None]
        return sum((max(lack, Decimal(0)) for lack in known), Decimal(0)) if known else None


def read_needs(tahun_kinerja: TahunKinerja) -> NeedsData:
    """Everything that needs are made of, of all units. Five queries."""
    rows = KebutuhanSpm.objects.filter(tahun_kinerja=tahun_kinerja)
    stock = MutuSpm.objects.filter(tahun_kinerja=tahun_kinerja, triwulan=0)
    return NeedsData(
        spm_rules(tahun_kinerja),
        spm_units(tahun_kinerja),
        used_sasaran(tahun_kinerja),
        {(row.unit_id, row.butir): row for row in rows},
        {(unit, butir): value for unit, butir, value in stock.values_list("unit", "butir", "tersedia")},
    )


def unit_needs(data: NeedsData, unit: UnitKerja) -> Needs:
    """The needs of one unit."""
    standar = data.rules.standar
    return _needs(
        standar,
        lambda butir: unit_item(data, unit.pk, butir),
        lambda profesi: unit_staff(data, unit.pk, profesi),
    )


def district_needs(data: NeedsData) -> Needs:
    """The needs of the district: each item the sum of its units."""
    found = _needs(
        data.rules.standar,
        lambda butir: district_item(data, butir),
        lambda profesi: district_staff(data, profesi),
    )
    return replace(found, units=len(data.units))


def unit_item(data: NeedsData, unit_id: int, butir: Butir) -> Item:
    """The need of one item in one unit: what the unit states, else what the standard asks for its sasaran."""
    groups = data.sasaran.get(unit_id, {})
    own = data.stated.get((unit_id, butir.kode))
    jumlah, trace, notes = standard_need(butir, groups)
    is_own = own is not None and own.kebutuhan is not None
    if own is not None and own.kebutuhan is not None:
        jumlah, trace, notes = own.kebutuhan, Trace((_stated_step(butir, own.kebutuhan, own.keterangan),)), ()
    harga = data.price(unit_id, butir.kode)
    hasil = compute_kebutuhan(butir.nama, jumlah, data.stock.get((unit_id, butir.kode)), harga, trace)
    if jumlah is None:
        hasil = Kebutuhan(None, hasil.tersedia, None, None, notes or hasil.catatan, trace)
    return _item(data.rules.standar, butir, groups.get(butir.kelompok), harga, hasil, is_own)


def _stated_step(butir: Butir, kebutuhan: Decimal, reason: str) -> Step:
    return Step(
        f"Kebutuhan {butir.nama}",
        "dinyatakan Puskesmas",
        (("Rumus standar", butir.jumlah or "tidak ada"), ("Alasan", reason or "tidak ditulis")),
        f"{format_number(kebutuhan)} {butir.satuan}",
    )


def district_item(data: NeedsData, butir: Butir) -> Item:
    """The need of one item summed over the units, with a step that names each of them."""
    parts = [(unit, unit_item(data, unit.pk, butir)) for unit in data.units]
    persons = [one.sasaran for _, one in parts if one.sasaran is not None]
    prices = {one.harga for _, one in parts}
    hasil = _summed(butir.nama, butir.satuan, [(unit, one.hasil) for unit, one in parts])
    item = _item(
        data.rules.standar,
        butir,
        sum(persons) if persons else None,
        prices.pop() if len(prices) == 1 else None,
        hasil,
        any(one.is_own for _, one in parts),
    )
    return _with_units(item, [one.hasil for _, one in parts])


def find_butir(standar: Standar, kode: str) -> Butir | None:
    """The item of a kode that has a need of its own; None where there is none."""
    return next((one for one in standar.butir if one.kode == kode and not one.terintegrasi), None)


def find_profesi(standar: Standar, kode: str) -> Profesi | None:
    """The kind of staff of an item `sdm.<profesi>`; None where there is none."""
    return next((one for one in standar.profesi if f"{SDM}{one.kode}" == kode), None)


def _needs(standar: Standar, item_of: Callable[[Butir], Item], staff_of: Callable[[Profesi], Item]) -> Needs:
    services = []
    for layanan in standar.layanan:
        mine = [one for one in standar.butir if one.layanan == layanan.kode]
        services.append(ServiceNeeds(layanan, [item_of(one) for one in mine]))
    return Needs(services, [staff_of(one) for one in standar.profesi])


def _item(
    standar: Standar, butir: Butir, sasaran: int | None, harga: int | None, hasil: Kebutuhan, is_own: bool
) -> Item:
    names = {one.kode: one.nama for one in standar.kelompok}
    integrated = ""
    if butir.terintegrasi:
        integrated = next((one.nama for one in standar.butir if one.kode == butir.terintegrasi), butir.terintegrasi)
    return Item(
        butir.kode,
        butir.nama,
        butir.satuan,
        butir.jumlah,
        "" if butir.faktor is None else str(butir.faktor),
        names.get(butir.kelompok, ""),
        sasaran,
        harga,
        hasil,
        is_own,
        integrated,
    )


def unit_staff(data: NeedsData, unit_id: int, profesi: Profesi) -> Item:
    """The need of a kind of staff in one unit, as it states it, in heads."""
    kode = f"{SDM}{profesi.kode}"
    row = data.stated.get((unit_id, kode))
    hasil = compute_kebutuhan(profesi.nama, row.kebutuhan if row else None, data.stock.get((unit_id, kode)), 0)
    return _staff_item(data.rules.standar, profesi, hasil)


def district_staff(data: NeedsData, profesi: Profesi) -> Item:
    """The need of a kind of staff summed over the units."""
    parts = [(unit, unit_staff(data, unit.pk, profesi).hasil) for unit in data.units]
    item = _staff_item(data.rules.standar, profesi, _summed(profesi.nama, "orang", parts))
    return _with_units(item, [hasil for _, hasil in parts])


def _staff_item(standar: Standar, profesi: Profesi, hasil: Kebutuhan) -> Item:
    served = tuple(
        one.nama_pendek for one in standar.layanan if profesi.kode in standar.profesi_layanan.get(one.kode, ())
    )
    kode = f"{SDM}{profesi.kode}"
    return Item(kode, profesi.nama, "orang", profesi.jenis, "", "", None, None, hasil, True, "", served)


def _summed(nama: str, satuan: str, parts: Sequence[tuple[UnitKerja, Kebutuhan]]) -> Kebutuhan:
    """The sum over units. A shortage in one is not filled by what another has too much."""
    both = [hasil for _, hasil in parts if hasil.selisih is not None]
    lack = sum((max(one.selisih, Decimal(0)) for one in both if one.selisih is not None), Decimal(0))
    biaya = [one.biaya for one in both if one.biaya is not None]
    shown = tuple((str(unit), _told(hasil)) for unit, hasil in parts)
    cost = f", {format_rupiah(sum(biaya))}" if biaya else ""
    result = f"kurang {format_number(lack)} {satuan}{cost}"
    step = Step(f"{nama}: seluruh Puskesmas", "jumlah semua Puskesmas", shown, result)
    return Kebutuhan(
        _total(hasil.jumlah for _, hasil in parts),
        _total(hasil.tersedia for _, hasil in parts),
        lack if both else None,
        sum(biaya) if biaya else None,
        (),
        Trace((step,)),
    )


def _told(hasil: Kebutuhan) -> str:
    if hasil.selisih is None:
        return hasil.catatan[0] if hasil.catatan else "belum lengkap"
    cost = "" if hasil.biaya is None else f", {format_rupiah(hasil.biaya)}"
    need, there = hasil.jumlah or Decimal(0), hasil.tersedia or Decimal(0)
    return f"{format_number(need)} − {format_number(there)} = {format_number(hasil.selisih)}{cost}"


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _with_units(item: Item, parts: Sequence[Kebutuhan]) -> Item:
    return replace(item, reporting=sum(1 for one in parts if one.selisih is not None), asked=len(parts))
