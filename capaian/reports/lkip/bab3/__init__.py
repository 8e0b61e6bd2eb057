"""Bab III: what was reached, with what money, what fell short, and what was done about it."""

from __future__ import annotations

from capaian.documents.blocks import Heading
from capaian.reports import formats
from capaian.reports.lkip.bab3.capaian_organisasi import capaian_organisasi
from capaian.reports.lkip.bab3.capaian_program import capaian_program
from capaian.reports.lkip.bab3.capaian_rendah import capaian_rendah
from capaian.reports.lkip.bab3.inovasi import inovasi
from capaian.reports.lkip.bab3.kendala import kendala
from capaian.reports.lkip.bab3.penghargaan import penghargaan
from capaian.reports.lkip.bab3.program_prioritas import program_prioritas
from capaian.reports.lkip.bab3.realisasi_anggaran import realisasi_anggaran
from capaian.reports.lkip.bab3.tindak_lanjut_lhe import lhe
from capaian.reports.lkip.parts import Blocks, lettered
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
