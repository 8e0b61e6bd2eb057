"""Laporan Penilaian Kinerja Puskesmas: the seven chapters that the decision on PKP asks for, of one Puskesmas."""

from __future__ import annotations

from capaian.documents.blocks import Block, Cover, Document, Field
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.pkp.analisa import bab5, bab6, bab7
from capaian.reports.pkp.awal import bab1, bab2
from capaian.reports.pkp.hasil import bab4
from capaian.reports.pkp.sheets import unit_sheets
from capaian.reports.pkp.snapshot import PkpSnapshot, take_pkp
from capaian.reports.pkp.target import bab3


def build_laporan_pkp(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> Document:
    """The report of a Puskesmas.

    Raises `ReportError` without a unit, without an instrument of the year, and while nothing is answered.
    """
    if unit is None:
        raise ReportError(
            "Laporan PKP disusun untuk satu Puskesmas. Pilih Puskesmasnya, atau susun Rekapitulasi PKP untuk seluruh "
            "kabupaten/kota."
        )
    return _document(take_pkp(tahun_kinerja, unit))


def _document(snapshot: PkpSnapshot) -> Document:
    blocks: list[Block] = [
        Cover(
            "Laporan Penilaian Kinerja Puskesmas",
            f"Tahun {snapshot.tahun}",
            snapshot.nama,
            f"{snapshot.office.tempat}, {snapshot.tahun + 1}",
            "",
            f"{snapshot.office.nama}",
        ),
        Field("toc", "DAFTAR ISI"),
        Field("tables", "DAFTAR TABEL"),
        Field("figures", "DAFTAR GAMBAR"),
        *bab1(snapshot),
        *bab2(snapshot),
        *bab3(snapshot),
        *bab4(snapshot),
        *bab5(snapshot),
        *bab6(snapshot),
        *bab7(snapshot),
    ]
    return Document(
        title=f"Laporan Penilaian Kinerja {snapshot.nama} Tahun {snapshot.tahun}",
        office=snapshot.nama,
        blocks=tuple(blocks),
        header=f"Laporan Penilaian Kinerja Puskesmas {snapshot.tahun}",
        footer=f"{snapshot.nama} · Tahun {snapshot.tahun}",
        metadata={"subject": "Laporan Penilaian Kinerja Puskesmas"},
        sheets=unit_sheets(snapshot),
    )
