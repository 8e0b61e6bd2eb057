"""`capaian instrumen`: which instruments the packs hold, and what is doubtful about one of them or about a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from capaian.cli.errors import BadUse, UserError, unreadable
from capaian.rules.instrumen.linter import Temuan, lint
from capaian.rules.instrumen.model import Instrumen, InstrumenError
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.store import list_instrumen, load_instrumen

WORDS = {"material": "penting", "minor": "kecil"}
# An instrument is some thousand lines; what is larger is something else.
MOST_BYTES = 5_000_000


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("instrumen", help="instrumen penilaian: daftar, dan periksa yang meragukan")
    actions = parser.add_subparsers(dest="tindakan", required=True, metavar="TINDAKAN")
    listed = actions.add_parser("daftar", help="instrumen yang dibawa paket")
    listed.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    listed.set_defaults(run=run_list)
    checked = actions.add_parser("periksa", help="celah, tumpang tindih, dan pertentangan sebuah instrumen")
    checked.add_argument("instrumen", help="paket, mis. pkp/pati_800_0022, atau berkas .yaml")
    checked.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    checked.set_defaults(run=run_lint)


def run_list(options: argparse.Namespace) -> int:
    rows = [(pack_id, load_instrumen(pack_id)) for pack_id in list_instrumen()]
    if options.json:
        print(json.dumps([_described(pack_id, one) for pack_id, one in rows], ensure_ascii=False))
        return 0
    width = max(len(pack_id) for pack_id, _ in rows)
    for pack_id, one in rows:
        print(f"{pack_id.ljust(width)}  {len(one.items):>4} butir  {one.nama}")
    return 0


def run_lint(options: argparse.Namespace) -> int:
    """1 says that something doubtful was found, or that the file is no usable instrument."""
    findings = lint(_read(options.instrumen))
    if options.json:
        print(json.dumps([_to_dict(one) for one in findings], ensure_ascii=False))
        return 1 if findings else 0
    for one in findings:
        print(f"[{WORDS[one.severity]}] {one.place}\n  {one.message}\n  {one.remedy} ({one.rule})")
    material = sum(one.severity == "material" for one in findings)
    print(f"{len(findings)} temuan: {material} penting, {len(findings) - material} kecil." if findings
          else "Tidak ada yang meragukan.")  # fmt: skip
    return 1 if findings else 0


def _read(name: str) -> Instrumen:
    """The instrument of a pack, or of a file. Raises `BadUse` for neither, `UserError` for what cannot be used."""
    try:
        if name in list_instrumen():
            return load_instrumen(name)
        return read_instrumen(_file(Path(name)))
    except InstrumenError as error:
        problems = "\n".join(f"  - {one}" for one in error.problems)
        raise UserError(f"{name} belum dapat dipakai:\n{problems}") from error


def _file(path: Path) -> Mapping[str, Any]:
    if not path.suffix:
        raise BadUse(f'Paket "{path}" tidak memuat instrumen. Yang ada: {", ".join(list_instrumen())}.')
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadUse(f"{path} terlalu besar untuk sebuah instrumen (lebih dari 5 MB).")
        found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise BadUse(f"{path} {unreadable(error)}. Yang dibaca ialah YAML UTF-8.") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise UserError(f"{path} bukan YAML yang dapat dibaca{f' (baris {mark.line + 1})' if mark else ''}.") from error
    return found


def _described(pack_id: str, one: Instrumen) -> dict[str, Any]:
    return {"paket": pack_id, "kunci": one.kunci, "nama": one.nama, "keluarga": one.keluarga, "butir": len(one.items)}


def _to_dict(one: Temuan) -> dict[str, str]:
    return {
        "aturan": one.rule, "tingkat": WORDS[one.severity], "kode": one.kode, "tabel": one.tabel, "nomor": one.nomor,
        "nama": one.nama, "pesan": one.message, "tindakan": one.remedy,
    }  # fmt: skip
