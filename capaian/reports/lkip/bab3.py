"""Bab III: what was reached, with what money, what fell short, and what was done about it."""

from __future__ import annotations

from capaian.documents.blocks import Heading
from capaian.reports import formats
from capaian.reports.lkip.anggaran import realisasi_anggaran
from capaian.reports.lkip.capaian import capaian_organisasi
from capaian.reports.lkip.parts import Blocks, lettered
from capaian.reports.lkip.programs import capaian_program
from capaian.reports.lkip.rendah import capaian_rendah
from capaian.reports.lkip.tindak_lanjut import inovasi, kendala, lhe, penghargaan, program_prioritas
from capaian.reports.snapshot import Snapshot


def bab3(s: Snapshot) -> Blocks:
    ambang = formats.percent(s.office.ambang_rendah, 0)
    return [
        Heading(1, "AKUNTABILITAS KINERJA", "BAB III"),
        *lettered(
            [
                ("Capaian Kinerja Organisasi", capaian_organisasi(s)),
                ("Capaian Kinerja Program, Kegiatan, dan Sub Kegiatan", capaian_program(s)),
                ("Realisasi Anggaran", realisasi_anggaran(s)),
                (f"Capaian dan Serapan di Bawah {ambang}", capaian_rendah(s)),
                ("Pelaksanaan Program Prioritas", program_prioritas(s)),
                ("Tindak Lanjut atas Laporan Hasil Evaluasi", lhe(s)),
                ("Inovasi Penunjang Kinerja", inovasi(s)),
                ("Penghargaan", penghargaan(s)),
                ("Kendala", kendala(s)),
            ]
        ),
    ]
