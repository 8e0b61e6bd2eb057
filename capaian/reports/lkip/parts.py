"""The pieces that all chapters are made of: cells and rows, lettered sections, paragraphs with references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from capaian.documents.blocks import (
    Align,
    Block,
    Cell,
    Column,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    text,
)
from capaian.documents.grid import without_empty_columns
from capaian.reports import formats
from capaian.reports.snapshot import Measured, Snapshot

Blocks = list[Block]
Tone = Literal["", "good", "warn", "bad", "muted"]
_REFERENCE = re.compile(r"\{([a-z0-9_\-./]+)\}")


def lettered(sections: Iterable[tuple[str, Blocks]]) -> Blocks:
    """Sections A., B., C.; one without blocks is left out, and the letters close up."""
    blocks: Blocks = []
    kept = [(title, inside) for title, inside in sections if inside]
    for number, (title, inside) in enumerate(kept):
        blocks += headed(Heading(2, title, f"{chr(ord('A') + number)}."), inside)
    return blocks


def numbered(sections: Iterable[tuple[str, Blocks]], level: int = 3) -> Blocks:
    """Sections 1., 2., 3. (level 3) or a., b., c. (level 4); empty ones are left out."""
    blocks: Blocks = []
    kept = [(title, inside) for title, inside in sections if inside]
    for number, (title, inside) in enumerate(kept, start=1):
        label = f"{number}." if level == 3 else f"{chr(ord('a') + number - 1)}."
        blocks += headed(Heading(level, title, label), inside)
    return blocks


def headed(heading: Heading, inside: Blocks) -> Blocks:
    """A heading with its blocks; where they begin with a page break, the heading stands on the new page."""
    if inside and isinstance(inside[0], PageBreak):
        return [inside[0], heading, *inside[1:]]
    return [heading, *inside]


def joined_pages(blocks: Blocks) -> Blocks:
    """Without the breaks that would turn the page upright and at once back again."""
    kept: Blocks = []
    for block in blocks:
        if (
            isinstance(block, PageBreak)
            and block.orientation == "landscape"
            and kept
            and isinstance(kept[-1], PageBreak)
            and kept[-1].orientation == "portrait"
        ):
            kept.pop()
            continue
        kept.append(block)
    return kept


def para(words: str, style: Literal["body", "lead", "note", "center", "source"] = "body") -> Paragraph:
    """A paragraph; `{anchor}` within it becomes a reference to the caption of that anchor."""
    runs: list[Run] = []
    position = 0
    for match in _REFERENCE.finditer(words):
        if match.start() > position:
            runs.append(Run(words[position : match.start()]))
        runs.append(Run("tabel berikut", ref=match[1]))
        position = match.end()
    if position < len(words):
        runs.append(Run(words[position:]))
    return Paragraph(tuple(runs), style)


def lead_in(words: str) -> Paragraph:
    """A bold line that introduces the list below it."""
    return Paragraph((Run(words, bold=True),))


def told(value: Any) -> Blocks:
    """Narrative text as paragraphs: a text, or a list of texts. Nothing gives nothing."""
    return [text(one) for one in texts(value)]


def texts(value: Any) -> list[str]:
    """Narrative as a list of texts, whether it was kept as one text or several."""
    items = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [tidy(str(item)) for item in items if str(item).strip()]


def tidy(value: str) -> str:
    """A text on one line with single blanks."""
    return " ".join(value.split())


def items(value: Any, ordered: Literal["number", "letter", "bullet"] = "number") -> Blocks:
    """Narrative items as a list block; nothing gives nothing."""
    found = texts(value)
    return [ListBlock(tuple(found), ordered)] if found else []


def missing(what: str, tahun: int) -> Paragraph:
    """What PermenPANRB 53/2014 asks for and the data of the office do not have, said plainly."""
    return text(f"Belum ada data {what} untuk tahun {tahun}.", "note")


def sumber(s: Snapshot, kind: str) -> str:
    """The line below a table: where its data came from, by the kind of table."""
    return f"Sumber: {s.sumber(kind)}"


def sumber_pagu(s: Snapshot, kind: str) -> str:
    """The same with the version of the pagu that the table counts with."""
    versi = formats.VERSI.get(s.versi, s.versi)
    return f"{sumber(s, kind)}; pagu {versi}" if versi else sumber(s, kind)


def landscape(blocks: Blocks) -> Blocks:
    """The blocks on landscape pages."""
    return [PageBreak("landscape"), *blocks, PageBreak("portrait")] if blocks else []


def column(header: str, width: float = 1.0, align: Align = "left", group: str = "") -> Column:
    return Column(header, align, width, group)


def number_column(header: str, width: float = 1.0, group: str = "") -> Column:
    return Column(header, "right", width, group)


def cells(*values: str | Cell) -> tuple[Cell, ...]:
    """A row's cells from texts and ready cells."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def row(*values: str | Cell) -> Row:
    return Row(cells(*values))


def group_row(label: str, width: int) -> Row:
    """A shaded heading over all columns."""
    return Row((Cell(label, colspan=width),), "group")


def total_row(label: str, span: int, *values: str | Cell) -> Row:
    """The last line: a label over the first columns, then the sums."""
    return Row((Cell(label, colspan=span, align="center"), *cells(*values)), "total")


def status_cell(measured: Measured) -> Cell:
    """The status by word and tone."""
    return Cell(formats.STATUS[measured.status], align="center", tone=_tone(measured.status))


def _tone(status: str) -> Tone:
    tone = formats.TONE.get(status, "")
    return "good" if tone == "good" else "bad" if tone == "bad" else "muted" if tone == "muted" else ""


def table(
    caption: str,
    anchor: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    source: str = "",
    size: Literal["normal", "small", "tiny"] = "normal",
    numbered_columns: bool = False,
) -> Blocks:
    """A captioned table, or nothing when it has no rows: a document never prints an empty table or an empty column."""
    if not rows:
        return []
    whole = Table(tuple(columns), tuple(rows), caption, anchor, source, numbered_columns, size)
    return [whole if numbered_columns else without_empty_columns(whole)]


def spans(labels: Sequence[str]) -> list[int]:
    """For a column of labels, how many rows each spans: the count where a run begins, 0 where one goes on."""
    result = [0] * len(labels)
    start = 0
    for position, label in enumerate(labels):
        if position and label != labels[start]:
            start = position
        result[start] += 1
    return result
