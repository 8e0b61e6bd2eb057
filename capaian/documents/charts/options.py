"""ECharts options as plain data: pure functions, the same input gives the same option.

A value is drawn by its position and printed by its text: the text comes from the caller (the same string as in the
table), so that a label and a cell cannot disagree. Functions do not fit into JSON; `chart-format.js` knows the words
that stand for them (`@angka`, `@persen`, `@ringkas`, `@teks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import pi
from typing import Any, Final, Literal

from capaian.documents.metrics import text_width_em
from capaian.rules.numbers import format_number

Option = dict[str, Any]
Value = Decimal | int | None

PALETTE: Final = ("#0F5C63", "#D9902F", "#8FB3B5", "#A63D40", "#4F6D7A", "#C9B458", "#6A4C7D", "#9AA5A8")
TARGET_COLOUR: Final = "#A63D40"
_BAR_WIDTH: Final = 46
_LYING_WIDTH: Final = 22
# About how wide the longest of stacked bars is drawn, in pixels: a label wider than its part is left out.
_STACK_ROOM: Final = 380
_NEAR_AXIS: Final = 0.12
# Names of categories in one row beside each other, in pixels; longer ones stand at a slant.
_ROOM_FOR_NAMES: Final = 480
_INK: Final = "#1F2A2C"
_LINE: Final = "#C9D1D3"
_FONT: Final[dict[str, Any]] = {"fontFamily": "Arimo, Arial, sans-serif", "fontSize": 12, "color": _INK}
_HALO: Final = {"textBorderColor": "#FFFFFF", "textBorderWidth": 3}
# A label within a bar needs its own ground: the bar may be dark, light or patterned.
_PLATE: Final = {"backgroundColor": "#FFFFFF", "padding": [1, 3], "borderRadius": 2}
_SYMBOLS: Final = ("circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect")
_DASHES: Final[tuple[Any, ...]] = ("solid", [6, 4], [2, 3], [10, 4, 2, 4], [4, 2], [1, 2])


@dataclass(frozen=True)
class Series:
    """One line or one set of bars: a value for each category, `None` where there is none.

    `texts` are the values as printed elsewhere in the document; without them the values are printed as they stand.
    `role` target draws a dashed line over the bars.
    """

    name: str
    values: tuple[Value, ...]
    texts: tuple[str, ...] = ()
    role: Literal["", "target"] = ""


def line_option(
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    axis: str = "",
    from_zero: bool = True,
    labels: bool = True,
    axis_format: str = "@angka",
) -> Option:
    """A line for each series over the categories (years, quarters). `axis` names what the numbers are.

    Raises `ValueError` when a series has more or fewer values than there are categories.
    """
    _check(categories, series)
    drawn = [_line(one, index, labels) for index, one in _numbered(series)]
    _part_labels(drawn, from_zero=from_zero)
    value_axis = {**_value_axis(axis, axis_format), "scale": not from_zero}
    if not from_zero:
        value_axis["boundaryGap"] = ["20%", "10%"]  # room for the labels below the lowest point
    names = _category_axis(categories)
    return {
        **_base(series, names),
        "xAxis": {**names, "boundaryGap": True},
        "yAxis": value_axis,
        "series": drawn,
    }


def bar_option(
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    horizontal: bool = False,
    stacked: bool = False,
    axis: str = "",
    labels: bool = True,
    axis_format: str = "@angka",
) -> Option:
    """Bars side by side or stacked, upright or lying; a series with the role target becomes a dashed line.

    Lying bars are listed from above. Raises `ValueError` when a series does not fit the categories.
    """
    _check(categories, series)
    drawn = [
        _line(one, index, labels)
        if one.role == "target"
        else _bar(one, index, horizontal=horizontal, stacked=stacked, labels=labels)
        for index, one in _numbered(series)
    ]
    bars = [one for one in drawn if one["type"] == "bar"]
    for one in drawn:
        # A target line runs along the tops of the bars: their labels move to the foot.
        if one["type"] == "bar" and len(bars) < len(drawn) and not stacked:
            one["label"].update({"position": "insideLeft" if horizontal else "insideBottom", **_PLATE})
        if one["type"] == "line" and len(bars) == 1 and not horizontal:
            one["label"]["color"] = TARGET_COLOUR
    if stacked:
        _hide_narrow_labels(bars)
    names, values = _category_axis(categories, lying=horizontal), _value_axis(axis, axis_format)
    base = _base(series, names)
    if not horizontal:
        return {**base, "xAxis": names, "yAxis": values, "series": drawn}
    beneath = {"nameLocation": "middle", "nameGap": 24, "nameTextStyle": _FONT} if axis else {}
    grid = {**base["grid"], "top": 10, "bottom": base["grid"]["bottom"] + (18 if axis else 0)}
    if labels and not stacked:
        grid["right"] += max((_width_px(point["text"]) for bar in bars for point in bar["data"]), default=0)
    return {**base, "grid": grid, "xAxis": {**values, **beneath}, "yAxis": {**names, "inverse": True}, "series": drawn}


def pie_option(
    names: Sequence[str], values: Sequence[Value], texts: Sequence[str] = (), *, hole: bool = True
) -> Option:
    """Shares of a whole, in the order given; each slice is labelled with its name and its text.

    Raises `ValueError` when names, values and texts differ in number.
    """
    one = Series("", tuple(values), tuple(texts))
    _check(names, [one])
    slices = [
        {**point, "name": name, "label": {"formatter": f"{name}\n{_escape_label(point['text'])}"}}
        for name, point in zip(names, _points(one), strict=True)
    ]
    pie = {
        "type": "pie",
        "radius": ["42%", "72%"] if hole else "72%",
        "data": slices,
        "label": {**_FONT, "lineHeight": 15},
        "labelLine": {"length": 10, "length2": 8},
        "itemStyle": {"borderColor": "#FFFFFF", "borderWidth": 1.5},
    }
    return {**_base([one]), "series": [pie]}


def _check(categories: Sequence[str], series: Sequence[Series]) -> None:
    for one in series:
        if len(one.values) != len(categories):
            raise ValueError(f"series {one.name!r} has {len(one.values)} values for {len(categories)} categories")
        if one.texts and len(one.texts) != len(one.values):
            raise ValueError(f"series {one.name!r} has {len(one.texts)} texts for {len(one.values)} values")


def _numbered(series: Sequence[Series]) -> list[tuple[int, Series]]:
    """Each series with its place among those of its role: the first bar has the accent, with or without a target."""
    counts = {"": -1, "target": -1}
    result = []
    for one in series:
        counts[one.role] += 1
        result.append((counts[one.role], one))
    return result


def _points(one: Series) -> list[dict[str, Any]]:
    texts = one.texts or tuple("" if value is None else format_number(value) for value in one.values)
    return [{"value": _number(value), "text": text} for value, text in zip(one.values, texts, strict=True)]


def _number(value: Value) -> int | float | str:
    # Only the drawn position is a float; "-" is what ECharts calls a gap.
    if value is None:
        return "-"
    return value if isinstance(value, int) else float(value)


def _escape_label(text: str) -> str:
    # In a string formatter ECharts reads {b}, {c}, {a|…}: a brace in the text must not start one.
    return text.replace("{", "(").replace("}", ")")


def _base(series: Sequence[Series], names: dict[str, Any] | None = None) -> Option:
    left = 8
    if names and names["axisLabel"]["rotate"]:
        # A slanted name reaches to the left of its category; the first must not leave the picture.
        left = max(left, round(_width_px(str(names["data"][0])) * 0.77) - 30)
    shown = [one.name for one in series if one.name]
    legend = {"data": shown, "bottom": 0, "itemWidth": 22, "itemHeight": 12, "textStyle": _FONT}
    return {
        "animation": False,
        "color": list(PALETTE),
        "textStyle": _FONT,
        "aria": {"enabled": True, "label": {"enabled": False}, "decal": {"show": True, "decals": _decals()}},
        "grid": {
            "left": left,
            "right": 20,
            "top": 34,
            "bottom": 34 if len(shown) > 1 else 10,
            "containLabel": True,
        },
        "legend": {**legend, "show": len(shown) > 1},
        "tooltip": {"trigger": "item", "renderMode": "richText", "valueFormatter": "@angka"},
    }


def _decals() -> list[dict[str, Any]]:
    """Patterns over the colours, so that neighbours stay apart on a black-and-white printer."""
    light, dark = "rgba(255,255,255,0.45)", "rgba(0,0,0,0.28)"
    stripes = {"symbol": "rect", "symbolSize": 1, "dashArrayX": [1, 0]}
    return [
        {"symbol": "none"},
        {**stripes, "color": light, "dashArrayY": [1.5, 5.5], "rotation": -pi / 4},
        {
            "symbol": "circle",
            "symbolSize": 0.7,
            "color": dark,
            "dashArrayX": [[7, 7], [0, 7, 7, 0]],
            "dashArrayY": [5, 0],
        },
        {**stripes, "color": light, "dashArrayY": [1, 5], "rotation": pi / 4},
        {**stripes, "color": light, "dashArrayY": [2, 4]},
        {"symbol": "triangle", "symbolSize": 0.7, "color": dark, "dashArrayX": [9, 9], "dashArrayY": [7, 5]},
    ]


def _category_axis(categories: Sequence[str], *, lying: bool = False) -> dict[str, Any]:
    needed = sum(max(map(_width_px, name.split("\n"))) + _FONT["fontSize"] for name in categories)
    slanted = not lying and needed > _ROOM_FOR_NAMES
    return {
        "type": "category",
        "data": list(categories),
        "axisLabel": {**_FONT, "interval": 0, "hideOverlap": False, "rotate": 40 if slanted else 0},
        "axisLine": {"lineStyle": {"color": _INK}},
        "axisTick": {"show": False},
    }


def _value_axis(name: str, axis_format: str) -> dict[str, Any]:
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {**_FONT, "align": "left"},
        "axisLabel": {**_FONT, "formatter": axis_format},
        "splitLine": {"lineStyle": {"color": _LINE, "width": 0.7}},
    }


def _width_px(text: str) -> int:
    return round(text_width_em(text) * float(_FONT["fontSize"]))


def _label(show: bool, position: str) -> dict[str, Any]:
    return {"show": show, "position": position, "formatter": "@teks", **_FONT, "fontSize": 11, **_HALO}


def _bar(one: Series, index: int, *, horizontal: bool, stacked: bool, labels: bool) -> dict[str, Any]:
    outside = "right" if horizontal else "top"
    bar: dict[str, Any] = {
        "type": "bar",
        "name": one.name,
        "data": _points(one),
        "barMaxWidth": _LYING_WIDTH if horizontal else _BAR_WIDTH,
        "itemStyle": {
            "color": PALETTE[index % len(PALETTE)],
            "decal": _decals()[index % len(_decals())],
        },
        "label": _label(labels, "inside" if stacked else outside),
        "labelLayout": {"hideOverlap": True},
    }
    if stacked:
        bar["stack"] = "jumlah"
        bar["label"].update(_PLATE)
    return bar


def _hide_narrow_labels(bars: list[dict[str, Any]]) -> None:
    """Leave out the label of a part that is narrower than the label."""
    columns = [
        [point for point in points if point["value"] != "-"] for points in zip(*(b["data"] for b in bars), strict=True)
    ]
    longest = max((sum(float(point["value"]) for point in points) for points in columns), default=0.0)
    for point in (point for points in columns for point in points):
        if longest and float(point["value"]) / longest * _STACK_ROOM < _width_px(point["text"]) + 8:
            point["label"] = {"show": False}


def _part_labels(lines: list[dict[str, Any]], *, from_zero: bool) -> None:
    """At each category the lowest point has its label below, the others above: close lines stay readable.

    Of equal points one is labelled. Near a zero axis a label stays above its point: below there are the names of the
    categories.
    """
    columns = [
        [point for point in points if point["value"] != "-"]
        for points in zip(*(line["data"] for line in lines), strict=True)
    ]
    highest = max((float(point["value"]) for points in columns for point in points), default=0.0)
    floor = highest * _NEAR_AXIS if from_zero else float("-inf")
    for points in columns:
        heights = [float(point["value"]) for point in points]
        for height, point in zip(heights, points, strict=True):
            below = height == min(heights) < max(heights) and height > floor
            point["label"] = {"position": "bottom" if below else "top"}
        if len(points) > 1 and min(heights) == max(heights):
            for point in points[1:]:
                point["label"] = {"show": False}


def _line(one: Series, index: int, labels: bool) -> dict[str, Any]:
    target = one.role == "target"
    dash = [6, 4] if target else _DASHES[index % len(_DASHES)]
    line: dict[str, Any] = {
        "type": "line",
        "name": one.name,
        "data": _points(one),
        "symbol": "diamond" if target else _SYMBOLS[index % len(_SYMBOLS)],
        "symbolSize": 8,
        "lineStyle": {"width": 2.2, "type": dash},
        "label": _label(labels, "top"),
        "labelLayout": {"hideOverlap": True},
        "z": 5,
    }
    colour = TARGET_COLOUR if target else PALETTE[index % len(PALETTE)]
    line["itemStyle"] = {"color": colour}
    line["lineStyle"]["color"] = colour
    return line
