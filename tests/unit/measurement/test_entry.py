"""What may be typed as a realisasi, and how it is refused."""

from __future__ import annotations

from datetime import date

import pytest

from capaian.measurement.entry import RealisasiRefused, check_period, read_realisasi

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("teks", "target", "stored"),
    [
        ("97,5", "98", "97,5"),
        ("97.5", "98", "97,5"),
        ("1.234,5", "98", "1234,5"),
        (" 12 ", "14", "12"),
        ("97,5 %", "98", "97,5 %"),
        ("0,97 : 1000", "1 : 1000", "0,97 : 1000"),
        ("Paripurna", "Paripurna", "Paripurna"),
        ("725; 5; 244; 75", "685; 11; 273; 31", "725; 5; 244; 75"),
        ("-", "98", ""),
        ("belum ada", "98", ""),
    ],
)
def test_read(teks: str, target: str, stored: str) -> None:
    assert read_realisasi(teks, target) == stored


def test_two_readings_are_both_offered_and_each_can_be_typed() -> None:
    with pytest.raises(RealisasiRefused) as refusal:
        read_realisasi("1.234", "1500")
    assert str(refusal.value) == '"1.234" dapat berarti 1.234 atau 1,234. Pilih salah satu.'
    assert refusal.value.readings == (("1.234", "1234"), ("1,234", "1,2340"))
    assert [read_realisasi(typed, "1500") for _, typed in refusal.value.readings] == ["1234", "1,234"]


@pytest.mark.parametrize(
    ("teks", "target", "words"),
    [
        ("ya", "98 %", "tidak dapat dibandingkan dengan target 98 %. Tulis angka"),
        ("20vo", "98", "tidak dikenal. Targetnya 98: tulis angka"),
        ("97", "1 : 1000", "Tulis rasio"),
        ("x" * 121, "98", "terlalu panjang"),
    ],
)
def test_refused_in_words(teks: str, target: str, words: str) -> None:
    with pytest.raises(RealisasiRefused, match=words):
        read_realisasi(teks, target)


def test_period_must_have_begun() -> None:
    check_period(2024, 2, date(2024, 4, 1))
    check_period(2024, 0, date(2024, 1, 1))
    with pytest.raises(RealisasiRefused, match="Triwulan III 2024 baru dimulai 1 Juli 2024"):
        check_period(2024, 3, date(2024, 6, 30))
    with pytest.raises(RealisasiRefused, match="Periode 5 tidak ada"):
        check_period(2024, 5, date(2024, 6, 30))
