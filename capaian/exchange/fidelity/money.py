"""Rows of money: percentages and remainders within a row, sums over the columns of a row, differences of versions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from capaian.exchange.fidelity.cells import amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.fidelity.reasons import Candidate
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.efisiensi import compute_serapan, compute_sisa


class MoneyColumns(NamedTuple):
    """The columns of one kind of table: ceiling, spending, and the derived ones ("" where there is none)."""

    pagu: str
    realisasi: str
    persen: str
    sisa: str


COLUMNS: dict[str, MoneyColumns] = {
    "kinerja_anggaran": MoneyColumns("pagu", "realisasi_anggaran", "persen_tercetak", "sisa_tercetak"),
    "realisasi_belanja": MoneyColumns("anggaran", "total_tercetak", "persen_tercetak", "sisa_tercetak"),
    "pemetaan": MoneyColumns("pagu", "realisasi_anggaran", "persen_tercetak", ""),
    "anggaran_sasaran": MoneyColumns("pagu_tercetak", "realisasi_tercetak", "persen_tercetak", ""),
    "pendapatan_sumber": MoneyColumns("target", "realisasi", "persen_tercetak", "sisa_tercetak"),
    "pendapatan_unit": MoneyColumns("target", "realisasi", "persen_tercetak", ""),
}
_BELANJA = ("pegawai", "barang_jasa", "modal")
_FIRST, _MIDDLE, _LAST = "renja_murni_pagu", "kua_ppas_pagu", "apbd_perubahan_pagu"
OTHER_DENOMINATOR = "persen terhadap penyebut lain"


def money_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Percentage spent (or earned) and what is left, from the two amounts of the row."""
    columns = COLUMNS[table.kind]
    earned = table.kind.startswith("pendapatan")
    for row in table.rows:
        pagu, spent = amount(row, columns.pagu), amount(row, columns.realisasi)
        inputs = {columns.pagu: row[columns.pagu], columns.realisasi: row[columns.realisasi]}
        yield from compare(
            context.cell(table, row, columns.persen),
            compute_serapan(pagu, spent).nilai,
            "realisasi ÷ target × 100" if earned else "realisasi ÷ pagu × 100",
            inputs,
            candidates=_other_denominators(table, row, columns, spent),
        )
        if columns.sisa and (row.has(columns.sisa) or pagu is not None):
            # The revenue table prints what came in above the target, and says so in words (LEBIH).
            left = compute_sisa(spent, pagu) if earned else compute_sisa(pagu, spent)
            formula = "realisasi − target" if earned else "pagu − realisasi"
            yield from compare(context.cell(table, row, columns.sisa), left.nilai, formula, inputs, tipe="uang")


def belanja_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Spending of a row as the sum of its three kinds."""
    for row in table.rows:
        parts = [amount(row, column) for column in _BELANJA if row[column]]
        total = None if None in parts or not parts else sum(part or 0 for part in parts)
        inputs = {column: row[column] for column in _BELANJA}
        cell = context.cell(table, row, "total_tercetak")
        yield from compare(cell, total, "pegawai + barang dan jasa + modal", inputs, tipe="uang")


def versi_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The difference of the last and the first version of the pagu."""
    for row in table.rows:
        first, middle, last = (amount(row, column) for column in (_FIRST, _MIDDLE, _LAST))
        value = None if last is None or first is None else last - first
        between = None if middle is None or first is None else middle - first
        cell = context.cell(table, row, "selisih_tercetak")
        inputs = {column: row[column] for column in (_LAST, _FIRST)}
        others = [("selisih dengan KUA-PPAS", between)]
        yield from compare(cell, value, "APBD perubahan − renja murni", inputs, tipe="uang", candidates=others)


def _other_denominators(
    table: SampleTable, row: Row, columns: MoneyColumns, spent: Decimal | None
) -> Iterator[Candidate]:
    if spent is None:
        return
    for other in table.rows:
        if other is not row and (pagu := amount(other, columns.pagu)):
            yield f"{OTHER_DENOMINATOR} ({other[columns.pagu]})", compute_serapan(pagu, spent).nilai or Decimal(0)
