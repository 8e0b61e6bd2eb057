"""SPM: coverage from served and sasaran, weights, allocations and monev; what a damaged scan leaves open is said so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.exchange.fidelity.cells import Cell, amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare, not_computed, restate
from capaian.exchange.samples.spm_check import READINGS
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.kesehatan import compute_rate
from capaian.rules.numbers import HUNDRED, format_number
from capaian.rules.spm.standar import standar_of

_MARKS = {"ragu": "angka tercetak meragukan", "tidak_terbaca": "angka tercetak rusak"}
_COVERAGE = "terlayani ÷ sasaran × 100"
_SUM = "Σ alokasi"
# Where a document that explains its indicators has printed the figures of a service before.
_FIRST_PRINTED = {
    "sasaran": ("penjelasan", "penyebut"),
    "terlayani": ("penjelasan", "pembilang"),
    "persen_tercetak": ("penjelasan", "hasil_tercetak"),
    "persen_tabel_tercetak": ("indikator_program", "realisasi"),
}


def layanan_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Each figure of a service against the table that prints it first, else the percentages against ours."""
    for row in table.rows:
        value = compute_rate(row.cacah("terlayani"), row.cacah("sasaran")).nilai
        inputs = {"terlayani": row["terlayani"], "sasaran": row["sasaran"]}
        for column, (kind, name) in _FIRST_PRINTED.items():
            cell = context.cell(table, row, column)
            source = _by_name(context, kind, name, row["nama"])
            if source is not None:
                yield from restate(cell, source, f"sama dengan {source.place}")
            elif column.endswith("_tercetak"):
                other = f"kontradiksi dengan {table.table}"
                yield from compare(cell, value, _COVERAGE, inputs, unexplained=other)


def unread_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The figures of which nothing is certain, each with what is known of it; fragments of a form are none."""
    for row in table.rows:
        is_figure = row["jenis"] != "jumlah" and (table.kind != "spm_tercetak" or row["besaran"])
        for text, _, mark in READINGS[table.kind] if is_figure else ():
            if row[mark] in _MARKS:
                said = _MARKS[row[mark]]
                reason = f"{said}: {row['keterangan']}" if row["keterangan"] else said
                yield from not_computed(context.cell(table, row, text), reason)


def monev_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The realisasi of a service against the percentage that a form prints of it."""
    for row in table.rows:
        yield from _same(context, context.cell(table, row, "realisasi"), "persen_penerima")


def alokasi_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Each allocation against the form that repeats it; the total against its rows where all can be read."""
    for row in table.rows:
        if row["jenis"] == "jumlah":
            yield from _total(context, table, row)
        else:
            yield from _same(context, context.cell(table, row, "alokasi"), "alokasi")


def target_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The weights of recipients and quality against those of the index."""
    pack = standar_of(context.sample.tahun).penerapan
    for row in table.rows:
        for name in ("bobot_penerima", "bobot_mutu"):
            weight = pack.number(name) * HUNDRED
            yield from compare(context.cell(table, row, name), weight, f"bobot indeks ({pack.instrumen})", {})


def _same(context: Context, cell: Cell, besaran: str) -> Iterator[Figure]:
    """A readable figure against the same one of a service on a printed form."""
    for table in context.sample.of_kind("spm_tercetak") if cell.text else ():
        for row in table.rows:
            if (row["besaran"], row["layanan"]) == (besaran, cell.row["layanan"]) and row["nilai"]:
                source = context.cell(table, row, "nilai")
                yield from restate(cell, source, f"sama dengan {source.place}")


def _by_name(context: Context, kind: str, column: str, nama: str) -> Cell | None:
    rows = ((table, row) for table in context.sample.of_kind(kind) for row in table.rows)
    return next((context.cell(table, row, column) for table, row in rows if row["indikator"] == nama), None)


def _total(context: Context, table: SampleTable, row: Row) -> Iterator[Figure]:
    parts = [other for other in table.rows if other["jenis"] != "jumlah"]
    read = [value for other in parts if (value := amount(other, "alokasi")) is not None]
    total = sum(read, Decimal(0))
    if row["alokasi"] and len(read) == len(parts):
        inputs = {other["layanan"]: other["alokasi"] for other in parts}
        yield from compare(context.cell(table, row, "alokasi"), total, _SUM, inputs, tipe="uang")
        return
    reason = (
        f"tidak dapat dicocokkan: {len(read)} dari {len(parts)} baris terbaca, berjumlah {format_number(total)}; "
        f"jumlah tercetak {'terbaca' if row['alokasi'] else 'rusak'}"
    )
    yield from not_computed(context.cell(table, row, "alokasi_tercetak"), reason, _SUM)
