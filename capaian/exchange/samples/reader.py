"""Reading a sample folder into checked rows; every problem is collected with its place and what is expected there."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from capaian.exchange.samples.kinds import ARAH, JENIS, KINDS, SIFAT
from capaian.exchange.samples.manifest import check_manifest, check_narasi
from capaian.exchange.samples.problem import Problem, SampleError
from capaian.exchange.samples.tables import SAMPLES_DIR, Convention, Row, Sample, SampleTable
from capaian.exchange.samples.validate import check_tables
from capaian.rules.numbers import NumberFormatError
from capaian.rules.target import TargetFormatError, parse_target

# What the columns of the database hold; other texts differ from table to table, and are checked when they are stored.
_LONGEST = {"kunci": 60, "target": 120, "rupiah": 23, "cacah": 23}


def sample_names() -> list[str]:
    """The samples that ship with Capaian, in the order in which they are loaded."""
    return sorted(path.parent.name for path in SAMPLES_DIR.glob("*/sample.yaml"))


def read_sample(name: str | Path) -> Sample:
    """Read and check a sample by its name or folder. Raises `SampleError` with every problem found."""
    folder = Path(name) if Path(name).is_dir() else SAMPLES_DIR / str(name)
    path = folder / "sample.yaml"
    if not path.is_file():
        known = ", ".join(sample_names())
        raise SampleError(
            [Problem(str(name), 0, "", "Contoh tidak ditemukan.", f"salah satu dari {known}, atau folder")]
        )
    manifest, problems = _read_yaml(path)
    if problems := problems or check_manifest(manifest):
        raise SampleError(problems)
    convention: Convention = manifest.get("convention", "id")
    tables = [_read_table(folder, entry, convention, problems) for entry in manifest["files"]]
    narasi, narasi_problems = _read_yaml(folder / manifest["narasi"])
    problems += narasi_problems or check_narasi(narasi, manifest["narasi"])
    if problems := problems or list(check_tables(manifest, tables, narasi)):
        raise SampleError(problems)
    return Sample(manifest["sample"], manifest["seed"], manifest, tables, narasi, _checksum(folder), convention, folder)


def _read_yaml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    if not path.is_file():
        return {}, [Problem(path.name, 0, "", "Berkas tidak ada.", "berkas yang disebut dalam sample.yaml")]
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
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
    return SampleTable(name, kind, entry["table"], entry["title"], entry, rows)


def _read_rows(path: Path, columns: dict[str, str], convention: Convention, problems: list[Problem]) -> Iterator[Row]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        problems.append(Problem(path.name, 0, "", "Berkas bukan teks UTF-8.", "CSV UTF-8, bukan berkas Excel"))
        return
    skipped = 1 if lines and lines[0].startswith("#") else 0
    reader = csv.reader(lines[skipped:], strict=True)
    try:
        lined = [(skipped + reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        message = f"Baris tidak terbaca sebagai CSV ({error})."
        problems.append(Problem(path.name, skipped + reader.line_num, "", message, "tanda petik yang berpasangan"))
        return
    header = lined[0][1] if lined else []
    missing = [column for column in columns if column not in header]
    if missing:
        found = f"Kolom tidak ada: {', '.join(missing)}."
        problems.append(Problem(path.name, skipped + 1, "", found, "kepala kolom " + ", ".join(columns)))
        return
    for number, (line, cells) in enumerate(lined[1:], start=1):
        row = Row(line, dict(zip(header, cells, strict=False)), convention)
        if len(cells) != len(header):
            found = f"Baris berisi {len(cells)} sel."
            problems.append(Problem(path.name, row.line, "", found, f"{len(header)} sel seperti kepala kolom"))
            continue
        problems.extend(_check_row(path.name, row, columns, number))
        yield row


def _check_row(name: str, row: Row, columns: dict[str, str], number: int) -> Iterator[Problem]:
    for column, kind in columns.items():
        problem = _check_cell(row, column, kind, number)
        if problem:
            yield Problem(name, row.line, column, *problem)


def _check_cell(row: Row, column: str, kind: str, number: int) -> tuple[str, str] | None:
    """What is wrong with a cell and what is expected, or None. One branch per cell type of `kinds`."""
    cell = row[column]
    words = {"arah": ARAH, "sifat": SIFAT, "jenis": JENIS}.get(kind)
    if kind == "baris" and cell != str(number):
        return f'Nomor baris "{cell}".', f"{number}, nomor urut baris tercetak"
    if kind in ("wajib", "kunci") and not cell:
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
    except (NumberFormatError, TargetFormatError) as error:
        expected = {"rupiah": "rupiah bulat, mis. 1.234.567", "target": "target, mis. 95, ≤ 2, 1 : 1000, Paripurna"}
        return str(error), expected.get(kind, "angka, mis. 1.234,5")
    return None


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".yaml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
