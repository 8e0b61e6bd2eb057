"""Files that people hand in, kept under the checksum of their content below MEDIA_ROOT.

A file is written aside, flushed to the disk and renamed, so that a full disk or a killed process leaves nothing half
under a name that anything refers to; the same content handed in twice is one file.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

_CHUNK: Final = 256 * 1024
_ASIDE: Final = ".masuk"
# What a killed process left aside goes with the next file that is stored a day later.
_STALE_SECONDS: Final = 24 * 3600
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Readable(Protocol):
    """What `store` reads: an open file or an uploaded one."""

    def read(self, size: int = -1, /) -> bytes: ...


class FileRefused(ValueError):
    """A file that is not taken; the message says why and what to do. Nothing of it is kept."""


class DiskFull(FileRefused):
    """The server has no room for a file; nothing of it is kept."""


@dataclass(frozen=True)
class Stored:
    """Where a file lies (`path`, relative to MEDIA_ROOT), the SHA-256 of its content in hex, its size in bytes."""

    path: str
    sha256: str
    size: int


def store(stream: Readable, limit: int, folder: str, check: Callable[[Path], None] | None = None) -> Stored:
    """Keep what `stream` gives, at most `limit` bytes, as `folder/<sha[:2]>/<sha>`; it is read piece by piece.

    `check` looks at the whole file before it gets its name, and refuses it by raising. Raises `FileRefused` for an
    empty or too large file, `DiskFull` where there is no room, and whatever `check` raises.
    """
    home = Path(settings.MEDIA_ROOT) / folder
    try:
        aside = _make_aside(home)
        descriptor, name = tempfile.mkstemp(dir=aside)
        try:
            sha256, size = _write(stream, descriptor, limit)
            # Readable for the group, so that a virus scanner with an account of its own can look at it.
            os.chmod(name, 0o640)
            if check is not None:
                check(Path(name))
            _give_name(name, home / sha256[:2] / sha256)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull(
                "Penyimpanan server penuh: berkas ini tidak disimpan dan tidak ada yang berubah. "
                "Hubungi admin, lalu unggah lagi."
            ) from error
        raise
    return Stored(f"{folder}/{sha256[:2]}/{sha256}", sha256, size)


def stored_path(path: str) -> Path:
    """The place of a stored file on this server. Raises `ValueError` for a path that leads out of MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT).resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root) or found == root:
        raise ValueError(f"Jalur berkas {path!r} berada di luar penyimpanan.")
    return found


def verify_stored(path: str, sha256: str) -> str:
    """What is wrong with a stored file, in words: gone, or other content; empty when it is whole."""
    try:
        with stored_path(path).open("rb") as handle:
            found = hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return f"Berkas {path} hilang dari penyimpanan."
    except OSError as error:
        return f"Berkas {path} tidak terbaca: {error.strerror}."
    return "" if found == sha256 else f"Isi berkas {path} telah berubah: sidiknya {found}, tercatat {sha256}."


def _make_aside(home: Path) -> Path:
    aside = home / _ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    for left in aside.iterdir():
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - _STALE_SECONDS:
                left.unlink()
    return aside


def _write(stream: Readable, descriptor: int, limit: int) -> tuple[str, int]:
    """Copy the stream to an open file and flush it to the disk: its checksum and size."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "wb") as handle:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > limit:
                raise FileRefused(
                    f"Berkas ini lebih besar dari batas {show_size(limit)}. Perkecil atau pecah, lalu unggah lagi."
                )
            digest.update(piece)
            handle.write(piece)
        if not size:
            raise FileRefused("Berkas ini kosong (0 byte). Periksa berkasnya, lalu unggah lagi.")
        handle.flush()
        os.fsync(handle.fileno())
    return digest.hexdigest(), size


def _give_name(name: str, place: Path) -> None:
    """Rename into place, over the same content where it is there already, which also heals a damaged one."""
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(name, place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def show_size(size: int) -> str:
    """A size in bytes as people read it: `10 MB`, `1,5 MB`, `12 KB`."""
    for unit, name in ((1024**2, "MB"), (1024, "KB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0").replace(".", ",") + f" {name}"
    return f"{size} byte"
