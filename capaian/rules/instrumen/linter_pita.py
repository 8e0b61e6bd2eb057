"""What is doubtful about the answers of an item: bands with holes and overlaps, choices that mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from capaian.rules.instrumen.line import Stretch, cut, runs
from capaian.rules.instrumen.model import Butir, Instrumen, Pilihan
from capaian.rules.instrumen.skor import Isian, holds, score_item
from capaian.rules.instrumen.temuan import Severity, Temuan, found
from capaian.rules.instrumen.terbaik import STEP, plain_number
from capaian.rules.numbers import HUNDRED, format_number
from capaian.rules.target import BoundTarget, NumberTarget, RangeTarget, parse_target

# What is counted has no value between whole numbers.
_COUNTED = {"kali", "keg", "kegiatan", "orang", "kasus", "dokumen", "laporan", "unit", "jenis", "bulan", "buah"}
_ASK = "Tanyakan kepada pembuat instrumen; sampai dijawab, "
_PERCENT = re.compile(r"\d[\d.,]*\s*%")
_NOT_EXACT = re.compile(r"[<>≤≥]|kurang|lebih|minimal|maksimal|\d\s*%?\s*[-–]\s*\d|s/d|sampai", re.I)


def pita_rules(instrumen: Instrumen) -> Iterator[Temuan]:
    """The findings about the answers of every item."""
    for item in instrumen.items.values():
        if item.penilaian == "pita":
            yield from _bands(instrumen, item)
        if item.penilaian == "pilihan":
            yield from _exact_percents(instrumen, item)
        if item.penilaian != "capaian":
            yield from _same_choices(instrumen, item)
            yield from _best(instrumen, item)


@dataclass(frozen=True)
class _Scored:
    """A run of values of an item: the bands that hold it as printed, and what the engine makes of it."""

    at: Stretch
    held: tuple[Pilihan, ...]
    score: Decimal | None


def _stretches(item: Butir) -> list[_Scored]:
    """The values that the item can have, worst first; none where nothing is bounded."""
    bounds = [bound for one in item.pilihan for bound in (one.dari, one.sampai) if bound is not None]
    step = Decimal(1) if _is_counted(item, bounds) else STEP
    lowest = None if any(bound < 0 for bound in bounds) else Decimal(0)
    highest = HUNDRED if _is_percent(item) and all(bound <= HUNDRED for bound in bounds) else None
    regions = cut(bounds, step, lowest, highest) if bounds else []
    held = [_Scored(at, tuple(one for one in item.pilihan if holds(one, at.sample)), _score(item, at.sample))
            for at in regions]  # fmt: skip
    return held[::-1] if item.arah == "turun" else held


def _is_counted(item: Butir, bounds: list[Decimal]) -> bool:
    whole = all(bound == bound.to_integral_value() for bound in bounds)
    return item.masukan == "nilai" and whole and bool(_COUNTED & set(re.findall(r"[a-z]+", item.satuan.lower())))


def _is_percent(item: Butir) -> bool:
    return item.satuan.strip() == "%" or (item.masukan == "pembilang_penyebut" and item.pengali == HUNDRED)


def _score(item: Butir, value: Decimal) -> Decimal | None:
    plain = replace(item, masukan="nilai", sifat="", pilihan=tuple(one for one in item.pilihan if _is_bounded(one)))
    return score_item(plain, Isian(nilai=plain_number(value)), (), {}).nilai


def _is_bounded(one: Pilihan) -> bool:
    return one.dari is not None or one.sampai is not None


def _bands(instrumen: Instrumen, item: Butir) -> Iterator[Temuan]:
    stretches = _stretches(item)
    inside = [place for place, one in enumerate(stretches) if one.held]
    if not inside:
        return
    ordered = sorted(stretches[inside[0] : inside[-1] + 1], key=lambda one: one.at.sample)
    holes = [at for is_held, at in runs((bool(one.held), one.at) for one in ordered) if not is_held]
    if holes:
        scores = ", ".join(_shown(_score(item, at.sample)) for at in holes)
        yield found(
            instrumen, item, "celah_pita", "material",
            f"Nilai {', '.join(at.words for at in holes)} tidak masuk pita mana pun.",
            f"{_ASK}dipakai pita terakhir yang terlampaui (nilai {scores}) dengan tanda.",
        )  # fmt: skip
    yield from _overlaps(instrumen, item, ordered)
    yield from _outside(instrumen, item, stretches[: inside[0]], stretches[inside[-1] + 1 :])
    yield from _order(instrumen, item, stretches)
    yield from _unreached(instrumen, item, stretches)


def _overlaps(instrumen: Instrumen, item: Butir, ordered: list[_Scored]) -> Iterator[Temuan]:
    for held, at in runs((one.held, one.at) for one in ordered):
        if len({one.nilai for one in held}) < 2:
            continue
        names = " dan ".join(f'"{one.teks or one.kode}" ({_shown(one.nilai)})' for one in held)
        yield found(
            instrumen, item, "tumpang_tindih_pita", "material", f"Nilai {at.words} masuk pita {names}.",
            f"{_ASK}dipakai yang terendah dengan tanda.",
        )  # fmt: skip


def _outside(instrumen: Instrumen, item: Butir, worse: list[_Scored], better: list[_Scored]) -> Iterator[Temuan]:
    """Values beyond the printed bands. Of what is counted, more than the most that is printed takes nothing away."""
    is_counted = bool(better) and all(one.at.sample == one.at.sample.to_integral_value() for one in better)
    sides: tuple[tuple[list[_Scored], Severity, str], ...] = (
        (better, "minor" if is_counted and item.arah != "turun" else "material", "lebih baik"),
        (worse, "minor", "lebih buruk"),
    )
    for stretches, severity, words in sides:
        ordered = sorted(stretches, key=lambda one: one.at.sample)
        for score, at in runs((one.score, one.at) for one in ordered):
            fate = "ditolak" if score is None else f"dipakai pita terakhir yang terlampaui (nilai {_shown(score)})"
            yield found(
                instrumen, item, "di_luar_pita", severity,
                f"Nilai {at.words}, {words} daripada semua pita tercetak, tidak mempunyai nilai.",
                f"{_ASK}nilai itu {fate}.",
            )  # fmt: skip


def _order(instrumen: Instrumen, item: Butir, stretches: list[_Scored]) -> Iterator[Temuan]:
    scored = [one for one in stretches if one.held and one.score is not None]
    for lower, higher in pairwise(scored):
        if lower.score is not None and higher.score is not None and higher.score < lower.score:
            yield found(
                instrumen, item, "lebih_baik_lebih_rendah", "material",
                f"Nilai {higher.at.words} lebih baik daripada {lower.at.words}, tetapi mendapat "
                f"{_shown(higher.score)}, bukan {_shown(lower.score)}.",
                "Tukar nilai pitanya, atau betulkan arah butir.",
            )  # fmt: skip


def _unreached(instrumen: Instrumen, item: Butir, stretches: list[_Scored]) -> Iterator[Temuan]:
    used = {one.kode for stretch in stretches for one in stretch.held if one.nilai == stretch.score}
    for band in item.pilihan:
        if _is_bounded(band) and band.kode not in used:
            yield found(
                instrumen, item, "pita_tak_tercapai", "material",
                f'Pita "{band.teks or band.kode}" (nilai {_shown(band.nilai)}) tidak pernah dipakai.',
                "Betulkan batasnya, atau hapus pitanya.",
            )  # fmt: skip
        elif not _is_bounded(band) and re.fullmatch(r"\d+([.,]\d+)?", band.kode):
            yield found(
                instrumen, item, "kode_angka", "minor",
                f'Pita "{band.teks}" tidak berbatas dan berkode {band.kode}, sama dengan sebuah angka.',
                "Beri kode huruf, misalnya tidak.",
            )  # fmt: skip


def _same_choices(instrumen: Instrumen, item: Butir) -> Iterator[Temuan]:
    for one, other in combinations(item.pilihan, 2):
        if one.nilai != other.nilai and one.teks and _meaning(one.teks) == _meaning(other.teks):
            yield found(
                instrumen, item, "pilihan_sama", "material",
                f'Pilihan "{one.teks}" (nilai {_shown(one.nilai)}) dan "{other.teks}" (nilai {_shown(other.nilai)}) '
                "berarti sama.",
                "Tetapkan bedanya, misalnya tepat waktu; sampai itu, penilai yang memilih.",
            )  # fmt: skip


_SAME_WORDS = (
    (r"\bsatu ?kali\b", "1 kali"),
    (r"\bdua ?kali\b", "2 kali"),
    (r"[^\w%<>≤≥]+", " "),
    (r"\b(?:ya|ada|dilakukan|dibuat|sudah)\b", " "),
    (r"\b(?:setiap|tiap|per)\b ?(?=tahun|bulan|semester|minggu|tri)", "se"),
    (r"\b(?:1 kali setahun|setahun 1 kali|1 kali (?:dalam )?setahun|tahunan|1 th)\b", "setahun"),
    (r"\b(?:1 kali sebulan|sebulan 1 kali|bulanan)\b", "sebulan"),
    (r"\s+", " "),
)


def _meaning(text: str) -> str:
    """A text without what makes no difference: case, signs, `ya`, and the ways to say how often."""
    words = text.lower()
    for pattern, instead in _SAME_WORDS:
        words = re.sub(pattern, instead, words)
    return words.strip()


def _exact_percents(instrumen: Instrumen, item: Butir) -> Iterator[Temuan]:
    partial = [
        one.teks
        for one in item.pilihan
        if (stated := _PERCENT.findall(one.teks)) and not _NOT_EXACT.search(one.teks)
        and any(not re.match(r"(?:0|100)(?:[.,]0+)?\s*%", text) for text in stated)
    ]  # fmt: skip
    if partial:
        yield found(
            instrumen, item, "persen_tepat", "minor",
            f'Pilihan {" dan ".join(f"“{one}”" for one in partial)} menyebut persentase tepat; di antaranya tidak '
            "diatur.",
            "Tetapkan batas dari dan sampai; sampai itu, penilai memilih yang sudah terlampaui.",
        )  # fmt: skip


def _best(instrumen: Instrumen, item: Butir) -> Iterator[Temuan]:
    """Whether the best answer reaches the best score, and whether the printed target is where it begins."""
    best = max(one.nilai for one in item.pilihan)
    if best < item.maksimum:
        yield found(
            instrumen, item, "maksimum_tak_tercapai", "material",
            f"Nilai terbaik {_shown(item.maksimum)}, tetapi pilihan tertinggi bernilai {_shown(best)}.",
            "Betulkan maksimum, atau tambahkan pilihannya.",
        )  # fmt: skip
    limit = _target_value(item)
    score = None if item.penilaian != "pita" or limit is None else _score(item, limit)
    if limit is None or score is None:
        return
    if score < best:
        yield found(
            instrumen, item, "target_bukan_nilai_penuh", "material",
            f'Memenuhi target "{item.target}" baru memberi nilai {_shown(score)} dari {_shown(best)}.',
            "Samakan target dengan pita terbaik, atau jelaskan bedanya.",
        )  # fmt: skip
    elif (start := _early_start(item, limit, best)) is not None:
        yield found(
            instrumen, item, "target_bukan_nilai_penuh", "minor",
            f'Nilai penuh sudah diberikan mulai {_shown(start)}, di bawah target "{item.target}".',
            "Samakan pita terbaik dengan target, atau jelaskan bedanya.",
        )  # fmt: skip


def _early_start(item: Butir, limit: Decimal, best: Decimal) -> Decimal | None:
    """Where the best band begins, if that is before the target."""
    for band in item.pilihan:
        if item.arah == "turun" or band.nilai != best or band.dari is None or not holds(band, limit):
            continue
        if band.dari + (STEP if band.dari_terbuka else 0) < limit:
            return band.dari
    return None


def _target_value(item: Butir) -> Decimal | None:
    """The lowest value that meets the printed target, where it is a number."""
    try:
        target = parse_target(item.target)
    except ValueError:
        return None
    if isinstance(target, NumberTarget):
        return target.value
    if isinstance(target, RangeTarget):
        return target.low
    if isinstance(target, BoundTarget):
        return target.value + {">": STEP, "<": -STEP}.get(target.operator, Decimal(0))
    return None


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else format_number(value)
