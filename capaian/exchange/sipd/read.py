"""Reading a whole file: sheet by sheet, its header, its rows, kept raw and summed to codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final

from capaian.exchange.kinds import Finding, Report
from capaian.exchange.mapping import LABELS, Columns
from capaian.exchange.sipd.gather import CodeSum, Reader, SheetSums, add_row, close_sheet
from capaian.exchange.sipd.header import LOOK_AT, Header, find_header
from capaian.exchange.sipd.judge import other_office, other_year, title_years
from capaian.exchange.sipd.table import Row, Table, read_tables
from capaian.organisations.models import TahunKinerja

_EVERY: Final = 10_000
Keep = Callable[[str, int, Row], None]


@dataclass
class WholeFile:
    """A file read: number of rows, the sum of each code over all worksheets, every finding."""

    rows: int = 0
    codes: dict[str, CodeSum] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the office year, the header words, the amount columns in order of preference."""

    tahun_kinerja: TahunKinerja
    columns: Columns
    amounts: Sequence[str]


def read_file(path: Path, wanted: Wanted, keep: Keep, report: Report) -> WholeFile:
    """Read every worksheet that has a table; `keep` gets each row as it stands. Raises `FileRefused`."""
    whole = WholeFile()
    unread = []
    for table in read_tables(path):
        first = list(islice(table.rows, LOOK_AT))
        header = find_header(table, first, wanted.columns, wanted.amounts)
        if header is None:
            if any(cell not in ("", None) for _, row in first for cell in row):
                unread.append(table.name)
            continue
        _read_sheet(whole, table, chain(first, table.rows), header, wanted, keep, report)
    whole.findings += _unread(unread, wanted, bool(whole.codes or whole.rows))
    return whole


def _read_sheet(
    whole: WholeFile,
    table: Table,
    rows: Iterator[tuple[int, Row]],
    header: Header,
    wanted: Wanted,
    keep: Keep,
    report: Report,
) -> None:
    amount = next(name for name in wanted.amounts if name in header.places)
    reader, sums = Reader(header, amount, table.first_column), SheetSums(table.name)
    years: dict[str, tuple[str, int]] = {}
    offices: dict[str, tuple[str, int]] = {}
    for number, row in rows:
        keep(table.name, number, row)
        whole.rows += 1
        if whole.rows % _EVERY == 0:
            report(10 + min(60, whole.rows // 2000), f"Membaca {table.name}, baris {number}")
        if number <= header.last_row:
            if number < header.first_row:
                _note_titles(years, number, row)
            continue
        _note(offices, reader, "skpd", number, row)
        _note(years, reader, "tahun", number, row)
        add_row(sums, reader, number, row)
    instansi, tahun = wanted.tahun_kinerja.instansi, wanted.tahun_kinerja.tahun
    whole.findings += other_office(instansi, table.name, offices)
    whole.findings += other_year(tahun, table.name, years)
    whole.findings += close_sheet(sums)
    _join(whole.codes, sums.codes)


def _note(found: dict[str, tuple[str, int]], reader: Reader, name: str, number: int, row: Row) -> None:
    """Remember where a text of a column stands first, and how often it does."""
    if name not in reader.header.places:
        return
    for cell in reader.header.cells(row, name)[:1]:
        text = f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
        known = found.get(text)
        found[text] = (known[0], known[1] + 1) if known else (reader.cell(name, number), 1)


def _note_titles(found: dict[str, tuple[str, int]], number: int, row: Row) -> None:
    for cell in row:
        if isinstance(cell, str) and title_years(cell):
            found.setdefault(cell, (f"A{number}", 1))


def _join(whole: dict[str, CodeSum], codes: Mapping[str, CodeSum]) -> None:
    """Add a worksheet to the file: a code that stands in several is the sum of them."""
    for kode, one in codes.items():
        known = whole.get(kode)
        if known is None:
            whole[kode] = one
            continue
        if one.stated is not None:
            known.stated = (known.stated or 0) + one.stated
        for rekening, amount in one.accounts.items():
            known.accounts[rekening] = known.accounts.get(rekening, 0) + amount


def _unread(names: Sequence[str], wanted: Wanted, has_table: bool) -> Iterator[Finding]:
    if has_table:
        for name in names:
            message = "Lembar ini tidak berisi tabel dengan kolom kode dan jumlah; tidak dibaca."
            yield Finding(name, "", "judul kolom", message, "peringatan")
        return
    amounts = " atau ".join(LABELS[name] for name in wanted.amounts)
    words = "; ".join(f"{LABELS[name]}: {', '.join(wanted.columns[name][:4])}" for name in ("kode", *wanted.amounts))
    message = (
        f"Tidak ada tabel dengan kolom {LABELS['kode']} dan {amounts} dalam {LOOK_AT} baris pertama. Judul yang "
        f"dikenal antara lain {words}. Tambahkan judul kolom berkas ini di Pemetaan kolom, lalu unggah lagi."
    )
    yield Finding(names[0] if names else "", "", "judul kolom", message)
