"""One table as a true .xlsx: numbers as numbers, head frozen, a filter, and where the figures come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.formats import date_format
from xlsxwriter.format import Format

from capaian.exchange.sheets.book import new_book, row_height, text_format, write_text
from capaian.organisations.models import TahunKinerja

_FORMATS: Final = {
    "text": "",
    "number": "#,##0.####",
    "persen": '#,##0.00"%"',
    "rupiah": '"Rp" #,##0;-"Rp" #,##0',
    "count": "0",
}
_HEAD_ROW: Final = 4
# Excel keeps fifteen digits; a longer number would change silently, so it stays a text.
_MOST_DIGITS: Final = 15
Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in characters, and how its numbers are printed (`text` for none)."""

    label: str
    width: int = 16
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """A table that is exported: `source` says in words where its figures come from. Money is whole rupiah."""

    title: str
    office: str
    source: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def make_table(
    title: str, year: TahunKinerja, source: str, columns: tuple[Column, ...], rows: list[list[Cell]]
) -> Table:
    """A table of an office year, with the moment at which it was taken."""
    day = date_format(timezone.localtime(), "j F Y H:i")
    return Table(title, year.instansi.nama, f"{source} Diambil dari Capaian {day}.", columns, rows)


def write_table(table: Table) -> bytes:
    """The .xlsx with all rows; texts never become formulas, an amount that is not known stays an empty cell."""
    book, buffer = new_book(table.title, table.office)
    page = book.add_worksheet(table.title[:31].translate(str.maketrans("[]:*?/\\'", "        ")).strip())
    write_text(page, 0, 0, table.title, text_format(book, bold=True, font_size=14))
    write_text(page, 1, 0, table.office, text_format(book))
    write_text(page, 2, 0, table.source, text_format(book, italic=True, font_color="#55616A"))
    head = _look(book, bold=True, font_color="#FFFFFF", bg_color="#0F5C63", text_wrap=True)
    for number, column in enumerate(table.columns):
        page.set_column(number, number, column.width)
        write_text(page, _HEAD_ROW, number, column.label, head)
    looks = {kind: _look(book, num_format=form, align="right") for kind, form in _FORMATS.items() if form}
    text, other = _look(book, text_wrap=True), _look(book, align="right")
    page.set_row(_HEAD_ROW, row_height((column.label, column.width - 2) for column in table.columns))
    for at, row in enumerate(table.rows, start=_HEAD_ROW + 1):
        wrapped = [(value, one.width) for one, value in zip(table.columns, row, strict=True) if isinstance(value, str)]
        page.set_row(at, row_height(wrapped))
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if isinstance(value, int | Decimal) and column.kind != "text" and _fits(value):
                page.write_number(at, number, float(value), looks[column.kind])
            else:
                written = "" if value is None else str(value)
                write_text(page, at, number, written, text if column.kind == "text" else other)
    last = max(_HEAD_ROW + len(table.rows), _HEAD_ROW + 1)
    page.autofilter(_HEAD_ROW, 0, last, len(table.columns) - 1)
    page.freeze_panes(_HEAD_ROW + 1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD_ROW)
    page.set_footer("&L&A&RHalaman &P dari &N")
    book.close()
    return buffer.getvalue()


def _look(book: xlsxwriter.Workbook, **look: Any) -> Format:
    return text_format(book, border=1, border_color="#B8C2C6", **look)


def _fits(value: int | Decimal) -> bool:
    number = Decimal(value)
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _MOST_DIGITS
