"""Reading a sample folder into checked rows; every problem is collected with its place and what is expected there."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from capaian.exchange.samples.kinds import ARAH, BESARAN, JENIS, KINDS, METODE, SIFAT, TERBACA
from capaian.exchange.samples.manifest import check_manifest, check_narasi
from capaian.exchange.samples.problem import Problem, SampleError, SampleNotFound
from capaian.exchange.samples.skm import read_mean, unsur_kode
from capaian.exchange.samples.spm_check import check_spm, layanan_kode
from capaian.exchange.samples.tables import SAMPLES_DIR, Convention, Row, Sample, SampleTable
from capaian.exchange.samples.validate import check_tables, duplicates
from capaian.rules.numbers import NumberFormatError, format_number
from capaian.rules.target import TargetFormatError, parse_realisasi, parse_target

# What the columns of the database hold; other texts differ from table to table, and are checked when they are stored.
_LONGEST = {"kunci": 60, "target": 120, "realisasi": 120, "rupiah": 23, "cacah": 23}
_EXPECTED = {
    "rupiah": "rupiah bulat, mis. 1.234.567",
    "target": "target, mis. 95, ≤ 2, 1 : 1000, Paripurna",
    "realisasi": "realisasi, mis. 97,5, 0,97 : 1000, Paripurna",
    "nrr": "rata-rata jawaban, mis. 3,277",
}
_WORDS = {
    "arah": ARAH,
    "sifat": SIFAT,
    "jenis": JENIS,
    "terbaca": TERBACA,
    "besaran": BESARAN,
    "metode": METODE,
}
LARGEST_CELL = format_number(csv.field_size_limit())


def sample_names() -> list[str]:
    """The samples that ship with Capaian, in the order in which they are loaded."""
    return sorted(path.parent.name for path in SAMPLES_DIR.glob("*/sample.yaml"))


def read_sample(name: str | Path, *, today: date | None = None) -> Sample:
    """Read and check a sample by its name or folder; given `today`, its year must have begun.

    Raises `SampleError` with every problem found, `SampleNotFound` where there is no such sample.
    """
    folder = Path(name) if os.path.isdir(name) else SAMPLES_DIR / str(name)
    path = folder / "sample.yaml"
    if not os.path.isfile(path):  # unlike `Path.is_file`, also for a name that no folder can have
        known = ", ".join(sample_names())
        problem = Problem(str(name), 0, "", "Contoh tidak ditemukan.", f"salah satu dari {known}, atau folder")
        raise SampleNotFound([problem])
    manifest, problems = _read_yaml(path)
    if problems := problems or check_manifest(manifest, today):
        raise SampleError(problems)
    convention: Convention = manifest.get("convention", "id")
    tables = [_read_table(folder, entry, convention, problems) for entry in manifest["files"]]
    narasi, narasi_problems = _read_yaml(folder / manifest["narasi"])
    problems += narasi_problems or check_narasi(narasi, manifest["narasi"])
    if problems := problems or [*check_tables(manifest, tables, narasi), *check_spm(manifest, tables)]:
        raise SampleError(problems)
    return Sample(manifest["sample"], manifest["seed"], manifest, tables, narasi, _checksum(folder), convention, folder)


def _read_yaml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    if not path.is_file():
        return {}, [Problem(path.name, 0, "", "Berkas tidak ada.", "berkas yang disebut dalam sample.yaml")]
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        return {}, [Problem(path.name, 0, "", "Berkas tidak dapat dibaca.", "berkas yang boleh dibaca")]
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        return {}, [Problem(path.name, line, "", "Isi bukan YAML yang sah.", "berkas YAML UTF-8")]
    return data or {}, []


def _read_table(folder: Path, entry: dict[str, Any], convention: Convention, problems: list[Problem]) -> SampleTable:
    name, kind = entry["file"], entry["kind"]
    rows: list[Row] = []
    path = folder / name
    if kind not in KINDS:
        problems.append(Problem(name, 0, "kind", f'Jenis tabel "{kind}" tidak dikenal.', ", ".join(sorted(KINDS))))
    elif not path.is_file():
        problems.append(Problem(name, 0, "", "Berkas tidak ada.", "berkas yang disebut dalam sample.yaml"))
    else:
        before = len(problems)
        rows = list(_read_rows(path, KINDS[kind], convention, problems))
        if len(problems) == before and entry.get("rows") not in (None, len(rows)):
            expected = f"{entry['rows']} baris data (sample.yaml)"
            problems.append(Problem(name, 0, "", f"Berkas berisi {len(rows)} baris data.", expected))
    table = SampleTable(name, kind, entry["table"], entry["title"], entry, rows)
    problems.extend(duplicates(table))
    return table


def _read_rows(path: Path, columns: dict[str, str], convention: Convention, problems: list[Problem]) -> Iterator[Row]:
    lined = _read_lines(path, problems)
    if lined is None:
        return
    head_line, header = lined[0] if lined else (1, [])
    missing = [column for column in columns if column not in header]
    if missing:
        found = f"Kolom tidak ada: {', '.join(missing)}."
        problems.append(Problem(path.name, head_line, "", found, "kepala kolom " + ", ".join(columns)))
        return
    seen: dict[tuple[str, ...], int] = {}
    # Of the numbers only the first wrong one is told: whatever shifted it has shifted all that follow.
    number: int | None = 1
    for line, cells in lined[1:]:
        row = Row(line, dict(zip(header, cells, strict=False)), convention)
        if len(cells) != len(header):
            found = f"Baris berisi {len(cells)} sel."
            problems.append(Problem(path.name, line, "", found, f"{len(header)} sel seperti kepala kolom"))
        elif (first := seen.setdefault(tuple(cells), line)) != line:
            found = f"Baris ini sama dengan baris {first}."
            problems.append(Problem(path.name, line, "", found, "setiap baris tercetak satu kali"))
            continue
        else:
            wrong = number is not None and row["baris"] != str(number)
            problems.extend(_check_row(path.name, row, columns, number if wrong else None))
            number = None if wrong or number is None else number + 1
            yield row


def _read_lines(path: Path, problems: list[Problem]) -> list[tuple[int, list[str]]] | None:
    """The lines of a table after its comment, each with its number in the file; None where it is no such table."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        problems.append(Problem(path.name, 0, "", "Berkas bukan teks UTF-8.", "CSV UTF-8, bukan berkas Excel"))
        return None
    except OSError:
        problems.append(Problem(path.name, 0, "", "Berkas tidak dapat dibaca.", "berkas yang boleh dibaca"))
        return None
    skipped = 1 if lines and lines[0].startswith("#") else 0
    reader = csv.reader(lines[skipped:], strict=True)
    try:
        return [(skipped + reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        line = skipped + reader.line_num
        if "field larger" in str(error):
            problem = Problem(path.name, line, "", "Sel terlalu panjang.", f"paling banyak {LARGEST_CELL} huruf")
        else:
            message = "Baris tidak terbaca sebagai CSV."
            problem = Problem(path.name, line, "", message, "tanda petik yang berpasangan")
        problems.append(problem)
        return None


def _check_row(name: str, row: Row, columns: dict[str, str], number: int | None) -> Iterator[Problem]:
    """The problems of the cells; `number` is what `baris` should be where that is not what stands there."""
    if number is not None:
        yield Problem(name, row.line, "baris", f'Nomor baris "{row["baris"]}".', f"{number}, nomor urut baris tercetak")
    for column, kind in columns.items():
        problem = _check_cell(row, column, kind)
        if problem:
            yield Problem(name, row.line, column, *problem)


def _check_cell(row: Row, column: str, kind: str) -> tuple[str, str] | None:
    """What is wrong with a cell and what is expected, or None. One branch per cell type of `kinds`."""
    cell = row[column]
    closed = {"layanan": layanan_kode, "unsur": unsur_kode}
    words = closed[kind]() if kind in closed else _WORDS.get(kind)
    if kind in ("wajib", "kunci", "unsur") and not cell:
        return "Sel kosong.", "isi"
    if words is not None and cell and cell not in words:
        return f'Isi "{cell}" tidak dikenal.', "salah satu dari " + ", ".join(sorted(words))
    longest = _LONGEST.get(kind)
    if longest and len(cell) > longest:
        return f"Isi {len(cell)} huruf, terlalu panjang.", f"paling banyak {longest} huruf"
    try:
        if kind in ("rupiah", "cacah"):
            row.rupiah(column)
        elif kind == "angka":
            row.angka(column)
        elif kind == "target":
            parse_target(cell, row.convention)
        elif kind == "realisasi":
            parse_realisasi(cell, row.convention)
        elif kind == "nrr":
            read_mean(cell)
    except (NumberFormatError, TargetFormatError) as error:
        return str(error), _EXPECTED.get(kind, "angka, mis. 1.234,5")
    return None


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".yaml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
