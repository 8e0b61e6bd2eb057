"""A form as a table of a report: the leading cells that lines share become a heading over them."""

from __future__ import annotations

from itertools import groupby

from capaian.documents.blocks import Align, Cell, Column, Row, Table
from capaian.reports.formats import DASH, plain
from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value, known_sum
from capaian.reports.spm.snapshot import STAFF_KINDS, SpmSnapshot
from capaian.rules.numbers import format_number

_ALIGN: dict[str, Align] = {"text": "left", "center": "center"}


def form_table(form: OfficialForm, anchor: str = "") -> Table:
    """The table of a form with its caption, for Word, PDF and the page."""
    head = max((row.head for row in form.rows), default=0)
    columns = form.columns[head:]
    rows: list[Row] = []
    for heading, members in groupby(form.rows, key=lambda row: row.values[: row.head]):
        if heading:
            rows.append(Row((Cell(_heading(heading), colspan=len(columns)),), role="group"))
        rows += [_row(form, row, head) for row in members]
    if form.total and form.rows:
        rows.append(_total(form, head))
    return Table(
        columns=tuple(_column(one) for one in columns),
        rows=tuple(rows),
        caption=f"{form.nama}: {form.judul}",
        anchor=anchor,
        numbered_columns=form.is_numbered and not head,
        font_size="tiny" if len(columns) > _DENSE else "small",
    )


_DENSE = 9


def facility_table(snapshot: SpmSnapshot, form: OfficialForm) -> Table:
    """Form 2.A.3 with a line for each facility and a column for each kind of staff, which a page has room for."""
    columns = (
        Column("No", "center", 0.5),
        Column("Fasilitas pelayanan kesehatan", "left", 4),
        *(Column(kind, "right", 1.3, "Jumlah SDM kesehatan (orang)") for kind in STAFF_KINDS),
    )
    rows = [
        Row((Cell(str(number)), Cell(one.nama), *(Cell(plain(heads)) for heads in one.tenaga)))
        for number, one in enumerate(snapshot.facilities, 1)
    ]
    sums = [known_sum([one.tenaga[at] for one in snapshot.facilities]) for at in range(len(STAFF_KINDS))]
    if rows:
        cells = [Cell(DASH if one is None else format_number(one)) for one in sums]
        rows.append(Row((Cell("Jumlah", colspan=2, align="center"), *cells), role="total"))
    return Table(columns, tuple(rows), caption=f"{form.nama}: {form.judul}", font_size="small")


def show(column: FormColumn, value: Value) -> str:
    """A value as its column prints it; a dash for a number that is not known."""
    if value is None:
        return DASH if column.is_number else ""
    if isinstance(value, str):
        return value
    return format_number(value, 2) if column.kind == "percent" else format_number(value)


def _heading(values: tuple[Value, ...]) -> str:
    first, name = str(values[0] or ""), str(values[1])
    return f"{first}. {name}" if first else name


def _column(one: FormColumn) -> Column:
    return Column(one.head, _ALIGN.get(one.kind, "right"), one.width, one.group)


def _row(form: OfficialForm, row: FormRow, head: int) -> Row:
    pairs = zip(form.columns[head:], row.values[head:], strict=True)
    return Row(tuple(Cell(show(column, value)) for column, value in pairs))


def _total(form: OfficialForm, head: int) -> Row:
    """The last line: its words over the columns before the first number."""
    numbers = next(at for at, one in enumerate(form.columns) if one.is_number and at >= head)
    span = max(1, numbers - head)
    words = Cell(str(form.total[0]), colspan=span, align="center")
    rest = [
        Cell(_shown_total(column, value))
        for column, value in list(zip(form.columns, form.total, strict=True))[head + span :]
    ]
    return Row((words, *rest), role="total")


def _shown_total(column: FormColumn, value: Value) -> str:
    if value is None or not column.total:
        return ""
    return format_number(value) if not isinstance(value, str) else value
