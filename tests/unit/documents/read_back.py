"""Reads rendered documents back by other means than they were written with: python-docx, pdfplumber, pypdfium2."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pdfplumber
import pypdfium2
from docx.oxml.ns import qn
from lxml import etree
from python_calamine import CalamineWorkbook

Rows = list[list[str]]


def words(text: str | None) -> str:
    """A cell's text without the line breaks that its column forced on it."""
    return " ".join((text or "").split())


def docx_body(data: bytes) -> Any:
    """The body element of a .docx."""
    return docx.Document(io.BytesIO(data)).element.body


def docx_tables(data: bytes) -> list[Rows]:
    """The tables of a .docx as rows of texts; a place that a span covers is empty."""
    return [[_docx_row(row) for row in table.findall(qn("w:tr"))] for table in docx_body(data).findall(qn("w:tbl"))]


def _docx_row(row: Any) -> list[str]:
    texts: list[str] = []
    for cell in row.findall(qn("w:tc")):
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        text = words("".join(node.text or "" for node in cell.iter(qn("w:t"))))
        texts += [text] + [""] * (int(span.get(qn("w:val"))) - 1 if span is not None else 0)
    return texts


def pdf_tables(data: bytes) -> list[Rows]:
    """The tables of a PDF as rows of texts, pieces on following pages put together without their repeated heads."""
    whole: list[Rows] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            for table in page.extract_tables():
                rows = [[words(text) for text in row] for row in table]
                heads = _same_head(whole[-1], rows) if whole else 0
                if heads:
                    whole[-1] += rows[heads:]
                else:
                    whole.append(rows)
    return whole


def _same_head(before: Rows, after: Rows) -> int:
    same = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        same += 1
    return same


def pdf_texts(data: bytes) -> list[str]:
    """The text of each page of a PDF."""
    pdf = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in pdf]


def xml(text: str) -> Any:
    """A well-formed text as a tree; raises for anything else. The two elements HTML leaves open are closed first."""
    return etree.fromstring(text.replace("<br>", "<br/>").replace('<hr class="doc-page-break">', "<hr/>").encode())


def sheet_rows(data: bytes, number: int = 0) -> list[list[Any]]:
    """The cells of a sheet of a workbook: texts as str, numbers as float."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(number).to_python(skip_empty_area=False)


def part(data: bytes, name: str) -> str:
    """One part of an Office file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def instructions(data: bytes) -> list[str]:
    """The instructions of all fields of a .docx."""
    return [words(node.text) for node in docx_body(data).iter(qn("w:instrText"))]


def squeezed(text: str) -> str:
    """A text without any white space, to find a sentence whatever line it was broken in."""
    return re.sub(r"\s+", "", text)
