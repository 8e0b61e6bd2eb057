"""Bab III, the sections after the money: priority programmes, LHE follow-up, innovations, awards, obstacles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from capaian.documents.blocks import Cell, ListBlock, Row, text
from capaian.reports import formats
from capaian.reports.lkip import rincian
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    items,
    number_column,
    numbered,
    para,
    row,
    table,
    texts,
    told,
    total_row,
)
from capaian.reports.snapshot import Lhe, Rincian, Snapshot

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


def lhe(s: Snapshot) -> Blocks:
    """Scores of the components and what was done about each recommendation."""
    components = list(dict.fromkeys(one.komponen for one in s.lhe))
    if not components:
        return []
    heads = [one for one in s.lhe if not one.subkomponen]
    total = sum((one.nilai for one in heads if one.nilai is not None), Decimal(0))
    said = (
        f"Evaluasi akuntabilitas kinerja menghasilkan nilai {formats.plain(total, 2)} dari {len(components)} komponen "
        "({tabel-lhe-nilai}). Rekomendasi dan tindak lanjutnya disajikan pada {tabel-lhe}."
    )
    source = f"Sumber: Laporan Hasil Evaluasi dan {s.office.nama}, {s.tahun}"
    return [
        para(said),
        *_scores(s, total, source),
        *_follow_up(s, components, source),
    ]


def _scores(s: Snapshot, total: Decimal, source: str) -> Blocks:
    rows: list[Row] = []
    for one in s.lhe:
        if one.subkomponen:
            rows.append(row("", Cell(one.subkomponen, indent=1), formats.plain(one.nilai, 2)))
        else:
            letter = chr(ord("A") + sum(1 for line in rows if line.role == "group"))
            rows.append(
                Row((Cell(letter), Cell(one.komponen), Cell(formats.plain(one.nilai, 2), align="right")), "group")
            )
    rows.append(total_row("Nilai akuntabilitas kinerja", 2, formats.plain(total, 2)))
    columns = (column("No", 0.4, "center"), column("Komponen/sub komponen", 4.4), number_column("Nilai", 0.8))
    return table("Nilai Evaluasi Akuntabilitas Kinerja", "tabel-lhe-nilai", columns, rows, source=source)


def _follow_up(s: Snapshot, components: list[str], source: str) -> Blocks:
    rows = []
    for number, component in enumerate(components):
        for one in _told(s.lhe, component):
            rows.append(
                row(
                    chr(ord("A") + number),
                    component,
                    one.rekomendasi or "Tidak ada rekomendasi",
                    one.rencana_aksi or formats.DASH,
                    one.waktu or formats.DASH,
                    one.status or formats.DASH,
                )
            )
    columns = (
        column("No", 0.4, "center"),
        column("Komponen", 1.4),
        column("Rekomendasi", 2.4),
        column("Rencana aksi tindak lanjut", 2.6),
        column("Waktu", 1.2),
        column("Status/progres", 2.2),
    )
    return table("Tindak Lanjut atas Laporan Hasil Evaluasi", "tabel-lhe", columns, rows, source=source, size="small")


def _told(found: Sequence[Lhe], component: str) -> list[Lhe]:
    """The lines of a component that recommend something, or its head when none does."""
    mine = [one for one in found if one.komponen == component]
    return [one for one in mine if one.rekomendasi] or mine[:1]


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
    source = f"Sumber: {s.office.nama}, {s.tahun}"
    return [para(lead), *table(caption, "tabel-penghargaan", columns, rows, source=source, size="small")]


def kendala(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("kendala"))
    return [text(f"Kendala dalam pelaksanaan program dan kegiatan tahun {s.tahun}:"), *found] if found else []
