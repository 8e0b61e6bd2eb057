"""What both kinds of SPM files share: everything is checked by doing it and taking it back, then applied as a whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.mapping import columns_of
from capaian.exchange.models import Upload
from capaian.exchange.raw import RawRows, forget
from capaian.exchange.spm.read import LABELS, Keep, Lines, Wanted, read_lines
from capaian.workflow.audit import audited
from capaian.workflow.storage import FileRefused

MOST_CHANGES: Final = 2000


class _TakenBack(Exception):
    """Ends a transaction that was only tried."""


@dataclass
class Whole:
    """What became of a file: findings, the values that changed (as the preview shows them), and those that did not."""

    findings: list[Finding] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    same: int = 0

    @property
    def wrong(self) -> list[Finding]:
        """What stands in the way of applying the file."""
        return [one for one in self.findings if one.severity == "salah"]


class SpmKind(ABC):
    """See `kinds.UploadKind`; subclasses say which columns count, and write the lines."""

    key = "unit"

    @abstractmethod
    def amounts(self) -> tuple[str, ...]:
        """The columns of which one must be there."""

    @abstractmethod
    def title(self, upload: Upload) -> str:
        """What the file is, in words."""

    @abstractmethod
    def write(self, upload: Upload, lines: Lines, whole: Whole, by: User | None) -> None:
        """Write what the lines say in the caller's transaction; what cannot be taken becomes a finding."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """All problems of the file, and what applying it now would change. Only the raw rows are written."""
        keep = RawRows(upload)
        try:
            with audited():
                upload.raw_rows.all().delete()
                lines = self._read(upload, path, keep)
                keep.flush()
        except FileRefused as refusal:
            return Checked(0, [Finding("", "", "berkas", str(refusal))])
        report(40, "Mencoba menyimpan")
        whole = Whole(list(lines.findings))
        with _taken_back():
            self.write(upload, lines, whole, upload.created_by)
            raise _TakenBack
        return Checked(lines.rows, whole.findings, self._summary(upload, whole))

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Write everything in the caller's transaction; raises `ValueError` while anything is wrong."""
        lines = self._read(upload, path, forget)
        whole = Whole(list(lines.findings))
        self.write(upload, lines, whole, by)
        if whole.wrong:
            first = whole.wrong[0]
            raise ValueError(
                f"Belum diterapkan: {len(whole.wrong)} masalah, yang pertama {first.sheet} {first.cell}: "
                f"{first.message} Tidak ada yang berubah."
            )
        return self._summary(upload, whole)

    def _read(self, upload: Upload, path: Path, keep: Keep) -> Lines:
        year = upload.tahun_kinerja
        # `Januari 2024` heads the same column as `Januari`.
        columns = {
            name: [*words, *(f"{word} {year.tahun}" for word in words if name not in LABELS)]
            for name, words in columns_of(year.instansi, upload.jenis).items()
        }
        return read_lines(path, Wanted(columns, self.key, self.amounts(), year.tahun), keep)

    def _summary(self, upload: Upload, whole: Whole) -> dict[str, Any]:
        return {
            "judul": self.title(upload),
            "unit": sorted({one["unit"] for one in whole.changes}),
            "berubah": len(whole.changes),
            "sama": whole.same,
            "changes": whole.changes[:MOST_CHANGES],
        }


@contextmanager
def _taken_back() -> Iterator[None]:
    try:
        with audited():
            yield
    except _TakenBack:
        pass


def change(sheet: str, cell: str, unit: str, nama: str, before: str, after: str) -> dict[str, Any]:
    """A change as the preview shows it and the upload keeps it."""
    return {
        "sheet": sheet,
        "cell": cell,
        "unit": unit,
        "nama": nama,
        "satuan": "orang",
        "before": before,
        "after": after,
    }
