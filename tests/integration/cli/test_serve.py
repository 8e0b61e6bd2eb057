"""`capaian serve` as a program: it says why it cannot start, ends whole when a part ends, and can be stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
ROOT = Path(__file__).resolve().parents[3]
# The real command with two stand-ins for its processes: the site and the worker have tests of their own.
PROGRAM = """
import signal, sys
from capaian.cli import serve
from capaian.cli.main import main
if "background" in sys.argv:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does to what it starts with &
lasting, ending = "import time; time.sleep(60)", "raise SystemExit(3)"
parts = {"situs": lasting, "pekerja laporan": ending if "broken" in sys.argv else lasting}
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
    assert "--port" in error
    assert "Situs:" not in out


def test_a_port_that_cannot_be_is_said(tmp_path: Path) -> None:
    with started(tmp_path, "99999") as process:
        assert "1 sampai 65535" in process.communicate(timeout=60)[1]


def test_when_a_part_ends_the_whole_ends_with_an_error(tmp_path: Path, port: int) -> None:
    with started(tmp_path, str(port), "broken") as process:
        error = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "pekerja laporan berhenti sendiri (kode 3)" in error


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_stop_is_heeded_also_in_the_background(tmp_path: Path, port: int, how: signal.Signals) -> None:
    with started(tmp_path, str(port), "background") as process:
        assert process.stdout
        assert "Situs:" in process.stdout.readline()
        process.send_signal(how)
        assert process.wait(timeout=30) == 0
