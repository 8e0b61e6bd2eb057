"""Bab I: background, legal basis, the organisation, its resources and strategic issues, the outline of the report."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Heading, ListBlock, OrgChart, OrgNode, Table, text
from capaian.reports import formats
from capaian.reports.lkip import sumber_daya
from capaian.reports.lkip.parts import Blocks, column, items, lead_in, lettered, missing, para, row, table, told
from capaian.reports.snapshot import Snapshot, Unit

_UPTD = ("uptd", "rsud", "puskesmas")
_OWN = ("sekretariat", "bidang")
SISTEMATIKA = "Sistematika Penyajian"


def bab1(s: Snapshot, chapters: list[tuple[str, str, list[str]]]) -> Blocks:
    """The chapter; `chapters` are (number, title, section titles) of those that follow."""
    sections = [
        ("Latar Belakang", _latar_belakang(s)),
        ("Landasan Hukum", _landasan_hukum(s)),
        ("Maksud dan Tujuan", _maksud_tujuan(s)),
        ("Tugas, Fungsi, dan Struktur Organisasi", _organisasi(s)),
        ("Sumber Daya Kesehatan", sumber_daya.blocks(s)),
        ("Aspek dan Isu Strategis", _isu(s)),
        ("Kegiatan dan Layanan", _layanan(s)),
    ]
    own = [title for title, inside in sections if inside] + [SISTEMATIKA]
    sections.append((SISTEMATIKA, _sistematika(s, [("BAB I", "PENDAHULUAN", own), *chapters])))
    return [Heading(1, "PENDAHULUAN", "BAB I"), *lettered(sections)]


def _latar_belakang(s: Snapshot) -> Blocks:
    said = told(s.narasi.get("latar_belakang"))
    return said or [
        text(
            f"Sebagai perangkat daerah, {s.office.nama} wajib mempertanggungjawabkan pelaksanaan tugas dan penggunaan "
            "anggarannya melalui laporan kinerja setiap tahun."
        )
    ]


def _landasan_hukum(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("landasan_hukum"))
    return (
        [text("Laporan kinerja ini disusun berdasarkan peraturan perundang-undangan berikut:"), *found] if found else []
    )


def _maksud_tujuan(s: Snapshot) -> Blocks:
    told_in = s.narasi.get("maksud_tujuan") or {}
    blocks = told(told_in.get("pengantar")) or [
        text(
            f"LKIP disusun sebagai pertanggungjawaban kinerja {s.office.nama} tahun {s.tahun} kepada "
            f"{s.office.kepala_daerah} dan masyarakat, dengan menyajikan ketercapaian target Perjanjian Kinerja."
        )
    ]
    maksud = items(told_in.get("maksud"), "letter") or [
        ListBlock(
            (
                "Menyampaikan capaian kinerja secara terukur kepada pemberi amanah.",
                "Memperoleh umpan balik bagi perbaikan perencanaan dan pelaksanaan program tahun berikutnya.",
            ),
            "letter",
        )
    ]
    tujuan = items(told_in.get("tujuan"), "letter") or [
        ListBlock(
            (
                "Mempertanggungjawabkan pelaksanaan tugas, fungsi, dan penggunaan sumber daya.",
                "Menjadi dasar evaluasi akuntabilitas kinerja.",
            ),
            "letter",
        )
    ]
    return [
        *blocks,
        lead_in("Maksud penyusunan laporan:"),
        *maksud,
        lead_in("Tujuan penyusunan laporan:"),
        *tujuan,
    ]


def _organisasi(s: Snapshot) -> Blocks:
    blocks: Blocks = []
    tugas = told(s.narasi.get("tugas"))
    if tugas:
        blocks += [para(f"{s.office.nama} mempunyai tugas sebagai berikut:", "body"), *tugas]
    fungsi = items(s.narasi.get("fungsi"), "letter")
    if fungsi:
        blocks += [para("Dalam melaksanakan tugas tersebut dinas menyelenggarakan fungsi:", "body"), *fungsi]
    blocks += _chart(s)
    blocks += _facilities(s)
    return blocks or [missing("tugas, fungsi, dan struktur organisasi", s.tahun)]


def _chart(s: Snapshot) -> Blocks:
    office = next((unit for unit in s.units if unit.jenis == "dinas"), None)
    if office is None or not office.bawahan:
        return []
    parts = [_node(unit) for unit in office.bawahan if unit.jenis in _OWN]
    groups = _uptd(office)
    root = OrgNode(s.office.pimpinan, (*parts, *([OrgNode("UPTD", groups)] if groups else [])))
    bidang = sum(unit.jenis == "bidang" for unit in office.bawahan)
    return [
        para(
            f"Susunan organisasi terdiri atas {s.office.pimpinan}, sekretariat, {bidang} bidang, dan unit pelaksana "
            "teknis daerah sebagaimana tampak pada {gambar-organisasi}."
        ),
        OrgChart(root, f"Struktur Organisasi {s.office.nama}", "gambar-organisasi"),
    ]


def _node(unit: Unit) -> OrgNode:
    return OrgNode(unit.nama, tuple(_node(child) for child in unit.bawahan))


def _uptd(office: Unit) -> tuple[OrgNode, ...]:
    """UPTD and hospitals by name, the Puskesmas as one box with their number."""
    named = [OrgNode(unit.nama) for unit in office.bawahan if unit.jenis in ("uptd", "rsud")]
    puskesmas = sum(unit.jenis == "puskesmas" for unit in office.bawahan)
    return (*named, *([OrgNode(f"{puskesmas} Puskesmas")] if puskesmas else []))


def _facilities(s: Snapshot) -> Blocks:
    """Puskesmas and hospitals with their accreditation, where the office keeps it."""
    units = [unit for office in s.units for unit in office.bawahan if unit.jenis in _UPTD and unit.akreditasi]
    rows = [
        row(str(number), unit.nama, unit.akreditasi[:1].upper() + unit.akreditasi[1:])
        for number, unit in enumerate(units, start=1)
    ]
    columns = (column("No", 0.4, "center"), column("Unit", 3), column("Tingkat akreditasi", 1.6, "center"))
    if not rows:
        return []
    levels = [unit.akreditasi for unit in units]
    counted = formats.joined([f"{levels.count(level)} {level}" for level in dict.fromkeys(levels)])
    return [
        para(
            f"Pelayanan kesehatan diselenggarakan antara lain oleh {len(units)} fasilitas milik daerah dengan tingkat "
            f"akreditasi {counted}, sebagaimana {{tabel-akreditasi}}."
        ),
        *table("Fasilitas Milik Daerah menurut Tingkat Akreditasi", "tabel-akreditasi", columns, rows),
    ]


def _isu(s: Snapshot) -> Blocks:
    blocks: Blocks = []
    for key, lead in (
        ("tantangan", "Tantangan yang dihadapi:"),
        ("peluang", "Peluang yang tersedia:"),
        ("isu_strategis", "Isu strategis yang menjadi perhatian:"),
    ):
        found = items(s.narasi.get(key))
        blocks += [lead_in(lead), *found] if found else []
    return blocks or [missing("isu strategis organisasi", s.tahun)]


def _layanan(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("kegiatan_layanan"), "letter")
    lead = f"Urusan kesehatan yang diselenggarakan {s.office.nama} menghasilkan layanan sebagai berikut:"
    return [text(lead), *found] if found else []


def _sistematika(s: Snapshot, chapters: list[tuple[str, str, list[str]]]) -> Blocks:
    rows = [
        row(Cell(f"{number}\n{title}", bold=True), "\n".join(_lettered_lines(sections)))
        for number, title, sections in chapters
        if sections
    ]
    annexes = [
        f"{number.capitalize()}: {formats.proper(title)}" for number, title, sections in chapters if not sections
    ]
    rows += [row(Cell("LAMPIRAN", bold=True), "\n".join(annexes))] if annexes else []
    lead = f"LKIP {s.office.nama} Tahun {s.tahun} disajikan dengan sistematika sebagai berikut."
    return [text(lead), Table((column("Bab", 1.6), column("Isi", 4)), tuple(rows))]


def _lettered_lines(sections: list[str]) -> list[str]:
    return [f"{chr(ord('A') + number)}. {title}" for number, title in enumerate(sections)]
