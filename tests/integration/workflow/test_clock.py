"""A clock that is set back between two actions: what was done first stays first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from capaian.measurement.actions import record_realisasi
from capaian.measurement.models import Realisasi
from capaian.workflow.chains import verify_chain
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOON = datetime(2025, 1, 15, 5, tzinfo=UTC)
YEAR_BEFORE = datetime(2024, 1, 15, 5, tzinfo=UTC)


def test_the_audit_trail_keeps_the_order_in_which_things_happened(
    plan: SimpleNamespace, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for now, teks in ((NOON, "1"), (YEAR_BEFORE, "2"), (NOON, "3")):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        record_realisasi(
            by=cast.perencana, indikator=plan.ibu, tahun=2024, periode=1, teks=teks, today=date(2025, 1, 15)
        )
    assert Realisasi.objects.get(indikator=plan.ibu).teks == "3"
    entries = AuditEntry.objects.filter(action="measurement.record_realisasi").order_by("number")
    assert [(entry.number, entry.at, entry.after["teks"]) for entry in entries] == [
        (1, NOON, "1"),
        (2, YEAR_BEFORE, "2"),
        (3, NOON, "3"),
    ]
    assert verify_chain("contoh").is_whole
