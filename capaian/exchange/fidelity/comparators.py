"""Rows of comparators: rates from counts, the health index, provincial totals, and the printed rank."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.exchange.fidelity.cells import amount, short_name
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.kesehatan import compute_indeks_kesehatan, compute_rate, rate_base
from capaian.rules.numbers import NumberFormatError
from capaian.rules.perbandingan import rank

_TOTALS = ("provinsi", "jumlah")


def pembanding_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Everything that a table of comparators prints and its own counts, or those of a sister table, give."""
    for row in table.rows:
        yield from _rate(context, table, row)
        yield from _index(context, table, row)
        yield from _province(context, table, row)
    yield from _ranks(context, table)


def _base(context: Context, kunci: str) -> int | None:
    """Per how many the indicator counts, from the first table whose name or unit says so."""
    texts = (
        f"{row['indikator']} {row['satuan']}"
        for table in context.sample.tables
        for row in table.rows
        if row["kunci"] == kunci
    )
    return next((base for text in texts if (base := rate_base(text))), None)


def rate(context: Context, table: SampleTable, row: Row) -> tuple[Decimal | None, dict[str, str]]:
    """The rate of a row unrounded, and its inputs; the denominator may stand in a sister table of the same areas."""
    base = _base(context, row["kunci"])
    cases, place, denominator = amount(row, "cacah"), short_name(table), row["penyebut"]
    count = amount(row, "penyebut")
    if count is None and cases is not None:
        place, denominator, count = _sister(context, row)
    inputs = {"cacah": row["cacah"], f"penyebut ({place})": denominator, "per": str(base or "")}
    return (compute_rate(cases, count, base).nilai if base else None), inputs


def _rate(context: Context, table: SampleTable, row: Row) -> Iterator[Figure]:
    column = "nilai_tercetak" if row.has("nilai_tercetak") else "nilai"
    value, inputs = rate(context, table, row)
    if value is not None:
        yield from compare(context.cell(table, row, column), value, "cacah ÷ penyebut × per", inputs)


def _sister(context: Context, row: Row) -> tuple[str, str, Decimal | None]:
    for other in context.sample.of_kind("pembanding"):
        for candidate in other.rows:
            if candidate["wilayah"] == row["wilayah"] and candidate["penyebut"]:
                return short_name(other), candidate["penyebut"], amount(candidate, "penyebut")
    return "", "", None


def _index(context: Context, table: SampleTable, row: Row) -> Iterator[Figure]:
    printed = context.cell(table, row, "nilai").read("angka")
    value = compute_indeks_kesehatan(printed.value).nilai if printed and row["nilai"] else None
    cell = context.cell(table, row, "indeks_tercetak")
    yield from compare(cell, value, "(UHH − 20) ÷ (85 − 20) × 100", {"UHH": row["nilai"]})


def _province(context: Context, table: SampleTable, row: Row) -> Iterator[Figure]:
    """The counts of a province from those of its areas, where the table prints them all."""
    parts = [other for other in table.rows if other["jenis"] == "kab_kota"]
    for column in ("cacah", "penyebut"):
        if row["jenis"] in _TOTALS and all(part[column] for part in parts):
            value = sum((amount(part, column) or Decimal(0) for part in parts), Decimal(0))
            inputs = {part["wilayah"]: part[column] for part in parts}
            yield from compare(context.cell(table, row, column), value, "Σ kabupaten/kota", inputs, tipe="cacah")


def _ranks(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The printed number as the place among the printed areas, highest value first; equal values may change places."""
    rows = [row for row in table.rows if row["jenis"] == "kab_kota"]
    values = [(row["baris"], _value(context, table, row)) for row in rows]
    ranked = {entry.nama: entry for entry in rank(values, "naik")}
    for row in rows:
        first = ranked[row["baris"]].peringkat
        if not row["no"] or first is None:
            continue
        ties = sum(1 for entry in ranked.values() if entry.peringkat == first)
        cell = context.cell(table, row, "no")
        printed = cell.read("cacah")
        within = printed is not None and first <= printed.value < first + ties
        value = printed.value if within and printed else Decimal(first)
        shown = row["nilai"] or row["nilai_tercetak"]
        yield from compare(cell, value, "urutan dari nilai tertinggi", {"nilai": shown}, tipe="cacah")


def _value(context: Context, table: SampleTable, row: Row) -> Decimal | None:
    if row["penyebut"]:
        return rate(context, table, row)[0]
    try:
        return row.angka("nilai") if row.has("nilai") else row.angka("nilai_tercetak")
    except NumberFormatError:
        return None
