"""A workbook of answers as sheets of a survey: each row one respondent, every problem with its cell."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from capaian.exchange.kinds import Finding
from capaian.exchange.sipd.gather import column_letters
from capaian.exchange.sipd.table import Row, Table, read_tables
from capaian.exchange.skm.template import column_titles
from capaian.exchange.spm.formulas import error_cells, formula_cells
from capaian.skm.answers import PROFILE_LABELS, Sheet, read_answer
from capaian.skm.compute import unsur_names
from capaian.skm.models import UNSUR, Survei

_LOOK_AT: Final = 20
# What a sheet saved as .csv holds in place of an error.
_BROKEN: Final = re.compile(r"^#(?:REF|DIV/0|VALUE|NAME\?|N/A|NUM|NULL)!?$", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^u\s*([1-9])\b[\s.:)-]*")
# Lists and questionnaires number these two the other way round, so that their number alone says nothing.
_EITHER: Final = ("8", "9")
Keep = Callable[[str, int, Row], None]


@dataclass(frozen=True)
class Line:
    """A row with its sheet of answers; `cell` is where it begins."""

    sheet: str
    number: int
    cell: str
    given: Sheet


@dataclass
class Lines:
    """A file read: its rows, the answers, and everything that is wrong; its cells with formulas, and with errors."""

    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    formulas: frozenset[tuple[str, str]] = frozenset()
    errors: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Typed:
    """A row as it was typed: text and cell by column, the row's place."""

    sheet: str
    number: int
    texts: dict[str, str]
    cells: dict[str, str]


def read_lines(path: Path, survei: Survei, keep: Keep) -> Lines:
    """Read every worksheet that has a header of unsur. Raises `FileRefused`."""
    found = Lines(formulas=formula_cells(path), errors=error_cells(path))
    typed: list[_Typed] = []
    headed = False
    for table in read_tables(path):
        first = list(islice(table.rows, _LOOK_AT))
        header = _header(first, survei)
        if header is None:
            continue
        headed = True
        number, places = header
        found.findings += _missing(table, number, places, survei)
        rows = (row for row in chain(first, table.rows) if row[0] > number)
        typed += _rows(found, table, rows, places, keep)
    if not headed:
        words = ", ".join(f'"{title}"' for _, title in column_titles(survei)[1:4])
        message = f"Tidak ada judul kolom unsur yang dikenal, misalnya {words}. Pakailah templat survei ini."
        found.findings.append(Finding("", "", "judul kolom", message))
    elif not typed and not found.findings:
        found.findings.append(Finding("", "", "isi", "Tidak ada lembar yang diisi di bawah judul kolom."))
    content = _content(typed)
    for one in typed:
        _read(found, survei, one, content)
    return found


def _header(rows: Iterable[tuple[int, Row]], survei: Survei) -> tuple[int, dict[str, int]] | None:
    """The number of the header's row and the place of each column; None where there is no header."""
    needed = min(3, len(survei.unsur))
    for number, row in rows:
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _column(str(cell)) if isinstance(cell, str) else ""
            if name:
                places.setdefault(name, place)
        if sum(1 for name in places if name in UNSUR or name in _EITHER) >= needed:
            return number, places
    return None


def _column(text: str) -> str:
    """Which column a title means: the name of an unsur counts, then its number; empty where it means none."""
    title = " ".join(text.split()).casefold()
    labels = {
        label.casefold(): name for name, label in {**PROFILE_LABELS, "saran": "Saran", "tanggal": "Tanggal"}.items()
    }
    if title in labels:
        return labels[title]
    if len(title) > 60:
        return ""
    numbered = _NUMBERED.match(title)
    named = [kode for kode, nama in unsur_names().items() if kode in title or nama.casefold() in title]
    if len(named) == 1:
        return named[0]
    if numbered and not title[numbered.end() :]:
        return numbered[1] if numbered[1] in _EITHER else UNSUR[int(numbered[1]) - 1]
    return ""


def _missing(table: Table, number: int, places: dict[str, int], survei: Survei) -> Iterator[Finding]:
    names = unsur_names()
    for name, place in places.items():
        if name in _EITHER:
            cell = f"{column_letters(place + table.first_column)}{number}"
            message = (
                f"Judul U{name} saja tidak menyebut unsurnya: sebagian kuesioner menukar pengaduan dan sarana. "
                "Tulis namanya pada judul."
            )
            yield Finding(table.name, cell, "judul kolom", message)
    for unsur in survei.unsur:
        if unsur not in places and not any(one in places for one in _EITHER):
            message = f"Kolom {names[unsur]} tidak ada, jadi jawabannya dianggap kosong pada semua baris."
            yield Finding(table.name, f"A{number}", "judul kolom", message, severity="peringatan")


