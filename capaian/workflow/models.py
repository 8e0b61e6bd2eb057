"""What happened, by whom: the audit trail that every action writes to."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from capaian.organisations.models import Instansi


class AuditEntry(models.Model):
    """One change, append-only: who did which action on what, and what was different before and after.

    `action` is a stable dotted name (`measurement.record_realisasi`), `subject` the natural key of what changed.
    """

    at = models.DateTimeField("waktu", auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    instansi = models.ForeignKey(Instansi, models.SET_NULL, null=True, related_name="audit_entries")
    action = models.CharField("tindakan", max_length=80)
    subject = models.CharField("objek", max_length=200)
    before = models.JSONField("sebelum", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("sesudah", null=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "jejak audit"
        verbose_name_plural = "jejak audit"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["instansi", "subject"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Entries are written once; changing one is a programming error."""
        if self.pk is not None:
            raise TypeError("An audit entry is append-only.")
        super().save(*args, **kwargs)
