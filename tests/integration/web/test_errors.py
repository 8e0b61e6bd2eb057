"""Every answer carries the content security policy, and no error says more than it should."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from capaian.reports import queries

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/contoh/2024/", 200), ("/contoh/1999/", 404), ("/tetangga/2024/", 403), ("/keluar/", 405), ("/masuk", 301)],
)
def test_every_answer_carries_the_policy(login: Login, path: str, status: int) -> None:
    response = login("perencana").get(path)
    assert response.status_code == status
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_an_unknown_host_is_refused_under_the_policy(client: Client) -> None:
    response = client.get("/masuk/", headers={"host": "jahat.example"})
    assert response.status_code == 400
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_an_error_shows_no_inside(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> object:
        raise RuntimeError("rahasia dalam")

    monkeypatch.setattr(queries, "beranda", broken)
    client = login("perencana")
    client.raise_request_exception = False
    response = client.get("/contoh/2024/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Terjadi kesalahan di sistem" in page
    assert "rahasia" not in page
    assert "Traceback" not in page
    assert "script-src 'self'" in response["Content-Security-Policy"]
