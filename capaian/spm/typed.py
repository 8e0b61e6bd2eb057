"""Reading what a person types into the pages of SPM: whole persons, rupiah and dates; refused in words."""

from __future__ import annotations

from datetime import date

from capaian.rules.numbers import AmbiguousNumber, NumberFormatError, parse_number, parse_rupiah
from capaian.workflow.checks import clean_text

# What the columns hold: persons of all units added up in 31 bits, rupiah far below 63.
MAX_PERSONS = 100_000_000
MAX_RUPIAH = 10**17


class TypedRefused(ValueError):
    """What was typed cannot be read; the message says what is wrong and what to write instead."""


def read_persons(text: str, what: str) -> int | None:
    """Whole persons out of `1.234`, `1,234` or `1234`; None for an empty text.

    A dot or comma can only group thousands here, since there are no parts of a person: that decides between readings.
    Raises `TypedRefused`, naming `what` was typed.
    """
    text = clean_text(text)
    if not text:
        return None
    try:
        persons = parse_number(text)
    except AmbiguousNumber as error:
        persons = max(error.readings)  # the one that groups
    except NumberFormatError as error:
        raise TypedRefused(f"{what}: {error}") from error
    if persons != persons.to_integral_value():
        raise TypedRefused(f'{what}: "{text}" bukan bilangan bulat; orang dihitung utuh. Tulis misalnya 1250.')
    if persons < 0:
        raise TypedRefused(f"{what} tidak dapat negatif ({text}); periksa angkanya.")
    if persons > MAX_PERSONS:
        raise TypedRefused(f"{what}: {text} terlalu besar; paling banyak 100.000.000 orang.")
    return int(persons)


def read_money(text: str, what: str) -> int | None:
    """Whole rupiah, with or without `Rp`; None for an empty text. Raises `TypedRefused`, naming `what` was typed."""
    text = clean_text(text)
    if not text:
        return None
    try:
        amount = parse_rupiah(text)
    except ValueError as error:
        raise TypedRefused(f"{what}: {error}") from error
    if amount < 0:
        raise TypedRefused(f"{what} tidak dapat negatif ({text}); periksa angkanya.")
    if amount > MAX_RUPIAH:
        raise TypedRefused(f"{what}: {text} terlalu besar; periksa banyaknya angka nol.")
    return amount


def read_date(text: str, what: str) -> date | None:
    """A day as the date field of a page sends it (2024-03-01); None for an empty text. Raises `TypedRefused`."""
    text = clean_text(text)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TypedRefused(f'{what}: "{text}" bukan tanggal. Tulis misalnya 2024-03-01.') from error
