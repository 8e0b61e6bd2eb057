"""The workbook of an instrument as an upload: checked whole, shown as differences, applied to a draft only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.assessments.actions_instrumen import create_draft, create_from_definisi, draft_mark, replace_draft
from capaian.assessments.differences import Difference, differences
from capaian.assessments.models import Instrumen, VersiInstrumen
from capaian.exchange.guard import Limits
from capaian.exchange.instrumen.build import Built, build
from capaian.exchange.instrumen.layout import HEAD_SHEET, stamp_text
from capaian.exchange.instrumen.read import Book, read_book
from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.models import Upload
from capaian.organisations.models import TahunKinerja
from capaian.workflow.storage import FileRefused

LIMITS: Final = Limits(unpacked=40 * 1024**2, sheets=40, rows=20_000)
MOST_CHANGES: Final = 2000
_WORDS: Final = {"ditambah": "Ditambah", "dihapus": "Dihapus", "diubah": "Diubah"}


@dataclass(frozen=True)
class Target:
    """Where the content goes: into the draft of an instrument, its next version, or a new instrument.

    `latest` is what it is compared with; None for a new one.
    """

    instrumen: Instrumen | None = None
    draft: VersiInstrumen | None = None
    latest: VersiInstrumen | None = None

    @property
    def mark(self) -> str:
        """What the preview was made against."""
        return f"{self.latest.pk} {draft_mark(self.latest)}" if self.latest else ""


class InstrumenKind:
    """See `kinds.UploadKind`."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """All problems of the workbook, and what applying it would change. Writes nothing."""
        try:
            book = read_book(path)
        except FileRefused as refusal:
            return Checked(0, [Finding("", "", "berkas", str(refusal))])
        report(50, "Memeriksa isi")
        built = build(book)
        target = target_of(upload.tahun_kinerja, built)
        _check_target(book, built, target, upload.tahun_kinerja)
        if _wrong(book):
            return Checked(book.rows, book.findings, {"judul": _title(built, target), "berubah": 0, "changes": []})
        return Checked(book.rows, book.findings, _summary(built, target))

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Write the content into a draft in the caller's transaction; raises `ValueError` with the reason."""
        book = read_book(path)
        built = build(book)
        target = target_of(upload.tahun_kinerja, built)
        _check_target(book, built, target, upload.tahun_kinerja)
        wrong = _wrong(book)
        if wrong:
            first = wrong[0]
            raise ValueError(
                f"Belum diterapkan: {len(wrong)} masalah, yang pertama {first.sheet} {first.cell}: {first.message}"
            )
        if target.mark != upload.summary.get("dasar", ""):
            raise ValueError(
                "Instrumen ini sudah diubah di situs sesudah berkas diperiksa, jadi tidak ada yang diterapkan. Unggah "
                "lagi berkasnya, lalu periksa perubahannya."
            )
        summary = _summary(built, target)
        return {**summary, "versi": _write(upload.tahun_kinerja, built, target, by).pk}


def target_of(tahun_kinerja: TahunKinerja, built: Built) -> Target:
    """Where the content of a workbook belongs, by its key. Two queries."""
    instrumen = Instrumen.objects.filter(instansi=tahun_kinerja.instansi_id, kunci=built.kunci).first()
    if instrumen is None:
        return Target()
    versions = list(instrumen.versi.select_related("instrumen__instansi").order_by("-nomor"))
    draft = next((one for one in versions if one.status == VersiInstrumen.Status.DRAF), None)
    return Target(instrumen, draft, draft or (versions[0] if versions else None))


def _write(tahun_kinerja: TahunKinerja, built: Built, target: Target, by: User | None) -> VersiInstrumen:
    said: dict[str, Any] = {"by": by, "tahun_kinerja": tahun_kinerja}
    if target.latest is None:
        return create_from_definisi(**said, kunci=built.kunci, keluarga=built.keluarga, definisi=built.definisi)
    draft = target.draft or create_draft(**said, versi=target.latest)
    return replace_draft(**said, versi=draft, base=draft_mark(draft), definisi=built.definisi)


def _check_target(book: Book, built: Built, target: Target, tahun_kinerja: TahunKinerja) -> None:
    place = book.head["kunci"].cell if "kunci" in book.head else ""
    if target.instrumen is None:
        same = Instrumen.objects.filter(instansi=tahun_kinerja.instansi_id, nama__iexact=built.definisi.get("nama", ""))
        if built.kunci and same.exists():
            message = (
                f'Instrumen bernama "{built.definisi["nama"]}" sudah ada dengan kunci lain. Ganti nama atau kuncinya.'
            )
            book.wrong(HEAD_SHEET, place, "nama", message)
        return
    if built.keluarga and built.keluarga != target.instrumen.keluarga:
        message = (
            f"Kunci ini milik instrumen {target.instrumen.get_keluarga_display()}; yang dinilai tidak dapat diganti."
        )
        book.wrong(HEAD_SHEET, place, "keluarga", message)
    latest = target.latest
    if latest is not None and book.stamp and book.stamp != stamp_text(latest.nomor, draft_mark(latest)):
        book.warn(
            HEAD_SHEET, "", "berubah-di-situs",
            f"Berkas diunduh dari keadaan lain ({book.stamp[:30]}) daripada v{latest.nomor} yang tersimpan sekarang. "
            "Periksa daftar perubahan di bawah: yang diubah di situs sesudah itu akan tertimpa.",
        )  # fmt: skip


def _wrong(book: Book) -> list[Finding]:
    return [one for one in book.findings if one.severity == "salah"]


def _title(built: Built, target: Target) -> str:
    nama = str(built.definisi.get("nama") or "tanpa nama")
    if target.draft is not None:
        return f"{nama}: memperbarui draf v{target.draft.nomor}"
    if target.latest is not None:
        return f"{nama}: draf baru v{target.latest.nomor + 1}"
    return f"{nama}: instrumen baru"


def _summary(built: Built, target: Target) -> dict[str, Any]:
    before = target.latest.definisi if target.latest else {}
    found = differences(before, built.definisi)
    changes = [_change(one, built) for one in found[:MOST_CHANGES]]
    return {
        "judul": _title(built, target),
        "unit": sorted({one["unit"] for one in changes}),
        "berubah": len(found),
        "changes": changes,
        "dasar": target.mark,
    }


def _change(one: Difference, built: Built) -> dict[str, Any]:
    row = built.places.get(one.kode)
    return {
        "sheet": "",
        "cell": f"Baris {row}" if row else "",
        "unit": _WORDS[one.apa],
        "nama": f"{one.kode} {one.nama}: {one.bidang}".strip(),
        "satuan": "",
        "before": one.before,
        "after": one.after,
        "is_text": True,
    }
