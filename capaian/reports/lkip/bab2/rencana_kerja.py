"""Bab II: the work plan as a tree of program, kegiatan and sub kegiatan with indicators, targets and money."""

from __future__ import annotations

from dataclasses import replace

from capaian.documents.blocks import Cell, Row
from capaian.reports import facts, formats
from capaian.reports.lkip.parts import Blocks, column, missing, number_column, para, table, total_row
from capaian.reports.snapshot import Measured, NodeRow, Snapshot


def rencana_kerja(s: Snapshot) -> Blocks:
    if not s.nodes:
        return [missing("rencana kerja dan anggaran", s.tahun)]
    dokumen = next((one for one in s.dokumen if one.jenis == "renja"), None)
    document = dokumen.kunci if dokumen else s.measured_dokumen
    counts = [
        f"{formats.count(number)} {label.lower()}"
        for jenis, label in facts.LEVELS[:3]
        if (number := sum(node.jenis == jenis for node in s.nodes))
    ]
    versi = formats.VERSI.get(s.versi, s.versi)
    named = f" sebagaimana {dokumen.nama}" if dokumen else ""
    lead = f"Untuk mewujudkan kinerja yang diperjanjikan, ditetapkan {formats.joined(counts)}{named} dengan pagu "
    lead += f"{versi} sebesar {formats.rupiah(s.pagu)} ({{tabel-rencana-kerja}})."
    columns = (
        column("Program/Kegiatan/Sub Kegiatan", 3.0),
        column("Indikator Kinerja", 2.7),
        number_column("Target", 1.2),
        number_column("Anggaran (Rp)", 1.5),
    )
    rows = [line for node in s.nodes for line in _node_rows(s, node, document)]
    rows.append(total_row("Jumlah", 3, formats.money(s.pagu)))
    caption = f"Rencana Kerja dan Anggaran Tahun {s.tahun}"
    source = f"Sumber: {dokumen.nama if dokumen else s.office.nama}; pagu {versi}"
    return [para(lead), *table(caption, "tabel-rencana-kerja", columns, rows, source=source, size="small")]


def _node_rows(s: Snapshot, node: NodeRow, document: str) -> list[Row]:
    lines = [(one.nama, target_in(s, one, document)) for one in node.indikator]
    lines = [line for line in lines if line[1]] or lines
    height = max(1, len(lines))
    bold = node.depth == 0
    name = Cell(node.nama, bold=bold, rowspan=height, indent=node.depth)
    money = Cell(formats.money(node.pagu), bold=bold, rowspan=height)
    if not lines:
        return [Row((replace(name, colspan=3), money))]
    rows = []
    for number, (indikator, target) in enumerate(lines):
        inner = (Cell(indikator), Cell(target or formats.DASH))
        rows.append(Row((name, *inner, money) if number == 0 else inner))
    return rows


def target_in(s: Snapshot, measured: Measured, document: str) -> str:
    """The target of the year in a document, with its unit; the measured target where that document has none."""
    found = next((t for t in measured.targets if t.dokumen == document and t.tahun == s.tahun and t.teks), None)
    if found is None:
        return formats.with_unit(measured.target, measured.satuan)
    return formats.with_unit(found.teks, found.satuan)
