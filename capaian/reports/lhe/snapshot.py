"""Reading everything that the report of an AKIP evaluation prints, once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from capaian.assessments.models import Penilaian
from capaian.assessments.queries_akip import Official, official_of
from capaian.assessments.queries_lke import Tier, Worksheet, read_worksheet
from capaian.assessments.queries_rekomendasi import RekomendasiRow, rekomendasi_rows
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Office as Reader
from capaian.reports.errors import ReportError
from capaian.reports.snapshot import Office, read_office


@dataclass(frozen=True)
class LheSnapshot:
    """The evaluation of an office year: worksheet, the result that stands, its recommendations and earlier ones."""

    office: Office
    tahun: int
    sheet: Worksheet
    official: Official
    rekomendasi: tuple[RekomendasiRow, ...]
    sebelumnya: tuple[RekomendasiRow, ...]

    @property
    def penilaian(self) -> Penilaian:
        return self.official.penilaian

    @property
    def place(self) -> int:
        """The column of the tier whose result stands."""
        return next(number for number, one in enumerate(self.sheet.tiers) if one.tingkat == self.penilaian.tingkat)

    @property
    def tier(self) -> Tier:
        return self.sheet.tiers[self.place]


def take_lhe(tahun_kinerja: TahunKinerja) -> LheSnapshot:
    """Everything of a year. Raises `ReportError` where nothing was evaluated yet.

    The follow-up is that of the year of the evaluation: made again later, the report says the same.
    """
    # Nobody's rights: the report shows every tier and writes none.
    sheet = read_worksheet(Reader(tahun_kinerja, ()))
    official = official_of(tahun_kinerja)
    if sheet is None or official is None or official.total is None or official.total.tampil is None:
        raise ReportError(
            f"Laporan hasil evaluasi {tahun_kinerja} belum dapat disusun: lembar kerja AKIP belum dinilai. Isi pada "
            "halaman Evaluasi AKIP, lalu buat lagi."
        )
    rows = rekomendasi_rows(tahun_kinerja, timezone.localdate(), official.penilaian.tahun_evaluasi)
    return LheSnapshot(
        office=read_office(tahun_kinerja),
        tahun=tahun_kinerja.tahun,
        sheet=sheet,
        official=official,
        rekomendasi=tuple(one for one in rows if one.rekomendasi.tahun_kinerja_id == tahun_kinerja.pk),
        sebelumnya=tuple(one for one in rows if one.rekomendasi.tahun_kinerja_id != tahun_kinerja.pk),
    )
