"""`capaian backup` and `restore`: everything comes back equal, and nothing happens by halves."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from capaian.cli import backup
from capaian.cli.main import main
from capaian.exchange import archive, archive_restore
from capaian.exchange.archive import ArchiveError, write_archive
from capaian.exchange.archive_restore import check_archive, restore_archive
from capaian.exchange.archive_rows import applied_migrations, digest_of, kept_models, models_at
from capaian.measurement.actions import record_realisasi
from capaian.measurement.models import Realisasi
from capaian.organisations.models import Instansi
from capaian.workflow.audit import record_audit
from capaian.workflow.models import AuditEntry

TODAY = date(2025, 1, 15)
ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "var/media"
    settings.BACKUP_DIR = tmp_path / "backup"
    stored = settings.MEDIA_ROOT / "bukti/ab/abc"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"isi bukti\r\n\0")
    (settings.MEDIA_ROOT / "bukti/.masuk").mkdir()
    (settings.MEDIA_ROOT / "bukti/.masuk/half").write_bytes(b"not whole yet")
    yield
    # What a restore writes are also the rows that migrations make; the next test finds them as they were.
    call_command("migrate", verbosity=0)


@pytest.fixture
def filled(plan: SimpleNamespace, cast: SimpleNamespace, client: Any) -> SimpleNamespace:
    """The plan with a figure that somebody recorded, an audit trail, and somebody logged in."""
    record_realisasi(by=cast.perencana, indikator=plan.ibu, tahun=2024, periode=1, teks="1", today=TODAY)
    record_audit(by=None, action="sistem.uji", subject="x", after={"z": 1, "a": ["é", 1.5, None]})
    client.force_login(cast.perencana)
    return plan


def digests() -> dict[str, tuple[int, str]]:
    models = kept_models(models_at(applied_migrations()))
    return {model._meta.label: (digest.rows, digest.sha256) for model in models for digest in [digest_of(model)]}


def emptied() -> None:
    """An empty database, as `migrate` leaves it."""
    call_command("flush", interactive=False, verbosity=0)


def test_everything_comes_back_equal(filled: SimpleNamespace, tmp_path: Path) -> None:
    before = digests()
    manifest = write_archive(tmp_path / "a.zip")
    assert {table.label: (table.rows, table.sha256) for table in manifest.tables} == before
    assert [stored.path for stored in manifest.files] == ["bukti/ab/abc"]
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    emptied()
    (settings.MEDIA_ROOT / "bukti/ab/abc").unlink()
    restored = restore_archive(tmp_path / "a.zip", check_archive(tmp_path / "a.zip"))
    assert digests() == before
    assert all(table.is_equal for table in restored.tables)
    assert restored.chains
    assert all(chain.is_whole for chain in restored.chains)
    assert (settings.MEDIA_ROOT / "bukti/ab/abc").read_bytes() == b"isi bukti\r\n\0"
    assert not Session.objects.exists()
    # Numbers go on after the last row.
    assert Instansi.objects.create(kunci="baru", nama="Baru").pk > filled.tahun_kinerja.instansi.pk


def test_what_is_written_meanwhile_is_in_whole_or_not_at_all(
    filled: SimpleNamespace, cast: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process records a figure while tables are being read; its audit entry is not there without it."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory has one connection; tests/acceptance/test_faults.py has a file")

    def record() -> None:
        try:
            record_realisasi(by=cast.perencana, indikator=filled.stunting, tahun=2024, periode=1, teks="2", today=TODAY)
        finally:
            connection.close()

    original = archive.read_lines
    written: list[str] = []

    def read(model: Any) -> Iterator[bytes]:
        if model._meta.label == "measurement.Realisasi":
            thread = Thread(target=record)
            thread.start()
            thread.join()
            written.append("yes")
        return original(model)

    before = digests()
    monkeypatch.setattr(archive, "read_lines", read)
    manifest = write_archive(tmp_path / "a.zip")
    assert written
    assert {table.label: (table.rows, table.sha256) for table in manifest.tables} == before
    assert digests() != before


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused_in_words(filled: SimpleNamespace, tmp_path: Path, keep: float) -> None:
    whole = tmp_path / "a.zip"
    write_archive(whole)
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(ArchiveError, match="terpotong, rusak, atau bukan arsip"):
        check_archive(whole)


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None], extra: str = "") -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        if extra:
            new.writestr(extra, b"x")
    return target


def with_manifest(**facts: Any) -> Callable[[str, bytes], bytes | None]:
    return lambda name, content: (
        json.dumps(json.loads(content) | facts).encode() if name == "manifest.json" else content
    )


def test_an_archive_that_is_not_what_it_says_changes_nothing(filled: SimpleNamespace, tmp_path: Path) -> None:
    good = tmp_path / "a.zip"
    write_archive(good)
    evil = {
        "path": "../../evil",
        "size": 1,
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }
    cases = {
        "sidik atau banyaknya": rewritten(
            good,
            tmp_path / "1.zip",
            lambda n, c: c.replace(b"Contoh", b"Contoi") if n.endswith("Instansi.jsonl") else c,
        ),
        "hilang, ganda": rewritten(good, tmp_path / "2.zip", lambda n, c: None if n.endswith("Target.jsonl") else c),
        "atau ditambahkan": rewritten(good, tmp_path / "3.zip", lambda n, c: c, extra="files/baru"),
        "lebih baru daripada": rewritten(good, tmp_path / "4.zip", with_manifest(format=99, release="9.9")),
        "dibuat oleh Capaian 8.8": rewritten(
            good, tmp_path / "5.zip", with_manifest(migrations=[["planning", "0999_future"]], release="8.8")
        ),
        "bukan arsip Capaian: daftar isinya": rewritten(
            good, tmp_path / "6.zip", lambda n, c: None if n == "manifest.json" else c
        ),
        "berkas di luar tempatnya": rewritten(
            good,
            tmp_path / "7.zip",
            lambda n, c: None if n.startswith("files/") else with_manifest(files=[evil])(n, c),
            extra="files/../../evil",
        ),
    }
    before = digests()
    for words, path in cases.items():
        with pytest.raises(ArchiveError, match=words):
            check_archive(path)
    assert digests() == before


@pytest.mark.parametrize("facts", [{"format": "x"}, {"migrations": [["planning"]]}, {"migrations": 5}, {"files": None}])
def test_a_list_of_contents_of_another_shape_is_refused_in_words(
    filled: SimpleNamespace, tmp_path: Path, facts: dict[str, Any]
) -> None:
    write_archive(tmp_path / "a.zip")
    path = rewritten(tmp_path / "a.zip", tmp_path / "b.zip", with_manifest(**facts))
    with pytest.raises(ArchiveError, match="bukan arsip Capaian: daftar isinya"):
        check_archive(path)


def test_a_filled_database_is_only_replaced_when_asked_twice(
    filled: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.zip"
    assert main(["backup", str(path)]) == 0
    before = digests()
    Instansi.objects.create(kunci="kelak", nama="Kelak")
    assert main(["restore", str(path)]) == 1
    assert "sudah berisi" in capsys.readouterr().err
    assert main(["restore", str(path), "--force"]) == 1
    assert "--force --yes" in capsys.readouterr().err
    assert Instansi.objects.filter(kunci="kelak").exists()
    assert main(["restore", str(path), "--force", "--yes"]) == 0
    assert digests() == before
    # What was there was saved first, and holds what the replaced database held.
    saved = next(settings.BACKUP_DIR.glob("sebelum-pemulihan-*.zip"))
    instansi = next(table for table in check_archive(saved).tables if table.label == "organisations.Instansi")
    assert instansi.rows == 3


def test_rows_that_break_a_reference_leave_everything_as_it_was(
    filled: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    manifest = write_archive(path)
    before = digests()
    original = archive_restore.write_lines

    def without_offices(model: Any, columns: list[str], lines: Any) -> None:
        original(model, columns, [] if model._meta.label == "organisations.Instansi" else lines)

    monkeypatch.setattr(archive_restore, "write_lines", without_offices)
    with pytest.raises(ArchiveError, match=r"menolak isi arsip|tidak sama dengan arsip"):
        restore_archive(path, manifest, replace=True)
    assert digests() == before


def test_a_full_disk_leaves_no_half_file(
    filled: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "_write_file", full)
    folder = tmp_path / "full"
    assert main(["backup", str(folder / "a.zip")]) == 1
    assert "Ruang disk" in capsys.readouterr().err
    assert list(folder.iterdir()) == []
    assert not (settings.VAR_DIR / "backup.json").exists()


def test_the_newest_archives_are_kept_and_names_of_people_stay(filled: SimpleNamespace, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("capaian-20240101-000000.zip", "capaian-20240102-000000.zip", "sebelum-perubahan.zip"):
        (folder / name).write_bytes(b"")
    target = folder / "capaian-20240103-000000.zip"
    assert main(["backup", str(target), "--keep", "2"]) == 0
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["capaian-20240102-000000.zip", "capaian-20240103-000000.zip", "sebelum-perubahan.zip"]
    # A clock that was set back does not make the backup of today the one to go.
    early = folder / "capaian-20230101-000000.zip"
    assert main(["backup", str(early), "--keep", "1"]) == 0
    assert early.exists()
    assert main(["backup", "--keep", "0"]) == 2


def test_two_backups_at_once_are_one(filled: SimpleNamespace, tmp_path: Path) -> None:
    with archive.only_one(), pytest.raises(ArchiveError, match="sedang berjalan"):
        write_archive(tmp_path / "a.zip")
    assert backup.save(tmp_path / "a.zip").rows > 0


def test_a_command_says_what_it_checked(
    filled: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", str(tmp_path / "a.zip"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["restore", "--check", str(tmp_path / "a.zip"), "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert (checked["rows"], checked["files"]) == (made["rows"], 1)
    assert json.loads((settings.VAR_DIR / "backup.json").read_text())["rows"] == made["rows"]
    assert main(["restore", str(tmp_path / "none.zip")]) == 1
    assert "tidak ada" in capsys.readouterr().err


def test_an_archive_goes_from_sqlite_to_postgresql_and_back(
    filled: SimpleNamespace, tmp_path: Path, postgres_url: str
) -> None:
    """The way of an office that outgrows SQLite, by the command itself, with the hashes of every table on the way."""
    first, second = tmp_path / "1.zip", tmp_path / "2.zip"
    stated = write_archive(first)
    url = _new_database(postgres_url)
    for target, arguments in ((url, ["restore", first]), (url, ["backup", second]), (None, ["restore", second])):
        environment = os.environ | {"CAPAIAN_VAR": str(tmp_path / f"var-{bool(target)}")}
        environment["CAPAIAN_DATABASE_URL"] = target or f"sqlite:///{tmp_path}/back.sqlite3"
        done = subprocess.run(
            [sys.executable, "-m", "capaian", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
    assert check_archive(second).tables == stated.tables
    assert check_archive(second).database == "postgresql"


def _new_database(url: str) -> str:
    """A database of its own: other tests use the first one of the server."""
    with psycopg.connect(f"host={url.split('@/')[1].rpartition('/')[0]} user=capaian dbname=postgres") as server:
        server.autocommit = True
        server.execute("DROP DATABASE IF EXISTS pindah")
        server.execute("CREATE DATABASE pindah")
    return f"{url.rpartition('/')[0]}/pindah"


def test_the_figures_of_the_restored_database_are_those_that_were_confirmed(
    filled: SimpleNamespace, tmp_path: Path
) -> None:
    write_archive(tmp_path / "a.zip")
    emptied()
    restore_archive(tmp_path / "a.zip", check_archive(tmp_path / "a.zip"))
    assert Realisasi.objects.get().teks == "1"
    assert AuditEntry.objects.filter(action="sistem.uji").get().after == {"z": 1, "a": ["é", 1.5, None]}
