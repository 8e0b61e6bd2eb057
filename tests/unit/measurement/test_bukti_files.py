"""A file is what its content says: what is taken, what is refused in words, and names that are safe to show."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from capaian.measurement.bukti_files import DOCX, JPEG, ODS, ODT, PDF, PNG, TEXT, WEBP, XLSX, clean_name, read_kind
from capaian.workflow.storage import FileRefused

pytestmark = pytest.mark.unit

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
ODF = "application/vnd.oasis.opendocument."


def archive(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return buffer.getvalue()


DOCX_BYTES = archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"})
XLSX_BYTES = archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "aside"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("rekap.pdf", PDF_BYTES, PDF),
        ("REKAP.PDF", PDF_BYTES, PDF),
        ("foto.png", b"\x89PNG\r\n\x1a\n" + bytes(30), PNG),
        ("foto.jpeg", b"\xff\xd8\xff\xe0" + bytes(30), JPEG),
        ("foto.webp", b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(30), WEBP),
        ("rekap.docx", DOCX_BYTES, DOCX),
        ("rekap.xlsx", XLSX_BYTES, XLSX),
        ("rekap.odt", archive({"mimetype": f"{ODF}text", "content.xml": "<a/>"}), ODT),
        ("rekap.ods", archive({"mimetype": f"{ODF}spreadsheet", "content.xml": "<a/>"}), ODS),
        ("catatan.txt", b"Kunjungan balita: 1.674\r\n", TEXT),
        ("lama.txt", "Ambulans « 24 jam »\n".encode("cp1252"), TEXT),
    ],
)
def test_what_is_taken(tmp_path: Path, name: str, content: bytes, kind: object) -> None:
    assert read_kind(put(tmp_path, content), name) == kind


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(60)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("halaman.pdf", HTML, "bukan jenis yang diterima"),
        ("halaman.txt", HTML, "bukan jenis yang diterima"),
        ("halaman.csv", b"\xef\xbb\xbf  " + HTML, "bukan jenis yang diterima"),
        ("gambar.svg", SVG, "bukan jenis yang diterima"),
        ("gambar.png", SVG, "bukan jenis yang diterima"),
        ("program.exe", EXE, "bukan jenis yang diterima"),
        ("program.pdf", EXE, "bukan jenis yang diterima"),
        ("naskah.txt", b"#!/bin/sh\nrm -rf /\n", "bukan jenis yang diterima"),
        ("biner.csv", b"a;b\x00c\n", "bukan jenis yang diterima"),
        ("biner.txt", b"a" * 70_000 + b"\x00", "bukan jenis yang diterima"),
        ("arsip.docx", archive({"foto.exe": "MZ"}), "bukan jenis yang diterima"),
        ("kosong.docx", archive({"[Content_Types].xml": "<Types/>"}), "bukan jenis yang diterima"),
        ("terpotong.pdf", PDF_BYTES[:-8], "terpotong"),
        # Shown as a PDF it runs nothing; saved as .html it would.
        ("halaman.html", b"%PDF-1.7\n" + HTML + b"\n%%EOF", "tidak berakhiran .pdf"),
        ("rekap.pdf", DOCX_BYTES, "tidak berakhiran .docx"),
        ("rekap", PDF_BYTES, "tidak berakhiran .pdf"),
        (
            "makro.docm",
            archive({"[Content_Types].xml": "<a/>", "word/document.xml": "", "word/vbaProject.bin": "x"}),
            "memuat makro",
        ),
        (
            "makro.docx",
            archive({"[Content_Types].xml": "<a/>", "word/document.xml": "", "word/VBAPROJECT.BIN": "x"}),
            "memuat makro",
        ),
        (
            "makro.xlsx",
            archive({"[Content_Types].xml": "…sheet.macroEnabled.main+xml…", "xl/workbook.xml": ""}),
            "berjenis makro",
        ),
        (
            "makro.ods",
            archive({"mimetype": f"{ODF}spreadsheet", "content.xml": "", "Basic/Standard/m.xml": ""}),
            "memuat makro",
        ),
        ("terpotong.docx", DOCX_BYTES[:-30], "terpotong"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_kind(put(tmp_path, content), name)


def test_a_locked_document_is_refused(tmp_path: Path) -> None:
    locked = bytearray(DOCX_BYTES)
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := locked.find(mark, start)) >= 0:
            locked[start + place] |= 1
            start += 4
    with pytest.raises(FileRefused, match="terkunci kata sandi"):
        read_kind(put(tmp_path, bytes(locked)), "rekap.docx")


def test_a_damaged_document_is_refused(tmp_path: Path) -> None:
    damaged = DOCX_BYTES.replace(b"PK\x01\x02", b"PK\x09\x09")
    with pytest.raises(FileRefused, match="rusak"):
        read_kind(put(tmp_path, damaged), "rekap.docx")


def test_an_archive_of_very_many_parts_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, archive({f"word/{'x' * 60}{number}.xml": "" for number in range(10_000)}))
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(FileRefused, match="terlalu banyak bagian"):
        read_kind(path, "rekap.docx")


def test_what_a_part_claims_to_unpack_to_is_not_unpacked(tmp_path: Path) -> None:
    bomb = archive({"[Content_Types].xml": "A" * 30_000_000, "word/document.xml": ""})
    assert len(bomb) < 100_000
    assert read_kind(put(tmp_path, bomb), "rekap.docx") == DOCX


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("rekap.pdf", "rekap.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Rekap TW I.pdf", "Rekap TW I.pdf"),
        ("rekap\x00.exe.pdf", "rekap.exe.pdf"),
        # A right-to-left override shows "fdp.exe" as "exe.pdf".
        ("rekap\u202efdp.exe", "rekapfdp.exe"),
        ("rekap\u200b\ufeff.pdf", "rekap.pdf"),
        ("  rekap \n akhir  .pdf", "rekap akhir.pdf"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        (".htaccess", "htaccess"),
        ("...", "berkas"),
        ("", "berkas"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_safe(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned
