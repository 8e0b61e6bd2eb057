"""Bab II: the Renstra: vision, tujuan and sasaran with their targets by year, strategies and policy directions."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Row, text
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    numbered,
    para,
    spans,
    sumber,
    table,
)
from capaian.reports.snapshot import Measured, Renstra, Sasaran, Snapshot, Strategi


def renstra_blocks(s: Snapshot) -> Blocks:
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


def _target_years(measured: list[Measured]) -> list[int]:
    return sorted({t.tahun for one in measured for t in one.targets if t.jenis == "renstra" and t.teks})


def _tujuan(s: Snapshot, renstra: Renstra) -> Blocks:
    everything = [one for goal in renstra.tujuan for one in (*goal.indikator, *_below(goal.sasaran))]
    years = _target_years(everything)
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
        *table(caption, "tabel-renstra", columns, rows, source=_source(s, "tujuan_sasaran"), size="small"),
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
        lead += [Cell(name or "(indikator tujuan)", rowspan=height)] if height else []
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
    return [para(lead), *table(caption, "tabel-strategi", columns, rows, source=_source(s, "strategi"), size="small")]


def _source(s: Snapshot, kind: str) -> str:
    """The source as stated for the table, else the Renstra itself."""
    if kind in (s.narasi.get("sumber_tabel") or {}) or s.renstra is None:
        return sumber(s, kind)
    return f"Sumber: {formats.years(s.renstra.nama)}"


def _strategi_rows(group: Strategi) -> list[Row]:
    """One row per strategi: its directions are lines of one cell, so that a row is never higher than a page."""
    rows = []
    for number, (strategi, arah) in enumerate(group.strategi):
        lead = [Cell(group.sasaran, rowspan=len(group.strategi))] if number == 0 else []
        directions = [one for one in arah if one]
        rows.append(Row((*lead, Cell(strategi or formats.DASH), Cell("\n".join(directions) or formats.DASH))))
    return rows
