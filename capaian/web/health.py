"""Is the site well? What `/sehat/` answers to a monitor and to people: without a login, and without a secret.

Each check (`settings.HEALTH_CHECKS`) looks at one thing and answers in one sentence that tells no path, name or
address. RUSAK turns the answer into a 503; PERINGATAN asks somebody to look soon.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
BACKUP_STAMP: Final = "backup.json"
WORKER_STAMP: Final = "worker.json"
# A monitor that asks every second, or a stranger who does, costs the database one look in so many seconds.
CACHE_SECONDS: Final = 5.0
# `capaian serve` renews its stamp far more often than this.
WORKER_SILENT: Final = timedelta(minutes=2)
QUEUE_WAITS: Final = timedelta(minutes=15)
# Twice the day of the backup timer, and an hour for the backup itself.
BACKUP_OLD: Final = timedelta(hours=49)
DISK_LOW, DISK_FULL = 0.10, 0.02


class Status(StrEnum):
    """How well a part is."""

    BAIK = "baik"
    PERINGATAN = "peringatan"
    RUSAK = "rusak"


@dataclass(frozen=True)
class Finding:
    """What one check found: the part, how well it is, one sentence, and figures for a monitor."""

    part: str
    status: Status
    sentence: str
    figures: dict[str, Any]


Check = Callable[[], Finding]


def database() -> Finding:
    """The database answers."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    milliseconds = round((time.monotonic() - started) * 1000)
    return Finding("Basis data", Status.BAIK, "Basis data menjawab.", {"milliseconds": milliseconds})


def migrations() -> Finding:
    """The tables are those of this release."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        sentence = f"{waiting} migrasi belum dijalankan; jalankan python manage.py migrate."
        return Finding("Migrasi", Status.RUSAK, sentence, {"unapplied": waiting})
    return Finding("Migrasi", Status.BAIK, "Tabel sesuai dengan rilis ini.", {"unapplied": 0})


def worker() -> Finding:
    """Somebody does what is queued: the worker shows signs of life and nothing waits for long."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    oldest = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    waits = max(now - oldest, timedelta()) if oldest else timedelta()
    seen = _stamp(WORKER_STAMP)
    silent = max(now - seen["at"], timedelta()) if seen else None
    figures = {"oldest_job_seconds": int(waits.total_seconds())}
    if silent is not None:
        figures["silent_seconds"] = int(silent.total_seconds())
    if waits > QUEUE_WAITS:
        sentence = (
            f"Pekerjaan tertua menunggu {_words(waits)}; pekerja laporan dan impor tidak berjalan atau kewalahan."
        )
        return Finding("Pekerja", Status.RUSAK, sentence, figures)
    if silent is not None and silent > WORKER_SILENT:
        return Finding("Pekerja", Status.RUSAK, f"Pekerja tidak memberi tanda selama {_words(silent)}.", figures)
    if silent is None:
        sentence = "Pekerja belum pernah memberi tanda dari sini; antrean tidak tertahan."
        return Finding("Pekerja", Status.PERINGATAN, sentence, figures)
    return Finding("Pekerja", Status.BAIK, "Pekerja berjalan dan antrean tidak tertahan.", figures)


def disk() -> Finding:
    """There is room for uploads, documents and the database; the fullest of the disks counts."""
    folders = {settings.VAR_DIR, Path(settings.MEDIA_ROOT)}
    usages = [shutil.disk_usage(folder) for folder in folders if Path(folder).exists()]
    tightest = min(usages, key=lambda usage: usage.free / usage.total)
    share = tightest.free / tightest.total
    status = Status.RUSAK if share < DISK_FULL else Status.PERINGATAN if share < DISK_LOW else Status.BAIK
    sentence = f"Ruang disk tersisa {int(share * 100)} %."
    return Finding("Ruang disk", status, sentence, {"free_percent": int(share * 100), "free_mb": tightest.free >> 20})


def backup() -> Finding:
    """The last backup is not old."""
    seen = _stamp(BACKUP_STAMP)
    if seen is None:
        sentence = "Belum pernah ada cadangan; pasang pencadangan harian."
        return Finding("Cadangan", Status.PERINGATAN, sentence, {})
    age = max(timezone.now() - seen["at"], timedelta())
    figures = {"age_hours": int(age.total_seconds() // 3600)}
    status = Status.PERINGATAN if age > BACKUP_OLD else Status.BAIK
    return Finding("Cadangan", status, f"Cadangan terakhir {_words(age)} yang lalu.", figures)


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The answer for a monitor as JSON, for a browser as a page; 503 when a part is broken."""
    findings = current_findings()
    status = 503 if overall(findings) is Status.RUSAK else 200
    if request.GET.get("format") != "json" and "text/html" in request.headers.get("Accept", ""):
        context = {"findings": findings, "overall": overall(findings)}
        # Without the frame, which asks the database who is logged in.
        response = HttpResponse(get_template("web/sehat.html").render(context), status=status)
    else:
        response = JsonResponse(as_json(findings), status=status)
    response["Vary"] = "Accept"
    return response


def as_json(findings: list[Finding]) -> dict[str, Any]:
    """The findings as a monitor reads them."""
    parts = {
        finding.part: {"status": finding.status, "sentence": finding.sentence, **finding.figures}
        for finding in findings
    }
    return {"status": overall(findings), "parts": parts}


def overall(findings: list[Finding]) -> Status:
    """The worst of all."""
    found = {finding.status for finding in findings}
    return next(status for status in (Status.RUSAK, Status.PERINGATAN, Status.BAIK) if status in found)


_lock = Lock()
_last: tuple[float, list[Finding]] = (float("-inf"), [])


def current_findings() -> list[Finding]:
    """What every check says, at most `CACHE_SECONDS` old; one look at a time in this process."""
    global _last
    with _lock:
        if time.monotonic() - _last[0] >= CACHE_SECONDS:
            _last = (time.monotonic(), _look())
        return _last[1]


def forget_findings() -> None:
    """Look anew at the next question."""
    global _last
    _last = (float("-inf"), [])


def _look() -> list[Finding]:
    """Once the database is away nothing that needs it is asked, so that a monitor waits for one timeout only."""
    findings: list[Finding] = []
    away = False
    for name in settings.HEALTH_CHECKS:
        check: Check = import_string(name)
        if away and name not in _WITHOUT_DATABASE:
            continue
        try:
            findings.append(check())
        except (Error, OSError):
            logger.warning("A health check failed: %s", name, exc_info=True)
            away = True
            part = "Basis data" if name.endswith(".database") else name.rpartition(".")[2]
            findings.append(Finding(part, Status.RUSAK, "Tidak dapat diperiksa; sebabnya ada di log.", {}))
    return findings


_WITHOUT_DATABASE: Final = frozenset({f"{__name__}.disk", f"{__name__}.backup"})


def _stamp(name: str) -> dict[str, Any] | None:
    """A stamp that a command left, its time as a date; None where there is none or it cannot be read."""
    try:
        facts = json.loads(Path(settings.VAR_DIR, name).read_text())
        at = datetime.fromisoformat(facts["at"])
        return {**facts, "at": at if at.tzinfo else at.replace(tzinfo=UTC)}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, name in ((86400, "hari"), (3600, "jam"), (60, "menit")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} detik"
