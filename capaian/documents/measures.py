"""Small sizes that .docx and .pdf decide alike: what fits on a page, how wide a number stands, where parties sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from capaian.documents import theme
from capaian.documents.blocks import Orientation, Signature, SignatureParty, Table
from capaian.documents.grid import Place
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Plan

# The mean width of a letter of Arial, as a share of its size; capitals and figures are a little wider.
_LETTER: Final = 0.53
_PT_TO_MM: Final = 25.4 / 72


def text_width_em(text: str) -> float:
    """About how wide a text runs in Arial, in multiples of its size."""
    return sum(_letter_em(letter) for letter in text)


def _letter_em(letter: str) -> float:
    if letter in "iljtfrI.,:;'|!()[] -":
        return 0.3
    if letter in "mwMW%@":
        return 0.86
    return 0.68 if letter.isupper() else _LETTER


def column_widths_mm(table: Table, orientation: Orientation) -> list[float]:
    """The widths of the columns in millimetres; they fill the page between its margins."""
    total = sum(column.width for column in table.columns)
    available = theme.text_width_mm(orientation)
    return [available * column.width / total for column in table.columns]


def line_count(table: Table, places: list[Place], orientation: Orientation) -> float:
    """About how many lines the highest cell of a row takes; a little more rather than less."""
    widths = column_widths_mm(table, orientation)
    size_mm = theme.TABLE_PT[table.font_size] * _PT_TO_MM
    lines = 1.0
    for place in places:
        if place.covered or place.cell.rowspan > 1:
            continue
        width = sum(widths[place.column : place.column + place.colspan])
        room = max(width - 2 * theme.CELL_PADDING_MM[table.font_size], size_mm)
        parts = place.cell.text.split("\n")
        lines = max(lines, sum(1 + text_width_em(part) * size_mm * 1.15 // room for part in parts))
    return lines


def is_short(table: Table, places: list[Place], orientation: Orientation) -> bool:
    """Whether a row surely fits on a third of a page, so that it may be kept whole; a longer one must break."""
    line_mm = theme.TABLE_PT[table.font_size] * _PT_TO_MM * 1.25
    return line_count(table, places, orientation) * line_mm < theme.text_height_mm(orientation) / 3


def number_width_mm(number: str) -> float:
    """How far the text of a heading stands from its left edge, so that its second line hangs below the first."""
    return max(7.0, round(text_width_em(number) * 12 * _PT_TO_MM + 2.5, 1))


@dataclass(frozen=True)
class ContentsSize:
    """One level of a list of contents: where its numbers begin and how wide they stand, in millimetres."""

    left: float
    width: float


def contents_sizes(drawn: Plan, name: Literal["toc", "tables", "figures"]) -> list[ContentsSize]:
    """The sizes of the levels of a list: numbers of one level stand in a column, the next level begins below its text."""
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
    points = theme.BODY_PT * (1.06 if bold else 1)
    widest = max((text_width_em(number) for number in numbers), default=0.0)
    return max(6.0, round(widest * points * _PT_TO_MM + 3.0, 1))


def signature_places(block: Signature) -> Iterator[tuple[int, int, int, SignatureParty, bool]]:
    """Where each party signs in a grid of two columns: (column, row, columns taken, party, whether a NIP line stands).

    One party signs on the right; of three the last signs in the middle. Someone named without NIP has no line for it.
    """
    last = len(block.parties) - 1
    for index, party in enumerate(block.parties):
        shows_nip = party.with_nip and (bool(party.nip) or not party.name)
        if last == 0:
            yield 1, 0, 1, party, shows_nip
        elif index == last and last % 2 == 0:
            yield 0, index // 2, 2, party, shows_nip
        else:
            yield index % 2, index // 2, 1, party, shows_nip
