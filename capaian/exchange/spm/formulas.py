"""The cells of a workbook that hold a formula.

Where its result was never stored, a reader of values sees an empty cell, and what it stands for would be lost. The
worksheets are searched as text, piece by piece: a parsed workbook of the largest size needs gigabytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

_CHUNK: Final = 1024 * 1024
_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f[\s/>]')
_ATTRIBUTE: Final = re.compile(r'([\w:]+)="([^"]*)"')
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"


def formula_cells(path: Path) -> frozenset[tuple[str, str]]:
    """The cells (`("Sheet1", "D4")`) with a formula; none for a file that is no .xlsx."""
    if not zipfile.is_zipfile(path):
        return frozenset()
    with zipfile.ZipFile(path) as archive:
        parts = set(archive.namelist())
        if not {_BOOK, _LINKS} <= parts:
            return frozenset()
        sheets = [(title, part) for title, part in _sheets(archive) if part in parts]
        return frozenset((title, cell) for title, part in sheets for cell in _formulas(archive, part))


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The names of the worksheets with the parts that hold them."""
    links = {one.get("Id", ""): one.get("Target", "") for one in _elements(archive, _LINKS, "Relationship")}
    for one in _elements(archive, _BOOK, "sheet"):
        target = next((links[value] for name, value in one.items() if name.endswith(":id") and value in links), "")
        yield one.get("name", ""), target.removeprefix("/") if target.startswith("/xl/") else f"xl/{target}"


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[dict[str, str]]:
    """The attributes of the elements of one name in a small part."""
    text = archive.read(part).decode(errors="replace")
    for found in re.finditer(rf"<(?:\w+:)?{name}\s([^>]*)>", text):
        yield {key: unescape(value) for key, value in _ATTRIBUTE.findall(found[1])}


def _formulas(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text, end = rest + chunk, 0
            for found in _CELL.finditer(text):
                yield found[1].decode()
                end = found.end()
            # A cell may begin in this piece and end in the next.
            rest = text[max(end, len(text) - 1000) :]
