"""Reports as frozen versions: the blocks that were built, and the files made from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from capaian.organisations.models import TahunKinerja


class ReportVersion(models.Model):
    """One generated report: its blocks, frozen with the fingerprint of the data they were built from.

    `nomor` counts the versions of one kind in a year. Files are rendered from `blocks`, never from live data, so an
    earlier version can be downloaded again unchanged. `progress` (0–100) and `langkah` tell a waiting person where it
    is; `heartbeat_at` is the last sign of life of the job, so that a killed one can be told from one at work.
    """

    class Jenis(models.TextChoices):
        LKIP = "lkip", "Laporan Kinerja (LKIP)"
        PERJANJIAN_KINERJA = "perjanjian_kinerja", "Perjanjian Kinerja"
        RENCANA_AKSI = "rencana_aksi", "Rencana Aksi"
        PENGUKURAN = "pengukuran", "Laporan Pengukuran Triwulan"

    class State(models.TextChoices):
        QUEUED = "queued", "Menunggu"
        RUNNING = "running", "Sedang dibuat"
        READY = "ready", "Siap"
        FAILED = "failed", "Gagal"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="report_versions")
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    periode = models.PositiveSmallIntegerField("periode", default=0)
    nomor = models.PositiveSmallIntegerField("nomor versi")
    state = models.CharField("status", max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField("kemajuan", default=0)
    langkah = models.CharField("langkah", max_length=160, blank=True)
    blocks = models.JSONField("isi", null=True, blank=True)
    fingerprint = models.CharField("sidik data", max_length=64, blank=True)
    files = models.JSONField("berkas", default=dict, blank=True)
    error = models.TextField("kesalahan", blank=True)
    heartbeat_at = models.DateTimeField("tanda hidup terakhir", null=True, blank=True)
    created_at = models.DateTimeField("dibuat pada", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "versi laporan"
        verbose_name_plural = "versi laporan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["tahun_kinerja", "jenis", "periode", "nomor"], name="report_version_unik")
        ]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()} v{self.nomor}"
