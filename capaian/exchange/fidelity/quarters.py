"""Quarterly targets against the target of the year: as the declared `sifat` asks, as a sum, and as an even split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from capaian.exchange.fidelity.cells import Cell, Printed
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.fidelity.reasons import TRUNCATED, Candidate, cut
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.numbers import divide, format_number, round_half_up
from capaian.rules.triwulan import QUARTERS, Sifat, aggregate

COLUMNS = ("tw1", "tw2", "tw3", "tw4")
FORMULAS = {"jumlah": "Σ triwulan", "posisi_akhir": "nilai triwulan terakhir", "rata_rata": "Σ triwulan ÷ n"}


@dataclass(frozen=True)
class _Plan:
    """A row of the rencana aksi as numbers; a quarter without a target is None."""

    target: Decimal
    quarters: tuple[Printed | None, ...]

    @property
    def values(self) -> list[Decimal | None]:
        return [printed.value if printed else None for printed in self.quarters]

    @property
    def total(self) -> Decimal:
        return sum((value or Decimal(0) for value in self.values), Decimal(0))

    @property
    def share(self) -> Decimal:
        return divide(self.target, Decimal(QUARTERS))

    @property
    def step(self) -> Decimal:
        """One unit of the last printed decimal of the quarters."""
        return Decimal(1).scaleb(-max((printed.decimals for printed in self.quarters if printed), default=0))

    @property
    def is_even_split(self) -> bool:
        """Whether at least three quarters are a quarter of the target, up to one unit; else the row is a plan.

        Three and not four, so that one wrong quarter is reported and does not turn the row into a plan.
        """
        near = [value for value in self.values if value is not None and abs(value - self.share) < self.step]
        return None not in self.values and len(near) >= QUARTERS - 1


def quarter_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Target of the year from its quarters, and each quarter of an even split from the target."""
    for row in table.rows:
        cell = context.cell(table, row, "target")
        target = cell.read("target")
        quarters = tuple(context.cell(table, row, name).read("target") if row.has(name) else None for name in COLUMNS)
        if target is None or not any(quarters):
            continue
        plan = _Plan(target.value, quarters)
        yield from _target(cell, plan, row)
        if plan.is_even_split:
            yield from _parts(context, table, row, plan)


def _target(cell: Cell, plan: _Plan, row: Row) -> Iterator[Figure]:
    inputs = {name: row[name] for name in COLUMNS if row.has(name)}
    sifat = cast(Sifat, row["sifat"])
    value = aggregate(plan.values, sifat)
    candidates = [*_wrong_kind(plan, sifat), *_rounded_parts(plan)]
    yield from compare(
        cell, value, FORMULAS[sifat], {**inputs, "sifat": sifat}, tipe="target", candidates=candidates, is_exact=True
    )
    if sifat != "jumlah" and plan.is_even_split:
        formula = "Σ triwulan (target yang dibagi rata)"
        candidates = list(_rounded_parts(plan))
        yield from compare(cell, plan.total, formula, inputs, tipe="target", candidates=candidates, is_exact=True)


def _parts(context: Context, table: SampleTable, row: Row, plan: _Plan) -> Iterator[Figure]:
    """Each quarter as a quarter of the target; where the parts add up, the remainder may stand in any of them."""
    for name, printed in zip(COLUMNS, plan.quarters, strict=True):
        value = plan.share
        balanced = plan.total == plan.target and printed and abs(printed.value - plan.share) < plan.step
        if balanced and printed:
            value = printed.value
        cell = context.cell(table, row, name)
        yield from compare(cell, value, "target ÷ 4", {"target": row["target"]}, tipe="target")


def _wrong_kind(plan: _Plan, sifat: Sifat) -> Iterator[Candidate]:
    if sifat != "jumlah":
        yield f"target dibagi ke triwulan (Σ triwulan), padahal sifatnya {sifat}", plan.total
        for reason, value in _rounded_parts(plan):
            yield f"target dibagi ke triwulan, padahal sifatnya {sifat}; {reason}", value


def _rounded_parts(plan: _Plan) -> Iterator[Candidate]:
    """The target is what the quarters were made from when each of them is a quarter of it, rounded or cut."""
    if plan.total == plan.target:
        return
    for reason, made in (("dibulatkan", round_half_up), (TRUNCATED, cut)):
        if all(printed and printed.value == made(plan.share, printed.decimals) for printed in plan.quarters):
            yield f"setiap triwulan {reason}, jumlahnya {format_number(plan.total)}", plan.target
            return
