"""A file as rows of cells, whatever its format: .xlsx and .xls by calamine, .csv by its own signs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from capaian.exchange.guard import Limits, inspect_workbook
from capaian.exchange.sipd.probe import BROKEN, survive_reading
from capaian.workflow.storage import FileRefused

# 100.000 rows of 20 columns are about 90 MB of XML.
LIMITS: Final = Limits(unpacked=300 * 1024**2, rows=200_000)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SAMPLE: Final = 20_000
Row = Sequence[Any]


@dataclass(frozen=True)
class Table:
    """One worksheet: `rows` gives row numbers (from 1) with cells; `first_column` is the place of the first cell.

    `merged` are ranges as ((row, column), (row, column)), counted from 0.
    """

    name: str
    rows: Iterator[tuple[int, Row]]
    first_column: int = 0
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()


def inspect_table(path: Path, limits: Limits) -> None:
    """Refuse, in words, what is no table that can be read safely. Raises `FileRefused`."""
    with path.open("rb") as handle:
        start = handle.read(_SAMPLE)
    if start.startswith(b"PK\x03\x04"):
        inspect_workbook(path, limits)
    elif start.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise FileRefused("Berkas ini dilindungi kata sandi. Hapus kata sandinya, simpan, lalu unggah lagi.")
    elif b"\x00" in start or _decoded(start) is None or not any(sign in start for sign in b";,\t|"):
        raise FileRefused(
            "Isi berkas ini bukan Excel (.xlsx, .xls) dan bukan tabel teks (.csv), apa pun namanya. "
            "Unduh lagi dari sistem asalnya, atau simpan dari Excel sebagai .xlsx."
        )
    elif path.read_bytes().count(b"\n") > limits.rows:
        raise FileRefused(f"Berkas ini lebih dari {limits.rows} baris. Pecah menjadi beberapa berkas.")


def read_tables(path: Path) -> Iterator[Table]:
    """The worksheets of a file, one after the other. Raises `FileRefused` for a file that cannot be read."""
    with path.open("rb") as handle:
        start = handle.read(8)
    if not start.startswith((b"PK\x03\x04", _OLE)):
        yield Table("csv", _csv_rows(path))
        return
    survive_reading(path)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            yield _table(name, book.get_sheet_by_name(name))
    except CalamineError as error:
        raise FileRefused(BROKEN) from error


def _table(name: str, sheet: CalamineSheet) -> Table:
    start = sheet.start
    if start is None:
        return Table(name, iter(()))
    if sheet.total_height > LIMITS.rows:
        raise FileRefused(
            f"Lembar {name} terpakai sampai baris {sheet.total_height}; paling banyak {LIMITS.rows}. Hapus isi di "
            "bawah tabelnya, atau pecah menjadi beberapa berkas."
        )
    return Table(name, enumerate(sheet.iter_rows(), start=1), start[1], sheet.merged_cell_ranges or ())


def _csv_rows(path: Path) -> Iterator[tuple[int, Row]]:
    text = _decoded(path.read_bytes())
    if text is None:
        raise FileRefused("Huruf dalam berkas teks ini tidak terbaca. Simpan sebagai .csv UTF-8, atau sebagai .xlsx.")
    lines = text[:_SAMPLE].splitlines()[:50]
    # The sign that most lines have.
    delimiter = max(";\t|,", key=lambda sign: sum(sign in line for line in lines))
    number = 0
    try:
        # Without translated line ends, a file of an old Mac is one single line.
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter), start=1):
            yield number, row
    except csv.Error as error:
        raise FileRefused(
            f'Baris sesudah baris {number} berkas teks ini tidak dapat dibaca; biasanya ada tanda kutip (") yang tidak '
            "ditutup. Perbaiki baris itu, atau simpan sebagai .xlsx, lalu unggah lagi."
        ) from error


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.end >= len(data) and len(data) == _SAMPLE:
                return data[: error.start].decode(encoding)
    return None
