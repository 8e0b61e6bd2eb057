"""Writing the sheet of a PKP: each value checked by itself, an audit entry for each that changes, results in line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.actions import hold_year
from capaian.assessments.compute import store_results
from capaian.assessments.models import Jawaban, Keluarga, Penilaian
from capaian.assessments.queries import Active, active, sifat_by_unit
from capaian.assessments.sheet_cells import EMPTY, PkpCell, UnitAnswers, doubt_of, pkp_cells, with_text
from capaian.rules.instrumen.skor import Isian
from capaian.spm.sheets.cells import Cell, judge
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import Change, Outcome, SheetKey
from capaian.workflow.queries import with_writers

WRITE: Final = "assessments.write_pkp"
_FIELDS: Final = ("nilai", "sasaran", "realisasi", "tidak_berlaku", "catatan")
_NO_UNIT: Final = "Formulir ini diisi Puskesmas; instansi membaca hasilnya pada halaman Kinerja Puskesmas."
_NO_INSTRUMENT: Final = (
    "Belum ada instrumen PKP untuk tahun ini. Minta perencana memilihnya pada halaman Instrumen penilaian."
)


@audited()
def write_pkp(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store values of a sheet that its caller has found open to this person; one outcome for each change, in order.

    An empty text removes a value, a zero is one; `tidak berlaku: alasan` leaves an item out. A value that somebody
    stored since the person looked is not overwritten: the outcome shows it. The results of the unit follow; the number
    of queries does not depend on that of the changes.
    """
    refusal = key.not_begun(today) or ("" if key.unit else _NO_UNIT)
    held = None if refusal else _held(key)
    if held is None:
        return [Outcome(one.kunci, Outcome.REFUSED, message=refusal or _NO_INSTRUMENT) for one in changes]
    judged, penilaian = held
    rows = {row.butir: row for row in Jawaban.objects.filter(penilaian=penilaian)}
    answers = {kode: Isian(*(getattr(row, name) for name in _FIELDS)) for kode, row in rows.items()}
    sifat = sifat_by_unit(key.tahun_kinerja, [penilaian.unit_id or 0])[penilaian.unit_id or 0]
    found = {one.kunci: one for one in pkp_cells(key, UnitAnswers(judged, answers, sifat, {}))}
    cells = {kunci: one.cell for kunci, one in found.items()}
    outcomes = [judge(change, cells.get(change.kunci), _no_item(change.kunci)) for change in changes]
    saved = {one.kunci: one.teks for one in outcomes if one.status == Outcome.SAVED}
    if saved:
        fresh = _changed(found, answers, saved)
        _store(penilaian, rows, fresh, by)
        store_results(judged, [penilaian])
        _record(by, key, cells, saved)
        outcomes = [_with_warning(one, found, fresh) for one in outcomes]
    subjects = {kunci: cell.subject for kunci, cell in cells.items()}
    return with_writers(outcomes, key.tahun_kinerja.instansi, subjects, (WRITE,))


def _held(key: SheetKey) -> tuple[Active, Penilaian] | None:
    """What judges the unit now and its assessment, made where there is none, held for the rest of the transaction.

    None where nothing judges the year. What judges is read after the assessment is held: who chooses policies or
    properties holds it too, or has the year before it begins.
    """
    place: dict[str, Any] = {"tahun_kinerja": key.tahun_kinerja, "unit": key.unit, "tingkat": Penilaian.Tingkat.MANDIRI}
    rows = Penilaian.objects.select_for_update(of=("self",), no_key=True)
    held = {one.versi_id: one for one in rows.filter(**place, versi__instrumen__keluarga=Keluarga.PKP).order_by("pk")}
    judged = active(key.tahun_kinerja, Keluarga.PKP)
    if judged is not None and judged.versi.pk not in held:
        hold_year(key.tahun_kinerja)
        judged = active(key.tahun_kinerja, Keluarga.PKP)
    if judged is None:
        return None
    if (known := held.get(judged.versi.pk)) is not None:
        return judged, known
    defaults = {"tahun_evaluasi": key.tahun_kinerja.tahun + 1}
    return judged, Penilaian.objects.get_or_create(**place, versi=judged.versi, defaults=defaults)[0]


def _changed(found: Mapping[str, PkpCell], answers: Mapping[str, Isian], saved: Mapping[str, str]) -> dict[str, Isian]:
    """The answers that the saved values change, by item."""
    fresh: dict[str, Isian] = {}
    for kunci, teks in saved.items():
        cell = found[kunci]
        kode = cell.item.kode
        fresh[kode] = with_text(cell.item, cell.bagian, fresh.get(kode, answers.get(kode, EMPTY)), teks)
    return fresh


def _store(penilaian: Penilaian, rows: Mapping[str, Jawaban], fresh: Mapping[str, Isian], by: User | None) -> None:
    """Three statements at most, whatever the number of answers."""
    created: list[Jawaban] = []
    changed: list[Jawaban] = []
    gone: list[int] = []
    now = timezone.now()
    for kode, isian in fresh.items():
        row = rows.get(kode)
        if isian.is_empty and not isian.catatan:
            gone += [row.pk] if row else []
            continue
        row = row or Jawaban(penilaian=penilaian, butir=kode)
        (created if row.pk is None else changed).append(row)
        for name in _FIELDS:
            setattr(row, name, getattr(isian, name))
        row.by, row.at = by, now
    Jawaban.objects.bulk_create(created, batch_size=500)
    if changed:
        Jawaban.objects.bulk_update(changed, [*_FIELDS, "by", "at"], batch_size=200)
    if gone:
        Jawaban.objects.filter(pk__in=gone).delete()


def _record(by: User | None, key: SheetKey, cells: Mapping[str, Cell], saved: Mapping[str, str]) -> None:
    for kunci, teks in saved.items():
        cell = cells[kunci]
        record_audit(
            by=by,
            action=WRITE,
            subject=cell.subject,
            instansi=key.tahun_kinerja.instansi,
            unit=key.unit,
            before={"teks": cell.teks} if cell.teks else None,
            after={"teks": teks} if teks else None,
        )


def _with_warning(outcome: Outcome, found: Mapping[str, PkpCell], fresh: Mapping[str, Isian]) -> Outcome:
    """What was saved although it looks like a slip says so, on the page and in the preview of a file."""
    cell = found.get(outcome.kunci)
    isian = fresh.get(cell.item.kode) if cell else None
    if outcome.status != Outcome.SAVED or cell is None or isian is None or cell.bagian == "sasaran":
        return outcome
    return replace(outcome, message=doubt_of(cell.item, isian))


def _no_item(kunci: str) -> str:
    return f'Tidak ada baris "{kunci[:60]}": butirnya tidak ada dalam instrumen tahun ini.'
