"""`capaian check SAMPLE`: every printed figure beside ours, the differences with their reasons, and the counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from capaian.exchange.fidelity import lke, skm, spm
from capaian.exchange.fidelity.comparators import pembanding_rows
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.details import lhe_rows, penjelasan_rows, rincian_rows
from capaian.exchange.fidelity.figures import Figure
from capaian.exchange.fidelity.money import belanja_rows, money_rows, versi_rows
from capaian.exchange.fidelity.quantities import QuantityIndex
from capaian.exchange.fidelity.quarters import quarter_rows
from capaian.exchange.fidelity.resources import row_sums
from capaian.exchange.fidelity.restated import restated
from capaian.exchange.fidelity.results import capaian_rows, efisiensi_rows
from capaian.exchange.fidelity.rollup import (
    group_sums,
    indicator_sums,
    node_counts,
    plan_total,
    sasaran_sums,
    totals,
    tree_sums,
)
from capaian.exchange.fidelity.sentences import kalimat_rows
from capaian.exchange.samples.tables import Sample, SampleTable

Family = Callable[[Context, SampleTable], Iterator[Figure]]
_SHOWN_INPUTS = 6


@dataclass(frozen=True)
class Counts:
    """How many figures of a table are the same, different, not computed."""

    sama: int = 0
    beda: int = 0
    tidak_dihitung: int = 0

    @property
    def total(self) -> int:
        return self.sama + self.beda + self.tidak_dihitung


def check_sample(sample: Sample) -> list[Figure]:
    """Compare all figures of a sample, in printed order. Pure: reads the sample, writes nothing."""
    context = Context(sample)
    index = QuantityIndex(context)
    families = _families(index)
    figures: list[Figure] = []
    for table in sample.tables:
        for family in families.get(table.kind, ()):
            for figure in family(context, table):
                figures.append(figure)
                context.add(figure)
    figures += restated(context, index)
    for table in sample.of_kind("kalimat"):
        figures += kalimat_rows(context, table)
    order = {table.file: number for number, table in enumerate(sample.tables)}
    return sorted(figures, key=lambda figure: (order[figure.cell[0]], figure.cell[1]))


def summary(figures: Iterable[Figure]) -> dict[str, Counts]:
    """Counts by printed table, in printed order; the key "" holds those of the whole sample."""
    found: dict[str, Counts] = {"": Counts()}
    for figure in figures:
        for table in ("", figure.table):
            before = found.get(table, Counts())
            found[table] = Counts(**{**vars(before), figure.status: getattr(before, figure.status) + 1})
    return found


def to_json(figures: Iterable[Figure]) -> dict[str, Any]:
    """All figures as data: `{figures: [{seed, table, row, column, printed, computed, equal, …}]}`."""
    return {"figures": [figure.to_dict() for figure in figures]}


def render_text(figures: list[Figure]) -> str:
    """The comparison for the terminal: differences, what could not be computed, counts."""
    different = [figure for figure in figures if figure.status == "beda"]
    unknown = [figure for figure in figures if figure.status == "tidak_dihitung"]
    lines = [f"Berbeda ({len(different)})", ""]
    for figure in different:
        lines += _difference(figure)
    lines += ["", f"Tidak dapat dihitung ({len(unknown)})", ""]
    lines += [
        f"{figure.table} · {figure.row} · {_column_words(figure.column)}: {figure.printed} — {figure.reason}"
        for figure in unknown
    ]
    lines += ["", f"{'Tabel':<24}{'sama':>7}{'beda':>7}{'tidak dihitung':>17}"]
    counts = summary(figures)
    for table, count in [*((name, count) for name, count in counts.items() if name), ("Jumlah", counts[""])]:
        lines.append(f"{table:<24}{count.sama:>7}{count.beda:>7}{count.tidak_dihitung:>17}")
    return "\n".join(lines)


def _difference(figure: Figure) -> list[str]:
    inputs = [f"{name} = {text}" for name, text in figure.inputs.items()]
    rest = len(inputs) - _SHOWN_INPUTS
    shown = "; ".join(inputs[:_SHOWN_INPUTS]) + (f"; … ({rest} lagi)" if rest > 0 else "")
    return [
        f"{figure.table} · {figure.row} · {_column_words(figure.column)}",
        f"    tercetak {figure.printed}, terhitung {figure.computed}",
        f"    rumus: {figure.formula} ({shown})",
        f"    alasan: {figure.reason}",
    ]


def _column_words(column: str) -> str:
    """The name of a column for a reader: `capaian_tercetak` is "capaian tercetak", `nilai_tercetak` just "tercetak"."""
    return "tercetak" if column == "nilai_tercetak" else column.replace("_", " ")


def _families(index: QuantityIndex) -> dict[str, tuple[Family, ...]]:
    """Which families look at which kind of table."""

    capaian = partial(_capaian, index)
    return {
        "capaian_iku": (capaian,),
        "riwayat_iku": (capaian,),
        "indikator_program": (capaian,),
        "kinerja_anggaran": (capaian, money_rows, tree_sums, totals),
        "efisiensi": (capaian, efisiensi_rows),
        "penjelasan": (penjelasan_rows,),
        "rencana_kerja": (tree_sums, totals),
        "rencana_aksi": (quarter_rows, tree_sums, plan_total),
        "pk_anggaran": (totals,),
        "pagu_versi": (versi_rows, node_counts, totals),
        "realisasi_belanja": (belanja_rows, money_rows, totals),
        "pemetaan": (money_rows, tree_sums, indicator_sums, totals),
        "anggaran_sasaran": (money_rows, sasaran_sums, totals),
        "pendapatan_sumber": (money_rows, totals),
        "pendapatan_unit": (money_rows, group_sums, totals),
        "fasilitas": (row_sums,),
        "tenaga_jabatan": (group_sums, totals),
        "tenaga_profesi": (row_sums, group_sums, totals),
        "pembanding": (pembanding_rows,),
        "rincian": (rincian_rows,),
        "lhe": (lhe_rows,),
        "odf": (group_sums, totals),
        "spm_layanan": (spm.layanan_rows,),
        "spm_program": (spm.unread_rows,),
        "spm_tercetak": (spm.unread_rows,),
        "spm_target": (spm.target_rows, spm.unread_rows),
        "spm_alokasi": (spm.alokasi_rows, spm.unread_rows),
        "spm_monev": (spm.monev_rows, spm.unread_rows),
        "skm_nrr": (skm.nrr_rows,),
        "akip_komponen": (lke.component_rows,),
    }


def _capaian(index: QuantityIndex, context: Context, table: SampleTable) -> Iterator[Figure]:
    return capaian_rows(context, index, table)
