"""Reading, rounding and printing numbers as Indonesian performance documents write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, getcontext, localcontext
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

Convention = Literal["id", "en"]

# One context for all division and rounding here, so that a caller's own decimal context cannot change a result.
KERNEL_CONTEXT = Context(prec=50, rounding=ROUND_HALF_UP)
HUNDRED = Decimal(100)
MAX_LENGTH = 40

_BLANKS = re.compile("[\u00a0\u202f\u2007\u2009\t\r\n ]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-"})
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_CURRENCY = re.compile(r"^(?:rp\.?|idr)\s*|\s*(?:rp\.?|idr)$", re.IGNORECASE)
_MONEY_TAIL = re.compile(r"(?<=[0-9])(?:[.,]?\s?-{1,2}|[.,])$")


P = ParamSpec("P")
T = TypeVar("T")


def with_kernel_digits(rule: Callable[P, T]) -> Callable[P, T]:
    """Run a calculation with the kernel's fifty digits, whatever decimal context the caller has set."""

    @wraps(rule)
    def _inner(*args: P.args, **kwargs: P.kwargs) -> T:
        active = getcontext()
        if (active.prec, active.rounding) == (KERNEL_CONTEXT.prec, KERNEL_CONTEXT.rounding):
            return rule(*args, **kwargs)  # already inside; entering again is most of the cost
        with localcontext(KERNEL_CONTEXT):
            return rule(*args, **kwargs)

    return _inner


class NumberFormatError(ValueError):
    """A text cannot be read as a number; the message (Indonesian) says why and what to write instead."""


class AmbiguousNumber(NumberFormatError):
    """A text has two readings and no convention was given; `readings` holds both, nothing is guessed."""

    def __init__(self, text: str, readings: tuple[Decimal, Decimal]) -> None:
        self.text = text
        self.readings = readings
        first, second = (format_number(reading) for reading in readings)
        super().__init__(
            f'Angka "{text}" dapat dibaca {first} atau {second}; angka yang bermakna ganda tidak ditebak. '
            "Pilih cara penulisan angka dokumen (Indonesia 1.234,56 atau Inggris 1,234.56), "
            "atau tulis tanpa pemisah ribuan."
        )


@with_kernel_digits
def parse_number(text: str, convention: Convention | None = None) -> Decimal:
    """Read one number written in the Indonesian or the English way.

    Units: a trailing percent or per mille sign is dropped, the value is not scaled.
    Convention: only decides between two readings (`1.234`); a text with one reading is accepted under either.
    Errors: AmbiguousNumber when two readings remain; NumberFormatError otherwise.
    Source: design section 4.1; forms met in real reports (number-formats).
    """
    body = _clean(text)
    negative, body, parenthesised = _split_sign(body)
    bare = re.sub(r"\s*[%‰]$", "", body)
    value = _parse_unsigned(bare, text, convention)
    if parenthesised and bare != body:
        # Reports use "(101%)" as a mere mark as often as for a negative value.
        raise AmbiguousNumber(text.strip(), (-value, value))
    return -value if negative and value else value


def parse_rupiah(text: str, convention: Convention | None = None, *, allow_cents: bool = False) -> int:
    """Read an amount of money as whole rupiah.

    Units: rupiah. A lone dash is zero. Three digits after a single separator are thousands, whatever the convention,
    because rupiah has no thousandths. With `allow_cents` cents are rounded half up; `parse_rupiah_exact` keeps them.
    Errors: NumberFormatError for broken groups, words, and cents other than zero.
    Source: design section 4.1; Bekasi and Balangan money cells (number-formats).
    """
    amount = parse_rupiah_exact(text, convention)
    if amount != amount.to_integral_value() and not allow_cents:
        raise NumberFormatError(
            f'Jumlah "{text.strip()}" memuat sen; anggaran dan realisasi dicatat dalam rupiah bulat. '
            "Bulatkan lebih dahulu atau periksa tanda desimalnya."
        )
    return int(round_half_up(amount, 0))


