"""Which printed cells state the same quantity: the target of an indicator in six tables, the pagu of a node in five.

The mapping is per kind of table and column, never per row; keys (`kunci`, `kunci_node`) say which rows belong together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from capaian.exchange.fidelity.cells import Cell, CellKey, Tipe
from capaian.exchange.fidelity.context import Context
from capaian.exchange.samples.kinds import CAPAIAN_IKU_TAHUN, RENSTRA_TAHUN, RIWAYAT_TAHUN
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.perbandingan import own_area

Quantity = tuple[str, str, int]
# Of these a cell states a result; the comparison uses the unrounded one.
DERIVED = {"capaian", "capaian_renstra", "serapan", "serapan_indikator", "sisa", "pendapatan_persen"}
# Of these a cell states a result of another table in a name of its own (`penjelasan` computes the realisasi).
TIPE: dict[str, Tipe] = {
    "target": "target",
    "target_renstra": "target",
    "realisasi": "target",
    "pagu": "uang",
    "pagu_indikator": "uang",
    "realisasi_anggaran": "uang",
    "realisasi_indikator": "uang",
    "sisa": "uang",
    "pendapatan_target": "uang",
    "pendapatan_realisasi": "uang",
}
_TOTAL = "jumlah"
_INDICATOR: dict[str, tuple[tuple[str, str], ...]] = {
    "pk": (("target", "target"),),
    "rencana_kerja": (("target", "target"),),
    "kinerja_anggaran": (("target", "target"), ("realisasi", "realisasi"), ("capaian", "capaian_tercetak")),
    "capaian_iku": (
        ("target", "target"),
        ("realisasi", "realisasi"),
        ("capaian", "capaian_tercetak"),
        ("target_renstra", "target_renstra"),
        ("capaian_renstra", "capaian_renstra_tercetak"),
    ),
    "indikator_program": (("target", "target"), ("realisasi", "realisasi"), ("capaian", "capaian_tercetak")),
    "penjelasan": (("realisasi", "hasil_tercetak"),),
    "pemetaan": (
        ("target", "target"),
        ("realisasi", "realisasi"),
        ("pagu_indikator", "pagu"),
        ("realisasi_indikator", "realisasi_anggaran"),
        ("serapan_indikator", "persen_tercetak"),
    ),
    "efisiensi": (
        ("target", "target"),
        ("realisasi", "realisasi"),
        ("capaian", "capaian_tercetak"),
        ("pagu_indikator", "pagu"),
        ("realisasi_indikator", "realisasi_anggaran"),
        ("serapan_indikator", "serapan_tercetak"),
    ),
}
_NODE: dict[str, tuple[tuple[str, str], ...]] = {
    "pk_anggaran": (("pagu", "anggaran"),),
    "rencana_kerja": (("pagu", "anggaran"),),
    "rencana_aksi": (("pagu", "anggaran"),),
    "pagu_versi": (("pagu", "apbd_perubahan_pagu"),),
    "kinerja_anggaran": (
        ("pagu", "pagu"),
        ("realisasi_anggaran", "realisasi_anggaran"),
        ("serapan", "persen_tercetak"),
        ("sisa", "sisa_tercetak"),
    ),
    "realisasi_belanja": (
        ("pagu", "anggaran"),
        ("realisasi_anggaran", "total_tercetak"),
        ("serapan", "persen_tercetak"),
        ("sisa", "sisa_tercetak"),
    ),
    "anggaran_sasaran": (
        ("pagu", "pagu_tercetak"),
        ("realisasi_anggaran", "realisasi_tercetak"),
        ("serapan", "persen_tercetak"),
    ),
    "pemetaan": (
        ("pagu", "pagu"),
        ("realisasi_anggaran", "realisasi_anggaran"),
        ("serapan", "persen_tercetak"),
    ),
}


@dataclass
class QuantityIndex:
    """All cells of a sample by the quantity that they state, in printed order."""

    context: Context

    @cached_property
    def cells(self) -> dict[Quantity, list[Cell]]:
        found: dict[Quantity, list[Cell]] = {}
        for table in self.context.sample.tables:
            for row in table.rows:
                for quantity, column in _columns(self.context, table, row):
                    if row.has(column):
                        found.setdefault(quantity, []).append(self.context.cell(table, row, column))
        return found

    @cached_property
    def of_cell(self) -> dict[CellKey, Quantity]:
        return {cell.key: quantity for quantity, cells in self.cells.items() for cell in cells}

    def others(self, cell: Cell) -> Iterator[Cell]:
        """The other cells of the same quantity that print something else, and the sentences that repeat it."""
        for other in [*self.cells.get(self.of_cell.get(cell.key, ("", "", 0)), []), *self._sentences(cell)]:
            if other.key != cell.key and other.text != cell.text:
                yield other

    def _sentences(self, cell: Cell) -> list[Cell]:
        quantity = self.of_cell.get(cell.key)
        return [found for key, found in self._repeated if quantity and self.of_cell.get(key) == quantity]

    @cached_property
    def _repeated(self) -> list[tuple[CellKey, Cell]]:
        """Sentence figures that repeat a cell: its key, and where the sentence prints it."""
        found = []
        for table in self.context.sample.of_kind("kalimat"):
            for row in table.rows:
                source = self.context.find(row["masukan"]) if row["rumus"] == "rujuk" else None
                if source:
                    found.append((source.key, self.context.cell(table, row, "nilai_tercetak")))
        return found


def _columns(context: Context, table: SampleTable, row: Row) -> Iterator[tuple[Quantity, str]]:
    tahun = context.sample.tahun
    if row["kunci"]:
        yield from (((name, row["kunci"], tahun), column) for name, column in _INDICATOR.get(table.kind, ()))
        yield from _yearly(table, row, tahun)
    if node := _node(table, row):
        yield from (((name, node, tahun), column) for name, column in _NODE.get(table.kind, ()))
    if table.kind == "analisis_rendah":
        name, key = ("serapan", row["kunci_node"]) if row["jenis"] == "anggaran" else ("capaian", row["kunci"])
        yield (name, key, tahun), "persen_tercetak"
    yield from _other(context, table, row)


def _yearly(table: SampleTable, row: Row, tahun: int) -> Iterator[tuple[Quantity, str]]:
    """Columns that name their year."""
    key = row["kunci"]
    if table.kind == "riwayat_iku":
        for year in RIWAYAT_TAHUN:
            yield ("target", key, year), f"target_{year}"
            yield ("realisasi", key, year), f"realisasi_{year}"
            yield ("capaian", key, year), f"capaian_{year}_tercetak"
    elif table.kind in ("tujuan_sasaran", "definisi_iku"):
        for year in RENSTRA_TAHUN:
            yield ("target", key, year), f"target_{year}"
    elif table.kind == "capaian_iku":
        yield from ((("realisasi", key, year), f"realisasi_{year}") for year in CAPAIAN_IKU_TAHUN)
    elif table.kind == "indikator_program":
        yield ("realisasi", key, tahun - 1), "kondisi_awal"


def _node(table: SampleTable, row: Row) -> str:
    """The node whose money a row states; the last printed total is the money of all of them."""
    if row["jenis"] == _TOTAL:
        last = [other for other in table.rows if other["jenis"] == _TOTAL][-1]
        return _TOTAL if row is last else ""
    return row["kunci_node"]


def _own_area(context: Context, table: SampleTable) -> str | None:
    names = [row["wilayah"] for row in table.rows if row["jenis"] == "kab_kota"]
    return own_area(context.sample.manifest["instansi"]["daerah"], names) or None


def _other(context: Context, table: SampleTable, row: Row) -> Iterator[tuple[Quantity, str]]:
    """Series by year, the office's own area among the comparators, revenue by source and by unit."""
    tahun = context.sample.tahun
    if table.kind == "rincian" and row["seri"] in ("target", "realisasi") and row["kategori"].isdigit():
        yield (row["seri"], str(table.options.get("kunci", "")), int(row["kategori"])), "nilai"
    if table.kind == "pembanding" and row["wilayah"] == _own_area(context, table):
        yield ("realisasi", row["kunci"], tahun), "nilai" if row.has("nilai") else "nilai_tercetak"
    names = (("pendapatan_target", "target"), ("pendapatan_realisasi", "realisasi"))
    if table.kind == "pendapatan_sumber" or (table.kind == "pendapatan_unit" and row["jenis"] == _TOTAL):
        source = row["nama"] if table.kind == "pendapatan_sumber" else f"Pendapatan BLUD {row['kelompok']}"
        for name, column in (*names, ("pendapatan_persen", "persen_tercetak")):
            yield (name, source.casefold(), tahun), column
