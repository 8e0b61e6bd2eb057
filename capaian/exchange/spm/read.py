"""A file as lines of a table: the header is found by its words, each value keeps its cell, totals are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from capaian.exchange.kinds import Finding
from capaian.exchange.mapping import Columns
from capaian.exchange.sipd.gather import column_letters
from capaian.exchange.sipd.header import LOOK_AT, Header, find_header
from capaian.exchange.sipd.table import Row, Table, read_tables

_TOTAL: Final = re.compile(r"^(?:grand\s*total|sub\s*total|jumlah|total)\b", re.IGNORECASE)
_BROKEN: Final = re.compile(r"^#(?:REF|DIV/0|VALUE|NAME\?|N/A|NUM|NULL)!?$", re.IGNORECASE)
Keep = Callable[[str, int, Row], None]


@dataclass(frozen=True)
class Value:
    """One cell: the text that a person would have typed, and where it stands (`D14`)."""

    cell: str
    teks: str


@dataclass(frozen=True)
class Line:
    """One row under the header: our columns with their values, empty cells left out; `is_total` sums up others."""

    sheet: str
    number: int
    values: dict[str, Value]
    is_total: bool = False

    def text(self, name: str) -> str:
        """The text of a column, empty without one."""
        return self.values[name].teks if name in self.values else ""

    def cell(self, name: str) -> str:
        """Where a column stands, or the row where it is empty."""
        return self.values[name].cell if name in self.values else f"A{self.number}"


@dataclass
class Lines:
    """A file read: how many rows, its lines, the columns that it has, and what is wrong with the file itself."""

    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def read_lines(path: Path, columns: Columns, key: str, amounts: Sequence[str], keep: Keep) -> Lines:
    """Read every worksheet that has a header with `key` and one of `amounts`. Raises `FileRefused`."""
    found = Lines()
    for table in read_tables(path):
        first = list(islice(table.rows, LOOK_AT))
        header = find_header(table, first, columns, amounts, key)
        if header is None:
            continue
        found.columns |= set(header.places)
        found.lines += _sheet(found, table, chain(first, table.rows), header, key, keep)
    if not found.columns:
        words = ", ".join(f'"{columns[name][0]}"' for name in (key, *amounts[:3]) if columns.get(name))
        message = (
            f"Tidak ada judul tabel yang dikenal: diperlukan kolom seperti {words}. Samakan judulnya, atau tambahkan "
            "judul Anda pada pemetaan kolom."
        )
        found.findings.append(Finding("", "", "judul kolom", message))
    elif not found.lines:
        found.findings.append(Finding("", "", "isi", "Tidak ada baris berisi di bawah judul kolom. Periksa berkasnya."))
    return found


def _sheet(
    found: Lines, table: Table, rows: Iterable[tuple[int, Row]], header: Header, key: str, keep: Keep
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
        if key in values:
            carried = values[key]
        elif carried is not None and len(values) > 1:
            # A merged cell, or a name written once for the rows below it.
            values[key] = carried
        is_total = any(_TOTAL.match(cell.strip()) for cell in row if isinstance(cell, str))
        yield Line(table.name, number, values, is_total)


def _values(found: Lines, table: Table, header: Header, number: int, row: Row) -> Iterator[tuple[str, Value]]:
    for name, places in header.places.items():
        for place in places[:1]:
            teks = _text(row[place]) if place < len(row) else ""
            if not teks:
                continue
            cell = f"{column_letters(place + table.first_column)}{number}"
            if _BROKEN.match(teks):
                message = f"Sel ini berisi kesalahan Excel {teks}, bukan angka. Perbaiki rumusnya di berkas asal."
                found.findings.append(Finding(table.name, cell, "rumus rusak", message, value=teks))
                continue
            yield name, Value(cell, teks)


def _text(cell: Any) -> str:
    """What a person would have typed: whole numbers without `.0`, decimals with a comma."""
    if cell is None or isinstance(cell, bool):
        return ""
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
