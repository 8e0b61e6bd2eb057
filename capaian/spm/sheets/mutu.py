"""The quality of a quarter: how much of each item there is at its end, against what the unit needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from capaian.rules.periods import ROMAN
from capaian.rules.spm.indeks import ItemMutu, compute_mutu
from capaian.spm.sheets.cells import Cell, plain, read_jumlah, subject_of
from capaian.spm.sheets.items import Item, ItemYear, items_of
from capaian.workflow.forms import SheetKey

NEEDS_FORM = "Kebutuhan belum diketahui. Isi dahulu pada formulir Kebutuhan SPM (periode Setahun)."
_NONE_NEEDED = "Kebutuhan nol: butir ini tidak dihitung dalam indeks mutu."


@dataclass(frozen=True)
class StockCell:
    """What there is of an item at the end of the quarter, its need, and what was there before."""

    key: SheetKey
    item: Item
    need: Decimal | None
    before: Decimal | None
    stored: Decimal | None
    closed: str

    @property
    def kunci(self) -> str:
        return self.item.kode

    @property
    def ip(self) -> Decimal | None:
        """How far the need is met in percent, at most 100; None where it cannot be said."""
        return compute_mutu([ItemMutu(self.item.nama, self.need, self.stored)]).tampil

    @property
    def cell(self) -> Cell:
        """The value as a cell."""
        place = f"{self.item.nama}, triwulan {ROMAN[self.key.periode - 1]} {self.key.tahun_kinerja.tahun}"
        return Cell(
            self.kunci,
            subject_of(self.key, self.kunci),
            plain(self.stored),
            lambda teks: read_jumlah(teks, place),
            self.closed,
        )


def stock_cells(key: SheetKey, year: ItemYear, items: list[Item] | None = None) -> Iterator[StockCell]:
    """The cells of a sheet, goods by service, then staff. `items` where they are known already."""
    if key.unit is None or not key.periode:
        return
    for item in items_of(year.rules) if items is None else items:
        need = year.need(key.unit.pk, item)
        stored = year.stock.get((key.unit.pk, item.kode, key.periode))
        before = year.stock.get((key.unit.pk, item.kode, key.periode - 1))
        closed = "" if stored is not None else item.closed or _no_need(year, key.unit.pk, item, need)
        yield StockCell(key, item, need, before, stored, closed)


def _no_need(year: ItemYear, unit_id: int, item: Item, need: Decimal | None) -> str:
    if need is None:
        return no_sasaran(item) if year.lacks_sasaran(unit_id, item) else NEEDS_FORM
    return "" if need else _NONE_NEEDED


def no_sasaran(item: Item) -> str:
    """What to do where the need follows from a sasaran that is not set."""
    return f"Jumlah {item.sasaran[:1].lower()}{item.sasaran[1:]} belum ditetapkan. Isi pada halaman Sasaran SPM."
