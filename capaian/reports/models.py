"""Reports as frozen versions: the blocks that were built, and the files made from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.workflow.models import BackgroundJob


class ReportVersion(BackgroundJob):
    """One generated report: its blocks, frozen with the fingerprint of the data they were built from.

    `unit` is whose report it is, None the whole office. `nomor` counts the versions of one kind in a year. Files are
    rendered from `blocks`, never from live data, so an earlier version can be downloaded again unchanged.
    """

    class Jenis(models.TextChoices):
        LKIP = "lkip", "Laporan Kinerja (LKIP)"
        PERJANJIAN_KINERJA = "perjanjian_kinerja", "Perjanjian Kinerja"
        RENCANA_AKSI = "rencana_aksi", "Rencana Aksi"
        PENGUKURAN = "pengukuran", "Laporan Pengukuran Triwulan"
        SPM = "spm", "Laporan Penerapan SPM"
        SPM_MONEV = "spm_monev", "Laporan Monev SPM Triwulan"
        PKP = "pkp", "Laporan Penilaian Kinerja Puskesmas"
        PKP_REKAP = "pkp_rekap", "Rekapitulasi PKP Kabupaten/Kota"
        LHE = "lhe", "Laporan Hasil Evaluasi AKIP"
        SKM = "skm", "Laporan Survei Kepuasan Masyarakat"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="report_versions")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="report_versions")
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    periode = models.PositiveSmallIntegerField("periode", default=0)
    nomor = models.PositiveSmallIntegerField("nomor versi")
    blocks = models.JSONField("isi", null=True, blank=True)
    fingerprint = models.CharField("sidik data", max_length=64, blank=True)
    files = models.JSONField("berkas", default=dict, blank=True)

    class Meta:
        verbose_name = "versi laporan"
        verbose_name_plural = "versi laporan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "jenis", "periode", "nomor"],
                condition=models.Q(unit=None),
                name="report_version_unik",
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "unit", "jenis", "periode", "nomor"],
                condition=models.Q(unit__isnull=False),
                name="report_version_unit_unik",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()} v{self.nomor}"


class Publication(models.Model):
    """That a report version is open to everybody, with the figures of its year as they stood on that day.

    `figures` is what the public pages show of the indicators: frozen, so that nothing that is entered later, and
    nothing that was never published, appears there. A withdrawn publication keeps its row and its reason.
    """

    version = models.OneToOneField(ReportVersion, models.CASCADE, related_name="publication")
    figures = models.JSONField("angka yang diterbitkan", default=list)
    published_at = models.DateTimeField("diterbitkan pada", default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField("ditarik pada", null=True, blank=True)
    reason = models.CharField("alasan penarikan", max_length=300, blank=True)

    class Meta:
        verbose_name = "penerbitan"
        verbose_name_plural = "penerbitan"
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"{self.version} diterbitkan {self.published_at:%Y-%m-%d}"
