"""What came in from outside: one batch per load, with the checksum of what was read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from capaian.organisations.models import TahunKinerja


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
