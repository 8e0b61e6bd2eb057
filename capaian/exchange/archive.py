"""A whole installation in one .zip: the database as one moment saw it, and the files that people handed in.

    manifest.json         format, release, time, migrations, and per table and file its size and SHA-256
    tables/<label>.jsonl  one row a line (`archive_rows`), of every table but sessions and the queue
    files/<path>          what lies below MEDIA_ROOT

It does not matter which database wrote it: an archive from SQLite can be restored into PostgreSQL and the other way
round. The key in CAPAIAN_VAR is not in it; the hashes of passwords and the secrets of second factors are.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from capaian.exchange.archive_rows import (
    Digest,
    applied_migrations,
    columns_of,
    kept_models,
    models_at,
    read_lines,
)
from capaian.web.release import release

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
PARTIAL: Final = ".capaian-backup.part"


class ArchiveError(ValueError):
    """An archive cannot be made, read or restored; the message says why and what to do. Nothing has changed."""


@dataclass(frozen=True)
class Table:
    """A table in the archive: its model, its columns in the order of the rows, how many rows, their SHA-256."""

    label: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.label}.jsonl"


@dataclass(frozen=True)
class StoredFile:
    """A file in the archive: its path below MEDIA_ROOT, its size in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def member(self) -> str:
        return f"files/{self.path}"


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. `at` is the ISO time of its beginning; `migrations` are (app, name) pairs."""

    format: int
    release: str
    at: str
    database: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    files: list[StoredFile]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def write_archive(target: Path) -> Manifest:
    """Write the archive beside `target` and give it its name when it is whole; the site may be in use meanwhile.

    Raises `ArchiveError` where there is no database or another archive is being written, OSError where there is no
    room; then nothing is left behind.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with only_one(), _aside(target) as handle, ZipFile(handle, "w") as archive:
        at = timezone.now().isoformat()
        with snapshot():
            migrations = applied_migrations()
            if not migrations:
                raise ArchiveError("Basis data belum disiapkan, jadi tidak ada yang dicadangkan. Jalankan migrate.")
            tables = [_write_table(archive, model) for model in kept_models(models_at(migrations))]
        # After the rows: a file is there before the row that names it, and never changes.
        files = [found for path in media_files() if (found := _write_file(archive, path))]
        manifest = Manifest(FORMAT, release(), at, connection.vendor, migrations, tables, files)
        archive.writestr(_member(MANIFEST), json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


@contextmanager
def snapshot() -> Iterator[None]:
    """One transaction that sees the database as it is now, whatever is written meanwhile, and holds nobody up."""
    sqlite = connection.vendor == "sqlite"
    connection.ensure_connection()
    usual = getattr(connection, "transaction_mode", None)
    if sqlite:
        # The usual mode takes the one lock for writing, which everybody else would wait for.
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if not sqlite:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if sqlite:
            connection.transaction_mode = usual  # type: ignore[attr-defined]


@contextmanager
def only_one() -> Iterator[None]:
    """Holds off a second backup or restore of this installation; the lock ends with the process, however it ends."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "backup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveError("Pencadangan atau pemulihan lain sedang berjalan; tunggu sampai selesai.") from error
        yield


def media_files() -> Iterator[Path]:
    """Paths below MEDIA_ROOT, sorted; folders that begin with a dot hold what is not whole yet."""
    root = Path(settings.MEDIA_ROOT)
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names))


@contextmanager
def _aside(target: Path) -> Iterator[IO[bytes]]:
    """A file for its owner only that takes its name when the block has ended well, and disappears when it has not.

    What a killed run left has the same name and is written over.
    """
    partial = target.parent / PARTIAL
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(partial, target)
    except BaseException:
        with suppress(FileNotFoundError):
            partial.unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _member(name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
    """A member with a date of its own kind: a .zip cannot date anything before 1980, whatever the clock says."""
    member = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    member.compress_type = compression
    member.external_attr = 0o600 << 16
    return member


def _write_table(archive: ZipFile, model: type[Model]) -> Table:
    digest, table = Digest(), Table(model._meta.label, columns_of(model), 0, "")
    with archive.open(_member(table.member), "w", force_zip64=True) as member:
        for line in read_lines(model):
            member.write(digest.add(line))
    return Table(table.label, table.columns, digest.rows, digest.sha256)


def _write_file(archive: ZipFile, path: Path) -> StoredFile | None:
    """Documents are compressed already. None for a file that was removed since it was listed."""
    relative = path.relative_to(settings.MEDIA_ROOT).as_posix()
    with suppress(FileNotFoundError), path.open("rb") as source:
        reader = _Hashing(source)
        with archive.open(_member(f"files/{relative}", ZIP_STORED), "w", force_zip64=True) as member:
            shutil.copyfileobj(reader, member, 1 << 20)
        return StoredFile(relative, reader.size, reader.sha256)
    return None


class _Hashing:
    """Reads through to a stream and keeps size and SHA-256 of what came by."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash, self.size = stream, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._hash.update(piece)
        self.size += len(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def parse_manifest(facts: Any) -> Manifest:
    """The manifest from its JSON. Raises `KeyError` or `TypeError` for another shape."""
    return Manifest(
        format=int(facts["format"]),
        release=str(facts["release"]),
        at=str(facts["at"]),
        database=str(facts["database"]),
        migrations=[(str(app), str(name)) for app, name in facts["migrations"]],
        tables=[Table(**table) for table in facts["tables"]],
        files=[StoredFile(**stored) for stored in facts["files"]],
    )
