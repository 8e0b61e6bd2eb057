"""The worksheets of AKIP as instruments agree with the weights and answers of their packs, and with the two reports."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.instrumen.model import Kelompok
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.packs import load_pack

pytestmark = pytest.mark.spec
PACK = "akip/permenpanrb_88_2021"


@pytest.mark.parametrize("pack_id", [PACK, "akip/permenpanrb_12_2015"])
def test_components_and_predicates_are_those_of_the_pack(pack_id: str) -> None:
    instrumen, pack = load_instrumen(pack_id), load_pack(pack_id)
    found = [(one.kode, one.nama, one.bobot) for one in instrumen.akar.isi]
    assert found == [(row["kode"], row["nama"], Decimal(row["bobot"])) for row in pack.rows("komponen")]
    assert instrumen.klasifikasi[0].skala.bands == pack.scale("predikat").bands


def test_subcomponents_have_weight_and_number_of_criteria_of_the_pack() -> None:
    instrumen, rows = load_instrumen(PACK), load_pack(PACK).rows("subkomponen")
    for row in rows:
        group = instrumen.groups[row["kode"]]
        assert (group.nama, group.bobot, len(group.isi)) == (row["nama"], Decimal(row["bobot"]), int(row["kriteria"]))
        assert instrumen.parents[row["kode"]] == row["komponen"]
    assert len(instrumen.items) == 80


def test_answers_are_those_of_the_pack_for_criteria_and_subcomponents() -> None:
    instrumen = load_instrumen(PACK)
    expected = [(row["kode"], Decimal(row["persen"]), row["arti"]) for row in load_pack(PACK).rows("skala_jawaban")]
    graded = [group for group in instrumen.groups.values() if group.pilihan]
    assert len(graded) == 12
    for one in [*graded, *instrumen.items.values()]:
        assert [(choice.kode, choice.nilai, choice.teks) for choice in one.pilihan] == expected


def test_the_old_worksheet_says_how_the_weight_of_planning_is_divided() -> None:
    planning = load_instrumen("akip/permenpanrb_12_2015").groups["1"]
    weights = {one.kode: one.bobot for group in planning.isi if isinstance(group, Kelompok) for one in group.isi}
    assert weights == {"1a1": 2, "1a2": 5, "1a3": 3, "1b1": 4, "1b2": 10, "1b3": 6}
