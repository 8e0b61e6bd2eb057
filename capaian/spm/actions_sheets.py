"""Writing the sheets of SPM: each value checked by itself, one audit entry for each that changes, results in line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.spm.actions import compute_spm
from capaian.spm.models import KebutuhanSpm, MutuSpm, PelayananSpm
from capaian.spm.sheets.cells import Cell, judge
from capaian.spm.sheets.items import read_items
from capaian.spm.sheets.kebutuhan import NeedCell, need_cells
from capaian.spm.sheets.mutu import stock_cells
from capaian.spm.sheets.pelayanan import explain_unknown, read_served, served_cells
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import Change, Outcome, SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.queries import with_writers
from capaian.workflow.transitions import COUNTED

PELAYANAN: Final = "spm.write_pelayanan"
MUTU: Final = "spm.write_mutu"
KEBUTUHAN: Final = "spm.write_kebutuhan"
# The units whose results are counted later, each with whether the office's follow; None where they are counted at once.
_waiting: ContextVar[dict[UnitKerja, bool] | None] = ContextVar("units_to_count", default=None)


@audited()
def write_pelayanan(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store persons newly served in a sheet that its caller has found open to this person; one outcome each, in order.

    An empty text removes a value, a zero is one. A value that somebody stored since the person looked is not
    overwritten: the outcome shows it. The results of the unit follow; the office's follow once the sheet is verified.
    """
    list(_locked(PelayananSpm, key, triwulan=key.periode))
    year = read_served(key.tahun_kinerja, [key.unit])
    found = {one.kunci: one for one in served_cells(key, year, today)}
    cells = {kunci: one.cell for kunci, one in found.items()}
    outcomes = [judge(one, cells.get(one.kunci), explain_unknown(key, year, one.kunci)) for one in changes]
    _store_served(key, {(found[one.kunci].layanan.kode, found[one.kunci].bulan): one.teks for one in _saved(outcomes)})
    return _finish(by, PELAYANAN, key, outcomes, cells)


