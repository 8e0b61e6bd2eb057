"""Estimates of target groups against figures recomputed by hand, and what is refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.rules.packs import load_pack
from capaian.rules.spm.sasaran import CALCULATORS, HIV, SasaranError, estimate
from capaian.rules.spm.standar import standar_of

pytestmark = pytest.mark.unit

PACK = load_pack("spm/permenkes_6_2024")


def persons(kode: str, **inputs: str) -> Decimal | None:
    return estimate(kode, {name: Decimal(value) for name, value in inputs.items()}, PACK).tampil


@pytest.mark.parametrize(
    ("kode", "inputs", "expected"),
    [
        # Permenkes 6/2024, example of ODGJ berat: 5.529.773 × 0,0021 = 11.613.
        ("odgj_berat", {"prevalensi": "0.21", "penduduk": "5529773"}, 11613),
        ("terduga_tb", {"target_penemuan": "100"}, 540),
        ("terduga_tb", {"estimasi_kasus": "100"}, 486),  # 90 × 5.4
        ("ibu_hamil", {"cbr": "18.2", "penduduk": "250000"}, 5005),  # 1.1 × 4,550
        ("ibu_bersalin", {"cbr": "18.2", "penduduk": "250000"}, 4778),  # 1.05 × 4,550 = 4,777.5
        ("bayi_baru_lahir", {"cbr": "18.2", "penduduk": "250000"}, 4550),
        ("hipertensi", {"prevalensi": "34.1", "penduduk_15_atas": "188000"}, 64108),
        ("diabetes_melitus", {"prevalensi": "2", "penduduk_15_atas": "188001"}, 3761),  # 3,760.02
        ("risiko_hiv", dict.fromkeys(HIV, "10"), 80),
    ],
)
def test_estimates(kode: str, inputs: dict[str, str], expected: int) -> None:
    assert persons(kode, **inputs) == expected


def test_every_estimated_group_has_its_calculator_and_basis() -> None:
    groups = {one.kode for one in standar_of(2025).kelompok}
    assert {one.kelompok for one in CALCULATORS.values()} <= groups
    for one in CALCULATORS.values():
        filled = {field.nama: Decimal(1) for field in one.fields}
        assert all(step.citation for step in estimate(one.kode, filled, PACK).trace.steps)


@pytest.mark.parametrize(
    ("found", "words"),
    [(("11000", "11612"), "surat ketetapan"), (("11000", "11613"), "tidak berlaku")],
)
def test_the_exception_of_two_years(found: tuple[str, str], words: str) -> None:
    result = estimate(
        "odgj_berat",
        {
            "prevalensi": Decimal("0.21"),
            "penduduk": Decimal(5529773),
            "ditemukan_lalu": Decimal(found[0]),
            "ditemukan_dua_lalu": Decimal(found[1]),
        },
        PACK,
    )
    assert words in result.catatan[-1]
    assert result.tampil == 11613


def test_a_sum_of_groups_says_which_are_missing() -> None:
    result = estimate("risiko_hiv", {"ibu_hamil": Decimal(5), "wbp": Decimal(7)}, PACK)
    assert result.tampil == 12
    assert "Penjaja seks" in result.catatan[0]


@pytest.mark.parametrize(
    ("kode", "inputs", "why"),
    [
        ("tidak_ada", {}, 'Penghitung "tidak_ada" tidak ada'),
        ("hipertensi", {"prevalensi": "34.1"}, "Penduduk usia 15 tahun ke atas belum diisi"),
        ("hipertensi", {"prevalensi": "341", "penduduk_15_atas": "1"}, "paling banyak 100"),
        ("ibu_hamil", {"cbr": "18", "penduduk": "-1"}, "tidak dapat negatif"),
        ("ibu_hamil", {"cbr": "1001", "penduduk": "1"}, "per 1.000 penduduk"),
        ("ibu_hamil", {"cbr": "18", "penduduk": "1.5"}, "bilangan bulat"),
        ("terduga_tb", {}, "Isi target penemuan TBC"),
        ("risiko_hiv", {}, "Belum ada satu pun"),
    ],
)
def test_inputs_that_give_no_estimate_say_why(kode: str, inputs: dict[str, str], why: str) -> None:
    with pytest.raises(SasaranError, match=why):
        persons(kode, **inputs)


@given(st.integers(0, 10**7), st.integers(0, 10000))
def test_an_estimate_is_the_smallest_whole_number_that_is_enough(people: int, per_myriad: int) -> None:
    found = persons("hipertensi", prevalensi=str(Decimal(per_myriad) / 100), penduduk_15_atas=str(people))
    assert found == -(-people * per_myriad // 10000)
