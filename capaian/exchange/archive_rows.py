"""Rows of any table as lines of JSON and back, the same on SQLite and PostgreSQL, in memory that does not grow."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import DateField, JSONField, Model, TimeField
from django.utils.duration import duration_iso_string

# Who is logged in, and the queue: jobs themselves are rows of ours, and a worker queues again what is not done.
EXCLUDED: Final = frozenset({"sessions.Session", "django_tasks_database.DBTaskResult"})
BATCH: Final = 1000


@dataclass
class Digest:
    """How many lines there were, and the SHA-256 over them, each with its line end."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, line: bytes) -> bytes:
        self.rows += 1
        self._hash.update(line)
        return line

    @property
    def sha256(self) -> str:
        return str(self._hash.hexdigest())


def applied_migrations() -> list[tuple[str, str]]:
    """The migrations that this database has, of those that this release knows; sorted. Empty for a new database."""
    loader = MigrationLoader(connection)
    return sorted(key for key in loader.applied_migrations or () if key in loader.graph.nodes)


def known_migrations() -> set[tuple[str, str]]:
    """Every migration that this release brings; no database is asked."""
    return set(MigrationLoader(None).graph.nodes)


def models_at(migrations: list[tuple[str, str]]) -> list[type[Model]]:
    """All models with a table, as they were with these migrations applied; sorted by label.

    Dates that are set by themselves are not set here: a row is written as it was read.
    """
    state = MigrationLoader(None).project_state(migrations)
    models = [model for model in _models_of(state.apps) if model._meta.managed and not model._meta.proxy]
    for model in models:
        for column in model._meta.concrete_fields:
            if isinstance(column, DateField | TimeField):
                column.auto_now = column.auto_now_add = False
    return models


def kept_models(models: list[type[Model]]) -> list[type[Model]]:
    """Those whose rows belong into an archive."""
    return [model for model in models if model._meta.label not in EXCLUDED]


def columns_of(model: type[Model]) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]


def read_lines(model: type[Model]) -> Iterator[bytes]:
    """Every row as a JSON list in the order of `columns_of`, sorted by primary key, which is a number everywhere."""
    rows = model._base_manager.order_by("pk").values_list(*columns_of(model))
    for row in rows.iterator(chunk_size=BATCH):
        yield json.dumps(row, default=_plain, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def digest_of(model: type[Model]) -> Digest:
    """Count and hash of a table as it stands."""
    digest = Digest()
    for line in read_lines(model):
        digest.add(line)
    return digest


def write_lines(model: type[Model], columns: list[str], lines: Iterable[bytes]) -> None:
    """Insert rows that `read_lines` gave, in batches. Raises what the fields and the database say of bad ones."""
    by_column = {column.attname: column for column in model._meta.concrete_fields}
    fields = [by_column[column] for column in columns]
    batch: list[Model] = []
    for line in lines:
        values = zip(fields, json.loads(line), strict=True)
        batch.append(model(**{column.attname: _typed(column, value) for column, value in values}))
        if len(batch) == BATCH:
            model._base_manager.bulk_create(batch)
            batch = []
    model._base_manager.bulk_create(batch)


def _models_of(apps: Apps) -> list[type[Model]]:
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)


def _plain(value: Any) -> Any:
    """What JSON has no word for, without loss: times to the microsecond, decimals with all their digits."""
    match value:
        case Decimal() | UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"No archive form for {type(value).__name__}.")


def _typed(column: Any, value: Any) -> Any:
    """The value of a field from its JSON; what a JSON field holds is JSON already."""
    return value if value is None or isinstance(column, JSONField) else column.to_python(value)
