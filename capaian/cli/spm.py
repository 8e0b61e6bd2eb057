"""`capaian spm INSTANSI TAHUN`: the twelve services of an office or of one of its units, as a table or as data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from capaian.cli.errors import BadUse
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import format_number
from capaian.rules.spm.standar import Standar
from capaian.spm.actions import compute_spm
from capaian.spm.models import CapaianSpm
from capaian.spm.queries import spm_rules, stored_capaian

_HEAD = ("Jenis pelayanan", "Sasaran", "Terlayani", "Penerima %", "Mutu %", "IP SPM", "Kategori")
_TEXT_COLUMNS = (0, 6)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("spm", help="capaian SPM instansi atau satu Puskesmas")
    parser.add_argument("instansi", help="kunci instansi, mis. bekasi")
    parser.add_argument("tahun", type=int)
    parser.add_argument("--tw", type=int, default=0, choices=range(5), metavar="1-4", help="sampai akhir triwulan")
    parser.add_argument("--unit", default="", metavar="KUNCI", help="satu Puskesmas; tanpa ini seluruh instansi")
    parser.add_argument("--hitung", action="store_true", help="hitung kembali seluruh instansi lebih dahulu")
    parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Nothing is reckoned here: what is shown is what the site shows. 1 says that a service has no figure."""
    year = TahunKinerja.objects.filter(instansi__kunci=options.instansi, tahun=options.tahun).first()
    if year is None:
        raise BadUse(f"Tidak ada data {options.instansi} tahun {options.tahun}; muat dahulu dengan `capaian load`.")
    unit = _unit(year, options.unit) if options.unit else None
    if options.hitung:
        compute_spm(by=None, tahun_kinerja=year)
    standar = spm_rules(year).standar
    found = stored_capaian(year, options.tw).get(unit.pk if unit else None, {})
    if options.json:
        print(json.dumps([_to_dict(standar, kode, row) for kode, row in _rows(standar, found)], ensure_ascii=False))
    else:
        _print_table(standar, found)
    return 0 if len(found) == len(standar.layanan) else 1


def _unit(year: TahunKinerja, kunci: str) -> UnitKerja:
    unit = year.instansi.unit_kerja.filter(kunci=kunci).first()
    if unit is None:
        known = year.instansi.unit_kerja.filter(jenis=UnitKerja.Jenis.PUSKESMAS).values_list("kunci", flat=True)[:5]
        example = f"Yang ada misalnya {', '.join(known)}." if known else "Instansi ini belum mempunyai Puskesmas."
        raise BadUse(f'Unit "{kunci}" tidak ada pada {year.instansi.kunci}. {example}')
    return unit


def _rows(standar: Standar, found: Mapping[str, CapaianSpm]) -> Iterator[tuple[str, CapaianSpm | None]]:
    return ((one.kode, found.get(one.kode)) for one in standar.layanan)


def _to_dict(standar: Standar, kode: str, row: CapaianSpm | None) -> dict[str, Any]:
    names = ("sasaran", "terlayani", "penerima", "mutu", "indeks", "kategori", "unit_dihitung", "unit_total")
    values = {name: getattr(row, name) if row else None for name in (*names, "catatan", "dasar")}
    plain = {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {"layanan": kode, "nama": standar.find(kode).nama, **plain}


def _print_table(standar: Standar, found: Mapping[str, CapaianSpm]) -> None:
    labels = {band.kode or "": band.label for band in standar.penerapan.scale("kategori").bands}
    table = [_HEAD, *(_cells(standar, labels, kode, row) for kode, row in _rows(standar, found))]
    widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
    for row in table:
        cells = (
            cell.ljust(width) if column in _TEXT_COLUMNS else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
    counted = next(((row.unit_dihitung, row.unit_total) for row in found.values() if row.unit_total), None)
    if counted:
        print("Gabungan laporan yang terverifikasi dari {} di antara {} Puskesmas.".format(*counted))


def _cells(standar: Standar, labels: Mapping[str, str], kode: str, row: CapaianSpm | None) -> tuple[str, ...]:
    name = standar.find(kode).nama_pendek
    if row is None:
        return (name, "", "", "", "", "", "belum dilaporkan")
    percents = (_number(value, 2) for value in (row.penerima, row.mutu, row.indeks))
    return (name, _number(row.sasaran), _number(row.terlayani), *percents, labels.get(row.kategori, ""))


def _number(value: Decimal | int | None, decimals: int = 0) -> str:
    return "" if value is None else format_number(value, decimals)
