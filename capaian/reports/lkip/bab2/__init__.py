"""Bab II, its sections in order: `bab2`."""

from __future__ import annotations

from capaian.documents.blocks import Heading
from capaian.reports.lkip.bab2.iku import iku_blocks
from capaian.reports.lkip.bab2.perjanjian_kinerja import perjanjian_kinerja
from capaian.reports.lkip.bab2.rencana_kerja import rencana_kerja
from capaian.reports.lkip.bab2.renstra import renstra_blocks
from capaian.reports.lkip.parts import (
    Blocks,
    lettered,
)
from capaian.reports.snapshot import Snapshot


def bab2(s: Snapshot) -> Blocks:
    return [
        Heading(1, "PERENCANAAN KINERJA", "BAB II"),
        *lettered(
            [
                ("Rencana Strategis", renstra_blocks(s)),
                ("Indikator Kinerja Utama", iku_blocks(s)),
                (f"Perjanjian Kinerja Tahun {s.tahun}", perjanjian_kinerja(s)),
                (f"Rencana Kerja dan Anggaran Tahun {s.tahun}", rencana_kerja(s)),
            ]
        ),
    ]
