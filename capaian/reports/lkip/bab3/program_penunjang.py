"""Analysis 7 of an IKU: the programmes behind it with their indicators, their money, and which fell short."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Row
from capaian.reports import facts, formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    para,
    status_cell,
    sumber,
    table,
)
from capaian.reports.snapshot import Iku, Snapshot


def program_penunjang(s: Snapshot, iku: Iku) -> Blocks:
    """The programmes behind an IKU: their indicators with capaian, their serapan, and which fell short."""
    found = facts.supports(s, iku)
    if not found:
        return [missing(f"program dan kegiatan yang dikaitkan dengan {formats.short_name(iku.nama)}", s.tahun)]
    anchor = f"tabel-{iku.kunci.replace('.', '-').replace('_', '-')}-program"
    rows: list[Row] = []
    for support in found:
        measured = support.indikator or ()
        height = max(1, len(measured))
        node = support.program
        name = Cell(node.nama, rowspan=height)
        money = (Cell(formats.points(node.tampil), rowspan=height),)
        if not measured:
            rows.append(Row((name, *(Cell(formats.DASH) for _ in range(5)), *money)))
        for number, one in enumerate(measured):
            inner = (
                Cell(one.nama),
                Cell(formats.with_unit(one.target, one.satuan) or formats.DASH),
                Cell(formats.with_unit(one.realisasi, one.satuan) or formats.DASH),
                Cell(formats.points(one.tampil, one.desimal), trace=one.kunci),
                status_cell(one),
            )
            rows.append(Row((name, *inner, *money) if number == 0 else inner))
    columns = (
        column("Program", 1.7),
        column("Indikator pendukung", 2.4),
        number_column("Target", 1.0),
        number_column("Realisasi", 1.0),
        number_column("Capaian (%)", 0.85),
        column("Status", 1.1, "center"),
        number_column("Serapan program (%)", 0.85),
    )
    caption = f"Program dan Indikator Pendukung {formats.short_name(iku.nama)}"
    return [
        para(f"{_support_sentence(found)} Rinciannya pada {{{anchor}}}."),
        *table(caption, anchor, columns, rows, source=sumber(s, "indikator_program"), size="small"),
    ]


def _support_sentence(found: list[facts.Support]) -> str:
    measured = [one for support in found for one in support.indikator]
    failed = [one for one in measured if one.status == "tidak_tercapai"]
    names = formats.joined([support.program.nama for support in found])
    start = f"Indikator ini ditunjang oleh {names}."
    if not measured:
        return start
    if not failed:
        return (
            f"{start} Seluruh indikator pendukungnya mencapai target, sehingga program tersebut menunjang keberhasilan."
        )
    listed = formats.joined([f"{one.nama} ({formats.percent(one.tampil, one.desimal)})" for one in failed])
    return f"{start} Indikator pendukung yang belum mencapai target dan menghambat adalah {listed}."
