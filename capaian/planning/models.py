"""What was planned and promised: renstra, its sasaran and indicators, the programme tree, targets by document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja


class Renstra(models.Model):
    """A strategic plan over several years, with the vision and mission that it serves."""

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="renstra")
    nama = models.CharField("nama", max_length=200)
    awal = models.PositiveSmallIntegerField("tahun awal")
    akhir = models.PositiveSmallIntegerField("tahun akhir")
    visi = models.TextField("visi", blank=True)
    misi = models.TextField("misi", blank=True)

    class Meta:
        verbose_name = "renstra"
        verbose_name_plural = "renstra"
        ordering = ["instansi", "-awal"]
        constraints = [
            models.UniqueConstraint(fields=["instansi", "awal"], name="renstra_unik"),
            models.CheckConstraint(condition=Q(akhir__gte=models.F("awal")), name="renstra_rentang_tahun"),
        ]

    def __str__(self) -> str:
        return f"{self.nama} {self.awal}–{self.akhir}"


class Tujuan(models.Model):
    """A goal of the renstra."""

    renstra = models.ForeignKey(Renstra, models.CASCADE, related_name="tujuan")
    urutan = models.PositiveSmallIntegerField("urutan")
    uraian = models.TextField("uraian")

    class Meta:
        verbose_name = "tujuan"
        verbose_name_plural = "tujuan"
        ordering = ["renstra", "urutan"]
        constraints = [models.UniqueConstraint(fields=["renstra", "urutan"], name="tujuan_unik")]

    def __str__(self) -> str:
        return self.uraian


class Sasaran(models.Model):
    """A strategic objective under a tujuan; its indicators are the IKU."""

    tujuan = models.ForeignKey(Tujuan, models.CASCADE, related_name="sasaran")
    kunci = models.CharField("kunci", max_length=40)
    urutan = models.PositiveSmallIntegerField("urutan")
    uraian = models.TextField("uraian")

    class Meta:
        verbose_name = "sasaran"
        verbose_name_plural = "sasaran"
        ordering = ["tujuan", "urutan"]
        constraints = [models.UniqueConstraint(fields=["tujuan", "kunci"], name="sasaran_unik")]

    def __str__(self) -> str:
        return self.uraian


class Strategi(models.Model):
    """A strategy for a sasaran and the policy direction printed beside it (Permendagri 86/2017, T-C.26)."""

    sasaran = models.ForeignKey(Sasaran, models.CASCADE, related_name="strategi")
    urutan = models.PositiveSmallIntegerField("urutan")
    strategi = models.TextField("strategi", blank=True)
    arah_kebijakan = models.TextField("arah kebijakan", blank=True)

    class Meta:
        verbose_name = "strategi dan arah kebijakan"
        verbose_name_plural = "strategi dan arah kebijakan"
        ordering = ["sasaran", "urutan"]
        constraints = [models.UniqueConstraint(fields=["sasaran", "urutan"], name="strategi_unik")]

    def __str__(self) -> str:
        return self.strategi or self.arah_kebijakan


class Node(models.Model):
    """A program, kegiatan or sub kegiatan of a year. It carries the money and any number of indicators.

    `kode` follows the nomenclature named by `nomenklatur`; codes of two versions are never compared. A line
    outside the programmes (`lain`) has no code. `kunci` is unique in the year also where a code is printed twice.
    """

    class Jenis(models.TextChoices):
        PROGRAM = "program", "Program"
        KEGIATAN = "kegiatan", "Kegiatan"
        SUB_KEGIATAN = "sub_kegiatan", "Sub kegiatan"
        LAIN = "lain", "Di luar program"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="nodes")
    kunci = models.CharField("kunci", max_length=40)
    kode = models.CharField("kode", max_length=30, blank=True)
    nomenklatur = models.CharField("nomenklatur", max_length=60, blank=True)
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    nama = models.CharField("nama", max_length=400)
    induk = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="anak")
    urutan = models.PositiveSmallIntegerField("urutan")
    penanggung_jawab = models.ForeignKey(UnitKerja, models.SET_NULL, null=True, blank=True, related_name="nodes")

    class Meta:
        verbose_name = "program/kegiatan/sub kegiatan"
        verbose_name_plural = "program/kegiatan/sub kegiatan"
        ordering = ["tahun_kinerja", "urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "kunci"], name="node_unik")]

    def __str__(self) -> str:
        return f"{self.kode} {self.nama}".strip()


class Indikator(models.Model):
    """A performance indicator of a tujuan, a sasaran or a node, with how it is computed.

    `arah`, `rumus`, caps and `desimal` belong to the indicator; an empty `rumus` or null cap means the office's
    default. `sifat` says how quarters add up to the year (design, section 4.4).

    `pelapor` names the kind of unit (a `UnitKerja.Jenis`) that reports the indicator each for itself; the office's
    value is then made of theirs by `gabungan`, and never typed. `pengali` turns a joined ratio into the unit of the
    indicator: 100 for percent, 1.000 or 100.000 for a rate.
    """

    class Arah(models.TextChoices):
        NAIK = "naik", "Makin tinggi makin baik"
        TURUN = "turun", "Makin rendah makin baik"

    class Rumus(models.TextChoices):
        RASIO = "rasio", "Rasio: R / T"
        SELISIH = "selisih", "Selisih: (2T − R) / T"
        KEBALIKAN = "kebalikan", "Kebalikan: T / R"

    class Sifat(models.TextChoices):
        JUMLAH = "jumlah", "Dijumlahkan"
        POSISI_AKHIR = "posisi_akhir", "Posisi akhir"
        RATA_RATA = "rata_rata", "Rata-rata"

    class Gabungan(models.TextChoices):
        JUMLAH = "jumlah", "Dijumlahkan dari unit"
        RATA_RATA = "rata_rata", "Rata-rata unit"
        RASIO = "rasio", "Jumlah pembilang dibagi jumlah penyebut"

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="indikator")
    kunci = models.CharField("kunci", max_length=60)
    nama = models.TextField("nama")
    satuan = models.CharField("satuan", max_length=80, blank=True)
    tujuan = models.ForeignKey(Tujuan, models.CASCADE, null=True, blank=True, related_name="indikator")
    sasaran = models.ForeignKey(Sasaran, models.CASCADE, null=True, blank=True, related_name="indikator")
    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, related_name="indikator")
    is_iku = models.BooleanField("indikator kinerja utama", default=False)
    urutan = models.PositiveSmallIntegerField("urutan", default=0)
    arah = models.CharField("arah", max_length=10, choices=Arah.choices)
    rumus = models.CharField("rumus", max_length=20, choices=Rumus.choices, blank=True)
    batas_atas = models.DecimalField("batas atas", max_digits=7, decimal_places=2, null=True, blank=True)
    batas_bawah = models.DecimalField("batas bawah", max_digits=7, decimal_places=2, null=True, blank=True)
    desimal = models.PositiveSmallIntegerField("desimal", null=True, blank=True)
    sifat = models.CharField("sifat triwulan", max_length=20, choices=Sifat.choices, default=Sifat.POSISI_AKHIR)
    alasan = models.TextField("alasan pemilihan", blank=True)
    formulasi = models.TextField("formulasi/cara pengukuran", blank=True)
    sumber_data = models.CharField("sumber data", max_length=200, blank=True)
    penanggung_jawab = models.ForeignKey(UnitKerja, models.SET_NULL, null=True, blank=True, related_name="indikator")
    pelapor = models.CharField("dilaporkan oleh", max_length=20, choices=UnitKerja.Jenis.choices, blank=True)
    gabungan = models.CharField("cara menggabungkan", max_length=20, choices=Gabungan.choices, blank=True)
    pengali = models.PositiveIntegerField("pengali", default=100)

    class Meta:
        verbose_name = "indikator"
        verbose_name_plural = "indikator"
        ordering = ["instansi", "urutan"]
        constraints = [
            models.UniqueConstraint(
                fields=["instansi", "kunci"], condition=Q(node=None), name="indikator_sasaran_unik"
            ),
            models.UniqueConstraint(fields=["node", "kunci"], condition=~Q(node=None), name="indikator_node_unik"),
            models.CheckConstraint(
                condition=Q(pelapor="", gabungan="") | ~Q(pelapor="") & ~Q(gabungan=""),
                name="indikator_pelapor_gabungan",
            ),
            models.CheckConstraint(
                name="indikator_satu_induk",
                condition=(
                    Q(tujuan__isnull=False, sasaran=None, node=None)
                    | Q(tujuan=None, sasaran__isnull=False, node=None)
                    | Q(tujuan=None, sasaran=None, node__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.nama


class Dokumen(models.Model):
    """A planning document in one version; targets and pagu name the document that they come from.

    `is_loaded` is true for a document that a load of files states: the next load may replace it with its targets, but
    never one that was made here.
    """

    class Jenis(models.TextChoices):
        RENSTRA = "renstra", "Rencana Strategis"
        RENJA = "renja", "Rencana Kerja"
        PK = "pk", "Perjanjian Kinerja"
        RENCANA_AKSI = "rencana_aksi", "Rencana Aksi"
        LKIP = "lkip", "Laporan Kinerja"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="dokumen")
    kunci = models.SlugField("kunci", max_length=40)
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    nama = models.CharField("nama", max_length=200)
    versi = models.CharField("versi", max_length=40, default="murni")
    nomor = models.CharField("nomor", max_length=120, blank=True)
    tanggal = models.DateField("tanggal", null=True, blank=True)
    is_loaded = models.BooleanField("dari berkas", default=False)

    class Meta:
        verbose_name = "dokumen perencanaan"
        verbose_name_plural = "dokumen perencanaan"
        ordering = ["tahun_kinerja", "jenis", "versi"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "kunci"], name="dokumen_unik")]

    def __str__(self) -> str:
        return f"{self.nama} ({self.versi})"


class Target(models.Model):
    """The target of an indicator for a year in one document, as an expression (`capaian.rules.target`).

    `teks` is what the document says, unit words included; the evaluator of `rules` reads it, nobody retypes it.
    """

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="target")
    dokumen = models.ForeignKey(Dokumen, models.CASCADE, related_name="target")
    tahun = models.PositiveSmallIntegerField("tahun")
    teks = models.CharField("target", max_length=120, blank=True)
    satuan = models.CharField("satuan", max_length=80, blank=True)

    class Meta:
        verbose_name = "target"
        verbose_name_plural = "target"
        ordering = ["indikator", "tahun"]
        constraints = [models.UniqueConstraint(fields=["indikator", "dokumen", "tahun"], name="target_unik")]

    def __str__(self) -> str:
        return f"{self.indikator.kunci} {self.tahun}: {self.teks}"


class TargetTriwulan(models.Model):
    """The part of a target planned for one quarter, as the rencana aksi states it (`-` where nothing is planned)."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="triwulan")
    triwulan = models.PositiveSmallIntegerField("triwulan")
    teks = models.CharField("target triwulan", max_length=60, blank=True)

    class Meta:
        verbose_name = "target triwulan"
        verbose_name_plural = "target triwulan"
        ordering = ["target", "triwulan"]
        constraints = [
            models.UniqueConstraint(fields=["target", "triwulan"], name="target_triwulan_unik"),
            models.CheckConstraint(condition=Q(triwulan__gte=1, triwulan__lte=4), name="target_triwulan_1_4"),
        ]

    def __str__(self) -> str:
        return f"TW {self.triwulan}: {self.teks}"


