"""Scoring and joining against a second implementation with fractions, written from the rules, on trees of any shape.

It reads the data of an instrument as it stands in a pack, and shares nothing with the engine.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capaian.rules.instrumen.hasil import evaluate
from capaian.rules.instrumen.linter import lint
from capaian.rules.instrumen.pengungkit import lift
from capaian.rules.instrumen.peringkat import Peserta, rank
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.skor import Isian
from capaian.rules.instrumen.store import instrumen_to_data
from capaian.rules.numbers import KERNEL_CONTEXT

pytestmark = pytest.mark.generative
CALM = settings(max_examples=80, deadline=None)
SOURCE = {"instrumen": "Contoh", "tempat": "tabel", "dasar": "tertulis"}
SCALE = {
    "kebijakan": "ambang_bawah",
    "tingkat": [
        {"kode": "baik", "label": "Baik", "dari": "60", "sampai": None},
        {"kode": "kurang", "label": "Kurang", "dari": None, "sampai": "60", "sampai_terbuka": True},
    ],
}
# Few values, so that bounds and targets are met exactly, too.
REACHED = st.sampled_from([0, 1, 5, 10, 20, 30, 50, 60, 80, 99, 100, 120, 300])
SASARAN = st.sampled_from([0, 7, 100, 100, 200])
BOUNDS = st.sampled_from([0, 10, 20, 30, 50, 60, 80, 100])
TARGETS = st.sampled_from(["80", "100", "12", "0", "≤ 20", "< 30", "≥ 60", "> 80"])
MEASURED = st.fixed_dictionaries({
    "penilaian": st.just("capaian"), "target": TARGETS, "arah": st.sampled_from(["naik", "turun"]),
    "masukan": st.just("pembilang_penyebut"), "pengali": st.sampled_from(["100", "1000"]),
})  # fmt: skip
CHOSEN = st.fixed_dictionaries({
    "penilaian": st.just("pilihan"),
    "pilihan": st.lists(st.integers(0, 10), min_size=1, max_size=4, unique=True).map(
        lambda values: [{"kode": f"p{one}", "nilai": str(one), "teks": ""} for one in values]
    ),
    "maksimum": st.just("10"),
})  # fmt: skip


@st.composite
def banded(draw: st.DrawFn) -> dict[str, Any]:
    """Bands anywhere: with holes, overlaps, open ends, single points."""
    bands = []
    for number in range(draw(st.integers(1, 4))):
        low, high = sorted(draw(st.tuples(BOUNDS, BOUNDS)))
        band = {"kode": f"n{number}", "nilai": str(draw(st.integers(0, 10))), "teks": "", "dari": str(low)}
        bands.append(band | {"sampai": str(high), "dari_terbuka": draw(st.booleans()), "sampai_terbuka": False})
    return {"penilaian": "pita", "pilihan": bands, "maksimum": "10", "masukan": "pembilang_penyebut",
            "arah": draw(st.sampled_from(["", "naik", "turun"]))}  # fmt: skip


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    found = dict(draw(st.one_of(MEASURED, CHOSEN, banded())))
    return found | {"sifat": draw(st.sampled_from(["", "", "", "haji"]))}


@st.composite
def groups(draw: st.DrawFn, depth: int = 3) -> dict[str, Any]:
    inner = items() if depth == 1 else st.one_of(items(), groups(depth - 1))
    isi = draw(st.lists(inner, min_size=1, max_size=4))
    return {
        "isi": isi,
        "agregasi": draw(st.sampled_from(["rata_rata", "rata_rata", "persen_maksimum", "jumlah_bobot", "jumlah"])),
        "is_item": draw(st.sampled_from([False, False, True])),
        "ikut": draw(st.sampled_from([True, True, True, False])),
        "datar": draw(st.sampled_from([False, False, True])),
        "weights": draw(st.lists(st.integers(1, 9), min_size=len(isi), max_size=len(isi))),
    }


def named(group: dict[str, Any], numbers: Any) -> dict[str, Any]:
    """Give every node its kode, and weights that add up where they are asked."""
    weights = group.pop("weights")
    group |= {"kode": f"k{next(numbers)}", "nama": "Kelompok"}
    for child, weight in zip(group["isi"], weights, strict=True):
        if group["agregasi"] == "jumlah_bobot":
            child["bobot"] = str(weight)
        if "isi" in child:
            named(child, numbers)
        else:
            child |= {"kode": f"b{next(numbers)}", "nama": "Butir"}
    counted = [Fraction(one["bobot"]) for one in group["isi"] if "bobot" in one and one.get("ikut", True)]
    if group["agregasi"] == "jumlah_bobot" and counted:
        group["maksimum"] = str(sum(counted))
    elif group["agregasi"] == "jumlah_bobot":
        group["agregasi"] = "jumlah"  # nothing below counts by itself
    elif group["agregasi"] == "persen_maksimum":
        group["maksimum"] = "10"
    return group


def below(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for child in group["isi"] for one in (below(child) if "isi" in child else [child])]


def inside(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for child in group["isi"] if "isi" in child for one in (child, *inside(child))]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Isian], set[str], dict[str, Any]]:
    """An instrument as data, answers (some missing, some wrong), the properties of the unit, policies."""
    akar = named(draw(groups()), count())
    answers = {}
    for item in below(akar):
        kind = draw(st.sampled_from(["answered", "answered", "answered", "empty", "out", "half"]))
        if kind == "out":
            answers[item["kode"]] = Isian(tidak_berlaku=True, catatan="tidak ada")
        elif kind != "empty" and item["penilaian"] == "pilihan":
            answers[item["kode"]] = Isian(draw(st.sampled_from([*(one["kode"] for one in item["pilihan"]), "p99"])))
        elif kind != "empty":
            sasaran = None if kind == "half" else Decimal(draw(SASARAN))
            answers[item["kode"]] = Isian(sasaran=sasaran, realisasi=Decimal(draw(REACHED)))
    beside = [one["kode"] for one in inside(akar) if not one["ikut"]]
    policies = {"rata_rata": draw(st.sampled_from(["bertingkat", "datar"])),
                "sertakan": draw(st.sampled_from([[], beside]))}  # fmt: skip
    return akar, answers, draw(st.sampled_from([set(), {"haji"}])), policies


OUT, NONE = "out", "none"
Score = Fraction | str


def plain_item(item: dict[str, Any], given: Isian | None, sifat: set[str]) -> Score:
    if (item["sifat"] and item["sifat"] not in sifat) or (given is not None and given.tidak_berlaku):
        return OUT
    if given is None:
        return NONE
    if item["penilaian"] == "pilihan":
        return next((Fraction(one["nilai"]) for one in item["pilihan"] if one["kode"] == given.nilai), NONE)
    if given.sasaran is None or given.realisasi is None:
        return NONE
    if given.sasaran == 0:
        return NONE if given.realisasi else OUT
    reached = Fraction(given.realisasi) * Fraction(item.get("pengali", 100)) / Fraction(given.sasaran)
    return plain_band(item, reached) if item["penilaian"] == "pita" else plain_target(item, reached)


def plain_target(item: dict[str, Any], reached: Fraction) -> Score:
    sign, _, number = item["target"].rpartition(" ")
    target = Fraction(number)
    met = {"": None, "≤": reached <= target, "<": reached < target, "≥": reached >= target, ">": reached > target}[sign]
    if met:
        return Fraction(100)
    rises = sign in ("≥", ">") or (sign == "" and item["arah"] == "naik")
    if target == 0:
        return NONE if rises else Fraction(100 if reached == 0 else 0)
    if rises:
        return min(Fraction(100), reached / target * 100)
    return min(Fraction(100), target / reached * 100) if reached else Fraction(100)


def plain_band(item: dict[str, Any], reached: Fraction) -> Score:
    value = Fraction(floor(reached * 100 + Fraction(1, 2)), 100)
    bands = [(Fraction(one["dari"]), Fraction(one["sampai"]), one["dari_terbuka"], Fraction(one["nilai"]))
             for one in item["pilihan"]]  # fmt: skip
    holding = [
        score for low, high, is_open, score in bands if (low < value if is_open else low <= value) and value <= high
    ]
    if holding:
        return min(holding)
    if item["arah"] == "turun":
        passed = [(low - value, score) for low, _, _, score in bands if low >= value]
    else:
        passed = [(value - high, score) for _, high, _, score in bands if high <= value]
    if not passed:
        return NONE
    nearest = min(distance for distance, _ in passed)
    return next(score for distance, score in passed if distance == nearest)


class Plain:
    """The tree joined by plain recursion; `values` holds value and number of applicable items of every group."""

    def __init__(self, answers: dict[str, Isian], sifat: set[str], policies: dict[str, Any]) -> None:
        self.answers, self.sifat, self.policies = answers, sifat, policies
        self.values: dict[str, tuple[Score, int]] = {}

    def counts(self, child: dict[str, Any]) -> bool:
        return "isi" not in child or child["ikut"] or child["kode"] in self.policies["sertakan"]

    def score(self, child: dict[str, Any]) -> Score:
        if "isi" not in child:
            return plain_item(child, self.answers.get(child["kode"]), self.sifat)
        value, applying = self.group(child)
        return OUT if applying == 0 else value

    def group(self, group: dict[str, Any]) -> tuple[Score, int]:
        scores = [(child, self.score(child)) for child in group["isi"]]
        scores = [(child, score) for child, score in scores if self.counts(child)]
        applying = sum(self.values[child["kode"]][1] if "isi" in child else score != OUT for child, score in scores)
        self.values[group["kode"]] = self.join(group, scores), applying
        return self.values[group["kode"]]

    def join(self, group: dict[str, Any], scores: list[tuple[dict[str, Any], Score]]) -> Score:
        if group["agregasi"] == "jumlah_bobot":
            applying = [(child, score) for child, score in scores if score != OUT and "bobot" in child]
            known = [(child, score) for child, score in applying if isinstance(score, Fraction)]
            if not known:
                return NONE
            total = sum(score * Fraction(child["bobot"]) / best(child) for child, score in known)
            return total * Fraction(group["maksimum"]) / sum(Fraction(child["bobot"]) for child, _ in applying)
        if (group["datar"] or self.policies["rata_rata"] == "datar") and not group["is_item"] and (
            group["agregasi"] != "jumlah"
        ):  # fmt: skip
            scores = self.spread(scores)
        values = [score for _, score in scores if isinstance(score, Fraction)]
        if not values:
            return NONE
        if group["agregasi"] == "jumlah":
            return sum(values, Fraction(0))
        mean = sum(values, Fraction(0)) / len(values)
        return mean / Fraction(group.get("maksimum", 100)) * 100 if group["agregasi"] == "persen_maksimum" else mean

    def spread(self, scores: list[tuple[dict[str, Any], Score]]) -> list[tuple[dict[str, Any], Score]]:
        found = []
        for child, score in scores:
            if "isi" in child and not child["is_item"] and child["agregasi"] == "rata_rata":
                inner = [(one, self.score(one)) for one in child["isi"] if self.counts(one)]
                found += self.spread(inner)
            else:
                found.append((child, score))
        return found


def best(child: dict[str, Any]) -> Fraction:
    return Fraction(100) if child.get("agregasi") == "persen_maksimum" else Fraction(child.get("maksimum", 100))


def made(akar: dict[str, Any], policies: dict[str, Any]) -> dict[str, Any]:
    part = {"kelompok": akar["kode"], "skala": SCALE}
    return {"kunci": "contoh", "nama": "Contoh", "rujukan": SOURCE, "sifat": {"haji": "Haji"}, "akar": akar,
            "klasifikasi": [part], "kebijakan": policies, "peringkat": [akar["kode"]]}  # fmt: skip


@CALM
@given(worlds())
def test_both_ways_to_score_and_join_agree(world: tuple[dict[str, Any], dict[str, Isian], set[str], Any]) -> None:
    akar, answers, sifat, policies = world
    instrumen = read_instrumen(made(akar, policies))
    found = evaluate(instrumen, answers, sifat)
    plain = Plain(answers, sifat, policies)
    plain.group(akar)
    for item in below(akar):
        score = plain_item(item, answers.get(item["kode"]), sifat)
        ours = found.butir[item["kode"]]
        assert (ours.status == "tidak_berlaku") == (score == OUT)
        assert_same(ours.nilai, score)
    for kode, (value, applying) in plain.values.items():
        assert found.kelompok[kode].berlaku == applying
        assert_same(found.kelompok[kode].nilai, value)
    assert read_instrumen(instrumen_to_data(instrumen)) == instrumen


def assert_same(ours: Decimal | None, plain: Score) -> None:
    if isinstance(plain, Fraction):
        assert ours is not None
        assert abs(Fraction(ours) - plain) < Fraction(1, 10**20)
    else:
        assert ours is None


@CALM
@given(worlds())
def test_what_lifts_is_what_a_full_evaluation_gives(
    world: tuple[dict[str, Any], dict[str, Isian], set[str], Any],
) -> None:
    akar, answers, sifat, policies = world
    instrumen = read_instrumen(made(akar, policies))
    before = evaluate(instrumen, answers, sifat)
    found = lift(instrumen, answers, sifat)
    assert bool(found) == (before.kelas != "baik")
    for part in found:
        assert [one.effect > 0 for one in part.levers] == [True] * len(part.levers)
        for one in part.levers[:3]:
            after = evaluate(instrumen, answers | {one.kode: one.terbaik.isian}, sifat)
            value = after.kelompok[part.kelompok].nilai
            assert value is not None
            assert KERNEL_CONTEXT.subtract(value, part.nilai or Decimal(0)) == one.effect
        everything = {one.kode: one.terbaik.isian for one in part.levers if one.kode in part.chosen}
        after = evaluate(instrumen, answers | everything, sifat)
        assert (after.kelas == "baik") == part.is_enough


@CALM
@given(worlds())
def test_the_linter_finds_something_to_say_about_anything_or_nothing(
    world: tuple[dict[str, Any], dict[str, Isian], set[str], Any],
) -> None:
    found = lint(read_instrumen(made(world[0], world[3])))
    assert [one for one in found if not (one.message and one.remedy and one.place)] == []
    assert len({(one.rule, one.kode, one.message) for one in found}) == len(found)


@CALM
@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=12))
def test_a_rank_is_one_more_than_those_who_are_better(values: list[int | None]) -> None:
    akar = {"kode": "akar", "nama": "Akar", "isi": [{"kode": "a", "nama": "A", "penilaian": "pilihan", "pilihan": [
        {"kode": "ya", "nilai": "100", "teks": ""}]}]}  # fmt: skip
    instrumen = read_instrumen({"kunci": "c", "nama": "C", "rujukan": SOURCE, "akar": akar, "peringkat": ["akar"]})
    units = [Peserta(number, "", {"akar": None if one is None else Decimal(one)}) for number, one in enumerate(values)]
    for place in rank(units, instrumen):
        own = values[place.kunci]
        better = sum(other is not None and own is not None and other > own for other in values)
        assert place.nomor == (None if own is None else better + 1)
        assert place.seri == (own is not None and values.count(own) > 1)
