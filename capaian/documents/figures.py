"""Figures as SVG, the same drawing for every renderer: charts by ECharts, organisation charts by plain boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from capaian.documents.blocks import Chart, OrgChart, OrgNode
from capaian.documents.charts import chart_svg
from capaian.documents.orgchart import org_svg

MM_TO_PX: Final = 96 / 25.4


@dataclass(frozen=True)
class Figure:
    """A drawing: its SVG, its size in pixels (96 to the inch) and a sentence that says what it shows."""

    svg: str
    width: int
    height: int
    alt: str


def figure_svg(block: Chart | OrgChart, width_mm: float, height_mm: float) -> Figure:
    """Draw a figure as wide as the text, and not higher than `height_mm` less room for its caption.

    Raises `ChartError` for an option that cannot be drawn.
    """
    width = int(width_mm * MM_TO_PX)
    if isinstance(block, Chart):
        height = round(min(block.height_mm, height_mm - 20) * MM_TO_PX)
        return Figure(chart_svg(block.option, width, height), width, height, block.alt or block.caption)
    svg, drawn_width, drawn_height = org_svg(block.root, width)
    alt = f"{block.caption}: {_outline(block.root)}" if block.caption else _outline(block.root)
    return Figure(svg, drawn_width, drawn_height, alt)


def _outline(node: OrgNode) -> str:
    label = " ".join(node.label.split())
    if not node.children:
        return label
    return f"{label} ({'; '.join(_outline(child) for child in node.children)})"
