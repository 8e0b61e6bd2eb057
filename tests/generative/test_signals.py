"""Signals on generated figures: each against an obvious second way of deciding, and no figure breaks them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median as other_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.rules.signals import (
    REASONS,
    DatedBukti,
    History,
    Pair,
    Policy,
    Series,
    TargetChange,
    ask_equal_quarters,
    ask_jump,
    ask_late_bukti,
    ask_lowered_target,
    ask_realisasi_is_target,
    median,
)

pytestmark = pytest.mark.generative
values = st.decimals(min_value=-500, max_value=500, places=2)
# Few different values, so that equal ones are common.
common = st.sampled_from([Decimal(text) for text in ("0", "100", "24.5", "24.50", "12", "12.1", "7", "3")])


@given(st.lists(values, min_size=1, max_size=9))
def test_the_median_is_the_median(numbers: list[Decimal]) -> None:
    assert Fraction(median(numbers)) == other_median(Fraction(number) for number in numbers)


@given(st.lists(st.none() | common, min_size=4, max_size=4), st.booleans())
def test_equal_quarters_are_those_that_counting_finds(quarters: list[Decimal | None], is_sum: bool) -> None:
    counts = Counter(str(value.normalize()) for value in quarters if value is not None)
    notable = {"24.5", "12.1"} | ({"12"} if is_sum else set())
    expected = any(count >= 3 and text in notable for text, count in counts.items())
    found = ask_equal_quarters(Series("k 2024", "Indikator", quarters, is_sum))
    assert (found is not None) == expected


@given(st.lists(st.integers(0, 400), max_size=7), st.integers(0, 2000))
def test_a_jump_is_what_fractions_say(earlier: list[int], now: int) -> None:
    expected = False
    if len(earlier) >= 3:
        middle = Fraction(other_median([Fraction(value) for value in earlier]))
        ratio = Fraction(now) / middle if middle else None
        expected = ratio is not None and max(middle, now) >= 10 and (ratio > 3 or ratio < Fraction(1, 3))
    history = [(str(2015 + place), Decimal(value)) for place, value in enumerate(earlier)]
    assert (ask_jump(History("k 2024", "Indikator", "2024", Decimal(now), history)) is not None) == expected


@given(st.lists(st.tuples(common, common), max_size=12))
def test_the_share_of_equal_pairs(pairs: list[tuple[Decimal, Decimal]]) -> None:
    notable = [(target, reached) for target, reached in pairs if target not in (Decimal(0), Decimal(100))]
    same = sum(1 for target, reached in notable if target == reached)
    expected = len(notable) >= 5 and Fraction(same, max(len(notable), 1)) >= Fraction(9, 10)
    found = ask_realisasi_is_target("unit", "Unit", [Pair(f"k{n}", *pair) for n, pair in enumerate(pairs)])
    assert (found is not None) == expected


@given(
    st.sampled_from(["naik", "turun"]),
    values,
    values,
    st.lists(st.none() | values, min_size=4, max_size=4),
    st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)
def test_a_lowered_target_needs_a_bad_quarter_before_it(
    arah: str, before: Decimal, after: Decimal, quarters: list[Decimal | None], at: date | None
) -> None:
    ends = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)]
    bad = [
        value
        for value, end in zip(quarters, ends, strict=True)
        if value is not None and value < 70 and (at is None or end < at)
    ]
    easier = after - before if arah == "turun" else before - after
    change = TargetChange("k 2024", "Indikator", arah, before, after, at, list(enumerate(quarters, 1)), 2024)  # type: ignore[arg-type]
    found = ask_lowered_target(change)
    assert (found is not None) == (bool(bad) and easier > 0)
    if found:
        assert found.sentence.endswith("?")
        assert found.trace.steps[0].citation is not None


@given(st.lists(st.dates(date(2024, 1, 1), date(2025, 12, 31)), max_size=5))
def test_evidence_is_late_after_the_last_day(dates: list[date]) -> None:
    end = date(2024, 3, 31)
    found = ask_late_bukti([DatedBukti("k 2024/1", "Indikator", "rekap.pdf", day, end) for day in dates])
    late = [day for day in dates if day > end]
    assert (found is not None) == bool(late)
    assert not found or len(found.inputs) == 1 + len(late)


def test_every_threshold_has_its_reason() -> None:
    assert set(REASONS) == set(Policy.__dataclass_fields__)
    assert {reason.dasar for reason in REASONS.values()} == {"ditafsirkan"}
