"""Bab II: the main indicators with unit, reason, formula, direction and target."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Row
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    para,
    spans,
    sumber,
    table,
)
from capaian.reports.snapshot import Snapshot

_ARAH = {"naik": "Makin tinggi makin baik", "turun": "Makin rendah makin baik"}


def iku_blocks(s: Snapshot) -> Blocks:
    if not s.iku:
        return [missing("Indikator Kinerja Utama", s.tahun)]
    # A column that would be mostly dashes is left out; a single formula stands with the analysis of its indicator.
    reasons = 2 * sum(bool(iku.alasan) for iku in s.iku) > len(s.iku)
    formulas = 2 * sum(bool(iku.formulasi) for iku in s.iku) > len(s.iku)
    columns = [
        column("No", 0.4, "center"),
        column("Sasaran Strategis", 1.8),
        column("Indikator Kinerja Utama", 1.8),
        column("Satuan", 0.8, "center"),
        *([column("Alasan", 2.2, group="Penjelasan")] if reasons else []),
        *([column("Formulasi/cara pengukuran", 2.8, group="Penjelasan")] if formulas else []),
        column("Arah", 1.1, "center"),
        number_column(f"Target {s.tahun}", 0.8),
    ]
    rows: list[Row] = []
    number = 0
    for iku, height in zip(s.iku, spans([iku.sasaran_kunci for iku in s.iku]), strict=True):
        number += bool(height)
        lead = [Cell(str(number), rowspan=height), Cell(iku.sasaran, rowspan=height)] if height else []
        told = [*([Cell(iku.alasan or formats.DASH)] if reasons else [])]
        told += [Cell(formats.tidy_formula(iku.formulasi) if iku.formulasi else formats.DASH)] if formulas else []
        tail = (Cell(_ARAH[iku.arah]), Cell(iku.target or formats.DASH))
        rows.append(Row((*lead, Cell(iku.nama), Cell(iku.satuan or formats.DASH), *told, *tail)))
    lead_text = para(
        f"Keberhasilan sasaran strategis diukur dengan {len(s.iku)} Indikator Kinerja Utama sebagaimana "
        "{tabel-iku-definisi}. Arah setiap indikator menentukan rumus capaiannya."
    )
    body = table(
        "Indikator Kinerja Utama", "tabel-iku-definisi", columns, rows, source=sumber(s, "definisi_iku"), size="small"
    )
    return [lead_text, *body]
