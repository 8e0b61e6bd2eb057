"""What the families of figures share: finding tables and cells, the office's policy, what was computed so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from capaian.exchange.fidelity.cells import Cell, CellKey
from capaian.exchange.fidelity.figures import Figure
from capaian.exchange.samples.tables import Row, Sample, SampleTable
from capaian.rules.capaian import CapaianRule
from capaian.rules.capaian_forms import Arah, Rumus

_ROW_KEYS: tuple[str, ...] = (
    "kunci",
    "kunci_node",
    "kunci_sasaran",
    "wilayah",
    "kategori",
    "unit",
    "nama",
    "jabatan",
    "kecamatan",
)
_ROW_KEYS += ("jenis",)


@dataclass
class Context:
    """A sample on its way through the check. `computed` holds the recomputed figures by cell."""

    sample: Sample
    computed: dict[CellKey, Figure] = field(default_factory=dict)

    def cell(self, table: SampleTable, row: Row, column: str) -> Cell:
        return Cell(self.sample, table, row, column)

    @property
    def policy(self) -> dict[str, Any]:
        return cast(dict[str, Any], self.sample.manifest["policy"])

    @cached_property
    def directions(self) -> dict[str, str]:
        """Direction by indicator, from the first table that declares it."""
        found: dict[str, str] = {}
        for table in self.sample.tables:
            for row in table.rows:
                if row["kunci"] and row["arah"]:
                    found.setdefault(row["kunci"], row["arah"])
        return found

    def rule(self, row: Row) -> CapaianRule | None:
        """The rule of the row's indicator: its declared direction, the office's formula, decimals and limits."""
        arah = row["arah"] or self.directions.get(row["kunci"], "")
        return self.make_rule(cast(Arah, arah)) if arah else None

    def make_rule(self, arah: Arah, rumus: Rumus | None = None) -> CapaianRule:
        """A rule of the office with this direction, and another formula where one is named."""
        own: Rumus = "rasio" if arah == "naik" else self.policy["rumus_turun"]
        upper, lower = (self.policy.get(name) for name in ("batas_atas", "batas_bawah"))
        return CapaianRule(
            arah,
            rumus or own,
            None if upper is None else Decimal(str(upper)),
            None if lower is None else Decimal(str(lower)),
            int(self.policy["desimal"]),
        )

    def add(self, figure: Figure) -> None:
        """Remember what was computed for a cell; of several figures one that agrees with the print."""
        if figure.cell not in self.computed or figure.status == "sama":
            self.computed[figure.cell] = figure

    def unrounded(self, cell: Cell) -> Decimal | None:
        """Our unrounded value of a derived cell whose print agrees with it."""
        figure = self.computed.get(cell.key)
        derived = cell.column.endswith("_tercetak") and figure and figure.status == "sama"
        return figure.value if figure and derived else None

    def value_of(self, cell: Cell) -> Decimal | None:
        """What a cell is worth to others: ours unrounded where it agrees with the print, else as printed."""
        printed = cell.read("bebas") or cell.read("target")
        found = self.unrounded(cell)
        if found is not None:
            return found
        return printed.value if printed else None

    def tables_named(self, name: str) -> Iterator[SampleTable]:
        """The tables of a short name: `tabel_3_9`."""
        for table in self.sample.tables:
            if table.name == name or table.name.startswith(f"{name}_"):
                yield table

    def find(self, reference: str) -> Cell | None:
        """The cell that a reference names: `tabel_3_9:jumlah:persen`, `gambar_3_1:2020/target:nilai`."""
        name, _, rest = reference.partition(":")
        key, _, column = rest.rpartition(":")
        for table in self.tables_named(name):
            row = _find_row(table, key)
            if row is None:
                continue
            for candidate in (column, f"{column}_tercetak"):
                if candidate in row.cells:
                    return self.cell(table, row, candidate)
        return None


def _find_row(table: SampleTable, key: str) -> Row | None:
    for name in _ROW_KEYS:
        for row in table.rows:
            if row[name] == key and key:
                return row
    category, _, series = key.partition("/")
    return next((row for row in table.rows if series and (row["kategori"], row["seri"]) == (category, series)), None)
