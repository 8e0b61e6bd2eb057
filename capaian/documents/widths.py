"""Widths of table columns: the shares a report asks for, corrected so that no word or number is cut within."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import Orientation, Table
from capaian.documents.grid import body_rows, font_pt, header_rows, padding_mm
from capaian.documents.metrics import text_width_em

PT_TO_MM: Final = 25.4 / 72
# One word never takes more than this share of the page: a long address breaks rather than starve its neighbours.
_WIDEST_WORD: Final = 0.3
_BREAKS: Final = re.compile(r"\s+|(?<=-)(?=[^\W\d])")


def column_widths_mm(table: Table, orientation: Orientation) -> list[float]:
    """The widths of the columns in millimetres; together they fill the page between its margins.

    A column narrower than its longest word gets that word's width, taken from columns with room to spare in proportion
    to their room. When the words of all columns do not fit at all, the widths follow the words.
    """
    available = float(theme.text_width_mm(orientation))
    total = sum(column.width for column in table.columns) or 1.0
    wanted = [available * column.width / total for column in table.columns]
    needed = _needed_mm(table, available)
    if sum(needed) >= available:
        return [available * need / sum(needed) for need in needed]
    lacking = sum(max(0.0, need - want) for need, want in zip(needed, wanted, strict=True))
    spare = sum(max(0.0, want - need) for need, want in zip(needed, wanted, strict=True))
    if not lacking:
        return wanted
    left = 1 - lacking / spare
    return [need if want <= need else need + (want - need) * left for need, want in zip(needed, wanted, strict=True)]


def _needed_mm(table: Table, available: float) -> list[float]:
    """For each column the width of its longest word with the padding around it."""
    size_mm = font_pt(table) * PT_TO_MM
    # A little more than the padding: borders, and rounding to whole units in the file.
    padding = 2 * padding_mm(table) + 0.5
    needed = [padding] * len(table.columns)
    for column, text, bold, indent in _single_cells(table):
        word = max((text_width_em(part, bold=bold) for part in _BREAKS.split(text)), default=0.0)
        width = min(word * size_mm + padding + indent, available * _WIDEST_WORD)
        needed[column] = max(needed[column], width)
    return needed


def _single_cells(table: Table) -> Iterator[tuple[int, str, bool, float]]:
    """Cells of one column: its number, the text, whether it is bold, and its indent in millimetres."""
    for places in header_rows(table):
        for place in places:
            if place.colspan == 1 and not place.covered:
                yield place.column, place.cell.text, True, 0.0
    for row, places in zip(table.rows, body_rows(table), strict=True):
        for place in places:
            if place.colspan == 1 and not place.covered:
                bold = place.cell.bold or row.role != "body"
                yield place.column, place.cell.text, bold, place.cell.indent * theme.INDENT_MM
