"""The same quantity printed in two places: each later cell against the first."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, restate
from capaian.exchange.fidelity.quantities import QuantityIndex


def restated(context: Context, index: QuantityIndex) -> Iterator[Figure]:
    """Every cell that repeats a quantity which an earlier table, or an earlier row, has printed."""
    for cells in index.cells.values():
        first = cells[0]
        for cell in cells[1:]:
            yield from restate(cell, first, f"sama dengan {first.place}", context.unrounded(first))
