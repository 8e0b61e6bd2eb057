"""WordprocessingML in few words: elements are made directly, because python-docx's cells are slow on large tables."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from docx.oxml.ns import nsmap
from lxml import etree  # type: ignore[import-untyped]

Element = Any  # lxml's elements have no types of their own

MM: Final = 1440 / 25.4  # twentieths of a point in a millimetre, the unit of most sizes
_W: Final = nsmap["w"]
_NSMAP: Final = {"w": _W}
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


@cache
def _name(name: str) -> str:
    return f"{{{_W}}}{name.rstrip('_')}"


def w(tag: str, *children: Element | None, **attributes: object) -> Element:
    """An element of the `w` namespace; attributes are in it too. A trailing underscore keeps clear of Python words."""
    element = etree.Element(_name(tag), nsmap=_NSMAP)
    for name, value in attributes.items():
        element.set(_name(name), str(value))
    for child in children:
        if child is not None:
            element.append(child)
    return element


def twips(mm: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(mm * MM)


def run_properties(
    *, bold: bool = False, italic: bool = False, size: float = 0, colour: str = "", style: str = ""
) -> Element | None:
    """The look of a run where it differs from its paragraph's style; None when it does not."""
    parts = [
        w("rStyle", val=style) if style else None,
        w("b") if bold else None,
        w("i") if italic else None,
        w("color", val=colour) if colour else None,
        w("sz", val=round(size * 2)) if size else None,
    ]
    kept = [part for part in parts if part is not None]
    return w("rPr", *kept) if kept else None


def run(text: str, properties: Element | None = None) -> Element:
    """A run of text; line breaks and tabs of the text stay."""
    element = w("r", properties)
    for number, line in enumerate(text.split("\n")):
        if number:
            element.append(w("br"))
        for part_number, part in enumerate(line.split("\t")):
            if part_number:
                element.append(w("tab"))
            if part:
                words = w("t")
                words.text = part
                words.set(XML_SPACE, "preserve")
                element.append(words)
    return element


def tab() -> Element:
    """A run that is one tab."""
    return w("r", w("tab"))


def paragraph(style: str, *runs: Element, settings: Iterable[Element | None] = ()) -> Element:
    """A paragraph of a style, with settings of its own (in the order the schema asks for) after the style."""
    kept = [setting for setting in settings if setting is not None]
    return w("p", w("pPr", w("pStyle", val=style), *kept), *runs)


def field(instruction: str, result: Iterable[Element], *, dirty: bool = False) -> list[Element]:
    """A complex field as runs: its instruction and what it shows until the word processor computes it anew."""
    words = w("instrText")
    words.text = f" {instruction} "
    words.set(XML_SPACE, "preserve")
    begin = w("fldChar", fldCharType="begin", **({"dirty": "true"} if dirty else {}))
    return [
        w("r", begin),
        w("r", words),
        w("r", w("fldChar", fldCharType="separate")),
        *result,
        w("r", w("fldChar", fldCharType="end")),
    ]


def bookmark(name: str, number: int, inside: Iterable[Element]) -> list[Element]:
    """Runs within a bookmark, so that a field can point at them."""
    return [w("bookmarkStart", id=number, name=name), *inside, w("bookmarkEnd", id=number)]


def serialise(element: Element) -> str:
    """An element as text, for messages and tests."""
    return str(etree.tostring(element, encoding="unicode"))
