"""Background jobs: claimed by one, told while they go on, ended once; killed ones begin again, none is done twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capaian.organisations.models import TahunKinerja
from capaian.reports.models import ReportVersion
from capaian.workflow import jobs
from capaian.workflow.audit import record_audit
from capaian.workflow.jobs import (
    CLOCK_SKEW,
    GIVEN_UP,
    MAX_ATTEMPTS,
    STALE_AFTER,
    UNCLAIMED_AFTER,
    JobRefused,
    finish,
    held,
    queue_again,
    run_job,
    sweep,
)
from capaian.workflow.models import AuditEntry, ClaimLost

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def job(tahun_kinerja: TahunKinerja) -> ReportVersion:
    """A queued job; a report version stands for all kinds."""
    return ReportVersion.objects.create(tahun_kinerja=tahun_kinerja, jenis="perjanjian_kinerja", nomor=1)


@pytest.fixture
def queue(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the registered work did, by job; the real one has tests of its own."""
    ids: list[int] = []
    monkeypatch.setitem(jobs._works, "reports.ReportVersion", lambda version: ids.append(version.pk))
    return ids


def stored(job: ReportVersion) -> ReportVersion:
    return ReportVersion.objects.get(pk=job.pk)


def interrupt(job: ReportVersion, attempts: int = 1, **values: Any) -> None:
    """As a killed worker leaves a job."""
    facts = {"state": "running", "attempts": attempts, "heartbeat_at": timezone.now() - STALE_AFTER * 2, **values}
    ReportVersion.objects.filter(pk=job.pk).update(**facts)


# --- one worker ------------------------------------------------------------------------------------------------------


def test_work_is_told_and_ended(job: ReportVersion) -> None:
    seen = []

    def work(version: ReportVersion) -> dict[str, Any]:
        version.show_progress(40, "Membaca data")
        seen.append((stored(job).state, stored(job).progress, stored(job).langkah, stored(job).attempts))
        return {"files": {"docx": "x"}}

    run_job(ReportVersion, job.pk, work)
    assert seen == [("running", 40, "Membaca data", 1)]
    after = stored(job)
    assert (after.state, after.progress, after.langkah, after.files) == ("ready", 100, "", {"docx": "x"})


@pytest.mark.parametrize("refusal", [JobRefused("Pagu belum diisi."), PermissionDenied("Pagu belum diisi.")])
def test_a_refusal_is_told_in_its_own_words(job: ReportVersion, refusal: Exception) -> None:
    def work(version: ReportVersion) -> None:
        raise refusal

    run_job(ReportVersion, job.pk, work)
    assert (stored(job).state, stored(job).error) == ("failed", "Pagu belum diisi.")


def test_a_program_error_is_logged_and_its_words_are_kept_back(
    job: ReportVersion, caplog: pytest.LogCaptureFixture
) -> None:
    def work(version: ReportVersion) -> None:
        version.show_progress(10, "Membaca berkas")
        raise ValueError("NIK 1234")

    run_job(ReportVersion, job.pk, work)
    assert stored(job).state == "failed"
    assert "(ValueError) saat membaca berkas. Data tidak berubah. Coba lagi" in stored(job).error
    assert "NIK" not in stored(job).error
    assert "failed" in caplog.text


def test_a_worker_that_is_stopped_gives_the_job_back(job: ReportVersion) -> None:
    def work(version: ReportVersion) -> None:
        raise SystemExit(1)

    with pytest.raises(SystemExit):
        run_job(ReportVersion, job.pk, work)
    assert stored(job).state == "queued"


def test_a_job_that_has_ended_is_not_done_again(job: ReportVersion) -> None:
    calls: list[int] = []
    for _ in range(2):
        run_job(ReportVersion, job.pk, lambda version: calls.append(version.pk))
    assert calls == [job.pk]


# --- two workers -----------------------------------------------------------------------------------------------------


def _overtaken(job: ReportVersion) -> None:
    """Another worker is at the job by now."""
    ReportVersion.objects.filter(pk=job.pk).update(attempts=2)


