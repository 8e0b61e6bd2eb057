"""The preview fragment, the plain text and the workbook."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from capaian.documents.blocks import Cell, Column, Document, Row, Table
from capaian.documents.html import render_html
from capaian.documents.text import render_text
from capaian.documents.xlsx import read_number, render_xlsx
from tests.unit.documents.read_back import part, sheet_rows, xml
from tests.unit.documents.sample import iku_table, trend_chart, wide_table


@pytest.fixture(scope="module")
def tree(rich: Document) -> Any:
    return xml(render_html(rich))


def test_tables_have_caption_scopes_and_spans(tree: Any) -> None:
    table = next(
        t
        for t in tree.iter("table")
        if t.get("id") == "doc-tabel-6"
        or "IKU" in "".join(t.itertext())
        or "Indikator Kinerja Utama" in "".join(t.itertext())
    )
    caption = table.find("caption")
    assert caption is not None
    assert "".join(caption.itertext()) == "Tabel 3.1 Realisasi dan Capaian Indikator Kinerja Utama Tahun 2024"
    scopes = {(th.text, th.get("scope"), th.get("colspan")) for th in table.iter("th")}
    assert ("Tahun 2024", "colgroup", "3") in scopes
    assert ("Target", "col", None) in scopes
    assert next(td for td in table.iter("td") if td.text == "1").get("rowspan") == "2"


def test_a_figure_with_a_trace_is_a_button(tree: Any) -> None:
    buttons = {b.get("data-trace"): b.text for b in tree.iter("button")}
    assert buttons == {"jejak-1": "Angka Kematian Ibu", "jejak-2": "104,42"}


def test_a_chart_carries_its_option_and_its_data_as_a_table(tree: Any) -> None:
    figure = next(f for f in tree.iter("figure") if f.get("class") == "doc-chart")
    assert json.loads(figure.get("data-option", "")) == json.loads(json.dumps(trend_chart().option))
    details = figure.find("details")
    assert details is not None
    assert "310,25" in "".join(details.itertext())


def test_links_lead_to_something(tree: Any) -> None:
    names = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(names) == len(set(names))
    targets = {a.get("href", "")[1:] for a in tree.iter("a")}
    assert targets
    assert targets <= set(names)


def test_nothing_comes_from_outside(rich: Document) -> None:
    fragment = render_html(rich)
    for word in ("http://", "https://", "<script", "<style", " style=", "src="):
        assert word not in fragment


def test_text_has_a_line_for_each_row() -> None:
    lines = render_text(Document("J", "D", (iku_table(),))).splitlines()
    assert lines[0] == "Tabel 1 Realisasi dan Capaian Indikator Kinerja Utama Tahun 2024"
    assert "2\tMenurunnya prevalensi stunting\tPrevalensi Stunting\t%\t14,00\t16,10\t85,00\tTinggi" in lines
    assert "\t\tAngka Kematian Bayi\tper 1.000 KH\t9,50\t14,93\t42,84\tSangat Rendah" in lines


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("1.234,56", 1234.56, "#,##0.00"),
        ("862.583.197", 862583197, "#,##0"),
        ("104,4", 104.4, "#,##0.0"),
        ("97,72%", 97.72, '#,##0.00"%"'),
        ("Rp 1.500.000", 1500000, '"Rp" #,##0'),
        ("-123,3", -123.3, "#,##0.0"),
        ("0,5", 0.5, "#,##0.0"),
        ("0", 0, "#,##0"),
    ],
)
def test_numbers_are_read_the_indonesian_way(text: str, value: float, form: str) -> None:
    number = read_number(text)
    assert number is not None
    assert (number.value, number.form) == (value, form)


@pytest.mark.parametrize(
    "text", ["", "-", "1.02.02", "0123", "≥ 95", "(101%)", "1234567890123456", "BB", "6 Puskesmas"]
)
def test_codes_words_and_marks_stay_text(text: str) -> None:
    assert read_number(text) is None


def test_the_workbook_has_a_sheet_for_each_table_with_real_numbers() -> None:
    data = render_xlsx(Document("J", "D", (wide_table(5), iku_table(), iku_table())))
    assert names(data) == [
        "Tabel 1 Rencana Aksi per Triwul",
        "Tabel 2 Realisasi dan Capaian I",
        "Tabel 3 Realisasi dan Capaian I",
    ]
    rows = sheet_rows(data)
    assert rows[0][0] == "Tabel 1 Rencana Aksi per Triwulan"
    assert rows[2][4] == "Triwulan I"
    assert rows[4][:1] + rows[4][3:7] == ["1", "orang", 1250, 1198, 95.84]
    sheet, styles = part(data, "xl/worksheets/sheet1.xml"), part(data, "xl/styles.xml")
    assert re.search(r'<pane ySplit="4" topLeftCell="A5"[^>]*state="frozen"', sheet)
    assert '<mergeCell ref="E3:G3"/>' in sheet
    assert 'formatCode="#,##0.00"' in styles


def test_two_sheets_of_one_name_are_told_apart_and_no_table_gives_a_note() -> None:
    plain = Table((Column("A"),), (Row((Cell("x"),)),), "[Nama]: sama/beda?")
    assert names(render_xlsx(Document("J", "D", (plain, plain)))) == [
        "Tabel 1 Nama sama beda",
        "Tabel 2 Nama sama beda",
    ]
    bare = Table((Column("A"),), ())
    long_name = names(render_xlsx(Document("J", "D", (bare, bare))))
    assert long_name == ["Tabel tanpa judul 1", "Tabel tanpa judul 2"]
    assert sheet_rows(render_xlsx(Document("J", "D", ())))[0][0] == "Dokumen ini tidak memuat tabel."


def names(data: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
