"""GRIM and the joined index: every expected value is worked out by hand in a comment."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.packs import load_pack
from capaian.rules.skm import UnitIkm, compute_gabungan, grim, read_nrr

pytestmark = pytest.mark.spec
PACK = load_pack("skm/permenpanrb_14_2017")


@pytest.mark.parametrize(
    ("printed", "counts", "possible"),
    [
        ("3,48", [25], [25]),  # 87 ÷ 25 = 3,48
        ("3,45", [21], []),  # 72 ÷ 21 = 3,4286; 73 ÷ 21 = 3,4762
        ("3.277", range(370, 381), [372, 375, 376, 379]),  # 1219 ÷ 372 = 3,27688; 1242 ÷ 379 = 3,27704
        ("2,5", [2, 3], [2]),  # 5 ÷ 2; thirds give 2,33 and 2,67
        ("3,3", [3], [3]),  # 10 ÷ 3 = 3,333
        ("1,0", [7], [7]),  # all of them 1
        ("4", [5], [5]),
        ("3,13", [8], [8]),  # 25 ÷ 8 = 3,125, which some round up
        ("3,12", [8], [8]),  # and some down
    ],
)
def test_grim_finds_means_that_no_whole_answers_give(printed: str, counts: list[int], possible: list[int]) -> None:
    found = grim(printed, counts, PACK)
    assert list(found.possible) == possible
    assert found.is_possible is bool(possible)


def test_grim_says_where_it_can_test_nothing() -> None:
    # With a hundred answers the means lie 0,01 apart: each mean of two decimals is one.
    assert grim("3,41", [99], PACK).is_telling
    assert not grim("3,41", [100], PACK).is_telling
    assert not grim("3,41", [], PACK).is_telling


@pytest.mark.parametrize("printed", ["3277", "0,99", "4,01", "tiga", "", "3,2,1", "-3"])
def test_no_mean_of_answers_from_one_to_four(printed: str) -> None:
    with pytest.raises(ValueError, match="bukan nilai rata-rata unsur"):
        read_nrr(printed, PACK)


def test_joined_index_names_its_way() -> None:
    units = [
        UnitIkm("Utara", Decimal(80), 300),
        UnitIkm("Selatan", Decimal(90), 100),
        UnitIkm("Timur", Decimal(70), None),
    ]
    # (80 + 90 + 70) ÷ 3 = 80,00: B. Weighted without Timur: (80 × 300 + 90 × 100) ÷ 400 = 82,50.
    plain = compute_gabungan(units, "rata_rata_unit", PACK)
    weighted = compute_gabungan(units, "bobot_responden", PACK)
    assert plain is not None
    assert weighted is not None
    assert (str(plain.tampil), plain.mutu, plain.catatan) == ("80.00", "B", ())
    assert (str(weighted.tampil), weighted.mutu) == ("82.50", "B")
    assert "Timur" in weighted.catatan[0]
    assert ("Utara", "80 × 300 responden") in weighted.trace.steps[0].inputs
    assert compute_gabungan([], "rata_rata_unit", PACK) is None
