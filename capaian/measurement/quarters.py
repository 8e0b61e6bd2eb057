"""From the stored texts of quarters to the inputs of `rules`: what was reached and planned up to a quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from capaian.planning.queries import QuarterPlan, read_expression, split_findings
from capaian.rules.numbers import format_number
from capaian.rules.periods import ROMAN
from capaian.rules.target import EmptyTarget, NumberTarget, Target
from capaian.rules.trace import Trace
from capaian.rules.triwulan import QUARTERS, WRONG_KIND, aggregate_with_trace

NO_SPLIT = "Target triwulan belum ada; dibandingkan dengan target tahunan."
NO_SUM = "Nilai triwulan ini tidak dapat dijumlahkan; dipakai triwulan terakhir yang terisi."
WRONG_SPLIT = f"{WRONG_KIND.capitalize()}; dibandingkan dengan target tahunan."


@dataclass(frozen=True)
class Joined:
    """Quarters brought to one value: the value, what people should know about it, and how it came about."""

    value: Target
    notes: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)

    @property
    def is_empty(self) -> bool:
        return isinstance(self.value, EmptyTarget)


@lru_cache(maxsize=8192)  # the fourth quarter is the year again, and plans of many indicators are alike
def join_quarters(teks: tuple[str, ...], sifat: str) -> Joined:
    """Bring quarters to one value by the indicator's `sifat`; what is no number cannot be added, so the last counts."""
    parts = [read_expression(one) for one in teks]
    known = [part for part in parts if not isinstance(part, EmptyTarget)]
    if not known:
        return Joined(EmptyTarget(""))
    numbers = [part for part in known if isinstance(part, NumberTarget)]
    if len(numbers) == len(known) and len({part.basis for part in numbers}) == 1:
        values = [part.value if isinstance(part, NumberTarget) else None for part in parts]
        result = aggregate_with_trace(values, sifat)  # type: ignore[arg-type]
        assert result.nilai is not None  # noqa: S101 - some quarter is filled
        last = numbers[-1]
        value = NumberTarget(format_number(result.nilai), result.nilai, last.unit, last.basis)
        # For a level, an empty quarter before the last is no gap in the value.
        return Joined(value, () if sifat == "posisi_akhir" else result.catatan, result.trace)
    if sifat == "posisi_akhir" or len(known) == 1:
        return Joined(known[-1])
    return Joined(known[-1], (NO_SUM,))


def quarter_target(target: str, plan: QuarterPlan, sifat: str, sampai: int) -> tuple[Target, tuple[str, ...]]:
    """What to compare with up to quarter `sampai`: the plan up to then, or the year's target and why.

    Source: regulations section 7.6.
    """
    if all(isinstance(read_expression(teks), EmptyTarget) for teks in plan.quarters):
        return read_expression(target), (NO_SPLIT,)
    if any(finding.kode == "sifat_tidak_sesuai" for finding in split_findings(plan.target, plan.quarters, sifat)):
        return read_expression(target), (WRONG_SPLIT,)
    planned = join_quarters(plan.quarters[:sampai], sifat)
    if planned.is_empty:
        return planned.value, (f"Tidak ada target yang direncanakan sampai triwulan {ROMAN[sampai - 1]}.",)
    return planned.value, ()


def annual_value(realisasi: Mapping[int, str], sifat: str) -> Joined:
    """The year's realisasi: what was stated for the year (period 0), else the quarters joined."""
    stated = read_expression(realisasi.get(0, ""))
    if not isinstance(stated, EmptyTarget):
        return Joined(stated)
    joined = value_to_quarter(realisasi, sifat, QUARTERS)
    return Joined(stated) if joined.is_empty else joined


def value_to_quarter(realisasi: Mapping[int, str], sifat: str, sampai: int) -> Joined:
    """What was reached up to a quarter."""
    return join_quarters(tuple(realisasi.get(number, "") for number in range(1, sampai + 1)), sifat)
