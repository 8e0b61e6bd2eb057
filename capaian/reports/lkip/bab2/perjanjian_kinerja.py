"""Bab II and Lampiran: the perjanjian kinerja, its performance annex and its budget annex."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Row, text
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    items,
    missing,
    number_column,
    para,
    spans,
    sumber,
    table,
    total_row,
)
from capaian.reports.parts import pk_money, pk_targets
from capaian.reports.snapshot import Snapshot


def perjanjian_kinerja(s: Snapshot) -> Blocks:
    if not pk_targets(s)[0]:
        return [missing("Perjanjian Kinerja", s.tahun)]
    dokumen = s.dokumen_of(s.pk_dokumen)
    nama = dokumen.nama if dokumen else "Perjanjian Kinerja"
    parties = f"{s.office.pimpinan} kepada {s.office.kepala_daerah}"
    lead = f"Kinerja yang dijanjikan {parties} tertuang dalam {nama} ({{tabel-pk}})."
    if not s.pk:
        lead = f"Rancangan kinerja yang diperjanjikan {parties} disajikan pada {{tabel-pk}}."
    basis = items(s.narasi.get("dasar_perjanjian_kinerja"))
    return [
        para(lead),
        *([text("Penetapannya mengacu pada:"), *basis] if basis else []),
        *pk_table(s, "tabel-pk"),
        *pk_anggaran_table(s, "tabel-pk-anggaran"),
    ]


def pk_table(s: Snapshot, anchor: str) -> Blocks:
    """The performance annex with its column numbers, as PermenPANRB 53/2014 prints it, and where it is taken from."""
    targets, remark = pk_targets(s)
    rows: list[Row] = []
    number = 0
    for one, height in zip(targets, spans([one.sasaran for one in targets]), strict=True):
        number += bool(height)
        lead = [Cell(str(number), rowspan=height), Cell(one.sasaran, rowspan=height)] if height else []
        rows.append(Row((*lead, Cell(one.indikator), Cell(formats.with_unit(one.target, one.satuan)))))
    columns = (
        column("No", 0.4, "center"),
        column("Sasaran Strategis", 2.4),
        column("Indikator Kinerja", 2.6),
        number_column("Target", 1.6),
    )
    caption = f"Perjanjian Kinerja {s.office.pimpinan} Tahun {s.tahun}"
    noted: Blocks = [text(remark, "note")] if remark else []
    return [*table(caption, anchor, columns, rows, source=sumber(s, "pk"), numbered_columns=True), *noted]


def pk_anggaran_table(s: Snapshot, anchor: str) -> Blocks:
    """The budget annex; where the office states none, the pagu of its programmes with the version named."""
    lines, remark = pk_money(s)
    caption = f"Anggaran Perjanjian Kinerja Tahun {s.tahun}"
    if not lines:
        return [text(remark, "note")]
    rows = [
        Row((Cell(str(n)), Cell(nama), Cell(formats.money(jumlah)), Cell(note or formats.DASH)))
        for n, (nama, jumlah, note) in enumerate(lines, start=1)
    ]
    rows.append(total_row("Jumlah", 2, formats.money(sum(jumlah for _, jumlah, _ in lines)), ""))
    columns = (
        column("No", 0.4, "center"),
        column("Program", 3.4),
        number_column("Anggaran (Rp)", 1.6),
        column("Keterangan", 1.8),
    )
    noted: Blocks = [text(remark, "note")] if remark else []
    return [*table(caption, anchor, columns, rows, source=sumber(s, "pk_anggaran"), numbered_columns=True), *noted]
