"""Two people who verify at the same moment both count in the result of the office."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from capaian.spm.actions import compute_spm
from capaian.spm.models import CapaianSpm
from capaian.workflow.audit import audited
from capaian.workflow.models import Submission

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60


def verify(spm: SimpleNamespace, unit: str, both: Barrier) -> None:
    """Let the first quarter of a unit count, when the other one has done as much but not said so yet."""
    try:
        with audited():
            Submission.objects.filter(unit=spm.units[unit], periode=1).update(state=Submission.State.TERVERIFIKASI)
            both.wait(PATIENCE)
            compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja, units=[spm.units[unit]])
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_both_verified_units_count(spm: SimpleNamespace) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; make test-postgres runs this")
    Submission.objects.filter(unit=spm.units["mawar"]).update(state=Submission.State.DIAJUKAN)
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    both = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda unit: verify(spm, unit, both), ("mawar", "melati")))
    office = CapaianSpm.objects.get(tahun_kinerja=spm.tahun_kinerja, unit=None, layanan="balita", triwulan=1)
    assert (office.terlayani, office.unit_dihitung) == (270 + 180, 2)
