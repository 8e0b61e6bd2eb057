"""The two instruments for usia lanjut: Barthel (daily activities) and SKILAS (simple screening)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from capaian.rules.packs import Pack
from capaian.rules.trace import Step, Trace


@dataclass(frozen=True)
class Pilihan:
    """One answer of a Barthel item: its score and what it means."""

    nilai: int
    teks: str


@dataclass(frozen=True)
class BarthelButir:
    """One of the ten Barthel items with its answers, lowest score first."""

    kode: str
    nomor: int
    nama: str
    pilihan: tuple[Pilihan, ...]


@dataclass(frozen=True)
class Barthel:
    """The score, 0 to 20, with its class; both empty, with the names of the missing items, while not all are filled."""

    skor: int | None
    kode: str
    label: str
    missing: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True)
class SkilasButir:
    """One question of SKILAS: its domain, and which answer (`tanda`) is a tick."""

    kode: str
    domain: str
    nama_domain: str
    pertanyaan: str
    tanda: str


@dataclass(frozen=True)
class Skilas:
    """The domains with a tick, in printed order, and whether the person is referred to the Puskesmas."""

    domain: tuple[str, ...]
    is_referred: bool
    trace: Trace


class InstrumenError(ValueError):
    """An answer that the instrument does not have; the message names the item and the answers that there are."""


def barthel_butir(pack: Pack) -> tuple[BarthelButir, ...]:
    """The items in printed order. Errors: PackError for a standard without the instrument."""
    answers: dict[str, list[Pilihan]] = {}
    for row in pack.rows("barthel_pilihan"):
        answers.setdefault(row["butir"], []).append(Pilihan(int(row["nilai"]), row["teks"]))
    return tuple(
        BarthelButir(row["kode"], int(row["nomor"]), row["nama"], tuple(answers[row["kode"]]))
        for row in pack.rows("barthel_butir")
    )


def score_barthel(answers: Mapping[str, int], pack: Pack) -> Barthel:
    """Score a filled form; `answers` are by kode of the item.

    An incomplete form has no score, since a missing answer would count as the worst one. Errors: InstrumenError for an
    unknown item or a score that it does not have. Source: Permenkes 6/2024, usia lanjut, Barthel modifikasi.
    """
    items = barthel_butir(pack)
    unknown = set(answers) - {one.kode for one in items}
    if unknown:
        raise InstrumenError(f"Butir tidak dikenal: {', '.join(sorted(unknown))}.")
    for one in items:
        known = [choice.nilai for choice in one.pilihan]
        if one.kode in answers and answers[one.kode] not in known:
            raise InstrumenError(f"Skor {answers[one.kode]} tidak ada untuk {one.nama}; pilih 0 sampai {max(known)}.")
    missing = tuple(one.nama for one in items if one.kode not in answers)
    if missing:
        return Barthel(None, "", "", missing, Trace())
    skor = sum(answers.values())
    found = pack.scale("barthel_kelas").classify(Decimal(skor))
    inputs = tuple((one.nama, str(answers[one.kode])) for one in items)
    steps = (
        Step("Skor Barthel", "jumlah skor sepuluh butir", inputs, str(skor), pack.citation("barthel_pilihan")),
        Step("Tingkat ketergantungan", "golongkan", (("Skor", str(skor)),), found.label,
             pack.citation("barthel_kelas")),
    )  # fmt: skip
    return Barthel(skor, found.kode or "", found.label, (), Trace(steps))


def skilas_butir(pack: Pack) -> tuple[SkilasButir, ...]:
    """The questions in printed order. Errors: PackError for a standard without the instrument."""
    return tuple(SkilasButir(**row) for row in pack.rows("skilas"))


def score_skilas(ticks: Collection[str], pack: Pack) -> Skilas:
    """Read a filled form; `ticks` are the kode of the questions whose answer is a tick.

    Any tick refers the person to the Puskesmas. Errors: InstrumenError for an unknown question. Source: Permenkes
    6/2024, usia lanjut, SKILAS.
    """
    items = skilas_butir(pack)
    unknown = set(ticks) - {one.kode for one in items}
    if unknown:
        raise InstrumenError(f"Pertanyaan tidak dikenal: {', '.join(sorted(unknown))}.")
    ticked = [one for one in items if one.kode in ticks]
    domains = tuple(dict.fromkeys(one.nama_domain for one in ticked))
    result = f"rujuk ke Puskesmas: {', '.join(domains)}" if domains else "tidak perlu dirujuk"
    step = Step(
        "SKILAS",
        "satu tanda centang atau lebih: rujuk",
        tuple((one.nama_domain, one.pertanyaan) for one in ticked),
        result,
        pack.citation("skilas"),
    )
    return Skilas(domains, bool(ticked), Trace((step,)))
