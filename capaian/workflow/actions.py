"""Writing the audit trail, and the one way in which a set of rows is brought in line with what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import models, transaction

from capaian.organisations.models import Instansi
from capaian.workflow.models import AuditEntry

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class SyncResult:
    """How many rows a sync created, changed, removed and left as they were."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: SyncResult) -> SyncResult:
        return SyncResult(
            self.created + other.created,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.changed or self.removed)

    def to_dict(self) -> dict[str, int]:
        return {
            "created": self.created,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
        }


def record_audit(
    *,
    by: AbstractUser | None,
    action: str,
    subject: str,
    instansi: Instansi | None = None,
    before: Any = None,
    after: Any = None,
) -> AuditEntry:
    """Append one entry to the audit trail."""
    return AuditEntry.objects.create(
        by=by, action=action, subject=subject[:200], instansi=instansi, before=before, after=after
    )


@transaction.atomic
def sync_rows(
    queryset: models.QuerySet[M], *, key: Sequence[str], rows: Iterable[Mapping[str, Any]]
) -> tuple[dict[tuple[Any, ...], M], SyncResult]:
    """Make `queryset` hold exactly `rows`, matched by the natural key `key`; untouched rows keep their identity.

    A row maps every field to its value, foreign keys as instances. Returns the rows by key and the counts. Raises
    `ValueError` when `rows` repeat a key: the caller has validated, so it is a programming error.
    """
    existing = {_key_of(row, key): row for row in queryset}
    wanted: dict[tuple[Any, ...], M] = {}
    fresh: list[M] = []
    changed: list[M] = []
    fields: set[str] = set()
    for values in rows:
        row_key = tuple(_plain(values[name]) for name in key)
        if row_key in wanted:
            raise ValueError(f"Duplicate key {row_key} for {queryset.model.__name__}")
        row = existing.pop(row_key, None)
        if row is None:
            row = queryset.model(**values)
            fresh.append(row)
        elif different := [name for name, value in values.items() if _value(row, name) != _plain(value)]:
            for name in different:
                setattr(row, name, values[name])
            changed.append(row)
            fields.update(different)
        wanted[row_key] = row
    if existing:
        queryset.model._default_manager.filter(pk__in=[row.pk for row in existing.values()]).delete()
    queryset.model._default_manager.bulk_create(fresh)
    if changed:
        queryset.model._default_manager.bulk_update(changed, sorted(fields))
    unchanged = len(wanted) - len(fresh) - len(changed)
    return wanted, SyncResult(len(fresh), len(changed), len(existing), unchanged)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _value(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    return getattr(row, field.attname) if isinstance(field, models.ForeignKey) else getattr(row, name)


def _key_of(row: models.Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_value(row, name) for name in key)
