"""What a cell of the input column says, as the text that a person would have typed; or why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from openpyxl.cell.cell import Cell, MergedCell

from capaian.exchange.sheets.layout import MAX_LENGTH
from capaian.rules.numbers import format_number
from capaian.workflow.checks import clean_text

# Excel shows and keeps fifteen digits; what comes after them is dust of binary fractions.
_DIGITS: Final = 15


@dataclass(frozen=True)
class Read:
    """The text of a cell; where it cannot be taken, `rule` and `message`; `note` for what was read otherwise."""

    teks: str = ""
    rule: str = ""
    message: str = ""
    note: str = ""


def read_cell(cell: Cell | MergedCell, computed: object) -> Read:
    """Read an input cell. `computed` is what Excel last computed for it, where the cell holds a formula."""
    value = cell.value
    if cell.data_type == "f":
        if computed is None:
            return Read(
                rule="rumus",
                message="Sel berisi rumus yang hasilnya tidak tersimpan dalam berkas. Ganti dengan nilainya "
                "(Salin, lalu Tempel Khusus > Nilai).",
            )
        value = computed
    if cell.data_type == "e" or (isinstance(value, str) and _is_error(value)):
        return Read(
            str(value),
            rule="rumus",
            message=f"Sel berisi kesalahan rumus {value}, bukan nilai. Perbaiki rumusnya atau ketik angkanya.",
        )
    if isinstance(value, datetime | date | time | timedelta):
        return Read(
            _shown_date(value),
            rule="tanggal",
            message=f"Sel berisi tanggal atau waktu ({_shown_date(value)}), mungkin diubah Excel dari angka yang "
            "diketik. Format selnya sebagai Teks, lalu ketik lagi angkanya.",
        )
    if isinstance(value, bool):
        return Read("ya" if value else "tidak")
    if isinstance(value, int | float):
        return _read_number(value, is_percent="%" in str(cell.number_format))
    return _read_text(str(value) if value is not None else "")


def _read_text(text: str) -> Read:
    body = clean_text(text)
    if len(body) > MAX_LENGTH:
        return Read(
            body[:MAX_LENGTH],
            rule="terlalu-panjang",
            message=f"Isian {len(body)} huruf; paling banyak {MAX_LENGTH}. Tulis nilainya saja, uraiannya pada "
            "analisis.",
        )
    return Read(body)


def _read_number(value: float, *, is_percent: bool) -> Read:
    exact = Decimal(repr(value))
    number = exact if isinstance(value, int) else _rounded(exact)
    if not number.is_finite():
        return Read(str(value), rule="rumus", message="Sel berisi angka yang tidak terhingga. Ketik angkanya.")
    if not is_percent:
        return Read(typed(number))
    text = typed(number * 100)
    return Read(text, note=f"Sel berformat persen dibaca seperti yang tampak: {text}.")


def typed(number: Decimal) -> str:
    """A number as it is typed: `1234,5`; three decimals get a fourth, so that the comma can only be a decimal one."""
    text = format_number(number).replace(".", "")
    return f"{text}0" if len(text.partition(",")[2]) == 3 else text


def _rounded(number: Decimal) -> Decimal:
    if not number.is_finite() or not number:
        return number
    return round(number, _DIGITS - 1 - number.adjusted())


def _is_error(value: str) -> bool:
    return value.startswith("#") and value.rstrip("?!").isupper() and len(value) <= 14 and value[1:2].isalpha()


def _shown_date(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return f"{value:%d-%m-%Y}" if value.time() == time() else f"{value:%d-%m-%Y %H:%M}"
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else str(value)
