"""The index: weights, caps, categories at their edges, and what is said where something is not reported."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.rules.spm.indeks import ItemMutu, compute_daerah, compute_indeks, compute_mutu, compute_penerima
from capaian.rules.spm.standar import standar_of
from capaian.rules.trace import Citation, Computed, Trace

pytestmark = pytest.mark.unit

STANDAR = standar_of(2025)
PLACE = Citation("Permenkes 6/2024", "penghitungan pencapaian", "tertulis")


def penerima(nilai: str) -> Computed:
    value = Decimal(nilai)
    return Computed(value, value, (), Trace())


def item(nama: str, kebutuhan: str | None, tersedia: str | None) -> ItemMutu:
    return ItemMutu(nama, *(None if text is None else Decimal(text) for text in (kebutuhan, tersedia)))


def test_the_worked_example_of_the_regulations() -> None:
    found = compute_indeks(penerima("98.61"), penerima("90"), STANDAR)
    assert (found.nilai, found.label) == (Decimal("96.89"), "Tuntas Utama")
    assert [step.label for step in found.trace.steps] == ["IP SPM", "Kategori"]


@pytest.mark.parametrize(
    ("terlayani", "sasaran", "persen"),
    [
        # LKIP Bekasi 2024, counts of the text; the percentages recomputed by hand (ibu hamil is printed 97,50).
        (40679, 41732, "97.48"),
        (39876, 40438, "98.61"),
        (144969, 150066, "96.60"),
        (136003, 171949, "79.09"),
        (44010, 44010, "100.00"),
    ],
)
def test_coverage_of_bekasi(terlayani: int, sasaran: int, persen: str) -> None:
    assert compute_penerima(terlayani, sasaran, PLACE).tampil == Decimal(persen)


def test_coverage_above_a_hundred_is_shown_and_capped_in_the_index_only() -> None:
    over = compute_penerima(110, 100, PLACE)
    assert over.tampil == Decimal("110.00")
    assert "melebihi sasaran" in over.catatan[0]
    found = compute_indeks(over, penerima("100"), STANDAR)
    assert (found.penerima, found.nilai, found.label) == (Decimal("110.00"), Decimal("100.00"), "Tuntas Paripurna")


@pytest.mark.parametrize(
    ("nilai", "label"),
    [
        ("100", "Tuntas Paripurna"),
        ("99.6", "Tuntas Utama"),
        ("90", "Tuntas Utama"),
        ("89.995", "Tuntas Utama"),  # printed 90,00, and classified as printed
        ("89.994", "Tuntas Madya"),
        ("80", "Tuntas Madya"),
        ("79.5", "Tuntas Pratama"),
        ("70", "Tuntas Pratama"),
        ("60", "Tuntas Muda"),
        ("59.99", "Belum Tuntas"),
        ("0", "Belum Tuntas"),
    ],
)
def test_categories_are_half_open_from_the_lower_bound(nilai: str, label: str) -> None:
    assert compute_indeks(penerima(nilai), penerima(nilai), STANDAR).label == label


def test_an_old_standard_has_coverage_only() -> None:
    found = compute_indeks(penerima("97.28"), None, standar_of(2023))
    assert (found.nilai, found.mutu) == (Decimal("97.28"), None)


def test_without_quality_there_is_no_index_but_the_coverage_stands() -> None:
    found = compute_indeks(compute_penerima(9, 10, PLACE), compute_mutu([item("Td", "80", None)]), STANDAR)
    assert (found.penerima, found.nilai, found.kategori) == (Decimal("90.00"), None, "")
    assert "1 butir mutu belum dilaporkan." in found.catatan


@pytest.mark.parametrize(
    ("terlayani", "sasaran", "why"),
    [(None, 10, "Yang terlayani belum ada."), (10, None, "Sasaran belum ada."), (0, 0, "Sasaran nol")],
)
def test_undefined_coverage_says_why(terlayani: int | None, sasaran: int | None, why: str) -> None:
    found = compute_penerima(terlayani, sasaran, PLACE)
    assert found.nilai is None
    assert why in found.catatan[0]


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="tidak dapat negatif"):
        compute_penerima(-1, 10, PLACE)


def test_the_two_readings_of_quality_differ_when_volumes_differ() -> None:
    items = [item("Tablet", "18000", "9000"), item("Buku", "100", "150"), item("Gel", "0", "5"), item("Pot", None, "1")]
    assert compute_mutu(items).tampil == Decimal("75.00")  # (50 + 100) / 2: an item in surplus counts 100
    assert compute_mutu(items, "jumlah").tampil == Decimal("50.28")  # 9100 / 18100


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_quality_lies_between_its_worst_and_its_best_item(pairs: list[tuple[int, int]]) -> None:
    items = [ItemMutu(str(number), Decimal(need), Decimal(there)) for number, (need, there) in enumerate(pairs)]
    shares = [min(there / need * 100, 100) for need, there in pairs]
    found = compute_mutu(items).nilai
    assert found is not None
    assert min(shares) - 1e-6 <= float(found) <= max(shares) + 1e-6
    assert abs(float(found) - sum(shares) / len(shares)) < 1e-6


def test_the_district_is_the_mean_of_what_is_known() -> None:
    found = compute_daerah({"Ibu hamil": Decimal("90"), "Balita": None, "Usia lanjut": Decimal("80.01")}, STANDAR)
    assert (found.nilai, found.label) == (Decimal("85.01"), "Tuntas Madya")  # 85.005, half up
    assert "1 jenis pelayanan" in found.catatan[0]
    assert compute_daerah({"Balita": None}, STANDAR).nilai is None


def test_the_index_over_services_is_the_same_without_its_trace() -> None:
    known = {"Balita": Decimal("91.5"), "Ibu hamil": Decimal("70.01"), "TB": None}
    traced, bare = (compute_daerah(known, STANDAR, traced=one) for one in (True, False))
    assert replace(traced, trace=bare.trace) == bare
    assert bare.nilai == Decimal("80.76")
    assert not bare.trace.steps
    assert traced.trace.steps
