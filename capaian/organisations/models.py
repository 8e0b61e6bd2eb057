"""Who accounts for what: the office, its units, its people and roles, its years, and what it has to work with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Instansi(models.Model):
    """An accountable office (*perangkat daerah*) and its calculation defaults (design, section 4.2).

    `rumus_turun` is the formula for indicators where lower is better, unless the indicator says otherwise;
    `ambang_rendah` (percent) is the threshold under which capaian and serapan are listed for explanation;
    `wajib_bukti` says that no form is submitted while a filled figure lacks its bukti dukung.
    """

    class RumusTurun(models.TextChoices):
        SELISIH = "selisih", "Selisih: (2T − R) / T"
        KEBALIKAN = "kebalikan", "Kebalikan: T / R"

    kunci = models.SlugField("kunci", unique=True)
    nama = models.CharField("nama", max_length=200)
    singkatan = models.CharField("singkatan", max_length=60, blank=True)
    daerah = models.CharField("daerah", max_length=120)
    provinsi = models.CharField("provinsi", max_length=120)
    kepala_daerah = models.CharField("jabatan kepala daerah", max_length=120)
    pimpinan = models.CharField("jabatan pimpinan", max_length=160)
    tempat = models.CharField("tempat penandatanganan", max_length=120)
    alamat = models.CharField("alamat", max_length=300, blank=True)
    rumus_turun = models.CharField(
        "rumus untuk arah turun", max_length=20, choices=RumusTurun.choices, default=RumusTurun.SELISIH
    )
    desimal = models.PositiveSmallIntegerField("desimal capaian", default=2)
    batas_atas = models.DecimalField("batas atas", max_digits=7, decimal_places=2, null=True, blank=True)
    batas_bawah = models.DecimalField("batas bawah", max_digits=7, decimal_places=2, null=True, blank=True)
    ambang_rendah = models.DecimalField("ambang capaian rendah", max_digits=5, decimal_places=2, default=70)
    wajib_bukti = models.BooleanField("bukti dukung wajib sebelum diajukan", default=False)

    class Meta:
        verbose_name = "instansi"
        verbose_name_plural = "instansi"
        ordering = ["nama"]

    def __str__(self) -> str:
        return self.nama


class TahunKinerja(models.Model):
    """A year that an office accounts for. `tahun` is the year measured, never the year in which it was judged."""

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="tahun_kinerja")
    tahun = models.PositiveSmallIntegerField("tahun kinerja")
    narasi = models.JSONField("narasi", default=dict, blank=True)

    class Meta:
        verbose_name = "tahun kinerja"
        verbose_name_plural = "tahun kinerja"
        ordering = ["instansi", "-tahun"]
        constraints = [models.UniqueConstraint(fields=["instansi", "tahun"], name="tahun_kinerja_unik")]

    def __str__(self) -> str:
        return f"{self.instansi} {self.tahun}"


class UnitKerja(models.Model):
    """A unit: the dinas itself, a bidang, a UPTD, a Puskesmas, a hospital, a private facility it oversees."""

    class Jenis(models.TextChoices):
        DINAS = "dinas", "Dinas"
        SEKRETARIAT = "sekretariat", "Sekretariat"
        BIDANG = "bidang", "Bidang"
        SUBBAGIAN = "subbagian", "Subbagian"
        KELOMPOK_SUBSTANSI = "kelompok_substansi", "Kelompok substansi"
        UPTD = "uptd", "UPTD"
        PUSKESMAS = "puskesmas", "Puskesmas"
        RSUD = "rsud", "RSUD"
        RUMAH_SAKIT = "rumah_sakit", "Rumah sakit"
        SARANA_LAIN = "sarana_lain", "Sarana pelayanan lain"

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="unit_kerja")
    kunci = models.SlugField("kunci", max_length=80)
    nama = models.CharField("nama", max_length=200)
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    induk = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="bawahan")
    akreditasi = models.CharField("tingkat akreditasi", max_length=20, blank=True)
    urutan = models.PositiveSmallIntegerField("urutan", default=0)

    class Meta:
        verbose_name = "unit kerja"
        verbose_name_plural = "unit kerja"
        ordering = ["instansi", "urutan"]
        constraints = [models.UniqueConstraint(fields=["instansi", "kunci"], name="unit_kerja_unik")]

    def __str__(self) -> str:
        return self.nama


class Wilayah(models.Model):
    """An area that an office serves: a kecamatan, or a desa, kelurahan or lembang, and the Puskesmas that covers it."""

    class Jenis(models.TextChoices):
        KECAMATAN = "kecamatan", "Kecamatan"
        DESA = "desa", "Desa"
        KELURAHAN = "kelurahan", "Kelurahan"
        LEMBANG = "lembang", "Lembang"

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="wilayah")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="wilayah")
    induk = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="bagian")
    kunci = models.SlugField("kunci", max_length=80)
    nama = models.CharField("nama", max_length=120)
    jenis = models.CharField("jenis", max_length=20, choices=Jenis.choices)
    urutan = models.PositiveSmallIntegerField("urutan", default=0)

    class Meta:
        verbose_name = "wilayah"
        verbose_name_plural = "wilayah"
        ordering = ["instansi", "urutan"]
        constraints = [models.UniqueConstraint(fields=["instansi", "kunci"], name="wilayah_unik")]

    def __str__(self) -> str:
        return self.nama


class Dated(models.Model):
    """Something that holds from one day to another, both included; an empty end is open."""

    starts_on = models.DateField("mulai", null=True, blank=True)
    ends_on = models.DateField("sampai", null=True, blank=True)

    class Meta:
        abstract = True


class Membership(Dated):
    """The role of a person in an office, for the whole of it or for one unit and the units below.

    Rights follow from it (`roles`); a person without one in force is an outsider.
    """

    class Role(models.TextChoices):
        OPERATOR = "operator", "Operator"
        PEMEGANG_PROGRAM = "pemegang_program", "Pemegang program"
        KEPALA_UNIT = "kepala_unit", "Kepala unit"
        PERENCANA = "perencana", "Perencana"
        KEUANGAN = "keuangan", "Keuangan"
        KEPALA = "kepala", "Kepala dinas"
        INSPEKTORAT = "inspektorat", "Inspektorat"
        ADMIN = "admin", "Admin"
        PUBLIK = "publik", "Publik"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField("peran", max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = "keanggotaan"
        verbose_name_plural = "keanggotaan"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "instansi", "role"], condition=Q(unit=None), name="membership_instansi_unik"
            ),
            models.UniqueConstraint(
                fields=["user", "instansi", "role", "unit"], condition=~Q(unit=None), name="membership_unit_unik"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_rentang",
            ),
        ]

    def __str__(self) -> str:
        where = self.unit or self.instansi
        return f"{self.user} · {self.get_role_display()} · {where}"


class Delegation(Dated):
    """What a person who is on leave may do in an office, given to another for some days, with the reason.

    The receiver acts under their own name: the audit trail says who did it.
    """

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="delegations")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_given")
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_received")
    reason = models.CharField("alasan", max_length=300)
    created_at = models.DateTimeField("dibuat pada", auto_now_add=True)

    class Meta:
        verbose_name = "pelimpahan wewenang"
        verbose_name_plural = "pelimpahan wewenang"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="delegation_dua_orang"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="delegation_rentang",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver} {self.starts_on}–{self.ends_on}"


class Denial(Dated):
    """A right taken from a person whatever their roles or delegations say, everywhere or in one unit: deny wins.

    `permission` is the name of a `roles.Permission`.
    """

    instansi = models.ForeignKey(Instansi, models.CASCADE, related_name="denials")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="denials")
    unit = models.ForeignKey(UnitKerja, models.CASCADE, null=True, blank=True, related_name="denials")
    permission = models.CharField("hak", max_length=40)
    reason = models.CharField("alasan", max_length=300)

    class Meta:
        verbose_name = "larangan"
        verbose_name_plural = "larangan"

    def __str__(self) -> str:
        return f"{self.user} dilarang {self.permission}"


class Account(models.Model):
    """What the office keeps about a login: whether its first password must be changed, and the e-mails it wants."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account")
    must_change_password = models.BooleanField("wajib mengganti sandi", default=False)
    wants_digest = models.BooleanField("menerima ringkasan lewat surel", default=True)

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"

    def __str__(self) -> str:
        return str(self.user)


