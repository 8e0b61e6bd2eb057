"""`python -m django run_jobs`: the worker. It does what is queued, and looks after what other workers left behind."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from capaian.workflow.jobs import sweep_all

logger = logging.getLogger(__name__)
# By a clock that nobody can set: seconds between two looks at what went silent.
_SWEEP_SECONDS: Final = 30.0
_DATABASE_AWAY_SECONDS: Final = 2.0


class Command(BaseCommand):
    help = "Kerjakan antrean (laporan, impor) sampai dihentikan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=0.5, help="detik antara dua kali melihat antrean")
        parser.add_argument("--once", action="store_true", help="kerjakan yang ada, lalu selesai")

    def handle(self, *, interval: float, once: bool, **options: Any) -> None:
        worker = _worker()
        worker.configure_signals()
        swept = float("-inf")
        while worker.running:
            if time.monotonic() - swept >= _SWEEP_SECONDS:
                _sweep()
                swept = time.monotonic()
            _work(worker)
            if once:
                return
            if worker.running:
                time.sleep(interval)


def _worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def _work(worker: Worker) -> None:
    """Do what is queued; returns when that is done, or after the job at hand when a stop was asked for."""
    try:
        worker.run()
    except (OperationalError, InterfaceError):
        # A database that restarts must not end the worker; what it was at is found by the next sweep.
        logger.warning("The database is away; trying again", exc_info=True)
        close_old_connections()
        time.sleep(_DATABASE_AWAY_SECONDS)


def _sweep() -> None:
    close_old_connections()
    try:
        sweep_all(timezone.now())
    except (OperationalError, InterfaceError):
        logger.warning("Looking for interrupted jobs failed; trying again later", exc_info=True)
