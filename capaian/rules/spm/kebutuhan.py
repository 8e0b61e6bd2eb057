"""Needs of a unit: how much of each quality item the standard asks for, what is there, and what the rest costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

from capaian.rules.numbers import format_number, format_rupiah, with_kernel_digits
from capaian.rules.spm.standar import Butir, decimal_of
from capaian.rules.trace import Citation, Step, Trace

_SELISIH = Citation(
    "Permendagri 59/2021",
    "Formulir 2.B.4, kolom selisih dan jumlah biaya",
    "ditafsirkan",
    "Selisih = kebutuhan − tersedia; biaya = selisih × harga satuan. Kolom tercetak, rumusnya tidak.",
)
_WHOLE = Citation(
    "Kebijakan perhitungan Capaian",
    "pembulatan kebutuhan",
    "ditafsirkan",
    "Barang dibeli utuh: pecahan dibulatkan ke atas, sekali, pada akhir perkalian.",
)


@dataclass(frozen=True)
class Kebutuhan:
    """The need of one item: quantities in its unit, money in rupiah; None where something is not known yet.

    `selisih` is the shortage, negative where there is more than needed; `biaya` pays for a shortage only.
    """

    jumlah: Decimal | None
    tersedia: Decimal | None
    selisih: Decimal | None
    biaya: int | None
    catatan: tuple[str, ...]
    trace: Trace


def needed(faktor: Fraction, persons: int) -> Decimal:
    """How many whole pieces `faktor` asks for a number of persons, rounded up. Source: as `standard_need`."""
    return Decimal(-(-faktor.numerator * persons // faktor.denominator))


@with_kernel_digits
def standard_need(butir: Butir, sasaran: Mapping[str, int | None]) -> tuple[Decimal | None, Trace, tuple[str, ...]]:
    """The quantity that the standard asks for, given the numbers of the target groups; None where it gives no formula.

    Units: those of the item, rounded up to whole ones. Source: Permenkes 6/2024, tables of goods; regulations 5.6.
    """
    if butir.faktor is None:
        return None, Trace(), ("Standar tidak memberi rumus; kebutuhan diisi menurut keadaan setempat.",)
    persons = sasaran.get(butir.kelompok)
    if persons is None:
        return None, Trace(), (f"Sasaran {butir.kelompok.replace('_', ' ')} belum ditetapkan.",)
    exact, need = decimal_of(butir.faktor * persons), needed(butir.faktor, persons)
    step = Step(
        f"Kebutuhan {butir.nama}",
        butir.jumlah,
        (("Sasaran", format_number(persons)), ("Faktor", str(butir.faktor))),
        f"{format_number(need)} {butir.satuan}",
        butir.citation,
        "" if need == exact else f"{format_number(exact, 2)} dibulatkan ke atas. {_WHOLE.catatan}",
    )
    return need, Trace((step,)), ()


@with_kernel_digits
def compute_kebutuhan(
    nama: str,
    jumlah: Decimal | None,
    tersedia: Decimal | None,
    harga_satuan: int | None,
    before: Trace = Trace(),  # noqa: B008 -- frozen
) -> Kebutuhan:
    """Shortage and cost of an item. Units: quantities of the item, rupiah. Source: form 2.B.4; regulations 5.3."""
    if jumlah is None or tersedia is None:
        missing = "Kebutuhan" if jumlah is None else "Jumlah tersedia"
        return Kebutuhan(jumlah, tersedia, None, None, (f"{missing} belum diisi.",), before)
    selisih = jumlah - tersedia
    lack = max(selisih, Decimal(0))
    biaya = None if harga_satuan is None else int((lack * harga_satuan).to_integral_value(ROUND_CEILING))
    notes: tuple[str, ...] = ("Tersedia melebihi kebutuhan; tidak ada biaya.",) if selisih < 0 else ()
    if biaya is None and lack:
        notes += ("Harga satuan belum diisi.",)
    inputs = (("Kebutuhan", format_number(jumlah)), ("Tersedia", format_number(tersedia)))
    steps = [Step(f"Selisih {nama}", "kebutuhan − tersedia", inputs, format_number(selisih), _SELISIH)]
    if biaya is not None and harga_satuan is not None:
        priced = (("Selisih", format_number(lack)), ("Harga satuan", format_rupiah(harga_satuan)))
        steps.append(Step("Biaya", "selisih × harga satuan", priced, format_rupiah(biaya), _SELISIH))
    return Kebutuhan(jumlah, tersedia, selisih, biaya, notes, before + Trace(tuple(steps)))
