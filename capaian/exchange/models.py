"""What came in from outside: loads of folders, uploaded workbooks with their raw rows, and how columns are named."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from capaian.organisations.models import Instansi, TahunKinerja
from capaian.workflow.models import BackgroundJob


class ImportBatch(models.Model):
    """One load of files into an office year: what was read, how many rows, what changed, what contradicts itself.

    `checksum` is the SHA-256 over the files read; loading the same files again changes nothing and says so.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="import_batches")
    at = models.DateTimeField("waktu", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.CharField("sumber", max_length=200)
    checksum = models.CharField("checksum", max_length=64)
    rows = models.PositiveIntegerField("baris")
    changes = models.JSONField("perubahan", default=dict)

    class Meta:
        verbose_name = "batch impor"
        verbose_name_plural = "batch impor"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.source} ({self.rows} baris)"

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The findings of the load: place, both numbers and a sentence each; they refuse nothing."""
        return list(self.changes.get("warnings", []))


class ColumnMapping(models.Model):
    """Which header words of an outside file mean which of our columns; the office may edit its own.

    `columns` maps our column to a list of header texts. Without an office it is the one that comes with Capaian.
    """

    instansi = models.ForeignKey(Instansi, models.CASCADE, null=True, blank=True, related_name="column_mappings")
    jenis = models.CharField("jenis berkas", max_length=20)
    nama = models.CharField("nama", max_length=120)
    columns = models.JSONField("kolom", default=dict)

    class Meta:
        verbose_name = "pemetaan kolom"
        verbose_name_plural = "pemetaan kolom"
        ordering = ["jenis", "nama"]
        constraints = [
            models.UniqueConstraint(
                fields=["instansi", "jenis", "nama"], condition=Q(instansi__isnull=False), name="column_mapping_unik"
            ),
            models.UniqueConstraint(
                fields=["jenis", "nama"], condition=Q(instansi=None), name="column_mapping_bawaan_unik"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jenis}: {self.nama}"


class Upload(BackgroundJob):
    """An uploaded workbook on its way in: read and checked (`state` ready), looked at, then applied as a whole or not.

    `berkas` is a path below MEDIA_ROOT, `checksum` the SHA-256 of the file. `findings` lists every problem by sheet,
    cell and rule; `summary` counts what would change. `applied_at` is set once, in the transaction that applied it.
    """

    class Jenis(models.TextChoices):
        LEMBAR = "lembar", "Lembar isian"
        PAGU = "pagu", "Pagu"
        REALISASI_ANGGARAN = "realisasi_anggaran", "Realisasi anggaran"
        SPM_PELAYANAN = "spm_pelayanan", "Pelayanan SPM"
        SPM_SASARAN = "spm_sasaran", "Sasaran SPM"
        SKM_JAWABAN = "skm_jawaban", "Jawaban survei"
        INSTRUMEN = "instrumen", "Instrumen penilaian"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="uploads")
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    nama = models.CharField("nama berkas", max_length=200)
    berkas = models.CharField("berkas", max_length=200)
    checksum = models.CharField("checksum", max_length=64)
    ukuran = models.PositiveBigIntegerField("ukuran (byte)")
    options = models.JSONField("pilihan", default=dict, blank=True)
    rows = models.PositiveIntegerField("baris", default=0)
    findings = models.JSONField("temuan", default=list, encoder=DjangoJSONEncoder)
    summary = models.JSONField("ringkasan", default=dict, encoder=DjangoJSONEncoder)
    applied_at = models.DateTimeField("diterapkan pada", null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "unggahan"
        verbose_name_plural = "unggahan"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()}: {self.nama}"


class UploadRow(models.Model):
    """One row of an uploaded file exactly as it was read, kept for as long as the upload is."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="raw_rows")
    sheet = models.CharField("lembar", max_length=60)
    nomor = models.PositiveIntegerField("nomor baris")
    cells = models.JSONField("isi")

    class Meta:
        verbose_name = "baris unggahan"
        verbose_name_plural = "baris unggahan"
        ordering = ["upload", "sheet", "nomor"]
        constraints = [models.UniqueConstraint(fields=["upload", "sheet", "nomor"], name="upload_row_unik")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.nomor}"
