"""The rows of a file summed to codes: what each states, what stands under it, and where the file contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from capaian.exchange.kinds import Finding
from capaian.exchange.sipd.header import Header
from capaian.exchange.sipd.rows import Line, belanja_of, read_line, read_money
from capaian.exchange.sipd.table import Row
from capaian.rules.numbers import NumberFormatError, format_rupiah

# The account that stands for a kind of belanja where a file names the kind and no account.
_STANDS_FOR: Final = {"pegawai": "5.1.01", "barang_jasa": "5.1.02", "modal": "5.2"}
_SHOWN: Final = 80


@dataclass
class CodeSum:
    """What a file says of one code: its cell, name, stated amount, and the amounts of its accounts (whole rupiah)."""

    sheet: str
    cell: str
    nama: str = ""
    stated: int | None = None
    accounts: dict[str, int] = field(default_factory=dict)

    def leaves(self) -> dict[str, int]:
        """The accounts under which the file lists no other: those above are sums of them."""
        codes = sorted(self.accounts)
        above = {one for one, following in pairwise(codes) if following.startswith(f"{one}.")}
        return {code: self.accounts[code] for code in codes if code not in above}


@dataclass
class SheetSums:
    """One worksheet summed. `totals` are its rows of totals: cell, words, amount, the code that they follow."""

    name: str
    codes: dict[str, CodeSum] = field(default_factory=dict)
    totals: list[tuple[str, Line, int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    uncoded: int = 0
    current: str = ""
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
    problems: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """How the rows of one worksheet are read: its header and the column of the amount (`letters` for findings)."""

    header: Header
    amount: str
    first_column: int

    def cell(self, name: str, number: int) -> str:
        place = self.header.places.get(name, (0,))[0]
        return f"{column_letters(place + self.first_column)}{number}"


def column_letters(place: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def add_row(sums: SheetSums, reader: Reader, number: int, row: Row) -> None:
    """Add one row; what is wrong with it becomes a finding."""
    line = read_line(reader.header, row, reader.amount)
    if line is None:
        return
    if line.kode_problem:
        cell, count = sums.problems.get(line.kode_problem, (reader.cell("kode", number), 0))
        sums.problems[line.kode_problem] = (cell, count + 1)
        return
    amount = _amount(sums, reader, number, line)
    if line.kind in ("jumlah", "jumlah_akhir"):
        if amount is not None:
            sums.totals.append((reader.cell(reader.amount, number), line, amount, sums.current))
    elif line.kind == "node":
        _add_node(sums, reader, number, row, line, amount)
    elif line.kind == "akun":
        _add_account(sums, reader, number, row, line, amount)
    elif line.kind == "lain" and amount:
        sums.uncoded += 1


def _amount(sums: SheetSums, reader: Reader, number: int, line: Line) -> int | None:
    """The amount of a row; what cannot be read or is negative is a finding and counts as nothing."""
    if line.kind in ("kepala", "lain") and not isinstance(line.amount_cell, int | float):
        return None
    try:
        amount = read_money(line.amount_cell)
        if amount is not None and amount < 0 and line.kind in ("node", "akun"):
            raise NumberFormatError(
                "Jumlah negatif. Tulis jumlah sesudah pengembalian atau pergeseran, bukan selisihnya."
            )
    except NumberFormatError as error:
        cell = reader.cell(reader.amount, number)
        value = str(line.amount_cell)[:_SHOWN]
        sums.findings.append(Finding(sums.name, cell, "jumlah uang", str(error), value=value))
        return None
    return amount


def _add_node(sums: SheetSums, reader: Reader, number: int, row: Row, line: Line, amount: int | None) -> None:
    sums.current = line.kode
    one = sums.codes.get(line.kode)
    if one is None:
        one = sums.codes[line.kode] = CodeSum(sums.name, reader.cell("kode", number), line.nama)
    kind = belanja_of("", _word(reader.header, row, "belanja"))
    place = (line.kode, kind, *(_word(reader.header, row, name) for name in ("unit", "skpd", "sumber_dana")))
    if amount is None or _repeated(sums, reader, number, place, line):
        return
    if kind:
        account = _STANDS_FOR[kind]
        one.accounts[account] = one.accounts.get(account, 0) + amount
    else:
        one.stated = (one.stated or 0) + amount


def _add_account(sums: SheetSums, reader: Reader, number: int, row: Row, line: Line, amount: int | None) -> None:
    kode = line.kode or sums.current
    if not kode:
        cell = reader.cell("rekening" if "rekening" in reader.header.places else "kode", number)
        message = (
            f"Rekening {line.rekening} tidak berada di bawah kode sub kegiatan mana pun. Lengkapi kolom kodenya, atau "
            "letakkan sesudah baris sub kegiatannya."
        )
        sums.findings.append(Finding(sums.name, cell, "kode", message, value=line.rekening))
        return
    sums.current = kode
    one = sums.codes.get(kode)
    if one is None:
        nama = line.nama if "nama_rekening" in reader.header.places else ""
        one = sums.codes[kode] = CodeSum(sums.name, reader.cell("kode", number), nama)
    if amount is None:
        if line.amount_cell in ("", None):
            message = f"Rekening {line.rekening} tidak berjumlah. Isi jumlahnya; tulis 0 bila memang nol."
            sums.findings.append(Finding(sums.name, reader.cell(reader.amount, number), "jumlah uang", message))
        return
    words = (_word(reader.header, row, name) for name in ("unit", "skpd", "sumber_dana", "nama_rekening"))
    if not _repeated(sums, reader, number, (kode, line.rekening, line.nama, *words), line):
        one.accounts[line.rekening] = one.accounts.get(line.rekening, 0) + amount


def _repeated(sums: SheetSums, reader: Reader, number: int, place: tuple[Any, ...], line: Line) -> bool:
    first = sums.seen.setdefault(place, number)
    if first == number:
        return False
    what = f"Rekening {line.rekening}" if line.rekening else f"Kode {line.kode}"
    message = f"{what} sudah ada di baris {first} dengan unit dan sumber dana yang sama. Hapus salah satu barisnya."
    sums.findings.append(Finding(sums.name, reader.cell("kode", number), "baris ganda", message, value=line.kode))
    return True


def _word(header: Header, row: Row, name: str) -> str:
    found = header.cells(row, name)
    return str(found[0]).strip() if found else ""


def close_sheet(sums: SheetSums) -> Iterator[Finding]:
    """What shows when a worksheet has been read whole: its own findings, codes nobody can read, sums that differ."""
    yield from sums.findings
    for problem, (cell, count) in sums.problems.items():
        more = f" Ada {count} baris demikian." if count > 1 else ""
        yield Finding(sums.name, cell, "kode", f"{problem}{more}")
    if sums.uncoded:
        message = f"{sums.uncoded} baris berjumlah tetapi tanpa kode; baris itu tidak dihitung."
        yield Finding(sums.name, "", "kode", message, "peringatan")
    own = own_sums(sums.codes)
    yield from _differing_codes(sums, own)
    yield from _differing_totals(sums, own)


def own_sums(codes: Mapping[str, CodeSum]) -> dict[str, int | None]:
    """The amount of each code: of its accounts, else of the codes under it, else as stated; None where nothing is."""
    children = children_of(codes)
    found: dict[str, int | None] = {}
    for kode in sorted(codes, key=len, reverse=True):
        one = codes[kode]
        if one.accounts:
            found[kode] = sum(one.leaves().values())
        elif kode in children:
            known = [amount for child in children[kode] if (amount := found[child]) is not None]
            found[kode] = sum(known) if known else one.stated
        else:
            found[kode] = one.stated
    return found


def children_of(codes: Mapping[str, CodeSum]) -> dict[str, list[str]]:
    """The codes directly under each code of the file; "" holds those that stand under none."""
    found: dict[str, list[str]] = {}
    for kode in codes:
        parent = kode
        while parent:
            parent = parent.rpartition(".")[0]
            if parent in codes:
                break
        found.setdefault(parent, []).append(kode)
    return found


def _differing_codes(sums: SheetSums, own: Mapping[str, int | None]) -> Iterator[Finding]:
    for kode, one in sums.codes.items():
        amount = own[kode]
        if one.stated is not None and amount is not None and one.stated != amount:
            yield _differs(sums.name, one.cell, f"Kode {kode}", one.stated, amount)
        leaves = one.leaves()
        for code, above in one.accounts.items():
            if code not in leaves:
                inside = sum(jumlah for leaf, jumlah in leaves.items() if leaf.startswith(f"{code}."))
                if inside != above:
                    yield _differs(sums.name, one.cell, f"Kode {kode}, rekening {code}", above, inside)


def _differing_totals(sums: SheetSums, own: Mapping[str, int | None]) -> Iterator[Finding]:
    roots = children_of(sums.codes).get("", [])
    whole = sum(own[kode] or 0 for kode in roots)
    for cell, line, amount, current in sums.totals:
        # A total may close the file, or the group that the rows before it belong to.
        fits = {whole}
        while current:
            fits.add(own.get(current) or sum(own[kode] or 0 for kode in roots if kode.startswith(f"{current}.")))
            current = current.rpartition(".")[0]
        if amount not in fits:
            severity = "salah" if line.kind == "jumlah_akhir" else "peringatan"
            yield _differs(sums.name, cell, f'Baris "{line.nama[:60]}"', amount, whole, severity)


def _differs(sheet: str, cell: str, what: str, stated: int, summed: int, severity: str = "salah") -> Finding:
    message = (
        f"{what} menyatakan {format_rupiah(stated)}, sedangkan rinciannya berjumlah {format_rupiah(summed)} "
        f"(selisih {format_rupiah(stated - summed)}). Periksa baris yang kurang, ganda, atau salah ketik."
    )
    return Finding(sheet, cell, "jumlah berbeda", message, severity, value=str(stated))
