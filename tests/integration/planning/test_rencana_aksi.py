"""The rencana aksi as the offices print it, its findings, and the proposal of a first one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.models import Realisasi
from capaian.planning.actions import propose_target_triwulan
from capaian.planning.models import TargetTriwulan
from capaian.planning.queries import quarter_plans, rencana_aksi_rows
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/rencana-aksi/"


def test_url() -> None:
    assert reverse("planning:rencana_aksi", args=["contoh", 2024]) == URL


def test_anonymous_is_sent_to_login(client: Client, plan: SimpleNamespace) -> None:
    assert client.get(URL).status_code == 302


def test_outsider_is_refused(login: Login, plan: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403


def test_findings_stand_at_their_rows(
    login: Login, plan: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = login("kepala")
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_max_num_queries(12):
        html = client.get(URL).content.decode()
    assert "Pembagian tidak sesuai sifat indikator" in html
    rows = {row.indikator.pk: row for row in rencana_aksi_rows(plan.tahun_kinerja, plan.dokumen) if row.indikator}
    assert "8,5" in rows[plan.stunting.pk].findings[0].message
    assert rows[plan.ibu.pk].findings == ()
    assert rows[plan.berkas.pk].findings == ()


def test_metro_has_the_findings_of_the_seed() -> None:
    """Regulations 7.6: 194,39 is printed as 4 × 48,59 = 194,36 and 67,81 as 67,80; percentages are split as counts."""
    year = load_sample(sample=read_sample("metro_2024"), by=None).tahun_kinerja
    rows = rencana_aksi_rows(year, year.dokumen.get())
    found = {row.indikator.kunci: row.findings for row in rows if row.indikator}
    assert "194,36" in found["1.02.02/9"][0].message
    assert "67,8 " in found["1.02.02/11"][0].message
    assert found["iku.jkn"][0].title == "Pembagian tidak sesuai sifat indikator"
    assert found["iku.ahh"] == ()
    assert next(row for row in rows if row.code == "1.02.01").anggaran == 288_199_777_013


def without_quarters(plan: SimpleNamespace) -> None:
    TargetTriwulan.objects.all().delete()
    plan.dokumen.jenis = "renja"
    plan.dokumen.save()


def test_empty_state_offers_a_proposal_to_the_planner_only(login: Login, plan: SimpleNamespace) -> None:
    without_quarters(plan)
    assert "Usulkan target triwulan" in login("perencana").get(URL).content.decode()
    html = login("kepala").get(URL).content.decode()
    assert "Belum ada target triwulan" in html
    assert "Usulkan target triwulan</button>" not in html


def test_proposal_splits_counts_and_repeats_levels(login: Login, plan: SimpleNamespace) -> None:
    without_quarters(plan)
    response = login("perencana").post(f"{URL}usulan/", follow=True)
    assert "Usulan target triwulan dibuat" in response.content.decode()
    plans = quarter_plans(plan.tahun_kinerja)
    assert plans[plan.berkas.pk].quarters == ("4", "4", "3", "3")
    assert plans[plan.ibu.pk].quarters == ("1", "1", "0", "0")
    assert plans[plan.jkn.pk].quarters == ("98",) * 4
    assert plans[plan.stunting.pk].quarters == ("8,6",) * 4  # the promise before the plan
    assert AuditEntry.objects.filter(action="planning.propose_target_triwulan").count() == 1


def test_a_quarter_filled_before_is_judged_by_the_proposal(login: Login, plan: SimpleNamespace) -> None:
    without_quarters(plan)
    # 14 dokumen a year, proposed as 4, 4, 3, 3: three in the first quarter are 75 % of the plan up to then.
    Realisasi.objects.create(indikator=plan.berkas, tahun=plan.tahun_kinerja.tahun, periode=1, teks="3")
    login("perencana").post(f"{URL}usulan/")
    assert plan.berkas.capaian.get(periode=1).tampil == Decimal("75.00")


def test_proposal_is_made_once(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="sudah ada"):
        propose_target_triwulan(by=cast.perencana, tahun_kinerja=plan.tahun_kinerja)


def test_proposal_needs_the_right(login: Login, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    without_quarters(plan)
    assert login("pemegang_program").post(f"{URL}usulan/").status_code == 403
    assert login("perencana").get(f"{URL}usulan/").status_code == 405
    with pytest.raises(PermissionDenied):
        propose_target_triwulan(by=cast.kepala, tahun_kinerja=plan.tahun_kinerja)
