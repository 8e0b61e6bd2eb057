"""`capaian report KIND INSTANSI TAHUN`: a document of an office year as a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from capaian.cli.errors import BadUse
from capaian.organisations.models import TahunKinerja
from capaian.reports.build import build_document, render
from capaian.reports.models import ReportVersion

FORMATS = ("docx", "pdf", "xlsx", "html", "txt")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("report", help="buat dokumen")
    parser.add_argument(
        "kind", choices=ReportVersion.Jenis.values, metavar="KIND", help=", ".join(ReportVersion.Jenis.values)
    )
    parser.add_argument("instansi", help="kunci instansi, mis. balangan")
    parser.add_argument("tahun", type=int)
    parser.add_argument("--tw", "--triwulan", type=int, default=0, choices=range(5), metavar="1-4", help="triwulan")
    parser.add_argument("--unit", default="", metavar="KUNCI", help="satu unit (SPM, PKP, SKM), mis. puskesmas_a")
    parser.add_argument("--format", default="docx,pdf", help=", ".join(FORMATS) + " (dipisah koma)")
    parser.add_argument("--out", type=Path, default=settings.OUT_DIR, help="folder tujuan")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    formats = options.format.split(",")
    if unknown := [name for name in formats if name not in FORMATS]:
        raise BadUse(f"Format {', '.join(unknown)} tidak dikenal; pilih {', '.join(FORMATS)}.")
    year = TahunKinerja.objects.filter(instansi__kunci=options.instansi, tahun=options.tahun).first()
    if year is None:
        raise BadUse(f"Tidak ada data {options.instansi} tahun {options.tahun}; muat dahulu dengan `capaian load`.")
    unit = year.instansi.unit_kerja.filter(kunci=options.unit).first()
    if options.unit and unit is None:
        raise BadUse(f"Tidak ada unit {options.unit} pada {options.instansi}.")
    document = build_document(year, options.kind, options.tw, unit)
    options.out.mkdir(parents=True, exist_ok=True)
    quarter = f"-tw{options.tw}" if options.tw else ""
    for name in formats:
        place = f"{options.instansi}-{options.unit}" if options.unit else options.instansi
        path = options.out / f"{options.kind}-{place}-{options.tahun}{quarter}.{name}"
        path.write_bytes(render(document, name))
        print(path)
    return 0
