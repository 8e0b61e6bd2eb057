"""What happened, by whom, and where each form stands: the audit trail, submissions, deadlines, comments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from capaian.organisations.models import Dated, Instansi, TahunKinerja, UnitKerja


class Form(models.TextChoices):
    """The forms that units fill and submit; what stands in one is known to the app that registers it (`forms`)."""

    KINERJA = "kinerja", "Pengukuran kinerja"
    ANGGARAN = "anggaran", "Realisasi anggaran"
    SPM = "spm", "Pelayanan SPM"
    SPM_MUTU = "spm_mutu", "Mutu SPM"
    SPM_KEBUTUHAN = "spm_kebutuhan", "Kebutuhan SPM"
    PKP = "pkp", "Penilaian Kinerja Puskesmas"


class AuditEntry(models.Model):
    """One change or refused attempt, append-only: who did which action on what, from where, and what was different.

    `action` is a stable dotted name (`measurement.record_realisasi`), `subject` the natural key of what changed,
    `unit_kunci` the key of the unit that it concerns, empty for the office itself. Entries of one `chain` (the key of
    the office, or `sistem`) are numbered without a gap, and each `hash` covers the entry and the hash before it
    (`audit.verify_chain`), so that a changed, removed or inserted entry shows.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Dilakukan"
        REFUSED = "refused", "Ditolak"

    at = models.DateTimeField("waktu", default=timezone.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    instansi = models.ForeignKey(Instansi, models.SET_NULL, null=True, related_name="audit_entries")
    unit_kunci = models.CharField("unit", max_length=80, blank=True)
    action = models.CharField("tindakan", max_length=80)
    outcome = models.CharField("hasil", max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    subject = models.CharField("objek", max_length=200)
    before = models.JSONField("sebelum", null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("sesudah", null=True, encoder=DjangoJSONEncoder)
    reason = models.CharField("alasan", max_length=500, blank=True)
    address = models.CharField("alamat asal", max_length=60, blank=True)
    chain = models.CharField("rantai", max_length=60, default="")
    number = models.PositiveBigIntegerField("nomor dalam rantai", default=0)
    hash = models.CharField("sidik", max_length=64, default="")

    class Meta:
        verbose_name = "jejak audit"
        verbose_name_plural = "jejak audit"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["instansi", "subject"])]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_entry_nomor_unik")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Entries are written once; changing one is a programming error."""
        if self.pk is not None:
            raise TypeError("An audit entry is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Entries stay; removing one is a programming error."""
        raise TypeError("An audit entry is append-only.")


class AuditChain(models.Model):
    """The end of one chain of audit entries: how many there are and the hash of the last. Locked while it grows."""

    name = models.CharField("rantai", max_length=60, unique=True)
    length = models.PositiveBigIntegerField("banyak entri", default=0)
    head = models.CharField("sidik terakhir", max_length=64, blank=True)

    class Meta:
        verbose_name = "rantai audit"
        verbose_name_plural = "rantai audit"

    def __str__(self) -> str:
        return f"{self.name}: {self.length}"


class Submission(models.Model):
    """Where one form of one unit for one period stands, from draf to terkunci (`transitions`).

    `unit` null is the office itself. `since`, `by` and `reason` explain the present state; `versi` counts the
    approved versions, and one that is open again after an approval is the next one. `submitted_by` may not verify.
    """

    class State(models.TextChoices):
        DRAF = "draf", "Draf"
        DIAJUKAN = "diajukan", "Diajukan"
        DIKEMBALIKAN = "dikembalikan", "Dikembalikan"
        TERVERIFIKASI = "terverifikasi", "Terverifikasi"
        DISETUJUI = "disetujui", "Disetujui"
        TERKUNCI = "terkunci", "Terkunci"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="submissions")
    form = models.CharField("formulir", max_length=20, choices=Form.choices)
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="submissions")
    periode = models.PositiveSmallIntegerField("periode")
    state = models.CharField("status", max_length=20, choices=State.choices, default=State.DRAF)
    since = models.DateTimeField("sejak", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("alasan", max_length=500, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    versi = models.PositiveSmallIntegerField("versi", default=1)

    class Meta:
        verbose_name = "isian"
        verbose_name_plural = "isian"
        ordering = ["tahun_kinerja", "form", "periode", "unit__urutan"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "form", "unit", "periode"],
                condition=Q(unit__isnull=False),
                name="submission_unit_unik",
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "form", "periode"], condition=Q(unit=None), name="submission_instansi_unik"
            ),
            models.CheckConstraint(condition=Q(periode__gte=0, periode__lte=4), name="submission_periode_0_4"),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.unit or self.tahun_kinerja.instansi} {self.periode}: {self.state}"


