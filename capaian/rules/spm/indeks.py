"""The index of achievement (IP SPM): 80 % recipients served to standard, 20 % quality; coverage is only the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.rules.numbers import HUNDRED, divide, format_number, mean, round_half_up, with_kernel_digits
from capaian.rules.scales import Classification
from capaian.rules.spm.standar import Standar
from capaian.rules.trace import Citation, Computed, Step, Trace

CaraMutu = Literal["rata_rata_butir", "jumlah"]
DECIMALS = 2
_ITEM = Citation(
    "Permendagri 59/2021",
    "Formulir 2.B.4 dan 2.B.5",
    "ditafsirkan",
    "IP butir mutu = tersedia ÷ kebutuhan; kolomnya tercetak, rumusnya tidak.",
)
_MUTU = Citation(
    "Permenkes 6/2024",
    "rumus indeks pencapaian mutu",
    "ditafsirkan",
    "Jumlah IP butir dibagi banyaknya butir (dibaca lewat Perbup Tana Toraja 61/2025); tiap butir dibatasi 100.",
)
_SUMS = Citation(
    "Kebijakan perhitungan Capaian",
    "indeks mutu dari jumlah",
    "ditafsirkan",
    "Pembacaan kedua yang dipakai sebagian aplikasi daerah: Σ tersedia ÷ Σ kebutuhan.",
)
_DAERAH = Citation(
    "Kebijakan perhitungan Capaian", "indeks daerah", "ditafsirkan", "Rata-rata IP SPM dua belas jenis pelayanan."
)


@dataclass(frozen=True)
class ItemMutu:
    """A quality item as reported: need and stock in its own unit; None where not reported."""

    nama: str
    kebutuhan: Decimal | None
    tersedia: Decimal | None


@dataclass(frozen=True)
class IndeksSpm:
    """The index of one service. `penerima` may exceed 100, `nilai` never; None where something is not reported.

    Units: percent, two decimals, half up. `kategori` is empty without an index.
    """

    penerima: Decimal | None
    mutu: Decimal | None
    nilai: Decimal | None
    kategori: str
    label: str
    catatan: tuple[str, ...]
    trace: Trace


@with_kernel_digits
def compute_penerima(terlayani: int | None, sasaran: int | None, sumber: Citation, *, traced: bool = True) -> Computed:
    """Coverage: persons served to standard over the target group, in percent, not capped.

    Undefined (None, with the reason) without one of the two, or for a sasaran of zero. Not `traced`, it is the same
    without its trace. Errors: ValueError on a negative number. Source: IP penerima, regulations 5.2.
    """
    if terlayani is None or sasaran is None:
        missing = "Yang terlayani" if terlayani is None else "Sasaran"
        return Computed(None, None, (f"{missing} belum ada.",), Trace())
    if terlayani < 0 or sasaran < 0:
        raise ValueError("Jumlah orang tidak dapat negatif; periksa terlayani dan sasaran.")
    if sasaran == 0:
        note = "Sasaran nol: cakupan tidak terdefinisi." + (" Ada yang terlayani; periksa." if terlayani else "")
        return Computed(None, None, (note,), Trace())
    nilai = divide(Decimal(terlayani) * HUNDRED, Decimal(sasaran))
    notes: tuple[str, ...] = ()
    if terlayani > sasaran:
        notes = ("Terlayani melebihi sasaran: sasaran perkiraan atau hitungan ganda; dalam indeks dibatasi 100.",)
    tampil = round_half_up(nilai, DECIMALS)
    if not traced:
        return Computed(nilai, tampil, notes, Trace())
    step = Step(
        "Persentase penerima",
        "terlayani sesuai standar ÷ sasaran × 100",
        (("Terlayani", format_number(terlayani)), ("Sasaran", format_number(sasaran))),
        format_number(tampil, DECIMALS),
        sumber,
    )
    return Computed(nilai, tampil, notes, Trace((step,)))


@with_kernel_digits
def compute_mutu(items: Sequence[ItemMutu], cara: CaraMutu = "rata_rata_butir", *, traced: bool = True) -> Computed:
    """Quality: how far the needs of the items are met, in percent, each item capped at 100.

    Items without a need are left out, as are items that were not reported; both are said. Undefined when none counts.
    Not `traced`, it is the same without its trace. Source: IP mutu, regulations 5.2.
    """
    asked = [one for one in items if one.kebutuhan]
    counted = [
        (one.nama, one.kebutuhan, one.tersedia)
        for one in asked
        if one.kebutuhan is not None and one.tersedia is not None
    ]
    silent = len(asked) - len(counted)
    notes = (f"{silent} butir mutu belum dilaporkan.",) if silent else ()
    if not counted:
        return Computed(None, None, (*notes, "Belum ada butir mutu yang dapat dihitung."), Trace())
    shares = [min(divide(there * HUNDRED, need), HUNDRED) for _, need, there in counted]
    if cara == "jumlah":
        total = sum((min(there, need) for _, need, there in counted), Decimal(0))
        nilai = divide(total * HUNDRED, sum((need for _, need, _ in counted), Decimal(0)))
    else:
        nilai = mean(shares)
    tampil = round_half_up(nilai, DECIMALS)
    trace = _mutu_trace(counted, shares, tampil, cara) if traced else Trace()
    return Computed(nilai, tampil, notes, trace)


def _mutu_trace(
    counted: Sequence[tuple[str, Decimal, Decimal]], shares: Sequence[Decimal], tampil: Decimal, cara: CaraMutu
) -> Trace:
    inputs = tuple(
        (nama, f"{format_number(there)} ÷ {format_number(need)} = {format_number(share, DECIMALS)}")
        for (nama, need, there), share in zip(counted, shares, strict=True)
    )
    each = Step("IP butir mutu", "tersedia ÷ kebutuhan × 100, paling banyak 100", inputs, f"{len(inputs)} butir", _ITEM)
    formula = "rata-rata IP butir" if cara == "rata_rata_butir" else "Σ tersedia ÷ Σ kebutuhan × 100"
    whole = Step(
        "Indeks mutu",
        formula,
        (("Banyaknya butir", str(len(counted))),),
        format_number(tampil, DECIMALS),
        _MUTU if cara == "rata_rata_butir" else _SUMS,
    )
    return Trace((each, whole))


@with_kernel_digits
def compute_indeks(penerima: Computed, mutu: Computed | None, standar: Standar, *, traced: bool = True) -> IndeksSpm:
    """The index of a service from its coverage and its quality; `mutu` is None for a standard without quality items.

    Not `traced`, it is the same without its trace. Source: Permendagri 59/2021, weights 80, 20; regulations 5.2, 5.8.
    """
    notes = penerima.catatan + (mutu.catatan if mutu else ())
    trace = penerima.trace + (mutu.trace if mutu else Trace())
    if penerima.nilai is None or (mutu is not None and mutu.nilai is None):
        return IndeksSpm(penerima.tampil, mutu.tampil if mutu else None, None, "", "", notes, trace)
    limit = standar.penerapan.number("batas_indeks")
    capped = min(penerima.nilai, limit)
    nilai = capped
    if mutu is not None and mutu.nilai is not None:
        of_penerima, of_mutu = standar.penerapan.number("bobot_penerima"), standar.penerapan.number("bobot_mutu")
        nilai = capped * of_penerima + min(mutu.nilai, limit) * of_mutu
    tampil = round_half_up(nilai, DECIMALS)
    classified = standar.penerapan.scale("kategori").classify(tampil)  # after rounding (design, 4.1)
    if traced:
        trace += Trace((_indeks_step(capped, mutu, tampil, standar), _kategori_step(tampil, classified, standar)))
    return IndeksSpm(
        penerima.tampil,
        mutu.tampil if mutu else None,
        tampil,
        classified.kode or "",
        classified.label,
        notes + classified.notes,
        trace,
    )


def _indeks_step(capped: Decimal, mutu: Computed | None, tampil: Decimal, standar: Standar) -> Step:
    penerima = ("Penerima", format_number(capped, DECIMALS))
    said = format_number(tampil, DECIMALS)
    if mutu is None or mutu.nilai is None:
        place = standar.penerapan.citation("batas_indeks")
        return Step("Indeks", "persentase penerima, paling banyak 100", (penerima,), said, place)
    return Step(
        "IP SPM",
        "penerima × 80 % + mutu × 20 %",
        (penerima, ("Mutu", format_number(mutu.nilai, DECIMALS))),
        said,
        standar.penerapan.citation("bobot_penerima"),
    )


def _kategori_step(tampil: Decimal, classified: Classification, standar: Standar) -> Step:
    return Step(
        "Kategori",
        "golongkan menurut batas bawah",
        (("IP SPM", format_number(tampil, DECIMALS)),),
        classified.label,
        standar.penerapan.citation("kategori"),
    )


@with_kernel_digits
def compute_daerah(indeks: Mapping[str, Decimal | None], standar: Standar, *, traced: bool = True) -> IndeksSpm:
    """The index over all services of a unit or district: their mean, and how many are not reported.

    `indeks` holds the index of each service by its name. Not `traced`, it is the same without its trace. Source: our
    reading (ditafsirkan), regulations 5.2.
    """
    known = {nama: one for nama, one in indeks.items() if one is not None}
    notes = (f"{len(indeks) - len(known)} jenis pelayanan belum mempunyai indeks.",) if len(known) < len(indeks) else ()
    if not known:
        return IndeksSpm(None, None, None, "", "", notes, Trace())
    nilai = mean(list(known.values()))
    tampil = round_half_up(nilai, DECIMALS)
    classified = standar.penerapan.scale("kategori").classify(tampil)  # after rounding (design, 4.1)
    if not traced:
        return IndeksSpm(None, None, tampil, classified.kode or "", classified.label, notes, Trace())
    step = Step(
        "Indeks SPM",
        "rata-rata indeks jenis pelayanan",
        tuple((nama, format_number(value, DECIMALS)) for nama, value in known.items()),
        format_number(tampil, DECIMALS),
        _DAERAH,
    )
    return IndeksSpm(None, None, tampil, classified.kode or "", classified.label, notes, Trace((step,)))
