"""The even pace of a year: a quarter of the target each quarter."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.spm.pace import PACE, expected_percent, is_behind


@pytest.mark.parametrize(("triwulan", "percent"), [(1, "25"), (2, "50"), (3, "75"), (4, "100"), (0, "100")])
def test_each_quarter_asks_for_a_quarter_more(triwulan: int, percent: str) -> None:
    assert expected_percent(triwulan) == Decimal(percent)


@pytest.mark.parametrize(
    ("penerima", "triwulan", "behind"),
    [
        ("24.99", 1, True),
        ("25", 1, False),
        ("74.99", 3, True),
        ("103.33", 4, False),
        ("0", 1, True),
        (None, 1, False),
    ],
)
def test_only_a_reported_service_can_be_behind(penerima: str | None, triwulan: int, behind: bool) -> None:
    assert is_behind(None if penerima is None else Decimal(penerima), triwulan) is behind


def test_a_fifth_quarter_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Triwulan 5 tidak ada"):
        expected_percent(5)


def test_the_rule_says_that_it_is_a_reading() -> None:
    assert PACE.dasar == "ditafsirkan"
    assert PACE.catatan
