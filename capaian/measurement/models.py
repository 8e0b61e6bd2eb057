"""What was reached: realisasi by period, the computed capaian with its trace, comparators, analysis, follow-up."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Dokumen, Indikator, Node
from capaian.workflow.models import Form


class Realisasi(models.Model):
    """The value of an indicator reached in a period, as an expression; `periode` 0 is the year, 1–4 a quarter.

    Where numerator and denominator are known they are kept, and the percentage is theirs. `keterangan` names the
    document and table that a loaded value was read from, `source_year` the office year whose files those were: only
    the next load of that year replaces the value. Null is what people entered, which no load replaces. `jejak` is the
    trace of a value that was made of what units reported (`RealisasiUnit`).
    """

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="realisasi")
    tahun = models.PositiveSmallIntegerField("tahun")
    periode = models.PositiveSmallIntegerField("periode", default=0)
    teks = models.CharField("realisasi", max_length=120, blank=True)
    pembilang = models.DecimalField("pembilang", max_digits=20, decimal_places=4, null=True, blank=True)
    penyebut = models.DecimalField("penyebut", max_digits=20, decimal_places=4, null=True, blank=True)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)
    source_year = models.ForeignKey(TahunKinerja, models.CASCADE, null=True, blank=True, related_name="+")
    jejak = models.JSONField("jejak hitung", null=True, blank=True)

    class Meta:
        verbose_name = "realisasi"
        verbose_name_plural = "realisasi"
        ordering = ["indikator", "tahun", "periode"]
        constraints = [
            models.UniqueConstraint(fields=["indikator", "tahun", "periode"], name="realisasi_unik"),
            models.CheckConstraint(condition=Q(periode__gte=0, periode__lte=4), name="realisasi_periode_0_4"),
        ]

    def __str__(self) -> str:
        return f"{self.indikator.kunci} {self.tahun}/{self.periode}: {self.teks}"


class RealisasiUnit(models.Model):
    """What one unit reported of an indicator that the office collects from its units (`Indikator.pelapor`).

    A ratio is reported as two rows, its `pembilang` and its `penyebut`; any other value as one without `komponen`.
    """

    class Komponen(models.TextChoices):
        PEMBILANG = "pembilang", "Pembilang"
        PENYEBUT = "penyebut", "Penyebut"

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="realisasi_unit")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, related_name="realisasi_unit")
    tahun = models.PositiveSmallIntegerField("tahun")
    periode = models.PositiveSmallIntegerField("periode")
    komponen = models.CharField("komponen", max_length=10, choices=Komponen.choices, blank=True)
    teks = models.CharField("realisasi", max_length=120)

    class Meta:
        verbose_name = "realisasi unit"
        verbose_name_plural = "realisasi unit"
        ordering = ["indikator", "tahun", "periode", "unit__urutan", "komponen"]
        constraints = [
            models.UniqueConstraint(
                fields=["indikator", "unit", "tahun", "periode", "komponen"], name="realisasi_unit_unik"
            ),
            models.CheckConstraint(condition=Q(periode__gte=0, periode__lte=4), name="realisasi_unit_periode_0_4"),
        ]
        indexes = [models.Index(fields=["unit", "tahun", "periode"])]

    def __str__(self) -> str:
        return f"{self.unit} {self.indikator.kunci} {self.tahun}/{self.periode} {self.komponen}: {self.teks}"


class SumberRealisasi(models.Model):
    """That the yearly value of an indicator is the result of another part, and is taken from there, not typed."""

    class Sumber(models.TextChoices):
        AKIP = "akip", "Nilai AKIP (hasil akhir evaluasi)"
        IKM = "ikm", "Indeks Kepuasan Masyarakat (SKM)"

    indikator = models.OneToOneField(Indikator, models.CASCADE, related_name="sumber_realisasi")
    sumber = models.CharField("sumber", max_length=10, choices=Sumber.choices)

    class Meta:
        verbose_name = "sumber realisasi"
        verbose_name_plural = "sumber realisasi"

    def __str__(self) -> str:
        return f"{self.indikator.kunci}: {self.get_sumber_display()}"


class BuktiDukung(models.Model):
    """Evidence of a figure: a file, kept under its checksum, or a link; with the date that the evidence itself bears.

    `subject` is the natural key of the figure as its audit entries carry it, `unit` whose figure it is; with `form` and
    `periode` they name the sheet whose state decides whether it may still be changed. `berkas` is a
    path below MEDIA_ROOT; `sha256` covers the content; `pindai` says what the virus scan answered.
    """

    class Pindai(models.TextChoices):
        TIDAK_DIPINDAI = "tidak_dipindai", "Tidak dipindai"
        BERSIH = "bersih", "Bersih"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="bukti_dukung")
    form = models.CharField("formulir", max_length=20, choices=Form.choices, default=Form.KINERJA)
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="bukti_dukung")
    subject = models.CharField("objek", max_length=200, db_index=True)
    periode = models.PositiveSmallIntegerField("periode")
    nama = models.CharField("nama", max_length=200)
    tautan = models.URLField("tautan", max_length=500, blank=True)
    berkas = models.CharField("berkas", max_length=200, blank=True)
    jenis_berkas = models.CharField("jenis berkas", max_length=100, blank=True)
    ukuran = models.PositiveBigIntegerField("ukuran (byte)", default=0)
    sha256 = models.CharField("sidik berkas", max_length=64, blank=True)
    pindai = models.CharField("hasil pindai", max_length=20, choices=Pindai.choices, default=Pindai.TIDAK_DIPINDAI)
    tanggal = models.DateField("tanggal bukti", null=True, blank=True)
    at = models.DateTimeField("diunggah pada", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    request_key = models.UUIDField("kunci permintaan", unique=True)
    removed_at = models.DateTimeField("dihapus pada", null=True, blank=True)

    class Meta:
        verbose_name = "bukti dukung"
        verbose_name_plural = "bukti dukung"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tautan="") & ~Q(berkas="") | ~Q(tautan="") & Q(berkas=""), name="bukti_berkas_atau_tautan"
            )
        ]

    def __str__(self) -> str:
        return self.nama


class Capaian(models.Model):
    """A computed ratio of realisasi to a target, frozen with its basis: pack, inputs and trace (design, 4.11).

    `dokumen` names the document whose target it is measured against; `persen_capaian` is unrounded, `tampil`
    rounded half up at the indicator's decimals, both in percent; null when the rule defines no percentage.
    """

    class Status(models.TextChoices):
        TERCAPAI = "tercapai", "Tercapai"
        TIDAK_TERCAPAI = "tidak_tercapai", "Tidak tercapai"
        TIDAK_TERDEFINISI = "tidak_terdefinisi", "Tidak terdefinisi"
        BELUM_ADA = "belum_ada", "Belum ada"

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="capaian")
    dokumen = models.ForeignKey(Dokumen, models.CASCADE, related_name="capaian")
    tahun = models.PositiveSmallIntegerField("tahun")
    periode = models.PositiveSmallIntegerField("periode", default=0)
    tahun_target = models.PositiveSmallIntegerField("tahun target")
    persen_capaian = models.DecimalField("capaian (%)", max_digits=24, decimal_places=10, null=True)
    tampil = models.DecimalField("capaian dibulatkan (%)", max_digits=16, decimal_places=4, null=True)
    status = models.CharField("status", max_length=20, choices=Status.choices)
    kategori = models.CharField("kategori", max_length=60, blank=True)
    catatan = models.JSONField("catatan", default=list, blank=True)
    pack_id = models.CharField("paket aturan", max_length=120)
    jejak = models.JSONField("jejak hitung", default=dict)
    computed_at = models.DateTimeField("dihitung pada", auto_now_add=True)

    class Meta:
        verbose_name = "capaian"
        verbose_name_plural = "capaian"
        ordering = ["indikator", "tahun", "periode"]
        constraints = [
            models.UniqueConstraint(
                fields=["indikator", "dokumen", "tahun", "periode", "tahun_target"], name="capaian_unik"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indikator.kunci} {self.tahun}/{self.periode}: {self.tampil}"


class Pembanding(models.Model):
    """The value of an indicator elsewhere: another kabupaten/kota, the province, the nation (seven analyses, no. 4)."""

    class Jenis(models.TextChoices):
        KAB_KOTA = "kab_kota", "Kabupaten/kota"
        PROVINSI = "provinsi", "Provinsi"
        NASIONAL = "nasional", "Nasional"

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="pembanding")
    tahun = models.PositiveSmallIntegerField("tahun")
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    wilayah = models.CharField("wilayah", max_length=120)
    urutan = models.PositiveSmallIntegerField("urutan")
    nilai = models.DecimalField("nilai", max_digits=18, decimal_places=6, null=True)
    cacah = models.DecimalField("cacah", max_digits=18, decimal_places=2, null=True)
    penyebut = models.DecimalField("penyebut", max_digits=18, decimal_places=2, null=True)

    class Meta:
        verbose_name = "pembanding"
        verbose_name_plural = "pembanding"
        ordering = ["indikator", "tahun", "urutan"]
        constraints = [models.UniqueConstraint(fields=["indikator", "tahun", "wilayah"], name="pembanding_unik")]

    def __str__(self) -> str:
        return f"{self.wilayah}: {self.nilai}"


class Rincian(models.Model):
    """A supporting data set of an indicator or of the office: a series, a breakdown or a list of areas."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="rincian")
    kunci = models.SlugField("kunci", max_length=80)
    judul = models.CharField("judul", max_length=200)
    indikator = models.ForeignKey(Indikator, models.SET_NULL, null=True, blank=True, related_name="rincian")
    satuan = models.CharField("satuan", max_length=60, blank=True)
    bentuk = models.CharField("bentuk grafik", max_length=20, blank=True)
    sumber = models.CharField("sumber", max_length=200, blank=True)
    urutan = models.PositiveSmallIntegerField("urutan", default=0)

    class Meta:
        verbose_name = "rincian"
        verbose_name_plural = "rincian"
        ordering = ["tahun_kinerja", "urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "kunci"], name="rincian_unik")]

    def __str__(self) -> str:
        return self.judul


class RincianNilai(models.Model):
    """One value of a data set: a category, optionally in a series, with its number as printed."""

    rincian = models.ForeignKey(Rincian, models.CASCADE, related_name="nilai")
    urutan = models.PositiveSmallIntegerField("urutan")
    kategori = models.CharField("kategori", max_length=160)
    seri = models.CharField("seri", max_length=120, blank=True)
    nilai = models.DecimalField("nilai", max_digits=20, decimal_places=4, null=True)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)

    class Meta:
        verbose_name = "nilai rincian"
        verbose_name_plural = "nilai rincian"
        ordering = ["rincian", "urutan"]
        constraints = [models.UniqueConstraint(fields=["rincian", "urutan"], name="rincian_nilai_unik")]

    def __str__(self) -> str:
        return f"{self.kategori}: {self.nilai}"


