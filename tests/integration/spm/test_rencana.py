"""Rencana: the years of the renstra, target against sasaran, refused cells that keep what was typed, two people."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.planning.models import Renstra
from capaian.spm.actions import save_rencana
from capaian.spm.models import RencanaSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/rencana/"


def text(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def cell(kode: str, target: str, dana: str, base: str = "/") -> dict[str, str]:
    return {f"target-{kode}-2024": target, f"dana-{kode}-2024": dana, f"dasar-{kode}-2024": base}


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    assert reverse("spm:rencana", args=["contoh", 2024]) == URL
    assert login("outsider").get(URL).status_code == 403


def test_the_years_are_those_of_the_renstra(login: Login, spm: SimpleNamespace) -> None:
    assert ">2028</th>" in text(login("perencana"))
    Renstra.objects.create(instansi=spm.tahun_kinerja.instansi, nama="Renstra", awal=2021, akhir=2026)
    html = text(login("perencana"))
    assert ">2021</th>" in html
    assert ">2027</th>" not in html


def test_a_plan_is_saved_with_its_money_added_up(login: Login, spm: SimpleNamespace) -> None:
    client = login("perencana")
    form = cell("balita", "2.100", "Rp 150.000.000") | cell("ibu_hamil", "2000", "50.000.000")
    assert client.post(URL, form).status_code == 302
    assert RencanaSpm.objects.get(layanan="balita", tahun=2024).dana == 150_000_000
    html = text(client)
    assert "Rp 200.000.000" in html
    # The sasaran of the three Puskesmas together is 2.100: only ibu hamil differs.
    assert "Ibu hamil: target 2.000, sasaran 2.100; selisih -100" in html
    assert "Balita: target" not in html
    assert "Rp 200.000.000" not in text(client, f"{URL}?dokumen=rpjmd")


def test_a_cell_that_is_emptied_is_gone(login: Login, spm: SimpleNamespace) -> None:
    client = login("perencana")
    client.post(URL, cell("balita", "2100", "1000"))
    assert client.post(URL, cell("balita", "", "", "2.100/1.000")).status_code == 302
    assert not RencanaSpm.objects.exists()


def test_what_is_refused_keeps_everything_typed_and_stores_nothing(login: Login, spm: SimpleNamespace) -> None:
    form = cell("balita", "2.100", "lima juta") | cell("ibu_hamil", "2000", "")
    response = login("perencana").post(URL, form)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Balita 2024, dana" in html
    assert 'value="lima juta"' in html
    assert 'value="2000"' in html
    assert not RencanaSpm.objects.exists()


def test_what_another_stored_meanwhile_is_not_overwritten(
    login: Login, spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    other: User = cast.perencana
    save_rencana(
        by=other,
        tahun_kinerja=spm.tahun_kinerja,
        dokumen="renstra",
        layanan="balita",
        tahun=2024,
        target=2050,
        dana=None,
    )
    response = login("perencana").post(URL, cell("balita", "2100", "", "/"))
    assert response.status_code == 422
    assert "sudah diubah orang lain" in response.content.decode()
    assert RencanaSpm.objects.get().target == 2050
    # Whoever has seen it may decide.
    assert login("perencana").post(URL, cell("balita", "2100", "", "2.050/")).status_code == 302
    assert RencanaSpm.objects.get().target == 2100


def test_only_the_planner_writes(client: Client, login: Login, spm: SimpleNamespace) -> None:
    assert login("keuangan").post(URL, cell("balita", "1", "1")).status_code == 403
    client.force_login(spm.operator)
    assert client.post(URL, cell("balita", "1", "1")).status_code == 403
    assert "Rencana belum diisi" in text(client)


def test_the_queries_are_few(
    login: Login, spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    with django_assert_max_num_queries(13):
        client.get(URL)
