"""Reading the audit trail and where the forms stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.db.models import Max

from capaian.organisations.models import Instansi
from capaian.workflow.forms import Outcome, SheetKey
from capaian.workflow.models import AuditEntry, Deadline, Submission


def data_version(instansi: Instansi) -> int:
    """A number that changes whenever an office's data change: its last audit entry, since every action writes one."""
    return AuditEntry.objects.filter(instansi=instansi).aggregate(last=Max("id"))["last"] or 0


def submission_of(key: SheetKey) -> Submission:
    """Where a sheet stands; one that nobody has touched is a draf that is not stored yet. One query."""
    return Submission.objects.select_related("by").filter(**key.place).first() or Submission(**key.place)


def deadline_of(key: SheetKey) -> Deadline | None:
    """The deadline that holds for a sheet: its unit's own, else that of all units, else none. One query."""
    rows = Deadline.objects.filter(tahun_kinerja=key.tahun_kinerja, form=key.form, periode=key.periode)
    by_unit = {row.unit_id: row for row in rows.filter(unit=None) | rows.filter(unit=key.unit)}
    own = by_unit.get(key.unit.pk) if key.unit else None
    return own or by_unit.get(None)


def with_writers(
    outcomes: Iterable[Outcome], instansi: Instansi, subjects: Mapping[str, str], actions: Collection[str]
) -> list[Outcome]:
    """The outcomes, each conflict with who stored the other value, and when. One query for each conflict.

    `subjects` are those of the rows by `kunci`; `actions` those that store a value, since remarks, evidence and
    refusals carry the same subject.
    """
    stored = AuditEntry.objects.filter(instansi=instansi, action__in=actions, outcome=AuditEntry.Outcome.DONE)
    return [
        _with_writer(one, stored.filter(subject=subjects[one.kunci]).select_related("by").first())
        if one.status == Outcome.CONFLICT
        else one
        for one in outcomes
    ]


def _with_writer(outcome: Outcome, last: AuditEntry | None) -> Outcome:
    who = str(last.by) if last and last.by else "berkas yang dimuat"
    return replace(
        outcome,
        by=who,
        at=last.at if last else None,
        message=f'{who} sudah menyimpan "{outcome.teks or "kosong"}" sejak Anda membuka halaman ini. Pilih yang benar.',
    )