@pytest.mark.parametrize(
    "write",
    [
        lambda version: version.show_progress(50, "Menulis"),
        lambda version: finish(version, fingerprint="dari yang lama"),
        lambda version: held(version).__enter__(),
    ],
    ids=["progress", "finish", "held"],
)
def test_who_lost_the_claim_writes_nothing(job: ReportVersion, write: Callable[[ReportVersion], None]) -> None:
    lost = []

    def work(version: ReportVersion) -> None:
        _overtaken(job)
        try:
            write(version)
        except ClaimLost:
            lost.append(version.pk)
            raise

    run_job(ReportVersion, job.pk, work)
    assert lost == [job.pk]
    after = stored(job)
    assert (after.state, after.attempts, after.progress, after.fingerprint) == ("running", 2, 1, "")


def test_who_lost_the_claim_ends_nothing(job: ReportVersion) -> None:
    def work(version: ReportVersion) -> dict[str, Any]:
        _overtaken(job)
        return {"fingerprint": "dari yang lama"}

    run_job(ReportVersion, job.pk, work)
    assert (stored(job).state, stored(job).fingerprint) == ("running", "")


def test_results_and_end_are_stored_together(job: ReportVersion) -> None:
    def work(version: ReportVersion) -> None:
        with held(version):
            record_audit(by=None, action="uji.hasil", subject="x")
            finish(version, fingerprint="baru")
            raise JobRefused("Berhenti sebelum selesai.")

    run_job(ReportVersion, job.pk, work)
    assert (stored(job).state, stored(job).fingerprint) == ("failed", "")
    assert not AuditEntry.objects.filter(action="uji.hasil").exists()


# --- what was interrupted --------------------------------------------------------------------------------------------


def test_a_silent_job_begins_again_and_a_living_one_does_not(job: ReportVersion, done: list[int]) -> None:
    now = timezone.now()
    interrupt(job)
    alive = ReportVersion.objects.create(tahun_kinerja=job.tahun_kinerja, jenis="perjanjian_kinerja", nomor=2)
    interrupt(alive, heartbeat_at=now - STALE_AFTER / 2)
    assert sweep(ReportVersion, now) == 1
    assert done == [job.pk]
    assert (stored(job).state, stored(job).attempts, stored(alive).state) == ("ready", 2, "running")


def test_the_third_interruption_is_the_last(job: ReportVersion, done: list[int]) -> None:
    interrupt(job, attempts=MAX_ATTEMPTS)
    assert sweep(ReportVersion, timezone.now()) == 1
    assert (stored(job).state, stored(job).error, done) == ("failed", GIVEN_UP, [])


def test_the_next_piece_of_work_has_attempts_of_its_own(job: ReportVersion, done: list[int]) -> None:
    interrupt(job, attempts=2, state="ready")
    assert queue_again(stored(job), fingerprint="untuk tahap kedua")
    assert (stored(job).attempts, stored(job).fingerprint, done) == (MAX_ATTEMPTS + 1, "untuk tahap kedua", [job.pk])
    interrupt(job, attempts=MAX_ATTEMPTS + 1)
    sweep(ReportVersion, timezone.now())
    assert (stored(job).state, stored(job).attempts) == ("ready", MAX_ATTEMPTS + 2)


def test_a_pending_job_is_not_queued_twice(job: ReportVersion, done: list[int]) -> None:
    assert not queue_again(job)
    assert done == []


def test_a_clock_set_back_neither_ends_nor_hides_a_job(job: ReportVersion, done: list[int]) -> None:
    now = timezone.now()
    interrupt(job, heartbeat_at=now + timedelta(hours=3))
    assert sweep(ReportVersion, now) == 0
    assert (stored(job).state, stored(job).heartbeat_at) == ("running", now)
    # It counts from then on: a dead one is found after the usual time, not three hours later.
    assert sweep(ReportVersion, now + STALE_AFTER + CLOCK_SKEW) == 1
    assert (stored(job).state, done) == ("ready", [job.pk])


@pytest.mark.parametrize("created", [-UNCLAIMED_AFTER * 2, timedelta(hours=3)], ids=["old", "of the future"])
def test_a_job_whose_queue_row_is_gone_is_queued_again(
    job: ReportVersion, done: list[int], queue: None, created: timedelta
) -> None:
    ReportVersion.objects.update(created_at=timezone.now() + created)
    assert sweep(ReportVersion, timezone.now()) == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == ["reports.ReportVersion", job.pk]
    # Where the row is there, a worker is what is missing: no second one.
    assert sweep(ReportVersion, timezone.now()) == 0
    assert DBTaskResult.objects.count() == 1


