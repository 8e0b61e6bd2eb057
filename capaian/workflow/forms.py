"""What a form is to the workflow: a sheet of cells that a unit fills for a period. Apps above register theirs.

The entry page, the Excel template, the import, the frozen version and the list of who has not reported all work on
these few shapes, so that a further form (SPM, PKP) gets them by registering itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.contrib.auth.models import User

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.roles import Permission
from capaian.rules.periods import Period
from capaian.workflow.models import Form
from capaian.workflow.transitions import Transition

# The quarters, and the year after them.
PERIODS: tuple[int, ...] = (1, 2, 3, 4, 0)


@dataclass(frozen=True)
class SheetKey:
    """Which sheet: the form of one unit (None is the office itself) for one period (0 the year, 1–4 a quarter)."""

    tahun_kinerja: TahunKinerja
    form: str
    unit: UnitKerja | None
    periode: int

    @property
    def place(self) -> dict[str, Any]:
        """The fields of a `Submission` that say which sheet it is."""
        return {
            "tahun_kinerja": self.tahun_kinerja,
            "form": self.form,
            "unit": self.unit,
            "periode": self.periode,
        }

    def not_begun(self, today: date) -> str:
        """Why nothing can be filled yet, in words; empty once the period has begun."""
        period = Period(self.tahun_kinerja.tahun, self.periode or None)
        return f"{period.label} belum dimulai." if period.is_future(today) else ""

    @property
    def subject(self) -> str:
        """The natural key of the sheet, as audit entries and comments carry it."""
        return f"{self.form} {self.unit.kunci if self.unit else '-'} {self.tahun_kinerja.tahun}/{self.periode}"


@dataclass(frozen=True)
class SheetRow:
    """One value to fill, with what a person needs beside it.

    `kunci` is unique in the sheet, `subject` the natural key of the figure; `teks` is what is stored, `previous` the
    value of the period before, `target` what was planned, `satuan` its unit. `choices` are the values to choose from,
    where there are such. `offer` is what another part of the system knows of it, in words; it is never written by
    itself, and `offer_url` leads who plans for the office to where it is taken over, if that is done elsewhere.
    `closed` says in words why this one value cannot be typed here. `result` is what was made of it (`104,4%`)
    with its `status` word and the address of its trace, where `makes_result`; `url` leads to the whole figure. Without
    an `is_optional` value the sheet is whole all the same.
    """

    kunci: str
    subject: str
    nama: str
    teks: str
    kode: str = ""
    kelompok: str = ""
    satuan: str = ""
    target: str = ""
    previous: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    offer: str = ""
    offer_url: str = ""
    closed: str = ""
    result: str = ""
    status: str = ""
    trace_url: str = ""
    url: str = ""
    bukti: int = 0
    makes_result: bool = True
    is_optional: bool = False


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet in printed order, with what the columns are called.

    `joins_groups`: the result of a row is made of other rows of its `kelompok` too, so that they change together.
    """

    key: SheetKey
    title: str
    rows: tuple[SheetRow, ...]
    value_label: str = "Realisasi"
    target_label: str = "Target"
    previous_label: str = "Sebelumnya"
    name_label: str = "Indikator"
    result_label: str = "Capaian"
    joins_groups: bool = False

    @property
    def has_results(self) -> bool:
        """Whether anything is made of a row here; what a unit only reports counts for the office, not by itself."""
        return any(row.makes_result for row in self.rows)

    @property
    def has_satuan(self) -> bool:
        """Whether units differ; where all is rupiah the headings say so."""
        return any(row.satuan != "Rp" for row in self.rows)

    @property
    def by_kunci(self) -> Mapping[str, SheetRow]:
        return {row.kunci: row for row in self.rows}

    @property
    def fillable(self) -> int:
        return sum(1 for row in self.rows if not row.closed and not row.is_optional)

    @property
    def filled(self) -> int:
        return sum(1 for row in self.rows if not row.closed and not row.is_optional and row.teks)


@dataclass(frozen=True)
class Filling:
    """How far a sheet is filled, as `Sheet` counts it; `without_bukti` values lack required evidence."""

    fillable: int = 0
    filled: int = 0
    without_bukti: int = 0

    @property
    def share(self) -> int:
        """Percent, rounded down: 100 only when nothing is missing."""
        return self.filled * 100 // self.fillable if self.fillable else 0


@dataclass(frozen=True)
class Change:
    """A value that a person gives a row; `base` is the stored value that they saw, None when they saw none."""

    kunci: str
    teks: str
    base: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a change.

    `saved` and `same` left `teks` stored (a `message` then says what looks odd about it); `refused` says why in
    `message`, with `readings` (as shown, as to be typed) where the text had several meanings; `conflict` found that
    somebody had stored `teks` since, `by` and `at` say who and when, and nothing was written.
    """

    kunci: str
    status: str
    teks: str = ""
    message: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    by: str = ""
    at: datetime | None = None

    SAVED = "saved"
    SAME = "same"
    REFUSED = "refused"
    CONFLICT = "conflict"

    @property
    def ok(self) -> bool:
        return self.status in (self.SAVED, self.SAME)


@dataclass(frozen=True)
class Problem:
    """What stands in the way of submitting a sheet: which row (empty for the whole), and what to do."""

    kunci: str
    message: str


class FormDefinition(Protocol):
    """What an app does for the form that it registers. Rights and state are checked by who calls it."""

    kode: str
    nama: str
    # The rights, by their names in `roles.Permission`, that writing, submitting and verifying it need.
    permission: str
    submit_permission: str
    verify_permission: str
    # The periods that it is filled for, in the order of `PERIODS`.
    periods: tuple[int, ...]

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The units that owe this form for the period, in their order."""
        ...

    def fillings(
        self, tahun_kinerja: TahunKinerja, periods: Collection[int]
    ) -> Mapping[tuple[int, int | None], Filling]:
        """By period and unit id, None being the office, how far each owed sheet is filled.

        The number of queries does not depend on the number of units or periods.
        """
        ...

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with what is stored."""
        ...

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        """Store the changes that can be taken, with audit entries; one outcome for each change, in order."""
        ...

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What must be put right before the sheet can be submitted; `sheet` where it has been read already."""
        ...

    def after_count(self, key: SheetKey, *, by: User | None) -> None:
        """Bring in line what is made of verified sheets: this one counts from now on, or counts no more."""
        ...


_forms: dict[str, FormDefinition] = {}


def register_form(definition: FormDefinition) -> None:
    """Make a form known; called when its app is ready."""
    _forms[definition.kode] = definition


def form_definition(kode: str) -> FormDefinition:
    """Raises `KeyError` for a form that no app has registered."""
    return _forms[kode]


def required_permission(transition: Transition, form: str) -> Permission:
    """The right that a transition of a form needs: submitting and verifying are the form's own."""
    definition = form_definition(form)
    if transition.permission == Permission.SUBMIT:
        return Permission[definition.submit_permission]
    if transition.permission == Permission.VERIFY:
        return Permission[definition.verify_permission]
    return transition.permission


def form_definitions() -> list[FormDefinition]:
    """All forms, in the order of `models.Form`."""
    order = list(Form.values)
    return sorted(_forms.values(), key=lambda one: order.index(one.kode) if one.kode in order else len(order))
