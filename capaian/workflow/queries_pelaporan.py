"""Who has not reported: each unit with each form of a period, and the counts over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.workflow.forms import FormDefinition, form_definitions
from capaian.workflow.models import Submission
from capaian.workflow.queries_sheets import OFFICE, SheetState, sheet_states


@dataclass(frozen=True)
class Cell:
    """One sheet in the matrix; `late` are the days since its closing while it is not handed in."""

    sheet: SheetState
    late: int


@dataclass(frozen=True)
class Row:
    """A unit (None the office) with one cell for each form, None where it does not owe it."""

    unit: UnitKerja | None
    nama: str
    jenis: str
    cells: tuple[Cell | None, ...]

    @property
    def kunci(self) -> str:
        return self.unit.kunci if self.unit else OFFICE

    @property
    def states(self) -> str:
        """What the filter finds the row by: the states of its sheets, and `terlambat`."""
        present = [cell for cell in self.cells if cell]
        names = {str(cell.sheet.submission.state) for cell in present}
        return " ".join(sorted(names | ({"terlambat"} if any(cell.late for cell in present) else set())))


@dataclass(frozen=True)
class Matrix:
    """All units that owe something for a period. `counts` are sheets by state, in the order of the states."""

    forms: tuple[FormDefinition, ...]
    rows: Sequence[Row]
    counts: Sequence[tuple[str, int]]
    owed: int
    handed_in: int
    late: int


def reporting_matrix(office: Office, periode: int, today: date) -> Matrix:
    """The matrix that this person may see. The queries of `sheet_states` for one period."""
    sheets = [
        one
        for one in sheet_states(office.tahun_kinerja, (periode,))
        if one.filling.fillable and office.allows(Permission.VIEW, one.unit_id)
    ]
    by_unit: dict[int | None, dict[str, Cell]] = {}
    for one in sheets:
        by_unit.setdefault(one.unit_id, {})[one.form] = Cell(one, _days_late(one, today))
    owed_forms = {one.form for one in sheets}
    forms = tuple(definition for definition in form_definitions() if definition.kode in owed_forms)
    states = Counter(str(one.submission.state) for one in sheets)
    return Matrix(
        forms=forms,
        rows=[_row(cells, forms) for cells in by_unit.values()],
        counts=[(state, states[state]) for state in Submission.State.values if states[state]],
        owed=len(sheets),
        handed_in=sum(one.is_handed_in for one in sheets),
        late=sum(1 for cells in by_unit.values() for cell in cells.values() if cell.late),
    )


def _row(cells: dict[str, Cell], forms: Sequence[FormDefinition]) -> Row:
    sheet = next(iter(cells.values())).sheet
    jenis = str(sheet.unit.get_jenis_display()) if sheet.unit else "Instansi"
    return Row(sheet.unit, sheet.unit_nama, jenis, tuple(cells.get(form.kode) for form in forms))


def _days_late(sheet: SheetState, today: date) -> int:
    days = sheet.days_left(today)
    return -days if days is not None and days < 0 and not sheet.is_handed_in else 0
