"""What lies between an answer and its target, in what is counted: persons, villages, reports."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from capaian.rules.instrumen.model import Butir
from capaian.rules.instrumen.skor import Isian
from capaian.rules.numbers import NumberFormatError, divide, with_kernel_digits
from capaian.rules.target import BoundTarget, NumberTarget, Target, parse_realisasi, parse_target

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Gap:
    """Of an item: what was reached in the unit of the target, and in the unit of the realisasi what the target is.

    `needed` is T × S (of a value given as such: T). `missing` is how many more are needed where higher is
    better, or how many fewer where lower is; 0 where the target is met. None where that cannot be told.
    """

    reached: Decimal | None = None
    needed: Decimal | None = None
    missing: Decimal | None = None


@with_kernel_digits
def gap_of(item: Butir, isian: Isian | None) -> Gap:
    """The gap of an answer. What is counted is whole: 80 % of 7 are 6.

    Units: `reached` that of the target, the others that of the realisasi. Errors: none. Source: regulations 6.6
    (target sasaran = T × S).
    """
    if isian is None or isian.is_empty or isian.tidak_berlaku or item.penilaian == "pilihan":
        return Gap()
    counted = _counted(item, isian)
    reached = divide(counted[0] * item.pengali, counted[1]) if counted else _stated(isian.nilai)
    target = _number(item) if item.penilaian == "capaian" else None
    if target is None:
        return Gap(reached)
    needed = divide(target.value * counted[1], item.pengali) if counted else target.value
    served = counted[0] if counted else reached
    return Gap(reached, needed, None if served is None else _missing(item, target, needed, served, whole=bool(counted)))


def _counted(item: Butir, isian: Isian) -> tuple[Decimal, Decimal] | None:
    """Realisasi and sasaran, where both are asked and given and can be divided."""
    if item.masukan != "pembilang_penyebut" or isian.nilai.strip():
        return None
    if isian.realisasi is None or isian.sasaran is None or isian.sasaran <= 0:
        return None
    return isian.realisasi, isian.sasaran


def _stated(text: str) -> Decimal | None:
    try:
        found: Target = parse_realisasi(text.strip())
    except NumberFormatError:
        return None
    return found.value if isinstance(found, NumberTarget) else None


def _number(item: Butir) -> NumberTarget | BoundTarget | None:
    try:
        target = parse_target(item.target)
    except NumberFormatError:
        return None
    return target if isinstance(target, NumberTarget | BoundTarget) else None


def _missing(
    item: Butir, target: NumberTarget | BoundTarget, needed: Decimal, served: Decimal, *, whole: bool
) -> Decimal:
    operator = target.operator if isinstance(target, BoundTarget) else ""
    lower_is_better = item.arah == "turun" if not operator else operator in ("<", "<=")
    if not whole:
        return max(ZERO, served - needed if lower_is_better else needed - served)
    if lower_is_better:
        limit = needed.to_integral_value(ROUND_FLOOR)
        return max(ZERO, served - (limit - ONE if operator == "<" and limit == needed else limit))
    limit = needed.to_integral_value(ROUND_CEILING)
    return max(ZERO, (limit + ONE if operator == ">" and limit == needed else limit) - served)
