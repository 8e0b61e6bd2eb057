"""Pengaturan: what each policy changes and stands on; only the planner chooses, and the year is counted anew."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from capaian.spm.models import CapaianSpm, PengaturanSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/pengaturan/"


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    assert reverse("spm:pengaturan", args=["contoh", 2024]) == URL
    assert login("outsider").get(URL).status_code == 403


def test_the_page_says_what_holds_and_why(login: Login, spm: SimpleNamespace) -> None:
    html = login("perencana").get(URL).content.decode()
    assert "Menurut tahun: Permenkes 6/2024" in html
    assert "Permenkes 4/2019, berlaku 2019 sampai 2023" in html
    assert html.count(" checked") == 4


def test_a_choice_counts_the_year_anew(login: Login, spm: SimpleNamespace) -> None:
    mawar = CapaianSpm.objects.filter(unit=spm.units["mawar"], layanan="usia_pendidikan_dasar", triwulan=2)
    # School year: of January to June only the months to May count, 5 × 90.
    assert mawar.get().terlayani == 450
    response = login("perencana").post(URL, {"jendela_pendidikan": "tahun_kalender"})
    assert response.status_code == 302
    assert mawar.get().terlayani == 540
    # What was not sent stays as it was.
    assert PengaturanSpm.objects.get().frekuensi == "bulanan"


def test_an_unknown_choice_changes_nothing(login: Login, spm: SimpleNamespace) -> None:
    response = login("perencana").post(URL, {"indeks_mutu": "terserah"})
    assert response.status_code == 422
    assert "tidak ada; pilih" in response.content.decode()
    assert not PengaturanSpm.objects.exists()


def test_others_read_only(client: Client, login: Login, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    assert "<fieldset disabled>" in client.get(URL).content.decode()
    assert client.post(URL, {"frekuensi": "triwulanan"}).status_code == 403
    assert login("kepala").post(URL, {"frekuensi": "triwulanan"}).status_code == 403
