"""`capaian check SAMPLE`: each printed figure of a document beside ours."""

from __future__ import annotations

import argparse
import json

from django.utils import timezone

from capaian.exchange.fidelity.check import check_sample, render_text, to_json
from capaian.exchange.samples.reader import read_sample


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("check", help="bandingkan figura tercetak dengan hasil hitung")
    parser.add_argument("sample", help="nama contoh, mis. balangan_2024, atau folder dengan sample.yaml")
    parser.add_argument("--json", action="store_true", help="semua figura sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the comparison; exit code 1 when a figure differs."""
    figures = check_sample(read_sample(options.sample, today=timezone.localdate()))
    print(json.dumps(to_json(figures), ensure_ascii=False, indent=1) if options.json else render_text(figures))
    return 1 if any(figure.status == "beda" for figure in figures) else 0
