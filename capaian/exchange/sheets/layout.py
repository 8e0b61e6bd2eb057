"""Where things stand in a worksheet of a template; the writer and the reader share it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

GUIDE_SHEET: Final = "Petunjuk"
INDEX_SHEET: Final = "Daftar"
FINDINGS_SHEET: Final = "Temuan"
CHOICES_SHEET: Final = "_pilihan"
# The row of the column heads, counted from 1 as Excel does; the values begin below it.
HEAD_ROW: Final = 7
# Longer texts fit no form.
MAX_LENGTH: Final = 120
_LONGEST_NAME: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Column:
    """A column of the grid: its head and its width in characters."""

    label: str
    width: int


COLUMNS: Final = (
    Column("No", 5),
    Column("Kode", 16),
    Column("Indikator", 52),
    Column("Satuan", 14),
    Column("Target", 16),
    Column("Sebelumnya", 16),
    Column("Isian", 20),
    Column("Keterangan", 46),
)
# Counted from 1. The key of a row stands in a hidden column behind the visible ones.
NAMA, SATUAN, TARGET, ISIAN, KUNCI = 3, 4, 5, 7, 9
ISIAN_LETTER: Final = "G"


def cell_of(row: int, column: int = ISIAN) -> str:
    """The address of a cell of the grid: `G12`."""
    return f"{chr(ord('A') + column - 1)}{row}"


def sheet_names(labels: Iterable[str]) -> list[str]:
    """A name that Excel takes for each label: short, without forbidden signs, no two alike."""
    taken = {GUIDE_SHEET.lower(), INDEX_SHEET.lower(), FINDINGS_SHEET.lower(), CHOICES_SHEET, "history"}
    found = []
    for label in labels:
        stem = _FORBIDDEN.sub(" ", label).strip()[:_LONGEST_NAME].strip() or "Lembar"
        name, number = stem, 1
        while name.lower() in taken:
            number += 1
            suffix = f" ({number})"
            name = stem[: _LONGEST_NAME - len(suffix)] + suffix
        taken.add(name.lower())
        found.append(name)
    return found
