"""What worksheets of PKP print beside a score: what was reached, and the target in persons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from capaian.rules.instrumen.model import Butir, Pilihan
from capaian.rules.instrumen.reached import reached_of, target_sasaran_of
from capaian.rules.instrumen.skor import Isian

pytestmark = pytest.mark.unit


def item(target: str, **more: Any) -> Butir:
    return Butir("x", "X", "capaian", target=target, arah="naik", **{"masukan": "pembilang_penyebut", **more})


def counted(realisasi: int, sasaran: int) -> Isian:
    return Isian(sasaran=Decimal(sasaran), realisasi=Decimal(realisasi))


@pytest.mark.parametrize(
    ("target", "pengali", "given", "reached", "needed"),
    [
        # Public worksheets of PKP: 1581 of 2392 are 66,10 % (regulations 6.6).
        ("100", 100, (1581, 2392), "66.10", "2392"),
        ("80", 100, (45, 60), "75", "48"),
        ("≤ 2 %", 100, (3, 100), "3", "2"),
        ("150", 1000, (374, 10000), "37.4", "1500"),
        ("132", 100000, (3, 1674), "179.21", "2.20968"),
    ],
)
def test_counts(target: str, pengali: int, given: tuple[int, int], reached: str, needed: str) -> None:
    one = item(target, pengali=Decimal(pengali))
    found = reached_of(one, counted(*given))
    assert found is not None
    assert round(found, 2) == Decimal(reached)
    assert target_sasaran_of(one, counted(*given)) == Decimal(needed)


def test_a_value_given_as_such_is_what_was_reached() -> None:
    assert reached_of(item("≤ 3", masukan="nilai"), Isian("4,5")) == Decimal("4.5")
    assert target_sasaran_of(item("≤ 3", masukan="nilai"), Isian("4,5")) is None


@pytest.mark.parametrize(
    ("one", "given"),
    [
        (item("80"), None),
        (item("80"), Isian()),
        (item("80"), Isian(tidak_berlaku=True, catatan="Tidak ada.")),
        (item("80"), Isian(realisasi=Decimal(5))),
        (item("80", masukan="nilai"), Isian("#REF!")),
        (item("ya", masukan="nilai"), Isian("tidak")),
        (Butir("x", "X", "pilihan", pilihan=(Pilihan("ya", Decimal(10), "Ada"),)), Isian("ya")),
    ],
)
def test_where_nothing_can_be_told_nothing_is(one: Butir, given: Isian | None) -> None:
    assert reached_of(one, given) is None
    assert target_sasaran_of(one, given) is None


def test_no_sasaran_gives_no_share_and_no_target_in_persons_without_a_number() -> None:
    assert reached_of(item("80"), counted(0, 0)) is None
    assert target_sasaran_of(item("Maks tgl 5"), counted(5, 10)) is None
