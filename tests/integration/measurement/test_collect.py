"""The office's value of an indicator that Puskesmas report: joined from verified reports only. Figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from capaian.measurement.models import Capaian, Realisasi
from capaian.organisations.models import UnitKerja
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, SheetKey, form_definition

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2024, 11, 15)


@pytest.fixture
def units(plan: SimpleNamespace) -> list[UnitKerja]:
    instansi = plan.tahun_kinerja.instansi
    plan.jkn.pelapor, plan.jkn.gabungan = "puskesmas", "rasio"
    plan.jkn.save()
    return [
        instansi.unit_kerja.create(kunci=f"pkm-{number}", nama=f"Puskesmas {number}", jenis="puskesmas", urutan=number)
        for number in (1, 2)
    ]


def report(plan: SimpleNamespace, cast: SimpleNamespace, unit: UnitKerja, over: str, under: str) -> SheetKey:
    key = SheetKey(plan.tahun_kinerja, "kinerja", unit, 1)
    changes = [Change(f"{plan.jkn.kunci}#pembilang", over), Change(f"{plan.jkn.kunci}#penyebut", under)]
    assert all(one.ok for one in write_sheet(by=cast.perencana, key=key, changes=changes, today=TODAY))
    advance(by=cast.perencana, key=key, transition="ajukan", today=TODAY)
    return key


def value(plan: SimpleNamespace) -> str | None:
    return Realisasi.objects.filter(indikator=plan.jkn, periode=1).values_list("teks", flat=True).first()


def test_only_verified_reports_count(plan: SimpleNamespace, cast: SimpleNamespace, units: list[UnitKerja]) -> None:
    first = report(plan, cast, units[0], "90", "100")
    second = report(plan, cast, units[1], "10", "300")
    assert value(plan) is None
    advance(by=cast.pemegang_program, key=first, transition="verifikasi", today=TODAY)
    assert value(plan) == "90"
    advance(by=cast.pemegang_program, key=second, transition="verifikasi", today=TODAY)
    assert value(plan) == "25"  # 100 of 400
    capaian = Capaian.objects.get(indikator=plan.jkn, periode=1)
    assert capaian.tampil == Decimal("25.51")  # 25 of 98
    stored = Realisasi.objects.get(indikator=plan.jkn, periode=1)
    assert (stored.pembilang, stored.penyebut) == (100, 400)
    assert stored.jejak["steps"][0]["inputs"] == [["Puskesmas 1", "90 / 100"], ["Puskesmas 2", "10 / 300"]]
    advance(by=cast.pemegang_program, key=first, transition="kembalikan", reason="Periksa", today=TODAY)
    assert value(plan) == "3,3333"


def test_a_collected_indicator_is_nobodys_to_type(
    plan: SimpleNamespace, cast: SimpleNamespace, units: list[UnitKerja]
) -> None:
    key = SheetKey(plan.tahun_kinerja, "kinerja", None, 1)
    [outcome] = write_sheet(by=cast.perencana, key=key, changes=[Change(plan.jkn.kunci, "97")], today=TODAY)
    assert (outcome.status, value(plan)) == ("refused", None)


def test_who_owes_a_report(plan: SimpleNamespace, units: list[UnitKerja]) -> None:
    assert form_definition("kinerja").units(plan.tahun_kinerja, 1) == [None, *units]


def test_a_part_of_a_ratio_is_a_plain_number(
    plan: SimpleNamespace, cast: SimpleNamespace, units: list[UnitKerja]
) -> None:
    key = SheetKey(plan.tahun_kinerja, "kinerja", units[0], 1)
    changes = [Change(f"{plan.jkn.kunci}#pembilang", "dua"), Change(f"{plan.jkn.kunci}#penyebut", "1.674")]
    first, second = write_sheet(by=cast.perencana, key=key, changes=changes, today=TODAY)
    assert "tidak dikenal" in first.message
    assert second.readings == (("1.674", "1674"), ("1,674", "1,6740"))
