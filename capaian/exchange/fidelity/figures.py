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
_MOST_DECIMALS = 6


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


def is_equal(printed: Printed, value: Decimal, *, is_exact: bool = False) -> bool:
    """Money, counts and sums of targets exactly; else when ours, rounded half up to the printed decimals, is printed.

    A truncated figure is not equal.
    """
    return printed.value == (value if is_exact else round_half_up(value, printed.decimals))


def compare(
    cell: Cell,
    value: Decimal | int | None,
    formula: str,
    inputs: Mapping[str, str],
    *,
    tipe: Tipe = "angka",
    candidates: Iterable[Candidate] = (),
    note: str = "",
    unexplained: str = UNEXPLAINED,
    is_exact: bool = False,
) -> Iterator[Figure]:
    """Compare the cell with our value; nothing for an empty cell, or for a dash that stands for our zero.

    `candidates` are values that other, wrong or older, ways of computing give; they are only asked when ours differs.
    `unexplained` is the reason that is left when neither they nor the digits explain it.
    """
    is_exact = is_exact or tipe in _EXACT
    printed = cell.read(tipe)
    if not cell.text or (printed and not printed.value and not any(map(str.isdigit, cell.text)) and not value):
        return
    number = None if value is None else Decimal(value)
    if number is None or printed is None:
        reason = note or (f'"{cell.text}" tidak terbaca sebagai angka' if printed is None else "masukan tidak lengkap")
        yield _figure(cell, "tidak_dihitung", "", formula, inputs, reason)
        return
    same = is_equal(printed, number, is_exact=is_exact)
    shown = _shown(printed, number, same, is_exact, cell.row.convention)
    reason = "" if same else explain(printed, number, candidates, is_exact=is_exact)
    reason = unexplained if reason == UNEXPLAINED else reason
    yield _figure(cell, "sama" if same else "beda", shown, formula, inputs, reason, number)


def restate(cell: Cell, source: Cell, formula: str, unrounded: Decimal | None = None) -> Iterator[Figure]:
    """Compare two printed cells of one quantity.

    They agree when they are the same at the coarser of the two precisions; where the source is a derived figure that
    agrees with our `unrounded` value, a finer print must be that value and not merely be near the coarse one. Words
    (`Paripurna`) agree regardless of case and blanks.
    """
    inputs = {source.place: source.text}
    theirs, first = _number(cell), _number(source)
    if theirs is None or first is None:
        same = "".join(cell.text.split()).casefold() == "".join(source.text.split()).casefold()
        reason, shown = "" if same else CONTRADICTION, source.text
        yield _figure(cell, "sama" if same else "beda", shown, formula, inputs, reason, None, True)
        return
    finer = theirs.decimals > first.decimals and unrounded is not None and theirs.value != first.value
    value = unrounded if finer and unrounded is not None else first.value
    coarse = value if finer else round_half_up(theirs.value, min(theirs.decimals, first.decimals))
    same = is_equal(theirs, value) or coarse == first.value
    reason = "" if same else explain(theirs, value)
    reason = CONTRADICTION if reason == UNEXPLAINED else reason
    shown = source.text if value == first.value else _shown(theirs, value, same, False, cell.row.convention)
    yield _figure(cell, "sama" if same else "beda", shown, formula, inputs, reason, value, True)


def not_computed(cell: Cell, reason: str, formula: str = "") -> Iterator[Figure]:
    """A printed figure that nothing computes, and why."""
    if cell.text:
        yield _figure(cell, "tidak_dihitung", "", formula, {}, reason)


def format_like(value: Decimal, decimals: int, convention: Convention) -> str:
    """Print a number in the convention of the document."""
    text = format_number(value, decimals)
    return text if convention == "id" else text.translate(str.maketrans(".,", ",."))


def _number(cell: Cell) -> Printed | None:
    """A cell as a number whatever its column: a plain figure, an amount of money, or a target with its unit."""
    return cell.read("bebas") or cell.read("target")


def _shown(printed: Printed, value: Decimal, same: bool, is_exact: bool, convention: Convention) -> str:
    whole = value == value.to_integral_value()
    if is_exact:
        return format_like(value, 0 if whole else max(printed.decimals, _SHOWN_DECIMALS, _decimals(value)), convention)
    if same or (whole and not printed.decimals):
        return format_like(value, printed.decimals, convention)
    return format_like(value, max(printed.decimals, _SHOWN_DECIMALS), convention)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(_MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0


def _figure(
    cell: Cell,
    status: FigureStatus,
    computed: str,
    formula: str,
    inputs: Mapping[str, str],
    reason: str,
    value: Decimal | None = None,
    is_restated: bool = False,
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
