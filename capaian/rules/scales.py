"""Scales of bands (kategori, predikat, mutu): classify a value, flag holes and overlaps, never silently."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from typing import Literal

from capaian.rules.numbers import format_number, round_half_up

BoundaryPolicy = Literal["ambang_bawah", "bulatkan_dulu", "lebih_dari", "literal"]
POLICIES: tuple[BoundaryPolicy, ...] = ("ambang_bawah", "bulatkan_dulu", "lebih_dari", "literal")
POLICY_WORDS: dict[BoundaryPolicy, str] = {
    "ambang_bawah": "kebijakan batas: ambang bawah",
    "bulatkan_dulu": "kebijakan batas: bulatkan dahulu",
    "lebih_dari": "kebijakan batas: lebih dari",
    "literal": "kebijakan batas: seperti tercetak",
}
Flag = Literal["celah", "tumpang_tindih", "di_atas_skala", "di_bawah_skala"]
UNCLASSIFIED = "Tidak terklasifikasi"
# A note cuts an unrounded value here: rounding could carry it over the very boundary that the note speaks of.
_NOTED = Decimal("0.0001")


class ScaleError(ValueError):
    """A scale is not usable: empty, unordered, or holed/overlapping without a boundary policy."""


@dataclass(frozen=True)
class Band:
    """One band as printed; None is an open end, `dari_terbuka`/`sampai_terbuka` exclude the bound itself."""

    kode: str
    label: str
    dari: Decimal | None
    sampai: Decimal | None
    dari_terbuka: bool = False
    sampai_terbuka: bool = False

    def contains(self, value: Decimal) -> bool:
        """Tell whether the band as printed holds the value."""
        return self.starts_below(value) and self.ends_above(value)

    def starts_below(self, value: Decimal) -> bool:
        """Tell whether the lower bound lets the value in."""
        return self.dari is None or (value > self.dari if self.dari_terbuka else value >= self.dari)

    def ends_above(self, value: Decimal) -> bool:
        """Tell whether the upper bound lets the value in."""
        return self.sampai is None or (value < self.sampai if self.sampai_terbuka else value <= self.sampai)


@dataclass(frozen=True)
class Classification:
    """The class of a value. `kode` is None when the policy leaves it without a class; `flags` and `notes` say why."""

    value: Decimal
    kode: str | None
    label: str
    flags: tuple[Flag, ...]
    notes: tuple[str, ...]
    candidates: tuple[str, ...]
    kebijakan: BoundaryPolicy

    @property
    def policy_words(self) -> str:
        """The boundary policy in words, for notes and traces."""
        return POLICY_WORDS[self.kebijakan]


@dataclass(frozen=True)
class Scale:
    """Bands from highest to lowest with a boundary policy.

    `desimal` is the precision at which `bulatkan_dulu` rounds. Errors: ScaleError at construction.
    Source: design section 4.8; regulations section 6.5 (policies) and 12 (defaults).
    """

    nama: str
    bands: tuple[Band, ...]
    kebijakan: BoundaryPolicy | None = None
    desimal: int = 2

    def __post_init__(self) -> None:
        if not self.bands:
            raise ScaleError(f"Skala {self.nama} tidak mempunyai tingkat.")
        if self.kebijakan is not None and self.kebijakan not in POLICIES:
            raise ScaleError(
                f'Kebijakan batas "{self.kebijakan}" pada skala {self.nama} tidak dikenal; pilih {", ".join(POLICIES)}.'
            )
        self._check_order()
        faults = self.faults()
        if faults and self.kebijakan is None:
            raise ScaleError(
                f"Skala {self.nama} {'; '.join(faults)}. Tambahkan kebijakan batas ({', '.join(POLICIES)})."
            )

    def _check_order(self) -> None:
        codes = [band.kode for band in self.bands]
        if len(set(codes)) != len(codes):
            raise ScaleError(f"Skala {self.nama} memuat kode tingkat yang sama dua kali.")
        for band in self.bands:
            if band.dari is not None and band.sampai is not None and band.dari > band.sampai:
                raise ScaleError(f"Tingkat {band.kode} pada skala {self.nama} terbalik: dari melebihi sampai.")
        for higher, lower in pairwise(self.bands):
            if higher.dari is None or lower.sampai is None or (lower.dari is not None and lower.dari >= higher.dari):
                raise ScaleError(
                    f"Tingkat skala {self.nama} harus dari yang tertinggi: lihat {higher.kode} dan {lower.kode}."
                )

    def faults(self) -> tuple[str, ...]:
        """Describe every hole and overlap between neighbouring bands, in Indonesian; empty for a sound scale."""
        found = []
        for higher, lower in pairwise(self.bands):
            fault = _fault_between(higher, lower)
            if fault:
                found.append(f"{fault} antara {lower.kode} dan {higher.kode}")
        return tuple(found)

    def classify(self, value: Decimal, kebijakan: BoundaryPolicy | None = None) -> Classification:
        """Classify a value by the scale's policy, or by the one given, and flag a value in a hole or in two bands.

        Units: those of the scale. Errors: none.
        Source: regulations section 6.5, matrix of readings.
        """
        policy = kebijakan or self.kebijakan or "literal"
        literal = tuple(band for band in self.bands if band.contains(value))
        band = _choose(self, value, policy)
        flags = self._flags(value, literal)
        notes = tuple(_note(flag, value, self, literal, policy) for flag in flags)
        label = band.label if band else UNCLASSIFIED
        return Classification(
            value, band.kode if band else None, label, flags, notes, tuple(b.kode for b in literal), policy
        )

    def _flags(self, value: Decimal, literal: tuple[Band, ...]) -> tuple[Flag, ...]:
        if len(literal) > 1:
            return ("tumpang_tindih",)
        if literal:
            return ()
        if not self.bands[0].ends_above(value):
            return ("di_atas_skala",)
        return ("celah",) if self.bands[-1].starts_below(value) else ("di_bawah_skala",)


def _fault_between(higher: Band, lower: Band) -> str:
    start, end = higher.dari, lower.sampai
    if start is None or end is None:  # refused by _check_order already
        return "tumpang tindih"
    if start != end:
        return "berlubang" if start > end else "tumpang tindih"
    if higher.dari_terbuka and lower.sampai_terbuka:
        return "berlubang"
    return "" if higher.dari_terbuka or lower.sampai_terbuka else "tumpang tindih"


def _choose(scale: Scale, value: Decimal, policy: BoundaryPolicy) -> Band | None:
    if policy == "bulatkan_dulu":
        value = round_half_up(value, scale.desimal)
    if policy in ("literal", "bulatkan_dulu"):
        matches = [band for band in scale.bands if band.contains(value)]
        return matches[0] if len(matches) == 1 else None
    if policy == "ambang_bawah":
        # The bound itself opens the class, also where it is printed with ">": that is what the policy decides.
        return next((band for band in scale.bands if band.dari is None or value >= band.dari), None)
    for higher, lower in pairwise(scale.bands):
        if lower.sampai is not None and value > lower.sampai:
            return higher
    return scale.bands[-1] if scale.bands[-1].starts_below(value) else None


def _note(flag: Flag, value: Decimal, scale: Scale, literal: tuple[Band, ...], policy: BoundaryPolicy) -> str:
    cut = value.quantize(_NOTED, ROUND_DOWN)
    number = format_number(value) if value == cut else f"{format_number(cut)}…"
    if flag == "tumpang_tindih":
        names = " dan ".join(band.label for band in literal)
        return f"Nilai {number} masuk dua kelas ({names}) pada skala {scale.nama}; {POLICY_WORDS[policy]}."
    where = {
        "celah": "jatuh di celah antarkelas",
        "di_atas_skala": "melebihi batas tertinggi yang tercetak",
        "di_bawah_skala": "di bawah batas terendah yang tercetak",
    }
    return f"Nilai {number} {where[flag]} pada skala {scale.nama}; {POLICY_WORDS[policy]}."
