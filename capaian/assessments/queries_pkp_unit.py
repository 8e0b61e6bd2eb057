"""One Puskesmas whole: its parts, the table of its items, its charts beside the district, and what would lift it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capaian.assessments.models import Hasil
from capaian.assessments.queries import Active
from capaian.assessments.queries_pkp import DistrictMean, class_labels, group_class, share_of, short_name, tone_of
from capaian.assessments.sheet import score_words
from capaian.assessments.sheet_cells import EMPTY, UnitAnswers, text_of
from capaian.documents.charts import Series, radar_option
from capaian.rules.instrumen.hasil import HasilInstrumen, NilaiKelompok
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.pengungkit import Lever, Pengungkit, lift
from capaian.rules.instrumen.skor import Isian, SkorButir
from capaian.rules.numbers import format_number, round_half_up

# The levers that are named; the rest adds less and less.
MOST_LEVERS = 10
_STATUS = {"kosong": "belum", "salah": "salah", "tidak_berlaku": "tidak_berlaku"}


@dataclass(frozen=True)
class PartLine:
    """A classified part: its value with class and remarks, the district's mean, and the year before."""

    group: Kelompok
    found: NilaiKelompok
    tone: int
    mean: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """Points more than the year before."""
        return None if self.before is None or self.found.tampil is None else self.found.tampil - self.before

    @property
    def fall(self) -> Decimal:
        """Points less than the year before, as a positive number."""
        return abs(self.change or Decimal(0))


@dataclass(frozen=True)
class TreeLine:
    """A row of the table of groups and items, as it is drawn; `tone` and `word` are those of the class of a group."""

    depth: int
    one: Butir | Kelompok
    value: str
    tone: int
    word: str
    before: str
    status: str
    sasaran: str
    realisasi: str
    remark: str
    trace_url: str

    @property
    def is_item(self) -> bool:
        return isinstance(self.one, Butir)


@dataclass(frozen=True)
class LiftLine:
    """What one part needs for the next class: its levers by name, the first that suffice together marked."""

    group: Kelompok
    found: Pengungkit
    now: str
    target: str
    levers: Sequence[tuple[Butir, Lever, bool]]

    @property
    def more(self) -> int:
        return len(self.found.levers) - len(self.levers)


def part_line(
    judged: Active, hasil: HasilInstrumen, group: Kelompok, mean: DistrictMean, before: Mapping[str, Hasil]
) -> PartLine:
    """A classified part with what it is compared with."""
    found, last = hasil.kelompok[group.kode], before.get(group.kode)
    kelas = found.kelas.kode or "" if found.kelas else ""
    average = mean.values.get(group.kode)
    return PartLine(
        group,
        found,
        tone_of(judged.instrumen, kelas),
        None if average is None else round_half_up(average, 2),
        last.tampil if last else None,
    )


def radar_of(hasil: HasilInstrumen, mean: DistrictMean, title: str, groups: Sequence[Kelompok]) -> dict[str, Any]:
    """A radar of groups in per cent of their best, beside the mean of the district; the table has all corners."""
    own = [share_of(one, hasil.kelompok[one.kode].nilai) for one in groups]
    others = [share_of(one, mean.values.get(one.kode)) for one in groups]
    rows = [
        (one.nama, *(_share_words(value) for value in pair))
        for one, *pair in zip(groups, own, others, strict=True)
    ]  # fmt: skip
    names = [short_name(one) for one in groups]
    series = [Series("Puskesmas ini", tuple(own), tuple(_share_words(one) for one in own))]
    if any(one is not None for one in others):
        series.append(Series(f"Rata-rata {mean.count} Puskesmas terverifikasi", tuple(others)))
    try:
        option = radar_option(names, series)
    except ValueError:
        # Fewer than three corners have a value: the table alone says more.
        option = None
    return {"title": title, "option": option, "columns": ("Kelompok", "Puskesmas ini", "Kabupaten/kota"), "rows": rows}


def _share_words(value: Decimal | None) -> str:
    return "–" if value is None else format_number(round_half_up(value, 1), 1)


def tree_lines(
    judged: Active, hasil: HasilInstrumen, unit: UnitAnswers, before: Mapping[str, Hasil], trace: Callable[[str], str]
) -> Iterator[TreeLine]:
    """All groups and items below the root in printed order, each group before its own; `trace` gives the address."""

    def below(group: Kelompok, depth: int) -> Iterator[TreeLine]:
        for child in group.isi:
            if isinstance(child, Butir):
                yield _item_line(child, depth, hasil.butir[child.kode], unit.answers.get(child.kode, EMPTY), trace)
            else:
                yield _group_line(judged, child, depth, hasil.kelompok[child.kode], before.get(child.kode), trace)
                yield from below(child, depth + 1)

    return below(judged.instrumen.akar, 0)


def _group_line(
    judged: Active,
    group: Kelompok,
    depth: int,
    found: NilaiKelompok,
    before: Hasil | None,
    trace: Callable[[str], str],
) -> TreeLine:
    kode, label = group_class(judged, group, found.nilai)
    missing = found.berlaku - found.terjawab
    remarks = [*found.catatan, f"{missing} dari {found.berlaku} butir belum dinilai"] if missing else found.catatan
    return TreeLine(
        depth=depth,
        one=group,
        value="" if found.tampil is None else format_number(found.tampil, 2),
        tone=tone_of(judged.instrumen, kode),
        word=label,
        before="" if before is None or before.tampil is None else format_number(before.tampil, 2),
        status="",
        sasaran="",
        realisasi="",
        remark="; ".join(remarks),
        trace_url=trace(group.kode),
    )


def _item_line(item: Butir, depth: int, score: SkorButir, isian: Isian, trace: Callable[[str], str]) -> TreeLine:
    full = score.nilai is not None and score.nilai >= item.maksimum
    status = _STATUS.get(score.status, "tercapai" if full else "rendah")
    asks_both = item.masukan == "pembilang_penyebut" and item.penilaian != "pilihan"
    return TreeLine(
        depth=depth,
        one=item,
        value=score_words(score),
        tone=-1,
        word="",
        before="",
        status=status,
        sasaran="" if isian.sasaran is None else format_number(isian.sasaran),
        realisasi="" if isian.tidak_berlaku else _answer_words(item, isian, asks_both),
        remark="; ".join(score.catatan),
        trace_url=trace(item.kode),
    )


def _answer_words(item: Butir, isian: Isian, asks_both: bool) -> str:
    if not asks_both:
        return text_of(item, "", isian)
    return "" if isian.realisasi is None else format_number(isian.realisasi)


def lift_lines(judged: Active, hasil: HasilInstrumen, unit: UnitAnswers) -> list[LiftLine]:
    """For each part that stands in the way of the next class, what lifts it; nothing for the best class."""
    labels = class_labels(judged.instrumen)
    found = []
    for one in lift(judged.instrumen, unit.answers, unit.sifat, hasil.kebijakan):
        levers = [
            (judged.instrumen.items[lever.kode], lever, lever.kode in one.chosen) for lever in one.levers[:MOST_LEVERS]
        ]
        group = judged.instrumen.groups[one.kelompok]
        found.append(LiftLine(group, one, labels.get(one.kelas, "tanpa kelas"), labels.get(one.target, ""), levers))
    return found
