"""What one person has to do now: due, returned, waiting for their decision, without evidence, unanswered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.core.cache import cache

from capaian.organisations.permissions import Office, Permission, Scope
from capaian.workflow.forms import required_permission
from capaian.workflow.models import Comment, Submission
from capaian.workflow.queries_sheets import OFFICE, SheetState, sheet_of, sheet_states
from capaian.workflow.transitions import BY_NAME, EDITABLE

_State = Submission.State
# The forward transition that a sheet in this state waits for.
_NEXT: Final = {_State.DIAJUKAN: "verifikasi", _State.TERVERIFIKASI: "setujui", _State.DISETUJUI: "kunci"}
COUNT_SECONDS: Final = 60


@dataclass(frozen=True)
class Task:
    """One thing to do on a sheet. `days_left` is negative when it is late, None without a deadline."""

    sheet: SheetState
    label: str
    days_left: int | None = None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        return -(self.days_left or 0)


@dataclass(frozen=True)
class Thread:
    """Remarks on one figure or sheet whose last one waits for this person."""

    subject: str
    unit_kunci: str
    unit_nama: str
    text: str
    by: str
    at: datetime
    count: int
    form: str = ""
    periode: int = 0


@dataclass(frozen=True)
class Backlog:
    """How many units have not handed in a form of a period, for who looks after all of them."""

    nama: str
    label: str
    periode: int
    missing: int
    owing: int
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True)
class Tasks:
    """All of it. `count` is what waits for the person: evidence is part of what is due, the backlog is others'."""

    returned: Sequence[Task] = ()
    due: Sequence[Task] = ()
    waiting: Sequence[Task] = ()
    without_bukti: Sequence[Task] = ()
    threads: Sequence[Thread] = ()
    backlog: Sequence[Backlog] = field(default=())

    @property
    def count(self) -> int:
        return len(self.returned) + len(self.due) + len(self.waiting) + len(self.threads)

    @property
    def late(self) -> int:
        return sum(1 for task in self.due if task.is_late)

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.without_bukti or self.backlog)


def tasks_of(office: Office, user: User, today: date, states: Sequence[SheetState] | None = None) -> Tasks:
    """What a person has to do in an office year. The queries of `sheet_states`, unless given, and one."""
    states = sheet_states(office.tahun_kinerja) if states is None else states
    sheets = [one for one in states if office.allows(Permission.VIEW, one.unit_id)]
    mine = [one for one in sheets if _is_mine(office, one)]
    return Tasks(
        returned=[
            Task(one, "Perbaiki", one.days_left(today))
            for one in sheets
            if one.submission.state == _State.DIKEMBALIKAN
            and (_is_mine(office, one) or (one.submission.submitted_by_id == user.pk and _can_fill(office, one)))
        ],
        due=_due(mine, today),
        waiting=[task for one in sheets if (task := _decision(office, one, user))],
        without_bukti=[
            Task(one, "Lampirkan bukti", one.days_left(today))
            for one in mine
            if one.submission.state in EDITABLE and one.filling.without_bukti
        ],
        threads=_threads(office, user),
        backlog=_backlog(office, sheets, today),
    )


def task_count(office: Office, user: User, today: date) -> int:
    """How many things wait for a person, at most a minute old: it stands on every page."""
    key = _count_key(user.pk, office.tahun_kinerja.pk, today)
    count = cache.get(key)
    return remember_count(office, user, today, tasks_of(office, user, today)) if count is None else int(count)


def remember_count(office: Office, user: User, today: date, tasks: Tasks) -> int:
    """Keep the count of what was just read."""
    cache.set(_count_key(user.pk, office.tahun_kinerja.pk, today), tasks.count, COUNT_SECONDS)
    return tasks.count


def _count_key(user_id: int, year_id: int, today: date) -> str:
    return f"tasks:{user_id}:{year_id}:{today}"


