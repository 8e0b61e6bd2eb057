"""How wide a text runs in Arial (and Arimo, which has its metrics), without opening a font."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# Advance widths of the characters from space to tilde, in thousandths of the size; read from the shipped fonts.
# fmt: off
_REGULAR: Final = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)
_BOLD: Final = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
)
# fmt: on
_OTHER: Final = 600  # letters with accents, dashes, signs


@lru_cache(maxsize=8192)  # the same words stand in many cells, and every cell is measured more than once
def text_width_em(text: str, *, bold: bool = False) -> float:
    """The width of a text in one line, in multiples of its size (em)."""
    widths = _BOLD if bold else _REGULAR
    return sum(widths[ord(c) - 32] if " " <= c <= "~" else _OTHER for c in text) / 1000