@with_kernel_digits
def parse_rupiah_exact(text: str, convention: Convention | None = None) -> Decimal:
    """Read an amount of money and keep its cents.

    Units: rupiah. Accepts `Rp` before or after, `,-`, `,00`, parentheses for a negative amount, a dash for zero.
    Errors: NumberFormatError. Source: as `parse_rupiah`.
    """
    del convention  # money has one reading under both conventions; the argument keeps the two parsers alike
    body = _strip_currency(_clean(text))
    if body == "-":
        return Decimal(0)
    negative, body, _ = _split_sign(body)
    body = _strip_currency(body)
    inner_negative, body, _ = _split_sign(body)
    if negative and inner_negative:
        raise NumberFormatError(f'Jumlah "{text.strip()}" memakai dua tanda negatif. Tulis satu saja.')
    body = _MONEY_TAIL.sub("", body).strip()
    value = _parse_money_digits(body, text)
    return -value if (negative or inner_negative) and value else value


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round once, half away from zero, to the given number of decimals.

    Units: those of the value. Errors: NumberFormatError for a value that is not finite or has over fifty digits.
    Source: regulations section 7.4 (seeds print 2,125 as 2,13 and 104,7875 as 104,79).
    """
    if not value.is_finite():
        raise NumberFormatError("Nilai yang tidak terhingga tidak dapat dibulatkan.")
    try:
        rounded = value.quantize(Decimal(1).scaleb(-decimals), context=KERNEL_CONTEXT)
    except InvalidOperation as error:
        raise NumberFormatError(
            f"Nilai dengan {decimals} desimal ini lebih panjang dari {KERNEL_CONTEXT.prec} angka. "
            "Periksa angka asalnya dan banyaknya desimal."
        ) from error
    return rounded if rounded else abs(rounded)


def divide(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Divide with the kernel's own precision of fifty digits.

    Errors: ZeroDivisionError (decimal.DivisionByZero) when the denominator is zero; callers test first.
    """
    return KERNEL_CONTEXT.divide(numerator, denominator)


@with_kernel_digits
def mean(values: list[Decimal] | tuple[Decimal, ...]) -> Decimal:
    """Take the unweighted mean of at least one value, unrounded. Errors: ValueError on an empty list."""
    if not values:
        raise ValueError("Rata-rata memerlukan sekurang-kurangnya satu nilai.")
    return divide(sum(values, Decimal(0)), Decimal(len(values)))


