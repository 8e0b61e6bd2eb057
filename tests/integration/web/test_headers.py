"""What every answer carries, also errors, refusals and files; and the cookies of an installation behind HTTPS."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from capaian.config.urls import handler500
from capaian.config.urls import urlpatterns as site
from tests.integration.access import make_world

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


def broken(request: object) -> HttpResponse:
    raise RuntimeError("so that the page of an error is asked for")


urlpatterns = [path("rusak/", broken), *site]
handler500 = handler500


def policy(response: object) -> dict[str, list[str]]:
    parts = response.headers["Content-Security-Policy"].split(";")  # type: ignore[attr-defined]
    return {words[0]: words[1:] for part in parts if (words := part.split())}


@pytest.mark.urls(__name__)
def test_every_answer_carries_the_policies(client: Client, cast: SimpleNamespace, plan: SimpleNamespace) -> None:
    world = make_world(cast, plan)
    client.force_login(cast.perencana)
    client.raise_request_exception = False
    of = world.utara
    asked = {
        "/contoh/2024/": 200,
        "/contoh/2024/pengukuran/": 200,
        f"/contoh/2024/laporan/{of.version.pk}/unduh/xlsx/": 200,
        "/contoh/2024/isian/audit/unduh/": 200,
        "/contoh/2024/data/templat/kinerja/utara/1/": 200,
        f"/contoh/2024/bukti/{of.bukti.pk}/berkas/": 200,
        "/contoh/2024/data/ekspor/indikator/": 200,
        "/publik/": 200,
        "/publik/contoh/2024/indikator.json": 200,
        "/contoh/2024/orang/": 403,
        "/contoh/1999/": 404,
        "/tidak/ada/": 404,
        "/contoh/2024/isian/kinerja/utara/1/simpan/": 405,
        "/rusak/": 500,
    }
    for address, status in asked.items():
        response = client.get(address)
        assert response.status_code == status, address
        held_to_the_policies(response, address)
        if response.streaming:
            # Read to its end it closes by itself, without the database connection of the test.
            list(response.streaming_content)
    client.logout()
    for address in ("/masuk/", "/contoh/2024/", "/sehat/"):
        held_to_the_policies(client.get(address), address)
    refused = Client(enforce_csrf_checks=True).post("/masuk/", {"login": "x"})
    assert refused.status_code == 403
    held_to_the_policies(refused, "form without token")


def held_to_the_policies(response: HttpResponse, address: str) -> None:
    headers, said = response.headers, policy(response)
    assert said["default-src"] in (["'self'"], ["'none'"]), address
    assert said.get("script-src", said["default-src"]) in (["'self'"], ["'none'"]), address
    # A file of somebody else's is shown in a sandbox, where its own styles reach nothing.
    if "sandbox" not in said:
        assert "unsafe" not in headers["Content-Security-Policy"], address
        assert not {"style-src", "style-src-attr", "style-src-elem", "script-src-attr"} & set(said), address
        assert (said["object-src"], said["base-uri"]) == (["'none'"], ["'self'"]), address
    assert said["frame-ancestors"] == ["'none'"], address
    assert headers["X-Frame-Options"] == "DENY", address
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert headers["Referrer-Policy"] == "same-origin", address
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", address
    for device in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{device}=()" in headers["Permissions-Policy"], address
    assert not {"Access-Control-Allow-Origin", "Server", "X-Powered-By"} & set(headers), address


def test_no_page_but_the_public_ones_may_be_kept_by_caches_of_others(login: Login, plan: SimpleNamespace) -> None:
    client = login("perencana")
    for address in ("/contoh/2024/pengukuran/", "/contoh/2024/isian/tugas/", "/contoh/2024/data/ekspor/indikator/"):
        kept = client.get(address)["Cache-Control"]
        assert kept == "private, no-cache", address
    assert "public" in Client().get("/publik/")["Cache-Control"]


def test_the_cookie_of_a_session_is_no_script_s_and_no_other_site_s(client: Client, cast: SimpleNamespace) -> None:
    cast.kepala.set_password("kata sandi yang panjang")
    cast.kepala.save()
    client.post("/masuk/", {"login": "kepala", "password": "kata sandi yang panjang"})
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_behind_https_everything_is_held_to_https(client: Client, settings: Settings) -> None:
    """The settings of such an installation are read anew, since Django reads some of them when it starts."""
    facts = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_HSTS_SECONDS >= 31536000)"
    )
    env = {**os.environ, "CAPAIAN_HTTPS": "true", "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}
    done = subprocess.run([sys.executable, "-c", facts], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "__Host-sessionid", "__Host-csrftoken", "True"]
    settings.SECURE_HSTS_SECONDS = 31536000
    assert client.get("/masuk/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
