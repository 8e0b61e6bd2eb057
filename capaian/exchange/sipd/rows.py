"""One row of an outside file, read: what kind of line it is, whose code and account, and how much money."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from capaian.exchange.mapping import header_key
from capaian.exchange.sipd.header import Header
from capaian.exchange.sipd.table import Row
from capaian.rules.nomenklatur import KodeError, parse_kode
from capaian.rules.numbers import NumberFormatError, parse_rupiah

_ACCOUNT = re.compile(r"[4-6](?:\.[0-9]{1,4})*")
_NODE_AND_ACCOUNT = re.compile(r"(.+?)\.([4-6]\.[1-4](?:\.[0-9]{2,4})*)")
# Codes above the program (urusan, bidang urusan) and of an organisation head a group and carry no own money.
_HEAD = re.compile(
    r"[0-9X](?:\.[0-9X]{1,2})?|[0-9]\.[0-9]{2}\.[0-9]\.[0-9]{2}\.[0-9]\.[0-9]{2}\.[0-9]{1,2}(?:\.[0-9]{1,4})*"
)
_TOTAL = re.compile(r"^(?:grand\s*total|sub\s*total|jumlah|total)\b", re.IGNORECASE)
_WHOLE_TOTAL: Final = re.compile(
    r"(?:grand)?(?:jumlah|total)(?:total|jumlah|keseluruhan|seluruhnya|belanja|anggaran|pagu|realisasi)*"
)
_BELANJA: Final[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "belanja.yaml").read_text("utf-8"))["awalan"]
_BELANJA_WORDS: Final = {"pegawai": "pegawai", "barang": "barang_jasa", "modal": "modal"}
Kind = Literal["node", "akun", "jumlah", "jumlah_akhir", "kepala", "lain"]
MAX_RUPIAH: Final = 10**15


@dataclass(frozen=True, slots=True)
class Line:
    """A row that says something: its kind, code ("" when it is inherited), account, name and amount cell as it stood.

    `kepala` heads a group above the programs, `lain` has no code. `kode_problem` says in words what is wrong with the
    code.
    """

    kind: Kind
    kode: str = ""
    rekening: str = ""
    nama: str = ""
    amount_cell: Any = ""
    kode_problem: str = ""


def read_line(header: Header, row: Row, amount: str) -> Line | None:
    """A row as a line; None for an empty row and for the row that numbers the columns."""
    codes = header.cells(row, "kode")
    accounts = header.cells(row, "rekening")
    names = [one for one in header.cells(row, "nama") if isinstance(one, str)]
    nama = " ".join(names[-1].split()) if names else ""
    money = header.cells(row, amount)
    cell = money[0] if money else ""
    if not codes and not accounts and not nama and cell == "":
        return None
    words = "" if accounts or _has_digit(codes) else _first_text(row)
    if _TOTAL.match(words):
        return Line(
            "jumlah_akhir" if _WHOLE_TOTAL.fullmatch(header_key(words)) else "jumlah", nama=words, amount_cell=cell
        )
    if _is_numbering(codes, nama, cell):
        return None
    kode, rekening, problem = read_codes(tuple(map(_code_text, codes)), tuple(map(_code_text, accounts)))
    if problem or kode or rekening:
        return Line("akun" if rekening else "node", kode, rekening, nama, cell, problem)
    return Line("kepala" if codes else "lain", nama=nama, amount_cell=cell)


def _has_digit(codes: Sequence[Any]) -> bool:
    return any(sign.isdigit() for code in codes for sign in str(code))


def _first_text(row: Row) -> str:
    return next((" ".join(cell.split()) for cell in row if isinstance(cell, str) and cell.strip()), "")


def _is_numbering(codes: Sequence[Any], nama: str, cell: Any) -> bool:
    """`1 | 2 | 3 = 1 + 2`: the row under a header that numbers its columns."""
    plain = [str(one).removesuffix(".0") for one in (*codes, nama, cell)]
    return all(re.fullmatch(r"\(?[0-9]{0,2}\)?(?:\s*=.*)?", one) for one in plain) and any(plain)


@lru_cache(maxsize=65536)
def _code_text(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:g}"
    return re.sub(r"\s+", "", str(cell)).strip(".")


@lru_cache(maxsize=65536)
def read_codes(codes: tuple[str, ...], accounts: tuple[str, ...]) -> tuple[str, str, str]:
    """The code of a node, the account and a problem in words, from the cells of their columns."""
    codes, accounts = tuple(filter(None, codes)), tuple(filter(None, accounts))
    if not accounts and len(codes) > 1 and _ACCOUNT.fullmatch(codes[-1]) and codes[0].count(".") >= 2:
        codes, accounts = codes[:-1], codes[-1:]
    rekening, joined = ".".join(accounts), _joined(codes)
    if not joined:
        return "", rekening, ""
    if not rekening and _ACCOUNT.fullmatch(joined) and not joined.startswith("1"):
        return "", joined, ""
    both = _NODE_AND_ACCOUNT.fullmatch(joined)
    if both and not rekening:
        joined, rekening = both[1], both[2]
    try:
        return parse_kode(joined).kode, rekening, ""
    except KodeError as error:
        if _HEAD.fullmatch(joined):
            return "", rekening, ""
        return "", rekening, str(error)


def _joined(parts: Sequence[str]) -> str:
    """A code that stands whole in the last of its columns, or is spread over them."""
    if not parts:
        return ""
    if len(parts) > 1 and len(parts[-1].split(".")) < len(parts):
        # Everything but the urusan and the kind of kegiatan has two digits at least.
        return ".".join(part if place in (0, 3) else part.zfill(2) for place, part in enumerate(parts))
    return parts[-1]


def read_money(cell: Any) -> int | None:
    """An amount as whole rupiah; None for an empty cell. Raises `NumberFormatError` with what to do."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise NumberFormatError("Sel ini bukan jumlah uang, melainkan tanggal atau nilai benar/salah.")
    if isinstance(cell, str):
        if not cell.strip():
            return None
        jumlah = parse_rupiah(cell)
    else:
        exact = Decimal(str(cell))
        if exact != exact.to_integral_value():
            raise NumberFormatError(f"Jumlah {cell} memuat sen; anggaran dan realisasi dicatat dalam rupiah bulat.")
        jumlah = int(exact)
    if abs(jumlah) > MAX_RUPIAH:
        raise NumberFormatError("Jumlah ini melebihi seribu triliun rupiah; periksa banyaknya angka nol.")
    return jumlah


def belanja_of(rekening: str, words: str = "") -> str:
    """The kind of belanja of an account, or of what its column says; "" where neither tells."""
    for kind, prefix in _BELANJA.items():
        if rekening == prefix or rekening.startswith(f"{prefix}."):
            return kind
    if rekening:
        return ""
    return next((kind for word, kind in _BELANJA_WORDS.items() if word in words.lower()), "")
