"""Bab III: the priority programmes as the office tells them, each with the data sets that speak of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from capaian.documents.blocks import text
from capaian.reports.lkip.bab3 import rincian
from capaian.reports.lkip.parts import (
    Blocks,
    items,
    numbered,
    texts,
    told,
)
from capaian.reports.snapshot import Rincian, Snapshot

_WORD = re.compile(r"[a-z]{4,}")


def program_prioritas(s: Snapshot) -> Blocks:
    """The priority programmes as told, each with the data sets that speak of it."""
    entries: Sequence[dict[str, Any]] = s.narasi.get("program_prioritas") or []
    iku = {one.kunci for one in s.iku}
    loose = [one for one in s.rincian if one.indikator not in iku]
    mine = assign(entries, loose)
    sections = []
    for number, entry in enumerate(entries):
        inside = [*told(entry.get("uraian")), *rincian.blocks(s, mine.get(number, []))]
        points = items(entry.get("butir"))
        inside += [text("Upaya yang dilakukan:"), *points] if points else []
        sections.append((str(entry.get("judul", "")), inside))
    rest = rincian.blocks(s, mine.get(-1, []))
    sections.append(("Data pendukung lain", rest))
    return numbered(sections)


def assign(entries: Sequence[dict[str, Any]], loose: Sequence[Rincian]) -> dict[int, list[Rincian]]:
    """Each data set to the entry that shares most words with its title; -1 holds those that share none."""
    words = [
        set(_WORD.findall(" ".join([str(e.get("judul", "")), *texts(e.get("uraian")), *texts(e.get("butir"))]).lower()))
        for e in entries
    ]
    found: dict[int, list[Rincian]] = {}
    for one in loose:
        title = set(_WORD.findall(one.judul.lower()))
        scores = [len(title & known) for known in words]
        best = max(scores, default=0)
        found.setdefault(scores.index(best) if best else -1, []).append(one)
    return found
