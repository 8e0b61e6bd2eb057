"""Reading a year for the questions of `rules.signals`: about which figures, of which unit, and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from capaian.measurement.models import BuktiDukung
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Scope
from capaian.review.signals_read import YearFigures, read_figures
from capaian.rules.periods import Period
from capaian.rules.signals import (
    TITLES,
    DatedBukti,
    Question,
    ask_equal_quarters,
    ask_jump,
    ask_late_bukti,
    ask_lowered_target,
    ask_money,
    ask_realisasi_is_target,
)
from capaian.workflow.models import Comment

# What was looked at and what was not, as the page says it.
CHECKED = (
    "target yang diringankan oleh dokumen perubahan setelah suatu triwulan rendah",
    "nilai yang sama pada tiga triwulan atau lebih",
    "unit yang hampir semua realisasinya persis sama dengan target",
    "nilai yang jauh dari median nilai-nilai sebelumnya",
    "tanggal bukti dukung terhadap periodenya",
    "serapan anggaran di samping capaian indikator pada program, kegiatan, atau sub kegiatan yang sama",
)
NOT_CHECKED = (
    "isi bukti dukung, dan apakah bukti itu memuat angkanya",
    "realisasi atau target yang bukan angka tunggal",
    "kebenaran sebuah angka: yang tidak ditanyakan di sini pun dapat keliru",
)


@dataclass(frozen=True)
class Answer:
    """What somebody wrote to a question."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A question with the unit and the period of its figure (`unit` None is the office itself) and its last answer."""

    question: Question
    unit: UnitKerja | None
    periode: int
    is_money: bool = False
    answer: Answer | None = None

    @property
    def title(self) -> str:
        return TITLES[self.question.kode]

    @property
    def status(self) -> str:
        return "dijawab" if self.answer else "belum_dijawab"


@dataclass(frozen=True)
class Year:
    """All questions of a year that a person may see, by kind in the order of `TITLES`."""

    asked: tuple[Asked, ...]

    @cached_property
    def groups(self) -> list[tuple[str, list[Asked]]]:
        by_kode: dict[str, list[Asked]] = defaultdict(list)
        for one in self.asked:
            by_kode[one.question.kode].append(one)
        return [(TITLES[kode], by_kode[kode]) for kode in TITLES if kode in by_kode]

    @property
    def answered(self) -> int:
        return sum(1 for one in self.asked if one.answer)


def answer_prefix(kode: str) -> str:
    """How the comment that answers a question begins, so that it is told from other remarks on the figure."""
    return f'Jawaban atas pertanyaan "{TITLES[kode]}": '


def read_questions(tahun_kinerja: TahunKinerja, scope: Scope) -> Year:
    """What stands out in the figures of the units that `scope` covers. Twenty queries, whatever their number."""
    figures = read_figures(tahun_kinerja)
    found = [one for one in _all(figures) if scope.covers(one.unit.pk if one.unit else None)]
    answers = _answers(tahun_kinerja)
    return Year(tuple(_with_answer(one, answers) for one in found))


def _all(figures: YearFigures) -> Iterator[Asked]:
    for change, unit in figures.target_changes():
        if question := ask_lowered_target(change):
            yield Asked(question, unit, 0)
    for series, unit, periode in figures.series():
        if question := ask_equal_quarters(series):
            yield Asked(question, unit, periode)
    for subject, nama, pairs, unit, periode in figures.pairs():
        if question := ask_realisasi_is_target(subject, nama, pairs):
            yield Asked(question, unit, periode)
    for history, unit, periode in figures.histories():
        if question := ask_jump(history):
            yield Asked(question, unit, periode)
    yield from _late_bukti(figures)
    for money, unit in figures.money():
        if question := ask_money(money):
            yield Asked(question, unit, 0, is_money=True)


def _late_bukti(figures: YearFigures) -> Iterator[Asked]:
    year = figures.tahun_kinerja
    rows = BuktiDukung.objects.filter(tahun_kinerja=year, removed_at=None).exclude(tanggal=None)
    by_figure: dict[tuple[int | None, int, str, str], list[DatedBukti]] = defaultdict(list)
    for row in rows.order_by("unit__urutan", "subject", "tanggal"):
        if row.tanggal is not None:
            end = Period(year.tahun, row.periode or None).end
            bukti = DatedBukti(row.subject, f'"{figures.name_of(row.subject)}"', row.nama, row.tanggal, end)
            by_figure[row.unit_id, row.periode, row.form, row.subject].append(bukti)
    for (pk, periode, form, _), found in by_figure.items():
        if question := ask_late_bukti(found):
            yield Asked(question, figures.unit(pk), periode, is_money=form != "kinerja")


def _answers(tahun_kinerja: TahunKinerja) -> dict[tuple[int | None, str, str], Answer]:
    """The last answer by unit, kind and figure. One query."""
    prefixes = {answer_prefix(kode): kode for kode in TITLES}
    start = 'Jawaban atas pertanyaan "'
    rows = Comment.objects.filter(tahun_kinerja=tahun_kinerja, text__startswith=start).select_related("by")
    found: dict[tuple[int | None, str, str], Answer] = {}
    for row in rows.order_by("at", "pk"):
        for prefix, kode in prefixes.items():
            if row.text.startswith(prefix):
                found[row.unit_id, kode, row.subject] = Answer(row.text.removeprefix(prefix), str(row.by), row.at)
    return found


def _with_answer(asked: Asked, answers: dict[tuple[int | None, str, str], Answer]) -> Asked:
    unit = asked.unit.pk if asked.unit else None
    answer = answers.get((unit, asked.question.kode, asked.question.subject))
    return Asked(asked.question, asked.unit, asked.periode, asked.is_money, answer)


def find_asked(year: Year, kode: str, subject: str, unit: str) -> Asked | None:
    """The question of a kind about a figure of a unit (its key, empty for the office itself)."""
    matches: Sequence[Asked] = [
        one
        for one in year.asked
        if (one.question.kode, one.question.subject) == (kode, subject) and (one.unit.kunci if one.unit else "") == unit
    ]
    return matches[0] if matches else None
