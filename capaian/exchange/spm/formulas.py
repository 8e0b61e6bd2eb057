"""The cells of a workbook that hold a formula, and those that hold an error (`#REF!`).

Where the result of a formula was never stored, and where there is an error, a reader of values sees an empty cell, and
what it stands for would be lost. The worksheets are searched as text, piece by piece: a parsed workbook of the largest
size needs gigabytes.
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
_ERROR: Final = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*'
    rb"(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]{1,20})<"
)
_ATTRIBUTE: Final = re.compile(r'([\w:]+)="([^"]*)"')
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"


def formula_cells(path: Path) -> frozenset[tuple[str, str]]:
    """The cells (`("Sheet1", "D4")`) with a formula; none for a file that is no .xlsx."""
    return frozenset((title, found[1].decode()) for title, found in _search(path, _CELL))


def error_cells(path: Path) -> dict[tuple[str, str], str]:
    """The cells that show an error, with its word (`#REF!`); none for a file that is no .xlsx."""
    return {(title, found[1].decode()): unescape(found[2].decode()) for title, found in _search(path, _ERROR)}


def _search(path: Path, pattern: re.Pattern[bytes]) -> Iterator[tuple[str, re.Match[bytes]]]:
    """What fits a pattern in the worksheets, with their names."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        parts = set(archive.namelist())
        if not {_BOOK, _LINKS} <= parts:
            return
        for title, part in list(_sheets(archive)):
            if part in parts:
                for found in _found(archive, part, pattern):
                    yield title, found


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


def _found(archive: zipfile.ZipFile, part: str, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text, end = rest + chunk, 0
            for found in pattern.finditer(text):
                yield found
                end = found.end()
            # A cell may begin in this piece and end in the next.
            rest = text[max(end, len(text) - 1000) :]
