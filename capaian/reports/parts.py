"""Pieces that several documents share: who signs, where and when, and money with its total."""

from __future__ import annotations

from collections.abc import Iterable

from capaian.documents.blocks import Cell, Column, Row, SignatureParty, Table
from capaian.reports.formats import DASH, VERSI, long_date, money, with_unit
from capaian.reports.snapshot import Dokumen, PkRow, Snapshot
from capaian.rules.terbilang import terbilang


def target_text(teks: str, satuan: str) -> str:
    """A target with its unit, once: `11,61%`, `75,47 tahun`; a dash where there is none."""
    return with_unit(teks, satuan) or DASH


def terbilang_rupiah(amount: int) -> str:
    """`Dua juta rupiah`, as agreements and receipts spell an amount."""
    words = terbilang(amount)
    return f"{words[0].upper()}{words[1:]} rupiah"


def place_and_date(snapshot: Snapshot, dokumen: Dokumen | None = None) -> str:
    """Where and when a document is signed; a date that is not known is left open for the pen."""
    when = long_date(dokumen.tanggal) if dokumen and dokumen.tanggal else f".................... {snapshot.tahun}"
    return f"{snapshot.office.tempat}, {when}"


def head_of_office(snapshot: Snapshot) -> str:
    """The office that signs: `KEPALA DINAS KESEHATAN KOTA BEKASI`, with the district named once."""
    return " ".join(_head_lines(snapshot))


def signing_head(snapshot: Snapshot, heading: str = "") -> SignatureParty:
    """The place where the head of the office signs, on two lines where the district has one of its own."""
    return SignatureParty(office="\n".join(_head_lines(snapshot)), heading=heading)


def _head_lines(snapshot: Snapshot) -> list[str]:
    pimpinan, daerah = snapshot.office.pimpinan.upper(), snapshot.office.daerah.upper()
    return [pimpinan] if daerah in pimpinan else [pimpinan, daerah]


def pk_targets(snapshot: Snapshot) -> tuple[tuple[PkRow, ...], str]:
    """The rows of the performance annex, and a remark where they do not come from a perjanjian kinerja."""
    if snapshot.pk:
        return snapshot.pk, ""
    rows = tuple(PkRow(one.sasaran, one.kunci, one.nama, one.target, one.satuan) for one in snapshot.iku if one.target)
    if not rows:
        return (), "Belum ada dokumen Perjanjian Kinerja dan belum ada target indikator kinerja utama tahun ini."
    source = snapshot.dokumen_of(snapshot.measured_dokumen)
    named = source.nama if source else "rencana yang tersedia"
    return rows, f"Belum ada dokumen Perjanjian Kinerja tahun ini; target diambil dari {named}."


def pk_money(snapshot: Snapshot) -> tuple[list[tuple[str, int, str]], str]:
    """The rows of the budget annex, and a remark where they do not come from a perjanjian kinerja."""
    if snapshot.pk_anggaran:
        return [(row.nama, row.anggaran, row.keterangan) for row in snapshot.pk_anggaran], ""
    version = VERSI.get(snapshot.versi, snapshot.versi)
    rows = [(node.nama, node.pagu, version) for node in snapshot.nodes if node.depth == 0 and node.pagu is not None]
    if not rows:
        return [], "Anggaran belum dilampirkan: pagu program tahun ini belum diisi."
    return rows, f"Anggaran diambil dari pagu {version} karena lampiran anggaran Perjanjian Kinerja belum ada."


def money_table(rows: Iterable[tuple[str, int, str]], *, first: str, numbered: bool = True) -> Table:
    """A table of names, amounts and remarks with the total below; the total is the sum of what is printed."""
    rows = list(rows)
    body = [
        Row((Cell(str(number)), Cell(name), Cell(money(amount)), Cell(remark)))
        for number, (name, amount, remark) in enumerate(rows, start=1)
    ]
    total = sum(amount for _, amount, _ in rows)
    body.append(Row((Cell("Jumlah", colspan=2, align="center"), Cell(money(total)), Cell("")), role="total"))
    columns = (
        Column("No", "center", 0.5),
        Column(first, "left", 4),
        Column("Anggaran (Rp)", "right", 2),
        Column("Keterangan", "left", 2),
    )
    return Table(columns, tuple(body), numbered_columns=numbered)
