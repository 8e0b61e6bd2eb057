"""The seven analyses of one IKU (PermenPANRB 53/2014, Bab III.A), each a numbered block that is always there.

What the data do not have is said in one sentence in its place.
"""

from __future__ import annotations

import re
from decimal import Decimal

from capaian.documents.blocks import Cell, Column, Heading, Row, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts, rincian
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    headed,
    missing,
    number_column,
    para,
    row,
    status_cell,
    table,
    told,
    total_row,
)
from capaian.reports.lkip.penyebab import program_penunjang, sebab
from capaian.reports.snapshot import Iku, Pembanding, Rincian, Snapshot
from capaian.rules.kesehatan import compute_indeks_kesehatan

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


def slug(iku: Iku) -> str:
    """The key of an indicator as part of an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", iku.kunci.lower()).strip("-")


def iku_blocks(s: Snapshot, iku: Iku) -> Blocks:
    """All seven analyses with tables, figures and supporting data."""
    own, elsewhere, others = sort_rincian(s, iku)
    parts = (
        _target(s, iku),
        [*_years(s, iku), *rincian.blocks(s, own)],
        _renstra(s, iku),
        [*_comparison(s, iku), *rincian.blocks(s, elsewhere)],
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


def name(iku: Iku) -> str:
    """The indicator as captions and sentences name it."""
    return formats.short_name(iku.nama)


def source(s: Snapshot, iku: Iku) -> str:
    return f"Sumber: {iku.sumber_data or s.office.nama}, {s.tahun}"


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


def _comparison(s: Snapshot, iku: Iku) -> Blocks:
    place = facts.standing(s, iku)
    if place is None:
        lack = f"pembanding {name(iku)} di kabupaten/kota lain, provinsi, atau nasional"
        return [missing(lack, s.tahun), *told(iku.perbandingan)]
    own = place.own.nilai if place.own else iku.value
    anchor, figure = f"tabel-{slug(iku)}-banding", f"gambar-{slug(iku)}-banding"
    caption = f"{name(iku)} menurut Daerah Tahun {s.tahun}"
    drawn = charts.comparison(iku, place, f"Perbandingan {name(iku)} Tahun {s.tahun}", figure, source(s, iku))
    area = place.own.nama if place.own else s.office.daerah
    said = [sentences.ranking(place, iku, s.office.daerah if place.own else area)]
    said += [sentences.against(one.wilayah, one.nilai, own, iku.arah) for one in place.wider]
    seen = f"{{{anchor}}}" + (f" dan {{{figure}}}" if drawn else "")
    said.append(f"Perbandingan selengkapnya disajikan pada {seen}.")
    if not any(one.jenis == "nasional" for one in iku.pembanding):
        said.append(f"Belum ada data standar nasional untuk tahun {s.tahun}.")
    return [
        para(" ".join(part for part in said if part)),
        *told(iku.perbandingan),
        *table(caption, anchor, *_comparison_table(iku, place), source=source(s, iku)),
        *drawn,
    ]


def _comparison_table(iku: Iku, place: facts.Standing) -> tuple[list[Column], list[Row]]:
    known = {one.wilayah: one for one in iku.pembanding}
    has_count = any(one.cacah is not None for one in iku.pembanding)
    has_base = any(one.penyebut is not None for one in iku.pembanding)
    columns = [column("Peringkat", 0.7, "center"), column("Daerah", 2.4)]
    columns += [number_column("Jumlah kasus")] if has_count else []
    columns += [number_column("Penyebut")] if has_base else []
    columns.append(number_column(f"Nilai ({iku.satuan})" if iku.satuan else "Nilai"))
    # The health index of the IPM is a function of the life expectancy: where that is compared, the index is too.
    has_index = "harapan hidup" in iku.nama.casefold()
    columns += [number_column("Indeks Kesehatan")] if has_index else []
    rows = []
    for one in place.ranked:
        bold = one is place.own
        values = [str(one.peringkat or formats.DASH), one.nama]
        values += _counts(known[one.nama], has_count, has_base)
        values += [formats.rate(one.nilai), *_index(one.nilai, has_index)]
        rows.append(Row(tuple(Cell(value, bold=bold, tone="warn" if bold else "") for value in values)))
    for wide in place.wider:
        rows.append(
            total_row(
                wide.wilayah,
                2,
                *_counts(wide, has_count, has_base),
                formats.rate(wide.nilai),
                *_index(wide.nilai, has_index),
            )
        )
    return columns, rows


def _index(uhh: Decimal | None, wanted: bool) -> list[str]:
    if not wanted:
        return []
    return [formats.plain(compute_indeks_kesehatan(uhh).tampil if uhh is not None else None, 2)]


def _counts(one: Pembanding, has_count: bool, has_base: bool) -> list[str]:
    return [*([formats.plain(one.cacah)] if has_count else []), *([formats.plain(one.penyebut)] if has_base else [])]


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
        *table(caption, anchor, columns, rows, source=f"Sumber: {s.office.nama}, {s.tahun}", size="small"),
    ]


def _result_row(label: str, value: str) -> Row:
    return Row((Cell(label, colspan=4, align="right"), Cell(value)), "total")
