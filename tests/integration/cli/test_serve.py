"""`capaian serve` as a program: it says why it cannot start, looks after its worker, ends whole, and can be stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from capaian.cli.ports import check_port, holders

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[3]
# The real command with two stand-ins for its processes: the site and the worker have tests of their own.
PROGRAM = """
import signal, sys
from capaian.cli import serve
from capaian.cli.main import main
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests themselves were started to outlive their terminal
if "background" in sys.argv:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does to what it starts with &
lasting, ending = "import time; time.sleep(60)", "raise SystemExit(3)"
parts = {part: ending if part in sys.argv else lasting for part in ("situs", "pekerja")}
serve._commands = lambda options: {name: [sys.executable, "-c", code] for name, code in parts.items()}
serve._collect_static = lambda: None
sys.exit(main(["serve", "--port", sys.argv[1]]))
"""


@contextmanager
def started(tmp_path: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env=os.environ | {"CAPAIAN_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that another process does; half a minute means that it never will."""
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not happen")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with started(tmp_path, str(taken.getsockname()[1])) as process:
            out, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "tidak dapat dipakai" in error
    # Who it is that holds it: this test.
    assert f"Yang memakainya: proses {os.getpid()} (" in error
    assert "--port" in error
    assert "Situs:" not in out


def test_a_port_that_cannot_be_is_said(tmp_path: Path) -> None:
    with started(tmp_path, "99999") as process:
        assert "1 sampai 65535" in process.communicate(timeout=60)[1]


def test_when_the_site_ends_the_whole_ends_with_an_error(tmp_path: Path, port: int) -> None:
    with started(tmp_path, str(port), "situs") as process:
        error = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "situs berhenti sendiri (kode 3)" in error


def test_a_worker_that_ends_is_started_again_after_growing_pauses(tmp_path: Path, port: int) -> None:
    with started(tmp_path, str(port), "pekerja") as process:
        assert process.stderr
        told = [process.stderr.readline() for _ in range(2)]
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert "pekerja berhenti sendiri (kode 3), dijalankan lagi dalam 1 detik" in told[0]
    assert "dalam 2 detik" in told[1]
    assert (tmp_path / "worker.json").exists()


def test_when_it_is_killed_nobody_keeps_the_port(tmp_path: Path, port: int) -> None:
    """The real site and worker; the kernel ends them with the one that started them, however that ended."""
    environment = os.environ | {"CAPAIAN_VAR": str(tmp_path), "CAPAIAN_DATABASE_URL": f"sqlite:///{tmp_path}/db"}
    environment["CAPAIAN_STATICFILES"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    (tmp_path / "static").mkdir()
    (tmp_path / "static/staticfiles.json").write_text("{}")
    command = [sys.executable, "-m", "capaian", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: len(holders(port)) > 0)
        assert any("granian" in holder for holder in holders(port))
    finally:
        process.kill()
        process.wait()
    until(lambda: not holders(port))
    check_port("127.0.0.1", port)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_stop_is_heeded_also_in_the_background(tmp_path: Path, port: int, how: signal.Signals) -> None:
    with started(tmp_path, str(port), "background") as process:
        assert process.stdout
        assert "Situs:" in process.stdout.readline()
        process.send_signal(how)
        assert process.wait(timeout=30) == 0
