"""What lies between an answer and its target, in what is counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from capaian.rules.instrumen.gap import Gap, gap_of
from capaian.rules.instrumen.model import Butir, Pilihan
from capaian.rules.instrumen.skor import Isian

pytestmark = pytest.mark.unit


def item(target: str, arah: str = "naik", **more: Any) -> Butir:
    return Butir("x", "X", "capaian", target=target, arah=arah, **{"masukan": "pembilang_penyebut", **more})


def counted(realisasi: int, sasaran: int) -> Isian:
    return Isian(sasaran=Decimal(sasaran), realisasi=Decimal(realisasi))


@pytest.mark.parametrize(
    ("target", "arah", "more", "given", "needed", "missing"),
    [
        # 80 % of 7 are 5,6: six persons.
        ("80", "naik", {}, (4, 7), "5.6", 2),
        ("80", "naik", {}, (6, 7), "5.6", 0),
        ("> 80 %", "naik", {}, (8, 10), "8", 1),
        ("≥ 95", "naik", {}, (95, 100), "95", 0),
        ("21", "turun", {}, (30, 100), "21", 9),
        ("<20", "turun", {}, (20, 100), "20", 1),
        ("≤ 2 %", "turun", {}, (2, 100), "2", 0),
        # 132 per 100.000 of 1.674 births are 2,2: two deaths, and three are one too many.
        ("132", "turun", {"pengali": Decimal(100000)}, (3, 1674), "2.20968", 1),
        ("150", "naik", {"pengali": Decimal(1000)}, (1000, 10000), "1500", 500),
        ("0", "turun", {}, (2, 50), "0", 2),
    ],
)
def test_counts(
    target: str, arah: str, more: dict[str, Any], given: tuple[int, int], needed: str, missing: int
) -> None:
    found = gap_of(item(target, arah, **more), counted(*given))
    assert found.needed == Decimal(needed)
    assert found.missing == missing


def test_what_was_reached_is_in_the_unit_of_the_target() -> None:
    assert gap_of(item("80"), counted(45, 60)).reached == 75
    assert gap_of(item("150", pengali=Decimal(1000)), counted(374, 10000)).reached == Decimal("37.4")


def test_typed_values_are_compared_as_they_stand() -> None:
    assert gap_of(item("34", masukan="nilai"), Isian("30")) == Gap(Decimal(30), Decimal(34), Decimal(4))
    assert gap_of(item("≤ 3", "turun", masukan="nilai"), Isian("4,5")).missing == Decimal("1.5")


@pytest.mark.parametrize(
    ("one", "given"),
    [
        (item("80"), None),
        (item("80"), Isian()),
        (item("80"), Isian(tidak_berlaku=True, catatan="Tidak ada.")),
        (item("80"), Isian(realisasi=Decimal(5))),
        (item("80"), counted(5, 0)),
        (item("ya", masukan="nilai"), Isian("tidak")),
        (item("80", masukan="nilai"), Isian("#REF!")),
        (Butir("x", "X", "pilihan", pilihan=(Pilihan("ya", Decimal(10), "Ada"),)), Isian("ya")),
    ],
)
def test_where_nothing_can_be_told_nothing_is(one: Butir, given: Isian | None) -> None:
    found = gap_of(one, given)
    assert (found.reached, found.missing) == (None, None)
