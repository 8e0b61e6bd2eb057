"""Files kept by the checksum of their content: whole or not at all, the same one once."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest

from capaian.workflow.storage import DiskFull, FileRefused, show_size, store, stored_path, verify_stored

pytestmark = pytest.mark.integration
CONTENT = b"rekap kunjungan balita\n" * 1000


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def _files(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def test_the_name_is_the_checksum_of_the_content(media: Path) -> None:
    kept = store(io.BytesIO(CONTENT), 10**6, "bukti")
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert (kept.path, kept.sha256, kept.size) == (f"bukti/{sha256[:2]}/{sha256}", sha256, len(CONTENT))
    assert (media / kept.path).read_bytes() == CONTENT


def test_the_same_content_is_one_file(media: Path) -> None:
    assert store(io.BytesIO(CONTENT), 10**6, "bukti") == store(io.BytesIO(CONTENT), 10**6, "bukti")
    assert len(_files(media)) == 1


@pytest.mark.parametrize(("content", "words"), [(b"", "kosong"), (b"x" * 1001, "lebih besar dari batas 1000 byte")])
def test_an_empty_or_too_large_file_leaves_nothing(media: Path, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        store(io.BytesIO(content), 1000, "bukti")
    assert _files(media) == []


class _Endless:
    """A stream that never ends, and counts what was read of it."""

    given = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0, "the whole stream was asked for at once"
        self.given += size
        return b"x" * size


def test_a_stream_without_end_is_left_at_the_limit(media: Path) -> None:
    stream = _Endless()
    with pytest.raises(FileRefused, match="lebih besar dari batas 1 MB"):
        store(stream, 1024**2, "bukti")
    assert stream.given < 2 * 1024**2
    assert _files(media) == []


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk_is_said_in_words_and_leaves_nothing_half(
    media: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, broken, full)
    with pytest.raises(DiskFull, match=r"Penyimpanan server penuh.*tidak ada yang berubah"):
        store(io.BytesIO(CONTENT), 10**6, "bukti")
    assert _files(media) == []


def test_another_fault_of_the_disk_is_not_called_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        store(io.BytesIO(CONTENT), 10**6, "bukti")


def test_a_check_that_refuses_keeps_nothing(media: Path) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == CONTENT
        raise FileRefused("bukan berkas yang diterima")

    with pytest.raises(FileRefused, match="bukan berkas"):
        store(io.BytesIO(CONTENT), 10**6, "bukti", refuse)
    assert _files(media) == []


def test_what_a_killed_process_left_goes_a_day_later(media: Path) -> None:
    aside = media / "bukti" / ".masuk"
    aside.mkdir(parents=True)
    (aside / "old").write_bytes(b"half")
    (aside / "new").write_bytes(b"half")
    os.utime(aside / "old", (time.time() - 2 * 86400,) * 2)
    store(io.BytesIO(CONTENT), 10**6, "bukti")
    assert sorted(path.name for path in aside.iterdir()) == ["new"]


def test_a_damaged_or_lost_file_is_told_and_handing_it_in_again_heals_it(media: Path) -> None:
    kept = store(io.BytesIO(CONTENT), 10**6, "bukti")
    assert verify_stored(kept.path, kept.sha256) == ""
    (media / kept.path).write_bytes(b"something else")
    assert "telah berubah" in verify_stored(kept.path, kept.sha256)
    (media / kept.path).unlink()
    assert "hilang" in verify_stored(kept.path, kept.sha256)
    store(io.BytesIO(CONTENT), 10**6, "bukti")
    assert verify_stored(kept.path, kept.sha256) == ""


@pytest.mark.parametrize("path", ["../rahasia", "bukti/../../rahasia", "/etc/passwd", ""])
def test_a_path_out_of_the_store_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="di luar penyimpanan"):
        stored_path(path)


def test_sizes_read_as_people_write_them() -> None:
    assert [show_size(size) for size in (12, 12 * 1024, 10 * 1024**2, 3 * 1024**2 // 2)] == [
        "12 byte",
        "12 KB",
        "10 MB",
        "1,5 MB",
    ]
