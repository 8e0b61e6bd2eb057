"""Instruments and their versions, what was answered and scored, and the recommendations that follow an evaluation.

Items and groups are kode of the instrument's tree (`rules.instrumen`). A row without a unit is the office itself.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja


class Keluarga(models.TextChoices):
    """What an instrument judges; `rules.instrumen.model.Keluarga` names the same."""

    PKP = "pkp", "Penilaian Kinerja Puskesmas"
    LKE = "lke", "Evaluasi AKIP (LKE)"
    LAIN = "lain", "Instrumen lain"


class Instrumen(models.Model):
    """An instrument of an office; its content stands in its versions. `pack` is the id of the pack that it began as."""

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="instrumen")
    kunci = models.SlugField("kunci", max_length=80)
    nama = models.CharField("nama", max_length=200)
    keluarga = models.CharField("keluarga", max_length=10, choices=Keluarga.choices)
    pack = models.CharField("paket asal", max_length=120, blank=True)

    class Meta:
        verbose_name = "instrumen"
        verbose_name_plural = "instrumen"
        ordering = ["keluarga", "nama"]
        constraints = [models.UniqueConstraint(fields=["instansi", "kunci"], name="instrumen_unik")]

    def __str__(self) -> str:
        return self.nama


class VersiInstrumen(models.Model):
    """One version of an instrument: its data (`rules.instrumen.read`), under a checksum once it is published.

    A draft may hold data that cannot be used yet. What is published is never changed; a further version is made.
    """

    class Status(models.TextChoices):
        DRAF = "draf", "Draf"
        TERBIT = "terbit", "Terbit"
        DITARIK = "ditarik", "Ditarik"

    instrumen = models.ForeignKey(Instrumen, models.CASCADE, related_name="versi")
    nomor = models.PositiveSmallIntegerField("nomor versi")
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.DRAF)
    definisi = models.JSONField("definisi", default=dict)
    sidik = models.CharField("sidik", max_length=64, blank=True)
    catatan = models.CharField("catatan perubahan", max_length=300, blank=True)
    published_at = models.DateTimeField("diterbitkan pada", null=True, blank=True)
    changed_at = models.DateTimeField("diubah pada", default=timezone.now)

    class Meta:
        verbose_name = "versi instrumen"
        verbose_name_plural = "versi instrumen"
        ordering = ["instrumen", "-nomor"]
        constraints = [models.UniqueConstraint(fields=["instrumen", "nomor"], name="versi_instrumen_unik")]

    def __str__(self) -> str:
        return f"{self.instrumen} v{self.nomor}"


class PengaturanPenilaian(models.Model):
    """Which version judges a family in a year, and what the office decides where the document leaves it open.

    `kebijakan` overrides those of the instrument (`rules.instrumen.model.Kebijakan`), by name.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="pengaturan_penilaian")
    keluarga = models.CharField("keluarga", max_length=10, choices=Keluarga.choices)
    versi = models.ForeignKey(VersiInstrumen, models.RESTRICT, related_name="pengaturan")
    kebijakan = models.JSONField("kebijakan", default=dict, blank=True)

    class Meta:
        verbose_name = "pengaturan penilaian"
        verbose_name_plural = "pengaturan penilaian"
        constraints = [
            models.UniqueConstraint(fields=["tahun_kinerja", "keluarga", "versi"], name="pengaturan_penilaian_versi"),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "keluarga"],
                condition=~Q(keluarga=Keluarga.LAIN),
                name="pengaturan_penilaian_unik",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_keluarga_display()} {self.tahun_kinerja}"


