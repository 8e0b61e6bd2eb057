"""The blocks that a document is made of: plain, frozen, and the same whatever they are rendered to.

A report builder returns a `Document`; the renderers (`docx`, `pdf`, `html`, `text`) only draw it. Blocks travel
as JSON (`to_dict`, `from_dict`), so that a report version can be stored and rendered again with the same content.

Numbers arrive here already formatted: a renderer never computes, rounds or chooses words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal

from capaian.documents.sheets import Sheet, read_sheet

Align = Literal["left", "center", "right"]
Orientation = Literal["portrait", "landscape"]


@dataclass(frozen=True)
class Run:
    """A piece of text with one look; `ref` names the anchor of a caption, rendered as a cross-reference field.

    A reference prints the caption's number (`Tabel 3.1`); its `text` is printed only when no caption has that anchor.
    """

    text: str
    bold: bool = False
    italic: bool = False
    ref: str = ""


@dataclass(frozen=True)
class Cover:
    """The title page: who reports on top, title and subtitle in a band, the address, place and year at the foot.

    `authority` is the government that the office belongs to, above its name.
    """

    kind: ClassVar[str] = "cover"
    title: str
    subtitle: str
    office: str
    year: str
    address: str = ""
    authority: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (Bab) to 4. `number` is printed before the text as given (`BAB I`, `A.`, `1.`)."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    number: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text. `style`: body, lead, note, center or source (the line below a table)."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[Run, ...]
    style: Literal["body", "lead", "note", "center", "source"] = "body"


@dataclass(frozen=True)
class ListBlock:
    """A list of items; `ordered` chooses 1. 2. 3. (each list starts anew), a. b. c. or a dash."""

    kind: ClassVar[str] = "list"
    items: tuple[str, ...]
    ordered: Literal["number", "letter", "bullet"] = "bullet"


@dataclass(frozen=True)
class Column:
    """One column: header text, alignment of its cells and share of the width. `group` is a header over neighbours."""

    header: str
    align: Align = "left"
    width: float = 1.0
    group: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell; it may span columns or rows. A cell covered by a `rowspan` above it is left out of its row."""

    text: str
    bold: bool = False
    colspan: int = 1
    rowspan: int = 1
    align: Align | None = None
    tone: Literal["", "good", "warn", "bad", "muted"] = ""
    indent: int = 0
    trace: str = ""


@dataclass(frozen=True)
class Row:
    """A table row. `role`: body, group (a shaded heading inside the table) or total."""

    cells: tuple[Cell, ...]
    role: Literal["body", "group", "total"] = "body"


@dataclass(frozen=True)
class Table:
    """A captioned table whose header repeats over pages. `caption` empty means an uncaptioned layout table.

    `numbered_columns` prints the row (1) (2) (3) below the header, as the annex of a Perjanjian Kinerja has it.
    """

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    anchor: str = ""
    source: str = ""
    numbered_columns: bool = False
    font_size: Literal["normal", "small", "tiny"] = "normal"


@dataclass(frozen=True)
class Chart:
    """A captioned figure: one ECharts `option` (JSON-able), drawn alike in the browser and on the server.

    `alt` says in a sentence what the picture shows; `data` is the same figures as text rows, for readers without it.
    """

    kind: ClassVar[str] = "chart"
    option: dict[str, Any]
    caption: str
    alt: str
    anchor: str = ""
    height_mm: int = 75
    source: str = ""
    data: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class OrgNode:
    """One box of an organisation chart and the boxes below it."""

    label: str
    children: tuple[OrgNode, ...] = ()


@dataclass(frozen=True)
class OrgChart:
    """A captioned organisation chart: boxes by office, never by person."""

    kind: ClassVar[str] = "org_chart"
    root: OrgNode
    caption: str
    anchor: str = ""


@dataclass(frozen=True)
class Field:
    """A list that the word processor keeps: table of contents, list of tables or list of figures."""

    kind: ClassVar[str] = "field"
    name: Literal["toc", "tables", "figures"]
    title: str


@dataclass(frozen=True)
class Signature:
    """A signature place: lines above (place and date), the office, and a line for name and NIP left open."""

    kind: ClassVar[str] = "signature"
    parties: tuple[SignatureParty, ...]


@dataclass(frozen=True)
class SignatureParty:
    """One signing party: `heading` (place and date, or PIHAK KESATU), the office that signs.

    `with_nip` false leaves out the line for the NIP: a Bupati or Wali Kota has none.
    """

    office: str
    heading: str = ""
    name: str = ""
    nip: str = ""
    with_nip: bool = True


@dataclass(frozen=True)
class PageBreak:
    """A page break; with `orientation` a new section of that orientation begins."""

    kind: ClassVar[str] = "page_break"
    orientation: Orientation | None = None


Block = Cover | Heading | Paragraph | ListBlock | Table | Chart | OrgChart | Field | Signature | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document: what it is called, what its pages carry, and its blocks in order.

    `sheets` are its workbook, where that is to compute; without them the workbook has the tables of the blocks.
    """

    title: str
    office: str
    blocks: tuple[Block, ...]
    header: str = ""
    footer: str = ""
    orientation: Orientation = "portrait"
    language: str = "id"
    metadata: dict[str, str] = field(default_factory=dict)
    sheets: tuple[Sheet, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON-able data; each block carries its `kind`."""
        data = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("blocks", "sheets")}
        if self.sheets:
            data["sheets"] = [asdict(sheet) for sheet in self.sheets]
        return {**data, "blocks": [{"kind": block.kind, **asdict(block)} for block in self.blocks]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Document:
        """The document that `to_dict` wrote. Raises `KeyError` for an unknown kind of block."""
        values = dict(data)
        values["blocks"] = tuple(_read_block(block) for block in data["blocks"])
        values["sheets"] = tuple(read_sheet(sheet) for sheet in data.get("sheets", ()))
        return cls(**values)


def text(value: str, style: Literal["body", "lead", "note", "center", "source"] = "body") -> Paragraph:
    """A paragraph of one plain run."""
    return Paragraph((Run(value),), style)


def _read_block(data: dict[str, Any]) -> Block:
    values = {key: value for key, value in data.items() if key != "kind"}
    return _READERS[data["kind"]](values)


def _read_table(values: dict[str, Any]) -> Table:
    columns = tuple(Column(**column) for column in values["columns"])
    rows = tuple(Row(tuple(Cell(**cell) for cell in row["cells"]), row["role"]) for row in values["rows"])
    return Table(**{**values, "columns": columns, "rows": rows})


def _read_org_node(values: dict[str, Any]) -> OrgNode:
    return OrgNode(values["label"], tuple(_read_org_node(child) for child in values["children"]))


_READERS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "cover": lambda v: Cover(**v),
    "heading": lambda v: Heading(**v),
    "paragraph": lambda v: Paragraph(tuple(Run(**run) for run in v["runs"]), v["style"]),
    "list": lambda v: ListBlock(tuple(v["items"]), v["ordered"]),
    "table": _read_table,
    "chart": lambda v: Chart(**{**v, "data": tuple(tuple(row) for row in v["data"])}),
    "org_chart": lambda v: OrgChart(_read_org_node(v["root"]), v["caption"], v["anchor"]),
    "field": lambda v: Field(**v),
    "signature": lambda v: Signature(tuple(SignatureParty(**party) for party in v["parties"])),
    "page_break": lambda v: PageBreak(**v),
}
