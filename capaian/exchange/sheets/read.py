"""Reading a filled template: its stamp, per worksheet which row each value belongs to, and all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from capaian.exchange.guard import Limits
from capaian.exchange.kinds import Finding
from capaian.exchange.sheets.cells import read_cell
from capaian.exchange.sheets.layout import (
    CHOICES_SHEET,
    FINDINGS_SHEET,
    GUIDE_SHEET,
    HEAD_ROW,
    INDEX_SHEET,
    KUNCI,
    NAMA,
    SATUAN,
    TARGET,
    cell_of,
)
from capaian.exchange.sheets.stamp import STAMP_SHEET, Stamp, StampRow, StampSheet, read_stamp
from capaian.workflow.storage import FileRefused

# A workbook is held in memory whole, at about fifty times its size in the archive.
LIMITS: Final = Limits(unpacked=40 * 1024**2, rows=30_000)
MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 200
# What openpyxl raises over a workbook that no Excel wrote; a broken XML is a SyntaxError.
_UNREADABLE: Final = (
    InvalidFileException,
    BadZipFile,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    OSError,
)
_OWN_SHEETS: Final = frozenset({GUIDE_SHEET, INDEX_SHEET, FINDINGS_SHEET, CHOICES_SHEET, STAMP_SHEET})


@dataclass(frozen=True)
class Value:
    """A value that a person gave a row, where it stands, and the row as it went out."""

    cell: str
    teks: str
    row: StampRow


@dataclass
class ReadSheet:
    """One worksheet of a filled template: values that were changed, how many rows were found, what is wrong."""

    stamp: StampSheet
    changed: list[Value] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Filled:
    """A filled template whole; `findings` concern the file or worksheets that are not of it."""

    stamp: Stamp
    sheets: tuple[ReadSheet, ...]
    findings: tuple[Finding, ...]


def open_book(path: Path, *, computed: bool = False) -> Workbook:
    """The workbook in memory, with formulas or with what Excel computed. Raises `FileRefused`."""
    try:
        with path.open("rb") as handle:
            return openpyxl.load_workbook(handle, data_only=computed)
    except _UNREADABLE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise FileRefused(
            f"Susunan berkas ini tidak terbaca ({type(error).__name__}). Buka dengan Excel, simpan lagi sebagai .xlsx, "
            "lalu unggah."
        ) from error


def read_filled(path: Path) -> Filled:
    """Read a filled template. Raises `StampRefused` or `FileRefused` for a file that is none."""
    book = open_book(path)
    stamp = read_stamp(book)
    values = _computed_values(path, book, stamp)
    sheets, findings = [], []
    for one in stamp.sheets:
        if one.sheet in book.sheetnames:
            sheets.append(_read_sheet(book[one.sheet], one, values.get(one.sheet)))
        else:
            findings.append(_missing_sheet(one))
    known = {one.sheet for one in stamp.sheets} | _OWN_SHEETS
    findings += [_strange_sheet(name) for name in book.sheetnames if name not in known]
    return Filled(stamp, tuple(sheets), tuple(findings))


def _computed_values(path: Path, book: Workbook, stamp: Stamp) -> Mapping[str, Worksheet]:
    """The worksheets with computed values, where any holds a formula; a second reading that most files do without."""
    # One cell in the last corner of a worksheet makes a billion cells of it: those are refused, not walked through.
    found = [book[one.sheet] for one in stamp.sheets if one.sheet in book.sheetnames]
    sheets = [sheet for sheet in found if not _is_too_wide(sheet)]
    if not any(cell.data_type == "f" for sheet in sheets for row in sheet.iter_rows() for cell in row):
        return {}
    with_values = open_book(path, computed=True)
    return {sheet.title: with_values[sheet.title] for sheet in sheets}


def _is_too_wide(sheet: Worksheet) -> bool:
    return bool(sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS)


def _read_sheet(sheet: Worksheet, stamp: StampSheet, computed: Worksheet | None) -> ReadSheet:
    found = ReadSheet(stamp)
    if _is_too_wide(sheet):
        found.findings.append(
            Finding(
                stamp.sheet,
                "",
                "ukuran",
                f"Lembar ini terpakai sampai baris {sheet.max_row} dan kolom {sheet.max_column}, paling banyak "
                f"{MOST_ROWS} baris dan {MOST_COLUMNS} kolom. Hapus isi di luar tabel, atau salin isian ke templat "
                "baru.",
            )
        )
        return found
    seen: dict[str, int] = {}
    for number in range(HEAD_ROW + 1, sheet.max_row + 1):
        _read_row(sheet, number, computed, seen, found)
    found.findings += _missing_rows(stamp, seen)
    return found


def _read_row(
    sheet: Worksheet, number: int, computed: Worksheet | None, seen: dict[str, int], found: ReadSheet
) -> None:
    stamp = found.stamp
    kunci = str(sheet[cell_of(number, KUNCI)].value or "").strip()
    cell = sheet[cell_of(number)]
    if not kunci and cell.value is None:
        return
    found.rows.append((number, [str(one.value) if one.value is not None else "" for one in sheet[number][:KUNCI]]))
    row = stamp.by_kunci.get(kunci)
    if row is None:
        found.findings.append(_unknown_row(stamp.sheet, number, kunci, str(cell.value or "")))
        return
    if kunci in seen:
        found.findings.append(_repeated_row(stamp.sheet, number, seen[kunci], row))
        # Neither of the two is written, whatever else the person decides to apply.
        found.changed = [one for one in found.changed if one.row.kunci != kunci]
        return
    seen[kunci] = number
    relabelled = list(_changed_labels(sheet, number, row))
    found.findings += relabelled
    read = read_cell(cell, computed[cell.coordinate].value if computed is not None else None)
    if read.rule:
        found.findings.append(Finding(stamp.sheet, cell.coordinate, read.rule, read.message, value=read.teks[:200]))
        return
    if read.note:
        found.findings.append(Finding(stamp.sheet, cell.coordinate, "persen", read.note, "peringatan", read.teks))
    if read.teks != row.teks and not relabelled:
        found.changed.append(Value(cell.coordinate, read.teks, row))


def _changed_labels(sheet: Worksheet, number: int, row: StampRow) -> Iterator[Finding]:
    """The cells that say what a row is must say what they said: a value under another label is another figure's."""
    for column, rule, word, expected in (
        (NAMA, "label", "Indikator", row.nama),
        (SATUAN, "satuan", "Satuan", row.satuan),
        (TARGET, "target", "Target", row.target),
    ):
        cell = sheet[cell_of(number, column)]
        text = str(cell.value if cell.value is not None else "")
        if _flat(text) != _flat(expected):
            yield Finding(
                sheet.title,
                cell.coordinate,
                rule,
                f'{word} baris ini diubah menjadi "{text[:80]}"; pada templat "{expected[:80]}". Kembalikan, dan '
                "pastikan isiannya memang untuk indikator itu. Mengubah rencana dilakukan di situs, bukan di sini.",
                value=text[:200],
            )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _missing_rows(stamp: StampSheet, seen: Mapping[str, int]) -> Iterator[Finding]:
    for row in stamp.rows:
        if row.kunci not in seen:
            yield Finding(
                stamp.sheet,
                "",
                "baris-hilang",
                f'Baris {row.nomor} "{row.nama[:80]}" tidak ada lagi dalam lembar ini (kunci {row.kunci}). Jangan '
                "menghapus baris; unduh templat baru dan salin isiannya.",
                value=row.teks,
            )


