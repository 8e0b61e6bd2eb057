"""Survei Kepuasan Masyarakat: mean per unsur (NRR), index (IKM), mutu pelayanan; and whether printed means can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from capaian.rules.numbers import divide, format_number, mean, round_half_up, with_kernel_digits
from capaian.rules.trace import Step, Trace

if TYPE_CHECKING:
    from capaian.rules.packs import Pack


@dataclass(frozen=True)
class Ikm:
    """The index of one unit: unrounded, printed with two decimals, mutu letter and name, lowest unsur, trace."""

    nilai: Decimal
    tampil: Decimal
    mutu: str | None
    kinerja: str
    unsur_terendah: tuple[str, ...]
    catatan: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True)
class UnitIkm:
    """The index of a unit (25 to 100) and how many answered (persons, None where a report does not say)."""

    nama: str
    nilai: Decimal
    responden: int | None


@dataclass(frozen=True)
class Grim:
    """Whether a mean as printed can be one of whole answers.

    `counts` are the numbers of answers that were tried, `possible` those that can give it; `is_telling` is false
    where there are so many answers that every mean can be, so that nothing is tested.
    """

    counts: tuple[int, ...]
    possible: tuple[int, ...]
    is_telling: bool

    @property
    def is_possible(self) -> bool:
        """Whether any count of answers gives the printed mean."""
        return bool(self.possible)


@with_kernel_digits
def compute_nrr(answers: Sequence[int | None], pack: Pack) -> Decimal | None:
    """Take the mean of the filled answers to one unsur; None when nobody answered.

    Units: answers 1 to 4. Blank answers are left out, not counted as zero.
    Errors: ValueError on an answer outside the range. Source: PermenPANRB 14/2017, see the pack; regulations 3.2.
    """
    lowest, highest = pack.number("jawaban_terendah"), pack.number("jawaban_tertinggi")
    filled = [Decimal(answer) for answer in answers if answer is not None]
    outside = [answer for answer in filled if not lowest <= answer <= highest]
    if outside:
        raise ValueError(
            f"{len(outside)} jawaban di luar {lowest} sampai {highest}; kuesioner SKM hanya menerima nilai itu. "
            "Perbaiki atau kosongkan jawabannya."
        )
    return mean(filled) if filled else None


@with_kernel_digits
def compute_ikm(nrr: Mapping[str, Decimal], pack: Pack) -> Ikm:
    """Compute the index of one unit from the mean of each unsur.

    Units: NRR 1 to 4, index 25 to 100. Nothing is rounded before the end: the weight is one divided by the number of
    unsur, not 0,111. Errors: ValueError when there is no unsur, or one outside the range.
    Source: PermenPANRB 14/2017, see the pack; regulations 3.2 and 3.3.
    """
    _check_range(nrr, pack)
    total = sum(nrr.values(), Decimal(0))
    # NI = Σ(NRR × 1/n), written as one division so that the weight is never rounded.
    ni = divide(total, Decimal(len(nrr)))
    nilai = ni * pack.number("nilai_dasar")
    classified = pack.scale("mutu").classify(nilai)
    tampil = round_half_up(nilai, pack.scale("mutu").desimal)
    lowest = min(nrr.values())
    names = {row["kode"]: row["nama"] for row in pack.rows("unsur")}
    steps = (
        Step(
            "Nilai indeks (NI)",
            "Σ NRR × 1 ÷ banyaknya unsur",
            tuple((names.get(unsur, unsur), _shown(value)) for unsur, value in nrr.items()),
            format_number(ni, 6),
            pack.citation("penimbang"),
        ),
        Step(
            "IKM",
            "NI × nilai dasar",
            (("NI", format_number(ni, 6)), ("Nilai dasar", format_number(pack.number("nilai_dasar")))),
            format_number(tampil, 2),
            pack.citation("nilai_dasar"),
        ),
        Step("Mutu", "bulatkan, lalu golongkan", (("IKM", format_number(tampil, 2)),), classified.label,
             pack.citation("mutu")),
    )  # fmt: skip
    lowest_names = tuple(unsur for unsur, value in nrr.items() if value == lowest)
    return Ikm(nilai, tampil, classified.kode, classified.label, lowest_names, classified.notes, Trace(steps))


@with_kernel_digits
def combine_units(units: Sequence[tuple[Decimal, int]], method: str) -> Decimal | None:
    """Combine the index of several units: `rata_rata_unit` (plain mean) or `bobot_responden` (by respondents).

    Units: index and number of respondents. None when there is nothing to combine. Errors: ValueError on a method.
    Source: regulations sections 3.2 and 12 (switch "SKM gabungan", default the mean of units).
    """
    if method not in ("rata_rata_unit", "bobot_responden"):
        raise ValueError(f'Cara gabungan SKM "{method}" tidak dikenal; pilih rata_rata_unit atau bobot_responden.')
    if not units:
        return None
    if method == "rata_rata_unit":
        return mean([nilai for nilai, _ in units])
    respondents = sum(count for _, count in units)
    weighted = sum((nilai * count for nilai, count in units), Decimal(0))
    return divide(weighted, Decimal(respondents)) if respondents else None


@with_kernel_digits
def compute_gabungan(units: Sequence[UnitIkm], method: str, pack: Pack) -> Ikm | None:
    """Join the index of units (`combine_units`) and classify it, with trace; None when there is nothing to join.

    Units: index 25 to 100. A unit whose respondents are not stated cannot be weighted: it is left out there, with a
    remark. Errors: ValueError on a method. Source: regulations sections 3.2 and 12.
    """
    is_weighted = method == "bobot_responden"
    used = [one for one in units if one.responden or not is_weighted]
    nilai = combine_units([(one.nilai, one.responden or 0) for one in used], method)
    if nilai is None:
        return None
    scale = pack.scale("mutu")
    classified, tampil = scale.classify(nilai), round_half_up(nilai, scale.desimal)
    left = [one.nama for one in units if one not in used]
    remarks = (f"Tanpa jumlah responden, jadi tidak dapat dibobot: {', '.join(left)}.",) if left else ()
    inputs = tuple((one.nama, _said(one, is_weighted=is_weighted)) for one in used)
    formula = "Σ(IKM × responden) ÷ Σ responden" if is_weighted else "Σ IKM ÷ banyaknya unit"
    steps = (
        Step("IKM gabungan", formula, inputs, format_number(tampil, scale.desimal), pack.citation("gabungan")),
        Step("Mutu", "bulatkan, lalu golongkan", (("IKM", format_number(tampil, scale.desimal)),), classified.label,
             pack.citation("mutu")),
    )  # fmt: skip
    return Ikm(nilai, tampil, classified.kode, classified.label, (), (*remarks, *classified.notes), Trace(steps))


def _shown(value: Decimal) -> str:
    """A mean as given; one that never ends with six decimals, though it is computed with all of them."""
    return format_number(value if value == round_half_up(value, 6) else round_half_up(value, 6))


def _said(unit: UnitIkm, *, is_weighted: bool) -> str:
    value = format_number(round_half_up(unit.nilai, 4))
    return f"{value} × {format_number(unit.responden or 0)} responden" if is_weighted else value


def read_nrr(text: str, pack: Pack) -> Decimal:
    """Read a mean as a report prints it: `3,277` and `3.277` are both three and a part, since 3277 is no mean.

    Units: 1 to 4. Errors: ValueError for anything else, in words.
    """
    lowest, highest = pack.number("jawaban_terendah"), pack.number("jawaban_tertinggi")
    found = re.fullmatch(r"(\d)(?:[.,](\d{1,5}))?", text.strip())
    value = Decimal(f"{found[1]}.{found[2] or 0}") if found else None
    if value is None or not lowest <= value <= highest:
        raise ValueError(
            f'"{text}" bukan nilai rata-rata unsur: tulis angka {lowest} sampai {highest} dengan paling banyak lima '
            "desimal, misalnya 3,277."
        )
    return value


@with_kernel_digits
def grim(text: str, counts: Iterable[int], pack: Pack) -> Grim:
    """Test whether a mean, as printed, can be that of whole answers (granularity of means: GRIM).

    With n answers the mean is a whole sum divided by n; a printed mean that lies further than half its last decimal
    from all of these cannot be. `counts` are the numbers of answers to try: one, or several where some may be blank.
    Units: answers 1 to 4, counts of persons. Errors: ValueError as `read_nrr`.
    Source: Brown and Heathers 2017, The GRIM test; the scale of answers from the pack.
    """
    mean_printed = read_nrr(text, pack)
    decimals = len(re.split("[.,]", text.strip())[1]) if re.search("[.,]", text) else 0
    half = divide(Decimal(10) ** -decimals, Decimal(2))
    tried = tuple(sorted({n for n in counts if n > 0}))
    return Grim(
        counts=tried,
        possible=tuple(n for n in tried if _has_sum(mean_printed, half, n, pack)),
        # From 10^decimals answers on the means lie closer than the printed decimals: none is impossible.
        is_telling=bool(tried) and max(tried) < 10**decimals,
    )


def _has_sum(value: Decimal, half: Decimal, n: int, pack: Pack) -> bool:
    """Whether a whole sum of n answers rounds to the value, half up or half down."""
    least = max((value - half) * n, pack.number("jawaban_terendah") * n)
    most = min((value + half) * n, pack.number("jawaban_tertinggi") * n)
    return least.to_integral_value(ROUND_CEILING) <= most.to_integral_value(ROUND_FLOOR)


def _check_range(nrr: Mapping[str, Decimal], pack: Pack) -> None:
    if not nrr:
        raise ValueError("IKM memerlukan sekurang-kurangnya satu unsur yang terisi.")
    lowest, highest = pack.number("jawaban_terendah"), pack.number("jawaban_tertinggi")
    for unsur, value in nrr.items():
        if not lowest <= value <= highest:
            raise ValueError(f"NRR unsur {unsur} = {format_number(value)} di luar {lowest} sampai {highest}. Periksa.")


@with_kernel_digits
def sample_size(population: int, pack: Pack) -> int:
    """Compute the number of respondents for a population by Krejcie and Morgan, with P = 0.5 and d = 0.05.

    Units: persons, rounded half up. Errors: ValueError for a population below one.
    Source: PermenPANRB 14/2017, sample table, see the pack; regulations 3.4.
    """
    if population < 1:
        raise ValueError("Jumlah populasi harus sekurang-kurangnya 1.")
    chi_square, p, d = pack.number("krejcie_chi2"), Decimal("0.5"), Decimal("0.05")
    spread = chi_square * p * (1 - p)
    return int(round_half_up(divide(spread * population, d * d * (population - 1) + spread), 0))
