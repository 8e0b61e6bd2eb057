"""Where the table begins: the header row is found by its words, also when it is two or three rows with merged cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from capaian.exchange.mapping import Columns, header_key
from capaian.exchange.sipd.table import Row, Table

LOOK_AT: Final = 40
_MOST_ROWS: Final = 3


@dataclass(frozen=True)
class Header:
    """First and last row of the header (from 1) and the places of our columns; a code may be spread over several."""

    first_row: int
    last_row: int
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def cells(self, row: Row, name: str) -> list[Any]:
        """The cells of one of our columns that are not empty."""
        places = self.places.get(name, ())
        if len(places) == 1:  # as a rule, and asked ten times for each of a hundred thousand rows
            place = places[0]
            return [row[place]] if place < len(row) and row[place] not in ("", None) else []
        return [row[place] for place in places if place < len(row) and row[place] not in ("", None)]


def find_header(
    table: Table, rows: Sequence[tuple[int, Row]], columns: Columns, amounts: Sequence[str], key: str = "kode"
) -> Header | None:
    """The header among the first rows of a sheet: the one that names `key`, an amount and most columns; None if none.

    `amounts` are the columns of which one must be there.
    """
    words = {header_key(word): name for name, texts in columns.items() for word in texts}
    filled = [list(map(_text, row)) for _, row in rows]
    _spread_merged(table, rows, filled)
    best: tuple[int, int, Header] | None = None
    for start in range(len(filled)):
        for height in range(1, min(_MOST_ROWS, len(filled) - start) + 1):
            places = _places(filled[start : start + height], words)
            if key not in places or not any(name in places for name in amounts):
                continue
            rank = (len(places), -height)
            if best is None or rank > best[:2]:
                best = (*rank, Header(rows[start][0], rows[start + height - 1][0], places))
    return best[2] if best else None


def _places(block: Sequence[Sequence[str]], words: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Our columns in a block of header rows: the most specific text decides, then the whole from top to bottom."""
    found: dict[str, list[int]] = {}
    for place in range(max(map(len, block))):
        texts = [row[place] for row in block if place < len(row) and row[place]]
        texts = list(dict.fromkeys(texts))
        candidates = [" ".join(texts), *reversed(texts)]
        name = next((words[key] for key in map(header_key, candidates) if key in words), None)
        if name:
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _spread_merged(table: Table, rows: Sequence[tuple[int, Row]], filled: list[list[str]]) -> None:
    """A merged header cell speaks for all the cells that it covers."""
    for (top, left), (bottom, right) in table.merged:
        if top >= len(filled):
            continue
        left, right = left - table.first_column, right - table.first_column
        text = filled[top][left] if 0 <= left < len(filled[top]) else ""
        for line in filled[top : bottom + 1]:
            for place in range(max(left, 0), min(right + 1, len(line))):
                line[place] = text


def _text(cell: Any) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""
