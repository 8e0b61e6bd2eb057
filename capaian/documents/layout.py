"""What every renderer needs to know before it draws: the sections of pages, and the numbers of captions.

Captions are numbered within their Bab (`Tabel 3.1` in BAB III) where the document has chapters, otherwise through the
whole document (`Tabel 1`). A chapter is a heading of level 1 that carries a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal

from capaian.documents.blocks import (
    Block,
    Chart,
    Cover,
    Document,
    Field,
    Heading,
    OrgChart,
    Orientation,
    PageBreak,
    Table,
)

TABLE_WORD: Final = "Tabel"
FIGURE_WORD: Final = "Gambar"
_FORBIDDEN: Final = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50}


@dataclass(frozen=True)
class Caption:
    """The number of one caption: `word` `prefix``number` is printed (`Tabel 3.1`: prefix `3.`, number 1).

    `restarts` says that the count begins anew here, which a word processor cannot know from its own fields.
    """

    word: str
    prefix: str
    number: int
    text: str
    anchor: str
    restarts: bool = False

    @property
    def label(self) -> str:
        """The number as text refers to it: `Tabel 3.1`."""
        return f"{self.word} {self.prefix}{self.number}"


@dataclass(frozen=True)
class Section:
    """Pages of one orientation and one way of numbering, with the blocks on them. Each section begins a page."""

    orientation: Orientation
    blocks: tuple[Block, ...]
    pages: Literal["none", "roman", "arabic"] = "arabic"
    restart: bool = False


@dataclass(frozen=True)
class Plan:
    """A document cut into sections, with a caption for each captioned block (by position among all blocks drawn)."""

    document: Document
    sections: tuple[Section, ...]
    captions: dict[int, Caption]
    has_chapters: bool

    def starts_page(self, block: Block, section: Section) -> bool:
        """Whether a page must begin before this block: not for the first of a section, which begins one anyway."""
        return block is not section.blocks[0] and starts_page(block, self.has_chapters)

    def label_of(self, anchor: str) -> str:
        """The printed number of the caption with this anchor; empty when the document has none."""
        for caption in self.captions.values():
            if anchor and caption.anchor == anchor:
                return caption.label
        return ""

    def caption_of(self, block: Block) -> Caption | None:
        """The caption of this very block, or None when it has none."""
        return self.captions.get(id(block))

    def captions_for(self, word: str) -> list[Caption]:
        """All captions of tables (`Tabel`) or of figures (`Gambar`), in the order of the document."""
        return [caption for caption in self.captions.values() if caption.word == word]

    @cached_property
    def positions(self) -> dict[int, int]:
        """The place of each block in the document, by its identity."""
        return {id(block): number for number, block in enumerate(self.document.blocks)}

    @cached_property
    def heading_ids(self) -> dict[int, str]:
        """A name for each heading, by the identity of its block: `judul-3` is the third of the document."""
        headings = [block for block in self.document.blocks if isinstance(block, Heading)]
        return {id(heading): f"judul-{number}" for number, heading in enumerate(headings, start=1)}

    def headings(self, deepest: int = 3) -> list[Heading]:
        """The headings down to a level, as a table of contents lists them."""
        return [
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Heading) and block.level <= deepest
        ]


def plan(document: Document) -> Plan:
    """Cut a document into sections and number its captions. Pure: the document itself is not changed."""
    # The copy gives a block used twice two identities (and two numbers), and is free of characters XML forbids.
    document = Document.from_dict(_printable(document.to_dict()))
    has_chapters = any(_is_chapter(block) for block in document.blocks)
    sections = tuple(_number_pages(_cut(document, has_chapters), has_chapters))
    return Plan(document, sections, dict(_number_captions(document)), has_chapters)


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return _FORBIDDEN.sub("", data)
    if isinstance(data, dict):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(_printable(item) for item in data)
    return data


def _is_chapter(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1 and bool(block.number)


def starts_page(block: Block, has_chapters: bool) -> bool:
    """Whether a block begins a page by itself: in a document with chapters each Bab and each list of contents does."""
    if isinstance(block, Heading):
        return has_chapters and block.level == 1
    return has_chapters and isinstance(block, Field)


def _cut(document: Document, has_chapters: bool) -> Iterator[Section]:
    """Sections by cover, orientation and first chapter; breaks that would leave an empty page are dropped."""
    orientation: Orientation = document.orientation
    blocks: list[Block] = []
    front = has_chapters and any(isinstance(block, Cover | Field) for block in document.blocks)
    for block in document.blocks:
        turns = isinstance(block, PageBreak) and block.orientation not in (None, orientation)
        first_chapter = front and _is_chapter(block)
        if turns or first_chapter or isinstance(block, Cover):
            yield from _section(orientation, blocks, has_chapters)
            blocks = []
        if isinstance(block, PageBreak) and block.orientation:
            orientation = block.orientation
        if turns:
            continue
        blocks.append(block)
        if first_chapter:
            front = False
        if isinstance(block, Cover):
            yield from _section(orientation, blocks, has_chapters)
            blocks = []
    yield from _section(orientation, blocks, has_chapters)


def _section(orientation: Orientation, blocks: list[Block], has_chapters: bool) -> Iterator[Section]:
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, PageBreak) and (not kept or isinstance(kept[-1], PageBreak)):
            continue
        if kept and isinstance(kept[-1], PageBreak) and starts_page(block, has_chapters):
            kept.pop()
        kept.append(block)
    while kept and isinstance(kept[-1], PageBreak):
        kept.pop()
    if kept:
        yield Section(orientation, tuple(kept))


def _number_pages(sections: Iterator[Section], has_chapters: bool) -> Iterator[Section]:
    """The cover has no page number; pages before the first chapter count i, ii, iii, the chapters 1, 2, 3."""
    begun = not has_chapters
    first_front, first_body = True, True
    for section in sections:
        if any(isinstance(block, Cover) for block in section.blocks):
            yield replace(section, pages="none")
            continue
        begun = begun or any(_is_chapter(block) for block in section.blocks)
        if begun:
            yield replace(section, pages="arabic", restart=first_body)
            first_body = False
        else:
            yield replace(section, pages="roman", restart=first_front)
            first_front = False


def _number_captions(document: Document) -> Iterator[tuple[int, Caption]]:
    prefix = ""
    counts = {TABLE_WORD: 0, FIGURE_WORD: 0}
    loose = dict(counts)
    fresh: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            chapter = chapter_prefix(block.number)
            if chapter != prefix:
                prefix = chapter
                # Outside the chapters the count goes on where it stood: no two captions share a label.
                counts = dict(loose) if not prefix else {TABLE_WORD: 0, FIGURE_WORD: 0}
                fresh = {TABLE_WORD, FIGURE_WORD}
        if not isinstance(block, Table | Chart | OrgChart) or not block.caption:
            continue
        word = TABLE_WORD if isinstance(block, Table) else FIGURE_WORD
        counts[word] += 1
        if not prefix:
            loose[word] = counts[word]
        yield id(block), Caption(word, prefix, counts[word], block.caption, block.anchor, word in fresh)
        fresh.discard(word)


def chapter_prefix(number: str) -> str:
    """What stands before the dot of a caption's number: `BAB III` gives `3.`, no number gives nothing.

    `LAMPIRAN 2` gives `L2.`, so that tables of an annex do not share numbers with those of a chapter.
    """
    match = re.search(r"\b([IVXL]+|\d+)\.?\s*$", number.strip(), re.IGNORECASE)
    annex = number.strip().upper().startswith("LAMPIRAN")
    if match is None:
        return "L." if annex else ""
    figure = match.group(1).upper()
    value = int(figure) if figure.isdigit() else roman(figure)
    return f"{'L' if annex else ''}{value}."


def roman(figure: str) -> int:
    """The value of a Roman numeral up to some dozens: `IV` is 4. Raises `KeyError` for other letters."""
    values = [_ROMAN[letter] for letter in figure]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
