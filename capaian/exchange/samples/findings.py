"""What a readable sample says against itself: money of a parent that its printed children do not add up to.

Real documents contain such, so a finding is reported and refuses nothing (design, section 4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from capaian.exchange.samples.kinds import NODE_JENIS
from capaian.exchange.samples.tables import Row, SampleTable, parent_key
from capaian.rules.numbers import format_number

# The columns of money that add up along the programme tree, by kind of table.
MONEY_TREES: dict[str, tuple[str, ...]] = {
    "rencana_kerja": ("anggaran",),
    "kinerja_anggaran": ("pagu", "realisasi_anggaran"),
    "rencana_aksi": ("anggaran",),
    "pemetaan": ("pagu", "realisasi_anggaran"),
}


@dataclass(frozen=True)
class Finding:
    """One contradiction: where it stands, the stated amount, what its printed children give, what is not printed."""

    file: str
    line: int
    column: str
    node: str
    stated: int
    summed: int
    without_amount: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = (
            f"{self.file} baris {self.line}, kolom {self.column}: {self.node} tercetak {format_number(self.stated)}, "
            f"jumlah anaknya {format_number(self.summed)}, selisih {format_number(self.stated - self.summed)}."
        )
        if self.without_amount:
            said += f" Jumlah uang {', '.join(self.without_amount)} tidak tercetak."
        return said

    def to_dict(self) -> dict[str, Any]:
        """The finding as data, with its sentence."""
        return {**asdict(self), "message": str(self)}


def money_findings(tables: Iterable[SampleTable]) -> Iterator[Finding]:
    """Every stated parent that differs from the sum of its children in the same table and column."""
    for table in tables:
        for column in MONEY_TREES.get(table.kind, ()):
            nodes = first_rows(table, column)
            for key, row in nodes.items():
                children = {child: nodes[child].rupiah(column) for child in nodes if parent_key(child) == key}
                stated, summed = row.rupiah(column), sum(amount or 0 for amount in children.values())
                if children and stated is not None and stated != summed:
                    blank = tuple(child for child, amount in children.items() if amount is None)
                    yield Finding(table.file, row.line, column, key, stated, summed, blank)


def first_rows(table: SampleTable, column: str) -> dict[str, Row]:
    """The row of each node that carries its money: the first with a value, else the first."""
    found: dict[str, Row] = {}
    for row in table.rows:
        key = row["kunci_node"]
        if key and row["jenis"] in NODE_JENIS and (key not in found or (row[column] and not found[key][column])):
            found[key] = row
    return found
