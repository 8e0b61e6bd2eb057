"""`capaian check SAMPLE`: each printed figure of a document beside ours. `capaian check --audit`: the audit trail."""

from __future__ import annotations

import argparse
import json

from django.utils import timezone

from capaian.cli.errors import BadUse
from capaian.exchange.fidelity.check import check_sample, render_text, to_json
from capaian.exchange.samples.reader import read_sample
from capaian.rules.numbers import format_number
from capaian.workflow.chains import ChainReport, verify_all


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("check", help="bandingkan figura tercetak dengan hasil hitung; periksa jejak audit")
    parser.add_argument("sample", nargs="?", help="nama contoh, mis. balangan_2024, atau folder dengan sample.yaml")
    parser.add_argument("--audit", action="store_true", help="periksa apakah rantai jejak audit masih utuh")
    parser.add_argument("--json", action="store_true", help="semua figura atau rantai sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was compared or verified; exit code 1 when a figure differs or a chain is broken."""
    if bool(options.sample) == options.audit:
        raise BadUse("sebutkan satu: nama contoh, atau --audit untuk memeriksa jejak audit.")
    if options.audit:
        return _check_audit(as_json=options.json)
    figures = check_sample(read_sample(options.sample, today=timezone.localdate()))
    print(json.dumps(to_json(figures), ensure_ascii=False, indent=1) if options.json else render_text(figures))
    return 1 if any(figure.status == "beda" for figure in figures) else 0


def _check_audit(*, as_json: bool) -> int:
    reports = list(verify_all())
    if as_json:
        print(json.dumps([_facts(report) for report in reports], ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(_line, reports)) or "Belum ada jejak audit.")
    return 0 if all(report.is_whole for report in reports) else 1


def _facts(report: ChainReport) -> dict[str, object]:
    return {
        "chain": report.name,
        "length": report.length,
        "head": report.head,
        "whole": report.is_whole,
        "problem": report.problem,
    }


def _line(report: ChainReport) -> str:
    length = format_number(report.length)
    if report.is_whole:
        return f"{report.name}: utuh, {length} entri, sidik akhir {report.head}"
    return f"{report.name}: TIDAK UTUH sesudah {length} entri. {report.problem}"
