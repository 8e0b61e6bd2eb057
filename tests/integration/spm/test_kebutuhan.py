"""Kebutuhan: sasaran × standard, shortage and cost by service, staff once, the district as the sum of its units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.rules.spm.standar import Butir, Profesi, standar_of
from capaian.rules.trace import Citation
from capaian.spm import queries
from capaian.spm.models import KebutuhanSpm, MutuSpm, SasaranSpm
from capaian.spm.queries_kebutuhan import district_needs, read_needs, unit_needs

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/kebutuhan/"
_PLACE = Citation("Permenkes 6/2024", "tabel barang", "tertulis")


def _butir(kode: str, faktor: str, jumlah: str, integrated: str = "") -> Butir:
    layanan = kode.partition(".")[0]
    value = Fraction(faktor) if faktor else None
    return Butir(kode, layanan, "barang", f"Barang {kode}", "buah", "ibu_hamil", value, jumlah, "", integrated, _PLACE)


@pytest.fixture
def needy(spm: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A standard of four items and two kinds of staff; Mawar states stock and prices, Melati stock only.

    Sasaran of ibu hamil: Mawar 1.200, Melati 600, Anggrek 300.
    """
    standar = replace(
        standar_of(2024),
        butir=(
            _butir("ibu_hamil.ttd", "180", "180 tablet × ibu hamil"),
            _butir("ibu_hamil.gel", "1/15", "1/15 × ibu hamil"),
            _butir("ibu_hamil.kie", "", "sesuai kebutuhan"),
            _butir("ibu_bersalin.kartu", "1", "terintegrasi", "ibu_hamil.ttd"),
        ),
        profesi=(Profesi("bidan", "Bidan", "kesehatan"), Profesi("kader", "Kader", "non_kesehatan")),
        profesi_layanan={"ibu_hamil": ("bidan",), "ibu_bersalin": ("bidan",), "balita": ("bidan", "kader")},
    )
    monkeypatch.setattr(queries, "standar_of", lambda tahun: standar)
    stated = [
        ("mawar", "ibu_hamil.ttd", None, 500, Decimal(200_000)),
        ("mawar", "sdm.bidan", Decimal(10), None, Decimal(8)),
        ("melati", "ibu_hamil.ttd", None, None, Decimal(120_000)),
        ("melati", "sdm.bidan", Decimal(4), None, Decimal(6)),
    ]
    for unit, butir, need, price, stock in stated:
        place = {"tahun_kinerja": spm.tahun_kinerja, "unit": spm.units[unit], "butir": butir}
        KebutuhanSpm.objects.create(**place, kebutuhan=need, harga_satuan=price)
        MutuSpm.objects.create(**place, triwulan=0, tersedia=stock)
    return spm


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_outsider_is_refused(login: Login, needy: SimpleNamespace) -> None:
    assert reverse("spm:kebutuhan", args=["contoh", 2024]) == URL
    client = login("outsider")
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}jejak/mawar/ibu_hamil.ttd/").status_code == 403


def test_a_unit_needs_its_sasaran_times_the_standard(needy: SimpleNamespace) -> None:
    needs = unit_needs(read_needs(needy.tahun_kinerja), needy.units["mawar"])
    tablets, gel, kie = needs.services[0].items
    # 180 × 1.200 = 216.000; 216.000 − 200.000 = 16.000; × 500 = 8.000.000.
    hasil = tablets.hasil
    assert (hasil.jumlah, hasil.selisih, hasil.biaya) == (Decimal(216_000), Decimal(16_000), 8_000_000)
    assert gel.hasil.jumlah == 80
    assert kie.hasil.jumlah is None
    assert needs.services[0].biaya == 8_000_000
    assert needs.services[0].unknown == 2
    # The integrated item is named and not counted again.
    assert needs.services[1].items[0].integrated == "Barang ibu_hamil.ttd"
    assert not needs.services[1].counted


def test_staff_are_counted_once_across_services(needy: SimpleNamespace) -> None:
    needs = unit_needs(read_needs(needy.tahun_kinerja), needy.units["mawar"])
    bidan, kader = needs.staff
    assert bidan.services == ("Ibu hamil", "Ibu bersalin", "Balita")
    assert (bidan.hasil.jumlah, bidan.hasil.selisih, needs.staff_lack) == (10, 2, 2)
    assert kader.hasil.selisih is None


def test_the_district_is_the_sum_of_its_units(needy: SimpleNamespace) -> None:
    needs = district_needs(read_needs(needy.tahun_kinerja))
    tablets = needs.services[0].items[0]
    # 180 × (1.200 + 600 + 300); Melati has 12.000 too many, which do not fill what Mawar lacks.
    assert tablets.sasaran == 2100
    assert (tablets.hasil.jumlah, tablets.hasil.selisih, tablets.hasil.biaya) == (378_000, 16_000, 8_000_000)
    assert (tablets.reporting, tablets.asked) == (2, 3)
    # Mawar lacks two, Melati has two too many.
    assert needs.staff[0].hasil.selisih == 2


def test_the_price_of_the_office_holds_for_who_has_none(needy: SimpleNamespace) -> None:
    KebutuhanSpm.objects.create(tahun_kinerja=needy.tahun_kinerja, butir="ibu_hamil.ttd", harga_satuan=400)
    data = read_needs(needy.tahun_kinerja)
    assert data.price(needy.units["mawar"].pk, "ibu_hamil.ttd") == 500
    assert data.price(needy.units["melati"].pk, "ibu_hamil.ttd") == 400


def test_the_page_shows_formula_cost_and_what_is_missing(login: Login, needy: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{URL}?unit=mawar")
    assert "180 tablet × ibu hamil" in html
    assert ">8.000.000<" in html
    assert "2 dari 3 butir" in html
    assert "Ibu hamil, Ibu bersalin, Balita" in html
    assert "/spm_kebutuhan/mawar/" in html
    assert "2 dari 3" in text(login("perencana"), URL)


def test_the_trace_leads_from_sasaran_to_cost(login: Login, needy: SimpleNamespace) -> None:
    html = text(login("perencana"), f"{URL}jejak/mawar/ibu_hamil.ttd/")
    assert "216.000 buah" in html
    assert "Rp 8.000.000" in html
    assert "tabel barang" in html
    whole = text(login("perencana"), f"{URL}jejak/instansi/ibu_hamil.ttd/")
    assert "216.000 − 200.000 = 16.000, Rp 8.000.000" in whole
    assert "108.000 − 120.000 = -12.000" in whole
    assert "-2 orang" in text(login("perencana"), f"{URL}jejak/melati/sdm.bidan/")
    assert login("perencana").get(f"{URL}jejak/mawar/tidak.ada/").status_code == 404


def test_an_operator_sees_the_own_unit_only(client: Client, needy: SimpleNamespace) -> None:
    client.force_login(needy.operator)
    html = text(client, URL)
    assert "Kebutuhan SPM Puskesmas Mawar" in html
    assert "Melati" not in html
    for url in (f"{URL}?unit=melati", f"{URL}?unit=instansi", f"{URL}jejak/melati/ibu_hamil.ttd/"):
        assert client.get(url).status_code == 403


def test_without_sasaran_the_page_says_what_comes_first(login: Login, spm: SimpleNamespace) -> None:
    SasaranSpm.objects.all().delete()
    assert "Tetapkan dahulu sasaran Puskesmas" in text(login("perencana"), URL)


def test_the_queries_do_not_grow_with_the_units(
    login: Login, needy: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    with django_assert_max_num_queries(15):
        client.get(URL)
