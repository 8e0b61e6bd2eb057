"""Bab III: the printed tables of the instrument, with the numbers, units, targets and answers as printed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.documents.blocks import Block, Cell, Column, Heading, PageBreak, Row, Table, text
from capaian.reports.formats import DASH, joined, proper
from capaian.reports.pkp.snapshot import PkpSnapshot
from capaian.reports.pkp.tables import Line, PrintedTable, printed_tables
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.numbers import format_number


def bab3(snapshot: PkpSnapshot) -> Iterator[Block]:
    """Tables of targets, upright; tables of graded answers, lying."""
    tables = printed_tables(snapshot.instrumen)
    yield Heading(1, "TARGET KINERJA TAHUNAN", "BAB III")
    yield text(
        f"Target tahun {snapshot.tahun} menurut {snapshot.instrumen.citation.instrumen}. Nomor, satuan, target, dan "
        "sasaran dikutip seperti tercetak."
    )
    lying = False
    for table in tables:
        if bool(table.nilai) != lying:
            lying = bool(table.nilai)
            yield PageBreak("landscape" if lying else "portrait")
        yield from target_table(snapshot, table)
    if not lying:
        yield from _doubts(snapshot)
        return
    yield PageBreak("portrait")
    yield from _doubts(snapshot)


def caption_of(table: PrintedTable, words: str, tahun: int) -> str:
    """`Target UKM Esensial Tahun 2024 (Tabel 2 Instrumen)`."""
    number = f" (Tabel {table.tabel.removeprefix('Tabel').strip()} Instrumen)" if table.is_numbered else ""
    return f"{words} {proper(table.nama)} Tahun {tahun}{number}"


def target_table(snapshot: PkpSnapshot, table: PrintedTable) -> Iterator[Block]:
    """One table with its heading."""
    columns = _graded_columns(table.nilai) if table.nilai else _columns()
    rows = tuple(_row(line, table, len(columns)) for line in table.lines)
    yield Table(columns, rows, caption=caption_of(table, "Target", snapshot.tahun), font_size="small")


def _columns() -> tuple[Column, ...]:
    return (
        Column("No", "left", 0.7),
        Column("Indikator", "left", 5),
        Column("Satuan", "left", 1.3),
        Column("Target", "right", 1.1),
        Column("Sasaran", "left", 2),
    )


def _graded_columns(scores: tuple[Decimal, ...]) -> tuple[Column, ...]:
    return (
        Column("No", "left", 0.6),
        Column("Indikator", "left", 3.4),
        Column("Target", "left", 1.8),
        *(Column(f"Nilai {format_number(one)}", "left", 1.9) for one in scores),
    )


def _row(line: Line, table: PrintedTable, width: int) -> Row:
    one = line.node
    if isinstance(one, Kelompok):
        return heading_row(line, width)
    if table.nilai:
        texts = tuple(Cell(_answer(one, score)) for score in table.nilai)
        return Row((Cell(one.nomor), Cell(one.nama), Cell(one.target or DASH), *texts))
    return Row((Cell(one.nomor), Cell(one.nama), Cell(one.satuan or DASH), Cell(one.target or DASH),
                Cell(one.sasaran or DASH)))  # fmt: skip


def heading_row(line: Line, width: int) -> Row:
    """The heading of a group within a table."""
    one = line.node
    return Row((Cell(one.nomor), Cell(proper(one.nama), colspan=width - 1, indent=line.depth)), role="group")


def _answer(item: Butir, score: Decimal) -> str:
    """The answers of an item that have this score; a dash where the instrument prints none."""
    return "; ".join(one.teks or one.kode for one in item.pilihan if one.nilai == score) or DASH


def _doubts(snapshot: PkpSnapshot) -> Iterator[Block]:
    """What is odd about printed items, and how many do not apply here."""
    left = [one for one in snapshot.instrumen.items.values() if one.sifat and _is_out(snapshot, one)]
    if left:
        named = joined(sorted({snapshot.instrumen.sifat.get(one.sifat, one.sifat).lower() for one in left}))
        yield text(
            f"{len(left)} butir tidak berlaku bagi {snapshot.nama} karena sifatnya tidak ditandai: {named}.", "note"
        )
    odd = [one for one in snapshot.instrumen.items.values() if one.catatan]
    if not odd:
        return
    columns = (Column("No", "left", 0.7), Column("Indikator", "left", 3), Column("Catatan", "left", 5))
    rows = tuple(Row((Cell(one.nomor), Cell(one.nama), Cell(one.catatan))) for one in odd)
    yield Table(columns, rows, caption="Catatan atas Butir Tercetak", font_size="small")


def _is_out(snapshot: PkpSnapshot, item: Butir) -> bool:
    return snapshot.score(item).status == "tidak_berlaku"
