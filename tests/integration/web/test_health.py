"""`/sehat/`: a monitor without a login learns how the site is, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capaian.reports import queries
from capaian.web import health
from capaian.web.release import release
from capaian.workflow.audit import record_audit
from capaian.workflow.models import AuditChain

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
URL = "/sehat/"


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    health.forget_findings()
    yield
    health.forget_findings()


def parts(client: Client) -> dict[str, dict[str, Any]]:
    health.forget_findings()
    return client.get(URL).json()["parts"]


def stamp(folder: Path, name: str, age: timedelta) -> None:
    (folder / name).write_text(json.dumps({"at": (timezone.now() - age).isoformat()}))


def test_a_new_installation_is_well_with_what_is_still_to_do(client: Client, tmp_path: Path) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    told = response.json()
    assert set(told["parts"]) == {"Basis data", "Migrasi", "Pekerja", "Ruang disk", "Cadangan", "Jejak audit"}
    assert told["parts"]["Cadangan"]["status"] == "peringatan"
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    stamp(tmp_path, health.BACKUP_STAMP, timedelta(hours=3))
    stamp(tmp_path, health.WORKER_STAMP, timedelta(seconds=3))
    found = parts(client)
    assert {part["status"] for name, part in found.items() if name != "Ruang disk"} == {"baik"}
    assert found["Cadangan"]["age_hours"] == 3


def test_nobody_asks_who_is_there_and_no_secret_is_told(
    client: Client, tmp_path: Path, django_assert_max_num_queries: Any, settings: Any
) -> None:
    record_audit(by=None, action="a.b", subject="rahasia")
    with django_assert_max_num_queries(8):
        text = client.get(URL).content.decode()
    for secret in (str(tmp_path), settings.SECRET_KEY, "rahasia", "postgres", "sqlite", AuditChain.objects.get().head):
        assert secret not in text
    # A second question within seconds costs the database nothing.
    with django_assert_max_num_queries(0):
        assert client.get(URL).status_code == 200


def test_people_get_a_page(client: Client) -> None:
    response = client.get(URL, headers={"Accept": "text/html,*/*"})
    page = response.content.decode()
    assert response["Content-Type"].startswith("text/html")
    assert "Apakah sistem sehat?" in page
    assert "Belum pernah ada cadangan" in page
    assert client.get(URL + "?format=json", headers={"Accept": "text/html"}).json()["status"] == "peringatan"


def test_a_database_that_is_away_is_503_on_the_health_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("connection to server at 10.1.2.3 failed: password rahasia")

    monkeypatch.setattr(health.connection, "cursor", lambda *args: away())
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["status"] == "rusak"
    # What needs no database is told all the same.
    assert "Cadangan" in response.json()["parts"]
    assert "rahasia" not in response.content.decode()
    assert client.get(URL, headers={"Accept": "text/html"}).status_code == 503


@pytest.mark.parametrize("age", [timedelta(minutes=10), timedelta(hours=2)])
def test_a_worker_that_is_silent_is_broken(client: Client, tmp_path: Path, age: timedelta) -> None:
    stamp(tmp_path, health.WORKER_STAMP, age)
    health.forget_findings()
    response = client.get(URL)
    assert response.status_code == 503
    assert response.json()["parts"]["Pekerja"]["status"] == "rusak"


def test_a_job_that_nobody_does_is_broken(client: Client, tmp_path: Path) -> None:
    stamp(tmp_path, health.WORKER_STAMP, timedelta())
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default", queue_name="default",
        run_after=timezone.now() - timedelta(hours=1),
    )  # fmt: skip
    assert parts(client)["Pekerja"]["status"] == "baik"
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert parts(client)["Pekerja"]["status"] == "rusak"


def test_a_clock_that_was_set_back_breaks_nothing(client: Client, tmp_path: Path) -> None:
    stamp(tmp_path, health.BACKUP_STAMP, timedelta(days=-3))
    stamp(tmp_path, health.WORKER_STAMP, timedelta(days=-3))
    found = parts(client)
    assert (found["Cadangan"]["status"], found["Cadangan"]["age_hours"]) == ("baik", 0)
    assert found["Pekerja"]["status"] == "baik"


@pytest.mark.parametrize(("free", "status"), [(50, "baik"), (5, "peringatan"), (1, "rusak")])
def test_a_disk_that_fills_up_is_told(client: Client, monkeypatch: pytest.MonkeyPatch, free: int, status: str) -> None:
    usage = SimpleNamespace(total=100 << 30, free=free << 30)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda folder: usage)
    assert parts(client)["Ruang disk"]["status"] == status


def test_an_old_backup_and_a_broken_stamp_are_told(client: Client, tmp_path: Path) -> None:
    stamp(tmp_path, health.BACKUP_STAMP, timedelta(days=3))
    assert parts(client)["Cadangan"]["status"] == "peringatan"
    (tmp_path / health.BACKUP_STAMP).write_text("{half")
    assert "Belum pernah" in parts(client)["Cadangan"]["sentence"]


def test_a_cut_audit_trail_is_told(client: Client) -> None:
    record_audit(by=None, action="a.b", subject="x")
    assert parts(client)["Jejak audit"]["entries"] == 1
    AuditChain.objects.update(length=2)
    assert parts(client)["Jejak audit"]["status"] == "rusak"


@pytest.mark.parametrize(
    ("message", "words"),
    [("server closed the connection", "tidak dapat dihubungi"), ("database is locked", "sedang dipakai orang lain")],
)
def test_a_page_without_its_database_says_so_and_when_to_come_back(
    client: Client, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, message: str, words: str
) -> None:
    def away(*args: object) -> None:
        raise OperationalError(message)

    monkeypatch.setattr(queries, "beranda", away)
    client.force_login(cast.perencana)
    client.raise_request_exception = False
    response = client.get("/contoh/2024/")
    page = response.content.decode()
    assert response.status_code == 503
    assert words in page
    assert message not in page
    assert response["Retry-After"] == "5"
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_figures_of_the_installation_are_for_admins_only(client: Client, cast: SimpleNamespace) -> None:
    record_audit(by=None, action="a.b", subject="x")
    for name in ("perencana", "inspektorat", "publik", "outsider", "newcomer"):
        client.force_login(getattr(cast, name))
        assert client.get("/contoh/2024/sistem/").status_code == 403, name
    client.force_login(cast.admin)
    page = client.get("/contoh/2024/sistem/").content.decode()
    assert "entri jejak audit" in page
    assert release() in page
    assert 'href="/contoh/2024/sistem/"' in page
    client.logout()
    assert client.get("/contoh/2024/sistem/").status_code == 302