def format_number(value: Decimal | int, decimals: int | None = None) -> str:
    """Print a number the Indonesian way: `1.234,56`.

    Decimals: rounded half up when given; otherwise all digits of the value without trailing zeros.
    Errors: NumberFormatError for a value that is not finite.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise NumberFormatError("Nilai yang tidak terhingga tidak dapat dicetak.")
    if decimals is not None:
        number = round_half_up(number, decimals)
    whole, _, fraction = f"{number.copy_abs():f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    printed = f"{grouped},{fraction}" if fraction else grouped
    return f"-{printed}" if number < 0 else printed


def format_rupiah(value: Decimal | int) -> str:
    """Print money as `Rp 862.583.197.457`; cents only when there are any. Units: rupiah."""
    amount = Decimal(value)
    decimals = 0 if amount == amount.to_integral_value() else 2
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp {format_number(abs(amount), decimals)}"


def format_percent(value: Decimal | int, decimals: int = 2) -> str:
    """Print a percentage as `102,11%`. Units: percent, so 102.11 and not 1.0211."""
    return f"{format_number(value, decimals)}%"


def _clean(text: str) -> str:
    body = _BLANKS.sub(" ", str(text)).translate(_MINUS).strip()
    if not body:
        raise NumberFormatError("Sel kosong bukan angka. Isi angkanya, atau kosongkan seluruh isian bila belum ada.")
    if len(body) > MAX_LENGTH:
        raise NumberFormatError(f"Isian terlalu panjang untuk sebuah angka (lebih dari {MAX_LENGTH} huruf).")
    return body


def _split_sign(body: str) -> tuple[bool, str, bool]:
    """Take parentheses or a leading sign off; the last flag says that it was parentheses."""
    if body.startswith("(") and body.endswith(")"):
        return True, body[1:-1].strip(), True
    if body[:1] in ("-", "+"):
        return body[0] == "-", body[1:].strip(), False
    return False, body, False


def _parse_unsigned(body: str, text: str, convention: Convention | None) -> Decimal:
    _refuse_non_digits(body, text)
    separators = [sign for sign in body if sign in ".,"]
    if not separators:
        return Decimal(body)
    if len(set(separators)) == 2:
        return _parse_mixed(body, text, convention)
    if len(separators) > 1:
        return _parse_grouped(body, text)
    if _GROUPED.fullmatch(body):
        return _parse_single_ambiguous(body, text, separators[0], convention)
    return Decimal(body.replace(",", "."))


def _refuse_non_digits(body: str, text: str) -> None:
    if re.fullmatch(r"[0-9](?:[0-9.,]*[0-9])?", body):
        return
    raise NumberFormatError(
        f'"{text.strip()}" bukan angka yang dapat dibaca. Bentuk yang diterima: 1.234,56 atau 1,234.56 atau 12,5, '
        "boleh dengan tanda minus atau persen, tanpa satuan dan tanpa spasi di antara angka."
    )


def _parse_single_ambiguous(body: str, text: str, separator: str, convention: Convention | None) -> Decimal:
    """`1.234`: thousands under one convention, three decimals under the other."""
    grouped = Decimal(body.replace(separator, ""))
    fraction = Decimal(body.replace(",", "."))
    by_convention = {"id": grouped, "en": fraction} if separator == "." else {"id": fraction, "en": grouped}
    if convention is None:
        raise AmbiguousNumber(text.strip(), (by_convention["id"], by_convention["en"]))
    return by_convention[convention]


def _parse_grouped(body: str, text: str) -> Decimal:
    if not _GROUPED.fullmatch(body):
        raise _broken_groups(text)
    return Decimal(body.replace(".", "").replace(",", ""))


def _parse_mixed(body: str, text: str, convention: Convention | None) -> Decimal:
    """Both signs occur: the last one is the decimal sign, the other must group in threes."""
    decimal_sign = "," if body.rfind(",") > body.rfind(".") else "."
    whole, _, fraction = body.rpartition(decimal_sign)
    grouping_sign = "." if decimal_sign == "," else ","
    if decimal_sign in whole or not _GROUPED.fullmatch(whole):
        raise _broken_groups(text)
    value = Decimal(f"{whole.replace(grouping_sign, '')}.{fraction}")
    if len(fraction) != 3:
        return value
    # "503,753.650": three decimals, or an amount whose groups were typed with two different signs.
    if convention is None:
        raise AmbiguousNumber(text.strip(), (value, Decimal(body.replace(".", "").replace(",", ""))))
    if convention != ("id" if decimal_sign == "," else "en"):
        raise _broken_groups(text)
    return value


def _strip_currency(body: str) -> str:
    stripped = _CURRENCY.sub("", body).strip()
    return _CURRENCY.sub("", stripped).strip()


def _parse_money_digits(body: str, text: str) -> Decimal:
    if re.search(r"[A-Za-z]", body):
        raise NumberFormatError(
            f'Jumlah "{text.strip()}" memuat kata atau singkatan. Tulis lengkap dalam rupiah, misalnya 1.500.000.000.'
        )
    _refuse_non_digits(body, text)
    if _GROUPED.fullmatch(body):
        return Decimal(body.replace(".", "").replace(",", ""))
    whole, sign, fraction = _split_cents(body)
    grouped_well = whole.isdigit() or bool(_GROUPED.fullmatch(whole))
    if len(fraction) > 2 or not grouped_well or (sign and sign in whole):
        raise _broken_groups(text)
    return Decimal(f"{whole.replace('.', '').replace(',', '')}.{fraction or '0'}")


def _split_cents(body: str) -> tuple[str, str, str]:
    position = max(body.rfind("."), body.rfind(","))
    if position < 0:
        return body, "", ""
    return body[:position], body[position], body[position + 1 :]


def _broken_groups(text: str) -> NumberFormatError:
    return NumberFormatError(
        f'Pengelompokan angka "{text.strip()}" rusak: setiap kelompok sesudah yang pertama harus tiga angka dengan '
        "pemisah yang sama. Periksa sumbernya lalu tulis ulang, misalnya 7.375.145.000."
    )
