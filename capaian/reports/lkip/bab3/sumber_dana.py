"""Bab III C: what each source of funds was used for."""

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


def sumber_dana(s: Snapshot) -> Blocks:
    rows = [
        row(str(number), one.nama, one.murni or formats.DASH, one.perubahan or formats.DASH)
        for number, one in enumerate(s.sumber_dana, start=1)
    ]
    columns = (
        column("No", 0.4, "center"),
        column("Sumber dana", 1.8),
        column("APBD murni", 2.4),
        column("APBD perubahan", 2.8),
    )
    caption = f"Pemanfaatan Anggaran menurut Sumber Dana Tahun {s.tahun}"
    body = table(caption, "tabel-sumber-dana", columns, rows, source=sumber(s, "pemanfaatan_sumber"), size="small")
    lead = f"Anggaran berasal dari {len(rows)} sumber dana dengan pemanfaatan sebagaimana {{tabel-sumber-dana}}."
    return [para(lead), *body] if rows else []
