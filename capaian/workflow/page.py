"""The entry page of a sheet: what it holds, where it stands, and what this person can do with it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from urllib.parse import quote, urlencode

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from capaian.organisations.models import Membership
from capaian.organisations.permissions import Office
from capaian.organisations.roles import ALLOWED, Permission
from capaian.web.components import Choice, ContextChoice
from capaian.web.navigation import office_url
from capaian.workflow.forms import (
    FormDefinition,
    Problem,
    Sheet,
    SheetKey,
    SheetRow,
    form_definition,
    required_permission,
)
from capaian.workflow.models import Comment, Deadline, Submission
from capaian.workflow.policy import Decision, may_advance, may_write
from capaian.workflow.queries import deadline_of
from capaian.workflow.queries_sheets import OFFICE, period_label
from capaian.workflow.transitions import EDITABLE, TRANSITIONS, Transition

# The way that a form normally takes; any other (returning, opening again) goes back.
_FORWARD = frozenset({"ajukan", "verifikasi", "setujui", "kunci"})


@dataclass(frozen=True)
class Line:
    """A row of the sheet as it is drawn: its number, and the ways to its evidence, its remarks and its changes."""

    row: SheetRow
    number: int
    bukti_url: str
    comments: int
    comments_url: str
    history_url: str


@dataclass(frozen=True)
class Step:
    """A transition that this person can take now; `is_primary` is the one that the page is about."""

    way: Transition
    is_primary: bool


@dataclass(frozen=True)
class Tab:
    """Another period of the same form and unit, and where it stands."""

    label: str
    url: str
    active: bool
    state: str


@dataclass(frozen=True)
class SheetPage:
    """All that the page shows. `lock` says why nobody can write now, `no_right` why this person never can.

    Each of `problems` comes with the number of its row, 0 for the whole sheet.
    """

    sheet: Sheet
    submission: Submission
    deadline: Deadline | None
    can_write: bool
    lock: str
    no_right: str
    steps: tuple[Step, ...]
    problems: tuple[tuple[Problem, int], ...]
    notes: tuple[str, ...]
    tabs: tuple[Tab, ...]
    sees_questions: bool

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return 5 + self.sheet.has_satuan + self.sheet.has_results

    @property
    def groups(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """The rows under their headings. Asked for by the whole page only: a save redraws the panel above them."""
        return _groups(self.sheet)

    @property
    def seen(self) -> str:
        """What a step is decided on, as its form sends it back; empty for a sheet that nobody has touched."""
        return self.submission.since.isoformat() if self.submission.pk else ""

    @property
    def is_handed_in(self) -> bool:
        """Whether its values stay as they are until somebody returns it or opens it again."""
        return self.submission.state not in EDITABLE

    @property
    def unit_nama(self) -> str:
        return unit_name(self.sheet.key)

    @property
    def share(self) -> int:
        return self.sheet.filled * 100 // self.sheet.fillable if self.sheet.fillable else 0


def find_form(form: str, periode: int) -> FormDefinition:
    """The form that an address names, with a period that there is. Raises `Http404`."""
    try:
        definition = form_definition(form)
    except KeyError as error:
        raise Http404(f"Tidak ada formulir {form}.") from error
    if periode not in definition.periods:
        known = ", ".join(period_name(one) for one in definition.periods)
        raise Http404(f"{definition.nama} diisi untuk {known}; pilih salah satu periode itu.")
    return definition


def sheet_key(office: Office, form: str, unit: str, periode: int) -> SheetKey:
    """The sheet that an address names. Raises `Http404` where there is none, `PermissionDenied` where it is closed."""
    definition = find_form(form, periode)
    year = office.tahun_kinerja
    found = None if unit == OFFICE else year.instansi.unit_kerja.filter(kunci=unit).first()
    if found is None and unit != OFFICE:
        raise Http404(f"Tidak ada unit {unit} pada {year.instansi}.")
    if not office.allows(Permission.VIEW, found.pk if found else None):
        raise PermissionDenied(office.refusal(Permission.VIEW, found))
    return SheetKey(year, definition.kode, found, periode)


def sheet_url(name: str, key: SheetKey) -> str:
    """The address of a page of a sheet."""
    place = {"instansi": key.tahun_kinerja.instansi.kunci, "tahun": key.tahun_kinerja.tahun}
    unit = key.unit.kunci if key.unit else OFFICE
    return reverse(f"workflow:{name}", kwargs={**place, "form": key.form, "unit": unit, "periode": key.periode})


def unit_name(key: SheetKey) -> str:
    return str(key.unit or key.tahun_kinerja.instansi)


def period_name(periode: int) -> str:
    """`triwulan II`, `setahun`."""
    label = period_label(periode)
    return label[0].lower() + label[1:]


def read_page(office: Office, key: SheetKey, user: AbstractBaseUser | AnonymousUser, today: date) -> SheetPage:
    """The page of a sheet: the queries of the form's own `read`, and three."""
    definition = form_definition(key.form)
    sheet = definition.read(key, today)
    stored = _submissions(key)
    submission = stored.get(key.periode) or Submission(**key.place)
    deadline = deadline_of(key)
    decision = may_write(submission, deadline, today)
    may = office.allows(Permission[definition.permission], _unit_id(key))
    problems = tuple(definition.problems(key, today, sheet)) if _can_submit(office, key, decision, submission) else ()
    steps, notes = _steps(office, key, submission, deadline, user, today, bool(problems) or not sheet.rows)
    return SheetPage(
        sheet=sheet,
        submission=submission,
        deadline=deadline,
        can_write=may and decision.allowed,
        lock=decision.reason,
        no_right="" if may else _no_right(definition),
        steps=steps,
        problems=_numbered(problems, sheet),
        notes=notes,
        tabs=_tabs(key, stored),
        sees_questions=any(office.allows(right, _unit_id(key)) for right in (Permission.VERIFY, Permission.REVIEW)),
    )


