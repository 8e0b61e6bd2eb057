"""Whether a service is behind: the target of 100 % within a year, spread evenly over its quarters."""

from __future__ import annotations

from decimal import Decimal

from capaian.rules.numbers import HUNDRED
from capaian.rules.trace import Citation

_QUARTERS = 4
PACE = Citation(
    "Kebijakan perhitungan Capaian",
    "laju triwulan SPM",
    "ditafsirkan",
    "Target SPM 100 % dalam setahun (PP 2/2018); dibagi rata, sampai akhir triwulan t seharusnya tercapai t × 25 %. "
    "Regulasi tidak menyebut target triwulan.",
)


def expected_percent(triwulan: int) -> Decimal:
    """The coverage that a service should have by the end of a quarter; the year (0) and the fourth ask for 100.

    Units: percent. Errors: ValueError for a quarter outside 0 to 4. Source: `PACE`, our reading (ditafsirkan).
    """
    if triwulan not in range(_QUARTERS + 1):
        raise ValueError(f"Triwulan {triwulan} tidak ada; pilih 1 sampai 4, atau 0 untuk setahun.")
    return HUNDRED * (triwulan or _QUARTERS) / _QUARTERS


def is_behind(penerima: Decimal | None, triwulan: int) -> bool:
    """Whether problems and solutions are asked for: coverage so far, in percent, lies under the even pace.

    A service without coverage is not reported, which is another matter. Source: `PACE`, our reading (ditafsirkan).
    """
    return penerima is not None and penerima < expected_percent(triwulan)
