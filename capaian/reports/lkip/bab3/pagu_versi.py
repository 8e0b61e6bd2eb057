"""Bab III C: the pagu of the programmes in its versions with the difference."""

from __future__ import annotations

from collections.abc import Iterable

from capaian.documents.blocks import Cell, Row
from capaian.reports import facts, formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    items,
    landscape,
    lead_in,
    number_column,
    para,
    row,
    sumber,
    table,
    total_row,
)
from capaian.reports.snapshot import NodeRow, PaguVersi, Snapshot


def by_version(s: Snapshot) -> Blocks:
    """Pagu of the programmes in every version; nothing where there is only one."""
    versions = [v for v in s.versions if any(_pagu(node, v) for node in facts.roots(s))]
    if len(versions) < 2:
        return []
    first, last = versions[0], versions[-1]
    before, after = _sum(s, first), _sum(s, last)
    verb = "bertambah" if after > before else "berkurang" if after < before else "tidak berubah"
    change = f" {formats.rupiah(abs(after - before))}" if after != before else ""
    said = (
        f"Pagu {formats.VERSI[first]} sebesar {formats.rupiah(before)} {verb}{change} menjadi {formats.rupiah(after)} "
        f"pada {formats.VERSI[last]} ({{tabel-versi}})."
    )
    reasons = items(s.narasi.get("perubahan_anggaran"))
    told_reasons = [lead_in("Perubahan itu dilatarbelakangi oleh:"), *reasons] if reasons else []
    return landscape([para(said), *_table(s, versions), *told_reasons])


def _table(s: Snapshot, versions: list[str]) -> Blocks:
    counted = any(p.kegiatan is not None for node in facts.roots(s) for p in node.pagu_versi)
    noted = any(p.keterangan for node in facts.roots(s) for p in node.pagu_versi)
    columns = [column("No", 0.4, "center"), column("Program", 2.4)]
    for versi in versions:
        label = formats.VERSI[versi]
        if counted:
            columns += [number_column("Keg.", 0.5, label), number_column("Sub keg.", 0.55, label)]
        columns.append(number_column("Pagu (Rp)", 1.4, label))
    columns.append(number_column("Bertambah/ berkurang (Rp)", 1.4))
    columns += [column("Keterangan", 2.2)] if noted else []
    rows = [_line(number, node, versions, counted, noted) for number, node in enumerate(facts.roots(s), start=1)]
    rows.append(_total(s, versions, counted, noted))
    source = sumber(s, "pagu_versi")
    return table(
        f"Pagu Anggaran menurut Versi Tahun {s.tahun}", "tabel-versi", columns, rows, source=source, size="small"
    )


def _line(number: int, node: NodeRow, versions: list[str], counted: bool, noted: bool) -> Row:
    values = [str(number), node.nama]
    for versi in versions:
        pagu = _pagu(node, versi)
        if counted:
            values += [
                formats.count(pagu.kegiatan if pagu else None),
                formats.count(pagu.sub_kegiatan if pagu else None),
            ]
        values.append(formats.money(pagu.jumlah if pagu else None))
    first, last = _pagu(node, versions[0]), _pagu(node, versions[-1])
    values.append(formats.money(last.jumlah - first.jumlah if first and last else None))
    if noted:
        values.append(last.keterangan or formats.DASH if last else formats.DASH)
    return row(*values)


def _total(s: Snapshot, versions: list[str], counted: bool, noted: bool) -> Row:
    values: list[str | Cell] = []
    for versi in versions:
        rows = [pagu for node in facts.roots(s) if (pagu := _pagu(node, versi))]
        if counted:
            values += [_count(p.kegiatan for p in rows), _count(p.sub_kegiatan for p in rows)]
        values.append(formats.money(sum(p.jumlah for p in rows)))
    values.append(formats.money(_sum(s, versions[-1]) - _sum(s, versions[0])))
    return total_row("Jumlah", 2, *values, *([""] if noted else []))


def _count(values: Iterable[int | None]) -> str:
    known = [value for value in values if value is not None]
    return formats.count(sum(known) if known else None)


def _pagu(node: NodeRow, versi: str) -> PaguVersi | None:
    return next((pagu for pagu in node.pagu_versi if pagu.versi == versi), None)


def _sum(s: Snapshot, versi: str) -> int:
    return sum(pagu.jumlah for node in facts.roots(s) if (pagu := _pagu(node, versi)))
