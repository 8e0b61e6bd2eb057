"""SKM: the index that a document prints, computed again from the means that it prints."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.samples.skm import read_mean, skm_pack
from capaian.exchange.samples.tables import SampleTable
from capaian.rules.skm import compute_ikm

_FORMULA = "Σ NRR ÷ banyaknya unsur × 25"


def nrr_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The realisasi of the indicator that the table names (`kunci`), where a table of results prints it."""
    means = {row["unsur"]: read_mean(row["nrr"]) for row in table.rows}
    inputs = {row["unsur"]: row["nrr"] for row in table.rows}
    for other in context.sample.of_kind("capaian_iku"):
        for row in other.rows:
            if row["kunci"] == table.options.get("kunci"):
                value = compute_ikm(means, skm_pack()).nilai
                yield from compare(context.cell(other, row, "realisasi"), value, _FORMULA, inputs)
