"""Standar pelayanan minimal: whom the services are owed to, who was served, with what quality, at what cost.

Services (`layanan`), target groups (`kelompok`) and quality items (`butir`) are kode of the standard of the year
(`rules.spm.standar`). A row without a unit is the office itself: what it decrees, or reports for the whole district.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah


def _once(name: str, *fields: str) -> list[models.BaseConstraint]:
    """One row for each value of `fields`, of each unit and of the office itself, whose unit is NULL."""
    return [
        models.UniqueConstraint(
            fields=["tahun_kinerja", "unit", *fields], condition=Q(unit__isnull=False), name=f"{name}_unit_unik"
        ),
        models.UniqueConstraint(
            fields=["tahun_kinerja", *fields], condition=Q(unit=None), name=f"{name}_instansi_unik"
        ),
    ]


class PengaturanSpm(models.Model):
    """How an office counts in a year; what is not chosen follows the defaults of regulations section 12.

    `standar` is the id of a pack, empty for the one in force; `jendela_pendidikan` says which months count for usia
    pendidikan dasar; `frekuensi` whether units report served persons by month or by quarter.
    """

    class CaraMutu(models.TextChoices):
        RATA_RATA_BUTIR = "rata_rata_butir", "Rata-rata butir, tiap butir paling banyak 100"
        JUMLAH = "jumlah", "Σ tersedia ÷ Σ kebutuhan"

    class Jendela(models.TextChoices):
        TAHUN_AJARAN = "tahun_ajaran", "Tahun ajaran (Juni sampai Mei)"
        TAHUN_KALENDER = "tahun_kalender", "Tahun kalender"

    class Frekuensi(models.TextChoices):
        BULANAN = "bulanan", "Bulanan"
        TRIWULANAN = "triwulanan", "Triwulanan"

    tahun_kinerja = models.OneToOneField(TahunKinerja, models.CASCADE, related_name="pengaturan_spm")
    standar = models.CharField("standar teknis", max_length=60, blank=True)
    indeks_mutu = models.CharField(
        "indeks mutu", max_length=20, choices=CaraMutu.choices, default=CaraMutu.RATA_RATA_BUTIR
    )
    jendela_pendidikan = models.CharField(
        "bulan yang dihitung untuk usia pendidikan dasar",
        max_length=20,
        choices=Jendela.choices,
        default=Jendela.TAHUN_AJARAN,
    )
    frekuensi = models.CharField("frekuensi isian", max_length=20, choices=Frekuensi.choices, default=Frekuensi.BULANAN)

    class Meta:
        verbose_name = "pengaturan SPM"
        verbose_name_plural = "pengaturan SPM"

    def __str__(self) -> str:
        return f"SPM {self.tahun_kinerja}"


class SasaranSpm(models.Model):
    """One statement of the size of a target group in persons: of the office, a unit, or an area of a unit.

    Several sources may state the same group; one of them is `dipakai`, the others stay and are shown as a conflict.
    `rumus` holds kode and inputs of the calculator that gave the number (`rules.spm.sasaran`), if one did; `is_loaded`
    says that a load of files wrote it, and may change it (ADR 11).
    """

    class Metode(models.TextChoices):
        PROYEKSI = "proyeksi", "Proyeksi BPS"
        RIIL = "riil", "Data riil"
        SURVEI = "survei", "Estimasi survei"
        PENETAPAN = "penetapan", "Penetapan kepala daerah"
        TIDAK_DISEBUT = "tidak_disebut", "Tidak disebutkan sumbernya"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="sasaran_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="sasaran_spm")
    wilayah = models.ForeignKey(Wilayah, models.CASCADE, null=True, blank=True, related_name="sasaran_spm")
    kelompok = models.CharField("kelompok sasaran", max_length=40)
    jumlah = models.PositiveIntegerField("jumlah")
    metode = models.CharField("metode", max_length=20, choices=Metode.choices)
    sumber = models.CharField("sumber", max_length=200)
    nomor_keputusan = models.CharField("nomor keputusan", max_length=120, blank=True)
    tanggal_keputusan = models.DateField("tanggal keputusan", null=True, blank=True)
    keterangan = models.CharField("keterangan", max_length=500, blank=True)
    rumus = models.JSONField("rumus dan masukan", default=dict, blank=True)
    dipakai = models.BooleanField("dipakai", default=False)
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = "sasaran SPM"
        verbose_name_plural = "sasaran SPM"
        ordering = ["unit__urutan", "wilayah__urutan", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", *place, "kelompok", *one],
                condition=condition & Q(**({"dipakai": True} if not one else {})),
                name=f"sasaran_spm_{name}_{'unik' if one else 'dipakai'}",
            )
            for name, place, condition in (
                ("wilayah", ["wilayah"], Q(wilayah__isnull=False)),
                ("unit", ["unit"], Q(unit__isnull=False, wilayah=None)),
                ("instansi", [], Q(unit=None, wilayah=None)),
            )
            for one in (["sumber"], [])
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.kelompok}: {self.jumlah} ({self.sumber})"


class PelayananSpm(models.Model):
    """Persons newly served to standard by a unit in a month (1–12), a quarter (bulan 0), or the year (both 0).

    A unit states a quarter either by its months or as a whole, never both; the actions see to that.
    """

    class Asal(models.TextChoices):
        ISIAN = "isian", "Isian"
        IMPOR = "impor", "Impor berkas"
        REGISTER = "register", "Register by name"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="pelayanan_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="pelayanan_spm")
    layanan = models.CharField("jenis pelayanan", max_length=40)
    triwulan = models.PositiveSmallIntegerField("triwulan")
    bulan = models.PositiveSmallIntegerField("bulan", default=0)
    terlayani = models.PositiveIntegerField("terlayani sesuai standar")
    asal = models.CharField("asal", max_length=10, choices=Asal.choices, default=Asal.ISIAN)

    class Meta:
        verbose_name = "pelayanan SPM"
        verbose_name_plural = "pelayanan SPM"
        constraints = [
            *_once("pelayanan_spm", "layanan", "triwulan", "bulan"),
            models.CheckConstraint(
                condition=Q(triwulan=0, bulan=0)
                | Q(triwulan=1, bulan__in=[0, 1, 2, 3])
                | Q(triwulan=2, bulan__in=[0, 4, 5, 6])
                | Q(triwulan=3, bulan__in=[0, 7, 8, 9])
                | Q(triwulan=4, bulan__in=[0, 10, 11, 12]),
                name="pelayanan_spm_bulan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.layanan} {self.triwulan}/{self.bulan}: {self.terlayani}"


class KebutuhanSpm(models.Model):
    """What a unit needs of a quality item in a year where the standard gives no formula, and what one costs in rupiah.

    `kebutuhan` overrides the formula of the standard too, with the reason in `keterangan`. The `harga_satuan` of the
    office holds for units that state none. Staff are items `sdm.<profesi>`, once per unit.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="kebutuhan_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="kebutuhan_spm")
    butir = models.CharField("butir mutu", max_length=80)
    kebutuhan = models.DecimalField("kebutuhan", max_digits=14, decimal_places=2, null=True, blank=True)
    harga_satuan = models.BigIntegerField("harga satuan (Rp)", null=True, blank=True)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)

    class Meta:
        verbose_name = "kebutuhan SPM"
        verbose_name_plural = "kebutuhan SPM"
        constraints = _once("kebutuhan_spm", "butir")

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.butir}"


