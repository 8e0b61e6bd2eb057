"""The published indicators of a year as data: one JSON document, one workbook with a row for each."""

from __future__ import annotations

import io
from typing import Any, Final

from django.utils import timezone

from capaian.reports.publication import Edition, PublishedYear
from capaian.reports.publication_figures import Figure

# Key of the figure, head of the column, width in characters.
_COLUMNS: Final = (
    ("kunci", "Kunci", 22),
    ("tingkat", "Tingkat", 24),
    ("kode", "Kode", 18),
    ("kelompok", "Sasaran atau kegiatan", 40),
    ("nama", "Indikator", 50),
    ("satuan", "Satuan", 14),
    ("target", "Target", 16),
    ("target_tahun", "Target setahun", 16),
    ("realisasi", "Realisasi", 16),
    ("capaian", "Capaian (%)", 12),
    ("status", "Status", 16),
    ("keadaan", "Keadaan", 22),
    ("rumus", "Rumus capaian", 30),
    ("sifat", "Sifat triwulan", 16),
    ("cara_hitung", "Cara menghitung", 40),
    ("gabungan", "Penggabungan", 30),
    ("sumber", "Sumber", 40),
    ("dokumen_target", "Dokumen target", 30),
    ("dihitung", "Dihitung", 12),
    ("catatan", "Catatan", 50),
    ("batas", "Batas", 80),
)


def as_data(year: PublishedYear, edition: Edition) -> dict[str, Any]:
    """The figures of an edition with where they come from; numbers are texts, so that no digit is lost."""
    return {
        "instansi": {"kunci": year.instansi.kunci, "nama": year.instansi.nama, "daerah": year.instansi.daerah},
        "tahun": year.tahun,
        "laporan": {
            "jenis": edition.version.jenis,
            "nama": edition.name,
            "versi": edition.version.nomor,
            "triwulan": edition.version.periode or None,
            "diterbitkan": timezone.localtime(edition.publication.published_at).isoformat(timespec="seconds"),
        },
        "indikator": year.figures,
    }


def as_workbook(year: PublishedYear, edition: Edition) -> bytes:
    """All rows as .xlsx bytes, equal for equal figures. Only the capaian is a number; nothing becomes a formula."""
    import xlsxwriter  # pages need none of it

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    created = timezone.localtime(edition.publication.published_at).replace(tzinfo=None)
    title = f"{edition.name}, {year.instansi.nama} {year.tahun}"
    book.set_properties({"title": title, "author": year.instansi.nama, "created": created})
    sheet = book.add_worksheet("Indikator")
    head = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#EAF1F1", "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    number = book.add_format({"valign": "top", "num_format": "#,##0.00##"})
    sheet.write_string(0, 0, f"{title}, versi {edition.version.nomor}", book.add_format({"bold": True}))
    for column, (_, label, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, label, head)
    for line, figure in enumerate(year.figures, start=2):
        for column, (name, _, _) in enumerate(_COLUMNS):
            if name == "capaian" and figure[name]:
                sheet.write_number(line, column, float(figure[name]), number)
            else:
                sheet.write_string(line, column, _text(figure, name), body)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(year.figures) + 1), len(_COLUMNS) - 1)
    book.close()
    return buffer.getvalue()


def _text(figure: Figure, name: str) -> str:
    value = figure[name]
    return " ".join(value) if isinstance(value, list) else str(value)
