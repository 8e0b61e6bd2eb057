"""Making the result of a survey out of its answers: counted in the database, computed by `rules`, returned as data.

A closed survey keeps its result (`HasilSkm`); an open one is computed whenever somebody looks. Where only a printed
report is known, its means are the input, and whether they can be (GRIM) stands with the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.db.models.lookups import Exact, GreaterThan

from capaian.rules.numbers import divide, format_number, format_percent
from capaian.rules.packs import Pack, load_pack
from capaian.rules.skm import Ikm, compute_ikm, grim, sample_size
from capaian.skm.models import UNSUR, JawabanSkm, NrrTercetak, Survei

PACK = "skm/permenpanrb_14_2017"
# What is known of who answered and how; each is a column of `JawabanSkm`.
PROFIL = ("jenis_kelamin", "umur", "pendidikan", "pekerjaan", "layanan", "sumber")
# Design 4.13: fewer persons than these can be told apart, so that their number and their answers are not shown.
FEWEST: Final = 5
# In the comparison of answers a blank is below and above all of them.
_BELOW, _ABOVE = Value(0), Value(9)


@dataclass(frozen=True)
class Tally:
    """The answers of a survey, counted: persons, by unsur how many answered it and the sum of their answers.

    `seragam` are the persons who gave the same answer three times or more, and no other.
    """

    responden: int = 0
    terisi: Mapping[str, int] = field(default_factory=dict)
    jumlah: Mapping[str, int] = field(default_factory=dict)
    seragam: int = 0


@dataclass(frozen=True)
class Measured:
    """What is computed of a survey: persons (None where a report does not say), NRR and how many answered each unsur.

    `ikm` is None while nobody has answered.
    """

    responden: int | None
    nrr: Mapping[str, Decimal]
    terisi: Mapping[str, int]
    ikm: Ikm | None
    catatan: tuple[str, ...]


def skm_pack() -> Pack:
    """The regulation that surveys are computed by."""
    return load_pack(PACK)


def unsur_names() -> dict[str, str]:
    """The nine unsur, kode to name, in the order of the regulation."""
    return {row["kode"]: row["nama"] for row in skm_pack().rows("unsur")}


def aggregate(surveys: Collection[int] | QuerySet[Survei]) -> dict[int, Tally]:
    """Count the answers of some surveys, by id; a survey that nobody answered is left out. One query."""
    largest = Greatest(*(Coalesce(unsur, _BELOW) for unsur in UNSUR))
    least = Least(*(Coalesce(unsur, _ABOVE) for unsur in UNSUR))
    total: Any = Value(0)
    for unsur in UNSUR:
        total = total + Coalesce(unsur, _BELOW)
    # All the same, and at least three of them: one answer alone is no straight line.
    same = Q(Exact(largest, least)) & Q(GreaterThan(total, largest * 2))
    counts: dict[str, Any] = {f"n_{unsur}": Count(unsur) for unsur in UNSUR}
    sums: dict[str, Any] = {f"s_{unsur}": Sum(unsur, default=0) for unsur in UNSUR}
    rows: Any = (
        JawabanSkm.objects.filter(survei__in=surveys)
        .order_by()
        .values("survei")
        .annotate(responden=Count("pk"), seragam=Count("pk", filter=same), **counts, **sums)
    )
    return {
        row["survei"]: Tally(
            row["responden"],
            {unsur: row[f"n_{unsur}"] for unsur in UNSUR},
            {unsur: row[f"s_{unsur}"] for unsur in UNSUR},
            row["seragam"],
        )
        for row in rows
    }


def measure(survei: Survei, tally: Tally | None = None) -> Measured:
    """The result of a survey out of its counted answers: those given, or counted here. One query then."""
    found = tally or aggregate([survei.pk]).get(survei.pk, Tally())
    pack, asked = skm_pack(), asked_unsur(survei)
    nrr = {
        one: divide(Decimal(found.jumlah[one]), Decimal(found.terisi[one])) for one in asked if found.terisi.get(one)
    }
    ikm = compute_ikm(nrr, pack) if nrr else None
    remarks = [*_sample_remarks(survei, found.responden), *_unsur_remarks(asked, nrr, found.responden)]
    remarks += _same_remarks(found)
    terisi = {one: found.terisi.get(one, 0) for one in asked}
    return Measured(found.responden, nrr, terisi, ikm, (*remarks, *(ikm.catatan if ikm else ())))


def measure_printed(survei: Survei, printed: Sequence[NrrTercetak]) -> Measured:
    """The result of a survey of which only the means of a report are known, in the order of the regulation."""
    means = {one.unsur: one.nilai for one in printed}
    nrr: dict[str, Decimal] = {kode: means[kode] for kode in UNSUR if kode in means}
    ikm = compute_ikm(nrr, skm_pack()) if nrr else None
    remarks = list(_unsur_remarks(asked_unsur(survei), nrr, 1))
    n = survei.responden_tercetak
    if n is None:
        remarks.append(
            "Jumlah responden tidak tercetak, sehingga kecukupan sampel dan kewajaran rata-rata (uji GRIM) tidak dapat "
            "diuji."
        )
    else:
        remarks += [*_sample_remarks(survei, n), *_grim_remarks(printed, n)]
    return Measured(n, nrr, {}, ikm, (*remarks, *(ikm.catatan if ikm else ())))


def asked_unsur(survei: Survei) -> list[str]:
    """The unsur that the survey asks about, in the order of the regulation; all nine where it names none."""
    return [kode for kode in UNSUR if kode in survei.unsur] or [*UNSUR]


def sample_of(survei: Survei) -> int | None:
    """How many respondents the population asks for (Krejcie and Morgan); None where it is not stated."""
    return sample_size(survei.populasi, skm_pack()) if survei.populasi else None


def count_profil(survei: Survei) -> dict[str, Any]:
    """Who answered, counted: by column of `PROFIL` value to persons, and `minggu` as (Monday, persons). One query."""
    found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in PROFIL}
    weeks: dict[str, int] = defaultdict(int)
    rows = survei.jawaban.order_by().values_list("tanggal", *PROFIL).annotate(persons=Count("pk"))
    for tanggal, *values, persons in rows:
        for name, value in zip(PROFIL, values, strict=True):
            found[name][value] += persons
        weeks[(tanggal - timedelta(days=tanggal.weekday())).isoformat()] += persons
    return {**{name: dict(counts) for name, counts in found.items()}, "minggu": sorted(weeks.items())}


def _sample_remarks(survei: Survei, responden: int) -> Iterable[str]:
    wanted = sample_of(survei)
    if wanted is None:
        yield "Populasi belum dinyatakan, sehingga kecukupan sampel tidak dapat diuji."
    elif responden < wanted:
        yield (
            f"Responden {format_number(responden)} kurang dari sampel {format_number(wanted)} yang diminta tabel "
            f"Krejcie dan Morgan untuk populasi {format_number(survei.populasi or 0)}."
        )


def _unsur_remarks(asked: Sequence[str], nrr: Mapping[str, Decimal], responden: int) -> Iterable[str]:
    """Of unsur that have no value: those never asked, and those that nobody answered."""
    names = unsur_names()
    dropped = [names[kode] for kode in UNSUR if kode not in asked]
    if dropped:
        yield f"Tidak ditanyakan: {'; '.join(dropped)}. Penimbangnya 1 ÷ {len(asked)} unsur."
    empty = [names[kode] for kode in asked if kode not in nrr]
    if empty and responden:
        yield f"Tanpa nilai: {'; '.join(empty)}. IKM dihitung dari {len(nrr)} unsur yang bernilai."


def _same_remarks(found: Tally) -> Iterable[str]:
    """Of persons who answered the same everywhere; of a few no number, because the remarks are published too."""
    if not found.seragam:
        return
    persons = f"Kurang dari {FEWEST} responden"
    if found.seragam >= FEWEST:
        share = format_percent(divide(Decimal(found.seragam * 100), Decimal(found.responden)), 1)
        persons = f"{format_number(found.seragam)} responden ({share})"
    yield f"{persons} memberi jawaban yang sama untuk semua unsur; jawabannya tetap dihitung."


def _grim_remarks(printed: Sequence[NrrTercetak], n: int) -> Iterable[str]:
    names, found = unsur_names(), [(one, grim(one.teks, [n], skm_pack())) for one in printed]
    impossible = [f"{names[one.unsur]} {one.teks}" for one, tested in found if not tested.is_possible]
    if impossible:
        yield (
            f"Tidak mungkin menjadi rata-rata {format_number(n)} jawaban 1–4 (uji GRIM): {'; '.join(impossible)}. "
            "Periksa jumlah responden, jawaban kosong, atau pengetikannya."
        )
    elif found and not any(tested.is_telling for _, tested in found):
        yield (
            f"Uji GRIM tidak memberi keterangan: dengan {format_number(n)} responden setiap rata-rata dengan desimal "
            "tercetak itu mungkin."
        )
