"""A radar (spider) chart: a corner for each group, a ring for each series, as plain data like the other options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from capaian.documents.charts.options import (
    _DASHES,
    _FONT,
    _INK,
    _LINE,
    _SYMBOLS,
    PALETTE,
    Option,
    Series,
    _base,
    _check,
    _number,
)
from capaian.documents.metrics import text_width_em

# A ring needs three corners.
FEWEST: Final = 3
# Names at the corners are broken into lines of about this many pixels.
_NAME_WIDTH: Final = 112
# A longer name would reach into its neighbour or out of the picture.
_MOST_LINES: Final = 3
# More corners stand so close that their texts follow the names on the same line.
_CROWDED: Final = 9
_BLANKS = re.compile(r"\s+")


def radar_option(
    names: Sequence[str], series: Sequence[Series], *, ceiling: int = 100, rings: int = 5, radius: str = "66%"
) -> Option:
    """A ring for each series over the corners `names`, from 0 in the middle to `ceiling`.

    The texts of the first series are printed below the names of its corners, behind them where corners are many.
    The rings differ by dashes and marks, and the first alone is filled, so that they stay apart in black and white.
    What is not known is not drawn as nothing: a corner without a value in the first series is left out, and so is a
    further series that lacks one of the corners left. Raises `ValueError` for fewer than three such corners, and
    for a series that does not fit them.
    """
    _check(names, series)
    first = series[0]
    known = [at for at, value in enumerate(first.values) if value is not None]
    if len(known) < FEWEST:
        raise ValueError(f"a radar needs {FEWEST} corners with a value, not {len(known)}")
    drawn = [one for one in series if all(one.values[at] is not None for at in known)]
    texts = first.texts or ("",) * len(names)
    base = _base(drawn)
    crowded = len(known) > _CROWDED
    corners = [{"name": _corner(names[at], texts[at], beside=crowded), "min": 0, "max": ceiling} for at in known]
    legend = [{"name": one.name, "icon": _icon(index)} for index, one in enumerate(drawn)]
    return {
        **{key: value for key, value in base.items() if key != "grid"},
        "legend": {**base["legend"], "data": legend, "itemWidth": 12},
        # Patterns are for areas side by side; over one another they hide the rings.
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": False}},
        "radar": _axes(corners, rings, radius),
        "series": [_ring(one, index, known) for index, one in enumerate(drawn)],
    }


def _axes(corners: list[dict[str, Any]], rings: int, radius: str) -> dict[str, Any]:
    return {
        "indicator": corners,
        "center": ["50%", "48%"],
        "radius": radius,
        "splitNumber": rings,
        "axisName": {**_FONT, "fontSize": 11, "lineHeight": 13, "color": _INK},
        "axisNameGap": 7,
        "axisLine": {"lineStyle": {"color": _LINE}},
        "splitLine": {"lineStyle": {"color": _LINE, "width": 0.8}},
        "splitArea": {"show": False},
    }


def _ring(one: Series, index: int, known: Sequence[int]) -> dict[str, Any]:
    colour = PALETTE[(index * 3) % len(PALETTE)]
    ring: dict[str, Any] = {
        "type": "radar",
        "name": one.name,
        "data": [{"value": [_number(one.values[at]) for at in known], "name": one.name}],
        "symbol": _icon(index),
        "symbolSize": 6,
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 2.4 if index == 0 else 1.8, "type": _DASHES[index % len(_DASHES)]},
        "z": 5 - index,
    }
    if index == 0:
        ring["areaStyle"] = {"color": colour, "opacity": 0.12}
    return ring


def _icon(index: int) -> str:
    return _SYMBOLS[index % len(_SYMBOLS)]


def _corner(name: str, text: str, *, beside: bool) -> str:
    lines = [""]
    for word in _BLANKS.split(name.strip()):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width_em(longer) * 11 > _NAME_WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]
    if beside and text and text_width_em(f"{lines[-1]} {text}") * 11 <= _NAME_WIDTH:
        return "\n".join([*lines[:-1], f"{lines[-1]} {text}"])
    return "\n".join([*lines, *([text] if text else [])])
