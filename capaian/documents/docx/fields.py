"""The fields that Word keeps: captions, references to them, and the three lists of contents."""

from __future__ import annotations

from functools import cached_property
from itertools import count
from typing import Final

from capaian.documents.blocks import Field, Heading
from capaian.documents.docx.xml import Element, bookmark, field, paragraph, run, tab, w
from capaian.documents.layout import FIGURE_WORD, TABLE_WORD, Caption, Plan
from capaian.documents.pdf import PageLabels, page_labels

_DEEPEST: Final = 3
_WORDS: Final = {"tables": TABLE_WORD, "figures": FIGURE_WORD}


class Fields:
    """Makes fields and the bookmarks they point at; one for each document."""

    def __init__(self, drawn: Plan) -> None:
        self._drawn = drawn
        self._identifiers = count(1)
        captions = list(drawn.captions.values())
        self._places = {caption: f"_Toc9{number:05d}" for number, caption in enumerate(captions)}
        self._anchors = {c.anchor: f"_Ref9{number:05d}" for number, c in enumerate(captions) if c.anchor}
        self._headings = {id(h): f"_Toc1{number:05d}" for number, h in enumerate(drawn.headings(_DEEPEST))}

    def caption(self, caption: Caption) -> list[Element]:
        """`Tabel 3.1 Text`: the number is a SEQ field, the whole is what the list of tables points at."""
        restart = f" \\r {caption.number}" if caption.restarts else ""
        counted = field(f"SEQ {caption.word} \\* ARABIC{restart}", [run(str(caption.number))])
        number = [run(f"{caption.word} {caption.prefix}"), *counted]
        if caption.anchor:
            number = bookmark(self._anchors[caption.anchor], next(self._identifiers), number)
        return bookmark(self._places[caption], next(self._identifiers), [*number, run(f"  {caption.text}")])

    def reference(self, anchor: str, looks: Element | None) -> list[Element]:
        """The number of a caption, as a field that follows it when tables are moved."""
        label = run(self._drawn.label_of(anchor), looks)
        return field(f"REF {self._anchors[anchor]} \\h", [label])

    def heading(self, block: Heading, runs: list[Element]) -> list[Element]:
        """The runs of a heading within the bookmark that the table of contents points at."""
        name = self._headings.get(id(block))
        return bookmark(name, next(self._identifiers), runs) if name else runs

    def contents(self, block: Field, starts: bool) -> list[Element]:
        """A list of contents with its title, filled with what the document has now."""
        title = paragraph("ContentsTitle", run(block.title), settings=(w("pageBreakBefore") if starts else None,))
        lines = self._toc_lines() if block.name == "toc" else self._caption_lines(_WORDS[block.name])
        if not lines:
            return [title]
        instruction = (
            f'TOC \\o "1-{_DEEPEST}" \\h \\z \\u' if block.name == "toc" else f'TOC \\h \\z \\c "{_WORDS[block.name]}"'
        )
        # One field reaches over all lines: it begins in the first paragraph and ends in the last.
        begin, words, separate, end = field(instruction, [], dirty=True)
        first, last = lines[0], lines[-1]
        for place, part in enumerate((begin, words, separate), start=1):
            first.insert(place, part)
        last.append(end)
        # A section must not end within the field: LibreOffice would lose the page number of its footer.
        return [title, *lines, paragraph("Gap")]

    def _toc_lines(self) -> list[Element]:
        headings = self._drawn.headings(_DEEPEST)
        return [
            _line(f"TOC{h.level}", h.number, h.text, self._headings[id(h)], page)
            for h, page in zip(headings, self._pages.headings, strict=True)
        ]

    def _caption_lines(self, word: str) -> list[Element]:
        captions = self._drawn.captions_for(word)
        return [
            _line("TableofFigures", c.label, c.text, self._places[c], page)
            for c, page in zip(captions, self._pages.captions[word], strict=True)
        ]

    @cached_property
    def _pages(self) -> PageLabels:
        # Word sets the numbers itself when the file is opened; until then, and where that is declined, those of the
        # PDF stand there: same paper, margins, sizes and font metrics.
        return page_labels(self._drawn)


def _line(style: str, number: str, text: str, place: str, page_label: str) -> Element:
    words = [run(number), tab()] if number else []
    page = field(f"PAGEREF {place} \\h", [run(page_label)])
    link = w("hyperlink", *words, run(text.replace("\n", " ")), tab(), *page, anchor=place, history=1)
    return paragraph(style, link)
