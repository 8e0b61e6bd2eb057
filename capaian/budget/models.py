"""The money: pagu by version, realisasi by kind of belanja and source, revenue. It sits on the node (design, 4.5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Node


class Pagu(models.Model):
    """The ceiling of a node in one budget version, whole rupiah, as entered or imported.

    Where a node has children, its own amount is what a document states for it; sums are computed beside it and a
    difference is a finding, never a correction. `is_loaded` is true for what a load of files states: the next load may
    change or remove it, but never what people imported here.
    """

    class Versi(models.TextChoices):
        RENJA_MURNI = "renja_murni", "Renja murni"
        KUA_PPAS = "kua_ppas", "KUA-PPAS"
        APBD = "apbd", "APBD"
        APBD_PERUBAHAN = "apbd_perubahan", "APBD perubahan"

    node = models.ForeignKey(Node, models.CASCADE, related_name="pagu")
    versi = models.CharField("versi", max_length=20, choices=Versi.choices)
    jumlah = models.BigIntegerField("pagu (Rp)")
    jumlah_kegiatan = models.PositiveSmallIntegerField("jumlah kegiatan", null=True, blank=True)
    jumlah_sub_kegiatan = models.PositiveSmallIntegerField("jumlah sub kegiatan", null=True, blank=True)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)
    is_loaded = models.BooleanField("dari berkas", default=False)

    class Meta:
        verbose_name = "pagu"
        verbose_name_plural = "pagu"
        ordering = ["node__urutan", "versi"]
        constraints = [models.UniqueConstraint(fields=["node", "versi"], name="pagu_unik")]

    def __str__(self) -> str:
        return f"{self.node.kunci} {self.versi}: {self.jumlah}"


class SumberDana(models.Model):
    """A source of funds of the office in a year and what it was used for, before and after the budget change."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="sumber_dana")
    nama = models.CharField("sumber dana", max_length=160)
    urutan = models.PositiveSmallIntegerField("urutan")
    murni = models.TextField("pemanfaatan APBD murni", blank=True)
    perubahan = models.TextField("pemanfaatan APBD perubahan", blank=True)

    class Meta:
        verbose_name = "sumber dana"
        verbose_name_plural = "sumber dana"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "nama"], name="sumber_dana_unik")]

    def __str__(self) -> str:
        return self.nama


class RealisasiAnggaran(models.Model):
    """Money spent on a node up to the end of a period, whole rupiah, by kind of belanja and source where known.

    `periode` 0 is the year, 1–4 the position at the end of that quarter. An empty `belanja` means not broken down.
    `is_loaded` as in `Pagu`; the amounts of one node and period belong together, either to a load or to people.
    """

    class Belanja(models.TextChoices):
        PEGAWAI = "pegawai", "Belanja pegawai"
        BARANG_JASA = "barang_jasa", "Belanja barang dan jasa"
        MODAL = "modal", "Belanja modal"

    node = models.ForeignKey(Node, models.CASCADE, related_name="realisasi_anggaran")
    periode = models.PositiveSmallIntegerField("periode", default=0)
    belanja = models.CharField("jenis belanja", max_length=20, choices=Belanja.choices, blank=True)
    sumber_dana = models.ForeignKey(SumberDana, models.PROTECT, null=True, blank=True, related_name="realisasi")
    jumlah = models.BigIntegerField("realisasi (Rp)")
    is_loaded = models.BooleanField("dari berkas", default=False)

    class Meta:
        verbose_name = "realisasi anggaran"
        verbose_name_plural = "realisasi anggaran"
        ordering = ["node__urutan", "periode", "belanja"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "periode", "belanja"],
                condition=Q(sumber_dana=None),
                name="realisasi_anggaran_unik",
            ),
            models.UniqueConstraint(
                fields=["node", "periode", "belanja", "sumber_dana"],
                condition=Q(sumber_dana__isnull=False),
                name="realisasi_anggaran_sumber_unik",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node.kunci}: {self.jumlah}"


class Pendapatan(models.Model):
    """Revenue by source or by unit: target after the budget change and realisasi of the year, whole rupiah."""

    class Jenis(models.TextChoices):
        SUMBER = "sumber", "Menurut sumber"
        UNIT = "unit", "Menurut unit kerja"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="pendapatan")
    jenis = models.CharField("jenis", max_length=10, choices=Jenis.choices)
    kelompok = models.CharField("kelompok", max_length=60, blank=True)
    nama = models.CharField("nama", max_length=200)
    unit = models.ForeignKey(UnitKerja, models.SET_NULL, null=True, blank=True, related_name="pendapatan")
    target = models.BigIntegerField("target (Rp)")
    realisasi = models.BigIntegerField("realisasi (Rp)")
    urutan = models.PositiveSmallIntegerField("urutan")

    class Meta:
        verbose_name = "pendapatan"
        verbose_name_plural = "pendapatan"
        ordering = ["jenis", "urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "jenis", "urutan"], name="pendapatan_unik")]

    def __str__(self) -> str:
        return f"{self.nama}: {self.realisasi}"
