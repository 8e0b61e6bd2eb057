"""The audit trail: entries are appended in numbered, hash-chained order, and `chains` verifies them.

Each entry's hash covers its content and the hash before it; `AuditChain` holds length and last hash. Whoever changes,
removes or inserts an entry has to rewrite everything after it, and the head that was printed or mailed before
(`capaian check --audit`, the digest) no longer fits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from capaian.organisations.models import Instansi, UnitKerja
from capaian.workflow.models import AuditChain, AuditEntry

SYSTEM_CHAIN: Final = "sistem"

_pending: ContextVar[list[AuditEntry] | None] = ContextVar("pending_audit_entries", default=None)
_address: ContextVar[str] = ContextVar("audit_address", default="")


@contextmanager
def audited() -> Iterator[None]:
    """One transaction whose audit entries are written together at its very end; also a decorator, `@audited()`.

    The end of a chain is a lock that all writers of an office share. Taken last it is held for an instant, and no two
    writers can wait for each other. Inside another `audited` the entries join those of the outer one; what fails takes
    its entries with it.
    """
    pending = _pending.get()
    if pending is not None:
        mark = len(pending)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del pending[mark:]
            raise
        return
    token = _pending.set([])
    try:
        with transaction.atomic():
            yield
            _append(_pending.get() or [])
    finally:
        _pending.reset(token)


@contextmanager
def origin(address: str) -> Iterator[None]:
    """The address that a request came from; entries made meanwhile carry it."""
    token = _address.set(address[:60])
    try:
        yield
    finally:
        _address.reset(token)


def record_audit(
    *,
    by: User | None,
    action: str,
    subject: str,
    instansi: Instansi | None = None,
    unit: UnitKerja | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    outcome: str = AuditEntry.Outcome.DONE,
) -> None:
    """Append one entry, at the end of the `audited` transaction that it is part of, or at once outside of one."""
    entry = AuditEntry(
        at=timezone.now(),
        by=by,
        instansi=instansi,
        unit_kunci=unit.kunci if unit else "",
        action=action,
        outcome=outcome,
        subject=subject[:200],
        before=_plain(before),
        after=_plain(after),
        reason=reason[:500],
        address=_address.get(),
        chain=instansi.kunci if instansi else SYSTEM_CHAIN,
    )
    pending = _pending.get()
    if pending is not None:
        pending.append(entry)
        return
    with transaction.atomic():
        _append([entry])


def record_refusal(
    *,
    by: User | None,
    action: str,
    subject: str,
    reason: str,
    instansi: Instansi | None = None,
    unit: UnitKerja | None = None,
    after: Any = None,
) -> None:
    """Append an entry about an attempt that was refused. Call it outside the transaction that the refusal undid."""
    record_audit(
        by=by,
        action=action,
        subject=subject,
        instansi=instansi,
        unit=unit,
        after=after,
        reason=reason,
        outcome=AuditEntry.Outcome.REFUSED,
    )


def entry_hash(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over everything that an entry says and the hash before it."""
    said = [
        previous,
        entry.chain,
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.by_id,
        entry.unit_kunci,
        entry.action,
        entry.outcome,
        entry.subject,
        entry.before,
        entry.after,
        entry.reason,
        entry.address,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _append(entries: list[AuditEntry]) -> None:
    """Number and chain the entries, office by office in one order for all writers, and store them."""
    for name in sorted({entry.chain for entry in entries}):
        AuditChain.objects.get_or_create(name=name)
        end = AuditChain.objects.select_for_update(no_key=True).get(name=name)
        mine = [entry for entry in entries if entry.chain == name]
        for entry in mine:
            end.length += 1
            entry.number = end.length
            end.head = entry.hash = entry_hash(entry, end.head)
        AuditEntry.objects.bulk_create(mine)
        end.save(update_fields=["length", "head"])


def _plain(facts: Any) -> Any:
    """The facts as the database gives them back, so that the hash computed now is the one computed then."""
    return json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
