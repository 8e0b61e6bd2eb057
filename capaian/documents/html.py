"""Documents as an HTML fragment for the preview page: semantic, without scripts, styles or anything from outside.

Every text is escaped here; only the tags are ours. Classes begin with `doc-`. What the page adds by script:
`figure.doc-chart[data-option]` is drawn by ECharts, `button.doc-trace[data-trace]` opens the trace of a figure.
"""

from __future__ import annotations

import json
from html import escape
from typing import Final

from capaian.documents.blocks import (
    Block,
    Cell,
    Chart,
    Cover,
    Document,
    Field,
    Heading,
    ListBlock,
    OrgChart,
    OrgNode,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
)
from capaian.documents.grid import Place, align_of, body_rows, header_rows, is_layout
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Plan, plan
from capaian.documents.measures import SignaturePlace, signature_places

_LIST_TYPE: Final = {"number": ("ol", ' type="1"'), "letter": ("ol", ' type="a"'), "bullet": ("ul", "")}


def render_html(document: Document) -> str:
    """The document as one `<article class="doc">`. Safe to insert as it is: the texts are escaped.

    Heading levels begin at h2, below the title of the page. Raises `ValueError` for a table whose rows do not fit.
    """
    drawn = plan(document)
    writer = _Writer(drawn)
    parts = []
    for section in drawn.sections:
        inside = "\n".join(writer.draw(block) for block in section.blocks)
        parts.append(f'<section class="doc-section doc-{section.orientation}">\n{inside}\n</section>')
    return f'<article class="doc" lang="{escape(document.language)}">\n' + "\n".join(parts) + "\n</article>\n"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


class _Writer:
    """Draws blocks; knows the anchors of headings and captions."""

    def __init__(self, drawn: Plan) -> None:
        self._drawn = drawn
        self._headings = {id(h): f"doc-bagian-{n}" for n, h in enumerate(drawn.headings(4), start=1)}
        captions = list(drawn.captions.values())
        self._captions = {c: f"doc-{c.word.lower()}-{n}" for n, c in enumerate(captions, start=1)}
        self._anchors = {c.anchor: self._captions[c] for c in captions if c.anchor}

    def draw(self, block: Block) -> str:
        match block:
            case Cover():
                return _cover(block)
            case Heading():
                return self._heading(block)
            case Paragraph():
                inside = "".join(self._run(run) for run in block.runs)
                return f'<p class="doc-{block.style}">{inside}</p>'
            case ListBlock():
                tag, kind = _LIST_TYPE[block.ordered]
                items = "".join(f"<li>{_lines(item)}</li>" for item in block.items)
                return f'<{tag} class="doc-list"{kind}>{items}</{tag}>'
            case Table():
                return self._table(block)
            case Chart():
                return self._chart(block)
            case OrgChart():
                return self._org(block)
            case Field():
                return self._field(block)
            case Signature():
                return _signature(block)
            case PageBreak():
                return '<hr class="doc-page-break">'

    def _heading(self, block: Heading) -> str:
        tag = f"h{min(block.level + 1, 6)}"
        gap = "<br>" if block.level == 1 else " "
        number = f'<span class="doc-number">{escape(block.number)}</span>{gap}' if block.number else ""
        return f'<{tag} id="{self._headings[id(block)]}">{number}{_lines(block.text)}</{tag}>'

    def _run(self, run: Run) -> str:
        label = self._drawn.label_of(run.ref)
        if label:
            inside = f'<a class="doc-ref" href="#{self._anchors[run.ref]}">{escape(label)}</a>'
        else:
            inside = _lines(run.text)
        if run.italic:
            inside = f"<em>{inside}</em>"
        return f"<strong>{inside}</strong>" if run.bold else inside

    def _caption(self, block: Table | Chart | OrgChart, tag: str) -> tuple[str, str]:
        """The identifier attribute and the caption element of a captioned block; both empty without a caption."""
        caption = self._drawn.caption_of(block)
        if caption is None:
            return "", ""
        identifier = f' id="{self._captions[caption]}"'
        label = f'<span class="doc-label">{escape(caption.label)}</span>'
        return identifier, f"<{tag}>{label} {_lines(caption.text)}</{tag}>"

    def _table(self, table: Table) -> str:
        identifier, caption = self._caption(table, "caption")
        heads = "".join(_head_row(places) for places in header_rows(table))
        head = f"<thead>{heads}</thead>" if heads else ""
        rows = zip(table.rows, body_rows(table), strict=True)
        body = "".join(_body_row(table, row, places) for row, places in rows)
        kind = "doc-layout" if is_layout(table) else "doc-table" if caption else "doc-table doc-plain"
        return (
            f'<div class="doc-scroll" tabindex="0"{_region(table)}>'
            f'<table class="{kind} doc-{table.font_size}"{identifier}>{caption}{head}<tbody>{body}</tbody></table>'
            "</div>"
            f"{_source(table.source)}"
        )

    def _chart(self, block: Chart) -> str:
        identifier, caption = self._caption(block, "figcaption")
        option = escape(json.dumps(block.option, ensure_ascii=False, sort_keys=True))
        rows = "".join(_data_row(row, number == 0) for number, row in enumerate(block.data))
        fallback = f'<details><summary>Data</summary><table class="doc-data">{rows}</table></details>' if rows else ""
        return (
            f'<figure class="doc-chart"{identifier} data-option="{option}" data-height-mm="{block.height_mm}">'
            f'<div class="doc-canvas" role="img" aria-label="{escape(block.alt or block.caption)}"></div>'
            f"{caption}{_source(block.source)}{fallback}</figure>"
        )

    def _org(self, block: OrgChart) -> str:
        identifier, caption = self._caption(block, "figcaption")
        return f'<figure class="doc-org"{identifier}><ul>{_org_item(block.root)}</ul>{caption}</figure>'

    def _field(self, block: Field) -> str:
        if block.name == "toc":
            lines = [(self._headings[id(h)], h.level, f"{h.number} {h.text}".strip()) for h in self._drawn.headings()]
        else:
            word = TABLE_WORD if block.name == "tables" else FIGURE_WORD
            lines = [(self._captions[c], 1, f"{c.label} {c.text}") for c in self._drawn.captions_for(word)]
        items = "".join(
            f'<li class="doc-level-{level}"><a href="#{place}">{escape(text)}</a></li>' for place, level, text in lines
        )
        title = escape(block.title)
        heading = f'<p class="doc-contents-title">{title}</p>'
        return f'<nav class="doc-contents" aria-label="{title}">{heading}<ul>{items}</ul></nav>'


