"""Satisfaction surveys. Nothing here says who answered: no name, account, address of a device, or time of day."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Q

from capaian.organisations.models import TahunKinerja, UnitKerja

# The kode of the nine unsur, as the pack of PermenPANRB 14/2017 names them; each is a column of `JawabanSkm`.
UNSUR: Final = (
    "persyaratan",
    "prosedur",
    "waktu",
    "biaya",
    "produk",
    "kompetensi",
    "perilaku",
    "pengaduan",
    "sarana",
)


class Survei(models.Model):
    """A survey of a unit, or of the office itself, over some weeks.

    `unsur` are the kode that are asked, with `alasan_unsur` where they are not all nine, `pertanyaan` by unsur the
    question and its four answers, worst first; empty takes the usual ones. `layanan` names the services that a
    respondent can choose. `populasi` is how many persons are served in the period, from which the sample follows.
    `tautan` is the secret part of the public address. What a printed report states of a survey whose answers we do
    not have is in `responden_tercetak` and `NrrTercetak`.
    """

    class Status(models.TextChoices):
        DRAF = "draf", "Draf"
        DIBUKA = "dibuka", "Dibuka"
        DITUTUP = "ditutup", "Ditutup"
        TERBIT = "terbit", "Terbit"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="survei")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="survei")
    nama = models.CharField("nama survei", max_length=200)
    mulai = models.DateField("mulai")
    sampai = models.DateField("sampai")
    populasi = models.PositiveIntegerField("populasi", null=True, blank=True)
    unsur = models.JSONField("unsur yang ditanyakan", default=list)
    alasan_unsur = models.TextField("alasan unsur dilepas", blank=True)
    pertanyaan = models.JSONField("pertanyaan", default=dict, blank=True)
    layanan = models.JSONField("jenis layanan", default=list, blank=True)
    is_gratis = models.BooleanField("layanan gratis", default=True)
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.DRAF)
    tautan = models.CharField("tautan", max_length=40, unique=True)
    responden_tercetak = models.PositiveIntegerField("responden menurut laporan", null=True, blank=True)
    sumber = models.CharField("sumber", max_length=200, blank=True)
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = "survei"
        verbose_name_plural = "survei"
        ordering = ["-mulai", "nama"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "unit", "nama"], condition=Q(unit__isnull=False), name="survei_unit_unik"
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "nama"], condition=Q(unit=None), name="survei_instansi_unik"
            ),
            models.CheckConstraint(condition=Q(sampai__gte=models.F("mulai")), name="survei_mulai_sampai"),
        ]

    def __str__(self) -> str:
        return self.nama


def _answer(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name, null=True, blank=True)


class JawabanSkm(models.Model):
    """What one respondent answered: 1 to 4 by unsur, None where not answered, and a coarse profile.

    `request_key` comes with the empty form, so that one sent twice counts once. `tanggal` is a day, for counts by week.
    """

    class Sumber(models.TextChoices):
        DARING = "daring", "Formulir daring"
        KERTAS = "kertas", "Lembar kertas"
        IMPOR = "impor", "Impor berkas"

    class JenisKelamin(models.TextChoices):
        LAKI_LAKI = "l", "Laki-laki"
        PEREMPUAN = "p", "Perempuan"

    class Umur(models.TextChoices):
        SAMPAI_17 = "0-17", "17 tahun ke bawah"
        SAMPAI_29 = "18-29", "18–29 tahun"
        SAMPAI_39 = "30-39", "30–39 tahun"
        SAMPAI_49 = "40-49", "40–49 tahun"
        SAMPAI_59 = "50-59", "50–59 tahun"
        LANSIA = "60", "60 tahun ke atas"

    class Pendidikan(models.TextChoices):
        SD = "sd", "SD ke bawah"
        SMP = "smp", "SMP"
        SMA = "sma", "SMA/SMK"
        DIPLOMA = "diploma", "Diploma"
        S1 = "s1", "Sarjana (S1/D4)"
        S2 = "s2", "Pascasarjana"

    class Pekerjaan(models.TextChoices):
        ASN = "asn", "ASN, TNI, atau Polri"
        SWASTA = "swasta", "Pegawai swasta"
        WIRAUSAHA = "wirausaha", "Wirausaha"
        PETANI = "petani", "Petani, nelayan, atau buruh"
        PELAJAR = "pelajar", "Pelajar atau mahasiswa"
        RUMAH = "rumah", "Mengurus rumah tangga"
        LAIN = "lain", "Lainnya"

    survei = models.ForeignKey(Survei, models.CASCADE, related_name="jawaban")
    persyaratan = _answer("persyaratan")
    prosedur = _answer("prosedur")
    waktu = _answer("waktu penyelesaian")
    biaya = _answer("biaya/tarif")
    produk = _answer("produk layanan")
    kompetensi = _answer("kompetensi pelaksana")
    perilaku = _answer("perilaku pelaksana")
    pengaduan = _answer("penanganan pengaduan")
    sarana = _answer("sarana dan prasarana")
    jenis_kelamin = models.CharField("jenis kelamin", max_length=1, choices=JenisKelamin.choices, blank=True)
    umur = models.CharField("kelompok umur", max_length=10, choices=Umur.choices, blank=True)
    pendidikan = models.CharField("pendidikan", max_length=10, choices=Pendidikan.choices, blank=True)
    pekerjaan = models.CharField("pekerjaan", max_length=10, choices=Pekerjaan.choices, blank=True)
    layanan = models.CharField("jenis layanan", max_length=120, blank=True)
    saran = models.TextField("saran", blank=True)
    sumber = models.CharField("sumber", max_length=10, choices=Sumber.choices)
    tanggal = models.DateField("tanggal")
    request_key = models.UUIDField("kunci permintaan", default=uuid.uuid4)

    class Meta:
        verbose_name = "jawaban SKM"
        verbose_name_plural = "jawaban SKM"
        constraints = [
            models.UniqueConstraint(fields=["survei", "request_key"], name="jawaban_skm_unik"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{unsur}__isnull": True}) | Q(**{f"{unsur}__gte": 1, f"{unsur}__lte": 4}),
                    name=f"jawaban_skm_{unsur}",
                )
                for unsur in UNSUR
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survei} {self.tanggal}"


class NrrTercetak(models.Model):
    """The mean of an unsur as a report printed it, where the answers themselves are not at hand."""

    survei = models.ForeignKey(Survei, models.CASCADE, related_name="nrr_tercetak")
    unsur = models.CharField("unsur", max_length=20)
    teks = models.CharField("nilai rata-rata tercetak", max_length=20)
    nilai = models.DecimalField("nilai rata-rata", max_digits=8, decimal_places=5)

    class Meta:
        verbose_name = "NRR tercetak"
        verbose_name_plural = "NRR tercetak"
        constraints = [models.UniqueConstraint(fields=["survei", "unsur"], name="nrr_tercetak_unik")]

    def __str__(self) -> str:
        return f"{self.survei} {self.unsur}: {self.teks}"


class HasilSkm(models.Model):
    """The result of a survey that was closed: frozen, with its trace (`rules.skm`); computed on demand before."""

    survei = models.OneToOneField(Survei, models.CASCADE, related_name="hasil")
    responden = models.PositiveIntegerField("responden")
    nrr = models.JSONField("nilai rata-rata per unsur")
    ikm = models.DecimalField("IKM", max_digits=24, decimal_places=12)
    tampil = models.DecimalField("IKM dibulatkan", max_digits=5, decimal_places=2)
    mutu = models.CharField("mutu pelayanan", max_length=2)
    profil = models.JSONField("profil responden", default=dict, blank=True)
    catatan = models.JSONField("catatan", default=list, blank=True)
    jejak = models.JSONField("jejak hitung", default=dict)
    dihitung_pada = models.DateTimeField("dihitung pada", auto_now_add=True)

    class Meta:
        verbose_name = "hasil SKM"
        verbose_name_plural = "hasil SKM"

    def __str__(self) -> str:
        return f"{self.survei}: {self.tampil} {self.mutu}"


class PengaturanSkm(models.Model):
    """How an office joins the index of its units in a year (regulations 3.2)."""

    class Gabungan(models.TextChoices):
        RATA_RATA_UNIT = "rata_rata_unit", "Rata-rata IKM unit"
        BOBOT_RESPONDEN = "bobot_responden", "Berbobot jumlah responden"

    tahun_kinerja = models.OneToOneField(TahunKinerja, models.CASCADE, related_name="pengaturan_skm")
    gabungan = models.CharField(
        "cara menggabungkan", max_length=20, choices=Gabungan.choices, default=Gabungan.RATA_RATA_UNIT
    )

    class Meta:
        verbose_name = "pengaturan SKM"
        verbose_name_plural = "pengaturan SKM"

    def __str__(self) -> str:
        return f"SKM {self.tahun_kinerja}"


class RencanaSkm(models.Model):
    """What is done about an unsur after a survey: by whom, until when, and how far it is."""

    class Status(models.TextChoices):
        RENCANA = "rencana", "Direncanakan"
        PROSES = "proses", "Dalam proses"
        SELESAI = "selesai", "Selesai"

    survei = models.ForeignKey(Survei, models.CASCADE, related_name="rencana")
    unsur = models.CharField("unsur", max_length=20)
    uraian = models.TextField("rencana tindak lanjut")
    penanggung_jawab = models.CharField("penanggung jawab", max_length=200, blank=True)
    waktu = models.CharField("waktu", max_length=120, blank=True)
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.RENCANA)

    class Meta:
        verbose_name = "rencana tindak lanjut SKM"
        verbose_name_plural = "rencana tindak lanjut SKM"
        ordering = ["survei", "pk"]
        constraints = [models.UniqueConstraint(fields=["survei", "unsur"], name="rencana_skm_unik")]

    def __str__(self) -> str:
        return f"{self.survei} {self.unsur}"
