"""Filters and tags of the screens: they print, they escape, they say in words what colour says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory

from capaian.documents.charts import Series, line_option
from capaian.web.components import context_choice
from capaian.web.templatetags import capaian as tags

pytestmark = pytest.mark.unit


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "value", "printed"),
    [
        ("{{ v|angka }}", Decimal("1234.560"), "1.234,56"),
        ("{{ v|angka:1 }}", Decimal("2.25"), "2,3"),
        ("{{ v|angka }}", None, "–"),
        ("{{ v|persen }}", Decimal("-123.3333"), "-123,33%"),
        ("{{ v|persen:1 }}", Decimal("104.8"), "104,8%"),
        ("{{ v|rupiah }}", 862583197457, "Rp 862.583.197.457"),
        ("{{ v|rupiah }}", None, "–"),
        ("{{ v|rupiah_singkat }}", 862583197457, "Rp 862,6 miliar"),
        ("{{ v|rupiah_singkat:'huruf' }}", 862583197457, "Rp 862,6 M"),
        ("{{ v|rupiah_singkat }}", 1500000000000, "Rp 1,5 triliun"),
        ("{{ v|rupiah_singkat }}", -2500000, "-Rp 2,5 juta"),
        ("{{ v|rupiah_singkat }}", 950, "Rp 950"),
        ("{{ v|tanggal }}", date(2026, 11, 24), "24 November 2026"),
        ("{{ v|tanggal }}", None, "–"),
        ("{{ v|words }}", "tidak_berlaku", "Tidak berlaku"),
    ],
)
def test_filters_print_the_indonesian_way(source: str, value: object, printed: str) -> None:
    assert render(source, v=value) == printed


@pytest.mark.parametrize("status", sorted(tags.STATUS))
def test_status_has_word_icon_and_tone(status: str) -> None:
    html = render("{% status_badge s %}", s=status)
    look = tags.STATUS[status]
    assert f"#{look.icon}" in html
    assert look.word in html
    assert f"status-{look.tone}" in html


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (tags.__file__.rsplit("/", 2)[0]) + "/static/vendor/bootstrap-icons/sprite.svg"
    with open(sprite, encoding="utf-8") as stream:
        known = stream.read()
    assert [look.icon for look in tags.STATUS.values() if f'id="{look.icon}"' not in known] == []


def test_figure_opens_its_trace_and_escapes() -> None:
    html = render('{% figure t "/jejak/1/" label=l %}', t="104,80%", l="<b>AKI</b>")
    assert 'hx-get="/jejak/1/"' in html
    assert "&lt;b&gt;AKI" in html
    assert "<button" not in render("{% figure t %}", t="104,80%")


def test_trend_line_skips_gaps_and_speaks() -> None:
    points = [(2020, Decimal(10)), (2021, None), (2022, Decimal("7.5"))]
    html = render('{% trend_line p label="Realisasi" %}', p=points)
    assert html.count("<circle") == 2
    assert "Realisasi: 2020: 10; 2022: 7,5" in html
    assert render("{% trend_line p %}", p=points[:2]) == ""


def test_share_bar_marks_what_is_under_the_threshold() -> None:
    assert "share-low" in render("{% share_bar v 70 %}", v=Decimal("62.77"))
    assert 'width="100.00"' in render("{% share_bar v 70 %}", v=Decimal("104"))


def test_chart_carries_option_and_table() -> None:
    option = line_option(["2023", "2024"], [Series("AKI", (Decimal("207"), Decimal("119")))])
    html = render("{% chart o 'AKI' c r %}", o=option, c=["Tahun", "AKI"], r=[["2023", "207"], ["2024", "119"]])
    assert 'data-option="{&quot;' in html
    assert '<th scope="row">2024</th>' in html
    assert "echarts.min.js" in render("{% chart_scripts %}")


def test_sortable_head_and_filter() -> None:
    assert 'data-sort="number"' in render("{% sort_th 'Pagu' 'number' %}")
    assert "data-sort" not in render("{% sort_th 'Sebab' 'none' %}")
    html = render("{% table_filter 'iku' statuses=s %}", s=["tercapai"])
    assert '<option value="tercapai">Tercapai</option>' in html


def test_context_choice_keeps_other_parameters() -> None:
    request = RequestFactory().get("/x/", {"tabel": "1", "page": "3"})
    choice = context_choice(request, "Versi", "versi", [("apbd", "APBD"), ("kua", "KUA")], "kua")
    assert choice.value == "KUA"
    assert choice.choices[0].url == "/x/?tabel=1&versi=apbd"
    assert [one.active for one in choice.choices] == [False, True]
