"""Charts: pure options, a drawing that is the same each time, and limits."""

from __future__ import annotations

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from PIL import Image

from capaian.documents.charts import (
    ChartError,
    Series,
    bar_option,
    chart_png,
    chart_svg,
    line_option,
    pie_option,
    radar_option,
)
from capaian.documents.charts.draw import SCRIPTS, _draw, _Engine
from tests.unit.documents.sample import YEARS, trend_chart

OWN = Series("Realisasi", (Decimal("310.25"), None, Decimal("1234.5"), 7), ("310,25", "", "1.234,50", "7"))


def labels(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_a_chart_carries_its_labels_in_indonesian_print() -> None:
    shown = labels(chart_svg(bar_option(YEARS, (OWN, Series("Target", (5, 6, 7, 8))), axis="kasus"), 600, 300))
    for text in (*YEARS, "310,25", "1.234,50", "Realisasi", "Target", "kasus", "1.200"):
        assert text in shown


def test_without_texts_the_values_are_printed_as_they_stand() -> None:
    shown = labels(chart_svg(line_option(("a", "b"), (Series("x", (Decimal("1234.56"), 1000000)),)), 600, 300))
    assert "1.234,56" in shown
    assert "1.000.000" in shown


@pytest.mark.parametrize(
    ("form", "expected"),
    [("@angka:2", "1.200,00"), ("@persen:1", "1.200,0 %"), ("@ringkas", "1,2 ribu"), ("@angka", "1.200")],
)
def test_axis_formats(form: str, expected: str) -> None:
    option = bar_option(("a",), (Series("x", (1200,)),), labels=False, axis_format=form)
    assert expected in labels(chart_svg(option, 600, 300))


def test_the_same_option_gives_the_same_drawing_in_any_engine() -> None:
    text = json.dumps(trend_chart().option, sort_keys=True, ensure_ascii=False)
    first, second = _Engine(), _Engine()
    first.draw(text, 300, 200)
    _draw.cache_clear()
    once = chart_svg(trend_chart().option, 600, 300)
    _draw.cache_clear()
    assert chart_svg(trend_chart().option, 600, 300) == once
    assert second.draw(text, 300, 200).count("<path") == first.draw(text, 300, 200).count("<path")


def test_patterns_keep_neighbours_apart_without_colour() -> None:
    parts = tuple(Series(name, (3,)) for name in "ABCD")
    svg = chart_svg(bar_option(("x",), parts), 600, 300)
    used = set(re.findall(r'fill="url\(#([^)]+)\)"', svg))
    assert len(used) == 4
    assert used <= set(re.findall(r'<pattern[^>]*id="([^"]+)"', svg))


def test_a_target_is_a_dashed_line_over_bars() -> None:
    target, bars = trend_chart().option["series"]
    assert (target["type"], bars["type"]) == ("line", "bar")
    assert "stroke-dasharray" in chart_svg(trend_chart().option, 600, 300)


CORNERS = ("Promosi", "Gizi", "Imunisasi", "Surveilans")
OURS = Series("Mawar", (90, None, Decimal("81.5"), 70), ("90,00", "–", "81,50", "70,00"))


def test_a_radar_draws_what_is_known_and_nothing_as_zero() -> None:
    """Gizi has no value of ours: no corner. The second series lacks a corner that is left: no ring."""
    whole = Series("Kabupaten", (80, 80, 80, 80))
    lacking = Series("2023", (60, 60, None, 60))
    option = radar_option(CORNERS, (OURS, whole, lacking))
    shown = labels(chart_svg(option, 600, 400))
    for text in ("Promosi", "90,00", "Imunisasi", "81,50", "Mawar", "Kabupaten"):
        assert text in shown
    assert not {"Gizi", "2023"} & set(shown)
    assert [one["data"][0]["value"] for one in option["series"]] == [[90, 81.5, 70], [80, 80, 80]]


def test_the_rings_of_a_radar_differ_without_colour() -> None:
    rings = radar_option(CORNERS[:3], [Series(name, (1, 2, 3)) for name in "ABC"])["series"]
    assert len({str(one["lineStyle"]["type"]) for one in rings}) == 3
    assert len({one["symbol"] for one in rings}) == 3
    assert ["areaStyle" in one for one in rings] == [True, False, False]


def test_texts_of_many_corners_follow_their_names() -> None:
    def first(many: int) -> str:
        ours = Series("Kami", (50,) * many, ("50,00",) * many)
        name: str = radar_option([f"Mutu {one}" for one in range(many)], (ours,))["radar"]["indicator"][0]["name"]
        return name

    assert first(9) == "Mutu 0\n50,00"
    assert first(10) == "Mutu 0 50,00"


def test_a_radar_needs_three_corners() -> None:
    with pytest.raises(ValueError, match="3 corners"):
        radar_option(("a", "b", "c"), (Series("x", (1, None, 2)),))


def test_the_drawing_has_no_style_and_no_link_to_outside() -> None:
    svg = chart_svg(pie_option(("a", "b"), (1, 2)), 600, 300)
    assert "<style" not in svg
    assert not re.search(r'(?:href|src)="(?!#)', svg)


def test_png_has_the_size_asked_for_and_ink_on_it() -> None:
    picture = Image.open(io.BytesIO(chart_png(trend_chart().option, 600, 300, scale=2)))
    assert picture.size == (1200, 600)
    colours = picture.convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert (0x0F, 0x5C, 0x63) in {colour for _, colour in colours}


def test_a_series_must_fit_its_categories() -> None:
    with pytest.raises(ValueError, match="'x' has 1 values for 2 categories"):
        bar_option(("a", "b"), (Series("x", (1,)),))
    with pytest.raises(ValueError, match="has 2 texts for 1 values"):
        line_option(("a",), (Series("x", (1,), ("1", "2")),))


def test_a_bad_option_is_refused_and_the_engine_goes_on() -> None:
    with pytest.raises(ChartError):
        chart_svg({"series": [{"type": "bar", "data": [1]}]}, 300, 200)
    assert "2021" in labels(chart_svg(trend_chart().option, 310, 210))


def test_drawing_from_many_threads() -> None:
    def draw(width: int) -> bool:
        return "2024" in labels(chart_svg(trend_chart().option, width, 250))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(draw, range(500, 520)))


def test_the_vendored_script_names_no_map() -> None:
    for path in SCRIPTS:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8")
    assert (SCRIPTS[0].parent / "LICENSE").exists()