def _unknown_row(sheet: str, number: int, kunci: str, value: str) -> Finding:
    what = f'berkunci "{kunci[:60]}"' if kunci else "tanpa kunci"
    return Finding(
        sheet,
        cell_of(number),
        "baris-tidak-dikenal",
        f"Baris {number} {what} tidak ada pada templat ini, jadi isiannya tidak punya tempat. Hapus baris itu; "
        "indikator baru ditambahkan perencana di situs.",
        value=value[:200],
    )


def _repeated_row(sheet: str, number: int, first: int, row: StampRow) -> Finding:
    return Finding(
        sheet,
        cell_of(number),
        "baris-ganda",
        f'Baris {number} mengulang "{row.nama[:80]}" yang sudah ada pada baris {first}. Hapus salah satunya, '
        "supaya jelas nilai mana yang berlaku.",
    )


def _missing_sheet(stamp: StampSheet) -> Finding:
    message = "Lembar ini tidak ada dalam berkas (dihapus atau diganti namanya); isinya tidak dibaca dan tidak diubah."
    return Finding(stamp.sheet, "", "lembar-hilang", message, "peringatan")


def _strange_sheet(name: str) -> Finding:
    return Finding(name, "", "lembar-lain", "Lembar ini bukan bagian templat dan tidak dibaca.", "peringatan")
