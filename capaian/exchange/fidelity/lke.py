"""AKIP: the value that a document prints, added up again from the components that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.samples.tables import SampleTable

_FORMULA = "Σ nilai komponen"


def component_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The realisasi of the indicator that the table names (`kunci`), where a table of results prints it."""
    known = {row["komponen"]: row.angka("nilai") for row in table.rows}
    total = sum((value for value in known.values() if value is not None), Decimal(0))
    inputs = {row["komponen"]: row["nilai"] for row in table.rows if row["nilai"]}
    for other in context.sample.of_kind("capaian_iku"):
        for row in other.rows:
            if row["kunci"] == table.options.get("kunci"):
                yield from compare(context.cell(other, row, "realisasi"), total, _FORMULA, inputs)
