"""Draws a document into Word, block after block."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from typing import Any, Final

from docx.document import Document as Word
from docx.oxml.shape import CT_Inline
from docx.shared import Mm

from capaian.documents import theme
from capaian.documents.blocks import (
    Block,
    Chart,
    Cover,
    Document,
    Field,
    Heading,
    ListBlock,
    OrgChart,
    PageBreak,
    Paragraph,
    Signature,
    Table,
)
from capaian.documents.charts import svg_to_png
from capaian.documents.dates import document_date
from capaian.documents.docx.cover import cover_elements
from capaian.documents.docx.fields import Fields
from capaian.documents.docx.sections import section_element
from capaian.documents.docx.signatures import signature_elements
from capaian.documents.docx.styles import BODY, CAPTION, add_list, base_document, contents_style
from capaian.documents.docx.tables import table_element
from capaian.documents.docx.xml import Element, paragraph, run, run_properties, tab, twips, w
from capaian.documents.figures import MM_TO_PX, figure_svg
from capaian.documents.layout import Plan, Section, plan
from capaian.documents.measures import number_width_mm, stays_with_next

_STYLE: Final = {"body": BODY, "lead": "Lead", "note": "Note", "center": "Centered", "source": "Source"}
# The earliest time a zip entry can carry: entries then do not tell when a file was made.
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


def render_docx(document: Document) -> bytes:
    """The document as .docx bytes. Dates in its properties are `metadata["date"]` (ISO), never the clock.

    Raises `ValueError` for a table whose rows do not fit its columns, `ChartError` for an option that cannot be drawn.
    """
    drawn = plan(document)
    word = base_document(document.language, contents_style(drawn))
    _properties(word, drawn.document)
    writer = _Writer(word, drawn)
    body = word.element.body
    for number, section in enumerate(drawn.sections):
        for block in section.blocks:
            for element in writer.draw(block, section):
                body.append(element)
        ending = section_element(word, drawn.document, section, first=number == 0)
        if number < len(drawn.sections) - 1:
            _close(body, ending)
        else:
            body.append(ending)
    buffer = io.BytesIO()
    word.save(buffer)
    return _timeless(buffer.getvalue())


def _close(body: Element, ending: Element) -> None:
    """A section ends in the properties of its last paragraph; after a table that is a paragraph without height."""
    last = body[-1]
    if last.tag == w("p").tag and last.find(w("pPr").tag) is not None:
        last.find(w("pPr").tag).append(ending)
    else:
        body.append(paragraph("Gap", settings=(w("spacing", line=20, lineRule="exact"), ending)))


def _properties(word: Word, document: Document) -> None:
    core = word.core_properties
    date = document_date(document).astimezone(UTC).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = document.title, document.office, document.office
    core.subject = document.metadata.get("subject", "")
    core.keywords = document.metadata.get("keywords", "")
    core.comments, core.language, core.revision = "", document.language, 1
    core.created = core.modified = date


def _timeless(data: bytes) -> bytes:
    """The same zip with the same entries, each dated 1980: two renderings of one document are equal byte by byte."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return result.getvalue()


class _Writer:
    """Turns blocks into elements; holds what must be counted through the document."""

    def __init__(self, word: Word, drawn: Plan) -> None:
        self._word = word
        self._drawn = drawn
        self._fields = Fields(drawn)
        self._pictures = 0

    def draw(self, block: Block, section: Section) -> list[Element]:
        starts = self._drawn.starts_page(block, section)
        match block:
            case Cover():
                return cover_elements(block)
            case Heading():
                return [self._heading(block, starts)]
            case Paragraph():
                return [self._paragraph(block, section)]
            case ListBlock():
                return self._list(block)
            case Table():
                return self._table(block, section)
            case Chart() | OrgChart():
                return self._picture(block, section)
            case Field():
                return self._fields.contents(block, starts)
            case Signature():
                return signature_elements(block, section.orientation)
            case PageBreak():
                return [paragraph("Gap", w("r", w("br", type="page")))]

    def _heading(self, block: Heading, starts: bool) -> Element:
        settings = [w("pageBreakBefore") if starts else None]
        runs: list[Element] = []
        if block.number and block.level == 1:
            runs = [run(f"{block.number}\n")]
        elif block.number:
            hang = twips(number_width_mm(block.number))
            settings += [w("tabs", w("tab", val="left", pos=hang)), w("ind", left=hang, hanging=hang)]
            runs = [run(block.number), tab()]
        return paragraph(
            f"Heading{block.level}", *self._fields.heading(block, [*runs, run(block.text)]), settings=settings
        )

    def _paragraph(self, block: Paragraph, section: Section) -> Element:
        runs: list[Element] = []
        for part in block.runs:
            looks = run_properties(bold=part.bold, italic=part.italic)
            if self._drawn.label_of(part.ref):
                runs += self._fields.reference(part.ref, looks)
            else:
                runs.append(run(part.text, looks))
        keep = w("keepNext") if stays_with_next(block, self._drawn, section.orientation) else None
        return paragraph(_STYLE[block.style], *runs, settings=(keep,))

    def _list(self, block: ListBlock) -> list[Element]:
        number = add_list(self._word, block.ordered)
        return [
            paragraph("ListItem", run(item), settings=(w("numPr", w("ilvl", val=0), w("numId", val=number)),))
            for item in block.items
        ]

    def _table(self, table: Table, section: Section) -> list[Element]:
        caption = self._drawn.caption_of(table)
        above = [paragraph(CAPTION, *self._fields.caption(caption))] if caption else []
        keep = stays_with_next(table, self._drawn, section.orientation)
        settings = (w("keepNext") if keep else None, None if table.source else w("spacing", after=160))
        words = (run(table.source),) if table.source else ()
        below = paragraph("Source" if table.source else "Gap", *words, settings=settings)
        return [*above, table_element(table, section.orientation, keep=keep), below]

    def _picture(self, block: Chart | OrgChart, section: Section) -> list[Element]:
        caption = self._drawn.caption_of(block)
        source = block.source if isinstance(block, Chart) else ""
        elements = [paragraph("Figure", w("r", self._drawing(block, section)))]
        if caption:
            below = (w("keepNext"), w("spacing", after=0)) if source else ()
            elements.append(paragraph("FigureCaption", *self._fields.caption(caption), settings=below))
        if source:
            elements.append(paragraph("Source", run(source), settings=(w("spacing", before=40), w("jc", val="center"))))
        return elements

    def _drawing(self, block: Chart | OrgChart, section: Section) -> Element:
        orientation = section.orientation
        figure = figure_svg(block, theme.text_width_mm(orientation), theme.text_height_mm(orientation))
        picture = io.BytesIO(svg_to_png(figure.svg, figure.width))
        width, height = (Mm(size / MM_TO_PX) for size in (figure.width, figure.height))
        relation, _ = self._word.part.get_or_add_image(picture)
        self._pictures += 1
        inline: Any = CT_Inline.new_pic_inline(self._pictures, relation, "gambar.png", width, height)
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # LibreOffice takes an eighth of an inch where they are missing
        inline.docPr.set("name", f"Gambar {self._pictures}")
        inline.docPr.set("descr", figure.alt)
        return w("drawing", inline)
