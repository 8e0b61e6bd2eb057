"""Which sheets of a form may be written now, for pages that show many of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from capaian.organisations.models import TahunKinerja
from capaian.workflow.models import Deadline, Submission
from capaian.workflow.policy import may_write

_Place = tuple[int | None, int]


@dataclass(frozen=True)
class Locks:
    """The sheets of one form in a year by unit id (None is the office itself) and period."""

    tahun_kinerja: TahunKinerja
    form: str
    today: date
    submissions: Mapping[_Place, Submission]
    deadlines: Mapping[_Place, Deadline]
    _told: dict[_Place, str] = field(default_factory=dict)

    def reason(self, unit_id: int | None, periode: int) -> str:
        """Why a sheet cannot be written now, in words; empty where it can."""
        place = (unit_id, periode)
        if place not in self._told:
            deadline = self.deadlines.get(place) or self.deadlines.get((None, periode))
            self._told[place] = may_write(self._submission(place), deadline, self.today).reason
        return self._told[place]

    def state(self, unit_id: int | None, periode: int) -> str:
        return self._submission((unit_id, periode)).state

    def _submission(self, place: _Place) -> Submission:
        unit_id, periode = place
        found = self.submissions.get(place)
        return found or Submission(tahun_kinerja=self.tahun_kinerja, form=self.form, unit_id=unit_id, periode=periode)


def read_locks(tahun_kinerja: TahunKinerja, form: str, today: date) -> Locks:
    """Where every sheet of a form in a year stands. Two queries."""
    place = {"tahun_kinerja": tahun_kinerja, "form": form}
    submissions = Submission.objects.filter(**place).select_related("by")
    return Locks(
        tahun_kinerja,
        form,
        today,
        {(row.unit_id, row.periode): row for row in submissions},
        {(row.unit_id, row.periode): row for row in Deadline.objects.filter(**place)},
    )
