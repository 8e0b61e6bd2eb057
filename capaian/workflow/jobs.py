"""Work that a worker does: queued, claimed by one, reported while it goes on, ended once; a killed one begins again.

The row of the job is the truth, the queue only wakes a worker: a job that is queued twice is done once, and one whose
queue row is gone is queued again (`sweep`). A claim is the number of the attempt. Whoever lost it, because nobody had
heard of him for `STALE_AFTER`, can neither report progress nor write a result (`ClaimLost`). So work needs only to
write its results together, in `held`, or as what it returns.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from capaian.workflow.audit import audited
from capaian.workflow.checks import RowRefused
from capaian.workflow.models import BackgroundJob, ClaimLost
from capaian.workflow.policy import StateRefused

J = TypeVar("J", bound=BackgroundJob)
# Does the job and returns fields to store with its end, if any.
Work = Callable[[Any], Mapping[str, Any] | None]

logger = logging.getLogger(__name__)
_State = BackgroundJob.State
# The longest step, a chart-laden PDF on a slow machine, stays far below this.
STALE_AFTER: Final = timedelta(minutes=5)
# A worker looks for work twice a second; a queue row that is missing this long was lost.
UNCLAIMED_AFTER: Final = timedelta(minutes=1)
# How far the clocks of two machines may be apart before a sign of life counts as one of the future.
CLOCK_SKEW: Final = timedelta(minutes=1)
MAX_ATTEMPTS: Final = 3
GIVEN_UP: Final = (
    f"Pekerjaan ini {MAX_ATTEMPTS} kali terhenti di tengah jalan (server dimatikan, dimulai ulang, atau kehabisan "
    "memori) dan tidak dicoba lagi. Data tidak berubah. Ulangi permintaannya; bila terhenti lagi, sampaikan kepada "
    "pengelola sistem."
)


class JobRefused(ValueError):
    """The data do not allow the work; the message says why and what to do."""


_FOR_PEOPLE: Final = (JobRefused, StateRefused, RowRefused, PermissionDenied)
_works: dict[str, Work] = {}


def register_work(model: type[BackgroundJob], work: Work) -> None:
    """Make known what is to be done for jobs of a model; called when its app is ready."""
    _works[model._meta.label] = work


def enqueue(job: BackgroundJob) -> None:
    """Wake a worker for a queued job.

    The queue is a table of the same database: called in the transaction that made the job, both are stored or neither.
    """
    perform.enqueue(job._meta.label, job.pk)


def queue_again(job: BackgroundJob, step: str = "Menunggu giliran", **values: Any) -> bool:
    """Queue a job that has ended for its next piece of work, with a new count of attempts; False where it is pending.

    `values` are stored along. Attempt numbers go on, so that nobody who was at the piece before can write in this one.
    """
    begun = -(-job.attempts // MAX_ATTEMPTS) * MAX_ATTEMPTS
    fresh = {"state": _State.QUEUED, "attempts": begun, "progress": 0, "langkah": step, "error": "", **values}
    ended = _rows(type(job)).filter(pk=job.pk, attempts=job.attempts).exclude(state__in=(_State.QUEUED, _State.RUNNING))
    if not ended.update(heartbeat_at=timezone.now(), **fresh):
        return False
    job.refresh_from_db()
    enqueue(job)
    return True


@task()
def perform(label: str, pk: int) -> None:
    """The entry in the queue: do the work of one job; asking twice does no harm."""
    run_job(apps.get_model(label), pk, _works[label])


def run_job(model: type[J], pk: int, work: Callable[[J], Mapping[str, Any] | None]) -> None:
    """Claim a queued job, do its work and end it: ready with what the work returns, or failed in words.

    Does nothing for a job that somebody else has claimed or that has ended. Raises only what stops the worker itself;
    the job then waits in the queue again.
    """
    job = _claim(model, pk)
    if job is None:
        return
    try:
        values = work(job) or {}
        if job.state != _State.READY:
            finish(job, **values)
    except ClaimLost:
        logger.warning("%s %s was taken over while this worker was silent", model.__name__, pk)
    except _FOR_PEOPLE as refusal:
        _end(job, _State.FAILED, str(refusal))
    except Exception as error:
        logger.exception("%s %s failed", model.__name__, pk)
        _end(job, _State.FAILED, _program_error(job, error))
    except BaseException:
        _mine(job).update(state=_State.QUEUED, langkah="Menunggu giliran", heartbeat_at=timezone.now())
        raise


@contextmanager
def held(job: BackgroundJob) -> Iterator[None]:
    """One audited transaction in which this worker, and no other, may write results of the job.

    Nobody can take the job over meanwhile. Raises `ClaimLost` where somebody has.
    """
    with audited():
        if not list(_mine(job).select_for_update(no_key=True).values_list("pk")):
            raise ClaimLost(f"{job._meta.label} {job.pk}, attempt {job.attempts}")
        yield


def finish(job: BackgroundJob, **values: Any) -> None:
    """End a job as ready; inside `held`, together with its results. Raises `ClaimLost`."""
    if not _end(job, _State.READY, "", progress=100, **values):
        raise ClaimLost(f"{job._meta.label} {job.pk}, attempt {job.attempts}")


def sweep(model: type[BackgroundJob], now: datetime) -> int:
    """Put back in the queue what was interrupted, wake workers for what waits unknown to them; count both.

    A job that gave no sign of life for `STALE_AFTER` is begun again, up to `MAX_ATTEMPTS` times, then failed in words.
    A sign of life of the future (the clock was set back) says nothing: it counts from `now`. The common answer costs
    one read, since pages ask on every visit.
    """
    silent = Q(state=_State.RUNNING) & (Q(heartbeat_at__lt=now - STALE_AFTER) | Q(heartbeat_at=None))
    ahead = Q(state=_State.RUNNING, heartbeat_at__gt=now + CLOCK_SKEW)
    waiting = Q(state=_State.QUEUED) & _waits_since(now)
    found = list(_rows(model).filter(silent | ahead | waiting).only("pk", "state", "attempts", "heartbeat_at"))
    count = 0
    for job in found:
        if job.state == _State.QUEUED:
            count += _wake(job)
        elif job.heartbeat_at and job.heartbeat_at > now:
            _mine(job).update(heartbeat_at=now)
        else:
            count += _take_back(job, now)
    return count


def sweep_all(now: datetime) -> int:
    """`sweep` over every kind of job."""
    kinds = [model for model in apps.get_models() if issubclass(model, BackgroundJob)]
    return sum(sweep(model, now) for model in kinds)


def _claim(model: type[J], pk: int) -> J | None:
    # The row is read in the transaction that claimed it: the attempt read is the one that was begun.
    with transaction.atomic():
        claimed = _rows(model).filter(pk=pk, state=_State.QUEUED)
        started = {"state": _State.RUNNING, "progress": 1, "langkah": "Memulai", "heartbeat_at": timezone.now()}
        if not claimed.update(attempts=F("attempts") + 1, **started):
            return None
        return model._default_manager.get(pk=pk)


def _rows(model: type[J]) -> Any:
    return model._default_manager.order_by()


def _mine(job: BackgroundJob) -> Any:
    return _rows(type(job)).filter(pk=job.pk, state=_State.RUNNING, attempts=job.attempts)


def _end(job: BackgroundJob, state: str, error: str, **values: Any) -> bool:
    ending = {"state": state, "error": error, "langkah": "", "heartbeat_at": timezone.now(), **values}
    if not _mine(job).update(**ending):
        return False
    for name, value in ending.items():
        setattr(job, name, value)
    return True


def _program_error(job: BackgroundJob, error: Exception) -> str:
    during = f" saat {job.langkah[:1].lower()}{job.langkah[1:]}" if job.langkah else ""
    return (
        f"Pekerjaan ini gagal karena kesalahan program ({type(error).__name__}){during}. "
        "Data tidak berubah. Coba lagi; bila terulang, sampaikan kalimat ini kepada pengelola sistem."
    )


def _waits_since(now: datetime) -> Q:
    """Long enough in the queue to look for its queue row; times of the future are no times."""
    since = now - UNCLAIMED_AFTER
    by_sign = Q(heartbeat_at__lt=since) | Q(heartbeat_at__gt=now + CLOCK_SKEW)
    by_creation = Q(heartbeat_at=None) & (Q(created_at__lt=since) | Q(created_at__gt=now + CLOCK_SKEW))
    return by_sign | by_creation


def _queue_rows(job: BackgroundJob) -> Any:
    return DBTaskResult.objects.order_by().filter(
        task_path=perform.module_path, args_kwargs__args=[job._meta.label, job.pk]
    )


def _wake(job: BackgroundJob) -> int:
    if _queue_rows(job).filter(status="READY").exists():
        return 0
    enqueue(job)
    return 1


def _take_back(job: BackgroundJob, now: datetime) -> int:
    """Free a job from a worker that went silent: back in the queue, or given up."""
    silent = _mine(job).filter(heartbeat_at=job.heartbeat_at)
    if job.attempts and job.attempts % MAX_ATTEMPTS == 0:
        return int(silent.update(state=_State.FAILED, error=GIVEN_UP, langkah=""))
    with transaction.atomic():
        step = "Dimulai lagi sesudah terhenti"
        if not silent.update(state=_State.QUEUED, progress=0, langkah=step, heartbeat_at=now):
            return 0
        # The queue's own row would say for ever that a worker is at it.
        lost = {"status": "FAILED", "finished_at": now, "exception_class_path": f"{ClaimLost.__module__}.ClaimLost"}
        _queue_rows(job).filter(status="RUNNING").update(**lost)
    enqueue(job)
    return 1
