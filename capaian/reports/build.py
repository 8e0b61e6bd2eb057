"""From an office year to a document, and from a document to a file: what actions, previews and the command line share.

The data are read once, into one frozen snapshot; a builder turns it into blocks; a renderer draws them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from capaian.documents.blocks import Document
from capaian.organisations.models import TahunKinerja
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion

_Jenis = ReportVersion.Jenis
# Builders and renderers are found when asked for: Word, typst and the chart engine are heavy, and pages need none.
_BUILDERS: Final = {
    _Jenis.LKIP: "capaian.reports.lkip:build_lkip",
    _Jenis.PERJANJIAN_KINERJA: "capaian.reports.perjanjian_kinerja:build_perjanjian_kinerja",
    _Jenis.RENCANA_AKSI: "capaian.reports.rencana_aksi:build_rencana_aksi",
    _Jenis.PENGUKURAN: "capaian.reports.pengukuran:build_pengukuran",
}
_RENDERERS: Final = {
    "docx": "capaian.documents.docx:render_docx",
    "pdf": "capaian.documents.pdf:render_pdf",
    "xlsx": "capaian.documents.xlsx:render_xlsx",
    "html": "capaian.documents.html:render_html",
    "txt": "capaian.documents.text:render_text",
}
FORMATS: Final = tuple(_RENDERERS)
QUARTERS: Final = range(1, 5)


def build_document(tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0) -> Document:
    """The document of a kind for an office year, from the data as they stand now.

    `periode` is the quarter (1–4) of a measurement report; 0 takes its last one. Raises `ReportError`, with the
    reason and the remedy in words, when the data do not allow the document.
    """
    from capaian.reports.snapshot import take_snapshot

    if jenis not in _BUILDERS:
        raise ReportError(f'Jenis laporan "{jenis}" tidak dikenal; pilih {", ".join(_Jenis.values)}.')
    snapshot = take_snapshot(tahun_kinerja)
    build = _find(_BUILDERS[_Jenis(jenis)])
    document: Document = build(snapshot, periode or QUARTERS[-1]) if jenis == _Jenis.PENGUKURAN else build(snapshot)
    return document


def render(document: Document, fmt: str) -> bytes:
    """The document as a file: docx, pdf, xlsx, html (a fragment) or txt. Raises `ReportError` for another format."""
    if fmt not in _RENDERERS:
        raise ReportError(f'Format "{fmt}" tidak dikenal; pilih {", ".join(FORMATS)}.')
    drawn = _find(_RENDERERS[fmt])(document)
    return drawn.encode() if isinstance(drawn, str) else bytes(drawn)


def fingerprint(document: Document) -> str:
    """SHA-256 over what a reader sees; metadata (the day of making) left out, so equal data give equal prints."""
    content = {key: value for key, value in document.to_dict().items() if key != "metadata"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _find(name: str) -> Callable[..., Any]:
    module, attribute = name.split(":")
    return getattr(import_module(module), attribute)
