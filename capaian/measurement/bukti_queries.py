"""Reading the evidence of figures: of one figure, of a whole sheet, and whether every kept file is still whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from capaian.measurement.bukti_files import KINDS
from capaian.measurement.models import BuktiDukung
from capaian.rules.periods import Period
from capaian.workflow.forms import SheetKey, SheetRow
from capaian.workflow.storage import show_size, verify_stored

# Pieces of evidence of one figure that a list shows; the others are one click away.
MAX_SHOWN = 3


@dataclass(frozen=True)
class BuktiView:
    """One piece of evidence with what a person asks of it: kind, size, host of a link, and how its date stands.

    `dating` is `sesudah` for a date after the period that it is to prove, `sebelum` for one before its beginning,
    `tanpa` without a date, else empty.
    """

    bukti: BuktiDukung
    jenis: str
    ukuran: str
    host: str
    dating: str
    is_shown: bool
    is_image: bool


@dataclass(frozen=True)
class FilesReport:
    """What comparing the kept files with their checksums found: how many there are, and what is wrong, in words."""

    checked: int
    problems: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.problems


def dating(tanggal: date | None, tahun: int, periode: int) -> str:
    """How the date of a piece of evidence stands to the period: `sesudah`, `sebelum`, `tanpa`, or empty within it."""
    if tanggal is None:
        return "tanpa"
    period = Period(tahun, periode or None)
    return "sesudah" if tanggal > period.end else "sebelum" if tanggal < period.start else ""


def bukti_of_row(key: SheetKey, row: SheetRow) -> list[BuktiView]:
    """The evidence of one figure, oldest first. One query."""
    rows = sheet_bukti(key).filter(subject=row.subject).select_related("by")
    return [view_bukti(one, key.tahun_kinerja.tahun) for one in rows]


def bukti_by_subject(key: SheetKey) -> dict[str, list[BuktiView]]:
    """The evidence of all figures of a sheet, by the subject of the figure. One query."""
    found: dict[str, list[BuktiView]] = defaultdict(list)
    for one in sheet_bukti(key).select_related("by"):
        found[one.subject].append(view_bukti(one, key.tahun_kinerja.tahun))
    return dict(found)


def sheet_bukti(key: SheetKey) -> QuerySet[BuktiDukung]:
    """The evidence of a sheet that was not removed."""
    return BuktiDukung.objects.filter(
        tahun_kinerja=key.tahun_kinerja, form=key.form, unit=key.unit, periode=key.periode, removed_at=None
    )


def view_bukti(bukti: BuktiDukung, tahun: int) -> BuktiView:
    """What a page shows of a piece of evidence."""
    kind = KINDS.get(bukti.jenis_berkas)
    return BuktiView(
        bukti,
        jenis="Tautan" if bukti.tautan else kind.nama if kind else bukti.jenis_berkas,
        ukuran="" if bukti.tautan else show_size(bukti.ukuran),
        host=(urlsplit(bukti.tautan).hostname or "") if bukti.tautan else "",
        dating=dating(bukti.tanggal, tahun, bukti.periode),
        is_shown=bool(kind and kind.is_shown),
        is_image=bukti.jenis_berkas.startswith("image/"),
    )


def evidence_limit() -> str:
    """How large one file may be, in words."""
    return show_size(settings.EVIDENCE_MAX_BYTES)


def verify_files() -> FilesReport:
    """Compare every kept file with its checksum, removed evidence included, since its audit entry refers to it."""
    rows: Iterable[tuple[str, str]] = (
        BuktiDukung.objects.exclude(berkas="").order_by("berkas").values_list("berkas", "sha256").distinct()
    )
    checked, problems = 0, []
    for berkas, sha256 in rows:
        checked += 1
        if problem := verify_stored(berkas, sha256):
            problems.append(problem)
    return FilesReport(checked, tuple(problems))
