"""What is looked at before anything reads an uploaded workbook: what kind of file it really is, and how big inside."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capaian.workflow.storage import FileRefused, show_size

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MACROS: Final = re.compile(r"vbaproject\.bin|macrosheets/|activex|/embeddings/", re.IGNORECASE)
_ENTITIES: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK: Final = 256 * 1024
# Office files are XML and compress 5 to 50 times; far more is a file made to fill the server's memory.
_MOST_RATIO: Final = 200
_RATIO_FROM: Final = 1024**2


@dataclass(frozen=True)
class Limits:
    """How much an uploaded workbook may hold: bytes unpacked, parts in the archive, worksheets, rows in all."""

    unpacked: int = 300 * 1024**2
    parts: int = 1000
    sheets: int = 200
    rows: int = 300_000


def inspect_workbook(path: Path, limits: Limits) -> None:
    """Refuse what is no plain .xlsx, in words, before anything parses it.

    Declared sizes are judged first; then every part is unpacked piece by piece without keeping it, which proves them
    and looks for entities. Raises `FileRefused`.
    """
    _require_kind(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _judge_declared(entries, limits)
            rows = sum(_scan(archive, entry, limits) for entry in entries)
    except (zipfile.BadZipFile, EOFError, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise FileRefused(
            "Berkas ini rusak: isinya tidak dapat dibuka sebagai .xlsx. Buka dengan Excel, simpan lagi, lalu unggah."
        ) from error
    if rows > limits.rows:
        raise FileRefused(
            f"Berkas ini berisi {rows} baris; paling banyak {limits.rows}. Pecah menjadi beberapa berkas."
        )


def _require_kind(path: Path) -> None:
    with path.open("rb") as handle:
        start = handle.read(8)
    if start.startswith(b"PK\x03\x04"):
        return
    if start == _OLE:
        if _ENCRYPTED in path.read_bytes():
            raise FileRefused(
                "Berkas ini dilindungi kata sandi sehingga tidak dapat dibaca. Buka dengan Excel, hapus kata sandinya "
                "(Info > Lindungi Buku Kerja), simpan, lalu unggah lagi."
            )
        raise FileRefused("Berkas ini berformat Excel lama (.xls). Simpan sebagai .xlsx, lalu unggah lagi.")
    raise FileRefused("Isi berkas ini bukan Excel (.xlsx), apa pun nama berkasnya. Simpan dari Excel sebagai .xlsx.")


def _judge_declared(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > limits.parts or len(set(names)) != len(names):
        raise FileRefused("Berkas ini tersusun tidak seperti berkas Excel dan tidak dibaca. Simpan lagi dari Excel.")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise FileRefused(
            "Berkas ini arsip zip, tetapi bukan buku kerja Excel (.xlsx). Simpan dari Excel sebagai .xlsx."
        )
    if any(_MACROS.search(name) for name in names):
        raise FileRefused(
            "Berkas ini memuat makro atau objek tertanam dan tidak dibaca. Simpan sebagai Buku Kerja Excel (.xlsx), "
            "lalu unggah lagi."
        )
    sheets = sum(1 for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml"))
    if sheets > limits.sheets:
        raise FileRefused(f"Berkas ini berisi {sheets} lembar; paling banyak {limits.sheets}. Pecah berkasnya.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("Berkas ini dilindungi kata sandi. Hapus kata sandinya, simpan, lalu unggah lagi.")
    total = sum(entry.file_size for entry in entries)
    steep = any(
        entry.file_size > _RATIO_FROM and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if total > limits.unpacked or steep:
        raise FileRefused(
            f"Isi berkas ini mengembang menjadi {show_size(total)} ketika dibuka, tidak wajar untuk sebuah isian "
            f"(batas {show_size(limits.unpacked)}). Salin isiannya ke templat baru, lalu unggah templat itu."
        )


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> int:
    """Unpack one part without keeping it; the number of rows in a worksheet. Raises `FileRefused` for entities."""
    is_xml = entry.filename.endswith((".xml", ".rels", ".vml"))
    is_sheet = entry.filename.startswith("xl/worksheets/") and is_xml
    rows, size, tail = 0, 0, b""
    with archive.open(entry) as handle:
        while piece := handle.read(_CHUNK):
            size += len(piece)
            if size > limits.unpacked:
                raise zipfile.BadZipFile(entry.filename)
            if not is_xml:
                continue
            # UTF-16 would hide the word from a search for bytes.
            seen = tail + piece.replace(b"\x00", b"")
            if _ENTITIES.search(seen):
                raise FileRefused(
                    "Berkas ini memuat deklarasi entitas (DOCTYPE) yang tidak pernah ditulis Excel, dan tidak dibaca. "
                    "Buat ulang dari templat."
                )
            if entry.filename == "[Content_Types].xml" and b"macroenabled" in seen.lower():
                raise FileRefused("Berkas ini berjenis makro (.xlsm). Simpan sebagai .xlsx, lalu unggah lagi.")
            # Counted over the seam of two pieces once.
            rows += seen.count(b"<row ") - tail.count(b"<row ") if is_sheet else 0
            tail = seen[-16:]
    return rows
