"""The heat map and the page of a Puskesmas: what stands in a cell, who sees which row, and what is flagged."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import office_of
from capaian.rules.spm.standar import standar_of
from capaian.spm.actions import compute_spm
from capaian.spm.models import CapaianSpm, PelayananSpm, SasaranSpm
from capaian.spm.queries_peta import coverage_look, heat_map, kategori_look

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/"
UNIT = "/contoh/2024/spm/unit/mawar/"


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_addresses() -> None:
    assert reverse("spm:peta", args=["contoh", 2024]) == URL
    assert reverse("spm:unit", args=["contoh", 2024, "mawar"]) == UNIT


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    for url in (URL, UNIT):
        assert login("outsider").get(url).status_code == 403


def test_the_map_has_each_puskesmas_and_the_district_of_verified_reports(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{URL}?tw=2")
    # Mawar: 6 × 90 of 1,200; the district: the same 540 of 2,100 (1,200 + 600 + 300), for Melati's report is a draft.
    assert 'data-value="45.00"' in html
    assert 'data-value="25.71"' in html
    assert "540 dari 1.200 orang; Sedikit tertinggal" in html
    assert "1 dari 3 Puskesmas terverifikasi" in html
    assert "1 dari 3 terverifikasi" in html
    assert html.count("Belum melapor") == 2


def test_the_states_of_the_reports_are_told(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{URL}?tw=1")
    assert "1 belum, 1 draf, 1 terverifikasi" in html
    assert "2 dari 4 terverifikasi" in text(login("perencana"), f"{URL}?tw=0")


def test_what_exceeds_the_sasaran_and_what_sources_dispute_is_flagged(login: Login, spm: SimpleNamespace) -> None:
    mawar = spm.units["mawar"]
    PelayananSpm.objects.filter(unit=mawar, layanan="balita", bulan=1).update(terlayani=1200)
    SasaranSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=mawar, kelompok="balita", jumlah=999, metode="riil", sumber="Posyandu"
    )
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    html = text(login("perencana"), f"{URL}?tw=1")
    # 1,200 + 90 + 90 of 1,200
    assert 'data-value="115.00"' in html
    assert "Melebihi sasaran" in html
    assert ", di atas 100%" in html
    assert ", sasaran bersumber beda" in html
    assert "1 di atas 100%, 1 sasaran bersumber beda" in html


def test_a_person_of_a_unit_sees_that_unit_only(client: Client, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    html = text(client, f"{URL}?tw=1")
    assert "Puskesmas Mawar" in html
    assert "Puskesmas Melati" not in html
    assert "Kabupaten/kota" not in html
    # 270 of 2,100, the district's coverage
    assert "12.86" not in html
    assert client.get(UNIT.replace("mawar", "melati")).status_code == 403


def test_the_index_is_shown_with_its_category(login: Login, spm: SimpleNamespace) -> None:
    CapaianSpm.objects.filter(unit=spm.units["mawar"], triwulan=1).update(
        indeks=Decimal("91.50"), kategori="tuntas_utama"
    )
    html = text(login("perencana"), f"{URL}?tw=1&angka=indeks")
    assert html.count("; Tuntas Utama") == 12
    # The mean of twelve equal indices
    assert ">91,50<" in html


def test_the_map_sorts_by_a_service_and_leads_to_it(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), URL)
    assert html.count("data-sort-here") == 12
    assert 'href="/contoh/2024/spm/layanan/ibu_hamil/?tw=0"' in html


def test_a_map_without_sasaran_says_what_to_do(login: Login, tahun_kinerja: TahunKinerja) -> None:
    html = text(login("perencana"), URL)
    assert "Belum ada yang dapat dipetakan" in html
    assert "/contoh/2024/spm/sasaran/" in html


def test_the_queries_do_not_grow_with_the_units(
    login: Login, spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    client.get(f"{URL}?tw=1")
    with django_assert_max_num_queries(11) as before:
        client.get(f"{URL}?tw=1")
    for number in range(10):
        unit = UnitKerja.objects.create(
            instansi=spm.tahun_kinerja.instansi, kunci=f"p{number}", nama=f"P {number}", jenis="puskesmas"
        )
        SasaranSpm.objects.create(
            tahun_kinerja=spm.tahun_kinerja,
            unit=unit,
            kelompok="balita",
            jumlah=9,
            metode="riil",
            sumber="x",
            dipakai=True,
        )
    with django_assert_max_num_queries(len(before)):
        assert "P 9" in text(client, f"{URL}?tw=1")


def test_the_page_of_a_puskesmas_has_who_is_not_served(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{UNIT}?tw=2")
    # 1,200 − 540
    assert html.count(">660<") >= 10
    assert "/isian/spm/mawar/2/" in html
    assert "/spm/monev/mawar/2/" in html
    assert "Belum ada hasil SPM" in text(login("perencana"), UNIT.replace("mawar", "anggrek"))


def test_the_office_has_no_page_of_a_unit(login: Login, spm: SimpleNamespace) -> None:
    assert login("perencana").get(UNIT.replace("mawar", "instansi")).status_code == 404


@pytest.mark.parametrize(
    ("penerima", "triwulan", "word"),
    [
        ("100.01", 1, "Melebihi sasaran"),
        ("100", 0, "Terpenuhi"),
        ("25", 1, "Sesuai laju"),
        ("24.99", 1, "Sedikit tertinggal"),
        ("20", 1, "Sedikit tertinggal"),
        ("19.99", 1, "Tertinggal"),
        ("50", 0, "Tertinggal"),
        ("49.99", 0, "Jauh tertinggal"),
        ("0", 2, "Jauh tertinggal"),
    ],
)
def test_the_word_of_a_coverage_follows_the_pace(penerima: str, triwulan: int, word: str) -> None:
    assert coverage_look(Decimal(penerima), triwulan)[0] == word


def test_every_category_of_the_standard_has_a_tone() -> None:
    standar = standar_of(2024)
    bands = standar.penerapan.scale("kategori").bands
    assert sorted(kategori_look(standar, band.kode)[1] for band in bands) == [0, 1, 2, 3, 4, 5]


def test_nothing_is_drawn_for_who_may_see_nothing(spm: SimpleNamespace, cast: SimpleNamespace) -> None:
    found = heat_map(office_of(cast.newcomer, spm.tahun_kinerja), 1, "cakupan")
    assert found.is_empty
    assert found.office is None
