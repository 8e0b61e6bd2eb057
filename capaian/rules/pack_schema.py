"""Validation of pack data: every parameter has a known kind, a value of that kind, a citation and a dasar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from capaian.rules.scales import Band, Scale, ScaleError
from capaian.rules.trace import Citation

_COMMON = {"jenis", "rujukan", "dasar", "catatan"}
_KEYS = {
    "angka": {"nilai"},
    "teks": {"nilai"},
    "daftar": {"butir"},
    "skala": {"tingkat", "kebijakan", "desimal"},
}
_REQUIRED = {"angka": {"nilai"}, "teks": {"nilai"}, "daftar": {"butir"}, "skala": {"tingkat"}}
_BAND_KEYS = {"kode", "label", "dari", "sampai", "dari_terbuka", "sampai_terbuka"}


class PackError(ValueError):
    """A pack is missing, malformed, or lacks a parameter; the message names pack, parameter and remedy."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its kind, its value, and where it stands."""

    jenis: str
    value: Decimal | str | Scale | tuple[Mapping[str, str], ...]
    citation: Citation


def check_keys(data: Any, allowed: set[str], required: set[str], source: str) -> None:
    """Refuse data that is no mapping, has unknown keys or lacks required ones. Errors: PackError."""
    if not isinstance(data, Mapping):
        raise PackError(f"{source}: harus berisi pasangan kunci dan nilai.")
    unknown = sorted(str(key) for key in data if key not in allowed)
    if unknown:
        raise PackError(
            f"{source}: kunci tidak dikenal: {', '.join(unknown)}. Yang dikenal: {', '.join(sorted(allowed))}."
        )
    missing = sorted(key for key in required if key not in data)
    if missing:
        raise PackError(f"{source}: kunci wajib belum diisi: {', '.join(missing)}.")


def read_text(data: Mapping[str, Any], key: str, source: str) -> str:
    """A non-empty text value. Errors: PackError."""
    value = data[key]
    if not isinstance(value, str) or not value.strip():
        raise PackError(f"{source}: {key} harus teks yang tidak kosong; beri tanda kutip.")
    return value


def read_date(value: Any, source: str) -> date:
    """A date, either a YAML date or ISO text. Errors: PackError."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise PackError(f"{source}: tanggal harus berbentuk 2024-12-31, bukan {value!r}.") from None


def read_parameter(name: str, data: Any, instrumen: str, source: str) -> Parameter:
    """One validated parameter. Errors: PackError naming what is missing, above all the citation."""
    check_keys(data, _COMMON | set().union(*_KEYS.values()), {"jenis"}, source)
    jenis = data["jenis"]
    if jenis not in _KEYS:
        raise PackError(f"{source}: jenis {jenis!r} tidak dikenal; pilih {', '.join(_KEYS)}.")
    check_keys(data, _COMMON | _KEYS[jenis], {"jenis", "rujukan", "dasar"} | _REQUIRED[jenis], source)
    citation = _read_citation(data, instrumen, source)
    if jenis == "angka":
        return Parameter(jenis, read_decimal(data["nilai"], source), citation)
    if jenis == "teks":
        return Parameter(jenis, read_text(data, "nilai", source), citation)
    if jenis == "daftar":
        return Parameter(jenis, _read_rows(data["butir"], source), citation)
    return Parameter(jenis, read_scale(name, data, source), citation)


def read_decimal(value: Any, source: str) -> Decimal:
    """A number written as quoted text, so that no binary fraction slips in. Errors: PackError."""
    if not isinstance(value, str):
        raise PackError(f"{source}: angka {value!r} harus ditulis sebagai teks dalam tanda kutip.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise PackError(f'{source}: {value!r} bukan angka; tulis seperti "88.30".') from None
    if not number.is_finite():
        raise PackError(f"{source}: {value!r} bukan angka terhingga.")
    return number


def _read_citation(data: Mapping[str, Any], instrumen: str, source: str) -> Citation:
    place, dasar, note = read_text(data, "rujukan", source), data["dasar"], str(data.get("catatan", ""))
    if dasar not in ("tertulis", "ditafsirkan"):
        raise PackError(f"{source}: dasar harus tertulis atau ditafsirkan, bukan {dasar!r}.")
    if dasar == "ditafsirkan" and not note.strip():
        raise PackError(f"{source}: dasar ditafsirkan memerlukan catatan yang menjelaskan penafsirannya.")
    return Citation(instrumen, place, dasar, note)


def _read_rows(rows: Any, source: str) -> tuple[Mapping[str, str], ...]:
    if not isinstance(rows, list) or not rows:
        raise PackError(f"{source}: butir harus daftar yang tidak kosong.")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not all(isinstance(value, str) for value in row.values()):
            raise PackError(f"{source}: butir {number} harus pasangan kunci dan teks; angka diberi tanda kutip.")
    return tuple(dict(row) for row in rows)


def read_scale(name: str, data: Mapping[str, Any], source: str) -> Scale:
    """A validated scale from its `tingkat`, `kebijakan` and `desimal`. Errors: PackError."""
    bands = tuple(_read_band(row, f"{source}: tingkat {number}") for number, row in enumerate(data["tingkat"], start=1))
    decimals = data.get("desimal", 2)
    if not isinstance(decimals, int) or not 0 <= decimals <= 6:
        raise PackError(f"{source}: desimal harus bilangan bulat 0 sampai 6.")
    try:
        return Scale(name, bands, data.get("kebijakan"), decimals)
    except ScaleError as error:
        raise PackError(f"{source}: {error}") from error


def _read_band(row: Any, source: str) -> Band:
    check_keys(row, _BAND_KEYS, {"kode", "label", "dari", "sampai"}, source)
    lower, upper = (
        None if row[key] is None else read_decimal(row[key], f"{source}: {key}") for key in ("dari", "sampai")
    )
    return Band(
        read_text(row, "kode", source),
        read_text(row, "label", source),
        lower,
        upper,
        bool(row.get("dari_terbuka", False)),
        bool(row.get("sampai_terbuka", False)),
    )
