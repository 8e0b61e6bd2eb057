"""Bab III: the awards of the year."""

from __future__ import annotations

from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    para,
    row,
    sumber,
    table,
)
from capaian.reports.snapshot import Snapshot


def penghargaan(s: Snapshot) -> Blocks:
    dated = any(one.tanggal for one in s.penghargaan)
    given = any(one.pemberi for one in s.penghargaan)
    formed = any(one.bentuk for one in s.penghargaan)
    columns = [
        column("No", 0.4, "center"),
        *([column("Tanggal", 1.2)] if dated else []),
        *([column("Pemberi", 1.7)] if given else []),
        column("Penghargaan", 3.2),
        *([column("Bentuk/predikat", 1.7)] if formed else []),
    ]
    rows = [
        row(
            str(number),
            *([formats.sheet_date(one.tanggal) or formats.DASH] if dated else []),
            *([one.pemberi or formats.DASH] if given else []),
            one.penghargaan,
            *([one.bentuk or formats.DASH] if formed else []),
        )
        for number, one in enumerate(s.penghargaan, start=1)
    ]
    if not rows:
        return []
    caption = f"Penghargaan Tahun {s.tahun}"
    lead = f"Selama tahun {s.tahun} tercatat {len(rows)} penghargaan ({{tabel-penghargaan}})."
    source = sumber(s, "penghargaan")
    return [para(lead), *table(caption, "tabel-penghargaan", columns, rows, source=source, size="small")]
