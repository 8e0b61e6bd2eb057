"""A survey of a Puskesmas that is open, and a clock that stands still within its days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.skm.models import UNSUR, Survei


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the site: `today("2024-08-01T09:00:00+07:00")`."""

    def stand(moment: str) -> None:
        at = datetime.fromisoformat(moment)
        monkeypatch.setattr(timezone, "now", lambda: at)

    return stand


@pytest.fixture
def units(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """Puskesmas Mawar and Puskesmas Melati."""
    made = {
        kunci: UnitKerja.objects.create(
            instansi=tahun_kinerja.instansi, kunci=kunci, nama=f"Puskesmas {kunci.title()}", jenis="puskesmas", urutan=n
        )
        for n, kunci in enumerate(("mawar", "melati"))
    }
    return SimpleNamespace(**made)


@pytest.fixture
def survei(tahun_kinerja: TahunKinerja, units: SimpleNamespace) -> Survei:
    """Open in the second half of 2024, all nine unsur, two services."""
    return Survei.objects.create(
        tahun_kinerja=tahun_kinerja,
        unit=units.mawar,
        nama="SKM Mawar",
        mulai=date(2024, 7, 1),
        sampai=date(2024, 12, 31),
        unsur=list(UNSUR),
        layanan=["Poli umum", "Farmasi"],
        populasi=1000,
        status=Survei.Status.DIBUKA,
        tautan="mawar24",
    )
