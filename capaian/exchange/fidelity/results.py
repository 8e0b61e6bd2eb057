"""Rows of results: capaian from target and realisasi, also over the years and against the Renstra; efficiency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from capaian.exchange.fidelity.cells import Cell, amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare, not_computed
from capaian.exchange.fidelity.quantities import QuantityIndex
from capaian.exchange.fidelity.reasons import Candidate
from capaian.exchange.samples.kinds import RIWAYAT_TAHUN
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.capaian import Capaian, CapaianRule, compute_capaian
from capaian.rules.capaian_forms import FORMULAS, Rumus
from capaian.rules.efisiensi import compute_efisiensi, compute_serapan
from capaian.rules.numbers import HUNDRED, NumberFormatError, round_half_up

_PLAIN = (("target", "realisasi", "capaian_tercetak"),)
COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "kinerja_anggaran": _PLAIN,
    "indikator_program": _PLAIN,
    "efisiensi": _PLAIN,
    "capaian_iku": (*_PLAIN, ("target_renstra", "realisasi", "capaian_renstra_tercetak")),
    "riwayat_iku": tuple((f"target_{y}", f"realisasi_{y}", f"capaian_{y}_tercetak") for y in RIWAYAT_TAHUN),
}
OPPOSITE = "rumus arah berlawanan"
OTHER_FORMULA = "rumus lain"
CAPPED = "dibatasi pada 100"
COPIED = "realisasi dicetak sebagai capaian"
OTHER_PRINT = "dihitung dari nilai lain yang tercetak untuk besaran yang sama"


def capaian_rows(context: Context, index: QuantityIndex, table: SampleTable) -> Iterator[Figure]:
    """Each printed capaian from the target and realisasi of its own row."""
    for row in table.rows:
        for target, realisasi, column in COLUMNS[table.kind]:
            if row[column]:
                yield from _capaian(context, index, table, row, (target, realisasi, column))


def efisiensi_rows(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Bekasi's `nilai efisiensi`: capaian − serapan in points, both unrounded, and the serapan itself."""
    for row in table.rows:
        pagu, spent = amount(row, "pagu"), amount(row, "realisasi_anggaran")
        money = {"pagu": row["pagu"], "realisasi anggaran": row["realisasi_anggaran"]}
        serapan = compute_serapan(pagu, spent)
        yield from compare(
            context.cell(table, row, "serapan_tercetak"), serapan.nilai, "realisasi anggaran ÷ pagu × 100", money
        )
        persen = persen_capaian(context, row)
        result = compute_efisiensi("selisih", persen_capaian=persen, pagu=pagu, realisasi=spent)
        yield from compare(
            context.cell(table, row, "efisiensi_tercetak"),
            result.nilai,
            "persen capaian − persen serapan",
            {"target": row["target"], "realisasi": row["realisasi"], **money},
            candidates=_rounded_difference(persen, serapan.nilai),
        )


def persen_capaian(context: Context, row: Row) -> Decimal | None:
    """Our capaian of a row of results, unrounded; None when it has no direction or no complete inputs."""
    rule = context.rule(row)
    return _persen(row["target"], row["realisasi"], rule, row) if rule else None


def other_prints(index: QuantityIndex, cell: Cell) -> Iterator[tuple[str, str]]:
    """What else the document prints for the quantity of a cell: text, and a reason that says where."""
    for other in index.others(cell):
        yield other.text, f"{OTHER_PRINT} ({other.text} pada {other.table.table})"


def _capaian(
    context: Context, index: QuantityIndex, table: SampleTable, row: Row, columns: tuple[str, str, str]
) -> Iterator[Figure]:
    target, realisasi, column = columns
    cell = context.cell(table, row, column)
    rule = context.rule(row)
    if rule is None:
        yield from not_computed(cell, "arah indikator tidak dinyatakan")
        return
    result = compute_capaian(row[target], row[realisasi], rule, convention=row.convention)
    yield from compare(
        cell,
        result.persen,
        _formula(result, rule),
        {"target": row[target], "realisasi": row[realisasi], "arah": rule.arah},
        candidates=_candidates(context, index, table, row, columns),
        note=" ".join(result.catatan),
    )


def _formula(result: Capaian, rule: CapaianRule) -> str:
    """The formula of the office, or how the kernel judged a target that is no plain number."""
    formulas = [step.formula for step in result.trace.steps if step.label not in ("Pembulatan", "Status")]
    return formulas[-1] if formulas else FORMULAS[rule.rumus]


def _candidates(
    context: Context, index: QuantityIndex, table: SampleTable, row: Row, columns: tuple[str, str, str]
) -> Iterator[Candidate]:
    rule = cast(CapaianRule, context.rule(row))
    texts = row[columns[0]], row[columns[1]]
    lower = sorted({"selisih", "kebalikan"}, key=lambda name: name != context.policy["rumus_turun"])
    for rumus in (*lower, "rasio"):
        if rumus == rule.rumus:
            continue
        opposite = (rumus == "rasio") == (rule.arah == "turun")
        other = context.make_rule("turun" if rule.arah == "naik" else "naik", cast(Rumus, rumus))
        other = other if opposite else context.make_rule(rule.arah, cast(Rumus, rumus))
        yield f"{OPPOSITE if opposite else OTHER_FORMULA}: {FORMULAS[rumus]}", _persen(*texts, other, row)
    own = _persen(*texts, rule, row)
    yield CAPPED, min(own, HUNDRED) if own is not None else None
    reached = context.cell(table, row, columns[1]).read("target")
    yield COPIED, reached.value if reached else None
    for text, reason in other_prints(index, context.cell(table, row, columns[0])):
        yield reason, _persen(text, texts[1], rule, row)
    for text, reason in other_prints(index, context.cell(table, row, columns[1])):
        yield reason, _persen(texts[0], text, rule, row)


def _persen(target: str, realisasi: str, rule: CapaianRule, row: Row) -> Decimal | None:
    try:
        return compute_capaian(target, realisasi, rule, convention=row.convention).persen
    except NumberFormatError:
        return None


def _rounded_difference(capaian: Decimal | None, serapan: Decimal | None) -> Iterator[Candidate]:
    if capaian is not None and serapan is not None:
        yield "dari persen yang sudah dibulatkan", round_half_up(capaian, 2) - round_half_up(serapan, 2)
