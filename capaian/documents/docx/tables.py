"""Tables of a .docx: rows are built from their cells directly; the head repeats and a short row stays whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import Cell, Orientation, Table
from capaian.documents.docx.xml import Element, paragraph, run, run_properties, twips, w
from capaian.documents.grid import Place, align_of, font_pt, header_rows, is_layout, padding_mm
from capaian.documents.measures import DrawnRow, drawn_rows
from capaian.documents.widths import column_widths_mm

_JC: Final = {"left": "left", "center": "center", "right": "right"}
_ROLE_FILL: Final = {"body": "", "group": theme.GROUP_FILL, "total": theme.TOTAL_FILL}
_EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")


def table_element(table: Table, orientation: Orientation, *, keep: bool = False) -> Element:
    """The whole table as one element; `keep` holds it on the page of what follows.

    Raises `ValueError` when a row has more cells than there are columns.
    """
    widths = [twips(width) for width in column_widths_mm(table, orientation)]
    element = w("tbl", _properties(table, sum(widths)), w("tblGrid", *(w("gridCol", w=width) for width in widths)))
    draw = _Drawer(table, widths)
    for places in header_rows(table):
        element.append(draw.header(places))
    rows = drawn_rows(table, orientation)
    for row in rows:
        element.append(draw.row(replace(row, tied=True) if keep and row is rows[-1] else row))
    return element


def _properties(table: Table, width: int) -> Element:
    padding = padding_mm(table)
    line = {"val": "nil"} if is_layout(table) else {"val": "single", "sz": 4, "space": 0, "color": theme.BORDER}
    borders = [w(edge, **line) for edge in _EDGES]
    sides = (("top", padding * 0.55), ("left", padding), ("bottom", padding * 0.55), ("right", padding))
    margins = [w(side, w=twips(size), type="dxa") for side, size in sides]
    caption = w("tblCaption", val=table.caption[:255]) if table.caption else None
    return w(
        "tblPr",
        w("tblW", w=width, type="dxa"),
        w("jc", val="center"),
        w("tblBorders", *borders),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *margins),
        w("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1),
        caption,
    )


class _Drawer:
    """Draws the rows of one table."""

    def __init__(self, table: Table, widths: list[int]) -> None:
        self._table = table
        self._widths = widths
        self._size = font_pt(table)

    def header(self, places: list[Place]) -> Element:
        row = w("tr", w("trPr", w("cantSplit"), w("tblHeader")))
        for place in places:
            row.append(self._cell(place, "center", theme.HEADER_FILL, bold=True, middle=True, keep=True))
        return row

    def row(self, drawn: DrawnRow) -> Element:
        element = w("tr", w("trPr", w("cantSplit")) if drawn.whole else None)
        role = drawn.row.role
        for place in drawn.places:
            align = align_of(self._table, place, drawn.row)
            element.append(self._cell(place, align, _ROLE_FILL[role], bold=role != "body", keep=drawn.tied))
        return element

    def _cell(
        self, place: Place, align: str, fill: str, *, bold: bool, middle: bool = False, keep: bool = False
    ) -> Element:
        cell = place.cell
        shade = theme.TONE_FILL.get(cell.tone) or fill
        width = sum(self._widths[place.column : place.column + place.colspan])
        merge = None
        if cell.rowspan > 1:
            merge = w("vMerge") if place.covered else w("vMerge", val="restart")
        properties = [
            w("tcW", w=width, type="dxa"),
            w("gridSpan", val=place.colspan) if place.colspan > 1 else None,
            merge,
            w("shd", val="clear", color="auto", fill=shade) if shade else None,
            w("vAlign", val="center") if middle else None,
        ]
        text = Cell("") if place.covered else cell
        return w("tc", w("tcPr", *properties), self._paragraph(text, align, bold=bold or cell.bold, keep=keep))

    def _paragraph(self, cell: Cell, align: str, *, bold: bool, keep: bool) -> Element:
        colour = theme.TONE_TEXT.get(cell.tone, "")
        looks = run_properties(bold=bold, size=self._size, colour=colour)
        settings = (
            w("keepNext") if keep else None,
            w("ind", left=twips(cell.indent * theme.INDENT_MM)) if cell.indent else None,
            w("jc", val=_JC[align]) if align != "left" else None,
        )
        # The mark of an empty paragraph has a size too: without it an empty row is as high as body text.
        mark = w("rPr", w("sz", val=round(self._size * 2)))
        words = [run(cell.text, looks)] if cell.text else []
        return paragraph("CellText", *words, settings=(*settings, mark))
