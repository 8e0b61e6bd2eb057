"""Many people who change something at the same moment write one chain without a gap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from capaian.organisations.models import Instansi, TahunKinerja
from capaian.workflow.audit import audited, record_audit, record_refusal
from capaian.workflow.chains import verify_chain
from capaian.workflow.models import AuditEntry

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[3]
WRITERS, TIMES = 8, 12


def write(instansi: Instansi, writer: int) -> None:
    """Twelve transactions of two entries, every third of them undone, and a refusal after each undone one."""
    try:
        for turn in range(TIMES):
            try:
                with audited():
                    record_audit(by=None, action="uji.catat", subject=f"{writer}/{turn}", instansi=instansi)
                    record_audit(by=None, action="uji.catat", subject=f"{writer}/{turn}b", instansi=instansi)
                    if turn % 3 == 0:
                        raise ValueError("ditolak")
            except ValueError as error:
                record_refusal(
                    by=None, action="uji.catat", subject=f"{writer}/{turn}", reason=str(error), instansi=instansi
                )
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_no_gap(tahun_kinerja: TahunKinerja) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; make test-postgres runs this")
    instansi = tahun_kinerja.instansi
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda writer: write(instansi, writer), range(WRITERS)))
    # Of 12 turns 4 are undone: 8 × 2 entries and 4 refusals for each writer.
    expected = WRITERS * (8 * 2 + 4)
    report = verify_chain(instansi.kunci)
    assert (report.length, report.problem) == (expected, "")
    numbers = AuditEntry.objects.filter(chain=instansi.kunci).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, expected + 1))
    assert AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).count() == WRITERS * 4
