"""A form as data: title, columns with what they hold, rows, and the total; drawn as a sheet or as a table of a report.

A cell of a column with a formula is written to the sheet as that formula, with the value that we computed beside it;
a test lets a spreadsheet compute the formulas again and compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Value = str | int | Decimal | None
Kind = Literal["text", "center", "count", "decimal", "percent", "money"]


@dataclass(frozen=True)
class FormColumn:
    """One column: its head (with `group` over neighbours), what it holds, its width in characters.

    `formula` computes a cell out of its row, naming other columns by position from 0: `ROUND({3}/{2}*100,2)`. `total`
    is the formula of the last line over the cells of the column: `SUM({cells})`, empty for none.
    """

    head: str
    kind: Kind = "text"
    width: float = 12
    group: str = ""
    formula: str = ""
    total: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind not in ("text", "center")


@dataclass(frozen=True)
class FormRow:
    """A line; values by column, None where nothing is known.

    `head` are its leading cells, equal in neighbouring lines that belong together: a sheet merges them, a report prints
    the last of them as a heading over the lines. `counts` false leaves the line out of the total.
    """

    values: tuple[Value, ...]
    head: int = 0
    counts: bool = True


@dataclass(frozen=True)
class OfficialForm:
    """One of the forms of Permendagri 59/2021, of a unit or the district.

    `total` are the values of the last line by column, its first text spanning the columns before the first number;
    empty for a form without one. `notes` stand below.
    """

    kode: str
    judul: str
    place: str
    tahun: int
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    total: tuple[Value, ...] = ()
    notes: tuple[str, ...] = ()
    is_numbered: bool = False

    @property
    def nama(self) -> str:
        return f"Formulir {self.kode}"

    @property
    def title(self) -> tuple[str, str, str]:
        """The lines above the table, as printed."""
        return (self.nama.upper(), self.judul.upper(), f"{self.place.upper()} TAHUN {self.tahun}")


def known_sum(values: list[Value]) -> int | Decimal | None:
    """The sum of what is known; None where nothing is. Texts do not count."""
    known = [value for value in values if isinstance(value, int | Decimal)]
    if not known:
        return None
    total = sum((Decimal(value) for value in known), Decimal(0))
    return int(total) if all(isinstance(value, int) for value in known) else total
