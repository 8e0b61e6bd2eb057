"""The same quantity printed in two places: each later cell against the first."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.exchange.fidelity.cells import Cell
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare, compare_text
from capaian.exchange.fidelity.quantities import DERIVED, TIPE, Quantity, QuantityIndex


def restated(context: Context, index: QuantityIndex) -> Iterator[Figure]:
    """Every cell that repeats a quantity which an earlier table, or an earlier row, has printed."""
    for quantity, cells in index.cells.items():
        first = cells[0]
        for cell in cells[1:]:
            yield from _compare(context, quantity, first, cell)


def _compare(context: Context, quantity: Quantity, first: Cell, cell: Cell) -> Iterator[Figure]:
    tipe = TIPE.get(quantity[0], "angka")
    formula = f"sama dengan {first.place}"
    if cell.read(tipe) is None or first.read(tipe) is None:
        yield from compare_text(cell, first, formula)
        return
    printed = first.read(tipe)
    value = context.value_of(first, tipe) if quantity[0] in DERIVED else printed and printed.value
    yield from compare(
        cell,
        value,
        formula,
        {first.place: first.text},
        tipe=tipe,
        is_restated=True,
    )


