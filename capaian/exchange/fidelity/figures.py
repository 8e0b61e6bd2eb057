"""One comparison of a printed figure with ours, and the rule that says whether the two are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from capaian.exchange.fidelity.cells import Cell, CellKey, Printed, Tipe
from capaian.exchange.fidelity.reasons import CONTRADICTION, UNEXPLAINED, Candidate, explain
from capaian.rules.numbers import Convention, format_number, round_half_up

FigureStatus = Literal["sama", "beda", "tidak_dihitung"]
_EXACT: tuple[Tipe, ...] = ("uang", "cacah")
_SHOWN_DECIMALS = 2


@dataclass(frozen=True)
class Figure:
    """A printed figure beside ours: formula, inputs as printed, and the reason of a difference where it can be named.

    `value` is ours unrounded, `cell` the place in the sample, `is_restated` whether the formula is only "the same
    quantity printed elsewhere".
    """

    seed: str
    table: str
    row: str
    column: str
    kunci: str
    printed: str
    computed: str
    status: FigureStatus
    formula: str
    inputs: dict[str, str] = field(hash=False)
    reason: str = ""
    value: Decimal | None = None
    cell: CellKey = ("", 0, "")
    is_restated: bool = False

    @property
    def equal(self) -> bool | None:
        """True or false, or None when nothing could be computed."""
        return None if self.status == "tidak_dihitung" else self.status == "sama"

    def to_dict(self) -> dict[str, Any]:
        """The figure as `capaian check --json` gives it."""
        names = ("seed", "table", "row", "column", "printed", "computed", "equal", "formula", "inputs", "reason")
        return {name: getattr(self, name) for name in names}


def is_equal(printed: Printed, value: Decimal, tipe: Tipe = "angka") -> bool:
    """Money and counts exactly; any other number when, rounded half up to the printed decimals, it is the printed one.

    A truncated figure is not equal.
    """
    if tipe in _EXACT:
        return printed.value == value
    return printed.value == round_half_up(value, printed.decimals)


def compare(
    cell: Cell,
    value: Decimal | int | None,
    formula: str,
    inputs: Mapping[str, str],
    *,
    tipe: Tipe = "angka",
    candidates: Iterable[Candidate] = (),
    note: str = "",
    is_restated: bool = False,
) -> Iterator[Figure]:
    """Compare the cell with our value; nothing for an empty cell, or for a dash that stands for our zero.

    `candidates` are values that other, wrong or older, ways of computing give; they are only asked when ours differs.
    """
    printed = cell.read(tipe)
    if not cell.text or (printed and not printed.value and not any(map(str.isdigit, cell.text)) and not value):
        return
    number = None if value is None else Decimal(value)
    if number is None or printed is None:
        reason = note or (f'"{cell.text}" tidak terbaca sebagai angka' if printed is None else "masukan tidak lengkap")
        yield _figure(cell, "tidak_dihitung", "", formula, inputs, reason, None, is_restated)
        return
    same = is_equal(printed, number, tipe)
    shown = _shown(printed, number, same, tipe, cell.row.convention)
    reason = "" if same else explain(printed, number, candidates)
    if is_restated and reason == UNEXPLAINED:
        reason = CONTRADICTION
    yield _figure(cell, "sama" if same else "beda", shown, formula, inputs, reason, number, is_restated)


def compare_text(cell: Cell, other: Cell, formula: str) -> Iterator[Figure]:
    """Compare two cells that hold words (`Paripurna`), regardless of case and blanks."""
    same = "".join(cell.text.split()).casefold() == "".join(other.text.split()).casefold()
    reason = "" if same else CONTRADICTION
    inputs = {other.place: other.text}
    yield _figure(cell, "sama" if same else "beda", other.text, formula, inputs, reason, None, True)


def not_computed(cell: Cell, reason: str, formula: str = "") -> Iterator[Figure]:
    """A printed figure that nothing computes, and why."""
    if cell.text:
        yield _figure(cell, "tidak_dihitung", "", formula, {}, reason, None, False)


def format_like(value: Decimal, decimals: int, convention: Convention) -> str:
    """Print a number in the convention of the document."""
    text = format_number(value, decimals)
    return text if convention == "id" else text.translate(str.maketrans(".,", ",."))


def _shown(printed: Printed, value: Decimal, same: bool, tipe: Tipe, convention: Convention) -> str:
    if tipe in _EXACT:
        return format_like(value, 0 if value == value.to_integral_value() else _SHOWN_DECIMALS, convention)
    if same or (value == value.to_integral_value() and not printed.decimals):
        return format_like(value, printed.decimals, convention)
    return format_like(value, max(printed.decimals, _SHOWN_DECIMALS), convention)


def _figure(
    cell: Cell,
    status: FigureStatus,
    computed: str,
    formula: str,
    inputs: Mapping[str, str],
    reason: str,
    value: Decimal | None,
    is_restated: bool,
) -> Figure:
    return Figure(
        cell.sample.seed,
        cell.table.table,
        cell.label,
        cell.column,
        cell.kunci,
        cell.text,
        computed,
        status,
        formula,
        dict(inputs),
        reason,
        value,
        cell.key,
        is_restated,
    )
