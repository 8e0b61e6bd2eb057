"""The score of one item from its answer, by its kind: capaian of a target, a printed choice, or printed bands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from capaian.rules.capaian_forms import Arah, Rumus, evaluate
from capaian.rules.instrumen.model import Butir, Pilihan
from capaian.rules.numbers import HUNDRED, NumberFormatError, divide, format_number, round_half_up, with_kernel_digits
from capaian.rules.target import BoundTarget, EmptyTarget, NumberTarget, Target, parse_realisasi, parse_target
from capaian.rules.trace import Citation, Step

# `salah`: something is given that cannot be scored, so that it is neither zero nor left out silently.
Status = Literal["terjawab", "kosong", "tidak_berlaku", "salah"]
ZERO = Decimal(0)
# Bands are printed with at most this many decimals; a quotient is rounded to it before it is looked up. What is typed
# stands: an index of 0,801 is above 0,8.
BAND_DECIMALS = 2


@dataclass(frozen=True)
class Isian:
    """What was given for an item: a choice or value as text, or numerator (`realisasi`) and denominator (`sasaran`).

    `tidak_berlaku` leaves it out of every mean; `catatan` gives the reason.
    """

    nilai: str = ""
    sasaran: Decimal | None = None
    realisasi: Decimal | None = None
    tidak_berlaku: bool = False
    catatan: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is given at all."""
        return not self.nilai.strip() and self.sasaran is None and self.realisasi is None and not self.tidak_berlaku


