"""Reviu → Kesesuaian: printed figures beside ours, for those who may review."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.models import TahunKinerja
from capaian.review.models import FiguraTercetak

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
PAGE = "/contoh/2024/reviu/"


@pytest.fixture
def figures(tahun_kinerja: TahunKinerja) -> None:
    """250 printed figures of two tables; every tenth differs."""
    FiguraTercetak.objects.bulk_create(
        FiguraTercetak(
            tahun_kinerja=tahun_kinerja,
            urutan=number,
            tabel="Tabel 3.1" if number <= 20 else "Tabel 3.9",
            baris=f"Indikator {number}",
            kolom="capaian",
            kunci=f"iku.{number}",
            tercetak="24,7",
            terhitung="24,71" if number % 10 else "104,80",
            status="sama" if number % 10 else "beda",
            rumus="selisih: (2T − R) ÷ T × 100",
            masukan={"target": "8,5", "realisasi": "14,9"},
            alasan="" if number % 10 else "Dokumen memakai rumus arah sebaliknya.",
        )
        for number in range(1, 251)
    )


def test_counts_and_first_page(
    login: Login, figures: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("inspektorat")
    client.get(PAGE)
    with django_assert_max_num_queries(10):
        html = client.get(PAGE).content.decode()
    assert html.count("<tr>") == 1 + 100
    assert "Baris 1–100 dari 250" in html
    assert ">225<" in html
    assert ">25<" in html


def test_filters_by_status_and_table(login: Login, figures: None) -> None:
    client = login("kepala")
    html = client.get(PAGE, {"status": "beda", "tabel": "Tabel 3.1"}).content.decode()
    assert html.count("<tr>") == 1 + 2
    assert "Dokumen memakai rumus arah sebaliknya." in html
    assert "(2T − R) ÷ T × 100" in html
    assert "14,9" in html


def test_unknown_filter_and_page_show_what_there_is(login: Login, figures: None) -> None:
    html = login("kepala").get(PAGE, {"status": "x", "tabel": "y", "page": "99"}).content.decode()
    assert "Baris 201–250 dari 250" in html


def test_without_figures_it_says_what_to_do(login: Login) -> None:
    assert "Belum ada angka tercetak" in login("perencana").get(PAGE).content.decode()


@pytest.mark.parametrize("person", ["pemegang_program", "publik", "outsider"])
def test_only_reviewers_are_let_in(login: Login, person: str) -> None:
    response = login(person).get(PAGE)
    assert response.status_code == 403
    assert "tidak berhak membuka hasil reviu" in response.content.decode()


def test_anonymous_is_sent_to_login(client: Client, tahun_kinerja: TahunKinerja) -> None:
    assert client.get(PAGE).status_code == 302


def test_fragment_lists_only_what_differs_for_the_key(login: Login, figures: None) -> None:
    client = login("kepala")
    url = reverse("review:tercetak", args=["contoh", 2024])
    html = client.get(url, {"kunci": "iku.10"}, headers={"HX-Request": "true"}).content.decode()
    assert "Tercetak berbeda (1)" in html
    assert "104,80" in html
    assert client.get(url, {"kunci": "iku.11"}).content.decode().strip() == ""
    assert client.get(url).content.decode().strip() == ""
