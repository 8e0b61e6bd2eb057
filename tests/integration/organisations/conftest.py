"""Two Puskesmas under the dinas of `contoh`, and an address of each page of its people."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.urls import reverse

from capaian.organisations.models import TahunKinerja, UnitKerja


@pytest.fixture
def units(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """`units.dinas`, with `units.utara` and `units.selatan` below it."""
    instansi = tahun_kinerja.instansi
    dinas = UnitKerja.objects.create(instansi=instansi, kunci="dinas", nama="Dinas", jenis="dinas", urutan=0)
    found = SimpleNamespace(dinas=dinas)
    for number, name in enumerate(("utara", "selatan"), start=1):
        unit = UnitKerja.objects.create(
            instansi=instansi, kunci=name, nama=f"Puskesmas {name}", jenis="puskesmas", induk=dinas, urutan=number
        )
        setattr(found, name, unit)
    return found


@pytest.fixture
def at() -> Callable[..., str]:
    """The address of a page of `contoh/2024`: `at("akun", user.pk)`."""
    return lambda name, *args: reverse(f"organisations:{name}", args=["contoh", 2024, *args])
