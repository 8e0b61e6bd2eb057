"""Bab II: the Renstra, its strategies, the main indicators, the perjanjian kinerja, the work plan with its money."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Heading, Row, text
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    items,
    lettered,
    missing,
    number_column,
    numbered,
    para,
    spans,
    table,
    total_row,
)
from capaian.reports.lkip.rencana_kerja import rencana_kerja
from capaian.reports.parts import pk_money
from capaian.reports.snapshot import Measured, Renstra, Sasaran, Snapshot, Strategi

_ARAH = {"naik": "Makin tinggi makin baik", "turun": "Makin rendah makin baik"}


def bab2(s: Snapshot) -> Blocks:
    return [
        Heading(1, "PERENCANAAN KINERJA", "BAB II"),
        *lettered(
            [
                ("Rencana Strategis", _renstra(s)),
                ("Indikator Kinerja Utama", _iku(s)),
                (f"Perjanjian Kinerja Tahun {s.tahun}", _perjanjian_kinerja(s)),
                (f"Rencana Kerja dan Anggaran Tahun {s.tahun}", rencana_kerja(s)),
            ]
        ),
    ]


def _renstra(s: Snapshot) -> Blocks:
    renstra = s.renstra
    if renstra is None:
        return [missing("Rencana Strategis yang berlaku", s.tahun)]
    goals = [sasaran for tujuan in renstra.tujuan for sasaran in tujuan.sasaran]
    lead = f"Perencanaan kinerja mengacu pada {_named_with_years(renstra)}, yang memuat {len(goals)} sasaran strategis."
    return [
        text(lead),
        *numbered(
            [
                ("Visi dan misi", _visi_misi(renstra)),
                ("Tujuan, sasaran, indikator, dan target", _tujuan(s, renstra)),
                ("Strategi dan arah kebijakan", _strategi(s)),
            ]
        ),
    ]


def _named_with_years(renstra: Renstra) -> str:
    """The name of the Renstra with its years, said once."""
    name, period = formats.years(renstra.nama), f"{renstra.awal}–{renstra.akhir}"
    return name if period in name else f"{name} untuk periode {period}"


def _visi_misi(renstra: Renstra) -> Blocks:
    blocks: Blocks = []
    if renstra.visi:
        blocks.append(text(f"Visi daerah yang didukung: {renstra.visi}"))
    if renstra.misi:
        blocks.append(text(f"Misi daerah yang didukung: {renstra.misi}"))
    return blocks


def _target_years(s: Snapshot, measured: list[Measured]) -> list[int]:
    return sorted({t.tahun for one in measured for t in one.targets if t.jenis == "renstra" and t.teks})


def _tujuan(s: Snapshot, renstra: Renstra) -> Blocks:
    everything = [one for goal in renstra.tujuan for one in (*goal.indikator, *_below(goal.sasaran))]
    years = _target_years(s, everything)
    if not years:
        return [missing("target tujuan dan sasaran dalam Renstra", s.tahun)]
    has_goal = any(goal.uraian for goal in renstra.tujuan)
    rows: list[Row] = []
    for goal in renstra.tujuan:
        rows += _goal_rows(goal.uraian if has_goal else None, goal.indikator, goal.sasaran, years)
    columns = [
        *([column("Tujuan", 1.7)] if has_goal else []),
        column("Sasaran", 1.9),
        column("Indikator", 1.9),
        column("Satuan", 0.9, "center"),
        *(number_column(str(year), 0.7, "Target") for year in years),
    ]
    caption = f"Tujuan, Sasaran, Indikator, dan Target Renstra {renstra.awal}–{renstra.akhir}"
    return [
        para("Tujuan dan sasaran beserta indikator dan target Renstra disajikan pada {tabel-renstra}."),
        *table(caption, "tabel-renstra", columns, rows, source=f"Sumber: {formats.years(renstra.nama)}", size="small"),
    ]


def _below(sasaran: tuple[Sasaran, ...]) -> list[Measured]:
    return [one for objective in sasaran for one in objective.indikator]


def _goal_rows(
    goal: str | None, own: tuple[Measured, ...], sasaran: tuple[Sasaran, ...], years: list[int]
) -> list[Row]:
    lines = [("", one) for one in own if _has_renstra(one)]
    for objective in sasaran:
        lines += [(objective.uraian, one) for one in objective.indikator if _has_renstra(one)]
    heights = spans([name for name, _ in lines])
    rows = []
    for number, ((name, one), height) in enumerate(zip(lines, heights, strict=True)):
        lead = [Cell(goal, rowspan=len(lines))] if goal is not None and number == 0 else []
        lead += [Cell(name or formats.DASH, rowspan=height)] if height else []
        rows.append(Row((*lead, Cell(one.nama), Cell(one.satuan or formats.DASH), *_targets(one, years))))
    return rows


def _has_renstra(one: Measured) -> bool:
    return any(target.jenis == "renstra" and target.teks for target in one.targets)


def _targets(one: Measured, years: list[int]) -> list[Cell]:
    by_year = {t.tahun: t.teks for t in one.targets if t.jenis == "renstra" and t.teks}
    return [Cell(by_year.get(year, formats.DASH)) for year in years]


def _strategi(s: Snapshot) -> Blocks:
    rows = [line for group in s.strategi for line in _strategi_rows(group)]
    columns = (column("Sasaran", 1.6), column("Strategi", 1.9), column("Arah kebijakan", 2.9))
    if not rows:
        return []
    lead = "Setiap sasaran ditempuh dengan strategi dan arah kebijakan sebagaimana {tabel-strategi}."
    caption = "Strategi dan Arah Kebijakan menurut Sasaran"
    source = f"Sumber: {formats.years(s.renstra.nama)}" if s.renstra else ""
    return [para(lead), *table(caption, "tabel-strategi", columns, rows, source=source, size="small")]


def _strategi_rows(group: Strategi) -> list[Row]:
    """One row per strategi: its directions are lines of one cell, so that a row is never higher than a page."""
    rows = []
    for number, (strategi, arah) in enumerate(group.strategi):
        lead = [Cell(group.sasaran, rowspan=len(group.strategi))] if number == 0 else []
        directions = [one for one in arah if one]
        rows.append(Row((*lead, Cell(strategi or formats.DASH), Cell("\n".join(directions) or formats.DASH))))
    return rows


def _iku(s: Snapshot) -> Blocks:
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
    body = table("Indikator Kinerja Utama", "tabel-iku-definisi", columns, rows, size="small")
    return [lead_text, *body]


def _perjanjian_kinerja(s: Snapshot) -> Blocks:
    if not s.pk:
        return [missing("Perjanjian Kinerja", s.tahun)]
    dokumen = s.dokumen_of(s.pk_dokumen)
    nama = dokumen.nama if dokumen else "Perjanjian Kinerja"
    promise = f"Kinerja yang dijanjikan {s.office.pimpinan} kepada {s.office.kepala_daerah}"
    lead = f"{promise} tertuang dalam {nama} ({{tabel-pk}})."
    basis = items(s.narasi.get("dasar_perjanjian_kinerja"))
    return [
        para(lead),
        *([text("Penetapannya mengacu pada:"), *basis] if basis else []),
        *pk_table(s, "tabel-pk"),
        *pk_anggaran_table(s, "tabel-pk-anggaran"),
    ]


def pk_table(s: Snapshot, anchor: str) -> Blocks:
    """The performance annex with its column numbers, as PermenPANRB 53/2014 prints it."""
    rows: list[Row] = []
    number = 0
    for one, height in zip(s.pk, spans([one.sasaran for one in s.pk]), strict=True):
        number += bool(height)
        lead = [Cell(str(number), rowspan=height), Cell(one.sasaran, rowspan=height)] if height else []
        rows.append(Row((*lead, Cell(one.indikator), Cell(formats.with_unit(one.target, one.satuan)))))
    columns = (
        column("No", 0.4, "center"),
        column("Sasaran Strategis", 2.4),
        column("Indikator Kinerja", 2.6),
        number_column("Target", 1.6),
    )
    caption = f"Perjanjian Kinerja {s.office.pimpinan} Tahun {s.tahun}"
    return table(caption, anchor, columns, rows, numbered_columns=True)


def pk_anggaran_table(s: Snapshot, anchor: str) -> Blocks:
    """The budget annex; where the office states none, the pagu of its programmes with the version named."""
    lines, remark = pk_money(s)
    caption = f"Anggaran Perjanjian Kinerja Tahun {s.tahun}"
    if not lines:
        return [text(remark, "note")]
    rows = [
        Row((Cell(str(n)), Cell(nama), Cell(formats.money(jumlah)), Cell(note or formats.DASH)))
        for n, (nama, jumlah, note) in enumerate(lines, start=1)
    ]
    rows.append(total_row("Jumlah", 2, formats.money(sum(jumlah for _, jumlah, _ in lines)), ""))
    columns = (
        column("No", 0.4, "center"),
        column("Program", 3.4),
        number_column("Anggaran (Rp)", 1.6),
        column("Keterangan", 1.8),
    )
    noted: Blocks = [text(remark, "note")] if remark else []
    return [*table(caption, anchor, columns, rows, numbered_columns=True), *noted]
