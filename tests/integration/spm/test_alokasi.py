"""Alokasi: sources of a service beside the budget of its sub kegiatan, of the office and of a Puskesmas."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.planning.models import Node
from capaian.spm.models import AlokasiSpm, TercetakSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/alokasi/"
NEW = {"baru-layanan": "balita", "baru-sumber": "DAK Non Fisik", "baru-alokasi": "100.000.000"}


def text(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def node(spm: SimpleNamespace) -> Node:
    """Sub kegiatan of balita with a pagu of 90 million, 80 of them spent."""
    kode = "1.02.02.2.02.0004"
    node = Node.objects.create(
        tahun_kinerja=spm.tahun_kinerja, kunci=kode, kode=kode, jenis="sub_kegiatan", nama="Balita", urutan=1
    )
    Pagu.objects.create(node=node, versi="apbd", jumlah=90_000_000)
    RealisasiAnggaran.objects.create(node=node, periode=0, jumlah=80_000_000)
    return node


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    assert reverse("spm:alokasi", args=["contoh", 2024]) == URL
    assert login("outsider").get(URL).status_code == 403


def test_sources_and_budget_that_differ_are_named(login: Login, spm: SimpleNamespace, node: Node) -> None:
    client = login("keuangan")
    assert client.post(URL, NEW | {"baru-realisasi": "80000000"}).status_code == 302
    html = text(client)
    assert "alokasi Rp 100.000.000, pagu sub kegiatan Rp 90.000.000, selisih Rp 10.000.000" in html
    # Spent is the same in both.
    assert "Realisasi menurut sumber" not in html
    assert "1.02.02.2.02.0001, tidak ada di rencana 2024" in html


def test_a_figure_that_cannot_be_read_in_print_keeps_its_text(login: Login, spm: SimpleNamespace) -> None:
    TercetakSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        layanan="balita",
        besaran="alokasi",
        sumber="Tabel alokasi",
        teks="1a31.611,631",
        terbaca="tidak_terbaca",
    )
    html = text(login("keuangan"))
    assert "1a31.611,631" in html
    assert "Tidak terbaca" in html


def test_lines_are_changed_and_removed_in_their_row(login: Login, spm: SimpleNamespace) -> None:
    client = login("keuangan")
    client.post(URL, NEW)
    pk = AlokasiSpm.objects.get().pk
    form = {f"alokasi-{pk}": "120.000.000", f"realisasi-{pk}": "5.000.000", f"dasar-{pk}": "100.000.000/"}
    assert client.post(URL, form).status_code == 302
    assert AlokasiSpm.objects.values_list("alokasi", "realisasi").get() == (120_000_000, 5_000_000)
    # Somebody who still has the old page open.
    assert client.post(URL, form).status_code == 422
    gone = {f"alokasi-{pk}": "", f"realisasi-{pk}": "", f"dasar-{pk}": "120.000.000/5.000.000"}
    assert client.post(URL, gone).status_code == 302
    assert not AlokasiSpm.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"baru-alokasi": "banyak"}, "Baris baru, alokasi"),
        ({"baru-alokasi": "", "baru-realisasi": ""}, "belum berisi angka"),
        ({"baru-alokasi": "-1"}, "tidak dapat negatif"),
        ({"baru-layanan": ""}, "pilih jenis pelayanannya"),
        ({"baru-layanan": "kucing"}, "tidak dikenal"),
        ({"baru-sumber": ""}, "Sumber dana belum diisi"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    login: Login, spm: SimpleNamespace, change: dict[str, str], message: str
) -> None:
    form = NEW | {"baru-realisasi": "7"} | change
    response = login("keuangan").post(URL, form)
    html = response.content.decode()
    assert response.status_code == 422
    assert message in html
    for typed in ("baru-sumber", "baru-alokasi", "baru-realisasi"):
        assert f'name="{typed}" value="{form[typed]}"' in html
    assert not AlokasiSpm.objects.exists()


def test_a_source_that_is_there_is_not_overwritten_from_the_form_below(login: Login, spm: SimpleNamespace) -> None:
    client = login("keuangan")
    client.post(URL, NEW)
    response = client.post(URL, NEW | {"baru-alokasi": "1"})
    assert response.status_code == 422
    assert "sudah ada untuk pelayanan ini" in response.content.decode()
    assert AlokasiSpm.objects.get().alokasi == 100_000_000


def test_an_operator_has_the_own_puskesmas_only(client: Client, login: Login, spm: SimpleNamespace, node: Node) -> None:
    client.force_login(spm.operator)
    html = text(client)
    assert "Alokasi SPM Puskesmas Mawar" in html
    assert "Rp 90.000.000" not in html
    assert client.post(URL, NEW).status_code == 302
    assert AlokasiSpm.objects.get().unit == spm.units["mawar"]
    for other in ("melati", "instansi"):
        assert client.get(f"{URL}?unit={other}").status_code == 403
        assert client.post(f"{URL}?unit={other}", NEW).status_code == 403
    # More than the district has is named.
    office = login("keuangan")
    office.post(URL, NEW | {"baru-alokasi": "60.000.000"})
    assert "Jumlah alokasi Puskesmas Rp 100.000.000 melebihi" in text(office)


def test_the_queries_are_few(
    login: Login, spm: SimpleNamespace, node: Node, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("keuangan")
    with django_assert_max_num_queries(20):
        client.get(URL)
