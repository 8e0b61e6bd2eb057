"""What was printed beside what we compute: each figure of a document with the difference, if any."""

from __future__ import annotations

from django.db import models

from capaian.organisations.models import TahunKinerja


class FiguraTercetak(models.Model):
    """A figure as a document printed it (*tercetak*) beside ours, with formula, inputs and, if they differ, a reason.

    `status`: `sama` within the printed rounding, `beda`, or `tidak_dihitung` when no rule computes it.
    """

    class Status(models.TextChoices):
        SAMA = "sama", "Sama"
        BEDA = "beda", "Berbeda"
        TIDAK_DIHITUNG = "tidak_dihitung", "Tidak dapat dihitung"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="figura_tercetak")
    urutan = models.PositiveIntegerField("urutan")
    tabel = models.CharField("tabel", max_length=80)
    baris = models.CharField("baris", max_length=300)
    kolom = models.CharField("kolom", max_length=80)
    kunci = models.CharField("kunci", max_length=60, blank=True, db_index=True)
    tercetak = models.CharField("tercetak", max_length=120)
    terhitung = models.CharField("terhitung", max_length=120, blank=True)
    status = models.CharField("status", max_length=20, choices=Status.choices)
    rumus = models.CharField("rumus", max_length=200)
    masukan = models.JSONField("masukan", default=dict)
    alasan = models.TextField("alasan", blank=True)

    class Meta:
        verbose_name = "figura tercetak"
        verbose_name_plural = "figura tercetak"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan"], name="figura_tercetak_unik")]

    def __str__(self) -> str:
        return f"{self.tabel} {self.baris} {self.kolom}: {self.tercetak}"
