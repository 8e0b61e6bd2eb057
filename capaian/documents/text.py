"""Documents as plain text: for tests, and for reviewers who read without pictures."""

from __future__ import annotations

from capaian.documents.blocks import (
    Block,
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
    Signature,
    Table,
)
from capaian.documents.grid import body_rows, header_rows
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Plan, plan


def render_text(document: Document) -> str:
    """The document as text: a blank line between blocks, a table row per line with tabs between the columns.

    A cell that spans is printed once, at its first place. Raises `ValueError` when a row does not fit its columns.
    """
    drawn = plan(document)
    blocks = [block for section in drawn.sections for block in section.blocks]
    parts = ["\n".join(_lines(block, drawn)) for block in blocks]
    return "\n\n".join(part for part in parts if part) + "\n"


def paragraph_text(block: Paragraph, drawn: Plan) -> str:
    """The words of a paragraph, references replaced by the numbers they point at."""
    return "".join(drawn.label_of(run.ref) or run.text for run in block.runs)


def _lines(block: Block, drawn: Plan) -> list[str]:
    match block:
        case Cover():
            lines = [block.authority, block.office, block.title, block.subtitle, block.address, block.year]
            return [line for line in lines if line]
        case Heading():
            return [f"{block.number} {block.text}".strip()]
        case Paragraph():
            return [paragraph_text(block, drawn)]
        case ListBlock():
            return [f"{list_mark(block, i)} {item}" for i, item in enumerate(block.items)]
        case Table():
            return _table(block, drawn)
        case Chart():
            return [*("\t".join(row) for row in block.data), *_caption(block, drawn), *_source(block.source)]
        case OrgChart():
            return [*_org(block.root, 0), *_caption(block, drawn)]
        case Field():
            return [block.title, *_contents(block, drawn)]
        case Signature():
            return [
                line
                for party in block.parties
                for line in (party.heading, party.office, party.name, party.nip and f"NIP {party.nip}")
                if line
            ]
        case PageBreak():
            return []


def list_mark(block: ListBlock, index: int) -> str:
    """The mark before an item: `1.`, `a.` or a dash. After z. comes aa."""
    if block.ordered == "number":
        return f"{index + 1}."
    if block.ordered == "letter":
        return f"{chr(ord('a') + index % 26) * (index // 26 + 1)}."
    return "–"


def _caption(block: Table | Chart | OrgChart, drawn: Plan) -> list[str]:
    caption = drawn.caption_of(block)
    return [f"{caption.label} {caption.text}"] if caption else []


def _source(source: str) -> list[str]:
    return [source] if source else []


def _table(table: Table, drawn: Plan) -> list[str]:
    lines = _caption(table, drawn)
    for places in (*header_rows(table), *body_rows(table)):
        row = [""] * len(table.columns)
        for place in places:
            row[place.column] = "" if place.covered else " ".join(place.cell.text.split())
        lines.append("\t".join(row))
    return [*lines, *_source(table.source)]


def _org(node: OrgNode, depth: int) -> list[str]:
    below = [line for child in node.children for line in _org(child, depth + 1)]
    return [f"{'  ' * depth}– {node.label}", *below]


def _contents(block: Field, drawn: Plan) -> list[str]:
    if block.name == "toc":
        return [f"{h.number} {h.text}".strip() for h in drawn.headings()]
    word = TABLE_WORD if block.name == "tables" else FIGURE_WORD
    return [f"{caption.label} {caption.text}" for caption in drawn.captions_for(word)]
