"""The seven analyses of one IKU (PermenPANRB 53/2014, Bab III.A), each a numbered block that is always there.

What the data do not have is said in one sentence in its place.
"""

from __future__ import annotations

import re

from capaian.documents.blocks import Cell, Column, Heading, Row, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.bab3 import rincian
from capaian.reports.lkip.bab3.pembanding import pembanding
from capaian.reports.lkip.bab3.penamaan import name, slug, source
from capaian.reports.lkip.bab3.penyebab import sebab
from capaian.reports.lkip.bab3.program_penunjang import program_penunjang
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    headed,
    missing,
    number_column,
    para,
    row,
    status_cell,
    sumber_pagu,
    table,
    total_row,
)
from capaian.reports.snapshot import Iku, Rincian, Snapshot

ANALYSES = (
    "Perbandingan target dan realisasi tahun ini",
    "Perbandingan dengan tahun-tahun sebelumnya",
    "Perbandingan dengan target akhir Renstra",
    "Perbandingan dengan daerah lain, provinsi, dan nasional",
    "Penyebab keberhasilan atau kegagalan dan tindak lanjut",
    "Efisiensi penggunaan sumber daya",
    "Program dan kegiatan yang menunjang atau menghambat",
)
_YEAR = re.compile(r"\d{4}")


def iku_blocks(s: Snapshot, iku: Iku) -> Blocks:
    """All seven analyses with tables, figures and supporting data."""
    own, elsewhere, others = sort_rincian(s, iku)
    parts = (
        _target(s, iku),
        [*_years(s, iku), *rincian.blocks(s, own)],
        _renstra(s, iku),
        [*pembanding(s, iku), *rincian.blocks(s, elsewhere)],
        sebab(s, iku, rincian.blocks(s, others)),
        _efficiency(s, iku),
        program_penunjang(s, iku),
    )
    blocks: Blocks = []
    for number, (title, inside) in enumerate(zip(ANALYSES, parts, strict=True), start=1):
        blocks += headed(Heading(4, title, f"{number})"), inside)
    return blocks


def sort_rincian(s: Snapshot, iku: Iku) -> tuple[list[Rincian], list[Rincian], list[Rincian]]:
    """Data sets over years, about the province, and the rest: each stands with the analysis that it supports."""
    years, elsewhere, others = [], [], []
    for one in iku.rincian:
        if all(_YEAR.fullmatch(value.kategori) for value in one.nilai):
            years.append(one)
        elif s.office.provinsi.casefold() in one.judul.casefold():
            elsewhere.append(one)
        else:
            others.append(one)
    return years, elsewhere, others


def _target(s: Snapshot, iku: Iku) -> Blocks:
    columns = (
        column("Sasaran Strategis", 2.2),
        column("Satuan", 1.1, "center"),
        number_column(f"Target {s.tahun}"),
        number_column(f"Realisasi {s.tahun}"),
        number_column("Capaian (%)"),
        column("Status", 1.1, "center"),
    )
    cells = row(
        iku.sasaran,
        iku.satuan or formats.DASH,
        iku.target or formats.DASH,
        iku.realisasi or formats.DASH,
        Cell(formats.points(iku.tampil, iku.desimal), bold=True, trace=iku.kunci),
        status_cell(iku),
    )
    anchor = f"tabel-{slug(iku)}-target"
    caption = f"Target, Realisasi, dan Capaian {name(iku)}"
    blocks: Blocks = [
        para(
            " ".join(
                part
                for part in (
                    f"{sentences.reached(iku, s.tahun)[:-1]} ({{{anchor}}}).",
                    sentences.parts(iku),
                    sentences.direction(iku),
                    sentences.formula(iku),
                )
                if part
            )
        )
    ]
    blocks += table(caption, anchor, columns, [cells], source=source(s, iku))
    if iku.formulasi:
        blocks.append(para(f"Cara pengukuran: {formats.tidy_formula(iku.formulasi)}", "note"))
    return blocks


