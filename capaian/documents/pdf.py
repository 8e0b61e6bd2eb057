"""Documents as PDF: typst draws one shipped template from the document as data; tagged and archivable (PDF/A-2a)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import typst

from capaian.documents import theme
from capaian.documents.blocks import (
    Block,
    Chart,
    Document,
    Field,
    Heading,
    OrgChart,
    Orientation,
    Paragraph,
    Signature,
    Table,
)
from capaian.documents.charts import shipped_fonts
from capaian.documents.dates import document_date
from capaian.documents.figures import MM_TO_PX, figure_svg
from capaian.documents.grid import Place, align_of, font_pt, header_rows, padding_mm
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Plan, Section, plan
from capaian.documents.measures import (
    DrawnRow,
    contents_sizes,
    drawn_rows,
    number_width_mm,
    signature_places,
    stays_whole,
    stays_with_next,
)
from capaian.documents.widths import column_widths_mm

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"
STANDARD: Final = "a-2a"
_ROLE_FILL: Final = {"body": "", "group": theme.GROUP_FILL, "total": theme.TOTAL_FILL}


def render_pdf(document: Document) -> bytes:
    """The document as PDF/A-2a bytes. The creation date is `metadata["date"]` (ISO), never the clock.

    Raises `ValueError` for a table whose rows do not fit its columns, `ChartError` for an option that cannot be drawn.
    """
    result = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": _json(plan(document))},
        pdf_standards=[STANDARD],
        timestamp=document_date(document),
    )
    return bytes(result)


@dataclass(frozen=True)
class PageLabels:
    """The printed page (`iv`, `12`) of each heading, table caption and figure caption, in the order of the document."""

    headings: tuple[str, ...]
    captions: dict[str, tuple[str, ...]]


def page_labels(drawn: Plan) -> PageLabels:
    """On which page of the PDF each heading (down to level 3) and caption stands. Errors as `render_pdf`."""
    found = typst.query(
        TEMPLATE,
        "<pages>",
        field="value",
        one=True,
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": _json(drawn)},
    )
    pages = json.loads(found)
    headings = tuple(pages["headings"][drawn.heading_ids[id(heading)]] for heading in drawn.headings())
    captions = {TABLE_WORD: tuple(pages["tables"]), FIGURE_WORD: tuple(pages["figures"])}
    return PageLabels(headings, captions)


def _json(drawn: Plan) -> str:
    return json.dumps(report_data(drawn), ensure_ascii=False)


def report_data(drawn: Plan) -> dict[str, Any]:
    """What the template reads: plain data, texts as they are."""
    document = drawn.document
    return {
        "title": document.title,
        "office": document.office,
        "language": document.language,
        "header": document.header,
        "footer": document.footer,
        "keywords": [word for word in document.metadata.get("keywords", "").split(",") if word],
        "description": document.metadata.get("subject", ""),
        "labels": {c.anchor: c.label for c in drawn.captions.values() if c.anchor},
        "contents": {
            drawn.heading_ids[id(h)]: {"number": h.number, "text": h.text.replace("\n", " ")} for h in drawn.headings()
        },
        "theme": _theme(),
        "sections": [_section(section, drawn) for section in drawn.sections],
    }


def _theme() -> dict[str, Any]:
    return {
        "font": theme.FONT_PRINT,
        "accent": theme.ACCENT,
        "muted": theme.MUTED,
        "border": theme.BORDER,
        "tone_fill": theme.TONE_FILL,
        "tone_text": theme.TONE_TEXT,
        "indent_mm": theme.INDENT_MM,
        "body_pt": theme.BODY_PT,
        "line_spacing": theme.LINE_SPACING,
        "cover": theme.COVER_MM,
        "cover_margins": theme.MARGIN_MM["portrait"],
    }


def _section(section: Section, drawn: Plan) -> dict[str, Any]:
    return {
        "orientation": section.orientation,
        "margins": theme.MARGIN_MM[section.orientation],
        "pages": section.pages,
        "restart": section.restart,
        "blocks": [_block(block, section, drawn) for block in section.blocks],
    }


def _block(block: Block, section: Section, drawn: Plan) -> dict[str, Any]:
    match block:
        case Table():
            return _table(block, section.orientation, drawn)
        case Chart() | OrgChart():
            return _picture(block, section.orientation, drawn)
        case Paragraph():
            return {**asdict(block), "kind": "paragraph", "sticky": stays_with_next(block, drawn, section.orientation)}
        case Signature():
            places = [{**asdict(place), "row": row} for row, places in signature_places(block) for place in places]
            return {"kind": "signature", "places": places}
        case Heading():
            return {
                **asdict(block),
                "kind": "heading",
                "id": drawn.heading_ids[id(block)],
                "number_mm": number_width_mm(block.number),
                "starts_page": drawn.starts_page(block, section),
            }
        case Field():
            starts = drawn.starts_page(block, section)
            sizes = [asdict(size) for size in contents_sizes(drawn, block.name)]
            return {**asdict(block), "kind": "field", "starts_page": starts, "sizes": sizes}
        case _:
            return {**asdict(block), "kind": block.kind}


def _caption(block: Table | Chart | OrgChart, drawn: Plan) -> dict[str, Any] | None:
    caption = drawn.caption_of(block)
    if caption is None:
        return None
    number = f"{caption.prefix}{caption.number}"
    return {"word": caption.word, "number": number, "text": caption.text}


def _picture(block: Chart | OrgChart, orientation: Orientation, drawn: Plan) -> dict[str, Any]:
    figure = figure_svg(block, theme.text_width_mm(orientation), theme.text_height_mm(orientation))
    return {
        "kind": "picture",
        "svg": figure.svg,
        "width_mm": figure.width / MM_TO_PX,
        "alt": figure.alt,
        "caption": _caption(block, drawn),
        "anchor": block.anchor,
        "source": block.source if isinstance(block, Chart) else "",
    }


def _table(table: Table, orientation: Orientation, drawn: Plan) -> dict[str, Any]:
    head_rows = header_rows(table)
    head = [
        _cell(place, y, "center", theme.HEADER_FILL, head=True, breakable=False)
        for y, places in enumerate(head_rows)
        for place in places
        if not place.covered
    ]
    rows = drawn_rows(table, orientation)
    body = _body(table, rows, len(head_rows))
    end = f"akhir-{drawn.positions[id(table)]}" if body and table.source else ""
    if end:
        body[-1]["cells"][-1]["mark"] = end
    return {
        "kind": "table",
        "widths": column_widths_mm(table, orientation),
        "font_pt": font_pt(table),
        "padding_mm": padding_mm(table),
        "whole": stays_whole(table, orientation),
        "sticky": stays_with_next(table, drawn, orientation),
        "head": head,
        "body": body,
        "caption": _caption(table, drawn),
        "anchor": table.anchor,
        "source": table.source,
        "end": end,
    }


def _body(table: Table, rows: Sequence[DrawnRow], top: int) -> list[dict[str, Any]]:
    """The rows as drawn; headings of groups that follow each other are one head, since typst stumbles over several."""
    body: list[dict[str, Any]] = []
    for y, row in enumerate(rows, start=top):
        one = _row(table, y, row, last=row is rows[-1])
        if body and one["heads"] and body[-1]["heads"]:
            body[-1]["cells"] += one["cells"]
        else:
            body.append(one)
    return body


def _row(table: Table, y: int, drawn: DrawnRow, *, last: bool) -> dict[str, Any]:
    role = drawn.row.role
    cells = []
    for place in drawn.places:
        if not place.covered:
            whole = drawn.tied if place.cell.rowspan > 1 else drawn.whole
            align = align_of(table, place, drawn.row)
            cell = _cell(place, y, align, _ROLE_FILL[role], head=False, breakable=not whole)
            cells.append({**cell, "bold": place.cell.bold or role != "body"})
    spanned = any(place.cell.rowspan > 1 for place in drawn.places)
    return {"cells": cells, "heads": role == "group" and not last and drawn.tied and not spanned}


def _cell(place: Place, y: int, align: str, fill: str, *, head: bool, breakable: bool) -> dict[str, Any]:
    cell = place.cell
    return {
        "x": place.column,
        "y": y,
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "text": cell.text,
        "bold": cell.bold,
        "align": align,
        "tone": cell.tone,
        "indent": cell.indent,
        "fill": fill,
        "head": head,
        "breakable": breakable,
        "mark": "",
    }
