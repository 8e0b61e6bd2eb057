"""The cover of a .docx: three rows of fixed height, the middle one a band of colour from edge to edge of the page."""

from __future__ import annotations

from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import Cover
from capaian.documents.docx.xml import Element, paragraph, run, twips, w

_PAGE: Final = twips(theme.PAGE_MM["portrait"][0])
_LEFT: Final = twips(theme.MARGIN_MM["portrait"]["left"])
_RIGHT: Final = twips(theme.MARGIN_MM["portrait"]["right"])


def cover_elements(block: Cover) -> list[Element]:
    """The cover as one table as wide as the page; its texts keep their styles, so that an office can change them."""
    head = [("CoverAuthority", block.authority), ("CoverOffice", block.office)]
    band = [("CoverTitle", block.title), ("CoverSubtitle", block.subtitle)]
    foot = [("CoverAddress", block.address), ("CoverYear", block.year)]
    table = w(
        "tbl",
        w(
            "tblPr",
            w("tblW", w=_PAGE, type="dxa"),
            w("tblInd", w=-_LEFT, type="dxa"),
            w("tblLayout", type="fixed"),
            w("tblCellMar", w("left", w=_LEFT, type="dxa"), w("right", w=_RIGHT, type="dxa")),
        ),
        w("tblGrid", w("gridCol", w=_PAGE)),
        _row("head", head),
        _row("band", band, fill=theme.ACCENT, stands="center"),
        _row("foot", foot, stands="bottom"),
    )
    return [table]


def _row(part: str, lines: list[tuple[str, str]], *, fill: str = "", stands: str = "top") -> Element:
    texts = [paragraph(style, run(text)) for style, text in lines if text]
    properties = [
        w("tcW", w=_PAGE, type="dxa"),
        w("shd", val="clear", color="auto", fill=fill) if fill else None,
        w("vAlign", val=stands),
    ]
    cell = w("tc", w("tcPr", *properties), *(texts or [paragraph("Gap")]))
    return w("tr", w("trPr", w("cantSplit"), w("trHeight", val=twips(theme.COVER_MM[part]), hRule="exact")), cell)
