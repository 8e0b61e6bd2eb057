"""`capaian serve`: the site and the worker that makes reports and imports, until they are stopped."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from capaian.cli.ports import check_port
from capaian.config.lifeline import SERVED, end_with_parent
from capaian.web.health import WORKER_STAMP

STOP_SECONDS: Final = 20
SITE, WORKER = "situs", "pekerja"
# A worker that ends by itself is started again after 1, 2, 4 … seconds; one that lasted begins at 1 again.
LONGEST_PAUSE, LASTED_SECONDS = 60.0, 60.0
STAMP_SECONDS: Final = 10.0
# No page may keep a database busy for longer than the proxy waits for it.
STATEMENT_SECONDS: Final = "60"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="jalankan situs dan pekerja laporan serta impor")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=default_workers(), help="proses web; bawaan: menurut inti CPU")
    parser.add_argument("--only", choices=[SITE, WORKER], help="hanya salah satu, bila keduanya dijalankan terpisah")
    parser.set_defaults(run=run)


def default_workers() -> int:
    """One per core, for a process of Python uses one; two at least, so that one slow page does not block the others."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(cores, 2), 8)


class Stop:
    """Remembers that a stop was asked for. An exception from a signal can be lost in a finalizer; this cannot."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # A shell that starts us in the background has Ctrl+C ignored for us; it stays so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


class Part:
    """One of the processes, with what is known of its endings. Time is that of a clock that nobody sets."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.process: subprocess.Popen[bytes] | None = None
        self._endings, self._began, self._due = 0, 0.0, 0.0

    def start(self) -> None:
        self._began = time.monotonic()
        # The command is written here; nothing of it comes from outside but a host and numbers.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=_environment(self.name),
            start_new_session=True,
            preexec_fn=_before_start,
        )

    def look_after(self) -> None:
        """Start the process again when its pause is over; say so when it has just ended."""
        if self.process is not None and self.process.poll() is not None:
            pause = self._pause_after_ending()
            print(
                f"capaian serve: {self.name} berhenti sendiri (kode {self.process.returncode}), dijalankan lagi dalam "
                f"{pause:.0f} detik. Sebabnya tertulis di atas.",
                file=sys.stderr,
                flush=True,
            )
            self.process, self._due = None, time.monotonic() + pause
        if self.process is None and time.monotonic() >= self._due:
            self.start()

    def _pause_after_ending(self) -> float:
        lasted = time.monotonic() - self._began
        self._endings = 1 if lasted > LASTED_SECONDS else self._endings + 1
        return min(2.0 ** (self._endings - 1), LONGEST_PAUSE)


def run(options: argparse.Namespace) -> int:
    """Start the parts and wait: 0 when a stop is asked for, 1 when the site ends by itself; the worker is ended too."""
    if options.only != WORKER:
        check_port(options.host, options.port)
        _collect_static()
    stop = Stop()
    parts = {name: Part(name, command) for name, command in _commands(options).items() if options.only in (None, name)}
    try:
        for part in parts.values():
            part.start()
        if SITE in parts:
            _greet(options)
        code = _watch(parts.get(SITE), parts.get(WORKER), stop)
    finally:
        _stop(part.process for part in parts.values() if part.process is not None)
    if code is None:
        return 0
    print(
        f"capaian serve: {SITE} berhenti sendiri (kode {code}), maka semuanya dihentikan. Sebabnya tertulis di atas; "
        "jalankan lagi sesudah diperbaiki.",
        file=sys.stderr,
    )
    return 1


def _watch(site: Part | None, worker: Part | None, stop: Stop) -> int | None:
    """Look after the worker until the site ends, and return its exit code; None when a stop was asked for."""
    stamped = float("-inf")
    while not stop.asked:
        if site is not None and site.process is not None and (code := site.process.poll()) is not None:
            return code
        if worker is not None:
            worker.look_after()
            if worker.process is not None and time.monotonic() - stamped >= STAMP_SECONDS:
                _leave_stamp()
                stamped = time.monotonic()
        time.sleep(0.2)
    return None


def _leave_stamp() -> None:
    """The worker is there: what the health page tells of it. A disk that is full must not end the site."""
    with suppress(OSError):
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        draft = Path(settings.VAR_DIR, f"{WORKER_STAMP}.part")
        draft.write_text(json.dumps({"at": timezone.now().isoformat()}))
        draft.replace(draft.with_suffix(""))


def _commands(options: argparse.Namespace) -> dict[str, list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"),
        *("--host", options.host, "--port", str(options.port), "--workers", str(options.workers)),
        *("--blocking-threads", "4", "--respawn-failed-workers", "capaian.config.wsgi:application"),
    ]
    return {SITE: web, WORKER: [sys.executable, "-m", "django", "run_jobs"]}


def _environment(name: str) -> dict[str, str]:
    limits = {"CAPAIAN_STATEMENT_SECONDS": STATEMENT_SECONDS} if name == SITE else {}
    return {**limits, **os.environ, "DJANGO_SETTINGS_MODULE": "capaian.config.settings", SERVED: "1"}


def _before_start() -> None:
    """In the new process: when we are killed, it is asked to end, as we would have asked it."""
    end_with_parent(signal.SIGTERM)


def _collect_static() -> None:
    """Without the list of static files no page can be shown, not even that of an error."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def _greet(options: argparse.Namespace) -> None:
    print(f"Situs: http://{options.host}:{options.port}  (hentikan dengan Ctrl+C)", flush=True)
    if settings.DEMO:
        from capaian.cli.demo import print_accounts

        print_accounts()


def _stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ask every process to end, then wait for all of them together; a worker first finishes its job.

    Who does not end in time is killed.
    """
    asked = list(processes)
    ends = time.monotonic() + STOP_SECONDS
    for process in asked:
        process.terminate()
    for process in asked:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0, ends - time.monotonic()))
        # Also what a killed process left behind: it would keep the port. Each has a group of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
