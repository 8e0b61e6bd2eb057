"""Where every owed sheet of a year stands, for lists over all units: who has not reported, what is to be done."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.periods import ROMAN, Period
from capaian.workflow.forms import PERIODS, Filling, FormDefinition, form_definitions
from capaian.workflow.models import Deadline, Form, Submission

# What stands in an address for the office itself, which is no unit.
OFFICE = "instansi"
_State = Submission.State
# A unit has handed in what is in one of these.
HANDED_IN = frozenset({_State.DIAJUKAN, _State.TERVERIFIKASI, _State.DISETUJUI, _State.TERKUNCI})
_SUBJECT_PERIOD = re.compile(r" \d{4}/([0-4])$")


def period_label(periode: int) -> str:
    """`Triwulan II`, `Setahun`."""
    return f"Triwulan {ROMAN[periode - 1]}" if periode else "Setahun"


@dataclass(frozen=True)
class SheetState:
    """One owed sheet: its form, unit (None the office), period; where it stands, until when, and how far filled."""

    definition: FormDefinition
    unit: UnitKerja | None
    periode: int
    submission: Submission
    deadline: Deadline | None
    filling: Filling

    @property
    def form(self) -> str:
        return self.definition.kode

    @property
    def unit_id(self) -> int | None:
        return self.unit.pk if self.unit else None

    @property
    def unit_kunci(self) -> str:
        return self.unit.kunci if self.unit else OFFICE

    @property
    def unit_nama(self) -> str:
        return str(self.unit or self.submission.tahun_kinerja.instansi)

    @property
    def label(self) -> str:
        return period_label(self.periode)

    @property
    def is_handed_in(self) -> bool:
        return self.submission.state in HANDED_IN

    def days_left(self, today: date) -> int | None:
        """Days until the closing, negative after it; None without one."""
        return (self.deadline.ends_on - today).days if self.deadline and self.deadline.ends_on else None

    def is_open(self, today: date) -> bool:
        """Whether it should be worked on by now: opened by its deadline, or without one its period is over."""
        period = Period(self.submission.tahun_kinerja.tahun, self.periode or None)
        if self.deadline is None:
            return period.end < today
        return not period.is_future(today) and not (self.deadline.starts_on and today < self.deadline.starts_on)


def sheet_states(tahun_kinerja: TahunKinerja, periods: Collection[int] = PERIODS) -> list[SheetState]:
    """Every owed sheet of the periods, by period, form and unit. Three queries, and those of each form's counts."""
    prefetch_related_objects([tahun_kinerja.instansi], "unit_kerja")
    order = {unit.pk: number for number, unit in enumerate(tahun_kinerja.instansi.unit_kerja.all())}
    units = {unit.pk: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    submissions = _submissions(tahun_kinerja, periods)
    deadlines = {
        (row.form, row.periode, row.unit_id): row
        for row in Deadline.objects.filter(tahun_kinerja=tahun_kinerja, periode__in=periods)
    }
    found = []
    for definition in form_definitions():
        for (periode, unit_id), filling in definition.fillings(tahun_kinerja, periods).items():
            place = (definition.kode, periode, unit_id)
            found.append(
                SheetState(
                    definition,
                    units[unit_id] if unit_id else None,
                    periode,
                    submissions.get(place)
                    or Submission(tahun_kinerja=tahun_kinerja, form=definition.kode, unit_id=unit_id, periode=periode),
                    deadlines.get(place) or deadlines.get((definition.kode, periode, None)),
                    filling,
                )
            )
    # The year comes after its quarters, the office before its units.
    return sorted(found, key=lambda one: (one.periode or 5, order[one.unit_id] if one.unit_id else -1))


def sheet_of(subject: str) -> tuple[str, int] | None:
    """The form and the period that a subject of a figure or sheet belongs to; None for a subject of anything else.

    The subjects of `kinerja`, the first of the forms, do not begin with its name.
    """
    period = _SUBJECT_PERIOD.search(subject)
    first = subject.split(" ", 1)[0]
    known = {definition.kode for definition in form_definitions()}
    return (first if first in known else Form.KINERJA.value, int(period[1])) if period else None


def _submissions(
    tahun_kinerja: TahunKinerja, periods: Collection[int]
) -> dict[tuple[str, int, int | None], Submission]:
    rows = Submission.objects.filter(tahun_kinerja=tahun_kinerja, periode__in=periods).select_related("by").order_by()
    found = {}
    for row in rows:
        # Known already; reading it anew for each row would be a query each.
        row.tahun_kinerja = tahun_kinerja
        found[row.form, row.periode, row.unit_id] = row
    return found
