"""The forms of a generated district as the workflow knows them: how far each has come, and what the way left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.exchange.simulation.district import QUARTERS
from capaian.organisations.models import TahunKinerja
from capaian.rules.periods import Period
from capaian.workflow.actions import set_deadline
from capaian.workflow.audit import record_audit
from capaian.workflow.forms import SheetKey, form_definition
from capaian.workflow.models import Deadline, Form, Submission, SubmissionVersion
from capaian.workflow.transitions import BY_NAME

APPROVED = ("ajukan", "verifikasi", "setujui")


def state_after(way: Sequence[str]) -> str:
    """The state at the end of a way; refuses a way that the table of transitions does not know."""
    state = str(Submission.State.DRAF)
    for name in way:
        if state not in BY_NAME[name].sources:
            raise ValueError(f"{name} does not lead away from {state}")
        state = BY_NAME[name].target
    return state


@dataclass(frozen=True)
class History:
    """A form and the transitions that it has gone through; `reasons` by transition, where one needs a reason."""

    key: SheetKey
    way: tuple[str, ...]
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """The tenth day after the period, or of the year for its needs: when such a form is handed in."""
        year, is_ahead = self.key.tahun_kinerja.tahun, self.key.form == Form.SPM_KEBUTUHAN
        end = Period(year - 1).end if is_ahead else Period(year, self.key.periode or None).end
        day = datetime.combine(end + timedelta(days=10), time(10))
        return timezone.make_aware(day) + timedelta(hours=len(self.way))

    @property
    def submission(self) -> Submission:
        return Submission(
            tahun_kinerja=self.key.tahun_kinerja,
            form=self.key.form,
            unit=self.key.unit,
            periode=self.key.periode,
            state=state_after(self.way),
            since=self.since,
            reason=self.reasons.get(self.way[-1], "") if self.way else "",
            versi=1 + self.way.count("buka"),
        )

    def record(self, by: User | None) -> None:
        """The audit entries of the way, as advancing the form step by step would have left them."""
        state, versi = str(Submission.State.DRAF), 1
        for name in self.way:
            before, state, versi = state, BY_NAME[name].target, versi + (name == "buka")
            record_audit(
                by=by,
                instansi=self.key.tahun_kinerja.instansi,
                unit=self.key.unit,
                action=f"workflow.{name}",
                subject=self.key.subject,
                before={"status": before},
                after={"status": state, "versi": versi},
                reason=self.reasons.get(name, ""),
            )


def freeze(histories: Sequence[History], stored: Sequence[Submission]) -> None:
    """The version of each approved form, as it is read (`workflow.actions`); `stored` are their submissions."""
    SubmissionVersion.objects.bulk_create(
        SubmissionVersion(submission=submission, nomor=1, cells=_frozen(one), approved_at=one.since)
        for one, submission in zip(histories, stored, strict=True)
        if "setujui" in one.way
    )


def _frozen(one: History) -> list[dict[str, str]]:
    sheet = form_definition(one.key.form).read(one.key, one.since.date())
    return [
        {"kunci": row.kunci, "nama": row.nama, "satuan": row.satuan, "target": row.target, "teks": row.teks}
        for row in sheet.rows
    ]


def open_deadlines(*, by: User | None, tahun_kinerja: TahunKinerja, forms: Sequence[str]) -> None:
    """A deadline for each form and quarter: twenty days after it; the last one stays open. What is set stays."""
    known = set(Deadline.objects.filter(tahun_kinerja=tahun_kinerja, unit=None).values_list("form", "periode"))
    for form, quarter in ((form, quarter) for form in forms for quarter in QUARTERS):
        end = Period(tahun_kinerja.tahun, quarter).end
        if (form, quarter) not in known:
            place: dict[str, Any] = {"tahun_kinerja": tahun_kinerja, "form": form, "periode": quarter}
            set_deadline(
                by=by,
                **place,
                starts_on=end + timedelta(days=1),
                ends_on=end + timedelta(days=20) if quarter != QUARTERS[-1] else None,
            )
