"""Analysis 5 of an IKU: causes, supporting factors, obstacles and follow-up as the office wrote them."""

from __future__ import annotations

from capaian.documents.blocks import Cell, ListBlock, Row
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    lead_in,
    missing,
    para,
    spans,
    table,
    texts,
)
from capaian.reports.snapshot import Iku, Snapshot


def sebab(s: Snapshot, iku: Iku, supporting: Blocks) -> Blocks:
    """Causes: what was written, the data behind it, supporting factors, obstacles, follow-up, documentation."""
    told = iku.analisis
    blocks: Blocks = [para(line) for line in texts(told.uraian.split("\n\n"))]
    if not blocks:
        blocks.append(missing(f"uraian analisis {formats.short_name(iku.nama)}", s.tahun))
    blocks += supporting
    blocks += _factors(iku)
    blocks += _list("Faktor penghambat:", told.penghambat)
    blocks += _list("Rencana tindak lanjut:", told.tindak_lanjut)
    blocks += _list("Dokumentasi kegiatan yang tersimpan:", told.dokumentasi)
    lacks = [
        word
        for word, found in (
            ("faktor penunjang", told.penunjang),
            ("faktor penghambat", told.penghambat),
            ("rencana tindak lanjut", told.tindak_lanjut),
        )
        if not found
    ]
    if lacks:
        blocks.append(missing(f"{formats.joined(lacks)} {formats.short_name(iku.nama)}", s.tahun))
    return blocks


def _list(title: str, found: tuple[str, ...]) -> Blocks:
    return [lead_in(title), ListBlock(tuple(texts(found)), "number")] if found else []


def _factors(iku: Iku) -> Blocks:
    found = sorted(iku.analisis.penunjang, key=lambda one: one.program_kunci)
    if not found:
        return []
    anchor = f"tabel-{iku.kunci.replace('.', '-').replace('_', '-')}-penunjang"
    programs = spans([one.program_kunci for one in found])
    rows = []
    for one, span in zip(found, programs, strict=True):
        lead = [Cell(one.program or formats.DASH, rowspan=span)] if span else []
        rows.append(Row((*lead, Cell(one.indikator or formats.DASH), Cell(" ".join(one.uraian.split())))))
    columns = (column("Program", 1.6), column("Indikator", 1.8), column("Faktor penunjang", 3.0))
    caption = f"Faktor Penunjang {formats.short_name(iku.nama)}"
    return [
        para(f"Faktor penunjang menurut program dan indikator disajikan pada {{{anchor}}}."),
        *table(caption, anchor, columns, rows, size="small"),
    ]
