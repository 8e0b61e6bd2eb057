"""The one way in which a set of rows is brought in line with what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import models

from capaian.organisations.models import Instansi
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import check_row

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


@audited()
def sync_rows(
    queryset: models.QuerySet[M],
    *,
    by: User | None,
    instansi: Instansi,
    action: str,
    key: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
) -> tuple[list[M], SyncResult]:
    """Make `queryset` hold exactly `rows`, matched by the natural key `key`, and write one audit entry if it changed.

    A row maps every field to its value, foreign keys as instances; a row that did not change keeps its identity.
    Returns the stored rows in the order of `rows`, and the counts. Raises `RowRefused` for a row that its columns
    cannot hold, and `ValueError` when `rows` repeat a key: the caller has validated them, so that is a programming
    error.
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
            check_row(row, values, key)
            fresh.append(row)
        elif different := [name for name, value in values.items() if _value(row, name) != _plain(value)]:
            for name in different:
                setattr(row, name, values[name])
            check_row(row, different, key)
            changed.append(row)
            fields.update(different)
        wanted[row_key] = row
    manager = queryset.model._default_manager
    if existing:
        manager.filter(pk__in=[row.pk for row in existing.values()]).delete()
    manager.bulk_create(fresh)
    if changed:
        manager.bulk_update(changed, sorted(fields))
    result = SyncResult(len(fresh), len(changed), len(existing), len(wanted) - len(fresh) - len(changed))
    if result.has_changes:
        subject = f"{queryset.model._meta.label} {instansi.kunci}"
        record_audit(by=by, action=action, subject=subject, instansi=instansi, after=result.to_dict())
    return list(wanted.values()), result


def shared_rows(queryset: models.QuerySet[M], *, instansi: Instansi, listed: models.Q) -> models.QuerySet[M]:
    """What a load of one year may bring in line, of rows that all years of an office share.

    Everything while the office has one year; else only what the load lists, so that it never removes what another
    year still uses.
    """
    return queryset if instansi.tahun_kinerja.count() < 2 else queryset.filter(listed)


@audited()
def sync_tree(
    queryset: models.QuerySet[M],
    *,
    by: User | None,
    instansi: Instansi,
    action: str,
    rows: Iterable[Mapping[str, Any]],
) -> tuple[dict[str, M], SyncResult]:
    """`sync_rows` for a tree: the key is `kunci`, and a row names its parent by key in `induk` (or None).

    Returns the stored rows by `kunci`. Raises `KeyError` for a parent that is not among the rows.
    """
    rows = list(rows)
    flat = [{name: value for name, value in row.items() if name != "induk"} for row in rows]
    stored, result = sync_rows(queryset, by=by, instansi=instansi, action=action, key=["kunci"], rows=flat)
    by_kunci = {str(_value(row, "kunci")): row for row in stored}
    moved = []
    for values in rows:
        row, parent = by_kunci[values["kunci"]], by_kunci[values["induk"]] if values["induk"] else None
        if _value(row, "induk") != _plain(parent):
            setattr(row, "induk", parent)  # noqa: B010 - M is any model with an `induk`
            moved.append(row)
    queryset.model._default_manager.bulk_update(moved, ["induk"])
    return by_kunci, result


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _value(row: models.Model, name: str) -> Any:
    field = row._meta.get_field(name)
    return getattr(row, field.attname) if isinstance(field, models.ForeignKey) else getattr(row, name)


def _key_of(row: models.Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_value(row, name) for name in key)
