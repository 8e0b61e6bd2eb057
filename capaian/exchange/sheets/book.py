"""What every workbook that leaves Capaian holds to: a text is a text, never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINE_PT = 13.0
FONT: dict[str, Any] = {"font_name": "Arial", "font_size": 10}


def new_book(title: str, author: str) -> tuple[xlsxwriter.Workbook, io.BytesIO]:
    """A workbook in memory whose strings stay strings, and the buffer that it is written to."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": FONT,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "author": author, "created": _now()})
    return book, buffer


def text_format(book: xlsxwriter.Workbook, **look: Any) -> Format:
    """A format for texts. The quote prefix keeps `=1+1` a text also when somebody edits the cell and presses Enter."""
    return book.add_format({**FONT, "valign": "top", "quote_prefix": True, **look})


def write_text(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write a text, row and column counted from 0; an empty one leaves the cell with its look only."""
    if text:
        sheet.write_string(row, column, text[:32_000], look)
    else:
        sheet.write_blank(row, column, None, look)


def row_height(cells: Iterable[tuple[str, int]]) -> float:
    """The height in points of a row whose wrapped cells hold these texts at these widths in characters.

    A column takes a tenth more letters than its width in figures. Excel measures it again when somebody edits the
    row; other programs, and the printed page, never do.
    """
    lines = 1
    for text, width in cells:
        lines = max(lines, sum(max(1, -(-len(part) * 10 // max(width * 11, 1))) for part in text.splitlines()))
    return min(_LINE_PT * lines + 3.0, 400.0)


def _now() -> datetime:
    return timezone.localtime().replace(tzinfo=None)
