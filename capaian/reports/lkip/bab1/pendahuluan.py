"""Bab I: background, legal basis, purpose, strategic issues, services, and the outline of the report."""

from __future__ import annotations

from capaian.documents.blocks import Cell, ListBlock, Table, text
from capaian.reports import formats
from capaian.reports.lkip.parts import Blocks, column, items, lead_in, missing, row, told
from capaian.reports.snapshot import Snapshot


def latar_belakang(s: Snapshot) -> Blocks:
    said = told(s.narasi.get("latar_belakang"))
    return said or [
        text(
            f"Sebagai perangkat daerah, {s.office.nama} wajib mempertanggungjawabkan pelaksanaan tugas dan penggunaan "
            "anggarannya melalui laporan kinerja setiap tahun."
        )
    ]


def landasan_hukum(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("landasan_hukum"))
    return (
        [text("Laporan kinerja ini disusun berdasarkan peraturan perundang-undangan berikut:"), *found] if found else []
    )


def maksud_tujuan(s: Snapshot) -> Blocks:
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


def isu(s: Snapshot) -> Blocks:
    blocks: Blocks = []
    for key, lead in (
        ("tantangan", "Tantangan yang dihadapi:"),
        ("peluang", "Peluang yang tersedia:"),
        ("isu_strategis", "Isu strategis yang menjadi perhatian:"),
    ):
        found = items(s.narasi.get(key))
        blocks += [lead_in(lead), *found] if found else []
    return blocks or [missing("isu strategis organisasi", s.tahun)]


def layanan(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("kegiatan_layanan"), "letter")
    lead = f"Urusan kesehatan yang diselenggarakan {s.office.nama} menghasilkan layanan sebagai berikut:"
    return [text(lead), *found] if found else []


def sistematika(s: Snapshot, chapters: list[tuple[str, str, list[str]]]) -> Blocks:
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
