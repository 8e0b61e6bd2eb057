"""Keys of printed figures are said in the words of the document."""

from __future__ import annotations

import pytest

from capaian.review.templatetags.review import figure_words

NAMES = {"iku.aki": "Angka Kematian Ibu"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sama dengan tabel_2_2:iku.aki:target", "sama dengan Tabel 2.2, Angka Kematian Ibu, target"),
        ("tabel_2_3:1.02.05.2.03.0001/1:anggaran", "Tabel 2.3, 1.02.05.2.03.0001/1, anggaran"),
        ("penyebut (tabel_2_1)", "penyebut (Tabel 2.1)"),
        ("iku.aki Angka Kematian Ibu", "Angka Kematian Ibu"),
        ("1.02.01 Program Penunjang", "1.02.01 Program Penunjang"),
        ("padahal sifatnya posisi_akhir; jumlahnya 8,52", "padahal sifatnya posisi akhir; jumlahnya 8,52"),
        ("tw3", "triwulan 3"),
        ("(2T − R) ÷ T × 100", "(2T − R) ÷ T × 100"),
    ],
)
def test_figure_words(text: str, said: str) -> None:
    assert figure_words(text, NAMES) == said