class MutuSpm(models.Model):
    """What a unit has of a quality item: at the end of a quarter, or (triwulan 0) when the needs were counted."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="mutu_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="mutu_spm")
    butir = models.CharField("butir mutu", max_length=80)
    triwulan = models.PositiveSmallIntegerField("triwulan")
    tersedia = models.DecimalField("tersedia", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "mutu SPM"
        verbose_name_plural = "mutu SPM"
        constraints = _once("mutu_spm", "butir", "triwulan")

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.butir} TW{self.triwulan}: {self.tersedia}"


class MonevSpm(models.Model):
    """Problems met with a service in a quarter (0 the year), and what is done about them."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="monev_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="monev_spm")
    layanan = models.CharField("jenis pelayanan", max_length=40)
    triwulan = models.PositiveSmallIntegerField("triwulan")
    permasalahan = models.TextField("permasalahan", blank=True)
    solusi = models.TextField("solusi", blank=True)

    class Meta:
        verbose_name = "monev SPM"
        verbose_name_plural = "monev SPM"
        constraints = _once("monev_spm", "layanan", "triwulan")

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.layanan} TW{self.triwulan}"


class AlokasiSpm(models.Model):
    """Money for a service from one source in a year, in rupiah; None where the amount is not known or not legible.

    `is_loaded` says that a load of files wrote it, and may change it (ADR 11).
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="alokasi_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="alokasi_spm")
    layanan = models.CharField("jenis pelayanan", max_length=40)
    sumber_dana = models.CharField("sumber dana", max_length=120)
    alokasi = models.BigIntegerField("alokasi (Rp)", null=True, blank=True)
    realisasi = models.BigIntegerField("realisasi (Rp)", null=True, blank=True)
    is_loaded = models.BooleanField(default=False)

    class Meta:
        verbose_name = "alokasi SPM"
        verbose_name_plural = "alokasi SPM"
        constraints = _once("alokasi_spm", "layanan", "sumber_dana")

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.layanan} {self.sumber_dana}"


class RencanaSpm(models.Model):
    """What RPJMD or renstra plans for a service in one of its years: persons to be served, and money in rupiah."""

    class Dokumen(models.TextChoices):
        RPJMD = "rpjmd", "RPJMD (Formulir 2.C.3)"
        RENSTRA = "renstra", "Renstra (Formulir 2.C.4)"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="rencana_spm")
    dokumen = models.CharField("dokumen", max_length=10, choices=Dokumen.choices)
    layanan = models.CharField("jenis pelayanan", max_length=40)
    tahun = models.PositiveSmallIntegerField("tahun rencana")
    target = models.PositiveIntegerField("target penerima", null=True, blank=True)
    dana = models.BigIntegerField("dana (Rp)", null=True, blank=True)

    class Meta:
        verbose_name = "rencana SPM"
        verbose_name_plural = "rencana SPM"
        constraints = [
            models.UniqueConstraint(fields=["tahun_kinerja", "dokumen", "layanan", "tahun"], name="rencana_spm_unik")
        ]

    def __str__(self) -> str:
        return f"{self.tahun_kinerja} {self.dokumen} {self.layanan} {self.tahun}"


class TercetakSpm(models.Model):
    """A figure about a service as a document printed it, with what can be read of it; kept beside ours, never used.

    `besaran` says what it states; `teks` is the printed text, `nilai` its reading, None where it cannot be read.
    """

    class Besaran(models.TextChoices):
        SASARAN = "sasaran", "Sasaran"
        TERLAYANI = "terlayani", "Terlayani"
        PERSEN_PENERIMA = "persen_penerima", "Persentase penerima"
        PERSEN_MUTU = "persen_mutu", "Persentase mutu"
        ALOKASI = "alokasi", "Alokasi anggaran"
        KEBUTUHAN = "kebutuhan", "Kebutuhan"
        TERSEDIA = "tersedia", "Tersedia"
        SELISIH = "selisih", "Selisih"
        TIDAK_JELAS = "tidak_jelas", "Tidak jelas kolomnya"

    class Terbaca(models.TextChoices):
        TERBACA = "terbaca", "Terbaca"
        RAGU = "ragu", "Ragu"
        TIDAK_TERBACA = "tidak_terbaca", "Tidak terbaca"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="tercetak_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="tercetak_spm")
    layanan = models.CharField("jenis pelayanan", max_length=40, blank=True)
    butir = models.CharField("butir mutu", max_length=80, blank=True)
    besaran = models.CharField("besaran", max_length=20, choices=Besaran.choices)
    sumber = models.CharField("sumber", max_length=200)
    teks = models.CharField("teks tercetak", max_length=200)
    nilai = models.DecimalField("nilai", max_digits=20, decimal_places=4, null=True, blank=True)
    terbaca = models.CharField("terbaca", max_length=20, choices=Terbaca.choices, default=Terbaca.TERBACA)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)

    class Meta:
        verbose_name = "angka SPM tercetak"
        verbose_name_plural = "angka SPM tercetak"
        ordering = ["pk"]
        constraints = _once("tercetak_spm", "layanan", "butir", "besaran", "sumber")

    def __str__(self) -> str:
        return f"{self.layanan} {self.besaran} {self.teks} ({self.sumber})"


class CapaianSpm(models.Model):
    """The achievement of a service by a unit, or by the office, up to the end of a quarter (0: the year).

    Derived (`compute`): `sasaran` and `terlayani` in persons, `penerima`, `mutu` and `indeks` in percent with two
    decimals; None where something is not reported. `dasar` holds the policies and the packs, `catatan` the remarks. The
    office's figures join `unit_dihitung` of `unit_total` units, those whose report is verified.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="capaian_spm")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="capaian_spm")
    layanan = models.CharField("jenis pelayanan", max_length=40)
    triwulan = models.PositiveSmallIntegerField("triwulan")
    sasaran = models.PositiveIntegerField("sasaran", null=True, blank=True)
    terlayani = models.PositiveIntegerField("terlayani", null=True, blank=True)
    penerima = models.DecimalField("persentase penerima", max_digits=12, decimal_places=2, null=True, blank=True)
    mutu = models.DecimalField("indeks mutu", max_digits=5, decimal_places=2, null=True, blank=True)
    indeks = models.DecimalField("IP SPM", max_digits=5, decimal_places=2, null=True, blank=True)
    kategori = models.CharField("kategori", max_length=30, blank=True)
    unit_dihitung = models.PositiveSmallIntegerField("unit yang dihitung", default=0)
    unit_total = models.PositiveSmallIntegerField("unit yang melapor", default=0)
    catatan = models.JSONField("catatan", default=list, blank=True)
    dasar = models.JSONField("dasar hitung", default=dict, blank=True)

    class Meta:
        verbose_name = "capaian SPM"
        verbose_name_plural = "capaian SPM"
        constraints = _once("capaian_spm", "triwulan", "layanan")

    def __str__(self) -> str:
        return f"{self.unit or self.tahun_kinerja} {self.layanan} TW{self.triwulan}: {self.penerima}"
