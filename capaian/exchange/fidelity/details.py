"""Detail tables: shares of a whole, scores of the AKIP evaluation, numerators and denominators of indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.exchange.fidelity.cells import Cell, amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.fidelity.reasons import Candidate
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.kesehatan import compute_rate
from capaian.rules.packs import load_pack

LKE_PACK = "akip/permenpanrb_88_2021"
OTHER_WEIGHT = "persen terhadap bobot lain"


def rincian_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """A printed percentage as the share of its row: of the row that it is part of, else of the whole series."""
    for row in table.rows:
        if not row["nilai_tercetak"]:
            continue
        whole = _whole(table, row)
        total = sum((amount(part, "nilai") or Decimal(0) for part in whole), Decimal(0))
        inputs = {"nilai": row["nilai"], "penyebut": " + ".join(part["nilai"] for part in whole)}
        yield from compare(
            context.cell(table, row, "nilai_tercetak"),
            compute_rate(amount(row, "nilai"), total).nilai,
            "nilai ÷ penyebut × 100",
            inputs,
            candidates=_other_shares(table, row),
        )


def lhe_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Percentages of the weight, and components as sums of their sub-components (PermenPANRB 88/2021)."""
    weights = _weights(table)
    for row in table.rows:
        score, weight = row.angka("nilai"), weights.get(row["baris"])
        value = compute_rate(score, weight).nilai
        inputs = {"nilai": row["nilai"], "bobot": str(weight or "")}
        others = (
            [(f"{OTHER_WEIGHT} ({other})", compute_rate(score, other).nilai) for other in _distinct(weights)]
            if score
            else []
        )
        cell = context.cell(table, row, "persen_tercetak")
        yield from compare(cell, value, "nilai ÷ bobot × 100", inputs, candidates=others)
        if row["jenis"] == "komponen":
            yield from _component(context, table, row)


def penjelasan_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The explained result from numerator and denominator; and the realisasi of the indicator from the same two."""
    for row in table.rows:
        value = compute_rate(amount(row, "pembilang"), amount(row, "penyebut")).nilai
        inputs = {"pembilang": row["pembilang"], "penyebut": row["penyebut"]}
        formula = "pembilang ÷ penyebut × 100"
        cell = context.cell(table, row, "hasil_tercetak")
        yield from compare(cell, value, formula, inputs, note="pembilang dan penyebut tidak tercetak")
        if value is None:
            continue
        for other in _realisasi(context, row):
            label = f"{formula} ({table.table})"
            yield from compare(other, value, label, inputs, unexplained=f"kontradiksi dengan {table.table}")


def _realisasi(context: Context, row: Row) -> Iterator[Cell]:
    for table in context.sample.of_kind("indikator_program"):
        for other in table.rows:
            if other["kunci"] == row["kunci"] and other["satuan"] == "%":
                yield context.cell(table, other, "realisasi")


def _whole(table: SampleTable, row: Row) -> list[Row]:
    """The rows that make up the whole: a part (`seri` "bagian") names the row that it belongs to by its first words."""
    if row["seri"] == "bagian":
        wholes = [other for other in table.rows if other is not row and row["kategori"].startswith(other["kategori"])]
        return wholes[:1]
    return [other for other in table.rows if other["seri"] == row["seri"]]


def _other_shares(table: SampleTable, row: Row) -> Iterator[Candidate]:
    for other in table.rows:
        if other is not row and amount(other, "nilai"):
            share = compute_rate(amount(row, "nilai"), amount(other, "nilai")).nilai
            yield f"persen terhadap penyebut lain ({other['nilai']})", share


def _weights(table: SampleTable) -> dict[str, Decimal]:
    """Weight by row: the component by its name, its sub-components by their order (a, b, c)."""
    pack = load_pack(LKE_PACK)
    codes = {row["nama"].casefold(): row["kode"] for row in pack.rows("komponen")}
    weights = {row["kode"]: Decimal(row["bobot"]) for name in ("komponen", "subkomponen") for row in pack.rows(name)}
    found: dict[str, Decimal] = {}
    seen: dict[str, int] = {}
    for row in table.rows:
        code = codes.get(row["komponen"].casefold(), "")
        if row["jenis"] == "subkomponen":
            seen[code] = seen.get(code, 0) + 1
            code += "abc"[seen[code] - 1 : seen[code]]
        if code in weights:
            found[row["baris"]] = weights[code]
    return found


def _distinct(weights: dict[str, Decimal]) -> list[Decimal]:
    return sorted(set(weights.values()))


def _component(context: Context, table: SampleTable, row: Row) -> Iterator[Figure]:
    parts = [part for part in table.rows if part["jenis"] == "subkomponen" and part["komponen"] == row["komponen"]]
    scores = [part.angka("nilai") for part in parts]
    value = None if None in scores or not parts else sum((score or Decimal(0) for score in scores), Decimal(0))
    inputs = {part["subkomponen"]: part["nilai"] for part in parts}
    candidates = [("sama dengan salah satu bagiannya", score) for score in scores]
    yield from compare(context.cell(table, row, "nilai"), value, "Σ subkomponen", inputs, candidates=candidates)
