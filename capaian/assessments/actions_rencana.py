"""Writing what a Puskesmas means to do about an item that is below its target: the plan of Bab VI of its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.models import Jawaban, Keluarga, Penilaian
from capaian.assessments.queries import active, penilaian_by_unit
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.policy import StateRefused, explain_lock
from capaian.workflow.queries import submission_of

MOST: Final = 2000


@dataclass(frozen=True)
class Plan:
    """A text for an item, and the one that the person saw there."""

    teks: str
    base: str


@audited()
def write_rencana(
    *, by: User | None, tahun_kinerja: TahunKinerja, unit: UnitKerja, plans: Mapping[str, Plan]
) -> dict[str, str]:
    """Store the texts that changed; by item those that were not stored, with the reason.

    A text that somebody else has changed meanwhile is not overwritten. It is written also when the sheet is verified,
    since it follows from the result and changes none; a locked year is closed. Raises `PermissionDenied`,
    `StateRefused`, and `PenilaianRefused` where nothing is answered.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_ANALISIS, unit)
    submission = submission_of(SheetKey(tahun_kinerja, Form.PKP.value, unit, 0))
    if submission.state == Submission.State.TERKUNCI:
        raise StateRefused(explain_lock(submission))
    judged = active(tahun_kinerja, Keluarga.PKP)
    penilaian = penilaian_by_unit(tahun_kinerja, judged.versi).get(unit.pk) if judged else None
    if penilaian is None:
        raise PenilaianRefused("Formulir PKP belum diisi. Isi dahulu; rencana ditulis atas butir yang bernilai.")
    Penilaian.objects.select_for_update(no_key=True).get(pk=penilaian.pk)
    rows = {row.butir: row for row in Jawaban.objects.filter(penilaian=penilaian, butir__in=plans)}
    refused = {}
    for kode, plan in plans.items():
        row, teks = rows.get(kode), plan.teks.strip()
        if (row.catatan.strip() if row else "") == teks:
            continue
        if why := _problem(row, plan, teks):
            refused[kode] = why
        elif row is not None:
            _store(by, row, teks, penilaian)
    return refused


def _problem(row: Jawaban | None, plan: Plan, teks: str) -> str:
    if row is None or row.tidak_berlaku:
        return "Butir ini belum dijawab atau tidak berlaku, sehingga tidak ada masalah yang direncanakan pemecahannya."
    if len(teks) > MOST:
        return f"Rencana paling panjang {MOST} huruf; ini {len(teks)}. Ringkaskan."
    if row.catatan.strip() != plan.base.strip():
        return f'Sementara itu orang lain menulis: "{row.catatan.strip()}". Gabungkan, lalu simpan lagi.'
    return ""


def _store(by: User | None, row: Jawaban, teks: str, penilaian: Penilaian) -> None:
    before, row.catatan = row.catatan, teks
    row.by, row.at = by, timezone.now()
    row.save(update_fields=["catatan", "by", "at"])
    year, unit = penilaian.tahun_kinerja, penilaian.unit
    record_audit(
        by=by,
        action="assessments.write_rencana",
        subject=f"pkp {unit.kunci if unit else '-'} {year.tahun} {row.butir}",
        instansi=year.instansi,
        unit=unit,
        before={"rencana": before} if before else None,
        after={"rencana": teks} if teks else None,
    )
