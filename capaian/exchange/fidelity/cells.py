"""One printed cell: where it stands, what it says, and which number that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from capaian.exchange.samples.tables import EMPTY, Row, Sample, SampleTable
from capaian.rules.numbers import Convention, NumberFormatError, parse_number, parse_rupiah_exact
from capaian.rules.spm.standar import standar_of
from capaian.rules.target import BoundTarget, ComponentsTarget, NumberTarget, parse_target

Tipe = Literal["angka", "uang", "cacah", "bebas", "target"]
CellKey = tuple[str, int, str]

_THREE_DECIMALS = re.compile(r"[-−]?[0-9]{1,3}[.,][0-9]{3}\s*%?")
_MONEY_COLUMNS = re.compile(r"anggaran|pagu|persen|sisa|total|pegawai|barang_jasa|modal|selisih|_kegiatan|_sub")
_NAMES: tuple[str, ...] = (
    "indikator",
    "nama",
    "unit",
    "jabatan",
    "wilayah",
    "kelurahan",
    "kecamatan",
    "kategori",
    "uraian",
)
_NAMES += ("subkomponen", "komponen", "program", "sasaran")
_KEYS = ("kunci", "kunci_node", "kunci_sasaran")


@dataclass(frozen=True)
class Printed:
    """A printed number: its value, and with how many decimals it is printed."""

    value: Decimal
    decimals: int


@dataclass(frozen=True)
class Cell:
    """A cell of a sample table."""

    sample: Sample
    table: SampleTable
    row: Row
    column: str

    @property
    def text(self) -> str:
        return self.row[self.column]

    @property
    def key(self) -> CellKey:
        """File, line and column: unique within a sample."""
        return self.table.file, self.row.line, self.column

    @property
    def kunci(self) -> str:
        """The key of the indicator or node that the cell is about, or nothing."""
        names = ("kunci_node", "kunci") if _MONEY_COLUMNS.search(self.column) else ("kunci", "kunci_node")
        return next((self.row[name] for name in names if self.row[name]), "")

    @property
    def label(self) -> str:
        """What the row is called: key and name, for people."""
        if self.table.kind == "kalimat":
            return f"{self.row['tempat']}: {self.row['uraian']}"
        if self.table.kind.startswith("spm_"):
            return f"{self._layanan} {self.row['butir_tercetak']}".strip()
        names = ("nama", "program", *_NAMES) if _MONEY_COLUMNS.search(self.column) else _NAMES
        name = next((self.row[name] for name in names if self.row[name]), "")
        if self.row["seri"]:
            name = f"{name} ({self.row['seri']})"
        return f"{self.kunci} {name or self.row['jenis']}".strip()

    @property
    def _layanan(self) -> str:
        """The service that a row of SPM is about; else what is printed before its figure, or its number."""
        kode = self.row["layanan"]
        if kode:
            return standar_of(self.sample.tahun).find(kode).nama_pendek
        return self.row["layanan_tercetak"] or f"baris {self.row['baris']}"

    @property
    def place(self) -> str:
        """The cell as a reference: `tabel_3_9:1.02.01:pagu`."""
        parts = [self.row[name] for name in (*_KEYS, "wilayah", "layanan", "nama", "kategori") if self.row[name]]
        key = (
            parts[0] if parts else self.row["jenis"] if self.row["jenis"] == "jumlah" else f"baris {self.row['baris']}"
        )
        return f"{short_name(self.table)}:{key}:{self.column.removesuffix('_tercetak')}"

    def read(self, tipe: Tipe) -> Printed | None:
        """The number that is printed, or None when the cell is empty or cannot be read as one."""
        return read_printed(self.text, tipe, self.row.convention)


def amount(row: Row, column: str) -> Decimal | None:
    """An amount of money or a count in a cell: a dash is zero, an empty or unreadable cell is None."""
    printed = read_printed(row[column], "uang", row.convention)
    return printed.value if printed else None


def short_name(table: SampleTable) -> str:
    """`tabel_3_9` for `tabel_3_9_kinerja_anggaran`; the whole name where it has no number."""
    match = re.match(r"(?:tabel|grafik|gambar)_[0-9]+_[0-9]+", table.name)
    return match[0] if match else table.name


def read_printed(text: str, tipe: Tipe, convention: Convention) -> Printed | None:
    """Read a printed figure as its column asks; a dash is zero, an empty cell or words are None.

    In a column of decimal numbers three digits after a single separator are decimals (`1,417` percent); in a column of
    money or counts they are thousands.
    """
    if text == "":
        return None
    if text in EMPTY:
        return Printed(Decimal(0), 0)
    try:
        return _read(text, tipe, convention)
    except NumberFormatError:
        return None


def _read(text: str, tipe: Tipe, convention: Convention) -> Printed | None:
    if tipe == "target":
        return _read_target(text, convention)
    if tipe in ("uang", "cacah"):
        return Printed(parse_rupiah_exact(text, convention), 0)
    if tipe == "angka" and _THREE_DECIMALS.fullmatch(text):
        return _with_decimals(Decimal(re.sub(r"\s*%$", "", text).replace("−", "-").replace(",", ".")))
    try:
        return _with_decimals(parse_number(text, convention))
    except NumberFormatError:
        if tipe == "angka":
            raise
        return Printed(parse_rupiah_exact(text, convention), 0)


def _read_target(text: str, convention: Convention) -> Printed | None:
    target = parse_target(text, convention)
    if isinstance(target, NumberTarget | BoundTarget):
        return _with_decimals(target.value)
    if isinstance(target, ComponentsTarget):
        return Printed(sum(target.values, Decimal(0)), 0)
    return None


def _with_decimals(value: Decimal) -> Printed:
    exponent = value.as_tuple().exponent
    return Printed(value, max(0, -exponent) if isinstance(exponent, int) else 0)
