"""The cells of a table by their places: header rows built from groups, body rows with the places spans cover."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import Align, Cell, Column, Row, Table

_SAYS_NOTHING: Final = frozenset({"", "-", "–", "—"})


@dataclass(frozen=True)
class Place:
    """One place of a row: a cell that begins here (`covered` false), or one reaching down from a row above."""

    column: int
    cell: Cell
    covered: bool = False

    @property
    def colspan(self) -> int:
        """How many columns the place takes."""
        return self.cell.colspan


def is_layout(table: Table) -> bool:
    """Whether a table only places words side by side (Nama : …): without caption and head it is drawn without lines."""
    return not table.caption and not header_rows(table)


def font_pt(table: Table) -> float:
    """The size of its text in points: what only places words side by side reads like the text around it."""
    return theme.BODY_PT if is_layout(table) else theme.TABLE_PT[table.font_size]


def padding_mm(table: Table) -> float:
    """The distance of its text from the edges of a cell."""
    return theme.LAYOUT_PADDING_MM if is_layout(table) else theme.CELL_PADDING_MM[table.font_size]


def header_rows(table: Table) -> list[list[Place]]:
    """The header as rows of places: one row, two when a column has a group, and the row (1) (2) (3) when asked for.

    A table whose columns have neither header nor group has no header rows.
    """
    if not table.numbered_columns and not any(c.header or c.group for c in table.columns):
        return []
    rows = _grouped_header(table.columns) if any(c.group for c in table.columns) else None
    if rows is None:
        rows = [[Place(i, _head(column.header)) for i, column in enumerate(table.columns)]]
    if table.numbered_columns:
        rows.append([Place(i, _head(f"({i + 1})")) for i in range(len(table.columns))])
    return rows


def _head(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    return Cell(text, bold=True, colspan=colspan, rowspan=rowspan, align="center")


def _grouped_header(columns: tuple[Column, ...]) -> list[list[Place]]:
    upper: list[Place] = []
    lower: list[Place] = []
    start = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        for_group = list(members)
        if group:
            upper.append(Place(start, _head(group, colspan=len(for_group))))
            lower += [Place(start + i, _head(c.header)) for i, c in enumerate(for_group)]
        else:
            for i, column in enumerate(for_group):
                tall = Place(start + i, _head(column.header, rowspan=2))
                upper.append(tall)
                lower.append(Place(tall.column, tall.cell, covered=True))
        start += len(for_group)
    return [upper, lower]


def without_empty_columns(table: Table) -> Table:
    """The table without columns in which no row says anything: empty, or a dash from top to bottom.

    Rows that sum up do not count, nor do headings over several columns. A cell over such a column becomes narrower.
    """
    rows = body_rows(table)
    if not rows:
        return table
    said: set[int] = set()
    for row, places in zip(table.rows, rows, strict=True):
        for place in places:
            counts = row.role == "body" or (row.role == "group" and place.colspan == 1)
            if counts and place.cell.text.strip() not in _SAYS_NOTHING:
                said.update(range(place.column, place.column + place.colspan))
    kept = [number for number in range(len(table.columns)) if number in said]
    if not said or len(kept) == len(table.columns):
        return table
    narrowed = tuple(replace(row, cells=_cells_in(places, said)) for row, places in zip(table.rows, rows, strict=True))
    return replace(table, columns=tuple(table.columns[number] for number in kept), rows=narrowed)


def _cells_in(places: list[Place], kept: set[int]) -> tuple[Cell, ...]:
    """The cells that begin in a row, each as wide as its columns that are kept."""
    widths = [(place, len(kept & set(range(place.column, place.column + place.colspan)))) for place in places]
    return tuple(replace(place.cell, colspan=width) for place, width in widths if width and not place.covered)


def body_rows(table: Table) -> list[list[Place]]:
    """The body as rows of places that fill the width of the table; what a row leaves out becomes empty cells.

    A span that reaches beyond the last row or column is cut there. Raises `ValueError` when a row has too many cells.
    """
    width, total = len(table.columns), len(table.rows)
    reaching: dict[int, tuple[Cell, int]] = {}
    result: list[list[Place]] = []
    for number, row in enumerate(table.rows):
        places = _row_places(row, width, total - number, reaching, number)
        for place in places:
            if not place.covered and place.cell.rowspan > 1:
                reaching[place.column] = (place.cell, place.cell.rowspan)
        reaching = {column: (cell, left - 1) for column, (cell, left) in reaching.items() if left > 1}
        result.append(places)
    return result


def _row_places(
    row: Row, width: int, rows_left: int, reaching: dict[int, tuple[Cell, int]], number: int
) -> list[Place]:
    places: list[Place] = []
    waiting = list(row.cells)
    column = 0
    while column < width:
        if column in reaching:
            place = Place(column, reaching[column][0], covered=True)
        else:
            cell = waiting.pop(0) if waiting else Cell("")
            room = _room(column, width, reaching)
            place = Place(column, _fitted(cell, room, rows_left))
        places.append(place)
        column += place.colspan
    if waiting:
        raise ValueError(f"row {number + 1} has {len(waiting)} cells too many for {width} columns")
    return places


def _room(column: int, width: int, reaching: dict[int, tuple[Cell, int]]) -> int:
    following = [taken for taken in reaching if taken > column]
    return min([width, *following]) - column


def _fitted(cell: Cell, room: int, rows_left: int) -> Cell:
    colspan, rowspan = max(1, min(cell.colspan, room)), max(1, min(cell.rowspan, rows_left))
    if (colspan, rowspan) == (cell.colspan, cell.rowspan):
        return cell
    return Cell(cell.text, cell.bold, colspan, rowspan, cell.align, cell.tone, cell.indent, cell.trace)


def align_of(table: Table, place: Place, row: Row | None = None) -> Align:
    """How a place is aligned: as its cell says, else as its column; a group row reads from the left."""
    if place.cell.align is not None:
        return place.cell.align
    if row is not None and row.role == "group" and place.colspan > 1:
        return "left"
    return table.columns[place.column].align
