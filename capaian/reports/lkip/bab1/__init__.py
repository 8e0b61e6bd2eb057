"""Bab I, its sections in order: `bab1`."""

from __future__ import annotations

from capaian.documents.blocks import Heading
from capaian.reports.lkip.bab1 import pendahuluan, sumber_daya
from capaian.reports.lkip.bab1.organisasi import organisasi
from capaian.reports.lkip.parts import Blocks, lettered
from capaian.reports.snapshot import Snapshot

SISTEMATIKA = "Sistematika Penyajian"


def bab1(s: Snapshot, chapters: list[tuple[str, str, list[str]]]) -> Blocks:
    """The chapter; `chapters` are (number, title, section titles) of those that follow."""
    sections = [
        ("Latar Belakang", pendahuluan.latar_belakang(s)),
        ("Landasan Hukum", pendahuluan.landasan_hukum(s)),
        ("Maksud dan Tujuan", pendahuluan.maksud_tujuan(s)),
        ("Tugas, Fungsi, dan Struktur Organisasi", organisasi(s)),
        ("Sumber Daya Kesehatan", sumber_daya.blocks(s)),
        ("Aspek dan Isu Strategis", pendahuluan.isu(s)),
        ("Kegiatan dan Layanan", pendahuluan.layanan(s)),
    ]
    own = [title for title, inside in sections if inside] + [SISTEMATIKA]
    sections.append((SISTEMATIKA, pendahuluan.sistematika(s, [("BAB I", "PENDAHULUAN", own), *chapters])))
    return [Heading(1, "PENDAHULUAN", "BAB I"), *lettered(sections)]
