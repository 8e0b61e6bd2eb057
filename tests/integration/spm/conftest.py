"""An office year with three Puskesmas: sasaran for all, reports of two quarters by two of them, one verified."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from capaian.organisations.models import Membership, TahunKinerja, UnitKerja, Wilayah
from capaian.rules.spm.standar import standar_of
from capaian.spm.actions import compute_spm
from capaian.spm.models import PelayananSpm, SasaranSpm
from capaian.workflow.models import Form, Submission

# Each Puskesmas has this many persons in every group, and serves this many a month.
SASARAN = {"mawar": 1200, "melati": 600, "anggrek": 300}
SERVED = {"mawar": 90, "melati": 60}
SUMBER = "Proyeksi BPS"


@pytest.fixture
def spm(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """`spm.units` by kunci, `spm.tahun_kinerja`; Mawar has reported TW I and II, both verified, Melati TW I as a draft.

    Anggrek is silent. Mawar has two desa. An operator of Mawar is `spm.operator`.
    """
    instansi = tahun_kinerja.instansi
    units = {}
    for number, kunci in enumerate(SASARAN):
        unit = UnitKerja.objects.create(
            instansi=instansi, kunci=kunci, nama=f"Puskesmas {kunci.title()}", jenis="puskesmas", urutan=number
        )
        units[kunci] = unit
        SasaranSpm.objects.bulk_create(
            SasaranSpm(
                tahun_kinerja=tahun_kinerja,
                unit=unit,
                kelompok=kelompok.kode,
                jumlah=SASARAN[kunci],
                metode=SasaranSpm.Metode.PROYEKSI,
                sumber=SUMBER,
                dipakai=True,
            )
            for kelompok in standar_of(tahun_kinerja.tahun).kelompok
        )
    desa = [
        Wilayah.objects.create(
            instansi=instansi, unit=units["mawar"], kunci=f"desa-{name}", nama=f"Desa {name.title()}", jenis="desa"
        )
        for name in ("hulu", "hilir")
    ]
    _report(tahun_kinerja, units["mawar"], (1, 2), Submission.State.TERVERIFIKASI)
    _report(tahun_kinerja, units["melati"], (1,), Submission.State.DRAF)
    operator = get_user_model().objects.create_user("operator-mawar")
    Membership.objects.create(user=operator, instansi=instansi, unit=units["mawar"], role=Membership.Role.OPERATOR)
    compute_spm(by=None, tahun_kinerja=tahun_kinerja)
    return SimpleNamespace(tahun_kinerja=tahun_kinerja, units=units, desa=desa, operator=operator)


def _report(year: TahunKinerja, unit: UnitKerja, quarters: tuple[int, ...], state: str) -> None:
    for quarter in quarters:
        Submission.objects.create(tahun_kinerja=year, form=Form.SPM, unit=unit, periode=quarter, state=state)
        PelayananSpm.objects.bulk_create(
            PelayananSpm(
                tahun_kinerja=year,
                unit=unit,
                layanan=layanan.kode,
                triwulan=quarter,
                bulan=bulan,
                terlayani=SERVED[unit.kunci],
            )
            for layanan in standar_of(year.tahun).layanan
            for bulan in range(quarter * 3 - 2, quarter * 3 + 1)
        )