class SubmissionVersion(models.Model):
    """What a submission said when it was approved: each cell with its label, frozen. A correction makes the next."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions")
    nomor = models.PositiveSmallIntegerField("nomor versi")
    cells = models.JSONField("isi", default=list)
    approved_at = models.DateTimeField("disetujui pada", default=timezone.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "versi isian"
        verbose_name_plural = "versi isian"
        ordering = ["submission", "nomor"]
        constraints = [models.UniqueConstraint(fields=["submission", "nomor"], name="submission_version_unik")]

    def __str__(self) -> str:
        return f"{self.submission} v{self.nomor}"


class Deadline(Dated):
    """When a form of a period may be filled: from `starts_on` to `ends_on`. With a unit it is that unit's own."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="deadlines")
    form = models.CharField("formulir", max_length=20, choices=Form.choices)
    periode = models.PositiveSmallIntegerField("periode")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="deadlines")
    reason = models.CharField("alasan", max_length=300, blank=True)

    class Meta:
        verbose_name = "jadwal pengisian"
        verbose_name_plural = "jadwal pengisian"
        ordering = ["tahun_kinerja", "form", "periode", "unit__urutan"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "form", "periode", "unit"],
                condition=Q(unit__isnull=False),
                name="deadline_unit_unik",
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "form", "periode"], condition=Q(unit=None), name="deadline_umum_unik"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.periode}: {self.starts_on}–{self.ends_on}"


class Comment(models.Model):
    """A remark on a figure or a form, by the `subject` that its audit entries carry.

    `request_key` comes from the page: the same remark sent twice over a bad line is stored once.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="comments")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="+")
    subject = models.CharField("objek", max_length=200, db_index=True)
    text = models.TextField("komentar", max_length=2000)
    at = models.DateTimeField("waktu", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    request_key = models.UUIDField("kunci permintaan", unique=True)
    resolved_at = models.DateTimeField("selesai pada", null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "komentar"
        verbose_name_plural = "komentar"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Digest(models.Model):
    """The mark that a person has had the e-mail of an office on a day, so that a second run sends none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="+")
    day = models.DateField("tanggal")

    class Meta:
        verbose_name = "ringkasan terkirim"
        verbose_name_plural = "ringkasan terkirim"
        constraints = [models.UniqueConstraint(fields=["user", "instansi", "day"], name="digest_sekali_sehari")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class ClaimLost(Exception):
    """The job that this worker was at is another's by now: nothing more may be written for it."""


class BackgroundJob(models.Model):
    """A piece of work that a worker does: how far it is, and the last sign of life of who does it.

    `progress` (0–100) and `langkah` tell a waiting person where it is; `heartbeat_at` tells a killed job from one at
    work; `attempts` counts how often it was begun (`jobs`).
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Menunggu"
        RUNNING = "running", "Sedang dikerjakan"
        READY = "ready", "Siap"
        FAILED = "failed", "Gagal"

    state = models.CharField("status", max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField("kemajuan", default=0)
    langkah = models.CharField("langkah", max_length=160, blank=True)
    error = models.TextField("kesalahan", blank=True)
    attempts = models.PositiveSmallIntegerField("percobaan", default=0)
    heartbeat_at = models.DateTimeField("tanda hidup terakhir", null=True, blank=True)
    created_at = models.DateTimeField("dibuat pada", auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    def show_progress(self, percent: int, step: str, *fields: str, **values: Any) -> None:
        """Store where the work is, with a sign of life; `values`, and what stands in `fields`, are stored along.

        Raises `ClaimLost` when another worker has taken the job over.
        """
        shown = {"progress": percent, "langkah": step[:160], "heartbeat_at": timezone.now(), **values}
        for name, value in shown.items():
            setattr(self, name, value)
        stored = {name: getattr(self, name) for name in (*shown, *fields)}
        mine = type(self)._default_manager.order_by().filter(pk=self.pk, state=self.State.RUNNING)
        if not mine.filter(attempts=self.attempts).update(**stored):
            raise ClaimLost(f"{self._meta.label} {self.pk}, attempt {self.attempts}")
