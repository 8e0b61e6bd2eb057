"""`capaian restore FILE`: an archive into an empty database, compared with it afterwards."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.utils import timezone

from capaian.cli import backup
from capaian.cli.errors import UserError
from capaian.exchange.archive import Manifest
from capaian.exchange.archive_restore import Restored, check_archive, is_occupied, restore_archive
from capaian.rules.numbers import format_number

ANSWER = "GANTI"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("restore", help="pulihkan arsip ke basis data kosong, lalu bandingkan")
    parser.add_argument("file", type=Path, help="arsip dari capaian backup")
    parser.add_argument("--check", action="store_true", help="hanya periksa arsip; tidak menulis apa pun")
    parser.add_argument("--force", action="store_true", help="ganti isi basis data yang tidak kosong")
    parser.add_argument("--yes", action="store_true", help="dengan --force: jangan bertanya lagi")
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit code 1 when an audit chain does not verify; anything else that is wrong changes nothing and is said."""
    manifest = check_archive(options.file)
    if options.check:
        _print_check(options, manifest)
        return 0
    if options.force and is_occupied():
        _confirm(options)
        _keep_present()
    restored = restore_archive(options.file, manifest, replace=options.force)
    if options.json:
        print(json.dumps(asdict(restored)))
    else:
        _print_comparison(restored)
    return 0 if all(chain.is_whole for chain in restored.chains) else 1


def _confirm(options: argparse.Namespace) -> None:
    """Raises `UserError` unless the person says once more that everything here may go."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise UserError("Basis data ini berisi. Ulangi dengan --force --yes untuk menggantinya tanpa ditanya.")
    print("Seluruh isi basis data ini akan diganti dengan isi arsip. Hentikan situs lebih dahulu.")
    if input(f"Ketik {ANSWER} untuk melanjutkan: ").strip() != ANSWER:
        raise UserError("Dibatalkan; tidak ada yang diubah.")


def _keep_present() -> None:
    """What is about to go is saved first, under a name that no rotation removes."""
    target = backup.default_target().with_name(f"sebelum-pemulihan-{timezone.localtime():%Y%m%d-%H%M%S}.zip")
    backup.save(target)
    print(f"Isi sekarang disimpan dahulu di {target}", file=sys.stderr)


def _print_check(options: argparse.Namespace, manifest: Manifest) -> None:
    facts = {
        "release": manifest.release,
        "at": manifest.at,
        "rows": manifest.rows,
        "files": len(manifest.files),
        "tables": len(manifest.tables),
    }
    if options.json:
        print(json.dumps(facts))
        return
    print(
        f"{options.file}: arsip utuh, dibuat {manifest.at} oleh Capaian {manifest.release} ({manifest.database}), "
        f"{format_number(manifest.rows)} baris di {len(manifest.tables)} tabel, {len(manifest.files)} berkas."
    )


def _print_comparison(restored: Restored) -> None:
    width = max(len(table.label) for table in restored.tables)
    print(f"{'tabel':{width}} {'arsip':>9} {'di sini':>9}")
    for table in restored.tables:
        if table.archived or table.restored:
            same = "sama" if table.is_equal else "BEDA"
            print(f"{table.label:{width}} {table.archived:9} {table.restored:9} {same}")
    rows = sum(table.restored for table in restored.tables)
    print(
        f"{format_number(rows)} baris dan {restored.files} berkas dipulihkan; banyaknya dan sidiknya sama dengan arsip."
    )
    for chain in restored.chains:
        print(f"Rantai audit {chain.name}: {chain.problem or f'utuh, {chain.length} entri'}")
    print("Sesi masuk tidak dipulihkan: semua orang masuk lagi.")