def _rows(
    found: Lines,
    table: Table,
    rows: Iterable[tuple[int, Row]],
    places: dict[str, int],
    keep: Keep,
) -> list[_Typed]:
    """The rows that hold something; empty ones between them are told of once."""
    typed: list[_Typed] = []
    empty: list[int] = []
    between: list[int] = []
    for number, row in rows:
        keep(table.name, number, row)
        found.rows += 1
        texts, cells, broken = _texts(found, table, number, row, places)
        if texts or broken:
            between += empty if typed else []
            empty = []
            if texts:
                typed.append(_Typed(table.name, number, texts, cells))
        else:
            empty.append(number)
    if between:
        where = ", ".join(map(str, between[:10])) + (" …" if len(between) > 10 else "")
        message = f"{len(between)} baris kosong di antara isian dilewati (baris {where}). Periksa apakah memang kosong."
        found.findings.append(Finding(table.name, f"A{between[0]}", "baris kosong", message, severity="peringatan"))
    return typed


def _texts(
    found: Lines,
    table: Table,
    number: int,
    row: Row,
    places: dict[str, int],
) -> tuple[dict[str, str], dict[str, str], bool]:
    texts, cells, broken = {}, {}, False
    for name, place in places.items():
        cell = f"{column_letters(place + table.first_column)}{number}"
        text = found.errors.get((table.name, cell)) or (_text(row[place]) if place < len(row) else "")
        if _BROKEN.match(text):
            message = f"Sel ini berisi kesalahan Excel {text}, bukan jawaban. Perbaiki rumusnya, atau ketik jawabannya."
            found.findings.append(Finding(table.name, cell, "rumus rusak", message, value=text))
            broken = True
        elif not text and (table.name, cell) in found.formulas:
            message = (
                "Sel ini berisi rumus yang hasilnya tidak tersimpan. Buka dan simpan dengan Excel, atau ketik nilainya."
            )
            found.findings.append(Finding(table.name, cell, "rumus", message))
            broken = True
        elif text:
            texts[name], cells[name] = text, cell
    return texts, cells, broken


def _text(cell: Any) -> str:
    """What a person would have typed: whole numbers without `.0`, days as `2024-03-01`."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _content(typed: Sequence[_Typed]) -> str:
    """The content of a file: the same answers saved anew by another program are the same file."""
    told = json.dumps([[one.sheet, one.number, one.texts] for one in typed], sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _read(found: Lines, survei: Survei, one: _Typed, content: str) -> None:
    """One row as an answer, or as findings."""
    begin = next(iter(one.cells.values()))
    before = len(found.findings)
    names = unsur_names()
    for unsur in UNSUR:
        if unsur in one.texts and unsur not in survei.unsur:
            message = f"{names[unsur]} tidak ditanyakan dalam survei ini. Hapus kolomnya, atau pilih survei yang benar."
            found.findings.append(Finding(one.sheet, one.cells[unsur], "unsur", message, value=one.texts[unsur][:40]))
    answer, errors = read_answer(survei, one.texts)
    for name, message in errors.items():
        rule = "skala 1–4" if name in UNSUR else "saran" if name == "saran" else "pilihan"
        found.findings.append(Finding(one.sheet, one.cells[name], rule, message, value=one.texts[name][:40]))
    day = _day(found, survei, one)
    if not errors and answer.is_empty:
        message = "Baris ini tidak memuat satu jawaban pun. Isi jawabannya, atau kosongkan barisnya."
        found.findings.append(Finding(one.sheet, begin, "jawaban kosong", message))
    if len(found.findings) == before and day is not None:
        key = uuid5(NAMESPACE_OID, f"{survei.pk}:{content}:{one.sheet}:{one.number}")
        found.lines.append(Line(one.sheet, one.number, begin, Sheet(key, day, answer)))


def _day(found: Lines, survei: Survei, one: _Typed) -> date | None:
    """The day of a row; without one the last that fits."""
    text = one.texts.get("tanggal", "")
    if not text:
        return max(survei.mulai, min(survei.sampai, timezone.localdate()))
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f'"{text[:20]}" bukan tanggal; tulis tahun-bulan-hari, misalnya {survei.mulai:%Y-%m-%d}.'
        found.findings.append(Finding(one.sheet, one.cells["tanggal"], "tanggal", message, value=text[:40]))
        return None
    if survei.mulai <= day <= survei.sampai:
        return day
    message = f"{text} di luar masa survei, {survei.mulai:%Y-%m-%d} sampai {survei.sampai:%Y-%m-%d}."
    found.findings.append(Finding(one.sheet, one.cells["tanggal"], "tanggal", message, value=text))
    return None
