"""Quarterly targets and realisasi: how quarters add up, how a yearly target is split, what a printed split says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.rules.numbers import NumberFormatError, format_number, mean, with_kernel_digits
from capaian.rules.periods import ROMAN
from capaian.rules.trace import Citation, Computed, Step, Trace

Sifat = Literal["jumlah", "posisi_akhir", "rata_rata"]
SIFAT: tuple[Sifat, ...] = ("jumlah", "posisi_akhir", "rata_rata")
QUARTERS = 4
WRONG_KIND = "target triwulan tidak sesuai sifat indikator"
_CITATION = Citation(
    "Rencana Aksi Kinerja Dinas Kesehatan Kota Metro 2024",
    "kolom Target Triwulan",
    "ditafsirkan",
    "Peraturan tidak menetapkan cara menjumlah triwulan; sifat indikator ditetapkan instansi.",
)
_FORMULAS = {"jumlah": "Σ triwulan", "posisi_akhir": "nilai triwulan terakhir yang terisi", "rata_rata": "Σ ÷ n"}


@dataclass(frozen=True)
class SplitFinding:
    """What is wrong with a printed split: code, sentence, what was expected and what was found."""

    kode: Literal["jumlah_berbeda", "sifat_tidak_sesuai", "akhir_berbeda", "rata_rata_berbeda"]
    message: str
    expected: Decimal
    found: Decimal


def aggregate(values: Sequence[Decimal | None], sifat: Sifat) -> Decimal | None:
    """Bring the quarters of a year (or its first quarters) to one value; None when no quarter is filled.

    Units: those of the values. An empty quarter is unknown, not zero. Errors: ValueError on an unknown `sifat`.
    Source: design section 4.4; regulations section 7.6.
    """
    return aggregate_with_trace(values, sifat).nilai


@with_kernel_digits
def aggregate_with_trace(values: Sequence[Decimal | None], sifat: Sifat) -> Computed:
    """Aggregate as `aggregate` does, and tell how. Source: as `aggregate`."""
    _check_sifat(sifat)
    known = [value for value in values if value is not None]
    if not known:
        return Computed(None, None, ("Belum ada triwulan yang terisi.",), Trace())
    results = {"jumlah": sum(known, Decimal(0)), "posisi_akhir": known[-1], "rata_rata": mean(known)}
    result = results[sifat]
    inputs = tuple(
        (f"TW {ROMAN[i] if i < QUARTERS else i + 1}", format_number(value))
        for i, value in enumerate(values)
        if value is not None
    )
    empty = len(values) - len(known)
    notes = (f"{empty} triwulan belum terisi dan tidak dihitung sebagai nol.",) if empty else ()
    step = Step(f"Gabungan triwulan ({sifat})", _FORMULAS[sifat], inputs, format_number(result), _CITATION)
    return Computed(result, result, notes, Trace((step,)))


@with_kernel_digits
def split_target(target: Decimal, desimal: int, sifat: Sifat) -> list[Decimal]:
    """Split a yearly target over four quarters.

    For `jumlah` the parts differ by at most one unit of the last decimal, their sum equals the target exactly, and the
    remainder goes to the first quarters (8,5 gives 2,13 2,13 2,12 2,12). A level (`posisi_akhir`, `rata_rata`) is not
    divisible: every quarter gets the target itself.
    Errors: NumberFormatError when the target has more decimals than `desimal`, since no split could then add up.
    Source: regulations sections 7.6 and 11 (Metro prints 4 × 2,13 = 8,52 for 8,5).
    """
    _check_sifat(sifat)
    if sifat != "jumlah":
        return [target] * QUARTERS
    units = target.scaleb(desimal)
    if units != units.to_integral_value():
        raise NumberFormatError(
            f"Target {format_number(target)} mempunyai lebih dari {desimal} desimal, sehingga pembagiannya tidak dapat "
            "berjumlah sama. Tambah banyaknya desimal."
        )
    share, remainder = divmod(int(units), QUARTERS)
    parts = [share + 1 if quarter < remainder else share for quarter in range(QUARTERS)]
    return [Decimal(part).scaleb(-desimal) for part in parts]


@with_kernel_digits
def check_split(target: Decimal, quarters: Sequence[Decimal | None], sifat: Sifat) -> tuple[SplitFinding, ...]:
    """Check a printed split of a yearly target; no finding when no quarter is filled.

    Units: those of the target. Errors: ValueError on an unknown `sifat`. Source: regulations section 7.6.
    """
    _check_sifat(sifat)
    known = [value for value in quarters if value is not None]
    if not known:
        return ()
    if sifat == "jumlah":
        return _check_sum(target, known)
    if known[-1] != target and len(known) > 1 and _is_parts_of(target, known):
        total = sum(known, Decimal(0))
        message = (
            f"{WRONG_KIND}: target {format_number(target)} dibagi-bagi ke triwulan, padahal sifatnya {sifat}. "
            f"Tulis tingkat yang harus dicapai pada setiap triwulan, misalnya {format_number(target)} pada TW IV."
        )
        return (SplitFinding("sifat_tidak_sesuai", message, target, total),)
    return _check_level(target, known, sifat)


def _check_sum(target: Decimal, known: list[Decimal]) -> tuple[SplitFinding, ...]:
    total = sum(known, Decimal(0))
    if total == target:
        return ()
    message = f"Jumlah target triwulan {format_number(total)} berbeda dari target tahunan {format_number(target)}"
    hint = " (pembulatan bagian)" if _is_parts_of(target, known) else ""
    return (SplitFinding("jumlah_berbeda", f"{message}{hint}. Sesuaikan salah satunya.", target, total),)


def _is_parts_of(target: Decimal, known: list[Decimal]) -> bool:
    """Whether the quarters are parts of the target, allowing one unit of the last printed decimal for each quarter.

    One unit and not a half: Metro truncates as well (194,39 into four times 48,59, which is 194,36).
    """
    exponents = [value.as_tuple().exponent for value in known]
    decimals = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    slack = Decimal(1).scaleb(-decimals) * len(known)
    return abs(sum(known, Decimal(0)) - target) <= slack


def _check_level(target: Decimal, known: list[Decimal], sifat: Sifat) -> tuple[SplitFinding, ...]:
    found = known[-1] if sifat == "posisi_akhir" else mean(known)
    if found == target:
        return ()
    if sifat == "posisi_akhir":
        message = (
            f"Target triwulan terakhir {format_number(found)} berbeda dari target setahun {format_number(target)}."
        )
        return (SplitFinding("akhir_berbeda", message, target, found),)
    message = (
        f"Rata-rata target triwulan {format_number(found, 4)} berbeda dari target setahun {format_number(target)}."
    )
    return (SplitFinding("rata_rata_berbeda", message, target, found),)


def _check_sifat(sifat: str) -> None:
    if sifat not in SIFAT:
        raise ValueError(f'Sifat triwulan "{sifat}" tidak dikenal; pilih jumlah, posisi_akhir, atau rata_rata.')
