"""The standards as data: as many items and conditions as the document prints, and no row that points nowhere."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

from capaian.rules.packs import load_pack
from capaian.rules.spm.standar import Standar, load_standar, standar_of

pytestmark = pytest.mark.unit

NOW = load_standar("spm/permenkes_6_2024")
OLD = load_standar("spm/permenkes_4_2019")

# Counted in the tables "NO BARANG JUMLAH FUNGSI" and in the lists of the manner of fulfilment, service by service.
ITEMS = {
    "ibu_hamil": 13,
    "ibu_bersalin": 4,
    "bayi_baru_lahir": 7,
    "balita": 10,
    "usia_pendidikan_dasar": 9,
    "usia_produktif": 6,
    "usia_lanjut": 9,
    "hipertensi": 4,
    "diabetes_melitus": 6,
    "odgj_berat": 5,
    "terduga_tb": 9,
    "risiko_hiv": 4,
}
CONDITIONS = {
    "ibu_hamil": 13,
    "ibu_bersalin": 5,
    "bayi_baru_lahir": 9,
    "balita": 19,
    "usia_pendidikan_dasar": 7,
    "usia_produktif": 13,
    "usia_lanjut": 9,
    "hipertensi": 4,
    "diabetes_melitus": 5,
    "odgj_berat": 4,
    "terduga_tb": 4,
    "risiko_hiv": 3,
}


def test_every_printed_item_and_condition_is_there() -> None:
    assert Counter(one.layanan for one in NOW.butir) == ITEMS
    assert {one.kode: len(one.syarat) for one in NOW.layanan} == CONDITIONS


def test_a_year_before_2024_has_the_older_standard() -> None:
    assert [standar_of(tahun).pack.id for tahun in (2023, 2024)] == ["spm/permenkes_4_2019", "spm/permenkes_6_2024"]
    assert (OLD.find("ibu_hamil").kelompok, NOW.find("ibu_hamil").kelompok) == ("ibu_hamil", "ibu_bersalin")
    assert not OLD.has_mutu


@pytest.mark.parametrize("standar", [NOW, OLD], ids=["6/2024", "4/2019"])
def test_no_row_points_nowhere(standar: Standar) -> None:
    groups = {one.kode for one in standar.kelompok}
    assert {one.kelompok for one in standar.layanan} <= groups
    assert {one.induk for one in standar.kelompok if one.induk} <= groups
    assert {one.kelompok for one in standar.butir if one.kelompok} <= groups
    assert {one.terintegrasi for one in standar.butir if one.terintegrasi} <= {one.kode for one in standar.butir}
    known = {one.kode for one in standar.layanan}
    for name in ("catatan_layanan", "syarat", "profesi_layanan"):
        if standar.pack.has(name):
            assert {row["layanan"] for row in standar.pack.rows(name)} <= known, name
    posts = {one.kode for one in standar.profesi}
    assert {one for found in standar.profesi_layanan.values() for one in found} <= posts


@pytest.mark.parametrize("standar", [NOW, OLD], ids=["6/2024", "4/2019"])
def test_every_kode_is_used_once(standar: Standar) -> None:
    for name, kode in (
        ("layanan", [one.kode for one in standar.layanan]),
        ("kelompok", [one.kode for one in standar.kelompok]),
        ("butir", [one.kode for one in standar.butir]),
        ("syarat", [one.kode for layanan in standar.layanan for one in layanan.syarat]),
    ):
        assert [one for one, times in Counter(kode).items() if times > 1] == [], name


def test_an_item_has_a_group_and_a_factor_or_neither() -> None:
    assert [one.kode for one in NOW.butir if (one.faktor is None) != (not one.kelompok)] == []
    unexplained = [
        row["kode"]
        for row in NOW.pack.rows("butir_mutu")
        if not (row["faktor"] or row["terintegrasi"] or row["catatan"])
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    ("kode", "kelompok", "faktor"),
    [
        ("ibu_hamil.td", "ibu_hamil", Fraction(4, 5)),  # × 80 %
        ("ibu_hamil.ttd", "ibu_hamil", Fraction(180)),
        ("ibu_hamil.glukoprotein_urin", "ibu_hamil", Fraction(3, 20)),  # × 15 %
        ("ibu_hamil.gel_usg", "ibu_hamil", Fraction(1, 15)),
        ("bayi_baru_lahir.mtbm", "bayi_baru_lahir", Fraction(3)),
        ("usia_pendidikan_dasar.ttd", "remaja_putri", Fraction(52)),
        ("usia_produktif.td_wus", "wus_15_39", Fraction(1, 8) * Fraction(4, 5)),
    ],
)
def test_printed_formulas(kode: str, kelompok: str, faktor: Fraction) -> None:
    found = next(one for one in NOW.butir if one.kode == kode)
    assert (found.kelompok, found.faktor) == (kelompok, faktor)


def test_a_condition_that_stands_in_for_another_says_so() -> None:
    found = {one.kode: one for layanan in NOW.layanan for one in layanan.syarat}
    assert found["BM.K6"].is_countable
    assert (found["BM.7"].is_countable, found["BM.7"].catatan) == (False, "Diwakili 180 tablet.")


def test_the_weights_are_a_whole() -> None:
    pack = load_pack("spm/permendagri_59_2021")
    assert pack.number("bobot_penerima") + pack.number("bobot_mutu") == 1
    assert [row["kode"] for row in pack.rows("formulir")] == [
        "2.A.2", "2.A.3", "2.B.4", "2.B.5", "2.C.3", "2.C.4", "2.D.2", "2.E.2",
    ]  # fmt: skip
