"""The traces: of a result out of what is stored now, of the index over the services, and what differs by now."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from capaian.spm.models import CapaianSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/jejak/balita/2/mawar/"
OFFICE = "/contoh/2024/spm/jejak/balita/2/instansi/"
INDEX = "/contoh/2024/spm/jejak/indeks/2/mawar/"


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_addresses() -> None:
    assert reverse("spm:jejak", args=["contoh", 2024, "balita", 2, "mawar"]) == URL
    assert reverse("spm:jejak_indeks", args=["contoh", 2024, 2, "mawar"]) == INDEX


def test_the_outsider_and_another_unit_are_refused(login: Login, client: Client, spm: SimpleNamespace) -> None:
    for url in (URL, OFFICE, INDEX):
        assert login("outsider").get(url).status_code == 403
    client.force_login(spm.operator)
    assert client.get(URL).status_code == 200
    assert client.get(OFFICE).status_code == 403
    assert client.get(URL.replace("mawar", "melati")).status_code == 403
    assert client.get(INDEX.replace("mawar", "instansi")).status_code == 403


def test_what_is_not_there_is_not_found(login: Login, spm: SimpleNamespace) -> None:
    for url in (URL.replace("balita", "kucing"), URL.replace("/2/", "/5/"), INDEX.replace("/2/", "/5/")):
        assert login("perencana").get(url).status_code == 404


def test_the_steps_state_inputs_and_policies(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), URL)
    for said in ("540", "1.200", "45,00", "tahun kalender", "spm/permenkes_6_2024", "/regulasi/"):
        assert said in html
    assert "Hasil yang tersimpan berbeda" not in html


def test_the_office_joins_verified_reports(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), OFFICE)
    # Mawar's 540 of the 2,100 of all three
    assert "2.100" in html
    assert "25,71" in html
    assert "Baru 1 dari 3 Puskesmas" in html


def test_a_stored_result_that_differs_is_told(login: Login, spm: SimpleNamespace) -> None:
    CapaianSpm.objects.filter(unit=spm.units["mawar"], layanan="balita", triwulan=2).update(penerima=Decimal("44.00"))
    assert "Hasil yang tersimpan berbeda" in text(login("perencana"), URL)


def test_the_index_names_the_services(login: Login, spm: SimpleNamespace) -> None:
    rows = CapaianSpm.objects.filter(unit=spm.units["mawar"], triwulan=2)
    rows.filter(layanan="balita").update(indeks=Decimal("90"))
    rows.filter(layanan="ibu_hamil").update(indeks=Decimal("71"))
    html = text(login("perencana"), INDEX)
    # (90 + 71) ÷ 2
    assert "80,50" in html
    assert "10 jenis pelayanan belum mempunyai indeks." in html