class Fasilitas(models.Model):
    """Number of health facilities of one type by owner, or of beds, in a year (LKIP Bekasi, Tabel 1.1)."""

    class Pemilikan(models.TextChoices):
        KEMENKES = "kemenkes", "Kemenkes"
        PROVINSI = "pem_prov", "Pemerintah provinsi"
        KABUPATEN_KOTA = "pem_kab_kota", "Pemerintah kabupaten/kota"
        TNI_POLRI = "tni_polri", "TNI/Polri"
        BUMN = "bumn", "BUMN"
        SWASTA = "swasta", "Swasta"
        ORMAS = "ormas", "Organisasi kemasyarakatan"

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="fasilitas")
    kelompok = models.CharField("kelompok", max_length=120)
    nama = models.CharField("jenis fasilitas", max_length=160)
    pemilikan = models.CharField("pemilikan", max_length=20, choices=Pemilikan.choices)
    jumlah = models.PositiveIntegerField("jumlah", null=True)
    urutan = models.PositiveSmallIntegerField("urutan")

    class Meta:
        verbose_name = "fasilitas kesehatan"
        verbose_name_plural = "fasilitas kesehatan"
        ordering = ["urutan"]
        constraints = [models.UniqueConstraint(fields=["tahun_kinerja", "urutan", "pemilikan"], name="fasilitas_unik")]

    def __str__(self) -> str:
        return f"{self.nama}: {self.jumlah}"


class Tenaga(models.Model):
    """Number of staff of one profession or position in a unit, in a year (LKIP Bekasi, Tabel 1.2 and 1.3)."""

    tahun_kinerja = models.ForeignKey(TahunKinerja, models.CASCADE, related_name="tenaga")
    kelompok = models.CharField("kelompok", max_length=60)
    unit = models.ForeignKey(UnitKerja, models.CASCADE, related_name="tenaga")
    profesi = models.CharField("profesi atau jabatan", max_length=120)
    jumlah = models.PositiveIntegerField("jumlah")
    urutan = models.PositiveSmallIntegerField("urutan")

    class Meta:
        verbose_name = "tenaga"
        verbose_name_plural = "tenaga"
        ordering = ["kelompok", "unit__urutan", "urutan"]
        constraints = [
            models.UniqueConstraint(fields=["tahun_kinerja", "kelompok", "unit", "profesi"], name="tenaga_unik")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.profesi} {self.jumlah}"
