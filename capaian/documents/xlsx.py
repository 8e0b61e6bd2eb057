"""The tables of a document as an Excel workbook: one sheet each, the head frozen, numbers as numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from capaian.documents import theme
from capaian.documents.blocks import Document, Orientation, Row, Table
from capaian.documents.dates import document_date
from capaian.documents.grid import Place, align_of, body_rows, header_rows
from capaian.documents.layout import Caption, Plan, plan
from capaian.documents.measures import line_count
from capaian.documents.sheets import Sheet
from capaian.documents.widths import column_widths_mm
from capaian.documents.xlsx_sheets import write_sheet
from capaian.rules.numbers import NumberFormatError, parse_number, parse_rupiah_exact

_MM_TO_CHARACTERS: Final = 0.55  # Excel counts column widths in figures of its standard font
_LINE_PT: Final = 12.5
_LONGEST_NAME: Final = 31
_FORBIDDEN_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_RUPIAH: Final = re.compile(r"^\s*Rp\b\.?", re.IGNORECASE)
_ROLE_FILL: Final = {"body": "", "group": theme.GROUP_FILL, "total": theme.TOTAL_FILL}
_TOP: Final = 2  # rows above the head: the caption and an empty one
# Excel keeps fifteen digits; a longer number would change silently, so it stays a text.
_MOST_DIGITS: Final = 15


def render_xlsx(document: Document) -> bytes:
    """The document's sheets, or without any its tables in order, as .xlsx bytes; with none of them one that says so.

    A cell of a right-aligned column that reads as an Indonesian number becomes that number with the decimals it
    was printed with; all else stays text, so codes and formulas do. Raises `ValueError` as `render_docx` does.
    """
    drawn = plan(document)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    created = document_date(document).replace(tzinfo=None)
    book.set_properties({"title": document.title, "author": document.office, "created": created})
    writer = _Writer(book, drawn)
    for sheet in drawn.document.sheets:
        writer.own(sheet)
    for orientation, table in () if drawn.document.sheets else _tables(drawn):
        writer.sheet(table, orientation)
    writer.finish()
    book.close()
    return buffer.getvalue()


def _tables(drawn: Plan) -> Iterator[tuple[Orientation, Table]]:
    for section in drawn.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield section.orientation, block


@dataclass(frozen=True)
class NumberText:
    """A number read from a cell: its value and the Excel format that prints it as it was printed."""

    value: float
    form: str


def read_number(text: str) -> NumberText | None:
    """The number that a cell's text is, or None when it must stay text (codes with leading zeros, words, marks)."""
    bare = text.strip()
    if not re.search(r"\d", bare) or re.match(r"^[^\d]*0\d", bare) or bare.startswith("("):
        return None
    money = bool(_RUPIAH.match(bare))
    try:
        value = parse_rupiah_exact(bare, "id") if money else parse_number(bare, "id")
    except NumberFormatError:
        return None
    if len(value.as_tuple().digits) > _MOST_DIGITS:
        return None
    return NumberText(float(value), _form(value, money=money, percent=bare.endswith("%")))


def _form(value: Decimal, *, money: bool, percent: bool) -> str:
    exponent = value.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    form = "#,##0" + ("." + "0" * decimals if decimals else "")
    if money:
        return f'"Rp" {form}'
    return f'{form}"%"' if percent else form


