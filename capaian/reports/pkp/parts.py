"""Pieces that the documents of PKP share: how values, classes and answers are said, the radar, who signs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from capaian.assessments.queries import Active
from capaian.assessments.queries_pkp import group_class, share_of
from capaian.documents.blocks import Cell, Chart, Signature, SignatureParty
from capaian.documents.charts import Series, radar_option
from capaian.reports.formats import DASH, plain, points, proper
from capaian.reports.pkp.snapshot import PkpSnapshot, parts_of
from capaian.rules.instrumen.hasil import NilaiKelompok
from capaian.rules.instrumen.model import Butir, Instrumen, Kebijakan, Kelompok
from capaian.rules.instrumen.reached import reached_of
from capaian.rules.instrumen.skor import Isian, SkorButir
from capaian.rules.numbers import HUNDRED, format_number
from capaian.rules.scales import POLICY_WORDS, Band

Tone = Literal["", "good", "warn", "bad", "muted"]
NOT_ANSWERED, NOT_APPLYING, UNREADABLE = "Belum diisi", "Tidak berlaku", "Belum dapat dinilai"
# Corners of a radar that can still be told apart.
_MOST_CORNERS = 13
_FRAME = re.compile(r"^(?:[a-z]\.|indikator|kinerja|upaya|pelayanan|manajemen mutu(?= \S))\s+", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\(([A-Z][A-Z0-9]{1,7})\)\s*$")
_FEWEST_CORNERS = 3
_DECIMALS = 2


def signature(tempat: str, tahun: int, office: str) -> Signature:
    """The place to sign, place and day left to the pen."""
    return Signature((SignatureParty(office=office, heading=f"{tempat}, .................... {tahun + 1}"),))


def signing_unit(snapshot: PkpSnapshot) -> str:
    """`KEPALA PUSKESMAS MAWAR`."""
    return f"KEPALA {snapshot.nama.upper()}"


def value(nilai: Decimal | None) -> str:
    """A value of a group or an item with its two decimals."""
    return points(nilai, _DECIMALS)


def with_unit(group: Kelompok, nilai: Decimal | None) -> str:
    """The value of a part in a sentence: `91,25 %`, `8,45`."""
    if nilai is None:
        return "belum bernilai"
    return f"{value(nilai)}%" if group.best == HUNDRED else value(nilai)


def label_of(instrumen: Instrumen, kode: str) -> str:
    """The words of a class; a dash where there is none."""
    return next((band.label for band in bands_of(instrumen) if band.kode == kode), DASH)


def class_tone(instrumen: Instrumen, kode: str) -> Tone:
    """Best class, worst class, and those between, so that a table reads also in black and white by its words."""
    kodes = [band.kode for band in bands_of(instrumen)]
    if kode not in kodes:
        return "muted"
    return "good" if kode == kodes[0] else "bad" if kode == kodes[-1] else "warn"


def class_cell(instrumen: Instrumen, kode: str, missing: str = "Belum ada kelas") -> Cell:
    """A class in its tone."""
    label = label_of(instrumen, kode)
    return Cell(missing if label == DASH else label, tone=class_tone(instrumen, kode))


def score_tone(one: Butir | Kelompok, nilai: Decimal | None) -> Tone:
    """How far a score is from the best: full, at least four fifths of it, or below."""
    reached = share_of(one, nilai)
    if reached is None:
        return "muted"
    return "good" if reached >= HUNDRED else "warn" if reached >= _FAIR else "bad"


_FAIR = Decimal(80)


def bands_of(instrumen: Instrumen) -> tuple[Band, ...]:
    """The classes, best first; none where nothing is classified."""
    return instrumen.klasifikasi[0].skala.bands if instrumen.klasifikasi else ()


def part_tone(judged: Active, group: Kelompok, nilai: Decimal | None) -> Tone:
    """The tone of the class that a group would have in the scale of its part, as the page colours it."""
    return class_tone(judged.instrumen, group_class(judged, group, nilai)[0])


def status_words(score: SkorButir) -> str:
    """Why an item has no score; empty for one that has."""
    return {"kosong": NOT_ANSWERED, "tidak_berlaku": NOT_APPLYING, "salah": UNREADABLE}.get(score.status, "")


def answer_words(item: Butir, isian: Isian | None) -> str:
    """What was answered: the words of the choice, the value given, or the share that was counted."""
    if isian is None or isian.is_empty or isian.tidak_berlaku:
        return DASH
    chosen = item.by_pilihan.get(isian.nilai.strip())
    if chosen is not None:
        return chosen.teks or chosen.kode
    if isian.nilai.strip():
        return isian.nilai.strip()
    reached = reached_of(item, isian)
    return f"{plain(isian.realisasi)} dari {plain(isian.sasaran)}" + ("" if reached is None else f" = {value(reached)}")


def band_words(band: Band) -> str:
    """A class as its scale prints it: `≥ 91`, `81–90`, `< 5,5`."""
    low = None if band.dari is None else format_number(band.dari)
    high = None if band.sampai is None else format_number(band.sampai)
    if low is not None and high is not None:
        return f"{low}–{high}"
    if low is not None:
        return f"{'>' if band.dari_terbuka else '≥'} {low}"
    return f"{'<' if band.sampai_terbuka else '≤'} {high}" if high is not None else "semua nilai"


def policy_words(judged: Active) -> list[tuple[str, str]]:
    """The policies that a result was computed by, each with what it means."""
    kebijakan, instrumen = judged.kebijakan, judged.instrumen
    mixed = {
        "terendah": "kelas keseluruhan adalah kelas terendah dari bagian-bagiannya",
        "tidak_terklasifikasi": "tanpa kelas keseluruhan bila kelas bagian-bagiannya berbeda",
    }
    found = [
        ("Rata-rata", _mean_words(kebijakan)),
        ("Kelas campuran", mixed[kebijakan.campuran]),
        ("Batas kelas", _bound_words(instrumen, kebijakan)),
    ]
    beside = [one for one in instrumen.groups.values() if not one.ikut]
    for group in beside:
        joins = group.kode in kebijakan.sertakan
        found.append((group.nama, "ikut dihitung" if joins else "ditampilkan tersendiri, tidak ikut dihitung"))
    return found


def _mean_words(kebijakan: Kebijakan) -> str:
    if kebijakan.rata_rata == "datar":
        return "semua butir dirata-ratakan sekaligus"
    return "bertingkat: butir, lalu kelompok, lalu bagian"


def _bound_words(instrumen: Instrumen, kebijakan: Kebijakan) -> str:
    names = [kebijakan.batas_kelas] if kebijakan.batas_kelas else [one.skala.kebijakan for one in instrumen.klasifikasi]
    words = dict.fromkeys(POLICY_WORDS[name].removeprefix("kebijakan batas: ") for name in names if name)  # type: ignore[index]
    return ", ".join(words) or "seperti tercetak"


def radar_groups(instrumen: Instrumen, kebijakan: Kebijakan) -> tuple[Kelompok, ...]:
    """The corners of a radar: the parts, the largest of them taken apart as long as the picture stays readable."""
    corners = list(parts_of(instrumen))
    refused: set[str] = set()
    while True:
        able = [(one, _below(one, kebijakan)) for one in corners if one.kode not in refused]
        able = [(one, below) for one, below in able if below]
        if not able:
            return tuple(corners)
        largest, below = max(able, key=lambda pair: sum(1 for _ in pair[0].items()))
        if len(corners) - 1 + len(below) > _MOST_CORNERS:
            refused.add(largest.kode)
            continue
        at = corners.index(largest)
        corners[at : at + 1] = below


def _below(group: Kelompok, kebijakan: Kebijakan) -> list[Kelompok]:
    """The groups that a group is made of; nothing where it has items of its own beside them."""
    taking = [one for one in group.isi if isinstance(one, Butir) or one.ikut or one.kode in kebijakan.sertakan]
    groups = [one for one in taking if isinstance(one, Kelompok) and not one.is_item]
    return groups if len(groups) == len(taking) and len(groups) > 1 else []


def radar_chart(
    corners: Sequence[Kelompok],
    rings: Sequence[tuple[str, Mapping[str, Decimal | None]]],
    caption: str,
) -> list[Chart]:
    """The groups as a radar, all in percent of their best; nothing where fewer than three have a value.

    The first ring is whose document it is; its values stand at the corners as they are printed elsewhere.
    """
    own = rings[0][1]
    known = [one for one in corners if own.get(one.kode) is not None]
    if len(known) < _FEWEST_CORNERS:
        return []
    names = [short_name(one) for one in known]
    series = []
    for name, values in rings:
        shares = tuple(share_of(one, values.get(one.kode)) for one in known)
        series.append(Series(name, shares, tuple(value(values.get(one.kode)) for one in known)))
    data = (("Kelompok", *(one.name for one in series)),
            *zip(names, *(one.texts for one in series), strict=True))  # fmt: skip
    best = max(known, key=lambda one: share_of(one, own[one.kode]) or 0)
    least = min(known, key=lambda one: share_of(one, own[one.kode]) or 0)
    alt = (
        f"Jaring {len(known)} kelompok dalam persen dari nilai terbaik: tertinggi {proper(best.nama)} "
        f"({value(own[best.kode])}), terendah {proper(least.nama)} ({value(own[least.kode])})."
    )
    return [Chart(radar_option(names, series), caption, alt, "", 112, "", data)]


def short_name(group: Kelompok) -> str:
    """A group at a corner or over a narrow column: its printed short form, else without the words that all begin with.

    `Indikator upaya … penyakit menular langsung (P2ML)` is `P2ML`, `Indikator pelayanan imunisasi` `Imunisasi`.
    """
    name = " ".join(group.nama.split())
    if found := _SHORT_FORM.search(name):
        return found[1]
    while (bare := _FRAME.sub("", name)) != name:
        name = bare
    return proper(name)


def own_values(groups: Mapping[str, NilaiKelompok]) -> dict[str, Decimal | None]:
    """The unrounded values of groups by kode."""
    return {kode: one.nilai for kode, one in groups.items()}


def number_and_name(one: Butir | Kelompok) -> str:
    """An item or group in a sentence: its name, without the number that only makes sense in its table."""
    return " ".join(one.nama.split())
