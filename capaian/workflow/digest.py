"""The daily e-mail: what waits for a person, sent once a day and only when there is something."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from capaian.organisations.models import Instansi, Membership, TahunKinerja
from capaian.organisations.permissions import Office, in_force, office_of
from capaian.workflow.models import AuditChain, AuditEntry, Comment, Deadline, Digest, Submission
from capaian.workflow.queries_sheets import SheetState, sheet_states
from capaian.workflow.queries_tugas import Tasks, tasks_of

# What closes later than this is not yet worth a letter.
SOON_DAYS: Final = 7
# What a letter lists of each kind; the rest is on the page that it leads to.
LISTED: Final = 15

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """What one person is told about one office today."""

    user: User
    instansi: Instansi
    subject: str
    text: str


def letters(today: date, kunci: str | None = None) -> Iterator[Letter]:
    """The letters of a day, of all offices or of one, by office and person. Whoever has nothing to do gets none."""
    offices = Instansi.objects.filter(kunci=kunci) if kunci else Instansi.objects.all()
    for instansi in offices:
        years = [(year, sheet_states(year)) for year in _working_years(instansi)]
        head = _head(instansi, today)
        for user in _receivers(instansi, today):
            letter = _letter(user, instansi, years, head, today)
            if letter:
                yield letter


def send(letter: Letter, today: date) -> bool:
    """Send a letter unless it was sent today; whether it was sent now.

    The mark is stored first: interrupted in between, a letter is missing rather than doubled. Raises `SMTPException`
    or `OSError` when the mail server does not take it; the mark is then taken back.
    """
    mark, created = Digest.objects.get_or_create(user=letter.user, instansi=letter.instansi, day=today)
    if not created:
        return False
    try:
        EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.user.email]).send()
    except (SMTPException, OSError) as error:
        mark.delete()
        # What a mail server says names the address, which stays out of the log.
        logger.error("The digest of user %s was not taken: %s", letter.user.pk, type(error).__name__)
        raise
    return True


def _working_years(instansi: Instansi) -> QuerySet[TahunKinerja]:
    """The years in which forms are at work: with a deadline, a submission or a remark."""
    # One question for each table: joined, every deadline would be paired with every submission and every remark.
    marks = [Exists(model.objects.filter(tahun_kinerja=OuterRef("pk"))) for model in (Deadline, Submission, Comment)]
    return instansi.tahun_kinerja.filter(Q(*marks, _connector=Q.OR))


def _receivers(instansi: Instansi, today: date) -> QuerySet[User]:
    """Who has a role in the office, or one lent to them, an e-mail address, and has not declined the letter."""
    roles = in_force(today, "memberships__") & Q(memberships__instansi=instansi)
    lent = in_force(today, "delegations_received__") & Q(delegations_received__instansi=instansi)
    wants = Q(account__wants_digest=True) | Q(account=None)
    return User.objects.filter(wants, roles | lent, is_active=True).exclude(email="").distinct().order_by("pk")


def _letter(
    user: User,
    instansi: Instansi,
    years: Sequence[tuple[TahunKinerja, Sequence[SheetState]]],
    head: Mapping[str, Any] | None,
    today: date,
) -> Letter | None:
    parts, is_inspector = [], False
    for year, states in years:
        office = office_of(user, year, today)
        is_inspector = is_inspector or Membership.Role.INSPEKTORAT in office.roles
        part = _part(office, tasks_of(office, user, today, states))
        if part:
            parts.append(part)
    anchor = head if is_inspector else None
    if not parts and not anchor:
        return None
    context = {"user": user, "instansi": instansi, "today": today, "parts": parts, "head": anchor, "listed": LISTED}
    count = sum(part["count"] for part in parts)
    what = f"{count} hal menunggu Anda" if count else "ringkasan hari ini"
    name = " ".join((instansi.singkatan or instansi.nama).split())
    return Letter(user, instansi, f"Capaian {name}: {what}", render_to_string("workflow/ringkasan.txt", context))


def _part(office: Office, tasks: Tasks) -> dict[str, Any] | None:
    """What a letter says of one year, or None where nothing presses."""
    due = [task for task in tasks.due if task.days_left is not None and task.days_left <= SOON_DAYS]
    backlog = [one for one in tasks.backlog if one.days_left is not None and one.days_left <= SOON_DAYS]
    count = len(tasks.returned) + len(due) + len(tasks.waiting) + len(tasks.threads)
    if not count and not backlog:
        return None
    year = office.tahun_kinerja
    return {
        "tahun": year.tahun,
        "returned": tasks.returned,
        "due": due,
        "waiting": tasks.waiting,
        "threads": tasks.threads,
        "backlog": backlog,
        "count": count,
        "url": f"{settings.SITE_URL}/{year.instansi.kunci}/{year.tahun}/isian/",
    }


def _head(instansi: Instansi, today: date) -> dict[str, Any] | None:
    """Where the audit trail of the office ends, when something was written since yesterday."""
    since = timezone.make_aware(datetime.combine(today - timedelta(days=1), time.min))
    end = AuditChain.objects.filter(name=instansi.kunci).first()
    if end is None or not AuditEntry.objects.filter(chain=end.name, at__gte=since).exists():
        return None
    return {"name": end.name, "length": end.length, "hash": end.head}