class _Writer:
    """Writes sheets; keeps the formats, which Excel stores once for the book."""

    def __init__(self, book: Any, drawn: Plan) -> None:
        self._book = book
        self._drawn = drawn
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def own(self, sheet: Sheet) -> None:
        """A sheet that the document brings."""
        self._names.add(sheet.name.lower())
        write_sheet(self._book, sheet, self._format, self._drawn.document.footer)

    def sheet(self, table: Table, orientation: Orientation) -> None:
        caption = self._drawn.caption_of(table)
        sheet = self._book.add_worksheet(self._name(caption))
        title = f"{caption.label} {caption.text}" if caption else self._drawn.document.title
        sheet.write_string(0, 0, title, self._format(bold=True, font_size=12))
        heads = header_rows(table)
        for number, places in enumerate(heads):
            self._head(sheet, _TOP + number, places)
        top = _TOP + len(heads)
        for number, (row, places) in enumerate(zip(table.rows, body_rows(table), strict=True)):
            self._row(sheet, top + number, table, row, places)
        widths = column_widths_mm(table, orientation)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, max(6.0, width * _MM_TO_CHARACTERS))
        self._heights(sheet, table, widths)
        if table.source:
            sheet.write_string(top + len(table.rows) + 1, 0, table.source, self._format(italic=True))
        self._page(sheet, top, orientation)

    def finish(self) -> None:
        """A workbook must have a sheet."""
        if not self._names:
            sheet = self._book.add_worksheet("Dokumen")
            sheet.write_string(0, 0, "Dokumen ini tidak memuat tabel.")

    def _name(self, caption: Caption | None) -> str:
        wanted = f"{caption.label} {caption.text}" if caption else f"Tabel tanpa judul {len(self._names) + 1}"
        base = " ".join(_FORBIDDEN_IN_NAME.sub(" ", wanted).split())[:_LONGEST_NAME].strip()
        name, number = base, 1
        while name.lower() in self._names:
            number += 1
            ending = f" ({number})"
            name = base[: _LONGEST_NAME - len(ending)] + ending
        self._names.add(name.lower())
        return name

    def _format(self, **looks: Any) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": theme.FONT_OFFICE, "font_size": 10, **looks})
        return self._formats[key]

    def _head(self, sheet: Any, y: int, places: list[Place]) -> None:
        fill = f"#{theme.HEADER_FILL}"
        look = self._format(bold=True, align="center", valign="vcenter", text_wrap=True, border=1, bg_color=fill)
        for place in places:
            if not place.covered:
                _write(sheet, y, place, place.cell.text, look)

    def _row(self, sheet: Any, y: int, table: Table, row: Row, places: list[Place]) -> None:
        for place in places:
            if place.covered:
                continue
            align = align_of(table, place, row)
            number = read_number(place.cell.text) if align == "right" else None
            looks: dict[str, Any] = {"align": align, "valign": "top", "text_wrap": True, "border": 1}
            fill = theme.TONE_FILL.get(place.cell.tone) or _ROLE_FILL[row.role]
            if fill:
                looks["bg_color"] = f"#{fill}"
            if place.cell.bold or row.role != "body":
                looks["bold"] = True
            if place.cell.indent and align == "left":
                looks["indent"] = place.cell.indent
            if number:
                looks["num_format"] = number.form
            _write(sheet, y, place, number.value if number else place.cell.text, self._format(**looks))

    def _heights(self, sheet: Any, table: Table, widths: list[float]) -> None:
        for number, places in enumerate((*header_rows(table), *body_rows(table)), start=_TOP):
            sheet.set_row(number, max(1.0, line_count(table, places, widths)) * _LINE_PT + 3)

    def _page(self, sheet: Any, top: int, orientation: Orientation) -> None:
        sheet.freeze_panes(top, 0)
        if top > _TOP:
            sheet.repeat_rows(_TOP, top - 1)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if orientation == "landscape":
            sheet.set_landscape()
        sheet.set_footer(f"&L{self._drawn.document.footer.replace('&', '&&')}&R&P / &N")


def _write(sheet: Any, y: int, place: Place, value: str | float, look: Any) -> None:
    last_row, last_column = y + place.cell.rowspan - 1, place.column + place.colspan - 1
    if (last_row, last_column) != (y, place.column):
        # The merged area is drawn first and its first cell then written anew: merge_range guesses types.
        sheet.merge_range(y, place.column, last_row, last_column, "", look)
    if isinstance(value, str):
        sheet.write_string(y, place.column, value, look)
    else:
        sheet.write_number(y, place.column, value, look)
