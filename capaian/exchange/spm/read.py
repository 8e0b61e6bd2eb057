"""A file as lines of a table: the header is found by its words, each value keeps its cell, totals are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from capaian.exchange.kinds import Finding
from capaian.exchange.mapping import Columns
from capaian.exchange.sipd.gather import column_letters
from capaian.exchange.sipd.header import LOOK_AT, Header, find_header
from capaian.exchange.sipd.table import Row, Table, read_tables
from capaian.exchange.spm.formulas import error_cells, formula_cells
from capaian.rules.periods import BULAN

# What begins so in the place of the name sums up the rows above; elsewhere it is only a cell with nothing more in it.
_TOTAL: Final = re.compile(r"^(?:grand\s*total|(?P<part>sub\s*(?:total|jumlah))|jumlah|total)\b", re.IGNORECASE)
_TOTAL_ONLY: Final = re.compile(r"^(?:grand\s*total|sub\s*(?:total|jumlah)|jumlah|total)\W*$", re.IGNORECASE)
_BROKEN: Final = re.compile(r"^#(?:REF|DIV/0|VALUE|NAME\?|N/A|NUM|NULL)!?$", re.IGNORECASE)
# Columns of words; all others hold figures.
LABELS: Final = frozenset({"unit", "layanan", "bulan", "tahun"})
_ORDINAL: Final = re.compile(r"\b(?:nomor|no\.?)\s*\S+\s+tahun\s+20\d\d", re.IGNORECASE)
_DAY: Final = re.compile(r"\b\d{1,2}\s+[a-z]+\s+20\d\d", re.IGNORECASE)
_YEAR: Final = re.compile(
    rf"\b(?:tahun(?:\s+anggaran)?|t\.?a\.?|spm|sasaran|(?:triwulan|tw)\s+[ivx\d]+|{'|'.join(BULAN)})\s*:?\s*(20\d\d)\b",
    re.IGNORECASE,
)
Keep = Callable[[str, int, Row], None]


@dataclass(frozen=True)
class Value:
    """One cell: the text that a person would have typed, and where it stands (`D14`)."""

    cell: str
    teks: str


@dataclass(frozen=True)
class Line:
    """One row under the header: our columns with their values, empty cells left out.

    `total` says what the row sums up: `semua` the rows above, `bagian` some of them, empty for a row of figures.
    """

    sheet: str
    number: int
    values: dict[str, Value]
    total: str = ""

    def text(self, name: str) -> str:
        """The text of a column, empty without one."""
        return self.values[name].teks if name in self.values else ""

    def cell(self, name: str) -> str:
        """Where a column stands, or the row where it is empty."""
        return self.values[name].cell if name in self.values else f"A{self.number}"


@dataclass
class Lines:
    """A file read: how many rows, its lines, the columns that it has, and what is wrong with the file itself.

    `formulas` are its cells with one, `errors` those that show an error, which a reader of values takes for empty.
    """

    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    formulas: frozenset[tuple[str, str]] = frozenset()
    errors: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: header words, the column that each row needs, those of which one must be there, the year."""

    columns: Columns
    key: str
    amounts: Sequence[str]
    tahun: int


def read_lines(path: Path, wanted: Wanted, keep: Keep) -> Lines:
    """Read every worksheet that has the header. Raises `FileRefused`."""
    found = Lines(formulas=formula_cells(path), errors=error_cells(path))
    for table in read_tables(path):
        first = list(islice(table.rows, LOOK_AT))
        header = find_header(table, first, wanted.columns, wanted.amounts, wanted.key)
        if header is None:
            continue
        found.columns |= set(header.places)
        _check_year(found, table, [row for row in first if row[0] <= header.last_row], wanted.tahun)
        found.lines += _sheet(found, table, chain(first, table.rows), header, wanted, keep)
    if not found.columns:
        words = ", ".join(f'"{wanted.columns[name][0]}"' for name in (wanted.key, *wanted.amounts[:3]))
        message = (
            f"Tidak ada judul tabel yang dikenal: diperlukan kolom seperti {words}. Samakan judulnya, atau tambahkan "
            "judul Anda pada pemetaan kolom."
        )
        found.findings.append(Finding("", "", "judul kolom", message))
    elif not found.lines and not found.findings:
        found.findings.append(Finding("", "", "isi", "Tidak ada baris berisi di bawah judul kolom. Periksa berkasnya."))
    return found


