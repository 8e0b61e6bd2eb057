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

from capaian.cli.errors import BadUse, UserError, unreadable
from capaian.rules.capaian import Capaian, CapaianRule, compute_capaian, default_rumus, implied_arah
from capaian.rules.numbers import NumberFormatError, format_number
from capaian.rules.packs import Pack, load_pack
from capaian.rules.target import parse_target

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
    except (OSError, UnicodeError) as error:
        raise BadUse(f"{path} {unreadable(error)}. Yang dibaca ialah CSV UTF-8.") from error
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    rows = _rows(csv.reader(lines, delimiter=delimiter))
    _, header = next(rows, (1, []))
    missing = [name for name in REQUIRED if name not in (header or [])]
    if missing or header is None:
        raise UserError(f"{path}: kolom {', '.join(missing)} tidak ada. Kolom yang dibaca: {', '.join(COLUMNS)}.")
    pack = load_pack(PACK)
    for line, values in rows:
        if values is None:
            longest = format_number(csv.field_size_limit())
            yield Computed(line, {}, None, f"baris tidak terbaca; sebuah sel paling banyak {longest} huruf.")
        elif values:
            values += [""] * (len(header) - len(values))
            yield _compute(line, dict(zip(header, values, strict=False)), pack)


def _rows(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """The rows with their line in the file; None for a row that the CSV reader gives up, after which it goes on."""
    while True:
        try:
            yield reader.line_num + 1, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None


def _compute(line: int, cells: dict[str, str], pack: Pack) -> Computed:
    try:
        return Computed(line, cells, _capaian(cells, pack))
    except (NumberFormatError, ValueError) as error:
        return Computed(line, cells, None, str(error))


def _capaian(cells: dict[str, str], pack: Pack) -> Capaian:
    """The capaian of a row; its direction may be left out where the form of the target carries it (ya, Paripurna)."""
    target = parse_target(cells["target"])
    arah = cells["arah"].strip().lower() or implied_arah(target)
    if arah is None:
        raise ValueError(f'kolom arah kosong, sedangkan target "{target.text.strip()}" memerlukannya: naik atau turun.')
    rumus = cells.get("rumus", "").strip().lower()
    # The rule itself refuses an unknown word.
    rule = CapaianRule(
        arah=arah,  # type: ignore[arg-type]
        rumus=rumus or default_rumus(target, arah),  # type: ignore[arg-type]
        desimal=_desimal(cells.get("desimal", "").strip()),
    )
    return compute_capaian(target, cells["realisasi"], rule, pack)


def _desimal(text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError(f'kolom desimal berisi "{text}"; isi bilangan bulat 0 sampai 10, atau kosongkan (2).')
    return int(text or 2)


def _cells(result: Capaian) -> list[str]:
    persen = "" if result.tampil is None else str(result.tampil).replace(".", ",")
    steps = [f"{step.formula} = {step.result}" for step in result.trace.steps if step.formula]
    jejak = "; ".join(part for part in (" → ".join(steps), " ".join(result.catatan)) if part)
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
