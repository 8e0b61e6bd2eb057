"""What a person may write as a realisasi: read, checked against the form of the target, refused in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format

from capaian.planning.queries import read_expression
from capaian.rules.numbers import AmbiguousNumber, NumberFormatError, format_number
from capaian.rules.periods import Period
from capaian.rules.target import (
    BoundTarget,
    ChangeTarget,
    ComponentsTarget,
    CountsTarget,
    EmptyTarget,
    LevelTarget,
    NumberTarget,
    RangeTarget,
    RatioTarget,
    Target,
    YesNoTarget,
    parse_target,
)
from capaian.workflow.checks import clean_text

MAX_LENGTH = 120
# What the columns of `Capaian` hold before the comma; SQLite would store more, and then fail to read it.
LARGEST_PERSEN = Decimal(10) ** 12
# Which forms of a realisasi can stand against which form of a target, and how to write one.
_FITTING: tuple[tuple[tuple[type, ...], tuple[type, ...], str], ...] = (
    ((NumberTarget, BoundTarget, RangeTarget), (NumberTarget,), "angka, misalnya 97,5"),
    ((RatioTarget,), (RatioTarget,), "rasio seperti targetnya, misalnya 0,97 : 1000"),
    (
        (CountsTarget, ComponentsTarget),
        (NumberTarget, CountsTarget, ComponentsTarget),
        "satu angka untuk setiap komponen, misalnya 685; 11; 273; 31",
    ),
    ((LevelTarget,), (LevelTarget, NumberTarget, YesNoTarget), "tingkat, misalnya Paripurna atau BB, atau banyaknya"),
    ((ChangeTarget,), (ChangeTarget,), "perubahan, misalnya Naik 8%"),
    ((YesNoTarget,), (YesNoTarget, NumberTarget), "ya atau tidak"),
)


class RealisasiRefused(ValueError):
    """A realisasi that cannot be taken; the message says why and what to write. `readings` offers the ways to mean it.

    A reading is (as shown, as to be typed): `1.234` can be meant as 1234 or as 1,2340.
    """

    def __init__(self, message: str, readings: tuple[tuple[str, str], ...] = ()) -> None:
        self.readings = readings
        super().__init__(message)


def read_realisasi(teks: str, target: str) -> str:
    """The text as it is stored: plain numbers in Indonesian notation without thousands signs; empty for no value.

    Raises `RealisasiRefused` for a text with two readings, in no known form, or in another form than the target.
    """
    body = clean_text(teks)
    if len(body) > MAX_LENGTH:
        raise RealisasiRefused(f"Realisasi terlalu panjang: paling banyak {MAX_LENGTH} huruf.")
    try:
        value = parse_target(body)
    except AmbiguousNumber as error:
        raise RealisasiRefused(_ambiguous(error), tuple(_reading(value) for value in error.readings)) from error
    except NumberFormatError as error:
        expected = _expected(read_expression(target))
        hint = f" Targetnya {target.strip()}: tulis {expected}." if expected else ""
        raise RealisasiRefused(f'"{body}" tidak dikenal.{hint or f" {error}"}') from error
    if isinstance(value, EmptyTarget):
        return ""
    _check_fits(value, read_expression(target), body, target)
    if isinstance(value, NumberTarget) and not body.strip("0123456789.,-+"):
        return plain_number(value.value)
    return body


def check_period(tahun: int, periode: int, today: date) -> None:
    """Raises `RealisasiRefused` for a period that does not exist or has not begun."""
    if not 0 <= periode <= 4:
        raise RealisasiRefused(f"Periode {periode} tidak ada; isi triwulan 1 sampai 4, atau 0 untuk setahun.")
    period = Period(tahun, periode or None)
    if period.is_future(today):
        raise RealisasiRefused(
            f"{period.label} baru dimulai {date_format(period.start, 'j F Y')}; realisasinya belum dapat diisi."
        )


def too_large(nama: str, realisasi: str, target: str) -> RealisasiRefused:
    """The refusal of a value whose capaian no column holds."""
    return RealisasiRefused(
        f"{nama}: realisasi {realisasi} terhadap target {target} memberi capaian lebih dari "
        f"{format_number(LARGEST_PERSEN)} persen, yang tidak dapat disimpan. Periksa kedua angkanya."
    )


def plain_number(value: Decimal) -> str:
    """A number as it is typed: `1234,5`, never with a sign that could be read as a decimal sign."""
    return format_number(value).replace(".", "")


def _ambiguous(error: AmbiguousNumber) -> str:
    first, second = (format_number(value) for value in error.readings)
    return f'"{error.text}" dapat berarti {first} atau {second}. Pilih salah satu.'


def _reading(value: Decimal) -> tuple[str, str]:
    """A reading and how to type it: three decimals get a fourth, so that the comma can only be a decimal comma."""
    typed = plain_number(value)
    return format_number(value), f"{typed}0" if len(typed.partition(",")[2]) == 3 else typed


def _expected(target: Target) -> str:
    return next((words for targets, _, words in _FITTING if isinstance(target, targets)), "")


def _check_fits(value: Target, target: Target, body: str, target_text: str) -> None:
    for targets, fitting, words in _FITTING:
        if isinstance(target, targets) and not isinstance(value, fitting):
            raise RealisasiRefused(
                f'"{body}" tidak dapat dibandingkan dengan target {target_text.strip()}. Tulis {words}.'
            )
