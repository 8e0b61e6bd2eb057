"""Places to sign, in a table without lines: the heading, the office and the name in rows of their own."""

from __future__ import annotations

from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import Orientation, Signature, SignatureParty
from capaian.documents.docx.xml import Element, paragraph, run, run_properties, twips, w
from capaian.documents.measures import SignaturePlace, signature_places
from capaian.documents.metrics import text_width_em
from capaian.documents.widths import PT_TO_MM

_SPACE_MM: Final = 20  # for the hand
_BETWEEN_MM: Final = 8  # between one row of parties and the next
_BLANK: Final = "_" * 30


def signature_elements(block: Signature, orientation: Orientation) -> list[Element]:
    """The table of the parties with its distance above and below; it stays on one page."""
    half = twips(theme.text_width_mm(orientation) / 2)
    table = w(
        "tbl",
        w("tblPr", w("tblW", w=half * 2, type="dxa"), w("tblLayout", type="fixed")),
        w("tblGrid", w("gridCol", w=half), w("gridCol", w=half)),
    )
    for number, places in signature_places(block):
        # Rows of their own for the three parts: however long a heading or an office is, the names are in line.
        table.append(
            _row(
                [
                    _cell(p, half, _lines(p.party.heading, before=_BETWEEN_MM * bool(number)), bottom=True)
                    for p in places
                ]
            )
        )
        table.append(_row([_cell(p, half, _lines(p.party.office, bold=True)) for p in places]))
        table.append(_row([_cell(p, half, _name(p, half)) for p in places]))
    gap = paragraph("Gap", settings=(w("keepNext"), w("spacing", before=160)))
    return [gap, table, paragraph("Gap")]


def _row(cells: list[list[Element]]) -> Element:
    return w("tr", w("trPr", w("cantSplit")), *(cell for group in cells for cell in group))


def _cell(place: SignaturePlace, half: int, lines: list[Element], *, bottom: bool = False) -> list[Element]:
    wide = w("gridSpan", val=place.span) if place.span > 1 else None
    low = w("vAlign", val="bottom") if bottom else None
    cell = w("tc", w("tcPr", w("tcW", w=half * place.span, type="dxa"), wide, low), *lines)
    if place.alone and place.column == 1:
        return [w("tc", w("tcPr", w("tcW", w=half, type="dxa")), paragraph("Signature")), cell]
    return [cell]


def _lines(text: str, *, bold: bool = False, before: int = 0) -> list[Element]:
    distance = w("spacing", before=twips(before)) if before else None
    return [paragraph("Signature", run(text, run_properties(bold=bold)), settings=(distance,))]


def _name(place: SignaturePlace, half: int) -> list[Element]:
    party: SignatureParty = place.party
    space = w("spacing", before=twips(_SPACE_MM))
    looks = w("rPr", w("b"), w("u", val="single")) if party.name else None
    lines = [paragraph("Signature", run(party.name or _BLANK, looks), settings=(space,))]
    if place.shows_nip and party.nip:
        lines.append(paragraph("Signature", run(f"NIP {party.nip}")))
    elif place.shows_nip:
        line = twips(text_width_em(_BLANK) * theme.BODY_PT * PT_TO_MM)
        # The padding of a cell, an eighth of an inch on both sides, is in its width too.
        left = w("ind", left=max(0, (half * place.span - 216 - line) // 2))
        lines.append(paragraph("Signature", run("NIP"), settings=(left, w("jc", val="left"))))
    return lines
