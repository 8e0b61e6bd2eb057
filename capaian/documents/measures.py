"""Small sizes that .docx and .pdf decide alike: what fits on a page, how wide a number stands, where parties sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from capaian.documents import theme
from capaian.documents.blocks import Orientation, Paragraph, Row, Signature, SignatureParty, Table
from capaian.documents.grid import Place, body_rows, font_pt, header_rows, padding_mm
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Plan
from capaian.documents.metrics import text_width_em
from capaian.documents.widths import PT_TO_MM, column_widths_mm

# A table that takes no more of the text height than this stands whole on one page.
_WHOLE_TABLE: Final = 0.45


def stays_with_next(block: Paragraph | Table, drawn: Plan, orientation: Orientation) -> bool:
    """Whether a block may not end a page: a paragraph that announces what follows, what stands above a signature.

    Nobody signs a page of its own: the paragraphs before the signature and a short table above them go with it.
    """
    if isinstance(block, Paragraph) and block.style != "note" and _announces(block):
        return True
    blocks = drawn.document.blocks
    place = drawn.positions[id(block)] + 1
    while place < len(blocks) and isinstance(blocks[place], Paragraph):
        place += 1
    signed = place < len(blocks) and isinstance(blocks[place], Signature)
    return signed and (isinstance(block, Paragraph) or stays_whole(block, orientation))


def _announces(block: Paragraph) -> bool:
    return "".join(run.text for run in block.runs).rstrip().endswith(":")


def line_count(table: Table, places: list[Place], widths: list[float]) -> float:
    """About how many lines the highest cell of a row takes in columns of these widths (mm); rather more than less."""
    size_mm = font_pt(table) * PT_TO_MM
    lines = 1.0
    for place in places:
        if place.covered or place.cell.rowspan > 1:
            continue
        width = sum(widths[place.column : place.column + place.colspan])
        room = max(width - 2 * padding_mm(table), size_mm)
        parts = place.cell.text.split("\n")
        lines = max(lines, sum(1 + text_width_em(part, bold=True) * size_mm * 1.15 // room for part in parts))
    return lines


@dataclass(frozen=True)
class DrawnRow:
    """A body row: a `whole` row is not cut by a page break, a `tied` row stays on the page of the next row."""

    row: Row
    places: list[Place]
    whole: bool
    tied: bool


def drawn_rows(table: Table, orientation: Orientation) -> list[DrawnRow]:
    """The body rows: one that may be higher than a third of a page must break over pages, the others stay whole.

    Rows under one short span belong together, and the heading of a group to the row after it.
    Raises `ValueError` when a row has more cells than there are columns.
    """
    rows = body_rows(table)
    highest = theme.text_height_mm(orientation) / 3
    heights = _heights_mm(table, rows, orientation)
    tied = [row.role == "group" for row in table.rows]
    for number, places in enumerate(rows):
        reach = max((place.cell.rowspan for place in places if not place.covered), default=1)
        if sum(heights[number : number + reach]) < highest:
            tied[number : number + reach - 1] = [True] * (reach - 1)
    if stays_whole(table, orientation):
        tied = [True] * len(tied)
    # The last row stays with the source below the table.
    tied[-1:] = [bool(table.source)] * min(1, len(tied))
    whole = [height < highest for height in heights]
    return [DrawnRow(*parts) for parts in zip(table.rows, rows, whole, tied, strict=True)]


def stays_whole(table: Table, orientation: Orientation) -> bool:
    """Whether a table is so short that it moves to the next page rather than break over two."""
    most = theme.text_height_mm(orientation) * _WHOLE_TABLE
    if len(table.rows) * _line_mm(table) > most:  # too many rows however short they are: no need to measure them
        return False
    return sum(_heights_mm(table, [*header_rows(table), *body_rows(table)], orientation)) <= most


def _line_mm(table: Table) -> float:
    return font_pt(table) * PT_TO_MM * 1.25


def _heights_mm(table: Table, rows: list[list[Place]], orientation: Orientation) -> list[float]:
    widths = column_widths_mm(table, orientation)
    return [line_count(table, places, widths) * _line_mm(table) + padding_mm(table) * 1.8 for places in rows]


def number_width_mm(number: str) -> float:
    """How far the text of a heading stands from its left edge, so that its second line hangs below the first."""
    return max(7.0, round(text_width_em(number, bold=True) * 12 * PT_TO_MM + 2.5, 1))


@dataclass(frozen=True)
class ContentsSize:
    """One level of a list of contents: where its numbers begin and how wide they stand, in millimetres."""

    left: float
    width: float


def contents_sizes(drawn: Plan, name: Literal["toc", "tables", "figures"]) -> list[ContentsSize]:
    """The sizes of the levels of a list: numbers of one level stand in a column, those of the next below its text."""
    if name != "toc":
        word = TABLE_WORD if name == "tables" else FIGURE_WORD
        labels = [caption.label for caption in drawn.captions_for(word)]
        return [ContentsSize(0, _widest(labels, bold=False))]
    sizes: list[ContentsSize] = []
    left = 0.0
    for level in (1, 2, 3):
        numbers = [heading.number for heading in drawn.headings() if heading.level == level]
        width = _widest(numbers, bold=level == 1)
        sizes.append(ContentsSize(left, width))
        left += 6.0 if level == 1 else width
    return sizes


def _widest(numbers: list[str], *, bold: bool) -> float:
    widest = max((text_width_em(number, bold=bold) for number in numbers), default=0.0)
    return max(6.0, round(widest * theme.BODY_PT * PT_TO_MM + 3.0, 1))


@dataclass(frozen=True)
class SignaturePlace:
    """Where a party signs: in column 0 or 1, over `span` columns, `alone` in its row; whether a NIP line stands."""

    party: SignatureParty
    column: int
    span: int
    alone: bool
    shows_nip: bool


def signature_places(block: Signature) -> Iterator[tuple[int, list[SignaturePlace]]]:
    """The rows of a signature block, two parties in each: the number of the row and its places.

    One party signs on the right; of three the last signs in the middle. Someone named without NIP has no line for it.
    """
    for number, start in enumerate(range(0, len(block.parties), 2)):
        parties = block.parties[start : start + 2]
        places = []
        for column, party in enumerate(parties):
            shows_nip = party.with_nip and (bool(party.nip) or not party.name)
            alone = len(parties) == 1
            only = len(block.parties) == 1
            span = 2 if alone and not only else 1
            places.append(SignaturePlace(party, 1 if only else column, span, alone, shows_nip))
        yield number, places
