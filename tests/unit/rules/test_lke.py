"""What is prepared for evaluators of AKIP: suggested grades, printed values off the grid, named components."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.instrumen.hasil import evaluate, explain
from capaian.rules.instrumen.skor import Isian
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.lke import definition_note, off_grid, suggest_grade, unvalued_components

pytestmark = pytest.mark.unit
NEW = "akip/permenpanrb_88_2021"
BEKASI = (
    "Nilai komponen perencanaan kinerja + Nilai komponen pengukuran kinerja + Nilai komponen pelaporan kinerja + Nilai "
    "komponen evaluasi kinerja + Nilai komponen capaian kinerja"
)


@pytest.mark.parametrize(
    ("met", "total", "expected"),
    # The edges of regulations 2.2: exactly 75, 50 and 25 % stay in the lower band.
    [(8, 8, "BB"), (7, 8, "B"), (6, 8, "CC"), (5, 8, "CC"), (4, 8, "C"), (3, 8, "C"), (2, 8, "D"), (1, 8, "D"),
     (0, 8, "E"), (8, 11, "CC"), (9, 11, "B"), (1, 3, "C"), (2, 3, "CC")],
)  # fmt: skip
def test_the_share_of_criteria_met_suggests_the_grade(met: int, total: int, expected: str) -> None:
    assert suggest_grade(met, total, total).kode == expected


def test_nothing_is_suggested_before_every_criterion_is_answered() -> None:
    found = suggest_grade(3, 5, 8)
    assert (found.kode, found.persen) == ("", Decimal("37.50"))
    with pytest.raises(ValueError, match="tidak mungkin"):
        suggest_grade(4, 3, 8)


def test_a_component_of_bekasi_is_off_the_grid_and_one_of_balangan_is_on_it() -> None:
    groups = load_instrumen(NEW).groups
    assert "78,27%" in off_grid(groups["1"], Decimal("23.48"))
    assert off_grid(groups["1"], Decimal("24.60")) == ""
    assert off_grid(groups["1a"], Decimal("4.80")) == ""
    assert off_grid(groups["1a"], Decimal("4.90"))


def test_values_stated_for_components_take_the_place_of_answers_below() -> None:
    instrumen = load_instrumen(NEW)
    stated = {"1": "23,48", "2": "23,49", "3": "13,38", "4": "20,32"}
    answers = {kode: Isian(nilai) for kode, nilai in stated.items()} | {"1a": Isian("E"), "1a.1": Isian("E")}
    result = evaluate(instrumen, answers)
    root = result.kelompok["lke"]
    assert (root.tampil, result.kelas, root.is_provisional) == (Decimal("80.67"), "A", False)
    assert result.kelompok["1"].jawaban == "23,48"
    step = explain(instrumen, result, "1").steps[0]
    assert ("Nilai tercetak", "23,48") in step.inputs
    assert "30" in step.formula


def test_a_stated_value_beyond_its_weight_is_none() -> None:
    instrumen = load_instrumen(NEW)
    assert evaluate(instrumen, {"1": Isian("30,01")}).kelompok["1"].nilai is None
    assert evaluate(instrumen, {"1a": Isian("4,80")}).kelompok["1a"].nilai == 80


def test_the_trace_of_a_graded_subcomponent_names_its_grade() -> None:
    instrumen = load_instrumen(NEW)
    step = explain(instrumen, evaluate(instrumen, {"1b": Isian("B")}), "1b").steps[0]
    assert step.formula == "jawaban B"


def test_the_definition_of_bekasi_names_a_fifth_component_without_value() -> None:
    names = [one.nama for one in load_instrumen(NEW).akar.isi]
    assert unvalued_components(BEKASI, names) == ("capaian kinerja",)
    assert "menyebut 5 komponen, tetapi 4 yang bernilai" in definition_note(BEKASI, names, "PermenPANRB 88/2021")
    old = [one.nama for one in load_instrumen("akip/permenpanrb_12_2015").akar.isi]
    assert definition_note(BEKASI, old, "PermenPANRB 12/2015") == ""
    assert unvalued_components("Hasil evaluasi atas capaian kinerja dinas", names) == ()
