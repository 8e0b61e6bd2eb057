"""The look that all renderers share: colours as hex without `#`, sizes in millimetres and points."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from capaian.documents.blocks import Orientation

FONT_FOLDER: Final = Path(__file__).parent / "fonts"
STATIC_FOLDER: Final = Path(__file__).parent.parent / "web" / "static"

# Arimo has the metrics of Arial, so a .docx that names Arial breaks its lines where the .pdf does.
FONT_OFFICE: Final = "Arial"
FONT_PRINT: Final = "Arimo"

ACCENT: Final = "0F5C63"
HEADER_FILL: Final = "D5E5E5"
GROUP_FILL: Final = "ECF3F3"
TOTAL_FILL: Final = "E4E7E8"
BORDER: Final = "7F8C8D"
MUTED: Final = "5A6668"
TONE_FILL: Final = {"good": "DDF0E0", "warn": "FCF0CC", "bad": "F8DEDB"}
TONE_TEXT: Final = {"good": "14532D", "warn": "6B4A00", "bad": "8A1C12", "muted": MUTED}

PAGE_MM: Final[dict[Orientation, tuple[int, int]]] = {
    "portrait": (210, 297),
    "landscape": (297, 210),
}
# The binding edge gets 30 mm: left on an upright page, top on a landscape page (which is bound by its top edge).
MARGIN_MM: Final[dict[Orientation, dict[str, int]]] = {
    "portrait": {"top": 25, "bottom": 25, "left": 30, "right": 20},
    "landscape": {"top": 30, "bottom": 20, "left": 20, "right": 20},
}

BODY_PT: Final = 11.0
LINE_SPACING: Final = 1.3
TABLE_PT: Final = {"normal": 9.0, "small": 8.0, "tiny": 6.5}
INDENT_MM: Final = 2.5
CELL_PADDING_MM: Final = {"normal": 1.4, "small": 1.1, "tiny": 0.7}
LAYOUT_PADDING_MM: Final = 0.6


# The cover in three parts that fill the page between its margins: who reports, the band with the title, the foot.
COVER_MM: Final = {"head": 78, "band": 76, "foot": 92}


def text_width_mm(orientation: Orientation) -> int:
    """The width between the margins of a page, in millimetres."""
    margins = MARGIN_MM[orientation]
    return PAGE_MM[orientation][0] - margins["left"] - margins["right"]


def text_height_mm(orientation: Orientation) -> int:
    """The height between the margins of a page, in millimetres."""
    margins = MARGIN_MM[orientation]
    return PAGE_MM[orientation][1] - margins["top"] - margins["bottom"]
