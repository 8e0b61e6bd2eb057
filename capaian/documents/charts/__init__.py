"""Charts: options built by pure functions, drawn on the server by the same ECharts file as in the browser."""

from capaian.documents.charts.draw import (
    ChartError,
    chart_png,
    chart_svg,
    shipped_fonts,
    svg_to_png,
)
from capaian.documents.charts.options import Series, bar_option, line_option, pie_option
from capaian.documents.charts.radar import radar_option

__all__ = [
    "ChartError",
    "Series",
    "bar_option",
    "chart_png",
    "chart_svg",
    "line_option",
    "pie_option",
    "radar_option",
    "shipped_fonts",
    "svg_to_png",
]
