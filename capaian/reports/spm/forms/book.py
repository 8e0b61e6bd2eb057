"""The forms as an Excel workbook in their official layout: one sheet each, ready to print and to sign."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value

_FONT: Final = {"font_name": "Arial", "font_size": 9}
_NUMBER: Final = {"count": "#,##0", "decimal": "#,##0.##", "percent": "#,##0.00", "money": "#,##0"}
# Reading of the sum of a column that has decimals in one line only.
_WHOLE: Final = "#,##0"
_HEAD_FILL, _TOTAL_FILL = "#DDE7E7", "#EFEFEF"
_LINE_PT: Final = 12.0
_A4: Final = 9
_SIGNATURE_WIDTH: Final = 36
# A column is counted in figures of 11 points; letters of 9 are narrower.
_PER_CHARACTER: Final = 10.0
_EMPTY: Final = "–"
# A4 lying, less its margins; a column in points for each figure, and what it adds beside them.
_PAGE_WIDTH_PT, _PAGE_HEIGHT_PT = 770.0, 490.0
_COLUMN_PT, _PADDING_PT, _DEFAULT_PT = 5.25, 3.75, 15.0
# Lines of the table that stay with the place to sign.
_LAST_LINES: Final = 3
# Lines of a group that is not torn for it.
_SMALL_GROUP: Final = 8


@dataclass(frozen=True)
class Signer:
    """Who signs below a form: place and date with room for the pen, and the office; never a person."""

    heading: str
    office: str


def render_forms(forms: Sequence[OfficialForm], signer: Signer, author: str, day: date) -> bytes:
    """The forms as .xlsx bytes, a sheet each. Totals are formulas, with the values that we computed beside them.

    The same forms of the same day give the same bytes.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    title = forms[0].nama if len(forms) == 1 else "Formulir SPM lengkap"
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- workbooks know no time zones
    book.set_properties({"title": f"{title} {forms[0].place} {forms[0].tahun}", "author": author, "created": made})
    looks = _Looks(book)
    for form in forms:
        _Sheet(book.add_worksheet(form.nama), form, looks).write(signer)
    book.close()
    return buffer.getvalue()


