"""The stamp of a template: what it was made for and what was stored then, signed so that a changed one shows.

It travels in a worksheet that Excel does not offer to show. Reading a filled template trusts nothing else about which
rows it had: the visible cells are compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.crypto import constant_time_compare, salted_hmac
from openpyxl.workbook import Workbook

STAMP_SHEET: Final = "_capaian"
FORMAT: Final = 1
_SALT: Final = "capaian.exchange.stamp"
# Excel holds 32,767 characters in a cell.
_PIECE: Final = 30_000


class StampRefused(ValueError):
    """A workbook whose stamp is missing, damaged or of another version; `rule` names which, the message says it."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        super().__init__(message)


@dataclass(frozen=True)
class StampRow:
    """One row as it went out: its key and row number, what stood in its locked cells, and the value stored then."""

    kunci: str
    nomor: int
    nama: str
    satuan: str
    target: str
    teks: str


@dataclass(frozen=True)
class StampSheet:
    """One worksheet as it went out; `unit` is the key of its unit, empty for the office itself."""

    sheet: str
    unit: str
    rows: tuple[StampRow, ...]

    @property
    def by_kunci(self) -> Mapping[str, StampRow]:
        return {row.kunci: row for row in self.rows}


@dataclass(frozen=True)
class Stamp:
    """What a template was made for: the office year, the form, the period, when, and its worksheets."""

    instansi: str
    tahun: int
    form: str
    periode: int
    made_at: str
    sheets: tuple[StampSheet, ...]


def write_stamp(stamp: Stamp) -> list[list[str]]:
    """The cells of the stamp's worksheet: format, signature, then the content in pieces."""
    content = json.dumps(asdict(stamp), ensure_ascii=True, separators=(",", ":"))
    pieces = [content[start : start + _PIECE] for start in range(0, len(content), _PIECE)]
    return [["capaian", str(FORMAT)], ["sidik", _sign(content)], *([piece] for piece in pieces)]


def read_stamp(book: Workbook) -> Stamp:
    """The stamp of an uploaded workbook. Raises `StampRefused` in words."""
    if STAMP_SHEET not in book.sheetnames:
        raise StampRefused(
            "stempel",
            "Berkas ini bukan templat Capaian, atau stempelnya terhapus (misalnya karena isinya disalin ke berkas "
            "baru). Unduh templat, salin isian ke kolom Isian, lalu unggah templat itu.",
        )
    rows = [[cell.value for cell in row] for row in book[STAMP_SHEET].iter_rows(max_col=2)]
    if len(rows) < 3 or rows[0][0] != "capaian" or rows[1][0] != "sidik":
        raise _damaged()
    if str(rows[0][1]) != str(FORMAT):
        raise StampRefused(
            "versi-templat",
            f"Templat ini dibuat dengan format versi {rows[0][1]}; yang dibaca ialah versi {FORMAT}. "
            "Unduh templat baru dan salin isiannya.",
        )
    content = "".join(str(row[0] or "") for row in rows[2:])
    if not constant_time_compare(_sign(content), str(rows[1][1])):
        raise _damaged()
    return _stamp(json.loads(content))


def _damaged() -> StampRefused:
    return StampRefused(
        "stempel",
        "Stempel templat ini rusak atau diubah, sehingga tidak dapat dipastikan nilai mana yang Anda lihat ketika "
        "mengisi. Unduh templat baru dan salin isiannya.",
    )


def _sign(content: str) -> str:
    return salted_hmac(_SALT, content, algorithm="sha256").hexdigest()


def _stamp(data: dict[str, Any]) -> Stamp:
    """Only a signed content comes here: its shape is the one that was written."""
    sheets = tuple(
        StampSheet(one["sheet"], one["unit"], tuple(StampRow(**row) for row in one["rows"])) for one in data["sheets"]
    )
    return Stamp(data["instansi"], data["tahun"], data["form"], data["periode"], data["made_at"], sheets)
