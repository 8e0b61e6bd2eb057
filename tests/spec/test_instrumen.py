"""The engine of instruments on what documents print: boundaries of classes, caps, means, what leaves a mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.rules.instrumen.hasil import classify_part, evaluate
from capaian.rules.instrumen.model import Kebijakan
from capaian.rules.instrumen.skor import Isian, score_item
from capaian.rules.instrumen.store import load_instrumen

pytestmark = pytest.mark.spec
PATI = load_instrumen("pkp/pati_800_0022")
PELAYANAN, MANAJEMEN, MUTU = PATI.klasifikasi
# Regulations 6.5: value, diktum as printed, annex as printed, then the three policies on the diktum; "" is no class.
MATRIX = [
    ("80.0", {"Kurang"}, {"Kurang"}, "Kurang", "Kurang", "Kurang"),
    ("80.5", set(), {"Kurang"}, "Kurang", "Cukup", "Cukup"),
    ("81.0", {"Cukup"}, {"Cukup", "Kurang"}, "Cukup", "Cukup", "Cukup"),
    ("90.4", set(), {"Cukup"}, "Cukup", "Cukup", "Baik"),
    ("90.5", set(), {"Cukup"}, "Cukup", "Baik", "Baik"),
    ("91.0", {"Baik"}, {"Baik", "Cukup"}, "Baik", "Baik", "Baik"),
    ("91.5", {"Baik"}, {"Baik"}, "Baik", "Baik", "Baik"),
]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row[0])
def test_every_reading_of_the_class_of_pelayanan(row: tuple[str, set[str], set[str], str, str, str]) -> None:
    value = Decimal(row[0])
    printed = [
        {band.label for band in scale.bands if band.contains(value)}
        for scale in (PELAYANAN.skala, PELAYANAN.skala_lain[0].skala)
    ]
    assert printed == [row[1], row[2]]
    policies = ("ambang_bawah", "bulatkan_dulu", "lebih_dari")
    for part in (PELAYANAN, MUTU):  # the diktum prints the same bounds for both
        found = [classify_part(part, value, Kebijakan(batas_kelas=policy)) for policy in policies]
        assert [one.label for one in found] == list(row[3:])
        assert all(("celah" in one.flags) == (not row[1]) for one in found)


@pytest.mark.parametrize(
    ("value", "policy", "label"),
    [
        ("8.45", "literal", "Tidak terklasifikasi"),
        ("8.45", "ambang_bawah", "Cukup"),
        ("8.45", "bulatkan_dulu", "Baik"),  # one decimal, half up: 8,5
        ("8.5", "ambang_bawah", "Baik"),
        ("5.5", "ambang_bawah", "Cukup"),
        ("5.49", "ambang_bawah", "Kurang"),
    ],
)
def test_the_class_of_manajemen(value: str, policy: str, label: str) -> None:
    assert classify_part(MANAJEMEN, Decimal(value), Kebijakan(batas_kelas=policy)).label == label


def test_the_annex_reads_management_otherwise() -> None:
    annex = MANAJEMEN.skala_lain[0].skala
    assert [annex.classify(Decimal(one), "literal").label for one in ("8.45", "8.5", "8.51")] == [
        "Cukup", "Cukup", "Baik",
    ]  # fmt: skip


def test_a_value_is_rounded_once_before_its_class() -> None:
    """90,4951 is 90,50 on two decimals; rounding that again would make 91."""
    value = Decimal("90.4951")
    assert classify_part(PELAYANAN, value, Kebijakan(batas_kelas="bulatkan_dulu")).label == "Cukup"
    # 90,995 is shown as 91,00, and what is shown is classified.
    assert classify_part(PELAYANAN, Decimal("90.995"), Kebijakan(batas_kelas="ambang_bawah")).label == "Baik"


def share(realisasi: int, sasaran: int) -> Isian:
    return Isian(sasaran=Decimal(sasaran), realisasi=Decimal(realisasi))


def test_coverage_is_capped_at_its_target() -> None:
    """Public worksheets print 122,58 capped to 100: 38 of 100 against a target of 31 per cent; here 28 per cent."""
    found = score_item(PATI.items["ukm.a1.2"], share(38, 100), (), {})
    assert found.nilai == 100
    assert "Capaian 135,71 dibatasi 100." in found.catatan  # 38 / 28


def test_real_coverage_of_a_worksheet() -> None:
    """1581 of 2392 is 66,10 per cent of all; against a target of 100 that is the score, too."""
    found = score_item(PATI.items["ukm.c2.3"], share(1581, 2392), (), {})
    assert found.nilai is not None
    assert round(found.nilai, 2) == Decimal("66.10")


def test_tiered_and_flat_means_differ() -> None:
    """A1 has two answers of 100 and 50, A2 one of 20: tiered (75 + 20) / 2, flat (100 + 50 + 20) / 3."""
    answers = {
        "ukm.a1.1": share(1, 1),
        "ukm.a1.2": share(14, 100),  # half of 28
        "ukm.a2.2": share(10, 100),  # a fifth of 50
    }
    tiered = evaluate(PATI, answers, (), Kebijakan(rata_rata="bertingkat")).kelompok["ukm.a"]
    flat = evaluate(PATI, answers, (), Kebijakan(rata_rata="datar")).kelompok["ukm.a"]
    assert (tiered.tampil, flat.tampil) == (Decimal("47.50"), Decimal("56.67"))
    assert (tiered.terjawab, tiered.berlaku) == (3, 8)


def test_an_indicator_with_sub_lines_counts_once() -> None:
    """F1 7): the nine lines give one value, the mean of them, also where all items are averaged flat."""
    lines = {f"ukm.f1.7.{number}": share(70, 100) for number in range(1, 9)} | {"ukm.f1.7.9": share(7, 100)}
    answers = {**lines, "ukm.f1.1": share(40, 100)}
    for policy in (Kebijakan(rata_rata="bertingkat"), Kebijakan(rata_rata="datar")):
        found = evaluate(PATI, answers, (), policy).kelompok
        assert found["ukm.f1.7"].tampil == 90  # (8 × 100 + 10) / 9
        assert found["ukm.f1"].tampil == 65  # (90 + 40) / 2


def test_what_does_not_apply_leaves_the_mean() -> None:
    answers = {
        "ukm.e2.1": share(0, 10),  # malaria, in a Puskesmas that is not endemic
        "ukm.e1.1": share(10, 10),
        "ukm.e3.1": share(0, 0),  # nobody to serve
        "ukm.e4.1": Isian(tidak_berlaku=True, catatan="Tidak ada kasus"),
    }
    found = evaluate(PATI, answers)
    assert {kode: found.butir[kode].status for kode in answers} == {
        "ukm.e2.1": "tidak_berlaku", "ukm.e1.1": "terjawab", "ukm.e3.1": "tidak_berlaku", "ukm.e4.1": "tidak_berlaku",
    }  # fmt: skip
    assert found.kelompok["ukm.e"].tampil == 100
    assert found.kelompok["ukm.e2"].berlaku == 0
    endemic = evaluate(PATI, answers, {"endemis_malaria"})
    assert endemic.kelompok["ukm.e"].tampil == 50


@pytest.mark.parametrize(
    ("isian", "words"),
    [
        (Isian(realisasi=Decimal(5)), "sasaran belum ada"),
        (Isian(sasaran=Decimal(5)), "realisasi belum ada"),
        (share(3, 0), "padahal sasarannya 0"),
        (share(-3, 10), "tidak boleh negatif"),
        (Isian(nilai="#REF!"), "bukan nilai"),
        (Isian(nilai="1.234"), "dapat dibaca"),
    ],
)
def test_what_cannot_be_scored_is_never_a_zero(isian: Isian, words: str) -> None:
    found = evaluate(PATI, {"ukm.a1.1": isian, "ukm.a1.2": share(28, 100)})
    assert (found.butir["ukm.a1.1"].status, found.butir["ukm.a1.1"].nilai) == ("salah", None)
    assert words in " ".join(found.butir["ukm.a1.1"].catatan)
    assert found.kelompok["ukm.a1"].tampil == 100
    assert found.kelompok["ukm.a1"].is_provisional
