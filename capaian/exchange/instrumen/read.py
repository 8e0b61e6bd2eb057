"""Reading the workbook of an instrument: every cell with its place, every fault at once, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from capaian.assessments.fields import Field, FieldError, read
from capaian.exchange.instrumen.layout import (
    HEAD_FIELDS,
    HEAD_ROW,
    HEAD_SHEET,
    MOST_COLUMNS,
    MOST_ROWS,
    NODE_SHEET,
    STAMP_LABEL,
    TABLES,
    Column,
)
from capaian.exchange.kinds import Finding
from capaian.exchange.sheets.cells import read_cell
from capaian.exchange.sheets.read import open_book
from capaian.workflow.checks import clean_text

# Columns of names: a number there is what Excel made of a text.
_NAMES: Final = frozenset({"kode", "induk", "nomor", "kelompok", "daftar", "pilihan", "kunci", "sifat"})
_LOOK_FOR_HEAD: Final = 12
_TAIL: Final = re.compile(r"[\s*:]+$")


@dataclass(frozen=True)
class Given:
    """A filled cell: its text as a person would have typed it, and its address."""

    text: str
    cell: str


@dataclass(frozen=True)
class Row:
    """A row of a table: its number and its filled cells by column name."""

    number: int
    cells: Mapping[str, Given]

    def text(self, name: str) -> str:
        return self.cells[name].text if name in self.cells else ""

    def at(self, name: str) -> str:
        """The address of a cell, or of the row where it is empty."""
        return self.cells[name].cell if name in self.cells else f"A{self.number}"


@dataclass
class Book:
    """A workbook as read: the head, the tables by worksheet, and what is wrong with cells."""

    head: dict[str, Given] = field(default_factory=dict)
    notes: list[Given] = field(default_factory=list)
    stamp: str = ""
    tables: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.tables.values())

    def wrong(self, sheet: str, cell: str, rule: str, message: str, value: str = "") -> None:
        self.findings.append(Finding(sheet, cell, rule, message, value=value[:200]))

    def warn(self, sheet: str, cell: str, rule: str, message: str, value: str = "") -> None:
        self.findings.append(Finding(sheet, cell, rule, message, "peringatan", value[:200]))


def read_book(path: Path) -> Book:
    """Read a workbook. Raises `FileRefused` for one that nothing can open."""
    book = open_book(path)
    found = Book()
    computed = open_book(path, computed=True) if _has_formulas(book) else book
    for name in (HEAD_SHEET, NODE_SHEET):
        if name not in book.sheetnames:
            found.wrong(name, "", "lembar-hilang", f'Lembar "{name}" tidak ada. Unduh instrumennya, ubah di sana.')
    for name in book.sheetnames:
        sheet = book[name]
        if name != HEAD_SHEET and name not in TABLES:
            continue
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS * 3:
            found.wrong(
                name, "", "ukuran",
                f"Terpakai sampai baris {sheet.max_row}, paling banyak {MOST_ROWS}. Hapus isi di luar tabel.",
            )  # fmt: skip
        elif name == HEAD_SHEET:
            _read_head(found, sheet, computed[name])
        else:
            found.tables[name] = list(_read_table(found, sheet, computed[name], TABLES[name]))
    return found


def _has_formulas(book: Workbook) -> bool:
    sheets = [book[name] for name in book.sheetnames if name == HEAD_SHEET or name in TABLES]
    small = [one for one in sheets if one.max_row <= MOST_ROWS and one.max_column <= MOST_COLUMNS * 3]
    return any(cell.data_type == "f" for sheet in small for row in sheet.iter_rows() for cell in row)


def _read_head(found: Book, sheet: Worksheet, computed: Worksheet) -> None:
    by_label = {_plain(one.label): one for one in HEAD_FIELDS}
    for number in range(HEAD_ROW + 1, sheet.max_row + 1):
        label = _plain(str(sheet.cell(number, 1).value or ""))
        given = _given(found, sheet, computed, sheet.cell(number, 2), None)
        if label == _plain(STAMP_LABEL):
            found.stamp = given.text if given else ""
        elif label in by_label and given:
            name = by_label[label].name
            if name == "catatan":
                found.notes.append(given)
            elif name in found.head:
                found.wrong(sheet.title, given.cell, "ganda", f"{by_label[label].label} ditulis dua kali. Hapus satu.")
            else:
                found.head[name] = given
        elif label and given:
            found.warn(sheet.title, given.cell, "tidak-dikenal", f'Hal "{label}" tidak dikenal dan tidak dibaca.')


def _read_table(found: Book, sheet: Worksheet, computed: Worksheet, columns: Sequence[Column]) -> Iterator[Row]:
    head = _find_head(sheet, columns)
    if head is None:
        wanted = ", ".join(f'"{one.label}"' for one in columns[:3])
        found.wrong(sheet.title, "", "judul kolom", f"Judul kolom tidak ditemukan; diperlukan {wanted}. Unduh lagi.")
        return
    places = _places(found, sheet, head, columns)
    _refuse_merged(found, sheet, head, max(places))
    for number in range(head + 1, sheet.max_row + 1):
        cells = {}
        for place, column in places.items():
            given = _given(found, sheet, computed, sheet.cell(number, place), column.field)
            if given is not None:
                cells[column.field.name] = given
        if cells:
            yield Row(number, cells)


def _find_head(sheet: Worksheet, columns: Sequence[Column]) -> int | None:
    needed = {_plain(one.label) for one in columns if one.field.is_required}
    for number in range(1, min(sheet.max_row, _LOOK_FOR_HEAD) + 1):
        labels = {_plain(str(cell.value)) for cell in sheet[number] if cell.value is not None}
        if needed <= labels:
            return number
    return None


def _places(found: Book, sheet: Worksheet, head: int, columns: Sequence[Column]) -> dict[int, Column]:
    by_label = {_plain(one.label): one for one in columns}
    places: dict[int, Column] = {}
    for place in range(1, min(sheet.max_column, MOST_COLUMNS) + 1):
        label = _plain(str(sheet.cell(head, place).value or ""))
        where = f"{get_column_letter(place)}{head}"
        if label in by_label and by_label[label] not in places.values():
            places[place] = by_label[label]
        elif label in by_label:
            found.wrong(sheet.title, where, "judul kolom", f'Kolom "{by_label[label].label}" ada dua. Hapus satu.')
        elif label:
            found.warn(sheet.title, where, "judul kolom", f'Kolom "{label}" tidak dikenal dan tidak dibaca.')
    return places


def _refuse_merged(found: Book, sheet: Worksheet, head: int, last: int) -> None:
    for one in sheet.merged_cells.ranges:
        if one.max_row > head and one.min_col <= last:
            found.wrong(
                sheet.title, f"{get_column_letter(one.min_col)}{one.min_row}", "sel-gabungan",
                f"Sel {one.coord} digabung, sehingga isinya tidak jelas untuk baris mana. Pisahkan (Unmerge), lalu isi "
                "tiap barisnya.",
            )  # fmt: skip


def _given(
    found: Book, sheet: Worksheet, computed: Worksheet, cell: Cell | MergedCell, column: Field | None
) -> Given | None:
    """What a cell says; a finding where it cannot be taken, or was read otherwise than it looks."""
    if cell.value is None or isinstance(cell, MergedCell):
        return None
    name, place = sheet.title, cell.coordinate
    taken = read_cell(cell, computed[place].value)
    text = taken.teks
    if taken.rule == "terlalu-panjang":
        # Only the forms of units ask for short texts.
        text = clean_text(str(cell.value))
    elif taken.rule:
        found.wrong(name, place, taken.rule, taken.message, taken.teks)
        return None
    if cell.data_type == "f":
        said = f'Sel berisi rumus; dipakai hasilnya, "{text[:60]}". Ganti dengan nilainya.'
        found.warn(name, place, "rumus", said, text)
    if taken.note:
        found.warn(name, place, "persen", taken.note, text)
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    if column is not None and column.name in _NAMES and is_number:
        text = text.replace(",", ".")
        found.warn(name, place, "angka", f'Dibaca "{text}" dari angka; format kolom ini sebagai Teks.', text)
    if column is not None and column.kind == "number" and not is_number and text and cell.data_type == "s":
        said = f'Angka tertulis sebagai teks ("{text[:40]}"). Ketik sebagai angka.'
        found.warn(name, place, "angka-teks", said, text)
    return Given(text, place) if text else None


def read_values(found: Book, sheet: str, row: Row, fields: Iterable[Field]) -> dict[str, Any]:
    """The values to store of a row, without those at their default; findings for what does not fit."""
    values: dict[str, Any] = {}
    for one in fields:
        text = row.text(one.name)
        if one.kind == "flag" and not text:
            continue
        try:
            value = read(one, text)
        except FieldError as error:
            found.wrong(sheet, row.at(one.name), "isian", str(error), text)
            continue
        if value is not None and value != one.default:
            values[one.name] = value
    return values


def _plain(label: str) -> str:
    return _TAIL.sub("", " ".join(label.split())).casefold()
