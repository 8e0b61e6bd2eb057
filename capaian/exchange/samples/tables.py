"""A sample as it was read: tables of rows of cells as printed, with typed access."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from capaian.rules.numbers import Convention, parse_number, parse_rupiah

SAMPLES_DIR = Path(__file__).resolve().parents[3] / "samples"
EMPTY = {"", "-"}


@dataclass(frozen=True)
class Row:
    """One printed row: its cells as printed, and typed access to them. `line` is the line in the file."""

    line: int
    cells: dict[str, str]
    convention: Convention

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        return self[column] not in EMPTY

    def rupiah(self, column: str) -> int | None:
        """Whole rupiah; a printed dash is zero, an empty cell is None."""
        return None if self[column] == "" else parse_rupiah(self[column], self.convention)

    def angka(self, column: str) -> Decimal | None:
        """A decimal number, or None for an empty cell or a dash."""
        return parse_number(self[column], self.convention) if self.has(column) else None

    def cacah(self, column: str) -> int | None:
        """A whole number, or None for an empty cell or a dash. Dots and commas group thousands."""
        return parse_rupiah(self[column], self.convention) if self.has(column) else None


@dataclass(frozen=True)
class SampleTable:
    """One file of a sample: which printed table it is, and its rows in printed order."""

    file: str
    kind: str
    table: str
    title: str
    options: dict[str, Any]
    rows: list[Row]

    @property
    def name(self) -> str:
        return self.file.removesuffix(".csv")


def parent_key(key: str) -> str:
    """The node one level up; nothing for a programme or a line without a code (a kegiatan has two parts)."""
    parts = key.partition("#")[0].split(".")
    return ".".join({6: parts[:5], 5: parts[:3]}.get(len(parts), []))


@dataclass(frozen=True)
class Sample:
    """A whole sample: its manifest, its tables and its narrative."""

    name: str
    seed: str
    manifest: dict[str, Any]
    tables: list[SampleTable]
    narasi: dict[str, Any]
    checksum: str
    convention: Convention = "id"
    folder: Path = SAMPLES_DIR

    @property
    def tahun(self) -> int:
        return int(self.manifest["tahun"])

    @property
    def document(self) -> str:
        return str(self.manifest["document"])

    @property
    def row_count(self) -> int:
        return sum(len(table.rows) for table in self.tables)

    def of_kind(self, *kinds: str) -> Iterator[SampleTable]:
        """The tables of these kinds, in the order of the manifest."""
        return (table for table in self.tables if table.kind in kinds)