def _years(s: Snapshot, iku: Iku) -> Blocks:
    earlier = [point for point in iku.history if point.tahun < s.tahun and point.realisasi]
    if not earlier:
        return [missing(f"realisasi {name(iku)} sebelum tahun {s.tahun}", s.tahun)]
    anchor, figure = f"tabel-{slug(iku)}-tahun", f"gambar-{slug(iku)}-tahun"
    change = facts.change_of(iku)
    told_change = (
        sentences.year_change(iku, change, s.tahun),
        sentences.capaian_change(iku, s.tahun),
        sentences.span_of_years(iku),
    )
    drawn = charts.trend(iku, figure, source(s, iku))
    seen = f"{{{anchor}}}" + (f" dan {{{figure}}}" if drawn else "")
    lead = f"Perkembangan {name(iku)} dari tahun ke tahun disajikan pada {seen}."
    blocks: Blocks = [para(" ".join(part for part in (lead, *told_change) if part))]
    caption = f"Perkembangan {name(iku)} Tahun {earlier[0].tahun}–{s.tahun}"
    blocks += table(caption, anchor, _year_columns(), _year_rows(iku), source=source(s, iku))
    blocks += drawn
    return blocks


def _year_columns() -> tuple[Column, ...]:
    return (
        column("Tahun", 0.8, "center"),
        number_column("Target"),
        number_column("Realisasi"),
        number_column("Capaian (%)"),
        number_column("Poin", group="Perubahan dari tahun sebelumnya"),
        number_column("%", group="Perubahan dari tahun sebelumnya"),
        column("Makna", 1.1, "center", group="Perubahan dari tahun sebelumnya"),
    )


def _year_rows(iku: Iku) -> list[Row]:
    rows, before = [], None
    for point in iku.history:
        change = facts.compare(before, point.value, iku.arah)
        rows.append(
            row(
                str(point.tahun),
                point.target or formats.DASH,
                point.realisasi or formats.DASH,
                formats.points(point.persen, iku.desimal),
                formats.signed(change.selisih),
                formats.signed(change.persen, 2),
                change.meaning or formats.DASH,
            )
        )
        before = point.value if point.value is not None else before
    return rows


def _renstra(s: Snapshot, iku: Iku) -> Blocks:
    end = iku.score_akhir
    if end is None:
        at_end = [t for t in iku.targets if t.jenis == "renstra"]
        what = "capaian terhadap target akhir Renstra" if at_end else f"target akhir Renstra untuk {name(iku)}"
        return [missing(what, s.tahun)]
    anchor = f"tabel-{slug(iku)}-renstra"
    columns = (
        column("Indikator Kinerja", 2.2),
        number_column(f"Realisasi {s.tahun}"),
        number_column(f"Target Akhir Renstra {iku.tahun_akhir}"),
        number_column("Capaian terhadap Target Akhir (%)", 1.2),
    )
    cells = row(name(iku), iku.realisasi, iku.target_akhir, Cell(formats.points(end.tampil, iku.desimal), bold=True))
    caption = f"{name(iku)} terhadap Target Akhir Renstra"
    return [
        para(f"{sentences.renstra(iku, s.tahun)[:-1]} ({{{anchor}}})."),
        *table(caption, anchor, columns, [cells], source=source(s, iku)),
    ]


def _efficiency(s: Snapshot, iku: Iku) -> Blocks:
    nodes = facts.mapped_nodes(s, iku)
    if not nodes:
        why = f"kegiatan belum dipetakan ke {name(iku)}" if facts.has_mapping(s) else "kegiatan belum dipetakan"
        return [text(f"Belum dapat dihitung karena {why}.", "note")]
    money, result = facts.sum_money(nodes), facts.efficiency(s, iku)
    anchor = f"tabel-{slug(iku)}-efisiensi"
    columns = (
        column("No", 0.4, "center"),
        column("Kegiatan", 3.0),
        number_column("Pagu (Rp)", 1.4),
        number_column("Realisasi (Rp)", 1.4),
        number_column("Serapan (%)", 0.8),
    )
    rows = [
        row(str(n), node.nama, formats.money(node.pagu), formats.money(node.realisasi), formats.points(node.tampil))
        for n, node in enumerate(nodes, start=1)
    ]
    rows.append(
        total_row("Jumlah", 2, formats.money(money.pagu), formats.money(money.realisasi), formats.points(money.serapan))
    )
    if result and result.tampil is not None:
        rows.append(_result_row("Capaian kinerja (%)", formats.points(iku.tampil, iku.desimal)))
        rows.append(_result_row("Nilai efisiensi (capaian − serapan, poin)", formats.plain(result.tampil, 2)))
    caption = f"Anggaran Kegiatan Pendukung {name(iku)}"
    said = f"{sentences.efficiency(iku, money, result)} Rinciannya pada {{{anchor}}}." if result else ""
    return [
        para(said),
        *table(caption, anchor, columns, rows, source=sumber_pagu(s, "pemetaan"), size="small"),
    ]


def _result_row(label: str, value: str) -> Row:
    return Row((Cell(label, colspan=4, align="right"), Cell(value)), "total")
