"""Joining units' reports. Expected figures by hand; the ratio by the raw counts, as regulations 7.3 asks."""

from decimal import Decimal

import pytest

from capaian.rules.gabungan import UnitValue, join_units

pytestmark = pytest.mark.unit
D = Decimal


def test_a_ratio_is_the_ratio_of_sums_never_the_mean_of_ratios():
    values = [UnitValue("A", pembilang=D(90), penyebut=D(100)), UnitValue("B", pembilang=D(10), penyebut=D(300))]
    joined = join_units(values, "rasio")
    assert joined.nilai == D(25)  # 100 of 400; the mean of 90 % and 3,33 % would be 46,67 %
    assert (joined.pembilang, joined.penyebut) == (D(100), D(400))
    assert joined.trace.steps[0].inputs == (("A", "90 / 100"), ("B", "10 / 300"))


def test_a_rate_has_its_base():
    joined = join_units([UnitValue("A", pembilang=D(2), penyebut=D(1674))], "rasio", 100_000)
    assert round(joined.nilai, 2) == D("119.47")


@pytest.mark.parametrize(("cara", "expected"), [("jumlah", D(9)), ("rata_rata", D("4.5"))])
def test_sum_and_mean_leave_out_who_did_not_report_and_say_so(cara, expected):
    joined = join_units([UnitValue("A", D(4)), UnitValue("B", D(5)), UnitValue("C")], cara)
    assert joined.nilai == expected
    assert joined.catatan == ("1 unit belum melaporkan nilainya.",)


def test_half_a_ratio_is_no_report():
    joined = join_units([UnitValue("A", pembilang=D(4))], "rasio")
    assert joined.nilai is None
    assert joined.catatan == ("1 unit belum melaporkan nilainya.",)


def test_no_report_is_no_value_and_zero_is_one():
    assert join_units([], "jumlah").nilai is None
    assert join_units([UnitValue("A", D(0))], "jumlah").nilai == 0


def test_a_ratio_over_nothing_is_undefined_not_zero():
    joined = join_units([UnitValue("A", pembilang=D(0), penyebut=D(0))], "rasio")
    assert joined.nilai is None
    assert "tidak terdefinisi" in joined.catatan[0]
