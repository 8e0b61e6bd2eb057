"""Lembar Kerja Evaluasi AKIP: scores of sub-components and components, the total and its predicate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from capaian.rules.numbers import HUNDRED, divide, format_number, round_half_up, with_kernel_digits
from capaian.rules.trace import Step, Trace

if TYPE_CHECKING:
    from capaian.rules.packs import Pack

DECIMALS = 2


@dataclass(frozen=True)
class Lke:
    """The result of an evaluation: components, total, predicate letter and name, notes, trace."""

    komponen: Mapping[str, Decimal]
    nilai: Decimal
    tampil: Decimal
    predikat: str | None
    sebutan: str
    catatan: tuple[str, ...]
    trace: Trace


@with_kernel_digits
def score_subkomponen(bobot: Decimal, jawaban: str, pack: Pack) -> Decimal:
    """Score one sub-component from its answer (AA..E).

    Units: points; weight × percentage of the answer. Errors: ValueError on an unknown answer.
    Source: PermenPANRB 88/2021, answer scale, see the pack; regulations 2.2.
    """
    for row in pack.rows("skala_jawaban"):
        if row["kode"] == jawaban:
            return divide(bobot * Decimal(row["persen"]), HUNDRED)
    known = ", ".join(row["kode"] for row in pack.rows("skala_jawaban"))
    raise ValueError(f'Jawaban "{jawaban}" tidak dikenal pada {pack.instrumen}; pilih {known}.')


@with_kernel_digits
def sum_komponen(subkomponen: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Sum sub-components to components; the code of a sub-component begins with its component (`1a` belongs to `1`)."""
    totals: dict[str, Decimal] = {}
    for kode, nilai in subkomponen.items():
        totals[kode[:1]] = totals.get(kode[:1], Decimal(0)) + nilai
    return totals


@with_kernel_digits
def compute_lke(komponen: Mapping[str, Decimal], pack: Pack) -> Lke:
    """Add the components of an evaluation and name the predicate.

    Units: points 0 to 100. A component without a value is not counted and is reported, since an old definition may
    name a component that the current instrument has dropped (Bekasi names five and adds four).
    Errors: ValueError on an unknown component or a value outside 0..weight.
    Source: PermenPANRB 88/2021 or 12/2015, see the pack; regulations 2.1, 2.4 and 2.5.
    """
    weights = {row["kode"]: row for row in pack.rows("komponen")}
    _check_components(komponen, weights, pack)
    nilai = sum(komponen.values(), Decimal(0))
    tampil = round_half_up(nilai, DECIMALS)
    classified = pack.scale("predikat").classify(tampil)
    missing = [row["nama"] for kode, row in weights.items() if kode not in komponen]
    notes = tuple(f'Komponen "{nama}" belum bernilai dan tidak ikut dijumlahkan.' for nama in missing)
    inputs = tuple((weights[kode]["nama"], format_number(value)) for kode, value in komponen.items())
    steps = (
        Step("Nilai akuntabilitas", "Σ nilai komponen", inputs, format_number(tampil, 2), pack.citation("komponen")),
        Step("Predikat", classified.policy_words, (("Nilai", format_number(tampil, 2)),),
             f"{classified.kode} {classified.label}", pack.citation("predikat"), " ".join(classified.notes)),
    )  # fmt: skip
    return Lke(
        dict(komponen), nilai, tampil, classified.kode, classified.label, (*notes, *classified.notes), Trace(steps)
    )


def _check_components(komponen: Mapping[str, Decimal], weights: Mapping[str, Mapping[str, str]], pack: Pack) -> None:
    for kode, value in komponen.items():
        if kode not in weights:
            raise ValueError(f'Komponen "{kode}" tidak ada pada {pack.instrumen}; yang ada {", ".join(weights)}.')
        bobot = Decimal(weights[kode]["bobot"])
        if not 0 <= value <= bobot:
            nama = weights[kode]["nama"]
            raise ValueError(f"Nilai {nama} {format_number(value)} di luar 0 sampai {format_number(bobot)}. Periksa.")
