"""`capaian load SAMPLE`: a sample folder, or a generated district, into the database, all or nothing."""

from __future__ import annotations

import argparse
import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.exchange.simulation.load import load_simulation
from capaian.exchange.simulation.people import create_accounts

SIMULATION = "simulasi"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("load", help="muat contoh data (nama contoh atau folder)")
    parser.add_argument("sample", help="nama contoh, mis. balangan_2024, atau folder dengan sample.yaml")
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    generated = parser.add_argument_group(f"hanya untuk {SIMULATION}, kabupaten yang dibangkitkan")
    generated.add_argument("--puskesmas", type=int, default=24, metavar="N", help="banyaknya Puskesmas, 1 sampai 100")
    generated.add_argument("--tahun", type=int, default=2024, help="tahun kinerja")
    generated.add_argument("--seed", type=int, default=1, help="benih angka: benih yang sama memberi data yang sama")
    generated.add_argument("--kosong", action="store_true", help="tanpa realisasi, untuk uji beban")
    generated.add_argument("--akun", action="store_true", help="akun setiap unit, dengan sandi peragaan")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.sample == SIMULATION:
        return _run_simulation(options)
    sample = read_sample(options.sample, today=timezone.localdate())
    batch = load_sample(sample=sample, by=None)
    if options.json:
        print(json.dumps({"sample": sample.name, "rows": batch.rows, "checksum": batch.checksum, **batch.changes}))
    else:
        print(f"{sample.document}: {batch.rows} baris dibaca, {describe(batch.changes)}.")
        for warning in batch.warnings:
            print(f"temuan: {warning['message']}")
    return 0


def _run_simulation(options: argparse.Namespace) -> int:
    year, result = load_simulation(
        by=None,
        puskesmas=options.puskesmas,
        tahun=options.tahun,
        seed=options.seed,
        today=timezone.localdate(),
        with_quarters=not options.kosong,
    )
    accounts = create_accounts(by=None, tahun_kinerja=year) if options.akun else 0
    changes = result.to_dict()
    if options.json:
        print(
            json.dumps(
                {
                    "sample": SIMULATION,
                    "instansi": year.instansi.kunci,
                    "tahun": year.tahun,
                    "akun": accounts,
                    **changes,
                }
            )
        )
    else:
        print(f"{year.instansi.singkatan}, /{year.instansi.kunci}/{year.tahun}/: {describe(changes)}.")
        if options.akun:
            print(f"{accounts} akun dibuat, sandi semuanya {settings.DEMO_PASSWORD}.")
    return 0


def describe(changes: dict[str, Any]) -> str:
    """The counts of a load in words."""
    if not (changes["created"] or changes["changed"] or changes["removed"]):
        return "tidak ada yang berubah"
    return f"{changes['created']} dibuat, {changes['changed']} diubah, {changes['removed']} dihapus"
