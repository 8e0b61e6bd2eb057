"""The frame around every page: way in, refusal in words, navigation, content security."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from capaian.organisations.models import TahunKinerja

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


def beranda(tahun_kinerja: TahunKinerja) -> str:
    return reverse("reports:beranda", args=[tahun_kinerja.instansi.kunci, tahun_kinerja.tahun])


def test_anonymous_is_sent_to_login_and_back(client: Client, tahun_kinerja: TahunKinerja) -> None:
    page = beranda(tahun_kinerja)
    response = client.get(page)
    assert response.status_code == 302
    assert response.url == f"{reverse('web:login')}?next={page}"


def test_anonymous_fragment_moves_the_whole_page(client: Client, tahun_kinerja: TahunKinerja) -> None:
    page = beranda(tahun_kinerja)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    response = client.get(page, headers=headers)
    assert response.headers["HX-Redirect"].startswith(reverse("web:login"))
    assert "Masuk" not in response.content.decode()


def test_home_leads_to_latest_year_of_first_office(login: Login, tahun_kinerja: TahunKinerja) -> None:
    assert login("kepala").get("/").url == beranda(tahun_kinerja)


def test_person_without_role_is_told_what_to_do(login: Login) -> None:
    response = login("newcomer").get("/")
    assert response.status_code == 403
    assert "belum diberi peran" in response.content.decode()


def test_outsider_is_refused_with_the_reason(login: Login, tahun_kinerja: TahunKinerja) -> None:
    response = login("outsider").get(beranda(tahun_kinerja))
    assert response.status_code == 403
    assert "tidak berhak melihat data instansi ini" in response.content.decode()


def test_unknown_office_year_is_not_found(login: Login) -> None:
    response = login("perencana").get("/contoh/1999/")
    assert response.status_code == 404
    assert "Tidak ada data contoh tahun 1999" in response.content.decode()


def test_navigation_shows_review_only_to_those_who_may(login: Login, tahun_kinerja: TahunKinerja) -> None:
    url = reverse("review:kesesuaian", args=["contoh", 2024])
    assert url in login("inspektorat").get(beranda(tahun_kinerja)).content.decode()
    assert url not in login("publik").get(beranda(tahun_kinerja)).content.decode()


def test_policy_forbids_inline_scripts(login: Login, tahun_kinerja: TahunKinerja) -> None:
    response = login("perencana").get(beranda(tahun_kinerja))
    html = response.content.decode()
    assert "'self'" in response.headers["Content-Security-Policy"]
    assert "<style" not in html
    assert html.count("<script") == html.count("<script src=")
    assert '<html lang="id">' in html


def test_pages_without_office_keep_the_one_last_seen(login: Login, tahun_kinerja: TahunKinerja) -> None:
    client = login("perencana")
    client.get(beranda(tahun_kinerja))
    assert "Dinas Kesehatan Contoh" in client.get(reverse("web:regulasi")).content.decode()


def test_choice_of_office_and_year_keeps_the_page(login: Login) -> None:
    html = login("perencana").get(reverse("reports:pilih"), {"halaman": "review:kesesuaian"}).content.decode()
    assert "/contoh/2023/reviu/" in html
    assert "/contoh/2024/reviu/" in html
    assert "/tetangga/" not in html


def test_login_page_names_accounts_only_in_a_demo(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    html = client.get(reverse("web:login")).content.decode()
    assert "Akun contoh" not in html
    assert settings.DEMO_PASSWORD not in html
    settings.DEMO = True
    assert settings.DEMO_PASSWORD in client.get(reverse("web:login")).content.decode()


def test_wrong_password_is_said_in_indonesian(client: Client) -> None:
    response = client.post(reverse("web:login"), {"login": "x", "password": "y"})
    assert "tidak cocok" in response.content.decode()


def test_logout_leads_to_login(login: Login) -> None:
    assert login("publik").post(reverse("web:logout")).url == reverse("web:login")