class SifatUnit(models.Model):
    """A property that a unit has in a year (`rawat_inap`, `endemis_malaria` …): items that need it apply to it."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="sifat_unit")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, related_name="sifat_unit")
    sifat = models.CharField("sifat", max_length=40)

    class Meta:
        verbose_name = "sifat unit"
        verbose_name_plural = "sifat unit"
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "unit", "sifat"], name="sifat_unit_unik")]

    def __str__(self) -> str:
        return f"{self.unit} {self.sifat}"


class Penilaian(models.Model):
    """One filled instrument: of a unit, or of the office itself, in a performance year, by one tier of evaluators.

    `tahun_evaluasi` is when the evaluation happens (for AKIP the year after). `tingkat` says whose answers they are; a
    PKP has only those of the unit, whose state is that of its sheet (`workflow.Submission`). `selesai_pada` closes the
    answers of a tier of an AKIP evaluation. `kebijakan` is what the results were computed by.
    """

    class Tingkat(models.TextChoices):
        MANDIRI = "mandiri", "Penilaian mandiri"
        APIP = "apip", "Evaluasi APIP"
        AKHIR = "akhir", "Hasil akhir"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="penilaian")
    versi = models.ForeignKey(VersiInstrumen, models.RESTRICT, related_name="penilaian")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="penilaian")
    tingkat = models.CharField("tingkat", max_length=10, choices=Tingkat.choices, default=Tingkat.MANDIRI)
    tahun_evaluasi = models.PositiveSmallIntegerField("tahun evaluasi")
    kebijakan = models.JSONField("kebijakan", default=dict, blank=True)
    selesai_pada = models.DateTimeField("selesai pada", null=True, blank=True)
    nomor_lhe = models.CharField("nomor laporan hasil evaluasi", max_length=120, blank=True)
    tanggal_lhe = models.DateField("tanggal laporan hasil evaluasi", null=True, blank=True)
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = "penilaian"
        verbose_name_plural = "penilaian"
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "versi", "unit", "tingkat"],
                condition=Q(unit__isnull=False),
                name="penilaian_unit_unik",
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "versi", "tingkat"], condition=Q(unit=None), name="penilaian_instansi_unik"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.versi} {self.unit or self.tahun_kinerja}"


class Jawaban(models.Model):
    """The answer to an item, or to a group that is graded directly.

    `nilai` is the kode of the choice, or the value as typed; `sasaran` and `realisasi` are denominator and numerator
    where those are asked. `tidak_berlaku` leaves the item out of every mean, for the reason in `catatan`.
    """

    penilaian = models.ForeignKey(Penilaian, models.CASCADE, related_name="jawaban")
    butir = models.CharField("butir", max_length=60)
    nilai = models.CharField("nilai", max_length=120, blank=True)
    sasaran = models.DecimalField("sasaran", max_digits=16, decimal_places=4, null=True, blank=True)
    realisasi = models.DecimalField("realisasi", max_digits=16, decimal_places=4, null=True, blank=True)
    tidak_berlaku = models.BooleanField("tidak berlaku", default=False)
    catatan = models.TextField("catatan", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("diisi pada", default=timezone.now)

    class Meta:
        verbose_name = "jawaban"
        verbose_name_plural = "jawaban"
        constraints = [models.UniqueConstraint(fields=["penilaian", "butir"], name="jawaban_unik")]

    def __str__(self) -> str:
        return f"{self.penilaian} {self.butir}: {self.nilai or self.realisasi}"


class Hasil(models.Model):
    """The result of a group of an assessment, derived (`compute`); the root of the tree holds the class of the whole.

    `nilai` is unrounded, `tampil` rounded; None where nothing is answered. `kelas` is the kode of the class, empty
    where the group is not classified. `terjawab` of `berlaku` items are answered. `catatan` holds the remarks.
    """

    penilaian = models.ForeignKey(Penilaian, models.CASCADE, related_name="hasil")
    kelompok = models.CharField("kelompok", max_length=60)
    nilai = models.DecimalField("nilai", max_digits=24, decimal_places=12, null=True, blank=True)
    tampil = models.DecimalField("nilai dibulatkan", max_digits=9, decimal_places=2, null=True, blank=True)
    kelas = models.CharField("kelas", max_length=30, blank=True)
    terjawab = models.PositiveSmallIntegerField("butir terjawab", default=0)
    berlaku = models.PositiveSmallIntegerField("butir yang berlaku", default=0)
    catatan = models.JSONField("catatan", default=list, blank=True)

    class Meta:
        verbose_name = "hasil penilaian"
        verbose_name_plural = "hasil penilaian"
        constraints = [models.UniqueConstraint(fields=["penilaian", "kelompok"], name="hasil_unik")]

    def __str__(self) -> str:
        return f"{self.penilaian} {self.kelompok}: {self.tampil}"


class Rekomendasi(models.Model):
    """A recommendation of an evaluation of the office, and who follows it up until when.

    The year of the office year is the one evaluated. `kelompok` is the kode of the component that it concerns.
    `mengulang` is an earlier one that says the same. `waktu` is the time as the document states it. `selesai_pada` is
    when the evaluators confirmed that it is done; until then it stays open, over the years.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="rekomendasi")
    penilaian = models.ForeignKey(Penilaian, models.SET_NULL, null=True, blank=True, related_name="rekomendasi")
    kelompok = models.CharField("komponen", max_length=60, blank=True)
    urutan = models.PositiveSmallIntegerField("urutan")
    hasil = models.TextField("hasil evaluasi", blank=True)
    uraian = models.TextField("rekomendasi")
    rencana_aksi = models.TextField("rencana aksi tindak lanjut", blank=True)
    penanggung_jawab = models.CharField("penanggung jawab", max_length=200, blank=True)
    unit = models.ForeignKey(UnitKerja, models.SET_NULL, null=True, blank=True, related_name="rekomendasi")
    tenggat = models.DateField("tenggat", null=True, blank=True)
    waktu = models.CharField("waktu pelaksanaan", max_length=120, blank=True)
    mengulang = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="diulang")
    selesai_pada = models.DateTimeField("selesai pada", null=True, blank=True)
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = "rekomendasi"
        verbose_name_plural = "rekomendasi"
        ordering = ["tahun_kinerja", "urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan"], name="rekomendasi_unik")]

    def __str__(self) -> str:
        return self.uraian


