"""Use of money: serapan, sisa, and three ways to express efficiency. Results of different methods never compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from capaian.rules.numbers import HUNDRED, divide, format_number, format_rupiah, round_half_up, with_kernel_digits
from capaian.rules.trace import Citation, Computed, Step, Trace

if TYPE_CHECKING:
    from capaian.rules.packs import Pack

EfisiensiMethod = Literal["selisih", "pmk", "rasio"]
DECIMALS = 2
_REALISASI = Citation(
    "PermenPANRB 53/2014", "Bab III.B Realisasi Anggaran", "ditafsirkan", "Rumus lazim; dibaca dari LKIP Bekasi 2024."
)
_SELISIH = Citation(
    "LKIP Dinas Kesehatan Kota Bekasi 2024",
    "nilai efisiensi per indikator",
    "ditafsirkan",
    "Praktik laporan: persen capaian dikurangi persen serapan. Serapan rendah menaikkan nilai.",
)
_RASIO = Citation(
    "Kebijakan perhitungan Capaian", "efisiensi sebagai rasio", "ditafsirkan", "Persen capaian dibagi persen serapan."
)
_LOW_SPENDING = "Serapan rendah menaikkan nilai efisiensi; baca bersama persen capaian."


@dataclass(frozen=True)
class Keluaran:
    """One output for the PMK method: allocation and spending in rupiah, capaian in percent."""

    pagu: Decimal | int
    realisasi: Decimal | int
    persen_capaian: Decimal


@dataclass(frozen=True)
class Efisiensi:
    """Efficiency by one method. `nilai_efisiensi` (NE, 0 to 100) exists for the PMK method only."""

    method: EfisiensiMethod
    nilai: Decimal | None
    tampil: Decimal | None
    nilai_efisiensi: Decimal | None
    catatan: tuple[str, ...]
    trace: Trace


@with_kernel_digits
def compute_serapan(pagu: Decimal | int | None, realisasi: Decimal | int | None) -> Computed:
    """Compute spending as a share of the ceiling.

    Units: rupiah in, percent out. Undefined when the ceiling is zero or something is missing.
    Source: regulations section 8.1.
    """
    if pagu is None or realisasi is None:
        return Computed(None, None, ("Pagu atau realisasi anggaran belum ada.",), Trace())
    if pagu <= 0:
        return Computed(None, None, ("Pagu nol atau negatif: serapan tidak terdefinisi.",), Trace())
    nilai = divide(Decimal(realisasi) * HUNDRED, Decimal(pagu))
    notes = ("Realisasi melebihi pagu; periksa keduanya.",) if realisasi > pagu else ()
    step = _money_step("Serapan", "realisasi ÷ pagu × 100", pagu, realisasi, format_number(nilai, 6))
    return Computed(nilai, round_half_up(nilai, DECIMALS), notes, Trace((step,)))


@with_kernel_digits
def compute_pendapatan(target: Decimal | int, realisasi: Decimal | int) -> Computed:
    """Compute revenue as a share of its target.

    Units: rupiah in, percent out. Undefined when the target is zero. Source: regulations section 8.1.
    """
    if target <= 0:
        return Computed(None, None, ("Target pendapatan nol atau negatif: persen tidak terdefinisi.",), Trace())
    nilai = divide(Decimal(realisasi) * HUNDRED, Decimal(target))
    inputs = (("Target", format_rupiah(target)), ("Realisasi", format_rupiah(realisasi)))
    step = Step("Persen pendapatan", "realisasi ÷ target × 100", inputs, format_number(nilai, 6), _REALISASI)
    return Computed(nilai, round_half_up(nilai, DECIMALS), (), Trace((step,)))


@with_kernel_digits
def compute_sisa(pagu: Decimal | int | None, realisasi: Decimal | int | None) -> Computed:
    """Compute what is left of the ceiling. Units: rupiah. Source: regulations section 8.1."""
    if pagu is None or realisasi is None:
        return Computed(None, None, ("Pagu atau realisasi anggaran belum ada.",), Trace())
    nilai = Decimal(pagu) - Decimal(realisasi)
    notes = ("Realisasi melebihi pagu; periksa keduanya.",) if nilai < 0 else ()
    step = _money_step("Sisa", "pagu − realisasi", pagu, realisasi, format_rupiah(nilai))
    return Computed(nilai, nilai, notes, Trace((step,)))


@with_kernel_digits
def compute_efisiensi(
    method: EfisiensiMethod,
    *,
    persen_capaian: Decimal | None,
    pagu: Decimal | int | None,
    realisasi: Decimal | int | None,
    pack: Pack | None = None,
) -> Efisiensi:
    """Compute the efficiency of one indicator or output.

    Units: percent points (`selisih`), percent (`pmk`), a plain ratio (`rasio`). Pass the unrounded capaian.
    The `pmk` method takes its parameters from the pack `efisiensi/pmk_22_2021`.
    Errors: ValueError on an unknown method or on `pmk` without a pack. Source: regulations sections 8.2 and 8.3.
    """
    if method not in ("selisih", "pmk", "rasio"):
        raise ValueError(f'Metode efisiensi "{method}" tidak dikenal; pilih selisih, pmk, atau rasio.')
    serapan = compute_serapan(pagu, realisasi)
    if persen_capaian is None or serapan.nilai is None or pagu is None or realisasi is None:
        reasons = () if persen_capaian is not None else ("Persen capaian belum ada atau tidak terdefinisi.",)
        return Efisiensi(method, None, None, None, (*reasons, *serapan.catatan), serapan.trace)
    if method == "pmk":
        return compute_efisiensi_pmk((Keluaran(pagu, realisasi, persen_capaian),), pack)
    if method == "rasio":
        return _ratio(persen_capaian, serapan)
    nilai = persen_capaian - serapan.nilai
    return _result("selisih", "persen capaian − persen serapan", nilai, persen_capaian, serapan, _SELISIH)


@with_kernel_digits
def compute_efisiensi_pmk(outputs: Sequence[Keluaran], pack: Pack | None) -> Efisiensi:
    """Compute E and NE over one or more outputs, pooled.

    Units: rupiah in, percent out. E = Σ(AAK × CK − RAK) ÷ Σ(AAK × CK) × 100; NE = 50 + E ÷ 20 × 50 with E kept
    within ±20. Undefined when Σ(AAK × CK) is not positive. Errors: ValueError without a pack.
    Source: PMK 22/2021, formula not confirmed in the text; it binds ministries, an office uses it by analogy.
    """
    if pack is None:
        raise ValueError("Metode pmk memerlukan paket efisiensi/pmk_22_2021.")
    expected = sum((Decimal(o.pagu) * divide(o.persen_capaian, HUNDRED) for o in outputs), Decimal(0))
    spent = sum((Decimal(o.realisasi) for o in outputs), Decimal(0))
    if expected <= 0:
        return Efisiensi(
            "pmk", None, None, None, ("Σ(alokasi × capaian) tidak positif: E tidak terdefinisi.",), Trace()
        )
    nilai = divide((expected - spent) * HUNDRED, expected)
    limit, middle = pack.number("batas_e"), pack.number("nilai_tengah")
    kept = max(-limit, min(limit, nilai))
    score = middle + divide(kept * middle, limit)
    inputs = (("Σ(AAK × CK)", format_rupiah(round_half_up(expected, 0))), ("Σ RAK", format_rupiah(spent)))
    steps = (
        Step("Efisiensi (E)", pack.text("rumus_e"), inputs, format_number(nilai, 6), pack.citation("rumus_e")),
        Step(
            "Nilai efisiensi (NE)",
            pack.text("rumus_ne"),
            (("E dalam batas", format_number(kept, 6)),),
            format_number(score, 6),
            pack.citation("rumus_ne"),
        ),
    )
    notes = ("Metode PMK mengikat kementerian/lembaga; untuk daerah hanya sebagai pembanding.",)
    return Efisiensi("pmk", nilai, round_half_up(nilai, DECIMALS), score, notes, Trace(steps))


def _ratio(persen_capaian: Decimal, serapan: Computed) -> Efisiensi:
    if not serapan.nilai:
        return Efisiensi("rasio", None, None, None, ("Serapan 0: rasio efisiensi tidak terdefinisi.",), serapan.trace)
    nilai = divide(persen_capaian, serapan.nilai)
    return _result("rasio", "persen capaian ÷ persen serapan", nilai, persen_capaian, serapan, _RASIO)


def _result(
    method: EfisiensiMethod,
    formula: str,
    nilai: Decimal,
    persen_capaian: Decimal,
    serapan: Computed,
    citation: Citation,
) -> Efisiensi:
    serapan_nilai = serapan.nilai if serapan.nilai is not None else Decimal(0)
    inputs = (("Capaian", format_number(persen_capaian, 6)), ("Serapan", format_number(serapan_nilai, 6)))
    step = Step("Efisiensi", formula, inputs, format_number(nilai, 6), citation)
    notes = (*serapan.catatan, _LOW_SPENDING)
    return Efisiensi(method, nilai, round_half_up(nilai, DECIMALS), None, notes, serapan.trace + Trace((step,)))


def _money_step(label: str, formula: str, pagu: Decimal | int, realisasi: Decimal | int, result: str) -> Step:
    inputs = (("Pagu", format_rupiah(pagu)), ("Realisasi", format_rupiah(realisasi)))
    return Step(label, formula, inputs, result, _REALISASI)
