"""What the check covers: every numeric cell of a sample is recomputed, restated, a documented input, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from capaian.exchange.fidelity.cells import Cell
from capaian.exchange.fidelity.figures import Figure
from capaian.exchange.samples.kinds import CAPAIAN_IKU_TAHUN, KINDS, PEMILIKAN, PROFESI, RENSTRA_TAHUN, RIWAYAT_TAHUN
from capaian.exchange.samples.tables import Sample, SampleTable

Coverage = Literal["dihitung", "diulang", "masukan", "tidak_dihitung"]
_NUMERIC = {"rupiah", "cacah", "angka", "target", "realisasi", "cetak", "nrr"}
# Columns whose figures are stated, not derived: nothing in the document lets one compute them.
INPUTS: dict[str, tuple[str, ...]] = {
    "tujuan_sasaran": tuple(f"target_{year}" for year in RENSTRA_TAHUN),
    "definisi_iku": tuple(f"target_{year}" for year in RENSTRA_TAHUN),
    "pk": ("target",),
    "pk_anggaran": ("anggaran",),
    "rencana_kerja": ("target", "anggaran"),
    "rencana_aksi": ("target", "tw1", "tw2", "tw3", "tw4", "anggaran"),
    "kinerja_anggaran": ("target", "realisasi", "pagu", "realisasi_anggaran"),
    "capaian_iku": (
        *(f"realisasi_{year}" for year in CAPAIAN_IKU_TAHUN),
        "target",
        "realisasi",
        "target_renstra",
    ),
    "riwayat_iku": tuple(f"{name}_{year}" for name in ("target", "realisasi") for year in RIWAYAT_TAHUN),
    "indikator_program": ("kondisi_awal", "target", "realisasi"),
    "penjelasan": ("pembilang", "penyebut"),
    "pembanding": ("cacah", "penyebut", "nilai"),
    "rincian": ("nilai",),
    "odf": ("jumlah_kk", "kk_babs"),
    "pagu_versi": tuple(column for column, kind in KINDS["pagu_versi"].items() if kind in ("cacah", "rupiah")),
    "realisasi_belanja": ("anggaran", "pegawai", "barang_jasa", "modal"),
    "pendapatan_sumber": ("target", "realisasi"),
    "pendapatan_unit": ("target", "realisasi"),
    "pemetaan": ("target", "realisasi", "pagu", "realisasi_anggaran"),
    "efisiensi": ("target", "realisasi", "pagu", "realisasi_anggaran"),
    "lhe": ("nilai",),
    "fasilitas": tuple(PEMILIKAN),
    "tenaga_jabatan": ("jumlah",),
    "tenaga_profesi": tuple(PROFESI),
    "spm_layanan": ("sasaran", "terlayani"),
    "spm_program": ("target",),
    "spm_tercetak": ("nilai",),
    "spm_alokasi": ("alokasi",),
    "spm_monev": ("target", "realisasi"),
    "skm_nrr": ("nrr",),
    "akip_komponen": ("nilai",),
}


@dataclass
class CellCounts:
    """How many numeric cells there are, by what the check does with them."""

    dihitung: int = 0
    diulang: int = 0
    masukan: int = 0
    tidak_dihitung: int = 0

    @property
    def total(self) -> int:
        return self.dihitung + self.diulang + self.masukan + self.tidak_dihitung


def coverage(sample: Sample, figures: Iterable[Figure]) -> dict[str, CellCounts]:
    """Count the numeric cells by table file, in the order of the manifest; the key "" holds the whole sample."""
    classes: dict[tuple[str, int, str], Coverage] = {}
    for figure in figures:
        if figure.status != "tidak_dihitung" and classes.get(figure.cell) != "dihitung":
            classes[figure.cell] = "diulang" if figure.is_restated else "dihitung"
    found = {"": CellCounts()}
    for table in sample.tables:
        for cell in numeric_cells(sample, table):
            name = classes.get(cell.key) or _otherwise(table, cell.column)
            for counts in (found[""], found.setdefault(table.file, CellCounts())):
                setattr(counts, name, getattr(counts, name) + 1)
    return found


def uncovered(sample: Sample, figures: Iterable[Figure]) -> list[Cell]:
    """The numeric cells that are neither recomputed nor restated nor a documented input."""
    known = {figure.cell for figure in figures if figure.status != "tidak_dihitung"}
    return [
        cell
        for table in sample.tables
        for cell in numeric_cells(sample, table)
        if cell.key not in known and _otherwise(table, cell.column) == "tidak_dihitung"
    ]


def numeric_cells(sample: Sample, table: SampleTable) -> Iterator[Cell]:
    """The cells that hold a figure: a numeric column, a printed rank, and at least one digit."""
    columns = [column for column, kind in KINDS[table.kind].items() if kind in _NUMERIC]
    columns += ["no"] if table.kind == "pembanding" else []
    for row in table.rows:
        for column in columns:
            if re.search("[0-9]", row[column]):
                yield Cell(sample, table, row, column)


def _otherwise(table: SampleTable, column: str) -> Coverage:
    return "masukan" if column in INPUTS.get(table.kind, ()) else "tidak_dihitung"
