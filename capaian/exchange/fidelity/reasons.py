"""Why a printed figure differs: general diagnoses only, and only one that gives exactly what is printed.

There is no table of known errors here. A family of figures offers candidates (what another formula, another denominator
or another printed value of the same quantity gives); what is left is asked of the digits themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal

from capaian.exchange.fidelity.cells import Printed
from capaian.rules.numbers import format_number, round_half_up

Candidate = tuple[str, Decimal | None]

UNEXPLAINED = "tidak terjelaskan"
CONTRADICTION = "kontradiksi: dua tempat mencetak hal yang berbeda"
TRUNCATED = "dipotong, bukan dibulatkan"
ROUNDED_UP = "dibulatkan ke atas, bukan setengah ke atas"
FILLED = "dibulatkan ke"
SWAPPED = "dua angka bersebelahan tertukar"
EXTRA_GROUP = "satu kelompok tiga angka berlebih"
MISSING_GROUP = "satu kelompok tiga angka kurang"
SHIFTED = "tanda desimal atau satuan bergeser"
_GROUP = 3


def explain(printed: Printed, value: Decimal, candidates: Iterable[Candidate] = (), *, is_exact: bool = False) -> str:
    """Name why `printed` is not `value`, or say that it cannot be explained.

    Errors: none. A candidate counts when it is the printed figure: exactly, or rounded or cut to the printed decimals.
    """
    if not is_exact and (reason := _roundings(printed, value)):
        return f"{reason} ({format_number(value, printed.decimals + 2)})"
    for reason, candidate in candidates:
        if candidate is None or candidate == value:
            continue
        if (candidate if is_exact else round_half_up(candidate, printed.decimals)) == printed.value:
            return reason
        if not is_exact and cut(candidate, printed.decimals) == printed.value:
            return f"{reason}; {TRUNCATED}"
    return _digits(printed, value) or UNEXPLAINED


def cut(value: Decimal, decimals: int) -> Decimal:
    """Cut a number off after the given decimals."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_DOWN)


def _roundings(printed: Printed, value: Decimal) -> str:
    """Other ways to shorten a number: cut, always upwards, or rounded to fewer decimals and filled with zeros."""
    step = Decimal(1).scaleb(-printed.decimals)
    if cut(value, printed.decimals) == printed.value:
        return TRUNCATED
    if value.quantize(step, rounding=ROUND_CEILING) == printed.value:
        return ROUNDED_UP
    for decimals in range(printed.decimals - 1, -1, -1):
        if round_half_up(value, decimals) == printed.value:
            return f"{FILLED} {decimals} desimal, tercetak {printed.decimals}"
    return ""


def _digits(printed: Printed, value: Decimal) -> str:
    """Errors of typing: swapped digits, a group too many or too few, a shifted decimal sign."""
    theirs, ours = _plain(printed.value, printed.decimals), _plain(value, printed.decimals)
    if theirs != ours and theirs.startswith("-") == ours.startswith("-"):
        if _is_swapped(theirs, ours):
            return SWAPPED
        if printed.decimals == 0 and _has_extra_group(theirs, ours):
            return EXTRA_GROUP
        if printed.decimals == 0 and _has_extra_group(ours, theirs):
            return MISSING_GROUP
    for power in (1, 2, 3, -1, -2, -3):
        if value and round_half_up(value.scaleb(power), printed.decimals) == printed.value != 0:
            return f"{SHIFTED} (× {format_number(Decimal(1).scaleb(power))})"
    return ""


def _plain(value: Decimal, decimals: int) -> str:
    return f"{round_half_up(value, decimals):f}"


def _is_swapped(left: str, right: str) -> bool:
    different = [place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b]
    if len(left) != len(right) or len(different) != 2 or different[1] - different[0] != 1:
        return False
    first, second = different
    return left[first] == right[second] and left[second] == right[first]


def _has_extra_group(longer: str, shorter: str) -> bool:
    """Whether taking one group of three digits, on a group boundary, out of `longer` leaves `shorter`."""
    if len(longer) != len(shorter) + _GROUP or len(shorter) <= _GROUP:
        return False
    starts = range(len(longer) % _GROUP, len(longer), _GROUP)
    return any(longer[:start] + longer[start + _GROUP :] == shorter for start in starts)
