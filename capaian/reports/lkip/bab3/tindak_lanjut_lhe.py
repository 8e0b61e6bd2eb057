"""Bab III: the scores of the AKIP evaluation (LHE) and what was done about each recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from capaian.documents.blocks import Cell, Row
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    number_column,
    para,
    row,
    table,
    total_row,
)
from capaian.reports.snapshot import Lhe, Snapshot


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
