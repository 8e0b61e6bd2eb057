"""The values of a PKP sheet: which ones an instrument asks of a unit, how each is read, and what is stored of it.

An item is one row, or two where numerator and denominator are asked: `kode#sasaran` and `kode#realisasi`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from capaian.assessments.queries import Active
from capaian.rules.instrumen.model import Butir, Kelompok, Pilihan
from capaian.rules.instrumen.skor import Isian, score_item
from capaian.rules.numbers import (
    HUNDRED,
    AmbiguousNumber,
    NumberFormatError,
    divide,
    format_number,
    round_half_up,
    with_kernel_digits,
)
from capaian.rules.target import EmptyTarget, NumberTarget, parse_realisasi, parse_target
from capaian.spm.sheets.cells import Cell, CellRefused, plain, read_jumlah, subject_of
from capaian.workflow.forms import SheetKey

Bagian = Literal["", "sasaran", "realisasi"]
EMPTY: Final = Isian()
# What `Jawaban.nilai` holds, and what a cell of a template takes.
MAX_NILAI: Final = 120
_MAX_LABEL: Final = 110
_OUT: Final = re.compile(r"^tidak\s+berlaku\b\s*[:;,.–-]*\s*(.*)$", re.IGNORECASE | re.DOTALL)
# A list of choices has no place to type a reason; this one stands in it. Another reason comes by file.
OUT_OF_CHOICES: Final = "tidak berlaku: kegiatan ini tidak ada di unit ini"


@dataclass(frozen=True)
class UnitAnswers:
    """What a unit has answered so far, and what it is; `before` are its answers of the year before."""

    judged: Active
    answers: Mapping[str, Isian]
    sifat: frozenset[str]
    before: Mapping[str, Isian]


@dataclass(frozen=True)
class PkpCell:
    """One value of an item: its `bagian` is empty where the item takes a single one."""

    key: SheetKey
    item: Butir
    bagian: Bagian
    isian: Isian
    closed: str

    @property
    def kunci(self) -> str:
        return f"{self.item.kode}#{self.bagian}" if self.bagian else self.item.kode

    @property
    def teks(self) -> str:
        """What is stored, as it is typed."""
        return text_of(self.item, self.bagian, self.isian)

    @property
    def place(self) -> str:
        """The value within a message."""
        name = f"{self.item.nomor} {self.item.nama}".strip()
        return f"{name}, {self.bagian}" if self.bagian else name

    @property
    def is_optional(self) -> bool:
        """Of an item that is left out nobody asks for the denominator."""
        return self.bagian == "sasaran" and self.isian.tidak_berlaku

    @property
    def cell(self) -> Cell:
        """The value as a cell."""
        return Cell(self.kunci, subject_of(self.key, self.kunci), self.teks, self.read, self.closed)

    def read(self, teks: str) -> str:
        """What is stored for a typed text; empty for none. Raises `CellRefused`, which says what to type."""
        text = " ".join(teks.split())
        if not text:
            return ""
        if text.startswith("#"):
            raise CellRefused(
                f'{self.place}: "{text[:20]}" adalah galat rumus dari buku kerja, bukan nilai. Perbaiki rumusnya di '
                "buku kerja itu, atau ketik nilainya. Galat tidak pernah dinilai 0."
            )
        if (reason := _OUT.match(text)) is not None:
            return self._read_out(reason[1])
        if self.bagian:
            return read_jumlah(text, self.place)
        return self._read_choice(text) if self.item.penilaian == "pilihan" else self._read_value(text)

    def _read_out(self, reason: str) -> str:
        if self.bagian == "sasaran":
            raise CellRefused(f'{self.place}: tulis "tidak berlaku" pada baris realisasinya, bukan pada sasaran.')
        if self.isian.catatan and not self.isian.tidak_berlaku:
            raise CellRefused(
                f"{self.place}: butir ini mempunyai rencana pemecahan, yang akan hilang. Kosongkan rencananya dahulu "
                "pada halaman Puskesmas, lalu tandai tidak berlaku."
            )
        if not re.search(r"\w{3}", reason):
            raise CellRefused(
                f'{self.place}: alasannya belum ditulis. Ketik misalnya "tidak berlaku: tidak ada rawat inap".'
            )
        return f"tidak berlaku: {reason}"[:MAX_NILAI]

    def _read_choice(self, text: str) -> str:
        for one in self.item.pilihan:
            if text.casefold() in (one.kode.casefold(), one.teks.casefold(), label_of(one).casefold()):
                return label_of(one)
        known = "; ".join(label_of(one) for one in self.item.pilihan)
        raise CellRefused(f'{self.place}: "{text[:40]}" bukan jawaban butir ini. Pilih: {known}.')

    def _read_value(self, text: str) -> str:
        if len(text) > MAX_NILAI:
            raise CellRefused(f"{self.place}: paling banyak {MAX_NILAI} huruf; isi nilainya saja.")
        try:
            found = parse_realisasi(text)
        except AmbiguousNumber as error:
            readings = tuple((format_number(one), plain(one)) for one in error.readings if one >= 0)
            first, second = (format_number(one) for one in error.readings)
            raise CellRefused(
                f'{self.place}: "{text}" dapat berarti {first} atau {second}. Pilih.', readings
            ) from error
        except NumberFormatError as error:
            raise CellRefused(f"{self.place}: {error}") from error
        if isinstance(found, EmptyTarget):
            raise CellRefused(
                f'{self.place}: "{text[:40]}" bukan nilai. Kosongkan bila belum ada, atau ketik "tidak berlaku: '
                'alasannya" bila butir ini tidak dinilai di unit ini.'
            )
        if isinstance(found, NumberTarget) and found.value < 0:
            raise CellRefused(f'{self.place}: "{text[:40]}" negatif. Nilai paling kecil nol; periksa tandanya.')
        return self._scorable(text)

    def _scorable(self, text: str) -> str:
        """The text, where it fits what the item asks for; without a target nothing can be said of it yet."""
        item = self.item
        if item.penilaian == "capaian" and isinstance(parse_target(item.target), EmptyTarget):
            return text
        scored = score_item(replace(item, sifat=""), Isian(text), (), {})
        if scored.status == "salah":
            raise CellRefused(f"{self.place}: {' '.join(scored.catatan)}")
        return text


def pkp_cells(key: SheetKey, unit: UnitAnswers) -> list[PkpCell]:
    """The cells of a sheet in printed order."""
    instrumen = unit.judged.instrumen
    return [
        PkpCell(key, item, bagian, unit.answers.get(item.kode, EMPTY), _closed(item, unit.sifat, instrumen.sifat))
        for item in instrumen.items.values()
        for bagian in parts_of(item)
    ]


def parts_of(item: Butir) -> tuple[Bagian, ...]:
    """The values that an item takes."""
    asks_both = item.masukan == "pembilang_penyebut" and item.penilaian != "pilihan"
    return ("sasaran", "realisasi") if asks_both else ("",)


def text_of(item: Butir, bagian: Bagian, isian: Isian) -> str:
    """A stored value as it is typed; empty for none."""
    if bagian == "sasaran":
        return plain(isian.sasaran)
    if isian.tidak_berlaku:
        return f"tidak berlaku: {isian.catatan}"
    if bagian == "realisasi":
        return plain(isian.realisasi)
    chosen = item.by_pilihan.get(isian.nilai) if item.penilaian == "pilihan" else None
    return label_of(chosen) if chosen else isian.nilai


def with_text(item: Butir, bagian: Bagian, isian: Isian, teks: str) -> Isian:
    """The answer with one value as `PkpCell.read` gave it."""
    if bagian == "sasaran":
        return replace(isian, sasaran=_decimal(teks))
    if (reason := _OUT.match(teks)) is not None:
        return replace(isian, nilai="", realisasi=None, tidak_berlaku=True, catatan=reason[1])
    kept = replace(isian, tidak_berlaku=False, catatan="" if isian.tidak_berlaku else isian.catatan)
    if bagian == "realisasi":
        return replace(kept, realisasi=_decimal(teks))
    if item.penilaian == "pilihan":
        return replace(kept, nilai=next((one.kode for one in item.pilihan if label_of(one) == teks), ""))
    return replace(kept, nilai=teks)


def label_of(one: Pilihan) -> str:
    """A choice as it is offered: its kode and what it means."""
    if not one.teks or one.teks.casefold() == one.kode.casefold():
        return one.kode
    label = f"{one.kode} – {' '.join(one.teks.split())}"
    return label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 1].rstrip()}…"


def choices_of(cell: PkpCell) -> tuple[str, ...]:
    """What is offered for a cell, with what is stored; empty where a value is typed."""
    if cell.item.penilaian != "pilihan":
        return ()
    offered = (*(label_of(one) for one in cell.item.pilihan), OUT_OF_CHOICES)
    return offered if not cell.teks or cell.teks in offered else (*offered, cell.teks)


def doubt_of(item: Butir, isian: Isian) -> str:
    """What looks like a slip although it can be scored, in words; empty where nothing does."""
    share = _share(item, isian)
    if share is None or share <= HUNDRED:
        return ""
    if is_loud(item, isian):
        return (
            f"Capaian {format_number(round_half_up(share, 0))}% hampir pasti salah ketik. Periksa realisasi dan "
            "sasaran, juga apakah yang diketik persen dan bukan jumlah."
        )
    return (
        f"Realisasi melebihi sasaran ({format_number(round_half_up(share, 2))}%). Boleh, tetapi periksa apakah ada "
        "yang dihitung dua kali, atau sasarannya terlalu rendah."
    )


def is_loud(item: Butir, isian: Isian) -> bool:
    """Whether coverage is above 1000 %, which is hardly ever true."""
    share = _share(item, isian)
    return share is not None and share > 10 * HUNDRED


@with_kernel_digits
def _share(item: Butir, isian: Isian) -> Decimal | None:
    """Coverage in percent, where the item is one; None where it is not, or not known."""
    if isian.sasaran and isian.realisasi is not None:
        return divide(isian.realisasi * HUNDRED, isian.sasaran)
    if "%" not in item.satuan or not isian.nilai or item.penilaian == "pilihan":
        return None
    found = parse_realisasi(isian.nilai)
    return found.value if isinstance(found, NumberTarget) else None


def group_path(unit: Active) -> Mapping[str, str]:
    """By item the names of the groups around it, the outermost first, without the root."""
    return dict(_paths(unit.instrumen.akar, ()))


def _paths(group: Kelompok, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for child in group.isi:
        if isinstance(child, Kelompok):
            yield from _paths(child, (*above, f"{child.nomor} {child.nama}".strip()))
        else:
            yield child.kode, " › ".join(above)


def _closed(item: Butir, sifat: frozenset[str], names: Mapping[str, str]) -> str:
    if not item.sifat or item.sifat in sifat:
        return ""
    return f"Hanya untuk Puskesmas: {names.get(item.sifat, item.sifat)}. Perencana mengaturnya pada Sifat Puskesmas."


def _decimal(teks: str) -> Decimal | None:
    """A stored text as a number: its only sign is the decimal comma."""
    return Decimal(teks.replace(",", ".")) if teks else None
