"""Impor anggaran and Pemetaan kolom: who may, from a file to stored pagu, and an office's own header words."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from capaian.budget.models import Pagu
from capaian.exchange.mapping import columns_of
from capaian.exchange.models import Upload
from capaian.organisations.models import TahunKinerja

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
FILE = b"Kode;Uraian;Pagu\n1.02.02.2.02.0001;Nama sub_kegiatan;1.500.000\n"


@pytest.fixture
def impor(tahun_kinerja: TahunKinerja) -> str:
    return reverse("exchange:impor", args=["contoh", 2024])


@pytest.fixture
def pemetaan(tahun_kinerja: TahunKinerja) -> str:
    return reverse("exchange:pemetaan", args=["contoh", 2024, "pagu"])


@pytest.mark.parametrize("person", ["outsider", "newcomer", "operator", "publik", "inspektorat"])
def test_who_does_not_import_is_refused(login: Login, impor: str, pemetaan: str, person: str) -> None:
    client = login(person)
    for url in (impor, pemetaan):
        assert client.get(url).status_code == 403
        assert client.post(url, {"jenis": "pagu"}).status_code == 403


def test_a_file_goes_from_the_page_into_the_budget(login: Login, impor: str, plan: SimpleNamespace) -> None:
    client = login("keuangan")
    assert "Belum ada berkas" in client.get(impor).content.decode()
    order = {"jenis": "pagu", "versi": "apbd", "berkas": SimpleUploadedFile("pagu.csv", FILE)}
    place = client.post(impor, order).headers["Location"]
    html = client.get(place).content.decode()
    assert "1.500.000" in html
    assert not Pagu.objects.exists()
    client.post(f"{place}terapkan/")
    assert list(Pagu.objects.values_list("node__kode", "versi", "jumlah")) == [("1.02.02.2.02.0001", "apbd", 1_500_000)]
    assert "pagu.csv" in client.get(impor).content.decode()


@pytest.mark.parametrize(
    "order",
    [{}, {"jenis": "pagu", "versi": "apa"}, {"jenis": "realisasi_anggaran", "periode": "5"}, {"jenis": "lembar"}],
)
def test_a_file_without_its_place_is_not_kept(login: Login, impor: str, order: dict[str, str]) -> None:
    client = login("keuangan")
    page = client.post(impor, {**order, "berkas": SimpleUploadedFile("pagu.csv", FILE)}, follow=True)
    assert "Pilih isi berkas" in page.content.decode()
    assert not Upload.objects.exists()


def test_what_is_no_table_is_refused_in_words(login: Login, impor: str) -> None:
    order = {"jenis": "pagu", "versi": "apbd", "berkas": SimpleUploadedFile("pagu.xlsx", b"%PDF-1.7")}
    assert "bukan Excel" in login("keuangan").post(impor, order, follow=True).content.decode()
    assert not Upload.objects.exists()


def test_an_office_edits_its_header_words_and_takes_them_back(
    login: Login, pemetaan: str, tahun_kinerja: TahunKinerja
) -> None:
    client = login("keuangan")
    assert "pemetaan bawaan" in client.get(pemetaan).content.decode()
    shipped = columns_of(tahun_kinerja.instansi, "pagu")
    typed = {f"kolom-{name}": "\n".join(words) for name, words in shipped.items()}
    client.post(pemetaan, {**typed, "kolom-kode": "Nomor Anggaran\r\n\r\n"})
    assert columns_of(tahun_kinerja.instansi, "pagu")["kode"] == ["Nomor Anggaran"]
    refused = client.post(pemetaan, {**typed, "kolom-kode": ""}).content.decode()
    assert "tanpanya berkas tidak terbaca" in refused
    client.post(pemetaan, {"bawaan": "1"})
    assert columns_of(tahun_kinerja.instansi, "pagu") == shipped


def test_an_unknown_kind_has_no_mapping(login: Login, tahun_kinerja: TahunKinerja) -> None:
    assert login("keuangan").get(reverse("exchange:pemetaan", args=["contoh", 2024, "lembar"])).status_code == 404


def test_the_anggaran_page_leads_here_for_who_may(login: Login, impor: str) -> None:
    anggaran = reverse("budget:anggaran", args=["contoh", 2024])
    assert f'href="{impor}"' in login("keuangan").get(anggaran).content.decode()
    assert f'href="{impor}"' not in login("inspektorat").get(anggaran).content.decode()
