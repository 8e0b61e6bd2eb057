"""Bab III: the scores of the AKIP evaluation (LHE) and what was done about each recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from capaian.documents.blocks import Cell, Row, text
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
from capaian.rules.kesehatan import compute_rate
from capaian.rules.packs import PackError, pack_in_force

_OVER = (
    "Nilai sub komponen {} pada dokumen sumber melebihi bobotnya, sehingga dicantumkan apa adanya dan persennya tidak "
    "dihitung."
)


def lhe(s: Snapshot) -> Blocks:
    """Scores of the components and what was done about each recommendation."""
    components = list(dict.fromkeys(one.komponen for one in s.lhe))
    if not components:
        return list(_live(s)) if s.tindak_lanjut_lhe else []
    heads = [one for one in s.lhe if not one.subkomponen]
    total = sum((one.nilai for one in heads if one.nilai is not None), Decimal(0))
    said = (
        f"Evaluasi akuntabilitas kinerja menghasilkan nilai {formats.plain(total, 2)} dari {len(components)} komponen "
        "({tabel-lhe-nilai}). Rekomendasi dan tindak lanjutnya disajikan pada {tabel-lhe}."
    )
    source = _source(s)
    return [
        para(said),
        *_scores(s, total, source),
        *_follow_up(s, components, source),
    ]


def _source(s: Snapshot) -> str:
    return f"Sumber: Laporan Hasil Evaluasi dan {s.sumber('lhe')}"


def _scores(s: Snapshot, total: Decimal, source: str) -> Blocks:
    rows: list[Row] = []
    over: list[str] = []
    weights = weights_of(s)
    for one, weight in zip(s.lhe, weights, strict=True):
        figures = (formats.plain(weight), formats.plain(one.nilai, 2), formats.points(_share(one.nilai, weight)))
        if one.nilai is not None and weight is not None and one.nilai > weight:
            over.append(one.subkomponen or one.komponen)
        if one.subkomponen:
            rows.append(row("", Cell(one.subkomponen, indent=1), *figures))
        else:
            letter = chr(ord("A") + sum(1 for line in rows if line.role == "group"))
            rows.append(
                Row((Cell(letter), Cell(one.komponen), *(Cell(figure, align="right") for figure in figures)), "group")
            )
    heads = [weight for one, weight in zip(s.lhe, weights, strict=True) if not one.subkomponen]
    known = [weight for weight in heads if weight is not None]
    whole = sum(known, Decimal(0)) if known and len(known) == len(heads) else None
    shares = (formats.plain(whole), formats.plain(total, 2), formats.points(_share(total, whole)))
    rows.append(total_row("Nilai akuntabilitas kinerja", 2, *shares))
    columns = (
        column("No", 0.4, "center"),
        column("Komponen/sub komponen", 4.0),
        number_column("Bobot", 0.7),
        number_column("Nilai", 0.7),
        number_column("Persen dari bobot", 0.9),
    )
    body = table("Nilai Evaluasi Akuntabilitas Kinerja", "tabel-lhe-nilai", columns, rows, source=source)
    return [*body, *([text(_OVER.format(formats.joined(over)), "note")] if over else [])]


def weights_of(s: Snapshot) -> list[Decimal | None]:
    """The weight of each line by the instrument in force: a component by its name, its three sub-components in order.

    None where the instrument of the year has no such component, or the evaluation lists another number of them.
    """
    try:
        pack = pack_in_force("akip", date(s.tahun, 12, 31))
        components = {one["nama"].casefold(): one for one in pack.rows("komponen")}
        parts = pack.rows("subkomponen")
    except PackError:
        return [None] * len(s.lhe)
    found: list[Decimal | None] = []
    for one in s.lhe:
        component = components.get(one.komponen.casefold())
        below = [other.subkomponen for other in s.lhe if other.komponen == one.komponen and other.subkomponen]
        own = [part for part in parts if component and part["komponen"] == component["kode"]]
        if component is None or (one.subkomponen and len(below) != len(own)):
            found.append(None)
        else:
            chosen = own[below.index(one.subkomponen)] if one.subkomponen else component
            found.append(Decimal(chosen["bobot"]))
    return found


def _share(nilai: Decimal | None, bobot: Decimal | None) -> Decimal | None:
    """Nilai in percent of its weight; a value beyond the weight has no percentage."""
    if nilai is None or bobot is None or nilai > bobot:
        return None
    return compute_rate(nilai, bobot).tampil


def _follow_up(s: Snapshot, components: list[str], source: str) -> Blocks:
    if s.tindak_lanjut_lhe:
        return _live(s)
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
    return _table(rows, source)


def _live(s: Snapshot) -> Blocks:
    """The recommendations that are followed up in the site, with those of earlier years that are still open."""
    rows = [
        row(
            str(number),
            one.komponen or "Umum",
            one.rekomendasi,
            one.rencana_aksi or formats.DASH,
            one.waktu or formats.DASH,
            one.status,
        )
        for number, one in enumerate(s.tindak_lanjut_lhe, start=1)
    ]
    return _table(rows, f"Sumber: Laporan Hasil Evaluasi dan tindak lanjut {s.office.nama} sampai akhir {s.tahun}")


def _table(rows: list[Row], source: str) -> Blocks:
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
