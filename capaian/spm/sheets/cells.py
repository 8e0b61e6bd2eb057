"""What the cells of all SPM forms share: reading what was typed, and deciding what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from capaian.rules.numbers import AmbiguousNumber, NumberFormatError, format_number, parse_number, parse_rupiah
from capaian.workflow.forms import Change, Outcome, SheetKey

# What the columns hold; SQLite would store more, and PostgreSQL refuse it without words. Persons are added up over
# months and Puskesmas into 31 bits.
MAX_ORANG: Final = 1_000_000
MAX_JUMLAH: Final = Decimal(10) ** 11
MAX_HARGA: Final = 10**12
_DECIMALS = 2


class CellRefused(ValueError):
    """A value that cannot be taken; the message says why and what to type, `readings` (as shown, as to be typed)."""

    def __init__(self, message: str, readings: tuple[tuple[str, str], ...] = ()) -> None:
        self.readings = readings
        super().__init__(message)


@dataclass(frozen=True)
class Cell:
    """One value of a sheet: what is stored, how a typed text becomes it, and why it cannot be typed (`closed`)."""

    kunci: str
    subject: str
    teks: str
    read: Callable[[str], str]
    closed: str = ""


def subject_of(key: SheetKey, kunci: str) -> str:
    """The natural key of a value, as audit entries and comments carry it."""
    unit = key.unit.kunci if key.unit else "-"
    return f"{key.form} {unit} {kunci} {key.tahun_kinerja.tahun}/{key.periode}"


def judge(change: Change, cell: Cell | None, unknown: str = "") -> Outcome:
    """What should become of a change: read it, and compare it with what is stored and with what the person saw.

    A value that is stored can be taken away even where the cell is closed to new ones by then.
    """
    if cell is None:
        return Outcome(change.kunci, Outcome.REFUSED, message=unknown or "Baris ini tidak ada dalam lembar ini.")
    before = cell.teks
    if change.teks.strip() == before:
        return Outcome(change.kunci, Outcome.SAME, before)
    try:
        if cell.closed:
            raise CellRefused(cell.closed)
        after = cell.read(change.teks)
    except CellRefused as refusal:
        return Outcome(change.kunci, Outcome.REFUSED, message=str(refusal), readings=refusal.readings)
    if after == before:
        return Outcome(change.kunci, Outcome.SAME, before)
    if change.base is not None and change.base.strip() != before:
        return Outcome(change.kunci, Outcome.CONFLICT, before)
    return Outcome(change.kunci, Outcome.SAVED, after)


def plain(value: Decimal | int | None) -> str:
    """A number as it is typed: `1234,5`; empty for none."""
    return "" if value is None else format_number(value).replace(".", "")


def shown(value: Decimal | int | None) -> str:
    """A number as it is read: `1.234,5`; empty for none."""
    return "" if value is None else format_number(value)


def read_orang(teks: str, place: str) -> str:
    """Whole persons as stored text; empty for no text. Raises `CellRefused` naming `place` and the rule."""
    if not teks.strip():
        return ""
    value = _number(teks, place, 0)
    if value != value.to_integral_value():
        raise CellRefused(
            f'{place}: "{_short(teks)}" bukan bilangan bulat. Yang dihitung orang, bukan persen; tulis misalnya 125.'
        )
    if value > MAX_ORANG:
        raise CellRefused(f'{place}: "{_short(teks)}" terlalu besar untuk jumlah orang; periksa banyaknya angka.')
    return plain(value)


def read_jumlah(teks: str, place: str) -> str:
    """A quantity with at most two decimals as stored text; empty for no text. Raises `CellRefused`."""
    if not teks.strip():
        return ""
    value = _number(teks, place, _DECIMALS)
    if value != round(value, _DECIMALS):
        raise CellRefused(f'{place}: "{_short(teks)}" mempunyai lebih dari dua desimal; bulatkan lebih dahulu.')
    if value > MAX_JUMLAH:
        raise CellRefused(f'{place}: "{_short(teks)}" terlalu besar; periksa banyaknya angka nol.')
    return plain(value)


def read_harga(teks: str, place: str) -> str:
    """A price in whole rupiah as stored text; empty for no text. Raises `CellRefused`."""
    if not teks.strip():
        return ""
    try:
        value = parse_rupiah(teks)
    except NumberFormatError as error:
        raise CellRefused(f"{place}: {error}") from error
    if value < 0:
        raise CellRefused(f'{place}: harga "{_short(teks)}" negatif. Harga satuan paling kecil nol; periksa tandanya.')
    if value > MAX_HARGA:
        raise CellRefused(f'{place}: harga "{_short(teks)}" melebihi satu triliun rupiah; periksa banyaknya angka nol.')
    return plain(value)


def _number(teks: str, place: str, decimals: int) -> Decimal:
    try:
        value = parse_number(teks)
    except AmbiguousNumber as error:
        fitting = [one for one in error.readings if one >= 0 and one == round(one, decimals)]
        readings = tuple((format_number(one), plain(one)) for one in fitting)
        first, second = (format_number(one) for one in error.readings)
        raise CellRefused(f'{place}: "{_short(teks)}" dapat berarti {first} atau {second}. Pilih.', readings) from error
    except NumberFormatError as error:
        raise CellRefused(f"{place}: {error}") from error
    if value < 0:
        raise CellRefused(
            f'{place}: "{_short(teks)}" negatif. Jumlah paling kecil nol; bila salah isi sebelumnya, perbaiki di sana.'
        )
    if "%" in teks or "‰" in teks:
        raise CellRefused(f'{place}: "{_short(teks)}" persen. Tulis jumlahnya; persentasenya dihitung sendiri.')
    return value


def _short(teks: str) -> str:
    return teks.strip()[:40]
