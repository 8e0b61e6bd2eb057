"""Which months count for a service in a year: the calendar year, or the school year for usia pendidikan dasar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from capaian.rules.spm.standar import Jendela

# Screening from June of the year before to May is reported in a year (example in Permenkes 6/2024).
_FIRST_MONTH = 6
_FIRST_HALF = 2
MONTHS = range(1, 13)


class Bulan(NamedTuple):
    """A month of a year."""

    tahun: int
    bulan: int

    @property
    def triwulan(self) -> int:
        """The quarter that the month lies in, 1 to 4."""
        return (self.bulan + 2) // 3


@lru_cache(maxsize=256)
def counted_months(jendela: Jendela, tahun: int, triwulan: int = 0) -> tuple[Bulan, ...]:
    """The months whose served persons count for `tahun` up to the end of a quarter (0: the whole year), in order.

    Errors: ValueError for a quarter outside 0 to 4. Source: Permenkes 6/2024, usia pendidikan dasar; regulations 5.6-5.
    """
    if triwulan not in range(5):
        raise ValueError(f"Triwulan {triwulan} tidak ada; pilih 1 sampai 4, atau 0 untuk setahun.")
    last = triwulan * 3 or 12
    if jendela == "tahun_kalender":
        return tuple(Bulan(tahun, bulan) for bulan in MONTHS if bulan <= last)
    before = [Bulan(tahun - 1, bulan) for bulan in MONTHS if bulan >= _FIRST_MONTH]
    return (*before, *(Bulan(tahun, bulan) for bulan in MONTHS if bulan < _FIRST_MONTH and bulan <= last))


def counts_for(jendela: Jendela, month: Bulan) -> int:
    """The year for which persons served in a month count."""
    return month.tahun + (jendela == "tahun_ajaran" and month.bulan >= _FIRST_MONTH)


class Reported(NamedTuple):
    """What a unit reported as newly served: in a month, in a quarter (bulan 0), or in the year (both 0)."""

    tahun: int
    triwulan: int
    bulan: int
    terlayani: int


def served_until(
    rows: Iterable[Reported], jendela: Jendela, tahun: int, triwulan: int = 0, *, is_carried: bool = False
) -> int | None:
    """Persons served that count for `tahun` up to the end of a quarter (0: the year); None where nothing was reported.

    A report by quarter cannot be cut within the quarter: of a school year it counts the two quarters that begin in it
    and the two after. A quarter that has brought no report is None, so that it does not look like the one before; only
    within a sum over units, `is_carried`, does it stand for what was reported until then.
    Source: regulations 5.2 (months add up) and 5.6-5.
    """
    months = counted_months(jendela, tahun, triwulan)
    mine = [row for row in rows if _counts(row, months, jendela, tahun, triwulan)]
    if not is_carried and _is_silent(mine, jendela, tahun, triwulan):
        return None
    parts = [row for row in mine if row.triwulan]
    # The parts are the year; a figure for the year as a whole stands only where there are none.
    counted = parts or mine
    return sum(row.terlayani for row in counted) if counted else None


def _is_silent(mine: Sequence[Reported], jendela: Jendela, tahun: int, triwulan: int) -> bool:
    """Whether a quarter that adds to the year has brought nothing; the school year ends in the second."""
    is_open = triwulan and (jendela == "tahun_kalender" or triwulan <= _FIRST_HALF)
    return bool(is_open) and not any((row.tahun, row.triwulan) == (tahun, triwulan) for row in mine)


def _counts(row: Reported, months: Sequence[Bulan], jendela: Jendela, tahun: int, triwulan: int) -> bool:
    if not row.triwulan:
        return not triwulan and row.tahun == tahun
    if row.bulan:
        # The months follow each other, and a quarter holds at least one.
        return bool(months) and months[0] <= (row.tahun, row.bulan) <= months[-1]
    if jendela == "tahun_kalender":
        return row.tahun == tahun and (not triwulan or row.triwulan <= triwulan)
    if row.tahun == tahun - 1:
        return row.triwulan > _FIRST_HALF
    return row.tahun == tahun and row.triwulan <= min(triwulan or _FIRST_HALF, _FIRST_HALF)
