"""Needs of quality items: factors of the standard, whole goods, shortage and cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from capaian.rules.spm.kebutuhan import compute_kebutuhan, standard_need
from capaian.rules.spm.standar import Butir, read_faktor
from capaian.rules.trace import Citation

pytestmark = pytest.mark.unit

TABLET = Butir(
    kode="ibu_hamil.ttd",
    layanan="ibu_hamil",
    jenis="barang",
    nama="Tablet tambah darah",
    satuan="tablet",
    kelompok="ibu_hamil",
    faktor=read_faktor("180"),
    jumlah="180 tablet × jumlah ibu hamil",
    fungsi="Pencegahan anemia",
    terintegrasi="",
    citation=Citation("Permenkes 6/2024", "tabel barang", "tertulis"),
)


@pytest.mark.parametrize(
    ("faktor", "sasaran", "need"),
    [("180", 1000, 180000), ("0.8", 1000, 800), ("0.8", 1001, 801), ("1/15", 1000, 67), ("3", 7, 21), ("1/15", 0, 0)],
)
def test_the_need_is_factor_times_sasaran_in_whole_goods(faktor: str, sasaran: int, need: int) -> None:
    found, trace, notes = standard_need(replace(TABLET, faktor=read_faktor(faktor)), {"ibu_hamil": sasaran})
    assert (found, notes) == (Decimal(need), ())
    assert trace.steps[0].inputs[0] == ("Sasaran", f"{sasaran:,}".replace(",", "."))


def test_without_formula_or_sasaran_nothing_is_guessed() -> None:
    assert standard_need(replace(TABLET, faktor=None), {"ibu_hamil": 5})[0] is None
    found, _, notes = standard_need(TABLET, {})
    assert found is None
    assert "Sasaran ibu hamil belum ditetapkan." in notes[0]


def test_the_shortage_costs_and_a_surplus_does_not() -> None:
    lack = compute_kebutuhan("TTD", Decimal(180000), Decimal(150000), 250)
    assert (lack.selisih, lack.biaya) == (Decimal(30000), 7_500_000)
    surplus = compute_kebutuhan("TTD", Decimal(100), Decimal(120), 250)
    assert (surplus.selisih, surplus.biaya) == (Decimal(-20), 0)
    assert "melebihi kebutuhan" in surplus.catatan[0]


def test_what_is_missing_is_said() -> None:
    assert compute_kebutuhan("TTD", None, Decimal(1), 1).catatan == ("Kebutuhan belum diisi.",)
    unpriced = compute_kebutuhan("TTD", Decimal(2), Decimal(1), None)
    assert (unpriced.selisih, unpriced.biaya, unpriced.catatan) == (Decimal(1), None, ("Harga satuan belum diisi.",))
