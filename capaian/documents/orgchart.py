"""An organisation chart as SVG: the head on top, its offices side by side, theirs below one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from capaian.documents import theme
from capaian.documents.blocks import OrgNode
from capaian.documents.metrics import text_width_em

_FONT: Final = 10.0
_LINE: Final = 12.0
_PAD: Final = 4.0
_GAP_X: Final = 6.0
_GAP_Y: Final = 20.0
_STACK_Y: Final = 6.0
_INDENT: Final = 10.0
_HEAD_WIDTH: Final = 220.0
_WIDEST: Final = 170.0


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    rank: int

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PAD


def org_svg(root: OrgNode, width: int) -> tuple[str, int, int]:
    """The chart `width` pixels wide: its SVG, width and height. Pure; the same tree gives the same text."""
    parts: list[str] = []
    head_width = min(_HEAD_WIDTH, float(width) - 2)
    head = _Box((width - head_width) / 2, 1, head_width, _wrap(root.label, head_width), 0)
    below = head.y + head.height
    bottom = below
    if root.children:
        bottom = _draw_offices(root, head, width, parts)
    parts.append(_box(head))
    height = round(bottom + 2)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="Arimo, Arial, sans-serif" font-size="{_FONT}">'
    )
    return opening + "".join(parts) + "</svg>", width, height


def _draw_offices(root: OrgNode, head: _Box, width: int, parts: list[str]) -> float:
    """The offices under the head, side by side; returns the lowest point drawn."""
    count = len(root.children)
    each = min(_WIDEST, (width - 6 - _GAP_X * (count - 1)) / count)
    left = (width - each * count - _GAP_X * (count - 1)) / 2
    top = head.y + head.height + _GAP_Y
    boxes = [
        _Box(left + i * (each + _GAP_X), top, each, _wrap(child.label, each), 1)
        for i, child in enumerate(root.children)
    ]
    tallest = max(len(box.lines) for box in boxes)
    boxes = [_Box(b.x, b.y, b.width, b.lines + ("",) * (tallest - len(b.lines)), 1) for b in boxes]
    middle, rail = width / 2, top - _GAP_Y / 2
    parts.append(_path(middle, head.y + head.height, middle, rail))
    parts.append(_path(boxes[0].x + each / 2, rail, boxes[-1].x + each / 2, rail))
    bottom = top
    for box, child in zip(boxes, root.children, strict=True):
        parts.append(_path(box.x + each / 2, rail, box.x + each / 2, top))
        parts.append(_box(box))
        bottom = max(bottom, _draw_stack(child, box, parts))
    return bottom


def _draw_stack(node: OrgNode, above: _Box, parts: list[str]) -> float:
    """The offices below one of the row, one under the other; returns the lowest point drawn."""
    bottom = above.y + above.height
    spine = above.x + _INDENT / 2
    last = bottom
    for depth, child in _below(node, 1):
        x = above.x + _INDENT * depth
        width = above.width - _INDENT * depth
        box = _Box(x, bottom + _STACK_Y, width, _wrap(child.label, width), 2)
        last = box.y + box.height / 2
        parts.append(_path(spine, last, x, last))
        parts.append(_box(box))
        bottom = box.y + box.height
    if node.children:
        parts.append(_path(spine, above.y + above.height, spine, last))
    return bottom


def _below(node: OrgNode, depth: int) -> Iterator[tuple[int, OrgNode]]:
    for child in node.children:
        yield min(depth, 3), child
        yield from _below(child, depth + 1)


def _wrap(label: str, width: float) -> tuple[str, ...]:
    room = (width - 2 * _PAD) / _FONT
    lines: list[str] = []
    for part in label.split("\n"):
        line = ""
        for word in part.split():
            longer = f"{line} {word}".strip()
            if line and text_width_em(longer, bold=True) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return tuple(lines)


def _path(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#{theme.MUTED}" stroke-width="1"/>'


def _box(box: _Box) -> str:
    fill = {0: theme.ACCENT, 1: theme.HEADER_FILL}.get(box.rank, "FFFFFF")
    ink = "FFFFFF" if box.rank == 0 else "111111"
    weight = ' font-weight="bold"' if box.rank < 2 else ""
    shape = (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'fill="#{fill}" stroke="#{theme.ACCENT}" stroke-width="1"/>'
    )
    middle = box.x + box.width / 2
    shown = [line for line in box.lines if line]
    first = box.y + box.height / 2 - (len(shown) - 1) * _LINE / 2 + _FONT * 0.36
    words = "".join(
        f'<text x="{middle:.1f}" y="{first + i * _LINE:.1f}" text-anchor="middle" fill="#{ink}"{weight}>'
        f"{escape(line)}</text>"
        for i, line in enumerate(shown)
    )
    return shape + words
