"""Drawing: ECharts in QuickJS makes the SVG, typst makes the PNG with the shipped fonts."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import quickjs
import typst

from capaian.documents.theme import FONT_FOLDER, STATIC_FOLDER

SCRIPTS: Final = (
    STATIC_FOLDER / "vendor" / "echarts" / "echarts.min.js",
    STATIC_FOLDER / "js" / "chart-format.js",
)
_SECONDS: Final = 20
_BYTES: Final = 256 * 1024 * 1024
_STACK: Final = 1024 * 1024

# QuickJS has no timers; ECharts only starts them for animation, which options switch off.
_PRELUDE: Final = "var setTimeout = function () { return 0; }, clearTimeout = function () {}; 0"
# The SVG comes back as JSON: QuickJS hands long concatenated strings over as ropes, which the binding cannot read.
_DRAW: Final = """
globalThis.drawChart = function (text, width, height) {
  var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  try {
    chart.setOption(capaianChart.prepare(JSON.parse(text)));
    return JSON.stringify(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}; 0
"""
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_CLASS = re.compile(r' (?:class="zr\d+-cls-\d+"|ecmeta_[a-z_]+="[^"]*")')
_IDENTIFIER = re.compile(r"\bzr\d+-")
_PICTURE: Final = (
    b"#set page(width: auto, height: auto, margin: 0pt)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)'
)


class ChartError(RuntimeError):
    """An option that ECharts refuses, or one that takes more time or memory than a chart may."""


class _Engine:
    """One JavaScript context per process; drawing is serialised by a lock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._context: Any = None

    def draw(self, option: str, width: int, height: int) -> str:
        with self._lock:
            if self._context is None:
                self._context = self._start()
            try:
                result = self._context.get("drawChart")(option, width, height)
            except quickjs.JSException as error:
                self._context = None  # after an interrupt or a full heap its state is unknown
                raise ChartError(f"chart could not be drawn: {error}") from error
        return str(json.loads(result))

    def _start(self) -> Any:
        context = quickjs.Context()
        context.set_memory_limit(_BYTES)
        context.set_max_stack_size(_STACK)
        context.set_time_limit(_SECONDS)
        context.eval(_PRELUDE)
        for path in SCRIPTS:
            context.eval(path.read_text(encoding="utf-8") + "\n;0")
        context.eval(_DRAW)
        return context


_ENGINE = _Engine()


@lru_cache(maxsize=64)
def _draw(option: str, width: int, height: int) -> str:
    svg = _STYLE.sub("", _ENGINE.draw(option, width, height))
    return _IDENTIFIER.sub("zr-", _CLASS.sub("", svg)).replace("<defs >", "<defs>")


def chart_svg(option: dict[str, Any], width: int, height: int) -> str:
    """The chart as an SVG text of `width` by `height` pixels (96 to the inch); the same option gives the same text.

    Raises `ChartError` when ECharts refuses the option or the limits of time (20 s) or memory (256 MB) are passed.
    """
    return _draw(json.dumps(option, sort_keys=True, ensure_ascii=False), width, height)


def chart_png(option: dict[str, Any], width: int, height: int, scale: float = 2.2) -> bytes:
    """The chart as a PNG picture, `scale` dots to each pixel of `chart_svg`. Raises `ChartError` likewise."""
    return svg_to_png(chart_svg(option, width, height), width, scale)


def svg_to_png(svg: str, width: int, scale: float = 2.2) -> bytes:
    """An SVG drawn `width` pixels wide with the shipped fonts; text stays text whatever fonts the machine has."""
    picture = typst.compile(
        _PICTURE,
        format="png",
        ppi=72.0 * scale,
        sys_inputs={"svg": svg, "width": str(width)},
        font_paths=shipped_fonts(),
        ignore_system_fonts=True,
    )
    return bytes(picture)


@lru_cache(maxsize=1)
def shipped_fonts() -> typst.Fonts:
    """The four faces of Arimo that the project ships, read once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER])
