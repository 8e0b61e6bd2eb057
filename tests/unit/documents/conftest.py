"""Documents rendered once for all tests of this folder: drawing takes a second or two."""

from __future__ import annotations

import pytest

from capaian.documents.blocks import Document
from capaian.documents.docx import render_docx
from capaian.documents.pdf import render_pdf
from tests.unit.documents.sample import rich_document


@pytest.fixture(scope="session")
def rich() -> Document:
    """One document with every kind of block."""
    return rich_document()


@pytest.fixture(scope="session")
def rich_docx(rich: Document) -> bytes:
    """It as .docx."""
    return render_docx(rich)


@pytest.fixture(scope="session")
def rich_pdf(rich: Document) -> bytes:
    """It as PDF."""
    return render_pdf(rich)
