"""Figures in sentences (`kalimat`): each row names its formula and inputs; see samples/README.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from capaian.exchange.fidelity.cells import Cell, read_printed
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.counting import count, count_rounded
from capaian.exchange.fidelity.figures import Figure, compare, not_computed, restate
from capaian.exchange.fidelity.reasons import Candidate
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.kesehatan import compute_rate
from capaian.rules.numbers import HUNDRED, format_number, mean

_RATES = {"rasio_persen": 100, "rasio_per_1000": 1000, "rasio_per_100000": 100_000}
_OWN = "angka tersendiri dalam kalimat, tanpa masukan untuk menghitungnya"
_SUM = "Σ masukan"
_MEANS = ("rerata_capaian", "rata_capaian")


class _Arithmetic(NamedTuple):
    """Operands of a sentence formula, as text, and what is done with them."""

    formula: str
    operands: list[str]
    compute: Callable[[Sequence[Decimal]], Decimal | None]


def kalimat_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Each figure of a sentence from the inputs that it names.

    A figure may have been computed from an unprinted correction of its input (1.349 where 1.346 is printed), so the
    other figures of the table that differ are offered as inputs in a second reading.
    """
    corrections: dict[str, Decimal] = {}
    for row in table.rows:
        for figure in _figure(context, table, row, {}):
            if figure.status == "beda" and figure.value is not None and not figure.is_restated:
                corrections.setdefault(figure.printed, figure.value)
    for row in table.rows:
        yield from _figure(context, table, row, corrections)


def _figure(context: Context, table: SampleTable, row: Row, corrections: dict[str, Decimal]) -> Iterator[Figure]:
    cell = context.cell(table, row, "nilai_tercetak")
    if row["rumus"] == "rujuk":
        yield from _reference(context, cell, row["masukan"])
    elif row["rumus"] == "cacah":
        yield from _count(context, cell, row["masukan"])
    elif row["rumus"] in _MEANS:
        yield from _mean(context, cell, row["masukan"])
    elif arithmetic := _arithmetic(row):
        yield from _computed(cell, arithmetic, corrections)
    else:
        yield from not_computed(cell, _OWN)


def _arithmetic(row: Row) -> _Arithmetic | None:
    rumus, text = row["rumus"], row["masukan"]
    if base := _RATES.get(rumus):
        operands = text.split("/")
        return _Arithmetic(f"a ÷ b × {format_number(base)}", operands, lambda v: compute_rate(v[0], v[1], base).nilai)
    if rumus == "jumlah":
        return _Arithmetic(_SUM, text.split("+"), lambda values: sum(values, Decimal(0)))
    if rumus == "selisih":
        return _Arithmetic("a − b", text.split("-"), lambda v: v[0] - v[1])
    return None


def _computed(cell: Cell, arithmetic: _Arithmetic, corrections: dict[str, Decimal]) -> Iterator[Figure]:
    read = [read_printed(text, "bebas", cell.row.convention) for text in arithmetic.operands]
    values = [printed.value for printed in read if printed]
    complete = len(values) == len(read) >= 2
    inputs = {chr(ord("a") + place): text for place, text in enumerate(arithmetic.operands)}
    yield from compare(
        cell,
        arithmetic.compute(values) if complete else None,
        arithmetic.formula,
        inputs,
        tipe="bebas",
        candidates=_corrected(arithmetic, values, corrections) if complete else (),
    )


def _corrected(arithmetic: _Arithmetic, values: list[Decimal], corrections: dict[str, Decimal]) -> Iterator[Candidate]:
    """One input itself, or the result with one input replaced by what we compute for it."""
    if arithmetic.formula == _SUM:
        yield from (("sama dengan salah satu masukannya", value) for value in values)
    for place, text in enumerate(arithmetic.operands):
        if text in corrections:
            other = [*values[:place], corrections[text], *values[place + 1 :]]
            better = format_number(corrections[text], None if corrections[text] % 1 == 0 else 2)
            yield f"dihitung dari {better}, bukan dari {text} yang tercetak", arithmetic.compute(other)


def _reference(context: Context, cell: Cell, reference: str) -> Iterator[Figure]:
    source = context.find(reference)
    if source is None or not source.text:
        yield from not_computed(cell, f'rujukan "{reference}" tidak ditemukan')
        return
    formula = f"sama dengan {reference}"
    yield from restate(cell, source, formula, context.unrounded(source))


def _count(context: Context, cell: Cell, phrase: str) -> Iterator[Figure]:
    note = f'syarat cacah "{phrase}" di luar yang dapat dihitung'
    rounded = count_rounded(context, phrase)
    yield from compare(
        cell,
        count(context, phrase),
        "cacah",
        {"yang dicacah": phrase},
        tipe="cacah",
        note=note,
        candidates=[("dicacah dari persen yang sudah dibulatkan", None if rounded is None else Decimal(rounded))],
    )


def _mean(context: Context, cell: Cell, jenis: str) -> Iterator[Figure]:
    """The unweighted mean of a printed column, over the rows of one level."""
    rows = [
        (table, row)
        for table in context.sample.of_kind("kinerja_anggaran")
        for row in table.rows
        if row["jenis"] == jenis and row["capaian_tercetak"]
    ]
    cells = [context.cell(table, row, "capaian_tercetak") for table, row in rows]
    printed = [found.value for found in (one.read("angka") for one in cells) if found]
    ours = [figure.value for figure in (context.computed.get(one.key) for one in cells) if figure]
    known = [value for value in ours if value is not None]
    inputs = {"banyaknya indikator": str(len(printed))}
    if known:
        inputs["rata-rata capaian yang dihitung ulang"] = format_number(mean(known), 2)
    value = mean(printed) if printed else None
    formula = f"rata-rata kolom capaian, {jenis.replace('_', ' ')}"
    yield from compare(cell, value, formula, inputs, tipe="bebas", candidates=_mean_candidates(printed, known, rows))


def _mean_candidates(
    printed: list[Decimal], ours: list[Decimal], rows: list[tuple[SampleTable, Row]]
) -> Iterator[Candidate]:
    """Other ways to average: recomputed values, capped, floored, or level by level."""
    if ours:
        yield "rata-rata capaian yang dihitung ulang", mean(ours)
    for name, values in (("tercetak", printed), ("dihitung ulang", ours)):
        if values:
            yield f"capaian {name} dibatasi pada 100", mean([min(value, HUNDRED) for value in values])
            yield f"capaian {name} negatif dianggap 0", mean([max(value, Decimal(0)) for value in values])
    groups: dict[str, list[Decimal]] = {}
    for (_, row), value in zip(rows, printed, strict=False):
        groups.setdefault(row["kunci_node"], []).append(value)
    if groups:
        yield "rata-rata dari rata-rata setiap program atau kegiatan", mean([mean(part) for part in groups.values()])
