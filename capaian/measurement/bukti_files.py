"""What kind of file a person handed in, told by its content and not by its name, and a name that is safe to show."""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capaian.workflow.storage import FileRefused

MAX_NAME: Final = 120
ACCEPTED: Final = "PDF, gambar PNG/JPG/WebP, Word (.docx), Excel (.xlsx), OpenDocument (.odt, .ods), CSV atau teks"
_HEAD: Final = 4096
# A directory of a zip file larger than this belongs to no document of this size; reading it would cost memory.
_MAX_DIRECTORY: Final = 1024**2
_MAX_PART: Final = 1024**2
_MACROS: Final = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|activex/.*|macrosheets/.*|basic/.*|scripts/.*)$")
_MARKUP: Final = re.compile(rb"<\s*(!doctype|html|script|svg|\?xml|iframe|object|body|head)", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\/]')


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken: its name for people, its media type, the endings that fit, and if it is shown."""

    nama: str
    media_type: str
    endings: tuple[str, ...]
    is_shown: bool = False


PDF: Final = FileKind("PDF", "application/pdf", ("pdf",), is_shown=True)
PNG: Final = FileKind("gambar PNG", "image/png", ("png",), is_shown=True)
JPEG: Final = FileKind("gambar JPG", "image/jpeg", ("jpg", "jpeg"), is_shown=True)
WEBP: Final = FileKind("gambar WebP", "image/webp", ("webp",), is_shown=True)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = FileKind("dokumen Word", f"{_OFFICE}wordprocessingml.document", ("docx",))
XLSX: Final = FileKind("buku kerja Excel", f"{_OFFICE}spreadsheetml.sheet", ("xlsx",))
ODT: Final = FileKind("dokumen OpenDocument", "application/vnd.oasis.opendocument.text", ("odt",))
ODS: Final = FileKind("lembar OpenDocument", "application/vnd.oasis.opendocument.spreadsheet", ("ods",))
CSV: Final = FileKind("CSV", "text/csv", ("csv",))
TEXT: Final = FileKind("teks", "text/plain", ("txt",))
KINDS: Final = {kind.media_type: kind for kind in (PDF, PNG, JPEG, WEBP, DOCX, XLSX, ODT, ODS, CSV, TEXT)}


def clean_name(name: str) -> str:
    """A file name without folders, invisible or turning characters and marks that no disk takes; its ending stays."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C" or sign == " ")
    text = _FORBIDDEN.sub("_", " ".join(text.split())).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 8:
        return text[:MAX_NAME].strip(". ") or "berkas"
    return f"{stem[: MAX_NAME - len(ending) - 1].strip('. ') or 'berkas'}.{ending}"


def ending_of(name: str) -> str:
    """The ending of a name in small letters, without the dot; empty where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def read_kind(path: Path, name: str) -> FileKind:
    """The kind of the file at `path` that was handed in under `name`.

    Raises `FileRefused`, in words, for content of another kind, a damaged or locked one, one with macros, and for a
    name whose ending says something else than the content.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    kind = _of_content(path, head, ending_of(name))
    if kind is None:
        raise FileRefused(f'Isi berkas "{name}" bukan jenis yang diterima. Yang diterima: {ACCEPTED}.')
    if ending_of(name) not in kind.endings:
        raise FileRefused(
            f'Isi berkas "{name}" ialah {kind.nama}, tetapi namanya tidak berakhiran .{kind.endings[0]}. '
            "Periksa berkasnya, atau ganti namanya, lalu unggah lagi."
        )
    return kind


def _of_content(path: Path, head: bytes, ending: str) -> FileKind | None:
    if head.startswith(b"%PDF-"):
        return _pdf(path)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"PK\x03\x04"):
        return _zip(path)
    # Text has no mark of its own: it is what the name says, where nothing in it says otherwise.
    kind = {"csv": CSV, "txt": TEXT}.get(ending)
    return kind if kind and _is_text(path, head) else None


def _pdf(path: Path) -> FileKind:
    with path.open("rb") as handle:
        handle.seek(max(0, path.stat().st_size - _HEAD))
        if b"%%EOF" not in handle.read():
            raise FileRefused("Berkas PDF ini terpotong atau rusak: penutupnya tidak ada. Simpan ulang, lalu unggah.")
    return PDF


def _is_text(path: Path, head: bytes) -> bool:
    if head.startswith((b"MZ", b"#!", b"\x7fELF")) or _MARKUP.search(head):
        return False
    return any(_decodes(path, encoding) for encoding in ("utf-8", "cp1252"))


def _decodes(path: Path, encoding: str) -> bool:
    """Whether a whole file reads as text of an encoding, without control characters; read piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as handle:
            while piece := handle.read(64 * 1024):
                if re.search(r"[\x00-\x08\x0e-\x1f\x7f]", decoder.decode(piece)):
                    return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _zip(path: Path) -> FileKind | None:
    """The office document that a zip file is; None for any other archive."""
    _require_small_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return _office(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused("Berkas ini rusak: isinya tidak dapat dibuka. Simpan ulang, lalu unggah lagi.") from error


def _require_small_directory(path: Path) -> None:
    """Refuse a zip file whose list of contents alone would fill the memory, before anything reads it."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(max(0, size - 66_000))
        tail = handle.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise FileRefused("Berkas ini terpotong: bagian akhirnya tidak ada. Simpan ulang, lalu unggah lagi.")
    (directory,) = struct.unpack_from("<I", tail, place + 12)
    if directory > _MAX_DIRECTORY or tail[max(0, place - 20) : place].startswith(b"PK\x06\x07"):
        raise FileRefused("Berkas ini memuat terlalu banyak bagian untuk sebuah dokumen; berkas ini ditolak.")


def _office(archive: zipfile.ZipFile) -> FileKind | None:
    names = [info.filename for info in archive.infolist()]
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise FileRefused("Berkas ini terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.")
    if any(_MACROS.search(name.lower().replace("\\", "/")) for name in names):
        raise FileRefused("Berkas ini memuat makro. Simpan sebagai .docx atau .xlsx tanpa makro, lalu unggah lagi.")
    if "mimetype" in names:
        said = _part(archive, "mimetype").decode("ascii", "replace").strip()
        return next((kind for kind in (ODT, ODS) if kind.media_type == said and "content.xml" in names), None)
    if "[Content_Types].xml" not in names:
        return None
    if b"macroenabled" in _part(archive, "[Content_Types].xml").lower():
        raise FileRefused("Berkas ini berjenis makro. Simpan sebagai .docx atau .xlsx tanpa makro, lalu unggah lagi.")
    # Word online calls its main part document2.xml.
    main = {"word/document": DOCX, "xl/workbook": XLSX}
    return next((kind for start, kind in main.items() if any(name.startswith(start) for name in names)), None)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part; what it claims to unpack to is not believed."""
    with archive.open(name) as part:
        return part.read(_MAX_PART)