def test_a_queue_row_left_running_is_closed(job: ReportVersion, done: list[int], queue: None) -> None:
    jobs.enqueue(job)
    DBTaskResult.objects.update(status="RUNNING")
    interrupt(job)
    sweep(ReportVersion, timezone.now())
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]
    assert stored(job).state == "queued"


@pytest.mark.django_db(transaction=True)  # the worker closes its connections
def test_the_worker_does_what_is_queued_and_what_was_left(job: ReportVersion, done: list[int], queue: None) -> None:
    left = ReportVersion.objects.create(tahun_kinerja=job.tahun_kinerja, jenis="perjanjian_kinerja", nomor=2)
    interrupt(left)
    jobs.enqueue(job)
    jobs.enqueue(job)
    call_command("run_jobs", "--once")
    assert sorted(done) == [job.pk, left.pk]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


# --- kill -9 ---------------------------------------------------------------------------------------------------------

# The real worker; the work of a version is to write one audit entry, in a transaction that lasts while `slow` is there.
WORKER = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from capaian.reports.models import ReportVersion
from capaian.workflow.audit import record_audit
from capaian.workflow.jobs import finish, held, register_work
folder = Path(sys.argv[1])
def work(version):
    version.show_progress(10, "Bekerja")
    with held(version):
        record_audit(by=None, action="uji.hasil", subject=str(version.pk))
        (folder / "begun").touch()
        while (folder / "slow").exists():
            time.sleep(0.05)
        finish(version)
register_work(ReportVersion, work)
call_command("run_jobs", *sys.argv[2:])
"""
SCRIPT = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.reports.models import ReportVersion
from capaian.workflow.jobs import STALE_AFTER, enqueue
from capaian.workflow.models import AuditEntry
"""
MAKE = """
office = Instansi.objects.create(kunci="contoh", nama="Dinas Kesehatan")
year = TahunKinerja.objects.create(instansi=office, tahun=2024)
enqueue(ReportVersion.objects.create(tahun_kinerja=year, jenis="perjanjian_kinerja", nomor=1))
"""
SILENT = "print(ReportVersion.objects.update(heartbeat_at=timezone.now() - 2 * STALE_AFTER))"
ASK = """
version = ReportVersion.objects.get()
print(version.state, version.attempts, AuditEntry.objects.filter(action="uji.hasil").count())
"""


def environment(folder: Path) -> dict[str, str]:
    """The settings of a site with a database file of its own."""
    env = os.environ | {"CAPAIAN_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}
    env.pop("CAPAIAN_DATABASE_URL", None)
    return env


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site with nothing in it yet."""
    folder = tmp_path_factory.mktemp("site")
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, cwd=ROOT, env=environment(folder), check=True, timeout=300)
    return folder


@pytest.fixture
def site(migrated: Path, tmp_path: Path) -> SimpleNamespace:
    """A site with a database file of its own, in processes of their own."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    env = environment(tmp_path)

    def run(code: str) -> str:
        command = [sys.executable, "-c", SCRIPT + code]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def worker(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", WORKER, str(tmp_path), *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)

    def wait_for(name: str) -> None:
        for _ in range(600):
            if (tmp_path / name).exists():
                return
            time.sleep(0.1)
        raise AssertionError(f"{name} never came")

    return SimpleNamespace(folder=tmp_path, run=run, worker=worker, wait_for=wait_for)


@pytest.mark.own_database
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(site: SimpleNamespace) -> None:
    site.run(MAKE)
    (site.folder / "slow").touch()
    process = site.worker()
    try:
        site.wait_for("begun")
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=30) == -signal.SIGKILL
    finally:
        process.kill()
    # What it had written was not committed; the job says that somebody is at it.
    assert site.run(ASK) == "running 1 0"
    (site.folder / "slow").unlink()
    assert site.run(SILENT) == "1"
    assert site.worker("--once").wait(timeout=120) == 0
    assert site.run(ASK) == "ready 2 1"


@pytest.mark.own_database
def test_of_two_workers_one_does_the_job(site: SimpleNamespace) -> None:
    site.run(MAKE + "enqueue(ReportVersion.objects.get())")
    workers = [site.worker("--once"), site.worker("--once")]
    assert [one.wait(timeout=120) for one in workers] == [0, 0]
    assert site.run(ASK) == "ready 1 1"
