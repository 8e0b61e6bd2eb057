"""The needs of a year: how much of each item is needed, what is there, and what one costs.

A unit states a need only where the standard gives no formula for it, and for staff. The office states prices, which
hold for units that have none of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from capaian.rules.numbers import format_rupiah
from capaian.rules.spm.kebutuhan import Kebutuhan, compute_kebutuhan
from capaian.spm.models import KebutuhanSpm, MutuSpm
from capaian.spm.sheets.cells import Cell, plain, read_harga, read_jumlah, shown, subject_of
from capaian.spm.sheets.items import Item, ItemYear, items_of
from capaian.workflow.forms import SheetKey

Bagian = Literal["kebutuhan", "tersedia", "harga"]
LABELS: dict[Bagian, str] = {"kebutuhan": "kebutuhan", "tersedia": "tersedia", "harga": "harga satuan"}
_READ: dict[Bagian, Callable[[str, str], str]] = {
    "kebutuhan": read_jumlah,
    "tersedia": read_jumlah,
    "harga": read_harga,
}


@dataclass(frozen=True)
class NeedCell:
    """One of need, stock and price of an item, with what is known of the other two."""

    key: SheetKey
    item: Item
    bagian: Bagian
    stored: Decimal | int | None
    need: Decimal | None
    stock: Decimal | None
    own_harga: int | None
    office_harga: int | None
    closed: str

    @property
    def kunci(self) -> str:
        return f"{self.item.kode}#{self.bagian}"

    @property
    def nama(self) -> str:
        return f"{self.item.nama}: {LABELS[self.bagian]}" if self.key.unit else self.item.nama

    @property
    def is_optional(self) -> bool:
        """Whether the sheet is whole without it: a price of its own is the unit's choice."""
        return self.bagian == "harga" and self.key.unit is not None

    @property
    def satuan(self) -> str:
        return "Rp" if self.bagian == "harga" else self.item.satuan

    @property
    def target(self) -> str:
        """What to hold the value against: the need beside the stock, the price of the office beside the unit's."""
        if self.bagian == "tersedia":
            return shown(self.need)
        return shown(self.office_harga) if self.is_optional else ""

    @property
    def hint(self) -> str:
        """What a person should know of this value."""
        if self.bagian == "harga":
            return "Harga instansi dipakai bila dikosongkan." if self.is_optional and self.office_harga else ""
        if self.bagian == "tersedia" and self.item.butir is not None and self.item.asks:
            return f"Standar: {self.item.asks}."
        return "Standar tidak memberi rumus; isi menurut keadaan setempat." if self.item.butir else self.item.asks

    @property
    def result(self) -> str:
        """The shortage beside the stock, the cost beside the price; empty where something is not known yet."""
        found = self.kebutuhan
        if self.bagian == "tersedia" and found.selisih is not None:
            return _shortage(found.selisih)
        return format_rupiah(found.biaya) if self.bagian == "harga" and found.biaya is not None else ""

    @property
    def kebutuhan(self) -> Kebutuhan:
        """The need of the item with its shortage and cost."""
        harga = self.own_harga if self.own_harga is not None else self.office_harga
        return compute_kebutuhan(self.item.nama, self.need, self.stock, harga)

    @property
    def cell(self) -> Cell:
        """The value as a cell."""
        place = f"{self.nama}, tahun {self.key.tahun_kinerja.tahun}"
        read = _READ[self.bagian]
        return Cell(
            self.kunci,
            subject_of(self.key, self.kunci),
            plain(self.stored),
            lambda teks: read(teks, place),
            self.closed,
        )


def need_cells(key: SheetKey, year: ItemYear, items: list[Item] | None = None) -> Iterator[NeedCell]:
    """The cells of a sheet, item by item; of the office only prices. `items` where they are known already."""
    if key.periode:
        return
    for item in items_of(year.rules) if items is None else items:
        if not item.closed or _is_stored(key, year, item):
            yield from _of_item(key, year, item)


def read_before(key: SheetKey) -> dict[str, str]:
    """What the sheet of the year before held, as it is read, by kunci. Two queries."""
    place: dict[str, Any] = {
        "tahun_kinerja__instansi": key.tahun_kinerja.instansi_id,
        "tahun_kinerja__tahun": key.tahun_kinerja.tahun - 1,
        "unit": key.unit,
    }
    found: dict[str, str] = {}
    for row in KebutuhanSpm.objects.filter(**place):
        found |= {f"{row.butir}#kebutuhan": shown(row.kebutuhan), f"{row.butir}#harga": shown(row.harga_satuan)}
    for butir, tersedia in MutuSpm.objects.filter(**place, triwulan=0).values_list("butir", "tersedia"):
        found[f"{butir}#tersedia"] = shown(tersedia)
    return found


def _is_stored(key: SheetKey, year: ItemYear, item: Item) -> bool:
    """Whether an item that is counted elsewhere has a value here all the same, which then has to be seen."""
    place = key.unit.pk if key.unit else None, item.kode
    return place in year.stated or place in year.harga or (*place, 0) in year.stock


def _of_item(key: SheetKey, year: ItemYear, item: Item) -> Iterator[NeedCell]:
    unit_id = key.unit.pk if key.unit else None
    own, office = year.harga.get((unit_id, item.kode)), year.harga.get((None, item.kode))
    stock = year.stock.get((unit_id, item.kode, 0))
    need = year.need(unit_id, item)
    stated = year.stated.get((unit_id, item.kode))

    def cell(bagian: Bagian, stored: Decimal | int | None) -> NeedCell:
        closed = item.closed if stored is None else ""
        return NeedCell(key, item, bagian, stored, need, stock, own, office, closed)

    if key.unit is not None:
        if item.butir is None or item.butir.faktor is None or stated is not None:
            yield cell("kebutuhan", stated)
        yield cell("tersedia", stock)
    if item.butir is not None:
        yield cell("harga", own)


def _shortage(selisih: Decimal) -> str:
    if not selisih:
        return "cukup"
    return f"kurang {shown(selisih)}" if selisih > 0 else f"lebih {shown(-selisih)}"
