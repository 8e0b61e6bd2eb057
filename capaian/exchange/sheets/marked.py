"""The corrected workbook: the very file that was uploaded, with its problems marked in the cells and listed."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import CellCoordinatesException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from capaian.exchange.sheets.layout import FINDINGS_SHEET, HEAD_ROW, ISIAN, cell_of
from capaian.exchange.sheets.read import open_book
from capaian.workflow.checks import clean_text

_AUTHOR: Final = "Capaian"
_FILLS: Final = {
    "salah": PatternFill("solid", fgColor="F4B6AF"),
    "konflik": PatternFill("solid", fgColor="F9D98B"),
    "peringatan": PatternFill("solid", fgColor="FCF0CC"),
}
_PLAIN: Final = PatternFill("solid", fgColor="FFF9DB")
_HEAD: Final = ("Lembar", "Sel", "Jenis", "Aturan", "Masalah dan apa yang harus dilakukan", "Isi berkas", "Tersimpan")
_WIDTHS: Final = (24, 8, 12, 20, 90, 24, 24)
_WORST_FIRST: Final = ("salah", "konflik", "peringatan")


def mark_workbook(path: Path, findings: Sequence[Mapping[str, str]]) -> bytes:
    """The uploaded workbook with every finding at its cell and on the sheet "Temuan"; protection and choices stay.

    Marks of an earlier round are taken away first. Raises `FileRefused` for a file that does not open.
    """
    book = open_book(path)
    for sheet in book.worksheets:
        _unmark(sheet)
    by_cell: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for one in findings:
        if one["sheet"] in book.sheetnames:
            by_cell[one["sheet"], one["cell"] or "A1"].append(one)
    for (name, address), some in by_cell.items():
        _mark(book[name], address, some)
    _list(book, findings)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _unmark(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
                is_input = cell.column == ISIAN and cell.row > HEAD_ROW
                cell.fill = _PLAIN if is_input else PatternFill()


def _mark(sheet: Worksheet, address: str, findings: Sequence[Mapping[str, str]]) -> None:
    try:
        cell = sheet[address]
    except (CellCoordinatesException, ValueError):
        cell = sheet[cell_of(1, 1)]
    if not isinstance(cell, Cell):
        return
    worst = min((one["severity"] for one in findings), key=_WORST_FIRST.index)
    if address != "A1":
        cell.fill = _FILLS[worst]
    text = clean_text("\n".join(one["message"] for one in findings))
    comment = Comment(text, _AUTHOR)
    comment.width, comment.height = 380, min(60 + 18 * (len(text) // 52 + 1), 400)
    cell.comment = comment


def _list(book: Workbook, findings: Sequence[Mapping[str, str]]) -> None:
    """The sheet with all findings, each with a link to its cell; it takes the place of one of an earlier round."""
    if FINDINGS_SHEET in book.sheetnames:
        book.remove(book[FINDINGS_SHEET])
    page = book.create_sheet(FINDINGS_SHEET, 0)
    for column, (label, width) in enumerate(zip(_HEAD, _WIDTHS, strict=True), start=1):
        _text(page, 1, column, label).font = Font(name="Arial", size=10, bold=True, color="FFFFFF")
        page.cell(1, column).fill = PatternFill("solid", fgColor="0F5C63")
        page.column_dimensions[page.cell(1, column).column_letter].width = width
    for number, one in enumerate(findings, start=2):
        told = (one["sheet"], one["cell"], one["severity"], one["rule"], one["message"], one["value"], one["theirs"])
        for column, text in enumerate(told, start=1):
            _text(page, number, column, text).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 3).fill = _FILLS[one["severity"]]
        if one["sheet"] in book.sheetnames and one["cell"]:
            page.cell(number, 2).hyperlink = f"#'{one['sheet']}'!{one['cell']}"
            page.cell(number, 2).font = Font(name="Arial", size=10, underline="single", color="0F5C63")
    page.freeze_panes = "A2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    page.auto_filter.ref = f"A1:G{len(findings) + 1}"
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False


def _text(page: Worksheet, row: int, column: int, text: str) -> Cell:
    """A text stays a text, whatever it begins with."""
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - a fresh sheet has no merged cells
    cell.value = clean_text(text)
    cell.data_type = "s"
    cell.font = Font(name="Arial", size=10)
    cell.quotePrefix = True
    return cell
