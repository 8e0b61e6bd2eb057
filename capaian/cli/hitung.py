"""`capaian hitung FILE.csv`: the capaian of each row of a CSV file, with its trace; bad rows do not stop good ones."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capaian.cli.errors import UserError
from capaian.rules.capaian import Capaian, CapaianRule, compute_capaian
from capaian.rules.numbers import NumberFormatError
from capaian.rules.packs import Pack, load_pack
from capaian.rules.target import TargetFormatError

REQUIRED = ("target", "realisasi", "arah")
COLUMNS = (*REQUIRED, "rumus", "satuan", "desimal")
RESULTS = ("persen_capaian", "kategori", "status", "jejak")
PACK = "capaian/permendagri_86_2017"


@dataclass(frozen=True)
class Computed:
    """One row of the file: its line, its cells, and the result or what is wrong with it."""

    line: int
    cells: dict[str, str]
    result: Capaian | None
    error: str = ""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("hitung", help="hitung capaian setiap baris berkas CSV")
    parser.add_argument("file", type=Path, help="CSV dengan kolom " + ", ".join(COLUMNS))
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON, dengan jejak lengkap")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    rows = list(compute_rows(options.file))
    if options.json:
        print(json.dumps([_to_dict(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([*COLUMNS, *RESULTS])
        for row in rows:
            if row.result:
                writer.writerow([*(row.cells.get(name, "") for name in COLUMNS), *_cells(row.result)])
    failed = [row for row in rows if row.error]
    for row in failed:
        print(f"baris {row.line}: {row.error}", file=sys.stderr)
    return 1 if failed else 0


def compute_rows(path: Path) -> Iterator[Computed]:
    """Compute every row of a file; numbers in it follow the Indonesian convention unless they say otherwise."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} tidak dapat dibaca sebagai CSV UTF-8 ({error}).") from error
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        raise UserError(f"{path}: kolom {', '.join(missing)} tidak ada. Kolom yang dibaca: {', '.join(COLUMNS)}.")
    pack = load_pack(PACK)
    try:
        for cells in reader:
            yield _compute(reader.line_num, {key: value or "" for key, value in cells.items() if key}, pack)
    except csv.Error as error:
        yield Computed(reader.line_num + 1, {}, None, f"Tidak terbaca sebagai CSV ({error}); sisanya tidak dihitung.")


def _compute(line: int, cells: dict[str, str], pack: Pack) -> Computed:
    arah = cells["arah"].strip().lower()
    try:
        rule = CapaianRule(
            arah=arah,  # type: ignore[arg-type]  # the rule itself refuses an unknown word
            rumus=cells.get("rumus", "").strip().lower() or ("rasio" if arah == "naik" else "selisih"),  # type: ignore[arg-type]
            desimal=int(cells.get("desimal", "").strip() or 2),
        )
        return Computed(line, cells, compute_capaian(cells["target"], cells["realisasi"], rule, pack))
    except (NumberFormatError, TargetFormatError, ValueError) as error:
        return Computed(line, cells, None, str(error))


def _cells(result: Capaian) -> list[str]:
    persen = "" if result.tampil is None else str(result.tampil).replace(".", ",")
    jejak = " → ".join(f"{step.formula} = {step.result}" for step in result.trace.steps)
    return [persen, result.kategori or "", result.status, jejak]


def _to_dict(row: Computed) -> dict[str, Any]:
    if row.result is None:
        return {"baris": row.line, **row.cells, "kesalahan": row.error}
    result = row.result
    return {
        "baris": row.line,
        **row.cells,
        "persen_capaian": None if result.tampil is None else str(result.tampil),
        "kategori": result.kategori,
        "status": result.status,
        "catatan": list(result.catatan),
        "jejak": result.trace.to_dict(),
    }
