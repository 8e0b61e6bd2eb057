"""What may be asked for only so often, and that asking too often changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from capaian.web import limits
from capaian.workflow.models import AuditEntry, Comment

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
PLACE = reverse("workflow:komentar", args=["contoh", 2024])


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice a minute, in a minute that does not end."""
    few = {name: replace(limit, most=2) for name, limit in limits.LIMITS.items()}
    monkeypatch.setattr(limits, "LIMITS", few)
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000.0)


def remark(client: Client, plan: SimpleNamespace) -> int:
    form = {"objek": f"{plan.jkn.kunci} 2024/1", "teks": "Periksa", "kunci_permintaan": str(uuid4())}
    return client.post(PLACE, form).status_code


def test_a_robot_of_one_account_is_held_back_and_nobody_else(
    strict: None, client: Client, cast: SimpleNamespace, plan: SimpleNamespace
) -> None:
    client.force_login(cast.perencana)
    assert [remark(client, plan) for _ in range(4)] == [302, 302, 429, 429]
    assert Comment.objects.count() == 2
    noted = AuditEntry.objects.get(outcome=AuditEntry.Outcome.REFUSED)
    assert (noted.action, noted.reason) == ("workflow.komentar", "Lebih dari 2 kali dalam satu menit.")
    other = Client()
    other.force_login(cast.kepala)
    assert remark(other, plan) == 302


def test_the_refusal_says_what_to_do_and_when(strict: None, login: Login, plan: SimpleNamespace) -> None:
    client = login("perencana")
    for _ in range(3):
        response = client.post(PLACE)
    assert response.status_code == 429
    # 1,000,000 is 40 seconds into its minute.
    assert response["Retry-After"] == "20"
    assert "Tunggu satu menit" in response.content.decode()
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_reading_ones_own_pages_is_not_counted(strict: None, login: Login, plan: SimpleNamespace) -> None:
    client = login("perencana")
    query = f"?objek={plan.jkn.kunci}%202024/1"
    assert {client.get(PLACE + query).status_code for _ in range(5)} == {200}


def test_public_pages_are_counted_together_by_address(strict: None, client: Client, settings: object) -> None:
    pages = ["/publik/", "/publik/contoh/", "/publik/"]
    assert [client.get(page).status_code for page in pages] == [200, 404, 429]
    assert client.get("/publik/", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("page", ["exchange:instrumen_unggah", "exchange:spm_impor"])
def test_every_page_that_takes_files_counts_them(strict: None, login: Login, page: str) -> None:
    client, address = login("perencana"), reverse(page, args=["contoh", 2024])
    assert [client.post(address).status_code for _ in range(3)] == [302, 302, 429]


def test_the_minute_ends(strict: None, login: Login, plan: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    client = login("perencana")
    assert [remark(client, plan) for _ in range(3)] == [302, 302, 429]
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_060.0)
    assert remark(client, plan) == 302
