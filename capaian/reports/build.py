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
from capaian.organisations.models import TahunKinerja, UnitKerja
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
# Reports that read for themselves what the others do not.
_OWN_BUILDERS: Final = {
    _Jenis.SPM: "capaian.reports.spm.laporan:build_laporan_spm",
    _Jenis.SPM_MONEV: "capaian.reports.spm.monev:build_monev",
    _Jenis.LHE: "capaian.reports.lhe:build_lhe",
    _Jenis.SKM: "capaian.reports.skm.laporan:build_laporan_skm",
    _Jenis.PKP: "capaian.reports.pkp.laporan:build_laporan_pkp",
    _Jenis.PKP_REKAP: "capaian.reports.pkp.rekap:build_rekap_pkp",
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
QUARTERLY: Final = frozenset({_Jenis.PENGUKURAN, _Jenis.SPM_MONEV})
# Kinds that a unit can have of its own.
OF_UNITS: Final = frozenset({_Jenis.SPM, _Jenis.SPM_MONEV, _Jenis.PKP, _Jenis.SKM})
# Kinds that are asked for on a page of their own, by its URL name; all others stand on Laporan, and can be published.
PAGES: Final = {
    _Jenis.SPM: "spm",
    _Jenis.SPM_MONEV: "spm",
    _Jenis.PKP: "pkp",
    _Jenis.PKP_REKAP: "pkp",
    _Jenis.SKM: "skm",
    _Jenis.LHE: "lhe",
}
LAPORAN: Final = "laporan"


def build_document(
    tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0, unit: UnitKerja | None = None
) -> Document:
    """The document of a kind for an office year, or for a unit of it, from the data as they stand now.

    `periode` is the quarter (1–4) of a quarterly report; 0 takes its last one. Raises `ReportError`, with the reason
    and the remedy in words, when the data do not allow the document, or a unit has none of that kind.
    """
    if jenis not in _BUILDERS and jenis not in _OWN_BUILDERS:
        raise ReportError(f'Jenis laporan "{jenis}" tidak dikenal; pilih {", ".join(_Jenis.values)}.')
    if unit is not None and jenis not in OF_UNITS:
        raise ReportError(f"{_Jenis(jenis).label} disusun untuk seluruh instansi, bukan untuk {unit}.")
    if jenis in _OWN_BUILDERS:
        make = _find(_OWN_BUILDERS[_Jenis(jenis)])
        quarter = (periode or QUARTERS[-1],) if jenis in QUARTERLY else ()
        found: Document = make(tahun_kinerja, *quarter, unit=unit)
        return found
    return _of_office(tahun_kinerja, jenis, periode)


def _of_office(tahun_kinerja: TahunKinerja, jenis: str, periode: int) -> Document:
    from capaian.reports.snapshot import take_snapshot

    snapshot = take_snapshot(tahun_kinerja)
    build = _find(_BUILDERS[_Jenis(jenis)])
    document: Document = build(snapshot, periode or QUARTERS[-1]) if jenis in QUARTERLY else build(snapshot)
    return document


def page_of(jenis: str) -> str:
    """The URL name, within `reports`, of the page on which a kind is asked for and listed."""
    return PAGES.get(_Jenis(jenis), LAPORAN)


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
