"""Bab III: the obstacles that the office names."""

from __future__ import annotations

from capaian.documents.blocks import text
from capaian.reports.lkip.parts import (
    Blocks,
    items,
)
from capaian.reports.snapshot import Snapshot


def kendala(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("kendala"))
    return [text(f"Kendala dalam pelaksanaan program dan kegiatan tahun {s.tahun}:"), *found] if found else []
