"""What breaks in an office: a process is killed, the database restarts, the disk is full, the clock is wrong.

Real processes on a database of their own; afterwards nothing that was confirmed is lost, and nothing is there twice.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from capaian.exchange.archive import PARTIAL
from capaian.exchange.archive_restore import check_archive
from scripts.postgres import Server

ROOT = Path(__file__).resolve().parents[2]
ARCHIVE = ROOT / "tests/data/release_0.1.zip"
TOKEN = "a" * 32
SHEET = "/metro/2024/isian/kinerja/instansi/1/"
# What the typist writes first; no figure of the sample is as high.
FIRST = 1001
pytestmark = pytest.mark.acceptance
# A session, and the cells of the office's own sheet of the first quarter.
SETUP = """
import json
from django.contrib.auth.models import User
from django.test import Client
from capaian.organisations.models import TahunKinerja
from capaian.workflow.forms import SheetKey, form_definition
from django.utils import timezone
client = Client()
client.force_login(User.objects.get(username="perencana"))
key = SheetKey(TahunKinerja.objects.get(instansi__kunci="metro", tahun=2024), "kinerja", None, 1)
sheet = form_definition("kinerja").read(key, timezone.localdate())
print(json.dumps({"session": client.cookies["sessionid"].value, "cells": [row.kunci for row in sheet.rows]}))
"""
# What stands there, and how often it was written.
STATE = """
import json
from capaian.measurement.models import Realisasi
from capaian.workflow.chains import verify_all
from capaian.workflow.models import AuditEntry, Submission
entries = AuditEntry.objects.filter(outcome="done")
print(json.dumps({
    "texts": dict(Realisasi.objects.filter(tahun=2024, periode=1).values_list("indikator__kunci", "teks")),
    "written": entries.filter(action="measurement.record_realisasi").count(),
    "submitted": entries.filter(action="workflow.ajukan").count(),
    "states": list(Submission.objects.values_list("state", flat=True)),
    "whole": [report.is_whole for report in verify_all()],
    "problems": [report.problem for report in verify_all()],
}))
"""


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


def shell(environment: dict[str, str], script: str) -> Any:
    done = run(environment, "manage.py", "shell", "-v", "0", "-c", script)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def environment_of(folder: Path, url: str) -> dict[str, str]:
    return os.environ | {
        "CAPAIAN_DATABASE_URL": url,
        "CAPAIAN_VAR": str(folder),
        "CAPAIAN_STATICFILES": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "DJANGO_SETTINGS_MODULE": "capaian.config.settings",
    }


def fill(folder: Path, url: str) -> SimpleNamespace:
    """An installation with Metro's plan in `folder`, its environment, a session and the cells of a sheet."""
    environment = environment_of(folder, url)
    (folder / "static").mkdir(parents=True)
    (folder / "static/staticfiles.json").write_text("{}")
    done = run(environment, "-m", "capaian", "restore", str(ARCHIVE))
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(folder=folder, environment=environment, **shell(environment, SETUP))


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    folder = tmp_path_factory.mktemp("faults") / "var"
    return fill(folder, f"sqlite:///{folder}/capaian.sqlite3")


@pytest.fixture
def office(pristine: SimpleNamespace, tmp_path: Path) -> SimpleNamespace:
    """A copy of the installation, on SQLite, for one test."""
    folder = tmp_path / "var"
    shutil.copytree(pristine.folder, folder)
    environment = environment_of(folder, f"sqlite:///{folder}/capaian.sqlite3")
    return SimpleNamespace(**vars(pristine) | {"folder": folder, "environment": environment})


