"""Reading the audit trail."""

from __future__ import annotations

from django.db.models import Max

from capaian.organisations.models import Instansi
from capaian.workflow.models import AuditEntry


def data_version(instansi: Instansi) -> int:
    """A number that changes whenever an office's data change: its last audit entry, since every action writes one."""
    return AuditEntry.objects.filter(instansi=instansi).aggregate(last=Max("id"))["last"] or 0