def _writes(office: Office, sheet: SheetState) -> Iterable[Scope]:
    names = (sheet.definition.permission, sheet.definition.submit_permission)
    return (office.scope(Permission[name]) for name in names)


def _can_fill(office: Office, sheet: SheetState) -> bool:
    return any(scope.covers(sheet.unit_id) for scope in _writes(office, sheet))


def _is_mine(office: Office, sheet: SheetState) -> bool:
    """Whether the person answers for it: who may fill every unit's answers for the office's own sheet only."""
    return any(
        scope.covers(sheet.unit_id) and (scope.units is not None or sheet.unit_id is None)
        for scope in _writes(office, sheet)
    )


def _due(sheets: Iterable[SheetState], today: date) -> list[Task]:
    """What is not handed in and can be by now, the latest first; without a deadline last."""
    open_now = [
        Task(one, "Isi dan ajukan", one.days_left(today))
        for one in sheets
        if one.submission.state == _State.DRAF and one.filling.fillable and one.is_open(today)
    ]
    return sorted(open_now, key=lambda task: (task.days_left is None, task.days_left or 0))


def _decision(office: Office, sheet: SheetState, user: User) -> Task | None:
    """The step that waits for this person: they have the right to it and did not hand it in themselves."""
    name = _NEXT.get(_State(sheet.submission.state))
    if name is None:
        return None
    way = BY_NAME[name]
    if way.four_eyes and sheet.submission.submitted_by_id == user.pk:
        return None
    if not office.allows(required_permission(way, sheet.form), sheet.unit_id):
        return None
    return Task(sheet, way.label)


def _threads(office: Office, user: User) -> list[Thread]:
    """Open remarks whose last word is another's: on what the person answers for, or where they took part."""
    rows = Comment.objects.filter(tahun_kinerja=office.tahun_kinerja, resolved_at=None).select_related("by", "unit")
    by_thread: dict[tuple[int | None, str], list[Comment]] = defaultdict(list)
    for row in office.scope(Permission.COMMENT).narrow(rows):
        by_thread[row.unit_id, row.subject].append(row)
    found = []
    for (unit_id, subject), comments in by_thread.items():
        last = comments[-1]
        takes_part = any(one.by_id == user.pk for one in comments)
        if last.by_id != user.pk and (takes_part or _answers_for(office, unit_id)):
            form, periode = sheet_of(subject) or ("", 0)
            unit = last.unit
            found.append(
                Thread(
                    subject=subject,
                    unit_kunci=unit.kunci if unit else OFFICE,
                    unit_nama=str(unit or office.tahun_kinerja.instansi),
                    text=last.text,
                    by=str(last.by),
                    at=last.at,
                    count=len(comments),
                    form=form,
                    periode=periode,
                )
            )
    return found


def _answers_for(office: Office, unit_id: int | None) -> bool:
    scope = office.scope(Permission.SUBMIT) | office.scope(Permission.SUBMIT_ANGGARAN)
    return scope.covers(unit_id) and (scope.units is not None or unit_id is None)


def _backlog(office: Office, sheets: Iterable[SheetState], today: date) -> list[Backlog]:
    """For who verifies or sets deadlines for the whole office: what the units have not handed in."""
    groups: dict[tuple[int, str], list[SheetState]] = defaultdict(list)
    for one in sheets:
        looks_after = office.allows(Permission[one.definition.verify_permission]) or office.allows(
            Permission.SET_DEADLINES
        )
        if looks_after and one.unit and one.filling.fillable and one.is_open(today):
            groups[one.periode, one.form].append(one)
    found = []
    for (periode, _), owing in groups.items():
        missing = [one for one in owing if not one.is_handed_in]
        if missing:
            left = [days for one in missing if (days := one.days_left(today)) is not None]
            found.append(
                Backlog(
                    missing[0].definition.nama,
                    missing[0].label,
                    periode,
                    len(missing),
                    len(owing),
                    min(left, default=None),
                )
            )
    return found