def period_choice(key: SheetKey) -> ContextChoice:
    """The period in the context bar; each leads to the sheet of that period."""
    tabs = _tabs(key, {})
    shown = next(one.label for one in tabs if one.active)
    return ContextChoice("Periode", shown, tuple(Choice(one.label, one.url, one.active) for one in tabs))


def _submissions(key: SheetKey) -> dict[int, Submission]:
    rows = Submission.objects.filter(tahun_kinerja=key.tahun_kinerja, form=key.form, unit=key.unit)
    return {row.periode: row for row in rows.select_related("by")}


def _unit_id(key: SheetKey) -> int | None:
    return key.unit.pk if key.unit else None


def _can_submit(office: Office, key: SheetKey, decision: Decision, submission: Submission) -> bool:
    permission = Permission[form_definition(key.form).submit_permission]
    return decision.allowed and office.allows(permission, _unit_id(key))


def _steps(
    office: Office,
    key: SheetKey,
    submission: Submission,
    deadline: Deadline | None,
    user: AbstractBaseUser | AnonymousUser,
    today: date,
    incomplete: bool,
) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """The transitions that this person can take now, the forward one first; and why one of their own is refused."""
    taken: list[Transition] = []
    notes: list[str] = []
    for way in TRANSITIONS:
        if submission.state not in way.sources or not office.allows(required_permission(way, key.form), _unit_id(key)):
            continue
        decision = may_advance(way, submission, deadline, user.pk, today)
        if way.target == Submission.State.DIAJUKAN and (incomplete or not decision.allowed):
            continue
        if decision.allowed:
            taken.append(way)
        else:
            notes.append(decision.reason)
    taken.sort(key=lambda way: way.name not in _FORWARD)
    return tuple(Step(way, number == 0 and way.name in _FORWARD) for number, way in enumerate(taken)), tuple(notes)


def _numbered(problems: Iterable[Problem], sheet: Sheet) -> tuple[tuple[Problem, int], ...]:
    numbers = {row.kunci: number for number, row in enumerate(sheet.rows, start=1)}
    return tuple((problem, numbers.get(problem.kunci, 0)) for problem in problems)


def _no_right(definition: FormDefinition) -> str:
    permission = Permission[definition.permission]
    roles = " atau ".join(str(role.label).lower() for role in Membership.Role if permission in ALLOWED[role])
    return f"Anda membaca isian ini tanpa hak mengisinya. Yang mengisi: {roles} dari unit yang bersangkutan."


def _groups(sheet: Sheet) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    comments = _comments(sheet.key, [row.subject for row in sheet.rows])
    unit = sheet.key.unit.kunci if sheet.key.unit else OFFICE
    office = {"kunci": sheet.key.tahun_kinerja.instansi.kunci, "tahun": sheet.key.tahun_kinerja.tahun}
    ways = [office_url(f"workflow:{name}", office) for name in ("komentar", "riwayat")]

    def line_of(row: SheetRow, number: int) -> Line:
        sheet_of = {"form": sheet.key.form, "unit": unit, "periode": sheet.key.periode}
        query = urlencode({"objek": row.subject, "unit": unit}, safe="", quote_via=quote)
        return Line(
            row,
            number,
            office_url("measurement:bukti", office, **sheet_of, kunci=row.kunci),
            comments.get(row.subject, 0),
            *(f"{way}?{query}" for way in ways),
        )

    lines = [line_of(row, number) for number, row in enumerate(sheet.rows, start=1)]
    return tuple((name, tuple(found)) for name, found in groupby(lines, key=lambda line: line.row.kelompok))


def _comments(key: SheetKey, subjects: list[str]) -> dict[str, int]:
    """How many remarks on each figure are not dealt with yet. One query."""
    rows = Comment.objects.filter(tahun_kinerja=key.tahun_kinerja, unit=key.unit, resolved_at=None)
    found: dict[str, int] = {}
    for subject in rows.filter(subject__in=subjects).values_list("subject", flat=True):
        found[subject] = found.get(subject, 0) + 1
    return found


def _tabs(key: SheetKey, stored: Mapping[int, Submission]) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            label=period_label(periode),
            url=sheet_url("lembar", replace(key, periode=periode)),
            active=periode == key.periode,
            state=stored[periode].get_state_display().lower() if periode in stored else "",
        )
        for periode in form_definition(key.form).periods
    )
