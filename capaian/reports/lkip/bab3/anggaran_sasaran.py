"""Bab III C: the money by sasaran and by indicator through the mapping of kegiatan, and the efficiency of each."""

from __future__ import annotations

from collections.abc import Sequence

from capaian.documents.blocks import Cell, Row
from capaian.reports import facts, formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    para,
    row,
    sumber_pagu,
    table,
    told,
    total_row,
)
from capaian.reports.snapshot import Iku, NodeRow, Snapshot

_NOTE = "Serapan yang rendah menaikkan nilai efisiensi, sehingga nilai ini dibaca bersama capaian kinerja."


def _mapped(s: Snapshot) -> list[tuple[Iku, list[NodeRow]]]:
    return [(iku, nodes) for iku in s.iku if (nodes := facts.mapped_nodes(s, iku))]


def by_sasaran(s: Snapshot) -> Blocks:
    """The money of each sasaran; without a mapping of kegiatan nothing (bagian A says so)."""
    mapped = _mapped(s)
    if not mapped:
        return []
    rows, everything = [], []
    for number, sasaran in enumerate(dict.fromkeys(iku.sasaran for iku, _ in mapped), start=1):
        nodes = [node for iku, own in mapped if iku.sasaran == sasaran for node in own]
        everything += nodes
        rows.append(row(str(number), sasaran, *_figures(nodes)))
    rows.append(total_row("Jumlah", 2, *_figures(everything)))
    columns = (
        column("No", 0.4, "center"),
        column("Sasaran strategis", 3.0),
        number_column("Pagu (Rp)", 1.5),
        number_column("Realisasi (Rp)", 1.5),
        number_column("Serapan (%)", 0.8),
    )
    caption = f"Anggaran menurut Sasaran Strategis Tahun {s.tahun}"
    said = "Menurut sasaran, anggaran yang mendukungnya disajikan pada {tabel-anggaran-sasaran}."
    return [
        para(said),
        *table(caption, "tabel-anggaran-sasaran", columns, rows, source=sumber_pagu(s, "anggaran_sasaran")),
    ]


def _figures(nodes: Sequence[NodeRow]) -> tuple[str, str, str]:
    money = facts.sum_money(nodes)
    return formats.money(money.pagu), formats.money(money.realisasi), formats.points(money.serapan)


def by_indicator(s: Snapshot) -> Blocks:
    mapped = _mapped(s)
    rows: list[Row] = []
    said = []
    for iku, nodes in mapped:
        target = formats.with_unit(iku.target, iku.satuan)
        realisasi = formats.with_unit(iku.realisasi, iku.satuan)
        label = f"{formats.short_name(iku.nama)}: target {target}, realisasi {realisasi}, capaian "
        label += formats.percent(iku.tampil, iku.desimal)
        rows.append(Row((Cell(label, colspan=2), *(Cell(text, align="right") for text in _figures(nodes))), "group"))
        rows += _by_program(s, nodes)
        money = facts.sum_money(nodes)
        said.append(
            f"{formats.short_name(iku.nama)} didukung {len(nodes)} kegiatan dengan serapan "
            f"{formats.percent(money.serapan)} ({formats.rupiah(money.realisasi)} dari {formats.rupiah(money.pagu)})"
        )
    if not rows:
        return []
    rows.append(total_row("Jumlah", 2, *_figures([node for _, nodes in mapped for node in nodes])))
    columns = (
        column("No", 0.4, "center"),
        column("Indikator sasaran/program/kegiatan", 3.4),
        number_column("Pagu (Rp)", 1.5),
        number_column("Realisasi (Rp)", 1.5),
        number_column("Serapan (%)", 0.8),
    )
    caption = f"Anggaran menurut Indikator Sasaran dan Pemetaan Kegiatan Tahun {s.tahun}"
    lead = f"{'; '.join(said)}. Pemetaan selengkapnya disajikan pada {{tabel-pemetaan}}."
    return [
        para(lead),
        *table(caption, "tabel-pemetaan", columns, rows, source=sumber_pagu(s, "pemetaan"), size="small"),
    ]


def _by_program(s: Snapshot, nodes: Sequence[NodeRow]) -> list[Row]:
    """The kegiatan of an indicator under their programmes; a program's line sums only the kegiatan mapped here."""
    rows: list[Row] = []
    number = 0
    for program in facts.roots(s):
        mine = [node for node in nodes if facts.program_of(s, node.kunci) == program]
        if not mine:
            continue
        rows.append(row("", Cell(program.nama, bold=True), *(Cell(t, bold=True) for t in _figures(mine))))
        for node in mine:
            number += 1
            name = Cell(node.nama, indent=1)
            figures = (formats.money(node.pagu), formats.money(node.realisasi), formats.points(node.tampil))
            rows.append(row(str(number), name, *figures))
    return rows


def efisiensi(s: Snapshot) -> Blocks:
    """Capaian less serapan of each mapped indicator, then what the office wrote about effective use."""
    rows: list[Row] = []
    said = []
    for iku, nodes in _mapped(s):
        result = facts.efficiency(s, iku)
        if result is None or result.tampil is None:
            continue
        values = (formats.points(iku.tampil, iku.desimal), _figures(nodes)[2], formats.plain(result.tampil, 2))
        rows.append(row(str(len(rows) + 1), formats.short_name(iku.nama), *_figures(nodes)[:2], *values))
        said.append(f"{formats.short_name(iku.nama)} {values[2]} poin")
    columns = (
        column("No", 0.4, "center"),
        column("Indikator sasaran", 2.2),
        number_column("Pagu (Rp)", 1.5),
        number_column("Realisasi (Rp)", 1.5),
        number_column("Capaian (%)", 0.85),
        number_column("Serapan (%)", 0.85),
        number_column("Efisiensi (poin)", 0.9),
    )
    blocks: Blocks = []
    if rows:
        caption = f"Efisiensi Anggaran menurut Indikator Sasaran Tahun {s.tahun}"
        lead = f"Nilai efisiensi adalah selisih persen capaian dan persen serapan: {formats.joined(said)}"
        lead += " ({tabel-efisiensi})."
        source = sumber_pagu(s, "efisiensi")
        blocks += [para(lead), *table(caption, "tabel-efisiensi", columns, rows, source=source, size="small")]
        blocks.append(para(_NOTE, "note"))
    blocks += told(s.narasi.get("efektivitas"))
    return blocks or [missing("efisiensi penggunaan sumber daya", s.tahun)]
