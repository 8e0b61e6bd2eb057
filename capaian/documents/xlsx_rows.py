"""A list of any length as an Excel workbook: rows are written as they come, so memory does not grow with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capaian.documents import theme

# Limits of the format: rows of a sheet, and characters of a cell.
MOST_ROWS: Final = 1_048_576
MOST_CHARACTERS: Final = 32_767
_CUT: Final = " … (dipotong)"
# XML cannot hold these; Excel would call the file damaged.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_rows(
    handle: BinaryIO,
    *,
    name: str,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
    most_rows: int = MOST_ROWS,
) -> int:
    """Write `rows` under `columns` (head and width in characters) to .xlsx; returns how many rows there were.

    Every cell is text, so that nothing that begins like a formula becomes one. What exceeds a sheet goes on in the
    next, `name` counted up; a text longer than a cell holds is cut with a word about it.
    """
    book = xlsxwriter.Workbook(
        handle,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    head = book.add_format(
        {"bold": True, "bg_color": f"#{theme.HEADER_FILL}", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    body = book.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
    sheets = _sheets(book, name, columns, head)
    sheet, y, total = next(sheets), 1, 0
    for row in rows:
        if y == most_rows:
            sheet, y = next(sheets), 1
        for x, text in enumerate(row):
            sheet.write_string(y, x, _cell(text), body)
        y, total = y + 1, total + 1
    book.close()
    return total


def _sheets(
    book: xlsxwriter.Workbook, name: str, columns: Sequence[tuple[str, float]], head: Format
) -> Iterator[Worksheet]:
    number = 0
    while True:
        number += 1
        sheet = book.add_worksheet(name if number == 1 else f"{name} ({number})")
        sheet.freeze_panes(1, 0)
        for x, (title, width) in enumerate(columns):
            sheet.set_column(x, x, width)
            sheet.write_string(0, x, title, head)
        yield sheet


def _cell(text: str) -> str:
    clean = _UNWRITABLE.sub("", text)
    return clean if len(clean) <= MOST_CHARACTERS else clean[: MOST_CHARACTERS - len(_CUT)] + _CUT
