"""Reading an archive back: first everything is looked at, then everything is written, then everything is compared."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from capaian.exchange.archive import (
    FORMAT,
    MANIFEST,
    ArchiveError,
    Manifest,
    StoredFile,
    Table,
    only_one,
    parse_manifest,
)
from capaian.exchange.archive_rows import (
    Digest,
    applied_migrations,
    columns_of,
    digest_of,
    kept_models,
    known_migrations,
    models_at,
    write_lines,
)
from capaian.web.release import release
from capaian.workflow.chains import ChainReport, verify_all

# Where one of these holds a row, somebody works with the database.
OCCUPIED: Final = ("auth_user", "organisations_instansi", "workflow_auditentry")
ASIDE: Final = ".pemulihan"


@dataclass(frozen=True)
class Compared:
    """A table after a restore: how many rows the archive has and how many the database, and whether they are equal."""

    label: str
    archived: int
    restored: int
    is_equal: bool


@dataclass(frozen=True)
class Restored:
    """What a restore did: the tables compared, how many files, and the audit chains verified afterwards."""

    tables: list[Compared]
    files: int
    chains: list[ChainReport]


def check_archive(path: Path) -> Manifest:
    """Read every byte of an archive and return its manifest. Raises `ArchiveError` for anything that is not as it says.

    Nothing is written. Raises OSError where the file cannot be read.
    """
    try:
        with ZipFile(path) as archive:
            manifest = _read_manifest(archive)
            _check_members(archive, manifest)
            for table in manifest.tables:
                with archive.open(table.member) as member:
                    _expect(_digest_lines(member), (table.rows, table.sha256), table.member)
            for stored in manifest.files:
                with archive.open(stored.member) as member:
                    _expect(_digest_bytes(member), (stored.size, stored.sha256), stored.member)
    except (BadZipFile, EOFError, NotImplementedError) as error:
        raise ArchiveError(
            f"{path.name} terpotong, rusak, atau bukan arsip Capaian ({error}). Tidak ada yang diubah; pakai cadangan "
            "lain, atau salin ulang berkas ini dari tempat asalnya."
        ) from error
    return manifest


def is_occupied() -> bool:
    """Whether people, offices or an audit trail are in this database."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for name in OCCUPIED:
            if name in present:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    return True
    return False


def restore_archive(path: Path, manifest: Manifest, *, replace: bool = False) -> Restored:
    """Put a checked archive into this database and below MEDIA_ROOT, compare what stands there, then migrate it.

    The database must be empty; with `replace` what is in it goes, in the transaction that brings the other rows. An
    archive of an older release is read with the tables of its time. Raises `ArchiveError`, with nothing changed.
    """
    with only_one():
        current = applied_migrations()
        if is_occupied():
            _may_replace(manifest, current, replace=replace)
        elif current != manifest.migrations:
            _drop_tables()
            _make_tables(manifest.migrations)
        with ZipFile(path) as archive:
            _restore_files(archive, manifest.files)
            compared = _restore_rows(archive, manifest)
        call_command("migrate", verbosity=0)
        return Restored(compared, len(manifest.files), list(verify_all()))


def _read_manifest(archive: ZipFile) -> Manifest:
    try:
        facts = json.loads(archive.read(MANIFEST))
        if int(facts["format"]) > FORMAT:
            raise ArchiveError(_newer(str(facts.get("release", "?"))))
        manifest = parse_manifest(facts)
    except ArchiveError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ArchiveError("Berkas ini bukan arsip Capaian: daftar isinya tidak ada atau tidak terbaca.") from error
    if set(manifest.migrations) - known_migrations():
        raise ArchiveError(_newer(manifest.release))
    return manifest


def _newer(theirs: str) -> str:
    return (
        f"Arsip ini dibuat oleh Capaian {theirs}, lebih baru daripada yang terpasang ({release()}). Pasang rilis itu "
        "atau yang lebih baru, lalu pulihkan. Tidak ada yang diubah."
    )


def _check_members(archive: ZipFile, manifest: Manifest) -> None:
    """The archive holds what its manifest lists, once, no more, and only tables and paths that can be."""
    listed = [MANIFEST, *(table.member for table in manifest.tables), *(stored.member for stored in manifest.files)]
    if sorted(listed) != sorted(archive.namelist()):
        raise ArchiveError("Isi arsip tidak sama dengan daftar isinya: ada yang hilang, ganda, atau ditambahkan.")
    models = {model._meta.label: columns_of(model) for model in kept_models(models_at(manifest.migrations))}
    if models != {table.label: table.columns for table in manifest.tables}:
        raise ArchiveError("Tabel atau kolom di arsip tidak sama dengan yang dimiliki rilis pembuatnya.")
    for stored in manifest.files:
        path = PurePosixPath(stored.path)
        if path.is_absolute() or ".." in path.parts or "\\" in stored.path or "\0" in stored.path:
            raise ArchiveError(f"Arsip memuat berkas di luar tempatnya: {stored.path!r}. Arsip ini tidak dipulihkan.")


