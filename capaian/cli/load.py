"""`capaian load SAMPLE`: a sample folder into the database, all or nothing."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.utils import timezone

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("load", help="muat contoh data (nama contoh atau folder)")
    parser.add_argument("sample", help="nama contoh, mis. balangan_2024, atau folder dengan sample.yaml")
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    sample = read_sample(options.sample, today=timezone.localdate())
    batch = load_sample(sample=sample, by=None)
    if options.json:
        print(json.dumps({"sample": sample.name, "rows": batch.rows, "checksum": batch.checksum, **batch.changes}))
    else:
        print(f"{sample.document}: {batch.rows} baris dibaca, {describe(batch.changes)}.")
        for warning in batch.warnings:
            print(f"temuan: {warning['message']}")
    return 0


def describe(changes: dict[str, Any]) -> str:
    """The counts of a load in words."""
    if not (changes["created"] or changes["changed"] or changes["removed"]):
        return "tidak ada yang berubah"
    return f"{changes['created']} dibuat, {changes['changed']} diubah, {changes['removed']} dihapus"
