"""Bab III C: revenue by source and by unit, with the units below their target."""

from __future__ import annotations

from collections.abc import Sequence

from capaian.documents.blocks import Row
from capaian.reports import formats
from capaian.reports.lkip import charts
from capaian.reports.lkip.parts import Blocks, column, group_row, number_column, para, row, sumber, table, total_row
from capaian.reports.snapshot import Pendapatan, Snapshot
from capaian.rules.efisiensi import compute_serapan

_LISTED = 20


def blocks(s: Snapshot) -> Blocks:
    return [*_by_source(s), *_by_unit(s)]


def _share(target: int, realisasi: int) -> str:
    return formats.points(compute_serapan(target, realisasi).tampil)


def _sums(found: Sequence[Pendapatan]) -> tuple[int, int]:
    return sum(one.target for one in found), sum(one.realisasi for one in found)


def _by_source(s: Snapshot) -> Blocks:
    found = [one for one in s.pendapatan if one.jenis == "sumber"]
    if not found:
        return []
    rows = [
        row(str(number), formats.proper(one.nama), *_figures(one.target, one.realisasi))
        for number, one in enumerate(found, start=1)
    ]
    target, realisasi = _sums(found)
    rows.append(total_row("Jumlah", 2, *_figures(target, realisasi)))
    columns = (
        column("No", 0.4, "center"),
        column("Sumber pendapatan", 2.8),
        number_column("Target (Rp)", 1.5),
        number_column("Realisasi (Rp)", 1.5),
        number_column("%", 0.8),
        number_column("Lebih/kurang (Rp)", 1.4),
    )
    side = "melebihi" if realisasi > target else "di bawah" if realisasi < target else "sama dengan"
    said = (
        f"Pendapatan tahun {s.tahun} {side} target, yaitu {formats.rupiah(realisasi)} dari target "
        f"{formats.rupiah(target)} atau {_share(target, realisasi)}% ({{tabel-pendapatan-sumber}})."
    )
    caption = f"Realisasi Pendapatan menurut Sumber Tahun {s.tahun}"
    source = sumber(s, "pendapatan_sumber")
    drawn = charts.target_bars(
        [(one.nama, one.target, one.realisasi) for one in found],
        f"Target dan Realisasi Pendapatan menurut Sumber Tahun {s.tahun}",
        "gambar-pendapatan",
        source,
        ("Sumber", "Target", "Realisasi"),
    )
    seen = [para("Perbandingannya tampak pada {gambar-pendapatan}.")] if drawn else []
    return [
        para(said),
        *table(caption, "tabel-pendapatan-sumber", columns, rows, source=source, size="small"),
        *seen,
        *drawn,
    ]


def _figures(target: int, realisasi: int) -> tuple[str, str, str, str]:
    return (
        formats.money(target),
        formats.money(realisasi),
        _share(target, realisasi),
        formats.money(realisasi - target),
    )


def _by_unit(s: Snapshot) -> Blocks:
    found = [one for one in s.pendapatan if one.jenis == "unit"]
    if not found:
        return []
    rows: list[Row] = []
    for group in dict.fromkeys(one.kelompok for one in found):
        mine = [one for one in found if one.kelompok == group]
        name = formats.proper(group)
        if name:
            rows.append(group_row(name, 5))
        rows += [
            row(str(number), formats.proper(one.nama), *_figures(one.target, one.realisasi)[:3])
            for number, one in enumerate(mine, start=1)
        ]
        rows.append(total_row(f"Jumlah {name}".strip(), 2, *_figures(*_sums(mine))[:3]))
    target, realisasi = _sums(found)
    rows.append(total_row("Jumlah seluruhnya", 2, *_figures(target, realisasi)[:3]))
    columns = (
        column("No", 0.4, "center"),
        column("Unit kerja", 3.0),
        number_column("Target (Rp)", 1.6),
        number_column("Realisasi (Rp)", 1.6),
        number_column("%", 0.8),
    )
    caption = f"Realisasi Pendapatan menurut Unit Kerja Tahun {s.tahun}"
    source = sumber(s, "pendapatan_unit")
    return [
        para(f"{_below(found)} Rincian menurut unit kerja disajikan pada {{tabel-pendapatan-unit}}."),
        *table(caption, "tabel-pendapatan-unit", columns, rows, source=source, size="small"),
    ]


def _below(found: Sequence[Pendapatan]) -> str:
    below = [formats.proper(one.nama) for one in found if one.realisasi < one.target]
    if not below:
        return f"Seluruh {len(found)} unit kerja mencapai target pendapatannya."
    listed = f", yaitu {formats.joined(below)}" if len(below) <= _LISTED else ""
    return f"Dari {len(found)} unit kerja, {len(below)} belum mencapai target pendapatannya{listed}."
