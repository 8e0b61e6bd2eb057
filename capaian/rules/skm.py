"""Survei Kepuasan Masyarakat: mean per unsur (NRR), index (IKM) and mutu pelayanan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
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
    steps = (
        Step(
            "Nilai indeks (NI)",
            "Σ NRR × 1 ÷ banyaknya unsur",
            tuple((unsur, format_number(value)) for unsur, value in nrr.items()),
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
