"""Bab III: the innovations with what they changed."""

from __future__ import annotations

from capaian.documents.blocks import ListBlock, text
from capaian.reports.lkip.parts import (
    Blocks,
    numbered,
    texts,
    told,
)
from capaian.reports.snapshot import Snapshot


def inovasi(s: Snapshot) -> Blocks:
    sections = []
    for one in s.inovasi:
        inside: Blocks = told(one.uraian)
        if one.dampak:
            inside += [text("Dampak:"), ListBlock(tuple(texts(one.dampak)), "letter")]
        title = f"{one.nama} ({one.kepanjangan})" if one.kepanjangan else one.nama
        sections.append((title, inside))
    lead = f"Untuk mendukung pencapaian indikator kinerja dikembangkan {len(s.inovasi)} inovasi berikut."
    return [text(lead), *numbered(sections)] if sections else []
