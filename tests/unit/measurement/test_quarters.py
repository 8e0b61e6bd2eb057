"""Quarters joined and compared as regulations 7.6 says; expected values by hand from Metro's rencana aksi."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.measurement.quarters import NO_SPLIT, WRONG_SPLIT, annual_value, join_quarters, quarter_target
from capaian.planning.queries import QuarterPlan
from capaian.rules.target import EmptyTarget, NumberTarget

pytestmark = pytest.mark.unit


def value(teks: tuple[str, ...], sifat: str) -> Decimal | None:
    form = join_quarters(teks, sifat).value
    return form.value if isinstance(form, NumberTarget) else None


@pytest.mark.parametrize(
    ("teks", "sifat", "expected"),
    [
        (("6", "2", "3", "3"), "jumlah", "14"),  # dokumen perencanaan
        (("-", "1", "-", "1"), "jumlah", "2"),  # kasus kematian ibu
        (("48,59", "48,59"), "jumlah", "97.18"),  # insiden TB to the second quarter
        (("40", "62,5", "", ""), "posisi_akhir", "62.5"),
        (("10", "20", "60"), "rata_rata", "30"),
    ],
)
def test_quarters_join_by_sifat(teks: tuple[str, ...], sifat: str, expected: str) -> None:
    assert value(teks, sifat) == Decimal(expected)


def test_an_empty_quarter_is_unknown_and_said() -> None:
    joined = join_quarters(("2", "", "1"), "jumlah")
    assert joined.notes == ("1 triwulan belum terisi dan tidak dihitung sebagai nol.",)
    assert join_quarters(("", "-"), "jumlah").is_empty


def test_words_cannot_be_added_so_the_last_counts() -> None:
    joined = join_quarters(("Madya", "Utama"), "jumlah")
    assert joined.value.text == "Utama"
    assert "tidak dapat dijumlahkan" in joined.notes[0]


def test_count_is_compared_with_the_plan_so_far() -> None:
    wanted, notes = quarter_target("14", QuarterPlan("14", ("6", "2", "3", "3")), "jumlah", 2)
    assert isinstance(wanted, NumberTarget)
    assert (wanted.value, notes) == (Decimal(8), ())


def test_split_level_is_compared_with_the_year_and_says_so() -> None:
    wanted, notes = quarter_target("98", QuarterPlan("98", ("24,5",) * 4), "posisi_akhir", 1)
    assert isinstance(wanted, NumberTarget)
    assert (wanted.value, notes) == (Decimal(98), (WRONG_SPLIT,))


def test_a_split_is_judged_by_the_target_of_its_own_document() -> None:
    """The rencana aksi splits 8,5 into parts; that the promise says 8,6 does not make them levels."""
    wanted, notes = quarter_target("8,6", QuarterPlan("8,5", ("2,13",) * 4), "posisi_akhir", 2)
    assert (wanted.text, notes) == ("8,6", (WRONG_SPLIT,))


def test_without_a_split_the_year_is_the_measure() -> None:
    wanted, notes = quarter_target("11,6", QuarterPlan(), "posisi_akhir", 3)
    assert wanted.text == "11,6"
    assert notes == (NO_SPLIT,)


def test_nothing_planned_yet_is_no_target() -> None:
    wanted, notes = quarter_target("72,18", QuarterPlan("72,18", ("-", "-", "-", "72,18")), "posisi_akhir", 2)
    assert isinstance(wanted, EmptyTarget)
    assert notes == ("Tidak ada target yang direncanakan sampai triwulan II.",)


def test_a_figure_stated_for_the_year_wins_over_its_quarters() -> None:
    quarters = {1: "6", 2: "2", 3: "3", 4: "3"}
    assert annual_value(quarters, "jumlah").value.text == "14"
    assert annual_value({**quarters, 0: "13"}, "jumlah").value.text == "13"
