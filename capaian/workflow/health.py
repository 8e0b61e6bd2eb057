"""The audit trail on the health page: how long it is, and whether its last entry is the one its chain ends with."""

from __future__ import annotations

from typing import Final

from django.db.models import Sum

from capaian.web.health import Finding, Status
from capaian.workflow.models import AuditChain, AuditEntry

PART: Final = "Jejak audit"


def audit() -> Finding:
    """The end of every chain fits its last entry. The whole chain is `capaian check --audit`'s to verify."""
    for chain in AuditChain.objects.filter(length__gt=0):
        last = AuditEntry.objects.filter(chain=chain.name, number=chain.length).values_list("hash", flat=True).first()
        if last != chain.head:
            sentence = "Akhir sebuah rantai tidak cocok dengan entri terakhirnya; jalankan capaian check --audit."
            return Finding(PART, Status.RUSAK, sentence, {})
    length = AuditChain.objects.aggregate(total=Sum("length"))["total"] or 0
    return Finding(PART, Status.BAIK, f"{length} entri; akhir setiap rantai cocok.", {"entries": length})
