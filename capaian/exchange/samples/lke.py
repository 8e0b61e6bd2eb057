"""From printed tables to evaluations of AKIP: values, grades and recommendations. Pure: rows for `assessments.sync`.

The file entry of such a table names under `evaluasi` the two years and the pack of the worksheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from capaian.assessments.actions_tingkat import Printed
from capaian.assessments.sync import PrintedEvaluation
from capaian.exchange.samples.tables import Row, Sample, SampleTable
from capaian.rules.instrumen.hasil import weight_of
from capaian.rules.instrumen.model import Kelompok
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.numbers import HUNDRED, divide, format_number

# The quarter that a yearly report speaks of.
_YEAR_END = 4
_DONE = "sudah "


def evaluations(sample: Sample) -> list[PrintedEvaluation]:
    """The evaluations that the tables of a sample state."""
    found = []
    for table in sample.of_kind("lhe", "akip_komponen"):
        stated = table.options.get("evaluasi")
        if stated:
            found.append(_evaluation(sample, table, stated))
    return found


def _evaluation(sample: Sample, table: SampleTable, stated: Mapping[str, Any]) -> PrintedEvaluation:
    pack = str(stated["pack"])
    values, remarks = _graded(table, pack) if table.kind == "lhe" else (_points(table, pack), {})
    printed = Printed(
        sumber=f"{sample.document}, {table.table}.",
        tahun_evaluasi=int(stated["tahun_evaluasi"]),
        values=values,
        remarks=remarks,
    )
    rows = list(_rekomendasi(sample, table, pack)) if table.kind == "lhe" else []
    return PrintedEvaluation(int(stated["tahun_kinerja"]), pack, printed, rows)


def component_kode(pack: str, nama: str) -> str:
    """The kode of the component that begins with the same word as a printed name; empty where there is none."""
    first = nama.casefold().split()[0]
    return next((one.kode for one in _components(pack) if one.nama.casefold().split()[0] == first), "")


def _components(pack: str) -> list[Kelompok]:
    return [one for one in load_instrumen(pack).akar.isi if isinstance(one, Kelompok)]


def _points(table: SampleTable, pack: str) -> dict[str, str]:
    """The printed values of components; one that the worksheet has not, or without a figure, is none."""
    pairs = ((component_kode(pack, row["komponen"]), row.angka("nilai")) for row in table.rows)
    return {kode: format_number(points) for kode, points in pairs if kode and points is not None}


def _graded(table: SampleTable, pack: str) -> tuple[dict[str, str], dict[str, str]]:
    """The grades of the sub-components, in printed order below their component, and what is odd about one."""
    values: dict[str, str] = {}
    remarks: dict[str, str] = {}
    for component, head, parts in _heads(table, pack):
        children = [one for one in component.isi if isinstance(one, Kelompok)]
        for number, (child, row) in enumerate(zip(children, parts, strict=True)):
            points = row.angka("nilai") or Decimal(0)
            if points > weight_of(child):
                others = [other.angka("nilai") or Decimal(0) for place, other in enumerate(parts) if place != number]
                rest = (head.angka("nilai") or Decimal(0)) - sum(others, Decimal(0))
                remarks[child.kode] = (
                    f"Tercetak {row['nilai']}, melebihi bobot {format_number(weight_of(child))}; dibaca "
                    f"{format_number(rest)}, yaitu nilai komponen dikurangi subkomponen lain."
                )
                points = rest
            values[child.kode] = _grade(child, points)
    return values, remarks


def _grade(group: Kelompok, points: Decimal) -> str:
    """The grade that gives these points, else the points themselves."""
    share = divide(points * HUNDRED, weight_of(group))
    return next((one.kode for one in group.pilihan if one.nilai == share), format_number(points))


def _heads(table: SampleTable, pack: str) -> Iterator[tuple[Kelompok, Row, list[Row]]]:
    """Each component with its own row and the rows below it."""
    groups = load_instrumen(pack).groups
    for head in table.rows:
        kode = component_kode(pack, head["komponen"])
        if head["jenis"] == "komponen" and kode:
            same = [row for row in table.rows if row["komponen"] == head["komponen"] and row["jenis"] != "komponen"]
            yield groups[kode], head, same


def _rekomendasi(sample: Sample, table: SampleTable, pack: str) -> Iterator[dict[str, Any]]:
    """The recommendations with what the report of the year says was done; "Sudah …" says that it is."""
    number = 0
    for component, head, _ in _heads(table, pack):
        if not head["rekomendasi"]:
            continue
        number += 1
        said = head["status"]
        done = said.casefold().startswith(_DONE)
        report = {"tahun": sample.tahun, "triwulan": _YEAR_END, "status": "selesai" if done else "proses",
                  "uraian": said}  # fmt: skip
        yield {
            "urutan": number,
            "kelompok": component.kode,
            "hasil": f"{component.nama} memperoleh nilai {head['nilai']} atau {head['persen_tercetak']}%.",
            "uraian": head["rekomendasi"],
            "rencana_aksi": head["rencana_aksi"],
            "waktu": head["waktu"],
            "tindak_lanjut": report if said else None,
        }
