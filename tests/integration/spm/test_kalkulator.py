"""Kalkulator: estimates with formula and doubts, kept as a sasaran with their inputs, and traced from there again."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.rules.spm.sasaran import CALCULATORS
from capaian.spm.models import SasaranSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
# 1,10 × 20 ÷ 1.000 × 50.000 = 1.100
BUMIL = {"cbr": "20", "penduduk": "50.000"}
# The example of the standard: 5.529.773 × 0,0021 = 11.612,5, rounded up.
ODGJ = {"prevalensi": "0,21", "penduduk": "5529773"}
SHORT = ODGJ | {"ditemukan_lalu": "9000", "ditemukan_dua_lalu": "8.500"}
SAVE = {"metode": "proyeksi", "sumber": "Perkiraan Dinas"}


def url(kode: str, unit: str = "mawar", **inputs: str) -> str:
    query = {"unit": unit} | ({"hitung": "1"} | inputs if inputs else {})
    return f"/contoh/2024/spm/sasaran/kalkulator/{kode}/?{urlencode(query)}"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    assert reverse("spm:kalkulator", args=["contoh", 2024, "ibu_hamil"]) in url("ibu_hamil")
    assert login("outsider").get(url("ibu_hamil")).status_code == 403


@pytest.mark.parametrize("kode", CALCULATORS)
def test_every_estimate_has_a_page(login: Login, spm: SimpleNamespace, kode: str) -> None:
    html = text(login("perencana"), url(kode))
    for one in CALCULATORS[kode].fields:
        assert f'name="{one.nama}"' in html
    assert f"kalkulator/{kode}/" in text(login("perencana"), "/contoh/2024/spm/sasaran/")


def test_the_result_shows_its_formula_inputs_and_basis(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), url("ibu_hamil", **BUMIL))
    assert '<p class="result-figure num">1.100 ' in html
    assert "CBR × penduduk" in html
    assert "Permenkes 6/2024" in html
    assert not SasaranSpm.objects.filter(sumber__startswith="Perkiraan").exists()


def test_doubts_are_said(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), url("terduga_tb", target_penemuan="100"))
    assert ">540 " in html
    assert "dibaca ×" in html
    hiv = text(login("perencana"), url("risiko_hiv", ibu_hamil="900", lsl="20"))
    assert ">920 " in hiv
    assert "Belum diisi: Pasien TBC" in hiv


def test_an_estimate_becomes_a_sasaran_with_its_inputs(login: Login, spm: SimpleNamespace) -> None:
    client = login("perencana")
    assert client.post(url("ibu_hamil"), BUMIL | SAVE).status_code == 302
    row = SasaranSpm.objects.get(sumber="Perkiraan Dinas")
    assert (row.kelompok, row.jumlah, row.unit) == ("ibu_hamil", 1100, spm.units["mawar"])
    assert row.rumus == {"kode": "ibu_hamil", "masukan": {"cbr": "20", "penduduk": "50000"}}
    # Another source is used already, and stays so.
    assert not row.dipakai
    trace = text(client, reverse("spm:sasaran_jejak", args=["contoh", 2024, row.pk]))
    assert "1.100 orang" in trace
    assert "50.000" in trace
    # The next time one begins where one was.
    assert 'value="50.000"' in text(client, url("ibu_hamil"))


def test_a_figure_that_no_formula_gave_has_no_trace(login: Login, spm: SimpleNamespace) -> None:
    row = SasaranSpm.objects.filter(unit=spm.units["mawar"]).first()
    assert row is not None
    assert login("perencana").get(reverse("spm:sasaran_jejak", args=["contoh", 2024, row.pk])).status_code == 404


@pytest.mark.parametrize(
    ("kode", "inputs", "message"),
    [
        ("ibu_hamil", {"cbr": "20", "penduduk": ""}, "Jumlah penduduk belum diisi"),
        ("ibu_hamil", {"cbr": "-1", "penduduk": "5"}, "tidak dapat negatif"),
        ("ibu_hamil", {"cbr": "dua puluh", "penduduk": "5"}, "bukan angka"),
        ("ibu_hamil", {"cbr": "20", "penduduk": "1,5"}, "bukan bilangan bulat"),
        ("ibu_hamil", {"cbr": "1.234", "penduduk": "5"}, "dapat dibaca"),
        ("odgj_berat", {"prevalensi": "210", "penduduk": "5"}, "paling banyak 100"),
        ("terduga_tb", {"target_penemuan": ""}, "Isi target penemuan"),
    ],
)
def test_what_cannot_be_estimated_is_said_and_kept(
    login: Login, spm: SimpleNamespace, kode: str, inputs: dict[str, str], message: str
) -> None:
    before = SasaranSpm.objects.count()
    client = login("perencana")
    for response in (client.get(url(kode, **inputs)), client.post(url(kode), inputs | SAVE)):
        html = response.content.decode()
        assert response.status_code == 422
        assert message in html
        for name, value in inputs.items():
            assert f'name="{name}" value="{value}"' in html
    assert SasaranSpm.objects.count() == before


def test_a_result_that_no_column_holds_is_refused(login: Login, spm: SimpleNamespace) -> None:
    inputs = {"cbr": "1000", "penduduk": "2000000000"}
    response = login("perencana").post(url("ibu_hamil"), inputs | SAVE)
    assert response.status_code == 422
    assert "terlalu besar" in response.content.decode()


def test_the_exception_of_odgj_asks_for_decree_and_justification(login: Login, spm: SimpleNamespace) -> None:
    client = login("perencana")
    assert 'name="ditetapkan"' not in text(client, url("odgj_berat", **ODGJ))
    assert 'name="ditetapkan"' in text(client, url("odgj_berat", **SHORT))
    refused = client.post(url("odgj_berat"), SHORT | SAVE | {"ditetapkan": "9.100"})
    assert refused.status_code == 422
    assert "nomor keputusan dan justifikasi" in refused.content.decode()
    decree = {"ditetapkan": "9.100", "nomor_keputusan": "440/12/2024", "justifikasi": "Skrining rumah dua tahun"}
    # Where one year found as many as estimated, there is no exception.
    closed = client.post(url("odgj_berat"), SHORT | SAVE | decree | {"ditemukan_lalu": "12.000"})
    assert "hanya dapat ditetapkan bila dua tahun" in closed.content.decode()
    more = client.post(url("odgj_berat"), SHORT | SAVE | decree | {"ditetapkan": "12.000"})
    assert "melebihi perkiraan" in more.content.decode()
    assert client.post(url("odgj_berat"), SHORT | SAVE | decree).status_code == 302
    row = SasaranSpm.objects.get(nomor_keputusan="440/12/2024")
    assert (row.jumlah, row.metode) == (9100, "penetapan")
    trace = text(client, reverse("spm:sasaran_jejak", args=["contoh", 2024, row.pk]))
    assert "Rumus memberi 11.613; yang tersimpan 9.100" in trace
    assert "Skrining rumah dua tahun" in trace


def test_an_operator_estimates_for_the_own_unit_only(client: Client, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    assert client.post(url("ibu_hamil"), BUMIL | SAVE).status_code == 302
    for other in ("melati", "instansi"):
        assert client.get(url("ibu_hamil", other)).status_code == 403
        assert client.post(url("ibu_hamil", other), BUMIL | SAVE).status_code == 403
    other_row = SasaranSpm.objects.filter(unit=spm.units["melati"]).first()
    assert other_row is not None
    assert client.get(reverse("spm:sasaran_jejak", args=["contoh", 2024, other_row.pk])).status_code == 403


def test_who_only_looks_can_calculate_but_not_save(login: Login, spm: SimpleNamespace) -> None:
    client = login("inspektorat")
    html = text(client, url("ibu_hamil", "instansi", **BUMIL))
    assert "Yang menyimpannya ialah perencana" in html
    assert client.post(url("ibu_hamil", "instansi"), BUMIL | SAVE).status_code == 403


def test_the_queries_are_few(
    login: Login, spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    with django_assert_max_num_queries(15):
        client.get(url("ibu_hamil", **BUMIL))
