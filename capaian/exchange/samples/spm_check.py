"""What a row of an SPM table cannot know of itself: a reading that its mark denies, two sizes of one group, a unit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from capaian.exchange.samples.problem import Problem
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.spm.standar import standar_of

# Every standard names the same twelve services and groups; the newest also the staff and goods.
_NEWEST = 2024
_SDM = "sdm."


class Reading(NamedTuple):
    """The columns of one figure of a damaged scan: its text, what was read, and the mark that says how well."""

    text: str
    value: str
    mark: str


READINGS: dict[str, tuple[Reading, ...]] = {
    "spm_program": (Reading("target_tercetak", "target", "terbaca"),),
    "spm_tercetak": (Reading("tercetak", "nilai", "terbaca"),),
    "spm_target": (
        Reading("bobot_penerima_tercetak", "bobot_penerima", "terbaca_penerima"),
        Reading("bobot_mutu_tercetak", "bobot_mutu", "terbaca_mutu"),
    ),
    "spm_alokasi": (Reading("alokasi_tercetak", "alokasi", "terbaca"),),
    "spm_monev": (Reading("realisasi_tercetak", "realisasi", "terbaca"),),
}
_OF_SERVICE = ("spm_layanan", "spm_program", "spm_target", "spm_alokasi", "spm_monev")


@cache
def layanan_kode() -> frozenset[str]:
    """The kode of the twelve services."""
    return frozenset(one.kode for one in standar_of(_NEWEST).layanan)


@cache
def _butir_kode() -> frozenset[str]:
    standar = standar_of(_NEWEST)
    return frozenset(one.kode for one in standar.butir) | {f"{_SDM}{one.kode}" for one in standar.profesi}


def check_spm(manifest: dict[str, Any], tables: list[SampleTable]) -> Iterator[Problem]:
    """Every problem of the SPM tables of a sample."""
    units = {unit["kunci"] for unit in manifest["units"]}
    for table in tables:
        unit = table.options.get("unit")
        if unit is not None and unit not in units:
            message = f'Unit "{unit}" pada {table.file} tidak didaftarkan.'
            yield Problem("sample.yaml", 0, "files.unit", message, ", ".join(sorted(units)))
        if table.kind == "spm_layanan" and not table.options.get("tabel_persen"):
            message = f"Tabel yang mencetak persen kedua belum disebut pada {table.file}."
            yield Problem("sample.yaml", 0, "files.tabel_persen", message, "misalnya Tabel 3.4")
        for row in table.rows:
            yield from _row(table, row)
        yield from _two_sizes(table)


def _row(table: SampleTable, row: Row) -> Iterator[Problem]:
    if table.kind in _OF_SERVICE and row["jenis"] != "jumlah" and not row["layanan"]:
        yield Problem(table.file, row.line, "layanan", "Sel kosong.", ", ".join(sorted(layanan_kode())))
    if row["butir"] and row["butir"] not in _butir_kode():
        message = f'Butir mutu "{row["butir"]}" tidak dikenal.'
        yield Problem(table.file, row.line, "butir", message, f"butir standar teknis, atau {_SDM}<profesi>")
    for reading in READINGS.get(table.kind, ()):
        yield from _reading(table, row, reading)


def _reading(table: SampleTable, row: Row, reading: Reading) -> Iterator[Problem]:
    """A figure is read where it is marked legible, and nowhere else: a damaged one is not guessed."""
    text, value, mark = (row[name] for name in reading)
    if bool(text) != bool(mark) and not (text and not any(map(str.isdigit, text))):
        yield Problem(table.file, row.line, reading.mark, "Tanda keterbacaan dan teks tidak sepasang.", "keduanya")
    if bool(value) != (mark == "terbaca"):
        message = f'Bacaan "{value}" bertanda "{mark}".'
        expected = "bacaan bila bertanda terbaca, sel kosong bila ragu atau tidak_terbaca"
        yield Problem(table.file, row.line, reading.value, message, expected)


def _two_sizes(table: SampleTable) -> Iterator[Problem]:
    """Services that share a denominator (ibu hamil and ibu bersalin) state one size of it."""
    if table.kind != "spm_layanan":
        return
    standar = standar_of(_NEWEST)
    seen: dict[tuple[str, str], Row] = {}
    for row in table.rows:
        if not row["layanan"]:
            continue
        kelompok = standar.find(row["layanan"]).kelompok
        first = seen.setdefault((kelompok, row["sumber"]), row)
        if first["sasaran"] != row["sasaran"]:
            message = f"Sasaran {kelompok} lain daripada baris {first.line} ({first['sasaran']})."
            yield Problem(table.file, row.line, "sasaran", message, "satu angka dari satu sumber")
