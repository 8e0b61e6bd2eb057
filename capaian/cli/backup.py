"""`capaian backup`: the whole installation into one file, while the site is in use."""

from __future__ import annotations

import argparse
import errno
import json
import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from capaian.cli.errors import BadUse, UserError
from capaian.exchange.archive import Manifest, write_archive
from capaian.rules.numbers import format_number
from capaian.web.health import BACKUP_STAMP

NAMED: Final = re.compile(r"capaian-\d{8}-\d{6}\.zip")
NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("backup", help="cadangkan basis data dan berkas ke satu arsip .zip")
    parser.add_argument("file", nargs="?", type=Path, help="berkas tujuan (tanpa ini: CAPAIAN_BACKUP, bernama waktu)")
    parser.add_argument("--keep", type=int, help="simpan hanya sekian cadangan terbaru di folder itu")
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.keep is not None and options.keep < 1:
        raise BadUse("--keep harus 1 atau lebih.")
    target = options.file or default_target()
    manifest = save(target)
    _leave_stamp(target, manifest)
    removed = rotate(target, options.keep) if options.keep else []
    facts = {"file": str(target), "bytes": target.stat().st_size, "rows": manifest.rows, "files": len(manifest.files)}
    if options.json:
        print(json.dumps(facts | {"removed": [path.name for path in removed]}))
    else:
        size = format_number(target.stat().st_size // 1024)
        print(f"{target}: {format_number(manifest.rows)} baris, {len(manifest.files)} berkas, {size} KB.")
        print("Kunci rahasia (secret_key) tidak termasuk; simpan terpisah. Uji: capaian restore --check BERKAS")
        for path in removed:
            print(f"Cadangan lama dihapus: {path.name}")
    return 0


def default_target() -> Path:
    return Path(settings.BACKUP_DIR) / f"capaian-{timezone.localtime():%Y%m%d-%H%M%S}.zip"


def save(target: Path) -> Manifest:
    """Write the archive; a full disk is said in words, and leaves nothing half."""
    try:
        return write_archive(target)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise UserError(
                f"Ruang disk untuk {target} habis; cadangan tidak dibuat dan tidak ada sisa yang tertinggal. Kosongkan "
                "ruang, kurangi cadangan lama (--keep), atau cadangkan ke disk lain."
            ) from error
        raise


def rotate(target: Path, keep: int) -> list[Path]:
    """Remove all but the newest archives that carry a time as their name, beside `target`; never `target` itself.

    What somebody named by hand stays. The time is that of the name: a file that was copied has a time of its own.
    """
    named = sorted(path for path in target.parent.iterdir() if NAMED.fullmatch(path.name) and path != target)
    kept = keep - 1 if NAMED.fullmatch(target.name) else keep
    old = named[: len(named) - kept] if kept < len(named) else []
    for path in old:
        path.unlink(missing_ok=True)
    return old


def _leave_stamp(target: Path, manifest: Manifest) -> None:
    """What the health page tells about the last backup."""
    facts = {"at": manifest.at, "bytes": target.stat().st_size, "rows": manifest.rows}
    stamp = Path(settings.VAR_DIR) / BACKUP_STAMP
    draft = stamp.with_suffix(".part")
    draft.write_text(json.dumps(facts))
    draft.replace(stamp)
