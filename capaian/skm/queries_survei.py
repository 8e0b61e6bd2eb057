"""Surveys as their pages show them: how many answers, how many are wanted, and where each stands today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count

from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Scope
from capaian.rules.skm import sample_size
from capaian.skm.actions_jawaban import Phase, phase_of
from capaian.skm.compute import skm_pack
from capaian.skm.models import JawabanSkm, Survei

# How a day stands to a survey that is open.
_WORDS: Final = {Phase.NOT_YET: ("nanti", "Belum mulai"), Phase.OVER: ("peringatan", "Masa isi selesai")}


@dataclass(frozen=True)
class SurveiRow:
    """A survey with its answers counted; `sampel` is None where its population is not known."""

    survei: Survei
    jawaban: int
    sampel: int | None
    status: tuple[str, str]

    @property
    def persen(self) -> int | None:
        """How much of the sample is there, at most 100."""
        return min(100, self.jawaban * 100 // self.sampel) if self.sampel else None

    @property
    def is_enough(self) -> bool:
        return self.sampel is not None and self.jawaban >= self.sampel


def wanted_sample(survei: Survei) -> int | None:
    """How many respondents the table of Krejcie and Morgan asks for; None without a population."""
    return sample_size(survei.populasi, skm_pack()) if survei.populasi else None


def survey_rows(year: TahunKinerja, scope: Scope, today: date) -> list[SurveiRow]:
    """The surveys of an office year that a right covers, latest first. One query."""
    surveys = scope.narrow(year.survei.select_related("unit")).annotate(banyak=Count("jawaban"))
    return [survey_row(one, one.banyak, today) for one in surveys]


def survey_row(survei: Survei, jawaban: int, today: date) -> SurveiRow:
    """One survey as the list and its own page show it."""
    counted = survei.responden_tercetak or 0 if survei.responden_tercetak and not jawaban else jawaban
    status = (survei.status, survei.get_status_display())
    if survei.status == Survei.Status.DIBUKA:
        status = _WORDS.get(phase_of(survei, today), status)
    return SurveiRow(survei, counted, wanted_sample(survei), status)


def counts_by_source(survei: Survei) -> list[tuple[str, int]]:
    """How many answers came in by which way, those without any too. One query."""
    found = dict(survei.jawaban.values_list("sumber").annotate(banyak=Count("pk")))
    return [(str(label), found.get(value, 0)) for value, label in JawabanSkm.Sumber.choices]


def total_of(counts: Iterable[tuple[str, int]]) -> int:
    return sum(count for _, count in counts)