def _expect(found: tuple[int, str], stated: tuple[int, str], member: str) -> None:
    if found != stated:
        raise ArchiveError(f"Isi {member} di arsip berubah: sidik atau banyaknya tidak sama dengan daftar isinya.")


def _digest_lines(member: IO[bytes]) -> tuple[int, str]:
    digest = Digest()
    for line in member:
        digest.add(line)
    return digest.rows, digest.sha256


def _digest_bytes(member: IO[bytes]) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    while piece := member.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _may_replace(manifest: Manifest, current: list[tuple[str, str]], *, replace: bool) -> None:
    if not replace:
        raise ArchiveError(
            "Basis data ini sudah berisi. Pulihkan ke basis data kosong (CAPAIAN_DATABASE_URL atau CAPAIAN_VAR lain), "
            "atau pakai --force bila isinya memang harus diganti. Tidak ada yang diubah."
        )
    if current != manifest.migrations:
        raise ArchiveError(
            f"Arsip ini dari rilis lain ({manifest.release}) dan hanya dapat dipulihkan ke basis data kosong; tabel "
            "basis data ini berbeda. Buat basis data baru, lalu pulihkan ke sana. Tidak ada yang diubah."
        )


def _drop_tables() -> None:
    """Remove the tables of a database in which nobody works yet, so that those of an older release can be made."""
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        if connection.vendor == "sqlite":
            with connection.constraint_checks_disabled():
                for name in names:
                    cursor.execute(f"DROP TABLE {name}")
        elif names:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")


def _make_tables(migrations: list[tuple[str, str]]) -> None:
    """The tables of the release that wrote the archive. Their permissions are not made: they come with the rows."""
    executor = MigrationExecutor(connection)
    nodes, wanted = executor.loader.graph.node_map, set(migrations)
    last = [
        key
        for key in migrations
        if not any(child.key in wanted and child.key[0] == key[0] for child in nodes[key].children)
    ]
    executor.migrate(last)


def _restore_files(archive: ZipFile, files: list[StoredFile]) -> None:
    """Write every file aside, then give each its name; one that is there already with this content is left alone."""
    root = Path(settings.MEDIA_ROOT)
    aside = root / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True, exist_ok=True)
    _check_room(root, files)
    try:
        written = [(_write_aside(archive, stored, aside / str(n)), stored) for n, stored in enumerate(files)]
        for draft, stored in written:
            target = root / stored.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(draft, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _check_room(root: Path, files: list[StoredFile]) -> None:
    needed, free = sum(stored.size for stored in files), shutil.disk_usage(root).free
    if needed > free:
        raise ArchiveError(
            f"Ruang disk tidak cukup untuk berkas: perlu {needed // 2**20} MB, tersedia {free // 2**20} MB. "
            "Tidak ada yang diubah; kosongkan ruang, lalu ulangi."
        )


def _write_aside(archive: ZipFile, stored: StoredFile, draft: Path) -> Path:
    with archive.open(stored.member) as member, draft.open("wb") as handle:
        shutil.copyfileobj(member, handle, 1 << 20)
        handle.flush()
        os.fsync(handle.fileno())
    # Readable for the group, as `workflow.storage` keeps them.
    draft.chmod(0o640)
    return draft


def _restore_rows(archive: ZipFile, manifest: Manifest) -> list[Compared]:
    """All rows in one transaction, compared before it ends: it stays only if every table is what the archive says."""
    models = models_at(manifest.migrations)
    stated = {table.label: table for table in manifest.tables}
    try:
        with transaction.atomic():
            _empty(models)
            for model in kept_models(models):
                table = stated[model._meta.label]
                with archive.open(table.member) as member:
                    write_lines(model, table.columns, member)
            # References are checked at the end of a transaction; here, so that a broken one is said in words.
            connection.check_constraints()
            _reset_sequences(models)
            compared = list(_compare(kept_models(models), stated))
            if not all(table.is_equal for table in compared):
                raise ArchiveError(_different(compared))
    except (Error, ValidationError) as error:
        raise ArchiveError(f"Basis data menolak isi arsip ({error}). Tidak ada baris yang diubah.") from error
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return compared


def _empty(models: list[type[Model]]) -> None:
    """Also who is logged in and what is queued: both belong to the rows that go."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _reset_sequences(models: list[type[Model]]) -> None:
    """Let the next row get a number after the last one; SQLite does that by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _compare(models: list[type[Model]], stated: dict[str, Table]) -> Iterator[Compared]:
    for model in models:
        table, found = stated[model._meta.label], digest_of(model)
        yield Compared(table.label, table.rows, found.rows, (found.rows, found.sha256) == (table.rows, table.sha256))


def _different(compared: list[Compared]) -> str:
    names = ", ".join(table.label for table in compared if not table.is_equal)
    return f"Sesudah dipulihkan, isi tabel ini tidak sama dengan arsip: {names}. Semua baris dikembalikan."
