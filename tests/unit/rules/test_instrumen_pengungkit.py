"""What lifts a result to the next class: effects, what is missing in persons, the fewest items together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from capaian.rules.instrumen.hasil import evaluate
from capaian.rules.instrumen.model import Kebijakan
from capaian.rules.instrumen.pengungkit import lift
from capaian.rules.instrumen.skor import Isian
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.instrumen.terbaik import best_answer
from capaian.rules.numbers import KERNEL_CONTEXT

pytestmark = pytest.mark.unit
PATI = load_instrumen("pkp/pati_800_0022")
ALL = frozenset(PATI.sifat)


def share(realisasi: str, sasaran: str = "100") -> Isian:
    return Isian(sasaran=Decimal(sasaran), realisasi=Decimal(realisasi))


def best() -> dict[str, Isian]:
    """The best answer to every item of Pati, from an empty sheet."""
    found = {kode: best_answer(item, None) for kode, item in PATI.items.items()}
    assert all(found.values())
    return {kode: one.isian for kode, one in found.items() if one}


def test_the_best_answers_make_the_best_class() -> None:
    found = evaluate(PATI, best(), ALL)
    assert {kode: found.kelompok[kode].tampil for kode in ("pelayanan", "manajemen", "mutu")} == {
        "pelayanan": 100, "manajemen": 10, "mutu": 100,
    }  # fmt: skip
    assert (found.kelas, lift(PATI, best(), ALL)) == ("baik", ())


@pytest.mark.parametrize(
    ("kode", "given", "answer", "missing", "words"),
    [
        # 28 per cent of 150 posyandu are 42.
        ("ukm.a1.2", share("30", "150"), share("42", "150"), 12, "Tambah 12: dari 30 menjadi 42 di antara 150."),
        # At most 21 per cent of 333 are 69 children: 69,93 is too many.
        ("ukm.c6b.1", share("80", "333"), share("69", "333"), -11, "Kurangi 11: dari 80 menjadi 69 di antara 333."),
        # Less than 17 per cent of 100 are 16, not 17.
        ("ukm.c6c.4", share("17"), share("16"), -1, "Kurangi 1: dari 17 menjadi 16 di antara 100."),
        # 132 in 100.000 of 500 births is less than one mother.
        ("ukm.c1a.1", share("1", "500"), share("0", "500"), -1, "Kurangi 1: dari 1 menjadi 0 di antara 500."),
        # Six of nine kinds of staff are asked as a share, of which 100 % is full.
        ("man.a3.1", share("6", "9"), share("9", "9"), 3, "Tambah 3: dari 6 menjadi 9 di antara 9."),
        ("man.a2.6", Isian("7"), Isian("9"), 2, "Mencapai sekurang-kurangnya 9 kali / tahun."),
        ("ukm.h.1", share("11", "12"), share("12", "12"), 1, "Tambah 1: dari 11 menjadi 12 di antara 12."),
        ("ukm.h.6", Isian("30"), Isian("23,99"), Decimal("-6.01"), "Mencapai kurang dari 24 jam."),
        ("man.a5.1", Isian("4"), Isian("10"), 6, 'Jawaban menjadi "Ya setiap bulan".'),
        ("mutu.b2.1", Isian("tetap"), Isian("0,81"), None, "Mencapai lebih dari 0,8 indeks."),
    ],
)
def test_what_is_missing_for_the_full_score(
    kode: str, given: Isian, answer: Isian, missing: Decimal | int | None, words: str
) -> None:
    found = best_answer(PATI.items[kode], given)
    assert found is not None
    assert (found.isian, found.missing, found.words) == (answer, missing, words)
    assert found.nilai == PATI.items[kode].maksimum


def lowered(changes: Mapping[str, Isian]) -> dict[str, Isian]:
    return best() | changes


def test_the_part_in_the_way_is_named_with_its_items_by_effect() -> None:
    """UKM pengembangan is a third of pelayanan, its four blocks a quarter each; B has one item, A two."""
    changes = {f"kembang.{kode}": one for kode, one in {
        "a.1": share("0"), "a.2": Isian("tidak"), "b.1": Isian("0"), "c.1": share("50"),
    }.items()}  # fmt: skip
    found = lift(PATI, lowered(changes), ALL)
    assert [(one.kelompok, one.kelas, one.target, one.needed) for one in found] == [
        ("pelayanan", "cukup", "baik", Decimal(91)),
    ]  # fmt: skip
    effects = {one.kode: round(one.effect, 6) for one in found[0].levers}
    # a third × a quarter × 100, then half of it for each of two, then 50 points of one item of five
    assert effects == {
        "kembang.b.1": Decimal("8.333333"), "kembang.a.1": Decimal("4.166667"), "kembang.a.2": Decimal("4.166667"),
        "kembang.c.1": Decimal("0.833333"),
    }  # fmt: skip
    assert list(effects) == ["kembang.b.1", "kembang.a.1", "kembang.a.2", "kembang.c.1"]
    # 82,50 and the largest effect are 90,83; the second makes it 95.
    assert (found[0].chosen, found[0].is_enough, found[0].lifted) == (("kembang.b.1", "kembang.a.1"), True, 95)
    assert found[0].catatan == "2 butir bersama-sama cukup untuk mencapai Baik."
    taken = {one.kode: one.terbaik.isian for one in found[0].levers[:2]}
    lifted = evaluate(PATI, lowered({**changes, **taken}), ALL)
    assert (lifted.kelas, lifted.kelompok["pelayanan"].nilai) == ("baik", found[0].lifted)


def test_every_effect_is_that_of_a_full_evaluation() -> None:
    answers = {kode: one for place, (kode, one) in enumerate(best().items()) if place % 3}  # a third is not answered
    answers |= {kode: share("1", "1000") for kode in list(answers)[::5] if PATI.items[kode].arah == "naik"
                and PATI.items[kode].masukan == "pembilang_penyebut"}  # fmt: skip
    sifat = {"haji"}
    before = evaluate(PATI, answers, sifat).kelompok
    found = lift(PATI, answers, sifat)
    levers = [(part.kelompok, one) for part in found for one in part.levers]
    assert len(levers) > 50
    for part, one in levers[::7]:
        after = evaluate(PATI, answers | {one.kode: one.terbaik.isian}, sifat).kelompok[part].nilai
        assert after is not None
        assert KERNEL_CONTEXT.subtract(after, before[part].nilai or Decimal(0)) == one.effect
    for one in found:
        chosen = {lever.kode: lever.terbaik.isian for lever in one.levers if lever.kode in one.chosen}
        assert evaluate(PATI, answers | chosen, sifat).kelompok[one.kelompok].nilai == one.lifted
    assert "Baru" in found[0].catatan


def test_a_part_without_answers_asks_to_be_filled_first() -> None:
    answers = {kode: one for kode, one in best().items() if not kode.startswith("man.")}
    found = lift(PATI, answers, ALL)
    assert [(one.kelompok, one.nilai, one.levers) for one in found] == [("manajemen", None, ())]
    assert "belum terisi" in found[0].catatan


def test_mixed_classes_aim_at_the_next_or_at_the_best() -> None:
    """Manajemen at 4 is kurang. Where mixed classes are allowed, cukup is the next; else only baik makes a class."""
    four = {kode: Isian("4") for kode, item in PATI.items.items() if kode.startswith("man.") and "4" in item.by_pilihan
            and item.penilaian == "pilihan"}  # fmt: skip
    four |= {"man.a2.6": Isian("4"), "man.a2.7": Isian("1"), "man.a3.1": share("60"), "man.a4.6": Isian("70")}
    lowest, none = (
        lift(PATI, lowered(four), ALL, Kebijakan(campuran=campuran, batas_kelas="ambang_bawah"))
        for campuran in ("terendah", "tidak_terklasifikasi")
    )
    assert [(one.kelompok, one.target, one.needed) for one in lowest] == [("manajemen", "cukup", Decimal("5.5"))]
    assert [(one.kelompok, one.target, one.needed) for one in none] == [("manajemen", "baik", Decimal("8.5"))]
    assert len(lowest[0].chosen) < len(none[0].chosen)


@pytest.mark.parametrize(
    ("policy", "needed"), [("ambang_bawah", "91"), ("bulatkan_dulu", "90.5"), ("lebih_dari", "90.01")]
)
def test_what_is_needed_follows_the_boundary_policy(policy: str, needed: str) -> None:
    changes = {"kembang.b.1": Isian("0"), "kembang.a.2": Isian("tidak")}  # 100 − 8,33 − 4,17 = 87,50
    found = lift(PATI, lowered(changes), ALL, Kebijakan(batas_kelas=policy))
    assert [one.needed for one in found] == [Decimal(needed)]
