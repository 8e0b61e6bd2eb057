"""Pieces that several documents share: targets as printed, place and date of signing, money with its total."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from capaian.documents.blocks import Cell, Column, Row, SignatureParty, Table
from capaian.reports.snapshot import Dokumen, Snapshot
from capaian.rules.numbers import format_number
from capaian.rules.terbilang import terbilang

NOTHING = "–"
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def target_text(teks: str, satuan: str) -> str:
    """A target with its unit, once: `11,61%`, `75,47 Tahun`, `6 Puskesmas Paripurna` as it stands."""
    teks, satuan = teks.strip(), satuan.strip()
    if not teks:
        return NOTHING
    if not satuan or satuan.lower() in teks.lower():
        return teks
    return f"{teks}%" if satuan == "%" else f"{teks} {satuan}"


def rupiah_cell(amount: int | None) -> str:
    """An amount in a column headed (Rp): `255.424.594.746`; a dash where none is known."""
    return NOTHING if amount is None else format_number(amount)


def terbilang_rupiah(amount: int) -> str:
    """`Dua juta rupiah`, as agreements and receipts spell an amount."""
    words = terbilang(amount)
    return f"{words[0].upper()}{words[1:]} rupiah"


def date_text(iso: str) -> str:
    """`24 November 2026` from an ISO date."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def place_and_date(snapshot: Snapshot, dokumen: Dokumen | None = None) -> str:
    """Where and when a document is signed; a date that is not known is left open for the pen."""
    when = date_text(dokumen.tanggal) if dokumen and dokumen.tanggal else f".................... {snapshot.tahun}"
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


def money_table(rows: Iterable[tuple[str, int, str]], *, first: str, numbered: bool = True) -> Table:
    """A table of names, amounts and remarks with the total below; the total is the sum of what is printed."""
    rows = list(rows)
    body = [
        Row((Cell(str(number)), Cell(name), Cell(rupiah_cell(amount)), Cell(remark)))
        for number, (name, amount, remark) in enumerate(rows, start=1)
    ]
    total = sum(amount for _, amount, _ in rows)
    body.append(Row((Cell("Jumlah", colspan=2, align="center"), Cell(rupiah_cell(total)), Cell("")), role="total"))
    columns = (
        Column("No", "center", 0.5),
        Column(first, "left", 4),
        Column("Anggaran (Rp)", "right", 2),
        Column("Keterangan", "left", 2),
    )
    return Table(columns, tuple(body), numbered_columns=numbered)
