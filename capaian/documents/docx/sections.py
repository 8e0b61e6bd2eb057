"""Sections of a .docx: page size both ways, margins, header and footer, page numbers."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.oxml.ns import qn

from capaian.documents import theme
from capaian.documents.blocks import Document
from capaian.documents.docx.xml import Element, field, paragraph, run, tab, twips, w
from capaian.documents.layout import Section


def section_element(word: Word, document: Document, section: Section, *, first: bool) -> Element:
    """The properties of a section (`w:sectPr`), with its header and footer as parts of the file."""
    parts = [*_running(word, document, section)]
    if not first:
        parts.append(w("type", val="nextPage"))
    width, height = (twips(size) for size in theme.PAGE_MM[section.orientation])
    turned = {"orient": "landscape"} if section.orientation == "landscape" else {}
    margins = {side: twips(size) for side, size in theme.MARGIN_MM[section.orientation].items()}
    parts.append(w("pgSz", w=width, h=height, **turned))
    parts.append(w("pgMar", **margins, header=twips(12), footer=twips(10), gutter=0))
    form = {"fmt": "lowerRoman"} if section.pages == "roman" else {"fmt": "decimal"}
    start = {"start": 1} if section.restart else {}
    parts.append(w("pgNumType", **form, **start))
    return w("sectPr", *parts)


def _running(word: Word, document: Document, section: Section) -> list[Element]:
    bare = section.pages == "none"
    package: Any = word.part  # these two methods of python-docx have no types
    header, header_id = package.add_header_part()
    footer, footer_id = package.add_footer_part()
    for part, element in ((header, _header(document, bare)), (footer, _footer(document, section, bare))):
        for child in list(part.element):
            part.element.remove(child)
        part.element.append(element)
    return [_reference("header", header_id), _reference("footer", footer_id)]


def _reference(kind: str, identifier: str) -> Element:
    element = w(f"{kind}Reference", type="default")
    element.set(qn("r:id"), identifier)
    return element


def _header(document: Document, bare: bool) -> Element:
    if bare or not document.header:
        return paragraph("Normal")
    return paragraph("Header", run(document.header))


def _footer(document: Document, section: Section, bare: bool) -> Element:
    if bare:
        return paragraph("Normal")
    right = w("tabs", w("tab", val="right", pos=twips(theme.text_width_mm(section.orientation))))
    shown = "i" if section.pages == "roman" else "1"
    return paragraph("Footer", run(document.footer), tab(), *field("PAGE", [run(shown)]), settings=(right,))
