"""Attempts that were refused go into the audit trail, but no robot fills the disk with them."""

from __future__ import annotations

import hashlib
import logging
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.http import HttpRequest

from capaian.organisations.models import Instansi, UnitKerja
from capaian.web.address import client_address
from capaian.workflow.audit import record_refusal
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import SheetKey

# The same attempt again within this many seconds is not written again.
QUIET_SECONDS: Final = 60
# Different attempts of one person, and of everybody without a login together, that are written within that time.
MOST_PER_PERSON: Final = 30
MOST_ANONYMOUS: Final = 60
_LAST: Final = "Penolakan berikutnya dalam menit ini tidak dicatat satu per satu."

logger = logging.getLogger(__name__)


def note_refusal(
    request: HttpRequest,
    *,
    action: str,
    subject: str,
    reason: str,
    instansi: Instansi | None = None,
    unit: UnitKerja | None = None,
    after: Any = None,
) -> None:
    """Write that this request was refused, and why; call it outside the transaction that the refusal undid.

    A view that answers a `StateRefused` calls this; every 403 is noted by `middleware.AuditTrail`. An audit trail that
    cannot be written now makes no other answer out of the refusal: it is logged.
    """
    user = getattr(request, "user", None)
    by = user if isinstance(user, User) else None
    count = _count(by, f"{client_address(request)} {action} {subject} {reason}")
    if count == 0:
        return
    most = MOST_PER_PERSON if by else MOST_ANONYMOUS
    if count > most:
        return
    try:
        record_refusal(
            by=by,
            action=action,
            subject=clean_text(subject),
            reason=clean_text(reason)[:400] + (f" {_LAST}" if count == most else ""),
            instansi=instansi,
            unit=unit,
            after=after,
        )
    except DatabaseError:
        logger.exception("A refused attempt could not be written: %s %s", action, subject)


def note_sheet_refusal(request: HttpRequest, key: SheetKey, action: str, reason: str, after: Any = None) -> None:
    """The same for an attempt on a sheet, under the subject and unit that its entries carry."""
    note_refusal(
        request,
        action=action,
        subject=key.subject,
        reason=reason,
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        after=after,
    )


def _count(by: User | None, attempt: str) -> int:
    """How many different attempts this one makes within the quiet time; 0 for one that was written already."""
    who = f"user-{by.pk}" if by else "anonymous"
    mark = hashlib.sha256(attempt.encode("utf-8", "surrogatepass")).hexdigest()
    if not cache.add(f"refusal:{who}:{mark}", 1, QUIET_SECONDS):
        return 0
    counter = f"refusals:{who}"
    cache.add(counter, 0, QUIET_SECONDS)
    try:
        return int(cache.incr(counter))
    except ValueError:
        # It ended between the two lines.
        cache.set(counter, 1, QUIET_SECONDS)
        return 1
