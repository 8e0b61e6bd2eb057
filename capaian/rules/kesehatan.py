"""Small formulas of health statistics: Indeks Kesehatan and rates per thousand or hundred thousand."""

from __future__ import annotations

import re
from decimal import Decimal

from capaian.rules.numbers import HUNDRED, divide, format_number, round_half_up, with_kernel_digits
from capaian.rules.trace import Citation, Computed, Step, Trace

UHH_MIN = Decimal(20)
UHH_MAX = Decimal(85)
RATE_BASES = (100, 1000, 10_000, 100_000, 1_000_000)
_RATE_BASE = re.compile(r"\bper\s+([0-9][0-9.]*)", re.IGNORECASE)
_INDEKS = Citation(
    "BPS, Indeks Pembangunan Manusia metode baru",
    "dimensi umur panjang dan hidup sehat, batas 20 dan 85 tahun",
    "ditafsirkan",
    "Rumus dicocokkan dengan seluruh kolom LKIP Bekasi 2024 Tabel 3.3; naskah BPS belum dibuka.",
)
_RATE = Citation("Praktik statistik kesehatan", "angka per penduduk", "ditafsirkan", "Kasus ÷ penyebut × pengali.")


@with_kernel_digits
def compute_indeks_kesehatan(uhh: Decimal, decimals: int = 2) -> Computed:
    """Compute the Indeks Kesehatan from the Usia Harapan Hidup: (UHH − 20) ÷ (85 − 20) × 100.

    Units: years in, index 0 to 100 out; a value outside 20..85 years is computed and noted. Errors: none.
    Source: regulations 7.3; LKIP Bekasi 2024, Tabel 3.3.
    """
    nilai = divide((uhh - UHH_MIN) * HUNDRED, UHH_MAX - UHH_MIN)
    notes = () if UHH_MIN <= uhh <= UHH_MAX else ("UHH di luar 20 sampai 85 tahun; periksa angkanya.",)
    step = Step(
        "Indeks Kesehatan",
        "(UHH − 20) ÷ (85 − 20) × 100",
        (("UHH", format_number(uhh)),),
        format_number(nilai, 6),
        _INDEKS,
    )
    return Computed(nilai, round_half_up(nilai, decimals), notes, Trace((step,)))


@with_kernel_digits
def compute_rate(
    kasus: Decimal | int | None, penyebut: Decimal | int | None, per: int = 100, decimals: int = 2
) -> Computed:
    """Compute a rate or proportion: cases ÷ denominator × base.

    Units: persons or cases in, rate per `per` out (100 gives percent, 1000 AKB, 100000 AKI).
    Undefined when something is missing or the denominator is zero. Errors: ValueError on an unusual base.
    Source: regulations 7.3 (raw counts reproduce the printed percentages).
    """
    if per not in RATE_BASES:
        raise ValueError(f"Pengali {per} tidak lazim; pilih {', '.join(format_number(base) for base in RATE_BASES)}.")
    if kasus is None or penyebut is None:
        return Computed(None, None, ("Pembilang atau penyebut belum ada.",), Trace())
    if penyebut <= 0:
        return Computed(None, None, ("Penyebut nol atau negatif: angka tidak terdefinisi.",), Trace())
    nilai = divide(Decimal(kasus) * per, Decimal(penyebut))
    notes = ("Pembilang melebihi penyebut; periksa keduanya.",) if per == 100 and kasus > penyebut else ()
    inputs = (("Pembilang", format_number(kasus)), ("Penyebut", format_number(penyebut)))
    step = Step(
        f"Angka per {format_number(per)}",
        f"pembilang ÷ penyebut × {format_number(per)}",
        inputs,
        format_number(nilai, 6),
        _RATE,
    )
    return Computed(nilai, round_half_up(nilai, decimals), notes, Trace((step,)))


def rate_base(text: str) -> int | None:
    """Read per how many a rate counts from its unit or name: `per 1000 KH` is 1000, `per 100.000` is 100000.

    None where the text says none, or an unusual one. Errors: none. Source: as `compute_rate`.
    """
    match = _RATE_BASE.search(text)
    base = int(match[1].replace(".", "")) if match else None
    return base if base in RATE_BASES else None
