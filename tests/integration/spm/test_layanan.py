"""The page of a service: its standard, its months, where it is behind, quality, problems, money, printed figures."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import office_of
from capaian.spm.actions import compute_spm
from capaian.spm.models import (
    AlokasiSpm,
    CapaianSpm,
    KebutuhanSpm,
    MonevSpm,
    MutuSpm,
    PelayananSpm,
    PengaturanSpm,
    SasaranSpm,
    TercetakSpm,
)
from capaian.spm.queries import spm_rules
from capaian.spm.queries_layanan import months_of, quality_of, reports_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/layanan/balita/"


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_address() -> None:
    assert reverse("spm:layanan", args=["contoh", 2024, "balita"]) == URL


def test_the_outsider_is_refused_and_an_unknown_service_is_none(login: Login, spm: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403
    assert login("perencana").get("/contoh/2024/spm/layanan/kucing/").status_code == 404


def test_the_standard_stands_beside_the_figures(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{URL}?tw=2")
    layanan = spm_rules(spm.tahun_kinerja).standar.find("balita")
    assert layanan.pembilang in html
    assert layanan.penyebut in html
    assert "19 syarat pelayanan" in html
    assert layanan.syarat[0].teks in html
    assert "Baru 1 dari 3 unit yang laporannya terverifikasi." in html
    assert ">25,71<" in html


def test_the_months_add_up_over_the_units(spm: SimpleNamespace, cast: SimpleNamespace) -> None:
    year = spm.tahun_kinerja
    rules, office = spm_rules(year), office_of(cast.perencana, year)
    months = months_of(rules, rules.standar.find("balita"), reports_of(office, None))
    # Mawar 90 a month for six months, Melati 60 for three.
    assert [one.baru for one in months[:7]] == [150, 150, 150, 90, 90, 90, None]
    assert [one.sampai for one in months[:7]] == [150, 300, 450, 540, 630, 720, None]
    assert [one.label for one in months[:2]] == ["Jan 24", "Feb 24"]


def test_a_quarter_stands_in_its_last_month_and_a_school_year_begins_in_june(
    spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    year, melati = spm.tahun_kinerja, spm.units["melati"]
    PelayananSpm.objects.filter(unit=melati).delete()
    PelayananSpm.objects.create(tahun_kinerja=year, unit=melati, layanan="balita", triwulan=1, terlayani=70)
    rules, office = spm_rules(year), office_of(cast.perencana, year)
    months = months_of(rules, rules.standar.find("balita"), reports_of(office, melati))
    assert [(one.label, one.baru) for one in months if one.baru] == [("Mar 24", 70)]
    school = months_of(rules, rules.standar.find("usia_pendidikan_dasar"), reports_of(office, spm.units["mawar"]))
    assert (school[0].label, school[-1].label) == ("Jun 23", "Mei 24")
    # January to May of the year: five months of 90; June counts for the next year.
    assert school[-1].sampai == 450


def test_the_quarters_of_a_school_year_add_up_to_its_result(spm: SimpleNamespace, cast: SimpleNamespace) -> None:
    year, unit = spm.tahun_kinerja, spm.units["anggrek"]
    before = TahunKinerja.objects.get(instansi=year.instansi, tahun=year.tahun - 1)
    layanan = spm_rules(year).standar.find("usia_pendidikan_dasar")
    for where, triwulan, terlayani in ((before, 2, 1), (before, 3, 10), (before, 4, 20), (year, 1, 40), (year, 2, 80)):
        PelayananSpm.objects.create(
            tahun_kinerja=where, unit=unit, layanan=layanan.kode, triwulan=triwulan, terlayani=terlayani
        )
    compute_spm(by=None, tahun_kinerja=year)
    months = months_of(spm_rules(year), layanan, reports_of(office_of(cast.perencana, year), unit))
    stored = CapaianSpm.objects.get(tahun_kinerja=year, unit=unit, layanan=layanan.kode, triwulan=0)
    assert (months[-1].sampai, stored.terlayani) == (150, 150)


def test_the_lowest_puskesmas_stands_first(login: Login, spm: SimpleNamespace) -> None:
    PelayananSpm.objects.filter(unit=spm.units["melati"]).update(terlayani=10)
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    html = text(login("perencana"), f"{URL}?tw=1")
    table = html[html.index('id="layanan-puskesmas"') :]
    # 30 of 600, then 270 of 1,200, then who has not reported
    assert table.index("Puskesmas Melati") < table.index("Puskesmas Mawar") < table.index("Puskesmas Anggrek")


def test_quality_items_are_shown_as_the_index_counts_them(spm: SimpleNamespace) -> None:
    year, mawar = spm.tahun_kinerja, spm.units["mawar"]
    layanan = spm_rules(year).standar.find("balita")
    butir = spm_rules(year).standar.butir_of("balita")[0]
    KebutuhanSpm.objects.create(tahun_kinerja=year, unit=mawar, butir=butir.kode, kebutuhan=200)
    MutuSpm.objects.create(tahun_kinerja=year, unit=mawar, butir=butir.kode, triwulan=1, tersedia=150)
    worst = quality_of(year, layanan, mawar, 1)[0]
    assert (worst.item.nama, worst.indeks, worst.selisih) == (butir.nama, 75, 50)
    # The office counts verified quality only, and nothing of it is verified.
    assert all(one.indeks is None for one in quality_of(year, layanan, None, 1))


def test_problems_money_and_printed_figures_are_told(login: Login, spm: SimpleNamespace) -> None:
    year = spm.tahun_kinerja
    MonevSpm.objects.create(
        tahun_kinerja=year,
        unit=spm.units["mawar"],
        layanan="balita",
        triwulan=2,
        permasalahan="Vaksin habis",
        solusi="x",
    )
    AlokasiSpm.objects.create(tahun_kinerja=year, layanan="balita", sumber_dana="DAK", alokasi=1_500_000)
    TercetakSpm.objects.create(
        tahun_kinerja=year, layanan="balita", besaran="terlayani", sumber="LKIP", teks="550", nilai=550
    )
    html = text(login("perencana"), f"{URL}?tw=2")
    assert "Vaksin habis" in html
    assert "Rp 1.500.000" in html
    # 550 printed, 540 ours
    assert '<td class="num">550</td><td class="num">540</td><td class="num">10 ' in html
    assert "Vaksin habis" not in text(login("perencana"), f"{URL}?tw=1")


def test_sources_that_differ_are_told(login: Login, spm: SimpleNamespace) -> None:
    SasaranSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        unit=spm.units["mawar"],
        kelompok="balita",
        jumlah=1150,
        metode="riil",
        sumber="Posyandu",
    )
    html = text(login("perencana"), f"{URL}?unit=mawar&tw=1")
    assert "Sasaran disebut berbeda" in html
    assert "1.150</strong> (Posyandu)" in html
    assert "Sasaran disebut berbeda" not in text(login("perencana"), f"{URL}?unit=melati&tw=1")


def test_a_person_of_a_unit_sees_that_unit(client: Client, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    html = text(client, f"{URL}?tw=1")
    # 270 of 1,200
    assert ">22,50<" in html
    assert "Melati" not in html
    assert client.get(f"{URL}?unit=melati").status_code == 403
    assert client.get(f"{URL}?unit=instansi").status_code == 403


def test_the_queries_are_few(
    login: Login, spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    client.get(URL)
    with django_assert_max_num_queries(32):
        client.get(URL)


def test_an_older_standard_has_no_quality(login: Login, spm: SimpleNamespace) -> None:
    PengaturanSpm.objects.create(tahun_kinerja=spm.tahun_kinerja, standar="spm/permenkes_4_2019")
    assert "Mutu: barang dan tenaga" not in text(login("perencana"), URL)