class PerjanjianKinerjaAnggaran(models.Model):
    """A line of the budget annex of a perjanjian kinerja: a program and its money (PermenPANRB 53/2014, lampiran)."""

    dokumen = models.ForeignKey(Dokumen, models.CASCADE, related_name="anggaran")
    node = models.ForeignKey(Node, models.CASCADE, related_name="perjanjian_kinerja_anggaran")
    anggaran = models.BigIntegerField("anggaran (Rp)")
    keterangan = models.CharField("keterangan", max_length=200, blank=True)

    class Meta:
        verbose_name = "anggaran perjanjian kinerja"
        verbose_name_plural = "anggaran perjanjian kinerja"
        ordering = ["dokumen", "node__urutan"]
        constraints = [models.UniqueConstraint(fields=["dokumen", "node"], name="perjanjian_kinerja_anggaran_unik")]

    def __str__(self) -> str:
        return f"{self.node}: {self.anggaran}"


class Pemetaan(models.Model):
    """A kegiatan supports exactly one indicator of sasaran; its money is analysed there (LKIP Bekasi, Tabel 3.11)."""

    indikator = models.ForeignKey(Indikator, models.CASCADE, related_name="pemetaan")
    node = models.OneToOneField(Node, models.CASCADE, related_name="pemetaan")

    class Meta:
        verbose_name = "pemetaan kegiatan ke indikator sasaran"
        verbose_name_plural = "pemetaan kegiatan ke indikator sasaran"
        ordering = ["node__urutan"]

    def __str__(self) -> str:
        return f"{self.node.kunci} → {self.indikator.kunci}"
