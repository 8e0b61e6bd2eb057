"""`capaian serve`: the site and the worker that makes reports, until they are stopped."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time

from django.conf import settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="jalankan situs dan pekerja laporan")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="proses web")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Start both processes; when one ends or a stop is asked for, end the other and return its code."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "warning"),
        *("--host", options.host, "--port", str(options.port), "--workers", str(options.workers)),
        *("--blocking-threads", "4", "capaian.config.wsgi:application"),
    ]
    jobs = [sys.executable, "-m", "django", "db_worker", "--interval", "0.5"]
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    # Both commands are written here; nothing of them comes from outside but a host and a port.
    started = [subprocess.Popen(command, env=environment) for command in (web, jobs)]  # noqa: S603
    print(f"Situs: http://{options.host}:{options.port}  (hentikan dengan Ctrl+C)", flush=True)
    if settings.DEMO:
        from capaian.cli.demo import print_accounts

        print_accounts()
    try:
        while all(process.poll() is None for process in started):
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for process in started:
            process.terminate()
    return max(process.wait(timeout=20) for process in started if process.poll() is None or process.returncode > 0)