class _Looks:
    """The formats of a workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._known: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **look: Any) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._known:
            self._known[key] = self._book.add_format({**_FONT, **look})
        return self._known[key]

    def cell(self, column: FormColumn, value: Value = None, *, at_top: bool = False, **look: Any) -> Format:
        """The look of a body cell: numbers to the right with separators, texts wrapped; merged ones at the top."""
        look["valign"] = "top" if at_top else "vcenter"
        if not column.is_number:
            align = "center" if column.kind == "center" else "left"
            return self.get(border=1, align=align, text_wrap=True, **_indent(align), **look)
        form = _NUMBER[column.kind]
        # A whole number would otherwise print the sign of its missing decimals: 1.200,
        if column.kind == "decimal" and (value is None or isinstance(value, str) or value == int(value)):
            form = _WHOLE
        return self.get(border=1, align="right", indent=1, num_format=form, **look)


class _Sheet:
    """One form on one sheet."""

    def __init__(self, sheet: Worksheet, form: OfficialForm, looks: _Looks) -> None:
        self.sheet, self.form, self.looks = sheet, form, looks
        self.last = len(form.columns) - 1
        self.heights: dict[int, float] = {}

    def write(self, signer: Signer) -> None:
        for at, column in enumerate(self.form.columns):
            self.sheet.set_column(at, at, column.width)
        row = self._title()
        head = row
        row = self._head(row)
        self._page(head, row)
        first = row
        for line in range(len(self.form.rows)):
            self._body(first + line, line)
        self._merges(first)
        row = self._total(first, first + len(self.form.rows))
        row = self._notes(row)
        end = self._signature(row + 1, signer)
        self._keep_signature(head, first, row, end)

    def _title(self) -> int:
        kode, *lines = self.form.title
        self.sheet.merge_range(0, 0, 0, self.last, kode, self.looks.get(bold=True, align="right", font_size=10))
        look = self.looks.get(bold=True, align="center", valign="vcenter", text_wrap=True, font_size=11)
        for at, text in enumerate(lines, 1):
            self.sheet.merge_range(at, 0, at, self.last, text, look)
            self._height(at, 15 * _lines(text, self._width(), 11))
        return len(lines) + 2

    def _head(self, row: int) -> int:
        """The head on one line, or two where columns stand under a common one; then their numbers."""
        columns = self.form.columns
        look = self.looks.get(
            bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color=_HEAD_FILL
        )
        two = any(column.group for column in columns)
        at = 0
        for group, members in groupby(columns, key=lambda column: column.group):
            size = len(list(members))
            if group and size > 1:
                self.sheet.merge_range(row, at, row, at + size - 1, group, look)
            elif group:
                self.sheet.write(row, at, group, look)
            for one in range(at, at + size):
                if group or not two:
                    self.sheet.write(row + (1 if two else 0), one, columns[one].head, look)
                else:
                    self.sheet.merge_range(row, one, row + 1, one, columns[one].head, look)
            at += size
        below = row + (1 if two else 0)
        self._height(below, _LINE_PT * max(_lines(one.head, one.width, 10) for one in columns) + 6)
        if self.form.is_numbered:
            below += 1
            numbers = self.looks.get(border=1, align="center", italic=True, bg_color=_HEAD_FILL, font_size=8)
            for one in range(len(columns)):
                self.sheet.write(below, one, one + 1, numbers)
        return below + 1

    def _page(self, head: int, first: int) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(head, first - 1)
        fixed = next((at for at, one in enumerate(self.form.columns) if one.is_number), 0)
        sheet.freeze_panes(first, min(fixed, 2))
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L&8{self.form.nama} · {self.form.place} {self.form.tahun}&R&8Halaman &P dari &N")

    def _body(self, row: int, line: int) -> None:
        values = self.form.rows[line].values
        for at, (column, value) in enumerate(zip(self.form.columns, values, strict=True)):
            self._cell(row, at, value, column.formula if self._computes(column, values) else "")
        texts = [
            _lines(value, column.width)
            for at, (column, value) in enumerate(zip(self.form.columns, values, strict=True))
            if isinstance(value, str) and at >= self.form.rows[line].head
        ]
        self._height(row, _LINE_PT * max(texts, default=1) + 3)

    def _computes(self, column: FormColumn, values: Sequence[Value]) -> bool:
        """Whether all that a formula reads is there; what lacks a part has no result."""
        used = [at for at in range(len(values)) if f"{{{at}}}" in column.formula]
        return bool(used) and all(values[at] is not None for at in used)

    def _cell(self, row: int, at: int, value: Value, formula: str) -> None:
        column = self.form.columns[at]
        drawn = self.looks.cell(column, value)
        if value is None and column.is_number:
            self.sheet.write_string(
                row, at, _EMPTY, self.looks.get(border=1, valign="vcenter", align="right", indent=1)
            )
        elif isinstance(value, str) or value is None:
            self.sheet.write_string(row, at, value or "", drawn)
        elif formula:
            names = [f"{xl_col_to_name(one)}{row + 1}" for one in range(len(self.form.columns))]
            self.sheet.write_formula(row, at, "=" + formula.format(*names), drawn, float(value))
        else:
            self.sheet.write_number(row, at, float(value), drawn)

    def _merges(self, first: int) -> None:
        """Leading cells that are equal in neighbouring lines, as one."""
        lines = [(row.values[: row.head], row.head) for row in self.form.rows]
        at = 0
        for (values, head), members in groupby(lines):
            size = len(list(members))
            if head and size > 1:
                for column in range(head):
                    value = values[column]
                    drawn = self.looks.cell(self.form.columns[column], value, at_top=True)
                    shown = "" if value is None else value if isinstance(value, str) else float(value)
                    self.sheet.merge_range(first + at, column, first + at + size - 1, column, shown, drawn)
            at += size

    def _total(self, first: int, row: int) -> int:
        total = self.form.total
        if not total or not self.form.rows:
            return row
        span = next(at for at, one in enumerate(self.form.columns) if one.is_number)
        look = self.looks.get(border=1, bold=True, bg_color=_TOTAL_FILL, align="center", text_wrap=True)
        if span > 1:
            self.sheet.merge_range(row, 0, row, span - 1, total[0], look)
        else:
            self.sheet.write(row, 0, total[0], look)
        counted = [at for at, one in enumerate(self.form.rows) if one.counts]
        for at in range(span, len(self.form.columns)):
            column, value = self.form.columns[at], total[at]
            if column.total and value is not None:
                name = xl_col_to_name(at)
                cells = f"{name}{first + counted[0] + 1}:{name}{first + counted[-1] + 1}"
                whole = self.looks.cell(column, value, bold=True, bg_color=_TOTAL_FILL)
                if column.total.startswith("COUNT"):
                    whole = self.looks.get(
                        border=1, bold=True, bg_color=_TOTAL_FILL, align="right", indent=1, num_format=_WHOLE
                    )
                self.sheet.write_formula(row, at, "=" + column.total.format(cells=cells), whole, float(value))
            else:
                self.sheet.write_blank(row, at, None, look)
        self._height(row, _LINE_PT + 4)
        return row + 1

    def _notes(self, row: int) -> int:
        look = self.looks.get(italic=True, text_wrap=True, valign="top", font_size=8)
        for text in self.form.notes:
            self.sheet.merge_range(row, 0, row, self.last, text, look)
            self._height(row, 11 * _lines(text, self._width(), 8) + 2)
            row += 1
        return row

    def _signature(self, row: int, signer: Signer) -> int:
        """The place to sign, over the last columns that are wide enough for it."""
        start = self.last
        while start and sum(column.width for column in self.form.columns[start:]) < _SIGNATURE_WIDTH:
            start -= 1
        look = self.looks.get(align="center", font_size=10)
        office = self.looks.get(align="center", font_size=10, bold=True, text_wrap=True)
        room = sum(column.width for column in self.form.columns[start:])
        lines = [(signer.heading, look), *((one, office) for one in signer.office.split("\n"))]
        pen = ["", "", "", "(....................................)", "NIP ................................"]
        for text, drawn in [*lines, *((one, look) for one in pen)]:
            if start < self.last:
                self.sheet.merge_range(row, start, row, self.last, text, drawn)
            else:
                self.sheet.write(row, start, text, drawn)
            self._height(row, 13.5 * _lines(text, room, 11))
            row += 1
        return row

    def _height(self, row: int, points: float) -> None:
        self.heights[row] = points
        self.sheet.set_row(row, points)

    def _whole_group(self, first: int, row: int) -> int:
        """The beginning of the group of lines that a row is in, where it is a small one."""
        lines = self.form.rows
        at = start = row - first
        while 0 < start < len(lines) and lines[start].head and _leading(lines[start]) == _leading(lines[start - 1]):
            start -= 1
        return first + start if at - start <= _SMALL_GROUP else row

    def _keep_signature(self, head: int, first: int, notes_end: int, end: int) -> None:
        """A page break before the last lines where the place to sign would be torn over two pages."""
        width = sum(_COLUMN_PT * column.width + _PADDING_PT for column in self.form.columns)
        room = _PAGE_HEIGHT_PT / min(1.0, _PAGE_WIDTH_PT / width)
        repeated = sum(self.heights.get(row, _DEFAULT_PT) for row in range(head, first))
        page_of, used, page = {}, 0.0, 0
        for row in range(end):
            points = self.heights.get(row, _DEFAULT_PT)
            if used + points > room:
                used, page = repeated, page + 1
            used += points
            page_of[row] = page
        together = self._whole_group(first, max(first, notes_end - _LAST_LINES - len(self.form.notes)))
        if page_of[end - 1] != page_of[together] and self.form.rows:
            self.sheet.set_h_pagebreaks([together])

    def _width(self) -> float:
        return sum(column.width for column in self.form.columns)


def _leading(row: FormRow) -> tuple[Value, ...]:
    return row.values[: row.head]


def _indent(align: str) -> dict[str, int]:
    return {"indent": 1} if align == "left" else {}


def _lines(text: str, characters: float, size: float = 9) -> int:
    """About how many lines a text takes in so many characters of the standard font; rather more than less."""
    room = max(1, int(characters * _PER_CHARACTER / size))
    return sum(max(1, len(textwrap.wrap(part, room))) for part in text.split("\n"))
