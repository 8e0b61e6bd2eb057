"""Rows of resources: facilities by owner and health workers by profession add up across the row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.exchange.fidelity.cells import amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.samples.kinds import PEMILIKAN, PROFESI
from capaian.exchange.samples.tables import SampleTable

COLUMNS = {"fasilitas": PEMILIKAN, "tenaga_profesi": PROFESI}


def row_sums(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The printed sum of a row from its columns; an empty cell is none of them."""
    columns = COLUMNS[table.kind]
    for row in table.rows:
        inputs = {column: row[column] for column in columns if row.has(column)}
        value = sum((amount(row, column) or Decimal(0) for column in inputs), Decimal(0))
        cell = context.cell(table, row, "jumlah_tercetak")
        yield from compare(cell, value, "Σ kolom", inputs, tipe="cacah")
