"""The instrument of Pati holds what tables 1 to 5 print: counts, polarity, full lines, printed numbers and scores."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from capaian.rules.instrumen.model import Butir, Kelompok, Pilihan
from capaian.rules.instrumen.skor import Isian, score_item
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.packs import load_pack

pytestmark = pytest.mark.spec
PACK = "pkp/pati_800_0022"
PATI = load_instrumen(PACK)
# Taken from the document by a second reading, not from the pack.
LINES = Path(__file__).resolve().parents[1] / "data/pkp_pati_lines.tsv"
# Counted by hand in the tables of the decision.
COUNTS = {
    "spm": 12,
    "ukm.a": 8, "ukm.a1": 3, "ukm.a2": 2, "ukm.a3": 1, "ukm.a4": 2,
    "ukm.b": 8, "ukm.b1": 3, "ukm.b2": 1, "ukm.b3": 3, "ukm.b4": 1,
    "ukm.c": 58, "ukm.c1a": 10, "ukm.c1b": 4, "ukm.c2": 8, "ukm.c3": 4, "ukm.c4": 7, "ukm.c5a": 2, "ukm.c5b": 4,
    "ukm.c6a": 6, "ukm.c6b": 3, "ukm.c6c": 6, "ukm.c6d": 4,
    "ukm.d": 18, "ukm.d1": 8, "ukm.d2": 2, "ukm.d3": 4, "ukm.d4": 1, "ukm.d5": 2, "ukm.d6": 1,
    "ukm.e": 13, "ukm.e1": 4, "ukm.e2": 3, "ukm.e3": 2, "ukm.e4": 4,
    "ukm.f": 12, "ukm.f1": 9, "ukm.f2": 3, "ukm.g": 10, "ukm.h": 7, "ukm.i": 1,
    "ukm_esensial": 135,
    "ukm_pengembangan": 12, "kembang.a": 2, "kembang.b": 1, "kembang.c": 5, "kembang.d": 4,
    "ukp": 26, "ukp.a1": 5, "ukp.a2": 4, "ukp.a3": 1, "ukp.a4": 3, "ukp.a5": 5, "ukp.b": 3, "ukp.c": 5,
    "manajemen": 28, "man.a1": 2, "man.a2": 8, "man.a3": 3, "man.a4": 7, "man.a5": 6, "man.a6": 2,
    "mutu": 11, "mutu.b1": 6, "mutu.b2": 2, "mutu.b3": 3,
    "pkp": 224,
}  # fmt: skip
# Everything else rises. CNR and resistant cases are finds and not burdens; the reason stands with each item.
FALLING = {
    "ukm.c1a.1", "ukm.c1b.1", "ukm.c2.1", "ukm.c5b.3", "ukm.c6b.1", "ukm.c6b.4", "ukm.c6c.1", "ukm.c6c.2", "ukm.c6c.3",
    "ukm.c6c.4", "ukm.c6c.6", "ukm.c6d.3", "ukm.e1.2", "ukm.e1.3", "ukm.e2.2", "ukm.e2.3", "ukm.e3.2", "ukm.e4.2",
    "ukm.e4.3", "ukm.e4.4", "ukm.h.6", "ukm.h.7", "ukp.a1.3", "ukp.a2.4", "ukp.a5.1", "ukp.a5.3", "ukp.a5.4",
    "ukp.a5.5", "ukp.c.4",
}  # fmt: skip


def indicators(group: Kelompok) -> Iterator[Butir | Kelompok]:
    """What the document counts as one indicator; those with sub-lines once."""
    for child in group.isi:
        if isinstance(child, Kelompok) and not child.is_item:
            yield from indicators(child)
        else:
            yield child


def test_every_group_has_as_many_indicators_as_printed() -> None:
    assert {kode: len(list(indicators(PATI.groups[kode]))) for kode in COUNTS} == COUNTS
    assert [len(list(PATI.groups[kode].items())) for kode in ("ukm.f1.7", "man.a5.6", "manajemen")] == [9, 6, 33]


def test_the_pack_counts_and_classifies_as_the_instrument_does() -> None:
    pack = load_pack(PACK)
    assert {row["kode"]: int(row["banyaknya"]) for row in pack.rows("indikator")}.items() <= COUNTS.items()
    for part in PATI.klasifikasi:
        assert part.skala.bands == pack.scale(part.kelompok).bands
        for other in part.skala_lain:
            assert other.skala.bands == pack.scale(f"{part.kelompok}_lampiran").bands
    assert [len(part.skala_lain) for part in PATI.klasifikasi] == [1, 1, 0]


def test_direction_is_set_with_a_reason_for_every_measured_indicator() -> None:
    measured = [one for one in PATI.items.values() if one.penilaian != "pilihan"]
    assert {one.kode for one in measured if one.arah == "turun"} == FALLING
    assert {PATI.items[kode].arah for kode in ("ukm.d1.2", "ukm.d1.6", "ukm.d5.1")} == {"naik"}
    assert [one.kode for one in measured if not one.alasan_arah] == []


def lines(group: Kelompok) -> Iterator[Butir | Kelompok]:
    """What is a line of a printed table: items, and the heads of those with sub-lines."""
    for child in group.isi:
        if isinstance(child, Butir) or child.is_item:
            yield child
        if isinstance(child, Kelompok):
            yield from lines(child)


def cells(one: Butir | Kelompok) -> list[str]:
    """The printed cells that an item holds, in the order of its table; of a head what it says of itself."""
    head = [one.tabel.removeprefix("Tabel "), one.nomor, one.nama]
    if isinstance(one, Kelompok):
        return head
    if one.tabel != "Tabel 5":
        return [*head, one.satuan, one.target, one.sasaran]
    if one.kode.startswith("mutu.inm"):  # where the scores stand for others, the formula is printed
        return [*head, one.target, "", one.catatan.removeprefix("Rumus tercetak: ").partition(". Kali")[0].rstrip(".")]
    scores = {choice.nilai: choice.teks for choice in one.pilihan}
    return [*head, one.target, *(scores.get(Decimal(score), "") for score in (0, 4, 7, 10))]


def test_every_line_stands_as_printed() -> None:
    printed = [line.split("\t") for line in LINES.read_text(encoding="utf-8").splitlines()[1:]]
    found = list(lines(PATI.akar))
    assert len(printed) == len(found) == 239
    for one, line in zip(found, printed, strict=True):
        held = cells(one)
        beside = line[len(held) :] if isinstance(one, Kelompok) else []
        assert held == [*line, *[""] * (len(held) - len(line))][: len(held)]
        assert all(text in f"{one.satuan} {one.catatan}" for text in beside), one.kode


def test_rates_are_counted_in_the_unit_of_their_target() -> None:
    found = {one.kode: one.pengali for one in PATI.items.values() if one.pengali != 100}
    per_100_000 = ("ukm.c1a.1", "ukm.c1b.1", "ukm.c2.1", "ukm.d1.2", "ukm.e1.2", "ukm.e4.2")
    assert found == dict.fromkeys(per_100_000, Decimal(100_000)) | {
        "ukm.e2.2": Decimal(1000), "ukp.a1.2": Decimal(1000), "mutu.inm.f": Decimal(25),
    }  # fmt: skip


def test_printed_numbers_keep_their_faults() -> None:
    assert [one.nomor for one in PATI.groups["ukm.c4"].isi] == ["1)", "2)", "3)", "4)", "7)", "8)", "9)"]
    assert [one.nomor for one in PATI.groups["ukm.c5a"].isi] == ["1)", "3)"]
    assert [one.nomor for one in PATI.groups["ukm.c6b"].isi] == ["1)", "2)", "4)"]
    assert [one.nomor for one in PATI.groups["mutu.inm"].isi] == ["a.", "b.", "c.", "a.", "b.", "f."]
    assert (PATI.groups["ukm.i1"].nomor, PATI.groups["ukp"].nomor) == ("11.", "A.")


def test_only_printed_scores_can_be_given() -> None:
    scores = {
        one.kode: [choice.nilai for choice in one.pilihan] for one in PATI.items.values() if one.tabel == "Tabel 5"
    }
    without = {kode: found for kode, found in scores.items() if found != [0, 4, 7, 10]}
    assert without == {
        "man.a2.1": [0, 10], "man.a4.5": [0, 10], "man.a6.1": [0, 10], "mutu.b3.1": [0, 10], "mutu.b3.3": [0, 7, 10],
    }  # fmt: skip
    assert {PATI.items["mutu.b3.3"].by_pilihan[kode].teks for kode in ("7", "10")} == {"1 kali setahun"}


def best_answer(item: Butir) -> Isian:
    """An answer that reaches the target, or the best printed score."""
    if item.penilaian == "pilihan":
        return Isian(max(item.pilihan, key=lambda one: one.nilai).kode)
    if item.penilaian == "pita":
        return Isian(str(_lower(max(item.pilihan, key=lambda one: one.nilai))))
    if item.masukan == "pembilang_penyebut":
        return Isian(realisasi=Decimal(0 if item.arah == "turun" else 1000), sasaran=Decimal(1000))
    return Isian("0" if item.arah == "turun" else "1000")


def _lower(band: Pilihan) -> Decimal:
    assert band.dari is not None
    return band.dari + Decimal("0.1") if band.dari_terbuka else band.dari


def test_every_line_can_be_answered_with_its_best() -> None:
    found = {one.kode: score_item(one, best_answer(one), PATI.sifat, PATI.sifat) for one in PATI.items.values()}
    assert {kode: one.catatan for kode, one in found.items() if one.nilai != PATI.items[kode].maksimum} == {}


def test_only_what_the_decision_allows_depends_on_the_puskesmas() -> None:
    found: dict[str, list[str]] = {}
    for one in PATI.items.values():
        if one.sifat:
            found.setdefault(one.sifat, []).append(one.kode)
    assert found == {
        "endemis_malaria": ["ukm.e2.1", "ukm.e2.2", "ukm.e2.3"],
        "haji": ["kembang.c.4", "kembang.d.1", "kembang.d.2", "kembang.d.3", "kembang.d.4"],
        "rawat_inap": ["ukp.a2.1", "ukp.a2.2", "ukp.a2.3", "ukp.a2.4", "ukp.a5.2"],
    }
