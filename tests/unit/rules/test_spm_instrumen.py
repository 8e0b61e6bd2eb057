"""Barthel at the edges of its classes, and SKILAS with any tick."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capaian.rules.packs import load_pack
from capaian.rules.spm.instrumen import InstrumenError, barthel_butir, score_barthel, score_skilas, skilas_butir

pytestmark = pytest.mark.unit

PACK = load_pack("spm/permenkes_6_2024")
ITEMS = barthel_butir(PACK)
MOST = {one.kode: max(choice.nilai for choice in one.pilihan) for one in ITEMS}


def form(skor: int) -> dict[str, int]:
    """A form with this score: the items filled up one after the other."""
    found = {}
    for kode, most in MOST.items():
        found[kode] = min(most, skor)
        skor -= found[kode]
    return found


def test_the_ten_items_add_up_to_twenty() -> None:
    assert list(MOST.values()) == [2, 2, 1, 2, 2, 3, 3, 2, 2, 1]


@pytest.mark.parametrize(
    ("skor", "kode"),
    [
        (20, "mandiri"),
        (19, "ringan"),
        (12, "ringan"),
        (11, "sedang"),
        (9, "sedang"),
        (8, "berat"),
        (5, "berat"),
        (4, "total"),
        (0, "total"),
    ],
)
def test_classes_at_their_edges(skor: int, kode: str) -> None:
    found = score_barthel(form(skor), PACK)
    assert (found.skor, found.kode) == (skor, kode)


@given(st.integers(0, 20))
def test_every_score_has_one_class(skor: int) -> None:
    found = score_barthel(form(skor), PACK)
    limits = [(20, "mandiri"), (12, "ringan"), (9, "sedang"), (5, "berat"), (0, "total")]
    assert found.kode == next(name for least, name in limits if skor >= least)


def test_an_incomplete_form_has_no_score() -> None:
    answers = form(20)
    del answers["mandi"]
    found = score_barthel(answers, PACK)
    assert (found.skor, found.missing) == (None, ("Mandi",))


@pytest.mark.parametrize(("kode", "nilai"), [("mandi", 2), ("mandi", -1), ("terbang", 1)])
def test_answers_that_the_form_does_not_have_are_refused(kode: str, nilai: int) -> None:
    with pytest.raises(InstrumenError):
        score_barthel({**form(20), kode: nilai}, PACK)


def test_any_tick_refers_and_names_the_domain_once() -> None:
    assert score_skilas([], PACK).is_referred is False
    found = score_skilas(["lila", "berat_badan", "minat"], PACK)
    assert (found.is_referred, found.domain) == (True, ("Malnutrisi", "Gejala depresi"))
    assert len({one.domain for one in skilas_butir(PACK)}) == 6
    with pytest.raises(InstrumenError, match="tidak dikenal: x"):
        score_skilas(["x"], PACK)
