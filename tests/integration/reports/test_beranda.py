"""Beranda: the year at a glance, on the real figures of a sample and on an empty year."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import Membership, TahunKinerja

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
SESSION_AND_USER = 2


@pytest.fixture
def balangan(cast: object) -> TahunKinerja:
    """The Balangan sample, open to the head of office of the cast."""
    year = load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja
    Membership.objects.create(user=cast.kepala, instansi=year.instansi, role=Membership.Role.KEPALA)  # type: ignore[attr-defined]
    return year


def test_empty_year_says_what_to_do(login: Login, tahun_kinerja: TahunKinerja) -> None:
    html = login("kepala").get(reverse("reports:beranda", args=["contoh", 2024])).content.decode()
    assert "Belum ada rencana untuk tahun ini" in html


def test_cards_show_capaian_with_status_word(login: Login, balangan: TahunKinerja) -> None:
    html = login("kepala").get("/balangan/2024/").content.decode()
    for figure in ("104,80%", "24,71%", "161,89%", "66,67%", "100,00%"):
        assert figure in html
    assert "Tidak tercapai" in html
    assert "89,46%" in html  # serapan of the year, computed from the amounts
    assert "Rp 423.419.620.839" in html


def test_red_things_come_with_cause_and_follow_up(login: Login, balangan: TahunKinerja) -> None:
    html = login("kepala").get("/balangan/2024/").content.decode()
    assert "Persentase bayi dengan BBLR" in html
    assert "-123,33%" in html
    assert "Berkoordinasi dengan Baperida" in html


def test_queries_stay_within_budget(
    login: Login, balangan: TahunKinerja, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("kepala")
    client.get("/balangan/2024/")  # the first page of a session also writes down the office
    with django_assert_max_num_queries(12 + SESSION_AND_USER):
        client.get("/balangan/2024/")


def test_version_of_the_pagu_can_be_chosen(login: Login, balangan: TahunKinerja) -> None:
    html = login("kepala").get("/balangan/2024/", {"versi": "no-such"}).content.decode()
    assert "APBD perubahan" in html


def test_trace_of_a_capaian_opens(login: Login, balangan: TahunKinerja) -> None:
    client = login("kepala")
    capaian = balangan.instansi.indikator.get(kunci="iku.aki").capaian.get(tahun=2024, tahun_target=2024)
    url = reverse("measurement:jejak", args=["balangan", 2024, capaian.pk])
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "(2T − R) ÷ T × 100" in fragment
    assert "<html" not in fragment
    assert "<html" in client.get(url).content.decode()


def test_trace_of_spending_adds_up_its_parts(login: Login, balangan: TahunKinerja) -> None:
    client = login("kepala")
    whole = client.get(reverse("budget:jejak", args=["balangan", 2024, "apbd_perubahan"])).content.decode()
    assert "Rp 168.212.738.247" in whole
    assert "89,46%" in whole
    node = client.get(reverse("budget:jejak", args=["balangan", 2024, "apbd_perubahan", "1.02.04"])).content.decode()
    assert "62,77%" in node
    assert client.get(reverse("budget:jejak", args=["balangan", 2024, "apbd_perubahan", "9.99"])).status_code == 404


@pytest.mark.parametrize("page", ["/balangan/2024/", "/balangan/2024/anggaran/jejak/apbd_perubahan/"])
def test_outsider_is_refused(login: Login, balangan: TahunKinerja, page: str) -> None:
    assert login("outsider").get(page).status_code == 403


def test_trace_of_another_office_is_not_found(login: Login, balangan: TahunKinerja) -> None:
    capaian = balangan.instansi.indikator.get(kunci="iku.aki").capaian.get(tahun=2024, tahun_target=2024)
    url = reverse("measurement:jejak", args=["contoh", 2024, capaian.pk])
    assert login("perencana").get(url).status_code == 404
