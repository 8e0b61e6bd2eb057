"""The ranking of those who were judged by one instrument: by class and values, equal in all is the same rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from capaian.rules.instrumen.hasil import HasilInstrumen
from capaian.rules.instrumen.model import Instrumen
from capaian.rules.numbers import format_number, round_half_up
from capaian.rules.trace import Citation, Step, Trace

K = TypeVar("K", bound=Hashable)
# Beyond the decimals of the column that keeps a value two equal means may differ by how they were divided.
DECIMALS = 12
KELAS = "kelas"
BASIS = Citation(
    "Instrumen penilaian",
    "urutan peringkat",
    "ditafsirkan",
    "Dokumen menyebut pemeringkatan tanpa aturan seri; yang sama dalam semua yang dibandingkan berperingkat sama.",
)


@dataclass(frozen=True)
class Peserta(Generic[K]):
    """One who is ranked: who it is, the kode of the class (empty where none), the unrounded value of each group."""

    kunci: K
    kelas: str
    nilai: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Peringkat(Generic[K]):
    """The place of one: None where it cannot be compared, and `catatan` says why; `seri` where others share it."""

    kunci: K
    nomor: int | None
    seri: bool
    kelas: str
    nilai: Mapping[str, Decimal | None]
    catatan: str
    trace: Trace


def peserta_of(kunci: K, hasil: HasilInstrumen) -> Peserta[K]:
    """One who is ranked by a result that was just computed."""
    return Peserta(kunci, hasil.kelas, {kode: one.nilai for kode, one in hasil.kelompok.items()})


def rank(results: Iterable[Peserta[K]], instrumen: Instrumen) -> list[Peringkat[K]]:
    """Rank by what `Instrumen.peringkat` names, best first: 1, 2, 2, 4.

    Values are compared unrounded (to twelve decimals), higher is better. Who lacks a class or a value that is compared
    stands last without a number, in the order given; so do all where the instrument names nothing to compare.
    Errors: none. Source: seed 003 diktum KELIMA and KEENAM name a ranking by class; the tie rule is ours.
    """
    order = _classes(instrumen)
    able: list[tuple[tuple[Decimal, ...], Peserta[K]]] = []
    last: list[Peringkat[K]] = []
    for one in results:
        lacking = _lacking(one, instrumen, order)
        if lacking:
            last.append(_place(one, instrumen, None, 0, lacking))
        else:
            able.append((_key(one, instrumen, order), one))
    able.sort(key=lambda pair: pair[0])
    shared = Counter(key for key, _ in able)
    first: dict[tuple[Decimal, ...], int] = {}
    for position, (key, _) in enumerate(able, start=1):
        first.setdefault(key, position)
    return [_place(one, instrumen, first[key], shared[key] - 1, "") for key, one in able] + last


def _classes(instrumen: Instrumen) -> Mapping[str, int]:
    """The place of each class, best first; empty where nothing is classified."""
    scales = [part.skala for part in instrumen.klasifikasi[:1]]
    return {band.kode: place for scale in scales for place, band in enumerate(scale.bands)}


def _lacking(one: Peserta[K], instrumen: Instrumen, order: Mapping[str, int]) -> str:
    """Why one cannot be compared; empty where it can."""
    if not instrumen.peringkat:
        return "Instrumen ini tidak menetapkan apa yang diperingkat."
    if KELAS in instrumen.peringkat and one.kelas not in order:
        return "Belum mempunyai kelas, sehingga belum diperingkat."
    groups = [kode for kode in instrumen.peringkat if kode != KELAS and one.nilai.get(kode) is None]
    if groups:
        return f"Belum mempunyai nilai {', '.join(instrumen.groups[kode].nama for kode in groups)}."
    return ""


def _key(one: Peserta[K], instrumen: Instrumen, order: Mapping[str, int]) -> tuple[Decimal, ...]:
    """What is compared, so that the best comes first."""
    return tuple(
        Decimal(order[one.kelas]) if kode == KELAS else -round_half_up(one.nilai[kode] or Decimal(0), DECIMALS)
        for kode in instrumen.peringkat
    )


def _place(one: Peserta[K], instrumen: Instrumen, nomor: int | None, others: int, lacking: str) -> Peringkat[K]:
    labels = {band.kode: band.label for part in instrumen.klasifikasi[:1] for band in part.skala.bands}
    names = {KELAS: "Kelas", **{kode: group.nama for kode, group in instrumen.groups.items()}}
    inputs = tuple(
        (names[kode], labels.get(one.kelas, "–") if kode == KELAS else _shown(one.nilai.get(kode)))
        for kode in instrumen.peringkat
    )
    words = f"diurutkan menurut {', lalu '.join(names[kode] for kode in instrumen.peringkat)}"
    note = f"Seri dengan {others} lainnya: sama dalam semua yang dibandingkan." if others else lacking
    step = Step("Peringkat", words, inputs, "–" if nomor is None else str(nomor), BASIS, note)
    return Peringkat(one.kunci, nomor, others > 0, one.kelas, one.nilai, note, Trace((step,)))


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else format_number(round_half_up(value, 6))