def _check_year(found: Lines, table: Table, rows: Iterable[tuple[int, Row]], tahun: int) -> None:
    """The title and the header name other years only: the file is not of this one."""
    named: dict[int, tuple[str, str]] = {}
    for number, row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                for year in _YEAR.findall(_DAY.sub("", _ORDINAL.sub("", cell))):
                    where = f"{column_letters(place + table.first_column)}{number}"
                    named.setdefault(int(year), (where, " ".join(cell.split())))
    if named and tahun not in named:
        year, (where, teks) = next(iter(named.items()))
        message = (
            f'Judulnya menyebut tahun {year} ("{teks[:80]}"), sedangkan berkas ini diunggah untuk {tahun}. Unggah pada '
            f"tahun {year}, atau perbaiki judulnya bila isinya memang {tahun}."
        )
        found.findings.append(Finding(table.name, where, "tahun lain", message, value=teks))


def _sheet(
    found: Lines, table: Table, rows: Iterable[tuple[int, Row]], header: Header, wanted: Wanted, keep: Keep
) -> Iterator[Line]:
    carried: Value | None = None
    for number, row in rows:
        keep(table.name, number, row)
        found.rows += 1
        if number <= header.last_row:
            continue
        values = dict(_values(found, table, header, number, row))
        if not values or _is_numbering(values.values()):
            continue
        if wanted.key in values and not _TOTAL.match(values[wanted.key].teks):
            carried = values[wanted.key]
        elif wanted.key not in values and carried is not None and len(values) > 1:
            # A merged cell, or a name written once for the rows below it.
            values[wanted.key] = carried
        stated = values.get("tahun")
        if stated is not None and stated.teks != str(wanted.tahun):
            message = (
                f"Baris ini menyebut tahun {stated.teks[:20]}, bukan {wanted.tahun}. Unggah pada tahunnya sendiri."
            )
            found.findings.append(Finding(table.name, stated.cell, "tahun lain", message, value=stated.teks))
            continue
        yield Line(table.name, number, values, _total(row, header.places[wanted.key][0]))


def _total(row: Row, place: int) -> str:
    """See `Line.total`; `place` is that of the name. An indicator may well begin with "Jumlah ibu hamil yang …"."""
    for column, cell in enumerate(row):
        text = cell.strip() if isinstance(cell, str) else ""
        found = _TOTAL.match(text)
        if found and (column <= place or _TOTAL_ONLY.match(text)):
            return "bagian" if found["part"] or column > place else "semua"
    return ""


def _values(found: Lines, table: Table, header: Header, number: int, row: Row) -> Iterator[tuple[str, Value]]:
    for name, places in header.places.items():
        mine = []
        for place in places:
            one = _value(found, table, row, place, number)
            if one is not None:
                mine.append(one)
        if len(mine) > 1 and name not in LABELS:
            first, second = mine[:2]
            message = (
                f"Dua kolom berjudul sama terisi: {first.cell} ({first.teks}) dan {second.cell} ({second.teks}). Hapus "
                "salah satunya, atau ganti judulnya."
            )
            found.findings.append(Finding(table.name, second.cell, "kolom ganda", message, value=second.teks))
        elif mine:
            yield name, mine[0]


def _value(found: Lines, table: Table, row: Row, place: int, number: int) -> Value | None:
    """The value of a cell; None where it is empty, or broken, which becomes a finding."""
    cell = f"{column_letters(place + table.first_column)}{number}"
    teks = found.errors.get((table.name, cell)) or (_text(row[place]) if place < len(row) else "")
    if _BROKEN.match(teks):
        message = f"Sel ini berisi kesalahan Excel {teks}, bukan angka. Perbaiki rumusnya di berkas asal."
        found.findings.append(Finding(table.name, cell, "rumus rusak", message, value=teks))
        return None
    if teks:
        return Value(cell, teks)
    if (table.name, cell) in found.formulas:
        message = (
            "Sel ini berisi rumus yang hasilnya tidak tersimpan dalam berkas. Buka dan simpan dengan Excel, atau ganti "
            "dengan nilainya."
        )
        found.findings.append(Finding(table.name, cell, "rumus", message))
    return None


def _text(cell: Any) -> str:
    """What a person would have typed: whole numbers without `.0`, decimals with a comma, dates as `2024-03`."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, int | float):
        exact = Decimal(str(cell))
        whole = exact.to_integral_value()
        return f"{whole:f}" if exact == whole else f"{exact:f}".replace(".", ",")
    return " ".join(str(cell).split())


def _is_numbering(values: Iterable[Value]) -> bool:
    """`1 | 2 | 3`: the row under a header that numbers its columns."""
    texts = [one.teks.strip("()") for one in values]
    return len(texts) > 2 and texts == [
        str(int(texts[0]) + step) if texts[0].isdecimal() else "" for step in range(len(texts))
    ]
