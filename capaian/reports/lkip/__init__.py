"""The Laporan Kinerja Instansi Pemerintah (PermenPANRB 53/2014) built from a snapshot: `build_lkip`."""

from capaian.reports.lkip.build import build_lkip

__all__ = ["build_lkip"]
