"""Comparisons that the performance report asks for: with earlier years, the Renstra, a standard, and other areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.rules.capaian_forms import Arah
from capaian.rules.numbers import HUNDRED, divide, format_number, with_kernel_digits
from capaian.rules.trace import Citation, Step, Trace

Direction = Literal["membaik", "memburuk", "tetap"]
_ANALYSES = Citation(
    "PermenPANRB 53/2014",
    "Bab III.A laporan kinerja, analisis 2 sampai 4",
    "tertulis",
    "Dibaca dari LKIP Dinas Kesehatan Kota Bekasi 2024; rumus perubahan sendiri tidak diatur.",
)
_RANKING = Citation(
    "LKIP Dinas Kesehatan Kabupaten Balangan 2024",
    "Bab III.B, perbandingan kabupaten/kota",
    "ditafsirkan",
    "Peringkat praktik laporan; nilai yang sama mendapat peringkat yang sama.",
)


@dataclass(frozen=True)
class Change:
    """A change between two years: in points of the unit, in percent of the earlier value, and its meaning."""

    selisih: Decimal | None
    persen: Decimal | None
    meaning: Direction | None
    catatan: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True)
class Ranked:
    """One comparator with its rank; None without a value. `seri` is true when others share the rank."""

    nama: str
    nilai: Decimal | None
    peringkat: int | None
    seri: bool


@with_kernel_digits
def compare_years(before: Decimal | None, now: Decimal | None, arah: Arah) -> Change:
    """Compare this year's value with an earlier one.

    Units: `selisih` in the unit of the values, `persen` in percent of the earlier value, both unrounded.
    `persen` is None when the earlier value is zero or negative. Errors: none.
    Source: PermenPANRB 53/2014, analysis 2 of Bab III.A.
    """
    if before is None or now is None:
        missing = "tahun pembanding" if before is None else "tahun ini"
        return Change(None, None, None, (f"Nilai {missing} belum ada.",), Trace())
    selisih = now - before
    persen = divide(selisih * HUNDRED, before) if before > 0 else None
    notes = () if persen is not None else ("Nilai pembanding nol atau negatif: perubahan dalam persen tidak bermakna.",)
    better = selisih > 0 if arah == "naik" else selisih < 0
    meaning: Direction = "tetap" if selisih == 0 else "membaik" if better else "memburuk"
    step = Step(
        "Perubahan antartahun",
        "tahun ini − tahun pembanding",
        (("Tahun pembanding", format_number(before)), ("Tahun ini", format_number(now)), ("Arah", arah)),
        f"{format_number(selisih)} ({meaning})",
        _ANALYSES,
    )
    return Change(selisih, persen, meaning, notes, Trace((step,)))


def rank(values: Sequence[tuple[str, Decimal | None]], arah: Arah) -> tuple[Ranked, ...]:
    """Rank comparators from best to worst; equal values share a rank and the next rank is skipped (1, 1, 3).

    A comparator without a value stands last, unranked. Order among equals is that of the input.
    Source: comparison tables of both reports (Balangan Bab III.B, Bekasi Tabel 3.3).
    """
    known = [(nama, value) for nama, value in values if value is not None]
    ordered = sorted(known, key=lambda pair: pair[1], reverse=arah == "naik")
    numbers = [value for _, value in ordered]
    ranked = [Ranked(nama, value, numbers.index(value) + 1, numbers.count(value) > 1) for nama, value in ordered]
    return (*ranked, *(Ranked(nama, None, None, False) for nama, value in values if value is None))


def own_area(daerah: str, names: Sequence[str]) -> str:
    """Find the name under which an area stands among others; empty when it does not.

    A kabupaten is often listed as `Kab. Balangan` or as `Balangan`; a kota never without that word, since a kabupaten
    may bear the same name (LKIP Bekasi 2024, Tabel 3.3, lists `Kota Bekasi` and `Bekasi`). Errors: none.
    """
    wanted = [daerah.casefold()]
    if wanted[0].startswith("kabupaten "):
        short = wanted[0].removeprefix("kabupaten ")
        wanted += [f"kab. {short}", f"kab {short}", short]
    listed = {name.casefold(): name for name in reversed(names)}
    return next((listed[name] for name in wanted if name in listed), "")


def rank_trace(ranked: Sequence[Ranked], nama: str, arah: Arah) -> Trace:
    """Tell in one step how a comparator came to its rank: the values in order; no step without a rank.

    Errors: none. Source: as `rank`.
    """
    own = next((one for one in ranked if one.nama == nama), None)
    if own is None or own.peringkat is None:
        return Trace()
    inputs = tuple((one.nama, format_number(one.nilai)) for one in ranked if one.nilai is not None)
    order = "terbesar" if arah == "naik" else "terkecil"
    formula = f"urutan dari nilai {order}: banyaknya wilayah yang lebih baik + 1"
    return Trace((Step("Peringkat", formula, inputs, f"{own.peringkat} dari {len(inputs)}", _RANKING),))
