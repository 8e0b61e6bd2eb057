"""Rencana Aksi Kinerja: every promised target spread over four quarters, with the money of its node."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Column, Document, Heading, Row, Signature, Table, text
from capaian.reports.errors import ReportError
from capaian.reports.formats import DASH, VERSI, money, proper
from capaian.reports.parts import place_and_date, signing_head
from capaian.reports.snapshot import Dokumen, Iku, Measured, NodeRow, Snapshot, TargetText

_JENIS = "rencana_aksi"
_QUARTERS = ("I", "II", "III", "IV")
_Line = tuple[Measured, TargetText]


def build_rencana_aksi(snapshot: Snapshot) -> Document:
    """The plan in the layout of Metro 2024: sasaran, then program and kegiatan with quarters and anggaran, landscape.

    Raises `ReportError` for a year without a rencana aksi.
    """
    dokumen = next((one for one in reversed(snapshot.dokumen) if one.jenis == _JENIS), None)
    if dokumen is None:
        raise ReportError(
            f"Rencana Aksi {snapshot.tahun} belum dapat disusun: {snapshot.office.nama} belum mempunyai target "
            "triwulan. Isi target triwulan pada halaman Rencana Aksi, lalu buat lagi."
        )
    title = "RENCANA AKSI KINERJA"
    heading = f"{title}\n{snapshot.office.nama.upper()}\nTAHUN {snapshot.tahun}"
    blocks: list[Block] = [Heading(1, heading), _table(snapshot, dokumen)]
    if snapshot.versi:
        blocks.append(text(f"Anggaran menurut pagu {VERSI.get(snapshot.versi, snapshot.versi)}.", "note"))
    blocks.append(Signature((signing_head(snapshot, place_and_date(snapshot, dokumen)),)))
    return Document(
        title=f"{title} {snapshot.office.nama.upper()} TAHUN {snapshot.tahun}",
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        footer=f"Rencana Aksi Kinerja {snapshot.tahun} · {snapshot.office.nama}",
        orientation="landscape",
    )


def _table(snapshot: Snapshot, dokumen: Dokumen) -> Table:
    columns = (
        Column("Sasaran", "left", 1.8),
        Column("Program", "left", 2.0),
        Column("Kegiatan", "left", 3.4),
        Column("Indikator Kinerja", "left", 3.4),
        Column("Satuan", "left", 1.2),
        Column("Target", "right", 0.95),
        *(Column(quarter, "right", 0.75, "Target Triwulan") for quarter in _QUARTERS),
        Column("Anggaran (Rp)", "right", 1.6),
    )
    rows = (*_sasaran_rows(snapshot, dokumen), *_node_rows(snapshot, dokumen))
    total = Row((Cell("Jumlah anggaran program", colspan=10, align="right"), Cell(money(snapshot.pagu))), role="total")
    return Table(
        columns,
        (*rows, total) if snapshot.pagu is not None else rows,
        caption=f"Rencana Aksi Kinerja Tahun {snapshot.tahun}",
        font_size="small",
    )


def _lines(indikator: tuple[Measured, ...] | tuple[Iku, ...], dokumen: Dokumen) -> list[_Line]:
    """The indicators that the plan has a target for, each with that target."""
    return [(one, target) for one in indikator for target in one.targets if target.dokumen == dokumen.kunci]


def _sasaran_rows(snapshot: Snapshot, dokumen: Dokumen) -> Iterator[Row]:
    groups: dict[str, list[_Line]] = {}
    for one, target in _lines(snapshot.iku, dokumen):
        assert isinstance(one, Iku)  # noqa: S101 - `iku` holds nothing else
        groups.setdefault(one.sasaran, []).append((one, target))
    # The money of all programs stands beside the sasaran only where there is one for it to stand beside.
    amount = money(snapshot.pagu) if len(groups) == 1 and snapshot.pagu is not None else ""
    for sasaran, lines in groups.items():
        span = len(lines)
        head = (Cell(sasaran or DASH, rowspan=span), Cell("", rowspan=span), Cell("", rowspan=span))
        yield from _block(head, lines, amount)


def _node_rows(snapshot: Snapshot, dokumen: Dokumen) -> Iterator[Row]:
    for node in snapshot.nodes:
        lines = _lines(node.indikator, dokumen)
        if not lines and node.pagu is None:
            continue
        span, is_program = max(len(lines), 1), node.depth == 0
        name = proper(node.nama)
        names = (name, "") if is_program else ("", name)
        head = (Cell("", rowspan=span), *(Cell(each, rowspan=span, bold=is_program) for each in names))
        yield from _block(head, lines, money(node.pagu) if node.pagu is not None else DASH, node)


def _block(head: tuple[Cell, ...], lines: list[_Line], amount: str, node: NodeRow | None = None) -> Iterator[Row]:
    """The indicators of one sasaran or node; its name and its money stand once beside all of them."""
    span = max(len(lines), 1)
    last = Cell(amount, rowspan=span, bold=node is not None and node.depth == 0)
    if not lines:
        yield Row((*head, *(Cell("") for _ in range(7)), last))
    for place, (one, target) in enumerate(lines):
        parts = (one.nama, target.satuan or one.satuan, target.teks or DASH, *(target.triwulan or ("",) * 4))
        cells = tuple(Cell(part if part not in ("", "-") else DASH) for part in parts)
        yield Row((*head, *cells, last) if place == 0 else cells)
