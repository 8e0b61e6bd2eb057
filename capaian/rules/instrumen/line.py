"""The line of values cut at every bound: points and stretches in which all bands or classes behave alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import groupby
from typing import TypeVar

from capaian.rules.numbers import format_number

T = TypeVar("T")


@dataclass(frozen=True)
class Stretch:
    """A run of values: from `low` to `high` (None is open), each end itself held or not; `sample` is one of them."""

    low: Decimal | None
    high: Decimal | None
    has_low: bool
    has_high: bool
    sample: Decimal

    @property
    def words(self) -> str:
        """The run in Indonesian."""
        if self.low is not None and self.low == self.high:
            return format_number(self.low)
        low, high = (None if one is None else format_number(one) for one in (self.low, self.high))
        if low is None:
            return f"{'sampai' if self.has_high else 'di bawah'} {high}"
        if high is None:
            return f"{'mulai' if self.has_low else 'di atas'} {low}"
        if not self.has_low and not self.has_high:
            return f"di antara {low} dan {high}"
        return f"{'mulai' if self.has_low else 'di atas'} {low} sampai {'' if self.has_high else 'sebelum '}{high}"


def cut(bounds: Iterable[Decimal], step: Decimal, lowest: Decimal | None, highest: Decimal | None) -> list[Stretch]:
    """Cut the values from `lowest` to `highest` at the bounds, from below.

    `step` is the distance of neighbouring values (1 for what is counted): a stretch without any value is left out.
    """
    points = sorted({*bounds, *(one for one in (lowest, highest) if one is not None)})
    found: list[Stretch] = []
    for place, point in enumerate(points):
        if (lowest is not None and point < lowest) or (highest is not None and point > highest):
            continue
        before = points[place - 1] if place else None
        if before is None:
            if lowest is None:
                found.append(Stretch(None, point, False, False, point - step))
        elif (inner := _between(before, point, step)) is not None:
            found.append(Stretch(before, point, False, False, inner))
        found.append(Stretch(point, point, True, True, point))
    if points and highest is None:
        found.append(Stretch(points[-1], None, False, False, points[-1] + step))
    return found


def _between(low: Decimal, high: Decimal, step: Decimal) -> Decimal | None:
    """The first value of the grid after `low` that is below `high`."""
    first = (low / step).to_integral_value(ROUND_FLOOR) * step + step
    return first if first < high else None


def runs(pairs: Iterable[tuple[T, Stretch]]) -> Iterator[tuple[T, Stretch]]:
    """Join neighbours that behave alike into one run, in the order given (from below)."""
    for value, members in groupby(pairs, lambda pair: pair[0]):
        joined = [at for _, at in members]
        first, last = joined[0], joined[-1]
        yield value, Stretch(first.low, last.high, first.has_low, last.has_high, first.sample)
