"""Laporan Hasil Evaluasi AKIP: the letter of the evaluators with its tables and annexes."""

from capaian.reports.lhe.surat import build_lhe

__all__ = ["build_lhe"]