@contextmanager
def site(office: SimpleNamespace, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The site until the block ends; it need not answer yet."""
    command = [sys.executable, "-m", "capaian", "serve", "--only", "situs", "--port", str(port), "--workers", "1"]
    log = (office.folder / "log").open("ab")
    process = subprocess.Popen(command, cwd=ROOT, env=office.environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        process.kill()
        process.wait()
        log.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(office: SimpleNamespace, port: int, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
    """One request, as a browser would make it; 0 where nobody answers."""
    headers = {"Cookie": f"sessionid={office.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    if kind:
        headers["Content-Type"] = kind
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()


def insist(office: SimpleNamespace, port: int, path: str, body: bytes, kind: str) -> bytes:
    """Send until it is confirmed, as the grid does over a bad line."""
    for _ in range(600):
        status, content = ask(office, port, path, body, kind)
        if status == 200:
            return content
        assert status in (0, 503), (status, content[:2000])
        time.sleep(0.1)
    pytest.fail(f"{path} was never confirmed")


class Typist(Thread):
    """Somebody who writes one cell after another and knows what was confirmed."""

    def __init__(self, office: SimpleNamespace, port: int, cells: list[str]) -> None:
        super().__init__(daemon=True)
        self.office, self.port, self.cells = office, port, cells
        self.confirmed: dict[str, str] = {}
        self.trouble: list[str] = []
        self.enough = Event()

    def run(self) -> None:
        for number in range(FIRST, FIRST + 400):
            kunci = self.cells[number % len(self.cells)]
            cell = {"kunci": kunci, "teks": str(number)}
            body = json.dumps({"cells": [cell]}).encode()
            content = insist(self.office, self.port, SHEET + "simpan/", body, "application/json")
            answer = json.loads(content)["cells"][0]
            if answer["status"] not in ("saved", "same"):
                self.trouble.append(str(answer))
            self.confirmed[kunci] = str(number)
            if self.enough.is_set() or self.trouble:
                return


def wait_for(condition: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def kill_web(process: subprocess.Popen[bytes]) -> None:
    """End every process that answers requests, as the kernel does when memory is short."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for main in children:
        for worker in Path(f"/proc/{main}/task/{main}/children").read_text().split():
            os.kill(int(worker), signal.SIGKILL)
        os.kill(int(main), signal.SIGKILL)


def test_a_web_process_killed_while_cells_are_saved(office: SimpleNamespace, port: int) -> None:
    before = shell(office.environment, STATE)
    typist = Typist(office, port, office.cells[:3])
    with site(office, port) as first:
        typist.start()
        wait_for(lambda: len(typist.confirmed) == 3)
        kill_web(first)
        # The site says that it ended and takes everything with it.
        assert first.wait(timeout=30) == 1
    with site(office, port):
        seen = dict(typist.confirmed)
        wait_for(lambda: typist.confirmed != seen or typist.trouble)
        typist.enough.set()
        typist.join(timeout=60)
    assert not typist.trouble
    after = shell(office.environment, STATE)
    assert {kunci: after["texts"][kunci] for kunci in typist.confirmed} == typist.confirmed
    # One entry for each value that was typed, also for the one whose confirmation was lost.
    assert after["written"] - before["written"] == max(map(int, typist.confirmed.values())) - FIRST + 1
    assert after["problems"] == [""]


def test_a_web_process_killed_while_a_sheet_is_submitted(office: SimpleNamespace, port: int) -> None:
    body = json.dumps({"cells": [{"kunci": kunci, "teks": "1"} for kunci in office.cells]}).encode()
    step = ("langkah/", b"langkah=ajukan", "application/x-www-form-urlencoded")
    with site(office, port) as first:
        insist(office, port, SHEET + "simpan/", body, "application/json")
        lost = Thread(target=ask, args=(office, port, SHEET + step[0], *step[1:]))
        lost.start()
        time.sleep(0.05)
        kill_web(first)
        lost.join()
        first.wait(timeout=30)
    with site(office, port):
        wait_for(lambda: ask(office, port, "/masuk/")[0] in (200, 302))
        for _ in range(2):
            # A page that says what happened, or that it has happened already.
            assert ask(office, port, SHEET + step[0], *step[1:])[0] == 302
    after = shell(office.environment, STATE)
    assert (after["states"], after["submitted"], after["problems"]) == (["diajukan"], 1, [""])


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(office: SimpleNamespace, tmp_path: Path) -> None:
    stored = office.folder / "media/bukti/large"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(os.urandom(64 << 20))
    folder = tmp_path / "backups"
    command = [sys.executable, "-m", "capaian", "backup", str(folder / "a.zip")]
    process = subprocess.Popen(command, cwd=ROOT, env=office.environment)
    wait_for(lambda: (folder / PARTIAL).exists() and (folder / PARTIAL).stat().st_size > 1 << 20)
    process.kill()
    process.wait()
    assert not (folder / "a.zip").exists()
    done = run(office.environment, *command[1:])
    assert done.returncode == 0, done.stderr
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert check_archive(folder / "a.zip").files[0].size == 64 << 20


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk; test_backup has a disk full in words")
def test_a_backup_onto_a_disk_that_is_full(office: SimpleNamespace, tmp_path: Path) -> None:
    stored = office.folder / "media/bukti/large"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(os.urandom(4 << 20))
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine mounts nothing; test_backup has a disk full in words")
    try:
        done = run(office.environment, "-m", "capaian", "backup", str(disk / "a.zip"))
        assert done.returncode == 1
        assert "Ruang disk" in done.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_restore_on_a_fresh_machine_while_the_old_site_goes_on(
    office: SimpleNamespace, tmp_path: Path, port: int
) -> None:
    """The backup is of one moment, though somebody types meanwhile: every value has its audit entry and no other."""
    typist = Typist(office, port, office.cells[:3])
    with site(office, port):
        typist.start()
        wait_for(lambda: len(typist.confirmed) == 3)
        done = run(office.environment, "-m", "capaian", "backup", str(tmp_path / "a.zip"))
        assert done.returncode == 0, done.stderr
        typist.enough.set()
        typist.join(timeout=60)
    fresh = environment_of(tmp_path / "fresh", f"sqlite:///{tmp_path}/fresh/capaian.sqlite3")
    done = run(fresh, "-m", "capaian", "restore", str(tmp_path / "a.zip"))
    assert done.returncode == 0, done.stderr
    state = shell(fresh, STATE)
    assert state["problems"] == [""]
    # Numbers were typed one after another: the highest one that is there was the last to be written before the moment.
    typed = [int(state["texts"][kunci]) for kunci in office.cells[:3]]
    assert sorted(typed) == list(range(max(typed) - 2, max(typed) + 1))


def test_a_postgresql_that_restarts_under_load(postgres_server: Server, tmp_path: Path, port: int) -> None:
    server = postgres_server
    office = fill(tmp_path / "var", server.url)
    before = shell(office.environment, STATE)
    typist = Typist(office, port, office.cells[:3])
    answers: list[tuple[int, bytes]] = []
    with site(office, port):
        typist.start()
        wait_for(lambda: len(typist.confirmed) == 3)
        server.stop("immediate")
        wait_for(lambda: answers.append(ask(office, port, "/metro/2024/pengukuran/")) or answers[-1][0] == 503)
        health = ask(office, port, "/sehat/")
        server.start()
        wait_for(lambda: ask(office, port, "/metro/2024/pengukuran/")[0] == 200)
        seen = dict(typist.confirmed)
        wait_for(lambda: typist.confirmed != seen or typist.trouble)
        typist.enough.set()
        typist.join(timeout=60)
    assert not typist.trouble
    page = answers[-1][1].decode()
    assert "Basis data sedang tidak dapat dihubungi" in page
    assert "Traceback" not in page
    assert health[0] == 503
    assert {status for status, _ in answers} <= {200, 503}
    after = shell(office.environment, STATE)
    assert {kunci: after["texts"][kunci] for kunci in typist.confirmed} == typist.confirmed
    assert after["written"] - before["written"] == max(map(int, typist.confirmed.values())) - FIRST + 1
    assert after["problems"] == [""]
