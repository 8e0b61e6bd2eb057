"""Texts that look like markup stay texts in every renderer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capaian.documents.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Cover,
    Document,
    Field,
    Heading,
    ListBlock,
    OrgChart,
    OrgNode,
    Paragraph,
    Row,
    Run,
    Signature,
    SignatureParty,
    Table,
)
from capaian.documents.charts import Series, bar_option, chart_svg, pie_option
from capaian.documents.docx import render_docx
from capaian.documents.html import render_html
from capaian.documents.pdf import render_pdf
from capaian.documents.text import render_text
from capaian.documents.xlsx import render_xlsx
from tests.unit.documents.read_back import docx_body, part, pdf_texts, sheet_rows, squeezed, xml

HOSTILE = (
    "<script>alert(1)</script>",
    '"onclick="x',
    "#let x = 1",
    "$x^2$",
    "@preview/cetz",
    "*tebal* _miring_",
    "= judul",
    "`raw`",
    "\\LaTeX",
    "]]> --> & &amp;",
    "{{ 7*7 }}",
    "=HYPERLINK(A1)",
    "<label>",
)


def document(value: str) -> Document:
    blocks: tuple[Block, ...] = (
        Cover(value, value, value, value, value),
        Field("toc", value),
        Field("tables", value),
        Field("figures", value),
        Heading(1, value, "BAB I"),
        Heading(2, value, value),
        Heading(4, value),
        Paragraph((Run(value, bold=True, ref=value), Run(value, ref="jangkar " + value))),
        ListBlock((value,), "number"),
        Table(
            (Column(value, group=value), Column("B")),
            (Row((Cell(value, trace=value), Cell("1"))),),
            value,
            "jangkar " + value,
            value,
        ),
        Chart(
            bar_option((value,), (Series(value, (1,), (value,)), Series("lain", (2,)))),
            value,
            value,
            source=value,
            data=((value,),),
        ),
        Chart(pie_option((value,), (1,), (value,)), value, value),
        OrgChart(OrgNode(value, (OrgNode(value, (OrgNode(value),)),)), value),
        Signature((SignatureParty(value, value, value, value),)),
    )
    return Document(
        value, value, blocks, value, value, metadata={"date": "2025-01-01", "subject": value, "keywords": value}
    )


@pytest.mark.parametrize("value", HOSTILE)
def test_html_has_only_our_own_tags(value: str) -> None:
    fragment = render_html(document(value))
    tree = xml(fragment)
    assert not any(node.tag in ("script", "label") for node in tree.iter())
    assert not any(name.startswith("on") for node in tree.iter() for name in node.attrib)
    cell = next(node for node in tree.iter("button") if node.get("class") == "doc-trace")
    assert (cell.text, cell.get("data-trace")) == (value, value)


def test_docx_and_pdf_print_the_texts_as_they_are() -> None:
    # All in one document: what one text starts as markup must not swallow the next either.
    single = [document(value) for value in HOSTILE]
    given = replace(single[0], blocks=tuple(block for one in single for block in one.blocks))
    body = squeezed("".join(docx_body(render_docx(given)).itertext()))
    printed = squeezed("".join(pdf_texts(render_pdf(given)))).casefold()
    for value in HOSTILE:
        assert body.count(squeezed(value)) >= 15, value
        assert printed.count(squeezed(value).casefold()) >= 15, value


@pytest.mark.parametrize("value", HOSTILE)
def test_text_and_workbook_keep_it_too(value: str) -> None:
    given = document(value)
    assert render_text(given).count(value) >= 12
    workbook = render_xlsx(given)
    assert value in [cell for row in sheet_rows(workbook) for cell in row]
    assert "<f>" not in part(workbook, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_chart_shows_it_as_text(value: str) -> None:
    svg = chart_svg(bar_option((value,), (Series(value, (1,), (value,)), Series("lain", (2,)))), 500, 250)
    texts = ["".join(node.itertext()) for node in xml(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count(value) == 3
