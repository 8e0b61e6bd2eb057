"""Reading the audit trail and where the forms stand."""

from __future__ import annotations

from django.db.models import Max

from capaian.organisations.models import Instansi
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import AuditEntry, Deadline, Submission


def data_version(instansi: Instansi) -> int:
    """A number that changes whenever an office's data change: its last audit entry, since every action writes one."""
    return AuditEntry.objects.filter(instansi=instansi).aggregate(last=Max("id"))["last"] or 0


def submission_of(key: SheetKey) -> Submission:
    """Where a sheet stands; one that nobody has touched is a draf that is not stored yet. One query."""
    found = (
        Submission.objects.select_related("by")
        .filter(tahun_kinerja=key.tahun_kinerja, form=key.form, unit=key.unit, periode=key.periode)
        .first()
    )
    return found or Submission(tahun_kinerja=key.tahun_kinerja, form=key.form, unit=key.unit, periode=key.periode)


def deadline_of(key: SheetKey) -> Deadline | None:
    """The deadline that holds for a sheet: its unit's own, else that of all units, else none. One query."""
    rows = Deadline.objects.filter(tahun_kinerja=key.tahun_kinerja, form=key.form, periode=key.periode)
    by_unit = {row.unit_id: row for row in rows.filter(unit=None) | rows.filter(unit=key.unit)}
    own = by_unit.get(key.unit.pk) if key.unit else None
    return own or by_unit.get(None)
