"""Reading the text of a target, or of a realisasi, into one of the forms of `target_forms`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import cast

from capaian.rules.numbers import Convention, parse_number, parse_rupiah_exact
from capaian.rules.target_forms import (
    LEVEL_SCALES,
    SECONDS,
    BoundTarget,
    ChangeTarget,
    ComponentsTarget,
    CountsTarget,
    DeadlineTarget,
    DurationTarget,
    EmptyTarget,
    LabelledCount,
    LevelTarget,
    NumberTarget,
    Operator,
    RangeTarget,
    RatioTarget,
    StatementTarget,
    Target,
    TargetFormatError,
    TimeUnit,
    YesNoTarget,
)

__all__ = [
    "BoundTarget",
    "ChangeTarget",
    "ComponentsTarget",
    "CountsTarget",
    "DeadlineTarget",
    "DurationTarget",
    "EmptyTarget",
    "LabelledCount",
    "LevelTarget",
    "NumberTarget",
    "RangeTarget",
    "RatioTarget",
    "StatementTarget",
    "Target",
    "TargetFormatError",
    "YesNoTarget",
    "parse_realisasi",
    "parse_target",
]

MAX_LENGTH = 200
_NUM = r"[-+]?[0-9](?:[0-9.,]*[0-9])?"
_EMPTY = {"", "-", "--", "na", "n/a", "#n/a", "#", "~", "belum ada", "belum tersedia", "belum ada data", "belum"}
_SHEET_ERRORS = {"#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!"}
_YES = {"ya", "iya", "ada", "punya", "memiliki", "yes"}
_NO = {"tidak", "tdk", "tidak ada", "tdk ada", "tidak punya", "tidak memiliki", "no"}
_STATEMENT = (
    "sudah ada",
    "ada",
    "tersedia",
    "seluruh",
    "setiap",
    "memiliki",
    "melaksanakan",
    "dilaksanakan",
    "sesuai",
    "menyusun",
    "membuat",
    "mempunyai",
    "melaporkan",
)
_PREFIX = re.compile(
    r"^(?:tersedia|sebesar|sebanyak|target|nilai|predikat|opini|akreditasi|terakreditasi|tingkat) ", re.I
)
_WORD_OPERATORS: dict[str, Operator] = {
    "≤": "<=",
    "<=": "<=",
    "=<": "<=",
    "<": "<",
    "≥": ">=",
    ">=": ">=",
    "=>": ">=",
    ">": ">",
    "maks": "<=",
    "maksimal": "<=",
    "maksimum": "<=",
    "paling banyak": "<=",
    "paling tinggi": "<=",
    "min": ">=",
    "minimal": ">=",
    "minimum": ">=",
    "paling sedikit": ">=",
    "paling rendah": ">=",
    "kurang dari": "<",
    "lebih dari": ">",
}
_BOUND = re.compile(
    r"^(≤|<=|=<|≥|>=|=>|<|>|maks(?:imal|imum)?\b|min(?:imal|imum)?\b|paling (?:banyak|tinggi|sedikit|rendah)\b"
    r"|kurang dari\b|lebih dari\b)\.?\s*(.+)$",
    re.I,
)
_DEADLINE = re.compile(
    r"^(maks(?:imal)?\.?|paling lambat|sebelum)?\s*(?:tgl|tanggal)\b\.?\s*([0-9]{1,2})(?:\s+[a-z ]+)?$", re.I
)
_CHANGE = re.compile(rf"^(naik|meningkat|turun|menurun)\s+(?:sebesar\s+)?({_NUM})\s*([^0-9]*)$", re.I)
_RATIO = re.compile(rf"^({_NUM})\s*:\s*({_NUM})$")
_RANGE = re.compile(rf"^([A-Za-z][A-Za-z ]*\s)?({_NUM})\s*%?\s*(?:-|s/d|s\.d\.?|sampai)\s*({_NUM})\s*([^0-9]*)$", re.I)
_NUMBER = re.compile(rf"^({_NUM})(.*)$")
_BASIS = re.compile(r"^(.*?)(?:/|\bper\s)\s*([0-9][0-9.,]*)\s*(rb|ribu)?\b\s*(.*)$", re.I)
_COUNT = re.compile(r"^([0-9][0-9.]*)\s+([A-Za-z].*)$")
_MONEY = re.compile(r"(?:rp\b\.?|idr\b)\s*[-(]?[0-9].*|rp[0-9].*|[0-9][0-9.,]*[.,]\s?-{1,2}", re.I)
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_GROUP_OF_THREE = re.compile(r"[0-9]{3}")


@lru_cache(maxsize=4096)  # a year repeats its targets: "100", "12", "4" on hundreds of rows
def parse_target(text: str, convention: Convention | None = None) -> Target:
    """Read the text of a target into its form; every form keeps the text as it was written.

    Convention: as in `parse_number`, it decides only between two readings of a number.
    Errors: AmbiguousNumber (two readings, no convention); TargetFormatError or NumberFormatError otherwise. All three
    are NumberFormatError.
    Source: design section 4.3; target columns of the five reports, OCR damage excluded.
    """
    original = str(text)
    body = _tidy(original)
    if len(body) > MAX_LENGTH:
        raise TargetFormatError(
            f"Target terlalu panjang (lebih dari {MAX_LENGTH} huruf). Pindahkan uraian ke indikator."
        )
    found = _first_form(original, body, convention)
    if found is None:
        raise _unknown(original)
    return found


def parse_realisasi(text: str, convention: Convention | None = None) -> Target:
    """Read the text of a realisasi: the same forms as a target, but a refusal calls it by its own name.

    Convention and errors: as in `parse_target`.
    """
    try:
        return parse_target(text, convention)
    except TargetFormatError as error:
        # Both words stand before what the message quotes, so that the text of the person is not touched.
        message = re.sub(r"^Target\b", "Realisasi", str(error))
        raise TargetFormatError(re.sub(r'^([^"]*(?:"[^"]*" )?pada) target "', r'\1 realisasi "', message)) from error


def _first_form(text: str, body: str, convention: Convention | None) -> Target | None:
    readers: tuple[Callable[[str, str, Convention | None], Target | None], ...] = (
        _read_word,
        _read_money,
        _read_change,
        _read_deadline,
        _read_bound,
        _read_ratio,
        _read_range,
        _read_components,
        _read_counts,
        _read_number,
    )
    for reader in readers:
        found = reader(text, body, convention)
        if found is not None:
            return found
    shorter = _PREFIX.sub("", body)
    if shorter != body:
        try:
            found = _first_form(text, shorter, convention)
        except TargetFormatError:
            found = None
        if found is not None:
            return found
    if any(body.lower().startswith(f"{word} ") for word in _STATEMENT):
        return StatementTarget(text)
    return None


def _tidy(text: str) -> str:
    """Join lines, unify dashes and blanks, and undo the LaTeX of a converted document (`$\\geq 45\\%$`)."""
    body = text.replace("\\geq", "≥").replace("\\leq", "≤").replace("\\%", "%").replace("$", "")
    body = re.sub("[\u2010-\u2015\u2212]", "-", body)
    body = re.sub(r"[\s\u00a0\u202f\u2007\u2009]+", " ", body).strip()
    return re.sub(r"(?<=[0-9%])[*^]+$", "", body)


def _read_word(text: str, body: str, convention: Convention | None) -> Target | None:
    word = body.lower().rstrip(".")
    if word in _EMPTY or body.lower() in _SHEET_ERRORS:
        return EmptyTarget(text)
    if word in _YES or word in _NO:
        return YesNoTarget(text, word in _YES)
    for scale, levels in LEVEL_SCALES.items():
        for rank, level in enumerate(levels, start=1):
            # Letters and Roman numerals must be written as such; words in any case.
            if body == level or (len(level) > 3 and word == level.lower()):
                return LevelTarget(text, scale, level, rank)
    return None


def _read_money(text: str, body: str, convention: Convention | None) -> NumberTarget | None:
    """`Rp 862.583.197.457`, `Rp. 1.000.000`, `236.597.133.695,-`: money has one reading whatever the convention."""
    if not _MONEY.fullmatch(body):
        return None
    return NumberTarget(text, parse_rupiah_exact(body, convention), "rupiah")


def _read_change(text: str, body: str, convention: Convention | None) -> Target | None:
    match = _CHANGE.match(body)
    if not match:
        return None
    upward = match[1].lower() in ("naik", "meningkat")
    return ChangeTarget(text, "naik" if upward else "turun", parse_number(match[2], convention), match[3].strip())


def _read_deadline(text: str, body: str, convention: Convention | None) -> Target | None:
    match = _DEADLINE.match(body)
    if not match:
        return None
    day = int(match[2])
    if not 1 <= day <= 31:
        raise TargetFormatError(f'Tanggal {day} pada target "{text.strip()}" tidak ada. Tulis tanggal 1 sampai 31.')
    return DeadlineTarget(text, day, is_limit=bool(match[1]))


def _read_bound(text: str, body: str, convention: Convention | None) -> Target | None:
    match = _BOUND.match(body)
    if not match:
        return None
    operator = _WORD_OPERATORS[match[1].lower()]
    number = _read_money(text, match[2], convention) or _read_number(text, match[2], convention)
    if number is None:
        raise _unknown(text)
    if number.basis is None and number.unit.lower() in SECONDS:
        return DurationTarget(text, operator, number.value, cast(TimeUnit, number.unit.lower()))
    return BoundTarget(text, operator, number.value, number.unit, number.basis)


def _read_ratio(text: str, body: str, convention: Convention | None) -> Target | None:
    match = _RATIO.match(body)
    if not match:
        return None
    left, right = (_basis_or_number(part, convention) for part in match.groups())
    if right == 0:
        raise TargetFormatError(f'Pembanding nol pada rasio "{text.strip()}". Tulis misalnya 1 : 1000.')
    return RatioTarget(text, left, right)


def _read_range(text: str, body: str, convention: Convention | None) -> Target | None:
    match = _RANGE.match(body)
    if not match:
        return None
    low, high = parse_number(match[2], convention), parse_number(match[3], convention)
    if low > high:
        raise TargetFormatError(f'Rentang "{text.strip()}" terbalik: batas bawah melebihi batas atas. Tukar keduanya.')
    return RangeTarget(text, low, high, match[4].strip(), (match[1] or "").strip())


def _read_components(text: str, body: str, convention: Convention | None) -> Target | None:
    core = re.sub(r"\s+[A-Za-z/ ()]+$", "", body)
    if not re.fullmatch(r"[0-9](?:[0-9.,; ]|\bdan\b)*[0-9]", core):
        return None
    parts = _component_parts(core, text)
    if parts is None:
        return None
    return ComponentsTarget(text, tuple(parse_number(part, convention) for part in parts), body[len(core) :].strip())


def _component_parts(core: str, text: str) -> list[str] | None:
    """Split a list of numbers; None when the text is a single number.

    Balangan writes 685, 11, 273 and 31 persons as `685,11, 273,31`: between components a comma separates, it is never
    a decimal sign. Components with decimals are written with semicolons.
    """
    if ";" in core:
        return re.split(r"\s*;\s*", core)
    if " dan " in core:
        return re.split(r"\s+dan\s+|,\s+", core)
    if " " in core:
        return _parts_with_blanks(core, text)
    parts = core.split(",")
    middle_breaks_grouping = any(len(part) != 3 for part in parts[1:-1])
    if len(parts) > 2 and middle_breaks_grouping and all(_WHOLE.fullmatch(part) for part in parts):
        return parts
    return None


def _parts_with_blanks(core: str, text: str) -> list[str]:
    parts = re.split(r"[, ]+", core)
    if "," in core and len(parts) == 2:
        raise TargetFormatError(
            f'Target "{text.strip()}" dapat berarti dua komponen atau satu angka desimal. '
            'Tulis "11 dan 2" untuk dua komponen, atau "11,2" untuk desimal.'
        )
    if "," not in core and all(_GROUP_OF_THREE.fullmatch(part) for part in parts[1:]):
        raise TargetFormatError(
            f'Target "{text.strip()}" dapat berarti beberapa komponen atau satu angka berpemisah ribuan spasi. '
            "Pisahkan komponen dengan titik koma, atau tulis angkanya tanpa spasi."
        )
    return parts


def _read_counts(text: str, body: str, convention: Convention | None) -> Target | None:
    pieces = re.split(r"\s*[,;]\s*|\s+dan\s+", body)
    matches = [_COUNT.match(piece) for piece in pieces]
    if len(pieces) < 2 or not all(matches):
        return None
    counts = tuple(LabelledCount(parse_number(m[1], convention), m[2].strip()) for m in matches if m)
    return CountsTarget(text, counts)


def _read_number(text: str, body: str, convention: Convention | None) -> NumberTarget | None:
    match = _NUMBER.match(body)
    if not match:
        return None
    rest = match[2]
    # A letter glued to the digits is OCR damage more often than a unit ("20vo" for 20%).
    if rest and rest[0] not in " %‰/(":
        raise TargetFormatError(
            f'Target "{text.strip()}" memuat huruf atau tanda yang menempel pada angka. Periksa angkanya, '
            "lalu beri spasi sebelum satuan, misalnya 4 dokumen."
        )
    unit, basis = _split_basis(rest.strip(), text)
    return NumberTarget(text, parse_number(match[1], convention), unit, basis)


def _split_basis(rest: str, text: str) -> tuple[str, int | None]:
    """Take a rate base (`per 100.000`, `/1000`) out of the unit."""
    if re.match(r"^[-0-9]", rest):
        raise _unknown(text)
    match = _BASIS.match(rest)
    if not match:
        return rest, None
    basis = _whole_power_of_ten(match[2])
    if basis is None:
        raise TargetFormatError(
            f'Pembagi "{match[2]}" pada target "{text.strip()}" tidak dikenal. '
            "Angka per penduduk memakai 100, 1.000, 10.000, 100.000, atau 1.000.000."
        )
    unit = " ".join(part for part in (match[1].strip(), match[4].strip()) if part)
    return unit, basis * 1000 if match[3] else basis


def _whole_power_of_ten(digits: str) -> int | None:
    """A rate base is a whole power of ten, so `100.000` has one reading whatever the convention."""
    if not re.fullmatch(r"10{2,6}|10{0,2}(?:[.,]0{3})+", digits):
        return None
    return int(re.sub("[.,]", "", digits))


def _basis_or_number(digits: str, convention: Convention | None) -> Decimal:
    basis = _whole_power_of_ten(digits)
    return Decimal(basis) if basis is not None else parse_number(digits, convention)


def _unknown(text: str) -> TargetFormatError:
    return TargetFormatError(
        f'Target "{text.strip()}" tidak dikenal. Bentuk yang diterima: angka dengan satuan (4 dokumen; 11,61%; '
        "125 per 100.000 KH), batas (≤ 2; > 80 %; Maks 5), rentang (76,61-88,30), rasio (1 : 1000), ya/tidak, "
        "ada/tidak ada, tenggat (Maks tgl 5), lama waktu (< 24 jam), tingkat (Paripurna, BB, WTP), beberapa komponen "
        "(685; 11; 273; 31 atau 6 Puskesmas Paripurna, 1 RSUD Paripurna), perubahan (Naik 10%), atau - bila belum ada."
    )
