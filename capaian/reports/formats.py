"""How reports print figures and names: one place, so that a table and a sentence print the same string."""

from __future__ import annotations

import re
from decimal import Decimal

from capaian.rules.numbers import format_number, format_percent, format_rupiah
from capaian.rules.periods import BULAN

DASH = "–"
_BARE_UNITS = {"", "nilai", "angka", "indeks", "angka/nilai", "skor"}
VERSI = {
    "renja_murni": "Renja murni",
    "kua_ppas": "KUA-PPAS",
    "apbd": "APBD murni",
    "apbd_perubahan": "APBD perubahan",
}
STATUS = {
    "tercapai": "Tercapai",
    "tidak_tercapai": "Tidak tercapai",
    "tidak_terdefinisi": "Tidak terdefinisi",
    "belum_ada": "Belum ada",
}
TONE = {"tercapai": "good", "tidak_tercapai": "bad", "tidak_terdefinisi": "muted", "belum_ada": "muted"}


def count(value: int | None) -> str:
    """A whole number with separators; a dash where there is none."""
    return DASH if value is None else format_number(value)


def plain(value: Decimal | None, decimals: int | None = None) -> str:
    """A number, by default with all its digits; a dash where there is none."""
    return DASH if value is None else format_number(value, decimals)


def signed(value: Decimal | None, decimals: int | None = None) -> str:
    """A change: with its sign also when it is positive."""
    if value is None:
        return DASH
    printed = format_number(value, decimals)
    return f"+{printed}" if value > 0 else printed


def percent(value: Decimal | None, decimals: int = 2) -> str:
    """A percentage with its sign; a dash where there is none."""
    return DASH if value is None else format_percent(value, decimals)


def points(value: Decimal | None, decimals: int = 2) -> str:
    """A percentage for a column that is headed %: without the sign."""
    return DASH if value is None else format_number(value, decimals)


def money(value: int | None) -> str:
    """Rupiah for a column that is headed Rp: without the sign."""
    return DASH if value is None else format_number(value)


def rupiah(value: int | None) -> str:
    """Rupiah in a sentence, without the blank at which a line could break: `Rp1.000`."""
    return "belum ada data" if value is None else format_rupiah(value).replace("Rp ", "Rp")


def rate(value: Decimal | None) -> str:
    """A value of a comparison, at most two decimals: `119,47`, `8,17`, `69`."""
    if value is None:
        return DASH
    places = max(0, -int(value.as_tuple().exponent))
    return format_number(value, 2) if places > 2 else format_number(value)


def years(text: str) -> str:
    """Spans of years as documents print them: `2021-2026` and `2021 – 2024` become `2021–2026` and `2021–2024`."""
    return _YEARS.sub(r"\1–\2", text)


def title(text: str) -> str:
    """The title of a data set as a caption: without the word that says it is a chart, which the caption says."""
    return years(" ".join(text.split()).removeprefix("Grafik "))


def with_unit(text: str, satuan: str) -> str:
    """A target or realisasi with its unit as a sentence prints it: `14,58%`, `119 per 100.000 KH`, `4 dokumen`."""
    text, unit = text.strip(), satuan.strip()
    if unit and text.casefold().endswith(f" {unit.casefold()}") and text[: -len(unit)].strip().isdecimal():
        text = text[: -len(unit)].strip()
    if not text or unit.casefold() in _BARE_UNITS or unit.casefold() in text.casefold():
        return text
    if unit == "%":
        return f"{text}%"
    # An acronym (KK, TFU) stays as it is; a plain word is a word in a sentence.
    return f"{text} {unit if unit.isupper() else unit[:1].lower() + unit[1:]}"


def proper(text: str) -> str:
    """A name as documents print it, however it was kept: `PROGRAM PENUNJANG …`, `Upaya Dan …`, `persentase …`.

    Capitals become title case; in a name with capital initials small words stay small; the first letter is a capital.
    """
    words = text.split()
    letters = [letter for letter in text if letter.isalpha()]
    if letters and sum(letter.isupper() for letter in letters) >= 0.8 * len(letters):
        return " ".join(_cased(word, first=number == 0) for number, word in enumerate(words))
    tidy = [word if number == 0 else _small(word) for number, word in enumerate(words)]
    return " ".join([_acronym(tidy[0][:1].upper() + tidy[0][1:]), *map(_acronym, tidy[1:])]) if tidy else ""


def _small(word: str) -> str:
    return word.lower() if word.istitle() and word.lower() in _SMALL_WORDS else word


def _acronym(word: str) -> str:
    return word.upper() if word in _TITLED_ACRONYMS else word


def _cased(word: str, *, first: bool) -> str:
    bare = word.strip("(),.;:")
    if bare in _ACRONYMS:
        return word
    lowered = word.lower()
    if not first and bare.lower() in _SMALL_WORDS:
        return lowered
    return "/".join("-".join(part[:1].upper() + part[1:] for part in piece.split("-")) for piece in lowered.split("/"))


_SMALL_WORDS = {"dan", "di", "ke", "dari", "yang", "untuk", "pada", "dalam", "dengan", "atau", "serta", "atas"}
_TITLED_ACRONYMS = {"Rs", "Rsud", "Rsia", "Upt", "Uptd", "Psc", "Blud", "Dki", "Pad"}
_ACRONYMS = {
    "BLUD",
    "BOK",
    "ASN",
    "SKPD",
    "UKM",
    "UKP",
    "PHBS",
    "RSUD",
    "SPM",
    "KIA",
    "ODF",
    "SDM",
    "TB",
    "HIV",
    "RS",
    "UPTD",
    "RW",
    "RT",
    "DINKES",
}


def long_date(iso: str) -> str:
    """`2025-02-25` as `25 Februari 2025`; empty stays empty."""
    if not iso:
        return ""
    year, month, day = iso.split("-")
    return f"{int(day)} {BULAN[int(month) - 1]} {year}"


def joined(items: list[str] | tuple[str, ...]) -> str:
    """Items of a sentence: `a`, `a dan b`, `a, b, dan c`."""
    parts = [item for item in items if item]
    if len(parts) < 2:
        return "".join(parts)
    if len(parts) == 2:
        return f"{parts[0]} dan {parts[1]}"
    return f"{', '.join(parts[:-1])}, dan {parts[-1]}"


_ENGLISH = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
            "nov": 11, "dec": 12}  # fmt: skip
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-–]\s*((?:19|20)\d\d)(?!\d)")
_SHEET_DATE = re.compile(r"(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})")
_SIGN = re.compile(r"\s*([+=])\s*")
_PER = re.compile(r"\s+per\s+[\d.]+.*$", re.IGNORECASE)


def sheet_date(text: str) -> str:
    """A date as a spreadsheet prints it (`04-Jan-24`) in Indonesian words; anything else as it stands."""
    match = _SHEET_DATE.fullmatch(text.strip())
    month = _ENGLISH.get(match[2].lower()) if match else None
    if match is None or month is None:
        return text
    year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
    return f"{int(match[1])} {BULAN[month - 1]} {year}"


def short_name(nama: str) -> str:
    """The name of an indicator without the base of its rate, which is its unit: `Angka Kematian Ibu (AKI)`."""
    return _PER.sub("", nama)


def tidy_formula(text: str) -> str:
    """A formula in words, on one line and closed by a full stop; blanks around a sign let a long one break."""
    line = " ".join(_SIGN.sub(r" \1 ", text).split()).replace(" x ", " × ")
    return line if line.endswith((".", ")")) else f"{line}."