@dataclass(frozen=True, slots=True)
class SkorButir:
    """The score of an item, 0 to `Butir.maksimum`; None unless `terjawab`. `catatan` says why, or what was done.

    `made` makes the steps when somebody asks for them.
    """

    kode: str
    status: Status
    nilai: Decimal | None = None
    catatan: tuple[str, ...] = ()
    made: Callable[[], tuple[Step, ...]] = field(default=tuple, repr=False, compare=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How the score came about."""
        return self.made()


@with_kernel_digits
def score_item(item: Butir, isian: Isian | None, sifat: Collection[str], names: Mapping[str, str]) -> SkorButir:
    """Score an item for a unit with the given properties (`sifat`); `names` are the properties' names.

    Units: 0 to `maksimum` of the item. Errors: none; what cannot be scored has status `salah` and says what to do.
    Source: regulations 6.3, 6.4 and 6.6 (coverage capped at 100, floor 0; lower is better: met gives 100, else T/R).
    """
    if item.sifat and item.sifat not in sifat:
        return SkorButir(item.kode, "tidak_berlaku", None, (f"Hanya untuk unit: {names.get(item.sifat, item.sifat)}.",))
    if isian is None or isian.is_empty:
        return SkorButir(item.kode, "kosong")
    if isian.tidak_berlaku:
        return SkorButir(item.kode, "tidak_berlaku", None, (f"Tidak berlaku: {isian.catatan}",))
    if item.penilaian == "pilihan":
        return _choice(item, isian)
    if item.penilaian == "pita" and (named := _named_band(item, isian)):
        return named
    given = _given(item, isian)
    if isinstance(given, SkorButir):
        return given
    return _band(item, given, isian) if item.penilaian == "pita" else _capaian(item, given, isian)


def _choice(item: Butir, isian: Isian) -> SkorButir:
    chosen = item.by_pilihan.get(isian.nilai.strip())
    if chosen is None:
        known = ", ".join(one.kode for one in item.pilihan)
        return _wrong(item, f'Jawaban "{isian.nilai}" tidak ada; pilih {known}.')
    return _scored(
        item, chosen.nilai, f"jawaban {chosen.kode}: {chosen.teks}", (("Jawaban", chosen.teks or chosen.kode),)
    )


def _named_band(item: Butir, isian: Isian) -> SkorButir | None:
    """The score where the answer is the kode of a band without bounds (`tidak melaksanakan`); else None."""
    chosen = item.by_pilihan.get(isian.nilai.strip())
    if chosen is None or chosen.dari is not None or chosen.sampai is not None:
        return None
    return _choice(item, isian)


def _given(item: Butir, isian: Isian) -> Target | SkorButir:
    """What was reached, as a readable value; or why there is none."""
    if item.masukan == "nilai" or isian.nilai.strip():
        return _read(item, isian.nilai)
    if isian.realisasi is None or isian.sasaran is None:
        lacking = "realisasi" if isian.realisasi is None else "sasaran"
        return _wrong(item, f"Baru sebagian terisi: {lacking} belum ada. Isi keduanya; kosong tidak dinilai 0.")
    if isian.realisasi < 0 or isian.sasaran < 0:
        return _wrong(item, "Sasaran dan realisasi tidak boleh negatif.")
    if isian.sasaran == 0:
        if isian.realisasi:
            return _wrong(item, f"Realisasi {format_number(isian.realisasi)} padahal sasarannya 0. Periksa sasaran.")
        return SkorButir(
            item.kode, "tidak_berlaku", None, ("Sasaran 0: tidak ada yang dilayani, tidak ikut rata-rata.",)
        )
    reached = divide(isian.realisasi * item.pengali, isian.sasaran)
    return _reached(item, reached)


def _reached(item: Butir, reached: Decimal) -> NumberTarget:
    """Numerator ÷ denominator in the unit of the target; spelled only where a message may have to quote it."""
    if item.penilaian == "pita":
        return NumberTarget("", reached)
    target = _target(item.target)
    if isinstance(target, NumberTarget | BoundTarget):
        return NumberTarget("", reached, target.unit)
    # Without the unit `Maks tgl 5` would read 90 per cent of reports in time as the ninetieth day.
    return NumberTarget(format_number(reached, 6), reached, "%" if item.pengali == HUNDRED else "")


def _read(item: Butir, text: str) -> Target | SkorButir:
    try:
        found = _realisasi(text.strip())
    except NumberFormatError as error:
        return _wrong(item, str(error))
    if isinstance(found, EmptyTarget):
        return _wrong(item, f'"{text.strip()}" bukan nilai. Isi nilainya, atau tandai tidak berlaku dengan alasannya.')
    if isinstance(found, NumberTarget) and found.value < 0 and item.rumus != "selisih":
        return _wrong(item, f"{format_number(found.value)} negatif. Periksa nilainya.")
    if isinstance(found, NumberTarget) and found.unit == "%" and _is_counted(item):
        return _wrong(
            item, f'"{text.strip()}" ditulis dalam persen, sedangkan satuannya {item.satuan or "bukan persen"}.'
        )
    return found


def _is_counted(item: Butir) -> bool:
    """Whether the target is a plain number that is no percentage."""
    target = _target(item.target)
    is_number = item.penilaian == "capaian" and isinstance(target, NumberTarget | BoundTarget)
    return is_number and "%" not in f"{item.satuan}{item.target}"


def _capaian(item: Butir, given: Target, isian: Isian) -> SkorButir:
    target = _target(item.target)
    if isinstance(target, EmptyTarget):
        return _wrong(item, "Target belum ditetapkan, sehingga capaian tidak terdefinisi. Tetapkan targetnya.")
    arah: Arah = "turun" if item.arah == "turun" else "naik"
    outcome = evaluate(target, given, arah, _rumus(item, arah))
    if outcome.persen is None:
        return _wrong(item, " ".join(outcome.catatan))
    value = max(ZERO, min(HUNDRED, outcome.persen)) if outcome.persen.is_finite() else HUNDRED
    notes = outcome.catatan
    if outcome.persen.is_finite() and value != outcome.persen:
        notes = (*notes, f"Capaian {format_number(outcome.persen, 2)} dibatasi {format_number(value)}.")
    score = value * item.maksimum / HUNDRED
    return SkorButir(
        item.kode, "terjawab", score, notes, lambda: (*_quotient_steps(item, given, isian), *outcome.steps)
    )


def _quotient_steps(item: Butir, given: Target, isian: Isian) -> tuple[Step, ...]:
    """How numerator and denominator became what was reached; nothing where that was given itself."""
    if isian.realisasi is None or isian.sasaran is None or isian.nilai or not isinstance(given, NumberTarget):
        return ()
    inputs = (("Realisasi", format_number(isian.realisasi)), ("Sasaran", format_number(isian.sasaran)))
    words = f"realisasi ÷ sasaran × {format_number(item.pengali)}"
    return (Step("Nilai yang dicapai", words, inputs, format_number(round_half_up(given.value, 6))),)


def _band(item: Butir, given: Target, isian: Isian) -> SkorButir:
    if not isinstance(given, NumberTarget):
        return _wrong(item, f'"{given.text}" bukan angka; isi angka dalam {item.satuan or "satuan butir"}.')
    value = given.value if isian.nilai.strip() else round_half_up(given.value, BAND_DECIMALS)
    inputs = (("Nilai", format_number(value)),)
    holding = [one for one in item.pilihan if holds(one, value)]
    if holding:
        lowest = min(holding, key=lambda one: one.nilai)
        many = len({one.nilai for one in holding}) > 1
        notes = (f"{format_number(value)} masuk lebih dari satu pita; dipakai yang terendah.",) if many else ()
        return _scored(item, lowest.nilai, f"pita {lowest.teks}", inputs, notes)
    reached = _last_reached(item, value)
    if reached is None:
        return _wrong(item, f"{format_number(value)} di luar semua pita tercetak. Periksa nilainya.")
    note = (
        f"{format_number(value)} jatuh di celah atau di luar pita tercetak; dipakai pita terakhir yang terlampaui "
        f"({reached.teks})."
    )
    return _scored(item, reached.nilai, f"pita {reached.teks}", inputs, (note,))


def holds(one: Pilihan, value: Decimal) -> bool:
    """Whether a band, as printed, holds a value. A choice without bounds holds none."""
    if one.dari is None and one.sampai is None:
        return False
    above = one.dari is None or (value > one.dari if one.dari_terbuka else value >= one.dari)
    below = one.sampai is None or (value < one.sampai if one.sampai_terbuka else value <= one.sampai)
    return above and below


def _last_reached(item: Butir, value: Decimal) -> Pilihan | None:
    """The band passed last on the way to a value that no band holds: the next below, or above where lower is better."""
    if item.arah == "turun":
        over = [one for one in item.pilihan if one.dari is not None and one.dari >= value]
        return min(over, key=lambda one: one.dari or ZERO) if over else None
    under = [one for one in item.pilihan if one.sampai is not None and one.sampai <= value]
    return max(under, key=lambda one: one.sampai or ZERO) if under else None


def _scored(
    item: Butir, value: Decimal, text: str, inputs: tuple[tuple[str, str], ...], notes: tuple[str, ...] = ()
) -> SkorButir:
    return SkorButir(
        item.kode,
        "terjawab",
        value,
        notes,
        lambda: (Step("Nilai butir", text, inputs, format_number(value), _BANDS, " ".join(notes)),),
    )


def _wrong(item: Butir, message: str) -> SkorButir:
    return SkorButir(item.kode, "salah", None, (message,))


def _rumus(item: Butir, arah: Arah) -> Rumus:
    if item.rumus == "selisih":
        return "selisih"
    return "rasio" if arah == "naik" else "kebalikan"


_target = lru_cache(maxsize=4096)(parse_target)
_realisasi = lru_cache(maxsize=4096)(parse_realisasi)
_BANDS = Citation(
    "Instrumen penilaian",
    "nilai tercetak per butir",
    "tertulis",
    "Nilai di dua pita memakai yang terendah, nilai di celah memakai pita terakhir yang terlampaui; keduanya ditandai.",
)
