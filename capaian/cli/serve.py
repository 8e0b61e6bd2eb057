"""`capaian serve`: the site and the worker that makes reports, until they are stopped."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from capaian.cli.errors import UserError

STOP_SECONDS = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="jalankan situs dan pekerja laporan")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="proses web")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Start both processes and wait: 0 when a stop is asked for, 1 when one ends by itself. The other is ended too."""
    _check_port(options.host, options.port)
    _collect_static()
    # Not the handler of SIGINT: a shell that starts us in the background has it ignored.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in _commands(options).items():
            # The commands are written here; nothing of them comes from outside but a host and numbers.
            started[name] = subprocess.Popen(command, env=_environment(), start_new_session=True)  # noqa: S603
        _greet(options)
        while all(process.poll() is None for process in started.values()):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        ended = {name: process.returncode for name, process in started.items() if process.returncode is not None}
        _stop(started.values())
    name, code = next(iter(ended.items()))
    print(
        f"capaian serve: {name} berhenti sendiri (kode {code}), maka semuanya dihentikan. Sebabnya tertulis di atas; "
        "jalankan lagi sesudah diperbaiki.",
        file=sys.stderr,
    )
    return 1


def _commands(options: argparse.Namespace) -> dict[str, list[str]]:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"),
        *("--host", options.host, "--port", str(options.port), "--workers", str(options.workers)),
        *("--blocking-threads", "4", "--respawn-failed-workers", "capaian.config.wsgi:application"),
    ]
    return {"situs": web, "pekerja laporan": [sys.executable, "-m", "django", "run_jobs"]}


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}


def _check_port(host: str, port: int) -> None:
    """Raises `UserError` for an address that cannot be listened on; the processes would only say it in the log."""
    try:
        if not 0 < port < 65536:
            raise OSError("port harus 1 sampai 65535")
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UserError(
            f"Alamat {host}:{port} tidak dapat dipakai ({error}). Hentikan program yang memakainya, atau pilih port "
            f"lain: capaian serve --port {port + 1 if 0 < port < 65535 else 8000}"
        ) from error


def _collect_static() -> None:
    """Without the list of static files no page can be shown, not even that of an error."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def _greet(options: argparse.Namespace) -> None:
    print(f"Situs: http://{options.host}:{options.port}  (hentikan dengan Ctrl+C)", flush=True)
    if settings.DEMO:
        from capaian.cli.demo import print_accounts

        print_accounts()


def _stop(processes: Collection[subprocess.Popen[bytes]]) -> None:
    """Ask every process to end, then wait; a worker first finishes its report. Who does not end in time is killed."""
    for process in processes:
        process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=STOP_SECONDS)
        # Also what a killed process left behind: it would keep the port. Each has a group of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