class Analisis(models.Model):
    """What the office says about an indicator or the spending of a node in a year, in words.

    `is_loaded` is true for what a load of files wrote, which the next load may replace; what people wrote stays.
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="analisis")
    indikator = models.ForeignKey(Indikator, models.CASCADE, null=True, blank=True, related_name="analisis")
    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, related_name="analisis")
    uraian = models.TextField("uraian", blank=True)
    is_loaded = models.BooleanField("dari berkas", default=False)

    class Meta:
        verbose_name = "analisis"
        verbose_name_plural = "analisis"
        constraints = [
            models.UniqueConstraint(
                fields=["tahun_kinerja", "indikator"], condition=Q(node=None), name="analisis_indikator_unik"
            ),
            models.UniqueConstraint(
                fields=["tahun_kinerja", "node"], condition=Q(indikator=None), name="analisis_node_unik"
            ),
            models.CheckConstraint(
                condition=Q(indikator__isnull=False, node=None) | Q(indikator=None, node__isnull=False),
                name="analisis_satu_objek",
            ),
        ]

    def __str__(self) -> str:
        return f"Analisis {self.indikator or self.node}"


class Faktor(models.Model):
    """A supporting factor (by program and indicator), an obstacle or a planned follow-up in an analysis."""

    class Jenis(models.TextChoices):
        PENUNJANG = "penunjang", "Faktor penunjang"
        PENGHAMBAT = "penghambat", "Faktor penghambat"
        TINDAK_LANJUT = "tindak_lanjut", "Rencana tindak lanjut"

    analisis = models.ForeignKey(Analisis, models.CASCADE, related_name="faktor")
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    urutan = models.PositiveSmallIntegerField("urutan")
    program = models.ForeignKey(Node, models.SET_NULL, null=True, blank=True, related_name="faktor")
    indikator_pendukung = models.CharField("indikator pendukung", max_length=300, blank=True)
    uraian = models.TextField("uraian")

    class Meta:
        verbose_name = "faktor"
        verbose_name_plural = "faktor"
        ordering = ["analisis", "jenis", "urutan"]
        constraints = [models.UniqueConstraint(fields=["analisis", "jenis", "urutan"], name="faktor_unik")]

    def __str__(self) -> str:
        return self.uraian


class RekomendasiLHE(models.Model):
    """A score of the AKIP evaluation by component or sub-component, its recommendation and what was done about it.

    The year of the office year is the one measured; the evaluation itself happened later (design, section 4.7).
    """

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="rekomendasi_lhe")
    urutan = models.PositiveSmallIntegerField("urutan")
    komponen = models.CharField("komponen", max_length=120)
    subkomponen = models.TextField("subkomponen", blank=True)
    nilai = models.DecimalField("nilai", max_digits=6, decimal_places=2, null=True)
    rekomendasi = models.TextField("rekomendasi", blank=True)
    rencana_aksi = models.TextField("rencana aksi", blank=True)
    waktu = models.CharField("waktu pelaksanaan", max_length=120, blank=True)
    status = models.TextField("status", blank=True)

    class Meta:
        verbose_name = "rekomendasi LHE"
        verbose_name_plural = "rekomendasi LHE"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan"], name="rekomendasi_lhe_unik")]

    def __str__(self) -> str:
        return self.subkomponen or self.komponen


class Inovasi(models.Model):
    """An innovation of the office or of one of its units, and what it changed."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="inovasi")
    urutan = models.PositiveSmallIntegerField("urutan")
    nama = models.CharField("nama", max_length=160)
    kepanjangan = models.CharField("kepanjangan", max_length=300, blank=True)
    uraian = models.TextField("uraian", blank=True)
    dampak = models.JSONField("dampak", default=list, blank=True)

    class Meta:
        verbose_name = "inovasi"
        verbose_name_plural = "inovasi"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan"], name="inovasi_unik")]

    def __str__(self) -> str:
        return self.nama


class Penghargaan(models.Model):
    """An award that the office, a unit or the district received in the year."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="penghargaan")
    urutan = models.PositiveSmallIntegerField("urutan")
    tanggal = models.CharField("tanggal", max_length=40, blank=True)
    pemberi = models.CharField("pemberi", max_length=200, blank=True)
    bentuk = models.CharField("bentuk", max_length=200, blank=True)
    penghargaan = models.TextField("penghargaan")

    class Meta:
        verbose_name = "penghargaan"
        verbose_name_plural = "penghargaan"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan"], name="penghargaan_unik")]

    def __str__(self) -> str:
        return self.penghargaan