@audited()
def write_mutu(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store what there is of quality items at the end of the quarter of a sheet; see `write_pelayanan`."""
    if not_begun := key.not_begun(today):
        return [Outcome(one.kunci, Outcome.REFUSED, message=not_begun) for one in changes]
    list(_locked(MutuSpm, key, triwulan=key.periode))
    year = read_items(key.tahun_kinerja, [key.unit])
    cells = {one.kunci: one.cell for one in stock_cells(key, year)}
    outcomes = [judge(change, cells.get(change.kunci), _no_item(change.kunci)) for change in changes]
    for outcome in _saved(outcomes):
        _store_stock(key, outcome.kunci, key.periode, outcome.teks)
    return _finish(by, MUTU, key, outcomes, cells)


@audited()
def write_kebutuhan(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store needs, stock and prices of a year; see `write_pelayanan`.

    A year can be filled before it begins, since its needs are what its budget is made of. The office's results follow
    where the unit's quality counts in them already.
    """
    del today
    list(_locked(KebutuhanSpm, key))
    year = read_items(key.tahun_kinerja, [key.unit])
    found = {one.kunci: one for one in need_cells(key, year)}
    cells = {kunci: one.cell for kunci, one in found.items()}
    outcomes = [judge(change, cells.get(change.kunci), _no_item(change.kunci)) for change in changes]
    for outcome in _saved(outcomes):
        _store_need(key, found[outcome.kunci], outcome.teks)
    # A price changes what the rest costs, and no result.
    computes = any(found[one.kunci].bagian != "harga" for one in _saved(outcomes))
    return _finish(by, KEBUTUHAN, key, outcomes, cells, computes=computes, office=computes and _counts(key))


def count_sheet(*, by: User | None, key: SheetKey) -> None:
    """Bring the results of a unit and of the office in line with a sheet that counts from now on, or no more."""
    compute_spm(by=by, tahun_kinerja=key.tahun_kinerja, units=[key.unit])


@audited()
def mark_imported(key: SheetKey, kunci: Iterable[str]) -> None:
    """Say of values that were just written that they came from a file."""
    parts = [one.partition("#") for one in kunci]
    places = {(layanan, int(part) if part.isdecimal() else 0) for layanan, _, part in parts}
    rows = PelayananSpm.objects.filter(**_place(key), triwulan=key.periode).values_list("pk", "layanan", "bulan")
    mine = [pk for pk, layanan, bulan in rows if (layanan, bulan) in places]
    PelayananSpm.objects.filter(pk__in=mine).update(asal=PelayananSpm.Asal.IMPOR)


@contextmanager
def counted_once(by: User | None, tahun_kinerja: TahunKinerja) -> Iterator[None]:
    """The results of all sheets of a year that are written inside are counted once, at its end."""
    units: dict[UnitKerja, bool] = {}
    token = _waiting.set(units)
    try:
        yield
    finally:
        _waiting.reset(token)
    if units:
        compute_spm(by=by, tahun_kinerja=tahun_kinerja, units=list(units), office=any(units.values()))


def _finish(
    by: User | None,
    action: str,
    key: SheetKey,
    outcomes: Sequence[Outcome],
    cells: Mapping[str, Cell],
    *,
    computes: bool = True,
    office: bool = False,
) -> list[Outcome]:
    """The audit entries of what was saved, the results made of it, and who stood in the way of the rest."""
    saved = list(_saved(outcomes))
    for outcome in saved:
        cell = cells[outcome.kunci]
        record_audit(
            by=by,
            action=action,
            subject=cell.subject,
            instansi=key.tahun_kinerja.instansi,
            unit=key.unit,
            before={"teks": cell.teks} if cell.teks else None,
            after={"teks": outcome.teks} if outcome.teks else None,
        )
    if saved and computes and key.unit is not None:
        _count(by, key.tahun_kinerja, key.unit, office=office)
    subjects = {kunci: cell.subject for kunci, cell in cells.items()}
    return with_writers(outcomes, key.tahun_kinerja.instansi, subjects, (action,))


def _count(by: User | None, tahun_kinerja: TahunKinerja, unit: UnitKerja, *, office: bool) -> None:
    waiting = _waiting.get()
    if waiting is None:
        compute_spm(by=by, tahun_kinerja=tahun_kinerja, units=[unit], office=office)
    else:
        waiting[unit] = waiting.get(unit, False) or office


def _store_served(key: SheetKey, values: Mapping[tuple[str, int], str]) -> None:
    """Store texts by service and month in few statements; whoever writes this sheet too waits for its submission."""
    mine = PelayananSpm.objects.filter(**_place(key), triwulan=key.periode)
    stored = {(row.layanan, row.bulan): row for row in mine}
    fresh: list[PelayananSpm] = []
    changed: list[PelayananSpm] = []
    gone: list[int] = []
    for (layanan, bulan), teks in values.items():
        row = stored.get((layanan, bulan))
        if not teks:
            gone += [row.pk] if row else []
            continue
        if row is None:
            row = PelayananSpm(**_place(key), triwulan=key.periode, layanan=layanan, bulan=bulan)
        (fresh if row.pk is None else changed).append(row)
        row.terlayani, row.asal = int(teks), PelayananSpm.Asal.ISIAN
    PelayananSpm.objects.bulk_create(fresh)
    if changed:
        PelayananSpm.objects.bulk_update(changed, ["terlayani", "asal"])
    if gone:
        mine.filter(pk__in=gone).delete()


def _store_need(key: SheetKey, cell: NeedCell, teks: str) -> None:
    if cell.bagian == "tersedia":
        _store_stock(key, cell.item.kode, 0, teks)
        return
    place: dict[str, Any] = {**_place(key), "butir": cell.item.kode}
    value = _decimal(teks)
    fields = {"kebutuhan": value} if cell.bagian == "kebutuhan" else {"harga_satuan": int(teks) if teks else None}
    row, _ = KebutuhanSpm.objects.update_or_create(**place, defaults=fields)
    if row.kebutuhan is None and row.harga_satuan is None:
        row.delete()


def _store_stock(key: SheetKey, butir: str, triwulan: int, teks: str) -> None:
    place: dict[str, Any] = {**_place(key), "butir": butir, "triwulan": triwulan}
    tersedia = _decimal(teks)
    if tersedia is None:
        MutuSpm.objects.filter(**place).delete()
    else:
        MutuSpm.objects.update_or_create(**place, defaults={"tersedia": tersedia})


def _decimal(teks: str) -> Decimal | None:
    """A stored text as a number: its only sign is the decimal comma."""
    return Decimal(teks.replace(",", ".")) if teks else None


def _place(key: SheetKey) -> dict[str, Any]:
    return {"tahun_kinerja": key.tahun_kinerja, "unit": key.unit}


def _locked(model: type[PelayananSpm | MutuSpm | KebutuhanSpm], key: SheetKey, **place: int) -> Iterable[tuple[Any]]:
    """The rows of a sheet, held for the rest of the transaction: an import of the same rows waits, or is waited for."""
    rows = model._default_manager.select_for_update(no_key=True).filter(**_place(key), **place)
    return rows.order_by("pk").values_list("pk")


def _saved(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    return (one for one in outcomes if one.status == Outcome.SAVED)


def _counts(key: SheetKey) -> bool:
    """Whether the quality of the unit is part of the office's results."""
    return Submission.objects.filter(
        tahun_kinerja=key.tahun_kinerja, form=Form.SPM_MUTU, unit=key.unit, state__in=COUNTED
    ).exists()


def _no_item(kunci: str) -> str:
    return f'Tidak ada baris "{kunci[:60]}" dalam lembar ini: butirnya tidak ada dalam standar tahun ini.'
