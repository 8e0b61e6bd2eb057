"""The counts of all units at once are those that reading each sheet by itself gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest

from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.measurement.sheet import KinerjaForm
from capaian.organisations.models import UnitKerja
from capaian.workflow.forms import Filling, SheetKey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PERIODS = (0, 1, 2, 3, 4)
TODAY = date(2025, 2, 1)


@pytest.fixture
def district(plan: SimpleNamespace) -> SimpleNamespace:
    """Three Puskesmas that report `stunting` as a ratio, and a bidang that answers for the node of `jkn`."""
    instansi = plan.tahun_kinerja.instansi
    plan.pkm = [
        UnitKerja.objects.create(
            instansi=instansi, kunci=f"pkm-{n}", nama=f"Puskesmas {n}", jenis="puskesmas", urutan=n
        )
        for n in range(3)
    ]
    plan.bidang = UnitKerja.objects.create(
        instansi=instansi, kunci="yankes", nama="Bidang Yankes", jenis="bidang", urutan=9
    )
    plan.nodes[2].penanggung_jawab = plan.bidang
    plan.nodes[2].save()
    plan.stunting.pelapor, plan.stunting.gabungan = "puskesmas", "rasio"
    plan.stunting.save()
    for komponen in ("pembilang", "penyebut"):
        RealisasiUnit.objects.create(
            indikator=plan.stunting, unit=plan.pkm[0], tahun=2024, periode=2, komponen=komponen, teks="7"
        )
    RealisasiUnit.objects.create(
        indikator=plan.stunting, unit=plan.pkm[1], tahun=2024, periode=2, komponen="penyebut", teks="9"
    )
    Realisasi.objects.create(indikator=plan.jkn, tahun=2024, periode=2, teks="50")
    Realisasi.objects.create(indikator=plan.ibu, tahun=2024, periode=4, teks="1")
    return plan


@pytest.mark.parametrize("wajib", [False, True])
def test_counts_are_those_of_each_sheet(district: SimpleNamespace, wajib: bool) -> None:
    year = district.tahun_kinerja
    year.instansi.wajib_bukti = wajib
    year.instansi.save()
    year.bukti_dukung.create(
        unit=district.bidang,
        subject=f"{district.jkn.kunci} 2024/2",
        periode=2,
        nama="Rekap",
        tautan="https://arsip.example/rekap",
        request_key="8a1b2c3d-0000-4000-8000-000000000001",
    )
    form = KinerjaForm()
    expected = {}
    for periode in PERIODS:
        for unit in form.units(year, periode):
            sheet = form.read(SheetKey(year, form.kode, unit, periode), TODAY)
            bare = sum(1 for row in sheet.rows if wajib and not row.closed and row.teks and not row.bukti)
            expected[periode, unit.pk if unit else None] = Filling(sheet.fillable, sheet.filled, bare)
    assert form.fillings(year, PERIODS) == expected
    # One of two components, both of two, and jkn: of the two indicators of its node the other has no target.
    assert expected[2, district.pkm[1].pk] == Filling(2, 1, 1 if wajib else 0)
    assert expected[2, district.pkm[0].pk].share == 100
    assert expected[2, district.bidang.pk] == Filling(1, 1, 0)
    assert expected[1, district.pkm[2].pk] == Filling(2, 0, 0)


def test_the_number_of_queries_is_that_of_one_unit(
    district: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(7):  # type: ignore[attr-defined]
        assert len(KinerjaForm().fillings(district.tahun_kinerja, PERIODS)) == 5 * 5
