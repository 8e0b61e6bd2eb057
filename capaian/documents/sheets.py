"""Worksheets that a document brings for its workbook: exact numbers, and formulas that a spreadsheet can compute again.

A document that has any is written to .xlsx as these, others as their tables; no other renderer draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

# Rows above those of a sheet: its title, what it says below, an empty one, and the head.
SHEET_TOP: Final = 4


@dataclass(frozen=True)
class SheetColumn:
    """One column: its head, its width in characters, and the decimals with which its numbers are shown.

    `is_vertical` turns the head, for many narrow columns.
    """

    header: str
    width: float = 12
    decimals: int = 2
    is_vertical: bool = False


@dataclass(frozen=True)
class SheetCell:
    """A text, or an exact number as plain digits (`84.5`).

    `formula` (without `=`) computes what is given here as its result; with an empty result it shows nothing.
    """

    text: str = ""
    number: str = ""
    formula: str = ""
    indent: int = 0
    tone: Literal["", "good", "warn", "bad", "muted"] = ""


@dataclass(frozen=True)
class SheetRow:
    """A line of cells from the first column on. `role`: body, group (a shaded line within) or total."""

    cells: tuple[SheetCell, ...]
    role: Literal["body", "group", "total"] = "body"


@dataclass(frozen=True)
class Sheet:
    """One worksheet. `frozen` are the columns that stay in sight; `notes` stand below the rows."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    frozen: int = 1


def cell_name(row: int, column: int, sheet: str = "") -> str:
    """The address of a cell of a `Sheet` by its row and column from 0: `C7`; with `sheet` as seen from another one."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    prefix = f"'{sheet}'!" if sheet else ""
    return f"{prefix}{letters}{row + SHEET_TOP + 1}"


def read_sheet(data: dict[str, Any]) -> Sheet:
    """The sheet that `dataclasses.asdict` wrote."""
    columns = tuple(SheetColumn(**one) for one in data["columns"])
    rows = tuple(SheetRow(tuple(SheetCell(**cell) for cell in row["cells"]), row["role"]) for row in data["rows"])
    return Sheet(**{**data, "columns": columns, "rows": rows, "notes": tuple(data["notes"])})
