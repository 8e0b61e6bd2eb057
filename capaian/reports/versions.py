"""Reading report versions: what the Laporan page lists, who asked for what, how a file is called."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import QuerySet

from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.reports.build import LAPORAN, PAGES, QUARTERLY, page_of
from capaian.reports.models import Publication, ReportVersion
from capaian.rules.periods import ROMAN

_Jenis, _State = ReportVersion.Jenis, ReportVersion.State
PENDING = (_State.QUEUED, _State.RUNNING)
DESCRIPTIONS = {
    _Jenis.LKIP: (
        "Laporan tahunan kepada kepala daerah: capaian setiap IKU dengan tujuh analisisnya, realisasi anggaran, "
        "dan tindak lanjut.",
        "PermenPANRB 53/2014, Lampiran II",
    ),
    _Jenis.PERJANJIAN_KINERJA: (
        "Pernyataan dua pihak beserta lampiran target dan anggaran, siap ditandatangani.",
        "PermenPANRB 53/2014, Lampiran I",
    ),
    _Jenis.RENCANA_AKSI: (
        "Target setiap indikator per triwulan dan anggaran per program dan kegiatan, dalam Word, PDF, dan Excel.",
        "PermenPANRB 88/2021, kriteria pengukuran kinerja",
    ),
    _Jenis.PENGUKURAN: (
        "Realisasi dan capaian sampai triwulan yang dipilih, uang per kegiatan, faktor dan tindak lanjut.",
        "PermenPANRB 88/2021, kriteria pengukuran kinerja",
    ),
    _Jenis.SPM_MONEV: (
        "Capaian setiap pelayanan sampai triwulan yang dipilih, permasalahan dan solusinya, anggaran, dan siapa yang "
        "belum melapor.",
        "Permendagri 59/2021, pelaporan triwulan",
    ),
    _Jenis.SPM: (
        "Laporan setahun, Bab I sampai V: standar, kebutuhan dengan formulir yang terisi, rencana, hasil, kendala, dan "
        "ketersediaan anggaran.",
        "PP 2/2018 dan Permendagri 59/2021",
    ),
    _Jenis.LHE: (
        "Surat evaluator: nilai per komponen dengan tahun lalu, predikat, catatan, rekomendasi, dan tindak lanjut; "
        "lampirannya lembar kerja dan tabel lima kolom.",
        "PermenPANRB 88/2021",
    ),
    _Jenis.SKM: (
        "Dasar, metode, sampel, profil responden, NRR tiap unsur, IKM dan mutunya, unsur terendah, rencana tindak "
        "lanjut, dan catatan atas data; hanya survei yang sudah ditutup.",
        "PermenPANRB 14/2017",
    ),
    _Jenis.PKP: (
        "Laporan setahun satu Puskesmas, Bab I sampai VII: profil, target, hasil, tingkat kinerja, analisa, dan "
        "rencana pemecahan, dalam Word, PDF, dan Excel dengan rumus.",
        "Permenkes 44/2016 dan keputusan tentang instrumen",
    ),
    _Jenis.PKP_REKAP: (
        "Nilai, kelas, dan peringkat semua Puskesmas, daftar penghargaan dan pembinaan, dan indikator yang paling "
        "banyak belum tercapai, dalam Word, PDF, dan Excel dengan rumus.",
        "Permenkes 44/2016 dan keputusan tentang instrumen",
    ),
}
_FILE_NAMES = {
    _Jenis.LKIP: "LKIP",
    _Jenis.PERJANJIAN_KINERJA: "Perjanjian-Kinerja",
    _Jenis.RENCANA_AKSI: "Rencana-Aksi",
    _Jenis.PENGUKURAN: "Pengukuran",
    _Jenis.SPM: "Laporan-SPM",
    _Jenis.SPM_MONEV: "Monev-SPM",
    _Jenis.LHE: "LHE-AKIP",
    _Jenis.SKM: "Laporan-SKM",
    _Jenis.PKP: "Laporan-PKP",
    _Jenis.PKP_REKAP: "Rekap-PKP",
}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMAT_WORDS = {"docx": "Word", "pdf": "PDF", "xlsx": "Excel"}


@dataclass(frozen=True)
class VersionRow:
    """A version with who asked for it and the formats it can be had in, as (format, word)."""

    version: ReportVersion
    oleh: str
    formats: tuple[tuple[str, str], ...]
    publication: Publication | None = None

    @property
    def triwulan(self) -> str:
        return ROMAN[self.version.periode - 1] if self.version.periode else ""

    @property
    def is_published(self) -> bool:
        return self.publication is not None and self.publication.withdrawn_at is None

    @property
    def can_be_published(self) -> bool:
        return self.publication is None and self.version.state == _State.READY and self.version.jenis not in PAGES

    @property
    def is_pending(self) -> bool:
        return self.version.state in PENDING


@dataclass(frozen=True)
class KindPart:
    """One kind of report on the page: what it is, its versions, and the one being made, if any."""

    jenis: str
    label: str
    description: str
    dasar: str
    rows: list[VersionRow]

    @property
    def ended(self) -> list[VersionRow]:
        return [row for row in self.rows if not row.is_pending]

    @property
    def has_quarters(self) -> bool:
        return self.jenis in QUARTERLY

    @property
    def pending(self) -> VersionRow | None:
        return next((row for row in self.rows if row.is_pending), None)


def visible_versions(office: Office) -> QuerySet[ReportVersion]:
    """The versions of an office year that the person may see: those of the whole office, and of units.

    Newest first and without their content, with what became public of them.
    """
    rows = office.tahun_kinerja.report_versions.select_related("created_by", "publication", "unit")
    seen = office.scope(Permission.VIEW).narrow(rows)
    # What the whole office reports holds the figures of every unit: one that is denied hides it.
    if not office.allows_everywhere(Permission.VIEW):
        seen = seen.filter(unit__isnull=False)
    return seen.defer("blocks", "publication__figures")


def kind_parts(office: Office, jenis: str = "", unit: UnitKerja | None = None) -> list[KindPart]:
    """Every kind of report of the office with its versions, or one kind only; with `unit` those of a unit. Two queries.

    Kinds with a page of their own are listed only when asked for.
    """
    roles = _roles(office.tahun_kinerja)
    versions = visible_versions(office).filter(unit=unit)
    if jenis:
        versions = versions.filter(jenis=jenis)
    rows = [VersionRow(one, _who(one.created_by, roles), _formats(one), publication_of(one)) for one in versions]
    return [
        KindPart(kind.value, str(kind.label), *DESCRIPTIONS[kind], [row for row in rows if row.version.jenis == kind])
        for kind in DESCRIPTIONS
        if jenis == kind or (not jenis and page_of(kind) == LAPORAN)
    ]


def pkp_parts(office: Office, unit: UnitKerja | None) -> list[KindPart]:
    """The report of a Puskesmas, or the recap of the district, with its versions."""
    return kind_parts(office, _Jenis.PKP if unit else _Jenis.PKP_REKAP, unit)


def spm_parts(office: Office, unit: UnitKerja | None) -> list[KindPart]:
    """The two reports of SPM, of the office or of a unit, with their versions."""
    return [part for kind in (_Jenis.SPM_MONEV, _Jenis.SPM) for part in kind_parts(office, kind, unit)]


def report_name(version: ReportVersion) -> str:
    """`Laporan Kinerja (LKIP)`, `Laporan Pengukuran Triwulan III`: the one kind with quarters ends in that word."""
    quarter = f" {ROMAN[version.periode - 1]}" if version.periode else ""
    whose = f" {version.unit}" if version.unit else ""
    return f"{version.get_jenis_display()}{quarter}{whose}"


def file_name(version: ReportVersion, fmt: str) -> str:
    """`LKIP-balangan-2024-v1.docx`, `Pengukuran-TW2-balangan-2024-v1.xlsx`."""
    year = version.tahun_kinerja
    quarter = f"-TW{version.periode}" if version.periode else ""
    name = _FILE_NAMES[_Jenis(version.jenis)]
    place = version.unit.kunci if version.unit else year.instansi.kunci
    return f"{name}{quarter}-{place}-{year.tahun}-v{version.nomor}.{fmt}"


def publication_of(version: ReportVersion) -> Publication | None:
    """What was published of a version, withdrawn or not."""
    found: Publication | None = getattr(version, "publication", None)
    return found


def _formats(version: ReportVersion) -> tuple[tuple[str, str], ...]:
    if version.state != _State.READY:
        return ()
    return tuple((fmt, word) for fmt, word in FORMAT_WORDS.items() if fmt in version.files)


def _roles(tahun_kinerja: TahunKinerja) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for one in Membership.objects.filter(instansi_id=tahun_kinerja.instansi_id):
        found.setdefault(one.user_id, []).append(one.get_role_display())
    return {user: ", ".join(roles) for user, roles in found.items()}


def _who(user: User | None, roles: dict[int, str]) -> str:
    """Who asked for a version."""
    if user is None:
        return "sistem"
    role = roles.get(user.pk, "")
    return f"{user.get_username()} ({role})" if role else user.get_username()
