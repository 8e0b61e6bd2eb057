"""The figures beside the score of an item, as worksheets of PKP print them: what was reached, and target × sasaran."""

from __future__ import annotations

from decimal import Decimal

from capaian.rules.instrumen.model import Butir
from capaian.rules.instrumen.skor import Isian
from capaian.rules.numbers import NumberFormatError, divide, with_kernel_digits
from capaian.rules.target import BoundTarget, NumberTarget, parse_realisasi, parse_target


@with_kernel_digits
def reached_of(item: Butir, isian: Isian | None) -> Decimal | None:
    """What was reached, in the unit of the target: P ÷ S × pengali, or the number that was given as such.

    Errors: none; None where it is no number. Source: regulations 6.6 (% riil).
    """
    if isian is None or isian.tidak_berlaku or item.penilaian == "pilihan":
        return None
    if isian.nilai.strip():
        return _number(isian.nilai)
    if isian.realisasi is None or not isian.sasaran:
        return None
    return divide(isian.realisasi * item.pengali, isian.sasaran)


@with_kernel_digits
def target_sasaran_of(item: Butir, isian: Isian | None) -> Decimal | None:
    """The target in what is counted, T × S: 80 % of 60 persons are 48.

    Units: those of the sasaran. Errors: none; None where the target is no number or the sasaran is not given. Source:
    regulations 6.6 (target sasaran, ToS).
    """
    if item.penilaian != "capaian" or item.masukan != "pembilang_penyebut":
        return None
    if isian is None or isian.tidak_berlaku or isian.nilai.strip() or isian.sasaran is None:
        return None
    try:
        target = parse_target(item.target)
    except NumberFormatError:
        return None
    if not isinstance(target, NumberTarget | BoundTarget):
        return None
    return divide(target.value * isian.sasaran, item.pengali)


def _number(text: str) -> Decimal | None:
    try:
        found = parse_realisasi(text.strip())
    except NumberFormatError:
        return None
    return found.value if isinstance(found, NumberTarget) else None
