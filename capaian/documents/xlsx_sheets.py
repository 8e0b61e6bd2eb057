"""The worksheets of a document in a workbook: heads and first columns stay in sight, numbers and formulas are such."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from capaian.documents import theme
from capaian.documents.metrics import text_width_em
from capaian.documents.sheets import SHEET_TOP, Sheet, SheetCell, SheetColumn, SheetRow

_FILL: Final = {"body": "", "group": theme.GROUP_FILL, "total": theme.TOTAL_FILL}
_LINE_PT: Final = 12.5
# A column is counted in figures, which are this wide.
_FIGURE_EM: Final = 0.556
_HEAD_PT: Final = 10.5
_A4: Final = 9

MakeFormat = Callable[..., Any]


def write_sheet(book: Any, sheet: Sheet, look: MakeFormat, footer: str) -> None:
    """Add the sheet to a workbook; `look` gives the formats of the book."""
    drawn = book.add_worksheet(sheet.name)
    drawn.write_string(0, 0, sheet.title, look(bold=True, font_size=12))
    drawn.write_string(1, 0, sheet.subtitle, look(italic=True))
    _head(drawn, sheet, look)
    for number, row in enumerate(sheet.rows, start=SHEET_TOP):
        for column, cell in enumerate(row.cells):
            _cell(drawn, (number, column), cell, _looks(row, sheet.columns[column], cell, look))
        drawn.set_row(number, _height(row, sheet.columns))
    for number, note in enumerate(sheet.notes, start=SHEET_TOP + len(sheet.rows) + 1):
        drawn.write_string(number, 0, note, look(italic=True))
    _page(drawn, sheet, footer)


def _head(drawn: Any, sheet: Sheet, look: MakeFormat) -> None:
    at = SHEET_TOP - 1
    for number, column in enumerate(sheet.columns):
        turned = (
            {"rotation": 90, "valign": "bottom"} if column.is_vertical else {"valign": "vcenter", "text_wrap": True}
        )
        looks = look(bold=True, align="center", border=1, bg_color=f"#{theme.HEADER_FILL}", **turned)
        drawn.write_string(at, number, column.header, looks)
        drawn.set_column(number, number, column.width)
    turned_heads = [text_width_em(one.header, bold=True) for one in sheet.columns if one.is_vertical]
    lines = max(_lines(column.header, column.width, bold=True) for column in sheet.columns if not column.is_vertical)
    drawn.set_row(at, max(max(turned_heads, default=0) * _HEAD_PT + 8, lines * _LINE_PT + 4))


def _looks(row: SheetRow, column: SheetColumn, cell: SheetCell, look: MakeFormat) -> Any:
    looks: dict[str, Any] = {"valign": "top", "border": 1}
    if cell.number or cell.formula:
        looks |= {"align": "right", "num_format": "#,##0" + ("." + "0" * column.decimals if column.decimals else "")}
    else:
        looks |= {"align": "left", "text_wrap": True}
        if cell.indent:
            looks["indent"] = cell.indent
    if row.role != "body":
        looks["bold"] = True
    fill = theme.TONE_FILL.get(cell.tone) or _FILL[row.role]
    if fill:
        looks["bg_color"] = f"#{fill}"
    return look(**looks)


def _cell(drawn: Any, place: tuple[int, int], cell: SheetCell, look: Any) -> None:
    if cell.formula:
        drawn.write_formula(*place, f"={cell.formula}", look, float(cell.number) if cell.number else cell.text)
    elif cell.number:
        drawn.write_number(*place, float(cell.number), look)
    else:
        drawn.write_string(*place, cell.text, look)


def _height(row: SheetRow, columns: tuple[SheetColumn, ...]) -> float:
    texts = [
        _lines(cell.text, column.width - 1.5 * cell.indent, bold=row.role != "body")
        for cell, column in zip(row.cells, columns, strict=False)
        if not cell.number and not cell.formula
    ]
    return max(texts, default=1) * _LINE_PT + 3


def _lines(text: str, width: float, *, bold: bool = False) -> int:
    room = max(width - 1, 2) * _FIGURE_EM
    return sum(max(1, math.ceil(text_width_em(line, bold=bold) / room)) for line in text.split("\n"))


def _page(drawn: Any, sheet: Sheet, footer: str) -> None:
    drawn.freeze_panes(SHEET_TOP, sheet.frozen)
    drawn.repeat_rows(SHEET_TOP - 1)
    drawn.set_paper(_A4)
    drawn.set_landscape()
    drawn.fit_to_pages(1, 0)
    drawn.set_footer(f"&L{footer.replace('&', '&&')}&R&P / &N")
