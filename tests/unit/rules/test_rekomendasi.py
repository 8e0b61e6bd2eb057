"""Recommendations over the years: their age, and a repeated one known by its words."""

from __future__ import annotations

from datetime import date

import pytest

from capaian.rules.rekomendasi import SIMILAR, age_words, find_repeated, similarity

pytestmark = pytest.mark.unit
PENGUKURAN = (
    "Laporan pengukuran kinerja triwulan memuat target, perhitungan dan realisasi, baik untuk kinerja utama maupun "
    "individu."
)
UNGGAH = "Dokumen SAKIP diunggah ke laman esr Kementerian PANRB tidak melewati akhir Februari setiap tahun."
AKSI = "Rencana aksi atas hambatan kinerja dalam monev dilaksanakan agar realisasi target tiap triwulan meningkat."


@pytest.mark.parametrize(
    ("again", "of"),
    [
        ("Agar menyusun laporan pengukuran kinerja triwulan yang memuat target, perhitungan, serta realisasi kinerja "
         "utama dan individu", "pengukuran"),
        ("Mengunggah seluruh dokumen SAKIP pada esr Kementerian PANRB paling lambat akhir bulan Februari", "unggah"),
        ("Melaksanakan rencana aksi terhadap hambatan kinerja hasil monev agar realisasi target triwulan meningkat",
         "aksi"),
    ],
)  # fmt: skip
def test_a_reworded_recommendation_is_found_again(again: str, of: str) -> None:
    found = find_repeated(again, [("pengukuran", PENGUKURAN), ("unggah", UNGGAH), ("aksi", AKSI)])
    assert found is not None
    assert found[0] == of


def test_another_demand_on_the_same_report_is_no_repetition() -> None:
    other = "Penyusunan laporan pengukuran kinerja triwulan agar memuat analisis hambatan kinerja"
    assert similarity(other, PENGUKURAN) < SIMILAR
    assert find_repeated(other, [("pengukuran", PENGUKURAN), ("aksi", AKSI)]) is None
    assert find_repeated("Agar untuk yang", [("pengukuran", PENGUKURAN)]) is None


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2024, 8, 20), date(2024, 9, 30), "baru"),
        (date(2024, 8, 20), date(2024, 10, 1), "1 triwulan"),
        (date(2024, 12, 31), date(2026, 12, 31), "sudah 2 tahun"),
        (date(2024, 3, 1), date(2025, 8, 1), "sudah 1 tahun 2 triwulan"),
        (date(2025, 1, 1), date(2024, 1, 1), "baru"),
    ],
)
def test_the_age_is_said_in_quarters_and_years(since: date, until: date, words: str) -> None:
    assert age_words(since, until) == words
