"""The nearest answer that gives an item its full score: how many persons, which value, or which choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from capaian.rules.instrumen.model import Butir, Pilihan
from capaian.rules.instrumen.skor import ZERO, Isian, score_item
from capaian.rules.numbers import AmbiguousNumber, divide, format_number, parse_number, with_kernel_digits
from capaian.rules.target import BoundTarget, DurationTarget, NumberTarget, RangeTarget, Target, parse_target

# Beside an excluded bound: the finest step that bands are read at.
STEP = Decimal("0.01")


@dataclass(frozen=True)
class Terbaik:
    """The answer, the score that it gives, how much realisasi it takes more (or less), and what to do in words.

    `missing` counts persons or things where numerator and denominator are known, else the unit of the target; negative
    is too many. None where nothing can be counted.
    """

    isian: Isian
    nilai: Decimal
    missing: Decimal | None
    words: str


@dataclass(frozen=True)
class _Limit:
    """What a value has to keep: at least or at most, with the bound itself or without."""

    side: Literal["min", "max"]
    value: Decimal
    strict: bool = False

    def count(self, sasaran: Decimal, pengali: Decimal) -> Decimal:
        """The nearest whole numerator that keeps the limit."""
        exact = divide(self.value * sasaran, pengali)
        whole = exact.to_integral_value(ROUND_CEILING if self.side == "min" else ROUND_FLOOR)
        if self.strict and whole == exact:
            whole += 1 if self.side == "min" else -1
        return max(whole, ZERO)

    def nearest(self) -> Decimal:
        """The nearest value that keeps the limit."""
        if not self.strict:
            return self.value
        return self.value + STEP if self.side == "min" else max(self.value - STEP, self.value / 2)


@with_kernel_digits
def best_answer(item: Butir, isian: Isian | None) -> Terbaik | None:
    """The nearest answer with the best score that the item can have; None where none can be scored.

    Units: as the answer. Errors: none. It is tried by scoring it, so that it never promises what the score refuses.
    """
    given = isian or Isian()
    found: Terbaik | None = None
    for answer, words in _candidates(item, given):
        score = score_item(replace(item, sifat=""), answer, (), {})
        if score.nilai is None or (found is not None and score.nilai <= found.nilai):
            continue
        found = Terbaik(answer, score.nilai, _missing(given, answer), words)
        if found.nilai == item.maksimum:
            break
    return found


def _missing(given: Isian, answer: Isian) -> Decimal | None:
    if given.realisasi is not None and answer.realisasi is not None and given.sasaran == answer.sasaran:
        return answer.realisasi - given.realisasi
    before, after = _number(given.nilai), _number(answer.nilai)
    return None if before is None or after is None else after - before


def _number(text: str) -> Decimal | None:
    try:
        target = parse_target(text)
    except ValueError:
        return None
    return target.value if isinstance(target, NumberTarget) else None


def _candidates(item: Butir, given: Isian) -> Iterator[tuple[Isian, str]]:
    if item.penilaian == "capaian":
        target = parse_target(item.target)
        limit = _limit(target, item, given)
        if limit is not None:
            yield _to_limit(item, given, limit)
        else:
            yield from _judged(item, given)
        return
    for one in sorted(item.pilihan, key=lambda one: one.nilai, reverse=True):
        if item.penilaian == "pilihan" or (one.dari is None and one.sampai is None):
            yield Isian(nilai=one.kode), f'Jawaban menjadi "{one.teks or one.kode}".'
        else:
            for limit in _band_limits(item, one):
                yield _to_limit(item, given, limit)


def _limit(target: Target, item: Butir, given: Isian) -> _Limit | None:
    """What a numeric target asks for; None for one that is met or not."""
    if isinstance(target, BoundTarget) or (isinstance(target, DurationTarget) and item.masukan == "nilai"):
        side: Literal["min", "max"] = "min" if target.operator in (">=", ">") else "max"
        return _Limit(side, target.value, target.operator in ("<", ">"))
    if isinstance(target, NumberTarget):
        return _Limit("max" if item.arah == "turun" else "min", target.value)
    if isinstance(target, RangeTarget):
        reached = _reached(item, given)
        too_high = reached is not None and reached > target.high
        return _Limit("max", target.high) if too_high else _Limit("min", target.low)
    return None


def _reached(item: Butir, given: Isian) -> Decimal | None:
    if given.nilai.strip():
        return _number(given.nilai)
    if given.realisasi is None or not given.sasaran:
        return None
    return divide(given.realisasi * item.pengali, given.sasaran)


def _band_limits(item: Butir, one: Pilihan) -> Iterator[_Limit]:
    """Where a band is entered from below (from above where lower is better), then its far end: it may overlap."""
    ends = []
    if one.dari is not None:
        ends.append(_Limit("min", one.dari, one.dari_terbuka))
    if one.sampai is not None:
        ends.append(_Limit("max", one.sampai, one.sampai_terbuka))
    yield from reversed(ends) if item.arah == "turun" else ends
    if one.dari is not None and one.sampai is not None:
        yield _Limit("min", divide(one.dari + one.sampai, Decimal(2)))
    elif one.dari is not None:
        yield _Limit("min", one.dari, strict=True)


def _to_limit(item: Butir, given: Isian, limit: _Limit) -> tuple[Isian, str]:
    asked = {"min": "sekurang-kurangnya", "max": "sebanyak-banyaknya"}[limit.side]
    if limit.strict:
        asked = {"min": "lebih dari", "max": "kurang dari"}[limit.side]
    unit = f" {item.satuan}" if item.satuan else ""
    words = f"Mencapai {asked} {format_number(limit.value)}{unit}."
    if item.masukan == "nilai" or given.nilai.strip():
        return Isian(nilai=plain_number(limit.nearest())), words
    if not given.sasaran or given.sasaran < 0:
        # Nobody is counted yet: as if the sasaran were the unit of the target itself.
        return Isian(sasaran=item.pengali, realisasi=limit.count(item.pengali, item.pengali)), words
    count = limit.count(given.sasaran, item.pengali)
    return Isian(sasaran=given.sasaran, realisasi=count), _count_words(given, count, words)


def _count_words(given: Isian, count: Decimal, otherwise: str) -> str:
    if given.realisasi is None or given.sasaran is None or given.realisasi == count:
        return otherwise
    more = count - given.realisasi
    verb = "Tambah" if more > 0 else "Kurangi"
    return (
        f"{verb} {format_number(abs(more))}: dari {format_number(given.realisasi)} menjadi {format_number(count)} "
        f"di antara {format_number(given.sasaran)}."
    )


def _judged(item: Butir, given: Isian) -> Iterator[tuple[Isian, str]]:
    """A target that is met or not: all of them meet it, or it is met as it is written."""
    if item.masukan == "pembilang_penyebut" and not given.nilai.strip():
        whole = given.sasaran if given.sasaran and given.sasaran > 0 else item.pengali
        words = f'Semua memenuhi target "{item.target}".'
        yield Isian(sasaran=whole, realisasi=whole), _count_words(given, whole, words)
    yield Isian(nilai=item.target), f'Memenuhi target "{item.target}".'
    yield Isian(nilai="ya"), f'Memenuhi target "{item.target}".'


def plain_number(value: Decimal) -> str:
    """A number as a person would type it: without separators, and with one reading."""
    text = f"{value.normalize():f}".replace(".", ",")
    try:
        parse_number(text)
    except AmbiguousNumber:
        return f"{text}0"  # three decimals could be thousands
    return text