class TindakLanjut(models.Model):
    """Where the follow-up of a recommendation stands at the end of a period (a quarter of any later year)."""

    class Status(models.TextChoices):
        BELUM = "belum", "Belum ditindaklanjuti"
        PROSES = "proses", "Dalam proses"
        SELESAI = "selesai", "Selesai"
        TIDAK_DAPAT = "tidak_dapat", "Tidak dapat ditindaklanjuti"

    rekomendasi = models.ForeignKey(Rekomendasi, models.CASCADE, related_name="tindak_lanjut")
    tahun = models.PositiveSmallIntegerField("tahun")
    triwulan = models.PositiveSmallIntegerField("triwulan")
    status = models.CharField("status", max_length=20, choices=Status.choices)
    uraian = models.TextField("uraian", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("diisi pada", default=timezone.now)

    class Meta:
        verbose_name = "tindak lanjut"
        verbose_name_plural = "tindak lanjut"
        ordering = ["tahun", "triwulan"]
        constraints = [
            models.UniqueConstraint(fields=["rekomendasi", "tahun", "triwulan"], name="tindak_lanjut_unik"),
            models.CheckConstraint(condition=Q(triwulan__gte=1, triwulan__lte=4), name="tindak_lanjut_triwulan"),
        ]

    def __str__(self) -> str:
        return f"{self.rekomendasi_id} {self.tahun}/{self.triwulan}: {self.status}"


class BuktiPenilaian(models.Model):
    """Evidence of an answer to an AKIP criterion, or of a follow-up: a link, which may lead to a file kept here.

    `measurement.BuktiDukung` belongs to a sheet, whose state closes it; here the tier or the recommendation does.
    `butir` is the kode of the criterion or sub-component.
    """

    penilaian = models.ForeignKey(Penilaian, models.CASCADE, null=True, blank=True, related_name="bukti")
    butir = models.CharField("butir", max_length=60, blank=True)
    tindak_lanjut = models.ForeignKey(TindakLanjut, models.CASCADE, null=True, blank=True, related_name="bukti")
    nama = models.CharField("nama", max_length=200)
    tautan = models.URLField("tautan", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("dilampirkan pada", default=timezone.now)

    class Meta:
        verbose_name = "bukti penilaian"
        verbose_name_plural = "bukti penilaian"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(penilaian=None, tindak_lanjut__isnull=False)
                | Q(penilaian__isnull=False, tindak_lanjut=None),
                name="bukti_penilaian_pemilik",
            ),
        ]

    def __str__(self) -> str:
        return self.nama
