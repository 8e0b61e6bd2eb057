"""Which months count for a year, and what is served until a quarter: months, quarters, a year, and school years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.rules.spm.jendela import Bulan, Reported, counted_months, counts_for, served_until

pytestmark = pytest.mark.unit

CALENDAR, SCHOOL = "tahun_kalender", "tahun_ajaran"


def months(tahun: int, numbers: range) -> list[Reported]:
    return [Reported(tahun, (bulan + 2) // 3, bulan, 100 + bulan) for bulan in numbers]


def test_a_calendar_year_counts_its_months_up_to_the_quarter() -> None:
    assert counted_months(CALENDAR, 2025, 2) == tuple(Bulan(2025, bulan) for bulan in range(1, 7))
    assert len(counted_months(CALENDAR, 2025)) == 12


def test_a_school_year_counts_june_before_to_may() -> None:
    """The example of the standard: reported in a year is the screening of June before to May."""
    whole = counted_months(SCHOOL, 2025)
    assert (whole[0], whole[-1], len(whole)) == (Bulan(2024, 6), Bulan(2025, 5), 12)
    assert counted_months(SCHOOL, 2025, 1)[-1] == Bulan(2025, 3)
    assert counted_months(SCHOOL, 2025, 3) == whole


@pytest.mark.parametrize("jendela", [CALENDAR, SCHOOL])
@pytest.mark.parametrize("bulan", range(1, 13))
def test_each_month_counts_for_exactly_one_year(jendela: str, bulan: int) -> None:
    month = Bulan(2025, bulan)
    counting = [tahun for tahun in range(2023, 2028) if month in counted_months(jendela, tahun)]  # type: ignore[arg-type]
    assert counting == [counts_for(jendela, month)]  # type: ignore[arg-type]


def test_months_add_up_and_a_silent_quarter_has_no_figure() -> None:
    rows = months(2025, range(1, 7))
    assert served_until(rows, CALENDAR, 2025, 1) == 101 + 102 + 103
    assert served_until(rows, CALENDAR, 2025, 2) == sum(100 + bulan for bulan in range(1, 7))
    assert served_until(rows, CALENDAR, 2025, 3) is None
    assert served_until(rows, CALENDAR, 2025, 0) == served_until(rows, CALENDAR, 2025, 2)
    assert served_until([], CALENDAR, 2025) is None


def test_a_reported_zero_is_a_figure() -> None:
    assert served_until([Reported(2025, 1, 1, 0)], CALENDAR, 2025, 1) == 0


def test_a_year_as_a_whole_stands_only_where_it_has_no_parts() -> None:
    year = Reported(2025, 0, 0, 500)
    assert served_until([year], CALENDAR, 2025) == 500
    assert served_until([year], CALENDAR, 2025, 4) is None
    assert served_until([year, *months(2025, range(1, 4))], CALENDAR, 2025) == 306


def test_a_school_year_reaches_into_the_year_before() -> None:
    rows = months(2024, range(1, 13)) + months(2025, range(1, 13))
    before, after = sum(range(106, 113)), sum(range(101, 106))
    assert served_until(rows, SCHOOL, 2025) == before + after
    assert served_until(rows, SCHOOL, 2025, 1) == before + 101 + 102 + 103
    assert served_until(rows, SCHOOL, 2025, 4) == before + after


def test_a_silent_quarter_of_a_school_year_has_no_figure_either() -> None:
    rows = months(2024, range(6, 13)) + months(2025, range(1, 4))
    assert served_until(rows, SCHOOL, 2025, 1) is not None
    assert served_until(rows, SCHOOL, 2025, 2) is None


def test_quarters_of_a_school_year_are_two_before_and_two_of_the_year() -> None:
    rows = [Reported(tahun, triwulan, 0, triwulan * 10) for tahun in (2024, 2025) for triwulan in (1, 2, 3, 4)]
    assert served_until(rows, SCHOOL, 2025) == 30 + 40 + 10 + 20
    assert served_until(rows, SCHOOL, 2025, 1) == 30 + 40 + 10
    assert served_until(rows, SCHOOL, 2025, 3) == 30 + 40 + 10 + 20


@given(st.lists(st.integers(0, 10_000), min_size=36, max_size=36))
def test_no_person_is_lost_or_counted_twice_between_years(served: list[int]) -> None:
    rows = [
        Reported(2024 + place // 12, place % 12 // 3 + 1, place % 12 + 1, value) for place, value in enumerate(served)
    ]
    for jendela in (CALENDAR, SCHOOL):
        total = sum(served_until(rows, jendela, tahun) or 0 for tahun in range(2024, 2028))  # type: ignore[arg-type]
        assert total == sum(served)


def test_an_unknown_quarter_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="Triwulan 5 tidak ada"):
        counted_months(CALENDAR, 2025, 5)