def _region(table: Table) -> str:
    return f' role="region" aria-label="{escape(table.caption)}"' if table.caption else ""


def _source(source: str) -> str:
    return f'<p class="doc-source">{_lines(source)}</p>' if source else ""


def _spans(cell: Cell) -> str:
    columns = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return columns + rows


def _head_row(places: list[Place]) -> str:
    cells = []
    for place in places:
        if not place.covered:
            scope = "colgroup" if place.cell.colspan > 1 else "col"
            cells.append(f'<th scope="{scope}"{_spans(place.cell)}>{_lines(place.cell.text)}</th>')
    return f"<tr>{''.join(cells)}</tr>"


def _body_row(table: Table, row: Row, places: list[Place]) -> str:
    cells = "".join(_cell(table, row, place) for place in places if not place.covered)
    kind = f' class="doc-{row.role}"' if row.role != "body" else ""
    return f"<tr{kind}>{cells}</tr>"


def _cell(table: Table, row: Row, place: Place) -> str:
    cell = place.cell
    classes = [f"doc-{align_of(table, place, row)}"]
    if cell.tone:
        classes.append(f"doc-tone-{cell.tone}")
    if cell.indent:
        classes.append(f"doc-indent-{min(cell.indent, 5)}")
    inside = _lines(cell.text)
    if cell.bold:
        inside = f"<strong>{inside}</strong>"
    if cell.trace:
        inside = f'<button type="button" class="doc-trace" data-trace="{escape(cell.trace)}">{inside}</button>'
    heads_group = row.role == "group" and place.colspan == len(table.columns)
    opening, tag = ('th scope="rowgroup"', "th") if heads_group else ("td", "td")
    return f'<{opening} class="{" ".join(classes)}"{_spans(cell)}>{inside}</{tag}>'


def _data_row(row: tuple[str, ...], head: bool) -> str:
    if head:
        cells = "".join(f'<th scope="col">{_lines(text)}</th>' for text in row)
        return f"<tr>{cells}</tr>"
    first, *others = row or ("",)
    return f'<tr><th scope="row">{_lines(first)}</th>{"".join(f"<td>{_lines(text)}</td>" for text in others)}</tr>'


def _org_item(node: OrgNode) -> str:
    below = "".join(_org_item(child) for child in node.children)
    return f"<li><span>{_lines(node.label)}</span>{f'<ul>{below}</ul>' if below else ''}</li>"


def _cover(block: Cover) -> str:
    lines = [
        f'<p class="doc-cover-authority">{_lines(block.authority)}</p>' if block.authority else "",
        f'<p class="doc-cover-office">{_lines(block.office)}</p>',
        '<div class="doc-cover-band">',
        f'<p class="doc-cover-title">{_lines(block.title)}</p>',
        f'<p class="doc-cover-subtitle">{_lines(block.subtitle)}</p>',
        "</div>",
        f'<p class="doc-cover-address">{_lines(block.address)}</p>' if block.address else "",
        f'<p class="doc-cover-year">{_lines(block.year)}</p>',
    ]
    return f'<header class="doc-cover">{"".join(lines)}</header>'


def _signature(block: Signature) -> str:
    parties = "".join(_party(place) for _, places in signature_places(block) for place in places)
    return f'<div class="doc-signatures">{parties}</div>'


def _party(place: SignaturePlace) -> str:
    party = place.party
    kind = "doc-party-wide" if place.span > 1 else f"doc-party-{place.column + 1}"
    heading = f"<p>{_lines(party.heading)}</p>" if party.heading else ""
    name = f"<strong>{_lines(party.name)}</strong>" if party.name else ""
    nip = f"<p>NIP {escape(party.nip)}</p>" if place.shows_nip else ""
    return (
        f'<div class="doc-party {kind}">{heading}<p><strong>{_lines(party.office)}</strong></p>'
        f'<p class="doc-sign-line">{name}</p>{nip}</div>'
    )
