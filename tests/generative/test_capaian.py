"""Capaian, quarters and scales against plain second implementations with fractions, written from the rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from capaian.rules.capaian import CapaianRule, compute_capaian
from capaian.rules.numbers import NumberFormatError
from capaian.rules.packs import load_pack
from capaian.rules.target import (
    BoundTarget,
    ComponentsTarget,
    EmptyTarget,
    NumberTarget,
    RangeTarget,
    parse_target,
)
from capaian.rules.trace import Trace
from capaian.rules.triwulan import aggregate, check_split, split_target

pytestmark = pytest.mark.generative
CALM = settings(max_examples=100, deadline=None)
VALUES = st.decimals(min_value=0, max_value=10**6, places=2)
POSITIVE = st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2)
ARAH = st.sampled_from(["naik", "turun"])
RUMUS = st.sampled_from(["rasio", "selisih", "kebalikan"])
LIMITS = st.sampled_from([None, Decimal(100), Decimal(120)])


def plain_ratio(t: Fraction, r: Fraction, arah: str, rumus: str, cap: Fraction | None) -> Fraction | None:
    """Regulations 7.1 and 7.4 once more, case by case."""
    if t == 0:
        if arah == "naik":
            return None
        result = Fraction(100) if r == 0 else Fraction(0)
    elif rumus == "rasio":
        result = r / t * 100
    elif rumus == "selisih":
        result = (1 + (1 - r / t)) * 100
    elif r == 0:
        result = cap if cap is not None else Fraction(100)
    else:
        result = t / r * 100
    return min(result, cap) if cap is not None else result


def assert_message(error: ValueError) -> None:
    assert len(str(error)) > 20


@CALM
@given(VALUES, VALUES, ARAH, RUMUS, LIMITS)
def test_numbers(t: Decimal, r: Decimal, arah: str, rumus: str, cap: Decimal | None) -> None:
    rule = CapaianRule(arah, rumus, batas_atas=cap)
    found = compute_capaian(NumberTarget("", t), r, rule)
    expected = plain_ratio(Fraction(t), Fraction(r), arah, rumus, None if cap is None else Fraction(cap))
    if expected is None:
        assert (found.persen, found.status) == (None, "tidak_terdefinisi")
        assert found.catatan
        return
    assert found.persen is not None
    assert found.tampil is not None
    assert abs(Fraction(found.persen) - expected) < Fraction(1, 10**20)
    assert abs(Fraction(found.tampil) - expected) <= Fraction(51, 10**4)
    if t != 0 and not (rumus == "kebalikan" and r == 0):
        assert (found.status == "tercapai") == (found.tampil >= 100)
    assert Trace.from_dict(found.trace.to_dict()) == found.trace


@CALM
@given(POSITIVE, VALUES, st.sampled_from(["<=", "<", ">=", ">"]))
def test_bounds(t: Decimal, r: Decimal, operator: str) -> None:
    found = compute_capaian(BoundTarget("", operator, t), r, CapaianRule("naik", "rasio"))
    met = {"<=": r <= t, "<": r < t, ">=": r >= t, ">": r > t}[operator]
    assert found.persen is not None
    if met:
        assert (found.persen, found.status) == (100, "tercapai")
    else:
        assert 0 <= found.persen <= 100
        assert found.status == "tidak_tercapai" or found.tampil == 100
        if r == t:
            assert found.status == "tidak_tercapai"


@CALM
@given(POSITIVE, POSITIVE, VALUES)
def test_ranges(one: Decimal, other: Decimal, r: Decimal) -> None:
    low, high = sorted((one, other))
    found = compute_capaian(RangeTarget("", low, high), r, CapaianRule("naik", "rasio"))
    nearest = high if r > high else low
    expected = Fraction(100) if low <= r <= high else Fraction(r) / Fraction(nearest) * 100
    assert found.persen is not None
    assert abs(Fraction(found.persen) - expected) < Fraction(1, 10**20)


@CALM
@given(st.lists(st.tuples(POSITIVE, VALUES), min_size=2, max_size=6))
@example([(Decimal("0.01"), Decimal(10_000)), (Decimal("0.03"), Decimal("0.01"))])  # once summed with 28 digits only
def test_components(pairs: list[tuple[Decimal, Decimal]]) -> None:
    wanted = ComponentsTarget("", tuple(t for t, _ in pairs))
    reached = ComponentsTarget("", tuple(r for _, r in pairs))
    found = compute_capaian(wanted, reached, CapaianRule("naik", "rasio"))
    expected = sum(Fraction(r) / Fraction(t) * 100 for t, r in pairs) / len(pairs)
    assert found.persen is not None
    assert abs(Fraction(found.persen) - expected) < Fraction(1, 10**20)


@CALM
@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=4))
def test_split_adds_up_and_is_even(units: int, decimals: int) -> None:
    target = Decimal(units).scaleb(-decimals)
    parts = split_target(target, decimals, "jumlah")
    assert sum(parts) == target
    assert parts == sorted(parts, reverse=True)
    assert max(parts) - min(parts) <= Decimal(1).scaleb(-decimals)
    assert check_split(target, parts, "jumlah") == ()
    assert aggregate(parts, "jumlah") == target


@CALM
@given(st.lists(st.one_of(st.none(), VALUES), min_size=4, max_size=4))
def test_aggregates(quarters: list[Decimal | None]) -> None:
    known = [Fraction(value) for value in quarters if value is not None]
    if not known:
        assert aggregate(quarters, "jumlah") is None
        return
    total, last, average = (aggregate(quarters, sifat) for sifat in ("jumlah", "posisi_akhir", "rata_rata"))
    assert total is not None
    assert last is not None
    assert average is not None
    assert Fraction(total) == sum(known)
    assert Fraction(last) == known[-1]
    assert abs(Fraction(average) - sum(known) / len(known)) < Fraction(1, 10**20)


def plain_permendagri(value: Decimal) -> str:
    """The reading of Permendagri 54/2010, as a chain of questions."""
    if value > 90:
        return "ST"
    if value > 75:
        return "T"
    if value > 65:
        return "S"
    return "R" if value > 50 else "SR"


@CALM
@given(st.decimals(min_value=-200, max_value=300, places=2))
def test_permendagri_scale(value: Decimal) -> None:
    found = load_pack("capaian/permendagri_86_2017").scale("kategori").classify(value)
    assert found.kode == plain_permendagri(value)
    between = any(low < value < high for low, high in ((90, 91), (75, 76), (65, 66), (50, 51)))
    assert ("celah" in found.flags) == between
    assert ("di_atas_skala" in found.flags) == (value > 100)


@CALM
@given(st.decimals(min_value=25, max_value=100, places=4))
def test_every_ikm_has_a_mutu(value: Decimal) -> None:
    assert load_pack("skm/permenpanrb_14_2017").scale("mutu").classify(value).kode in {"A", "B", "C", "D"}


@CALM
@given(st.text(alphabet="0123456789.,;:-/%≤<≥> adnpermkstglAB", max_size=24))
def test_any_target_text_is_read_or_refused_with_a_message(text: str) -> None:
    try:
        target = parse_target(text)
    except NumberFormatError as error:
        assert_message(error)
        return
    assert target.text == text
    assume(not isinstance(target, EmptyTarget))
    found = compute_capaian(target, target, CapaianRule("naik", "rasio"))
    assert found.status in {"tercapai", "tidak_tercapai", "tidak_terdefinisi"}
