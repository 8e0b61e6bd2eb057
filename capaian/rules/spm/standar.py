"""The standards of a year as plain data: the twelve services, their target groups, quality items and staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from capaian.rules.packs import Pack, load_pack, pack_in_force
from capaian.rules.trace import Citation

FAMILY = "spm"
PENERAPAN = "spm/permendagri_59_2021"
Jendela = Literal["tahun_kalender", "tahun_ajaran"]


@dataclass(frozen=True)
class Syarat:
    """One condition of being served to standard.

    One that is not `is_countable` as it is written has a stand-in, or is not counted; its note says which.
    """

    kode: str
    teks: str
    is_countable: bool
    catatan: str


@dataclass(frozen=True)
class Layanan:
    """One of the twelve services: its statement, whom it is owed to, and how its coverage is counted.

    `kelompok` is the target group that is the denominator: for ibu hamil it is ibu bersalin (Permenkes 6/2024).
    """

    kode: str
    nomor: int
    nama: str
    nama_pendek: str
    penerima: str
    pernyataan: str
    pembilang: str
    penyebut: str
    kelompok: str
    jendela: Jendela
    sub_kegiatan: str
    indikator: str
    tempat: str
    catatan: tuple[str, ...] = ()
    syarat: tuple[Syarat, ...] = ()


@dataclass(frozen=True)
class Kelompok:
    """A target group in persons (or `satuan`); `utama` are the columns of form 2.A.2, others serve to count goods."""

    kode: str
    nama: str
    satuan: str
    induk: str
    utama: bool


@dataclass(frozen=True)
class Butir:
    """A quality item (mutu) of a service: goods or a service needed to serve its recipients to standard.

    Its need is `faktor` times the number of `kelompok`; without a factor the office states the need itself. An item
    that is `terintegrasi` with another is supplied, and counted, there.
    """

    kode: str
    layanan: str
    jenis: str
    nama: str
    satuan: str
    kelompok: str
    faktor: Fraction | None
    jumlah: str
    fungsi: str
    terintegrasi: str
    citation: Citation


@dataclass(frozen=True)
class Profesi:
    """A kind of staff; it is counted once in a unit, however many services it works for."""

    kode: str
    nama: str
    jenis: str


@dataclass(frozen=True)
class Standar:
    """The technical standard of a year, and the rules of its application (index, categories, forms)."""

    pack: Pack
    penerapan: Pack
    layanan: tuple[Layanan, ...]
    kelompok: tuple[Kelompok, ...]
    butir: tuple[Butir, ...]
    profesi: tuple[Profesi, ...]
    profesi_layanan: Mapping[str, tuple[str, ...]]

    @property
    def has_mutu(self) -> bool:
        """Whether the standard names quality items; under Permenkes 4/2019 only the coverage is counted."""
        return bool(self.butir)

    @property
    def by_kode(self) -> Mapping[str, Layanan]:
        """The services by their kode."""
        return {one.kode: one for one in self.layanan}

    def find(self, kode: str) -> Layanan:
        """The service of a kode. Errors: KeyError, in words."""
        try:
            return self.by_kode[kode]
        except KeyError:
            known = ", ".join(one.kode for one in self.layanan)
            raise KeyError(f'Jenis pelayanan SPM "{kode}" tidak dikenal; yang ada: {known}.') from None

    def butir_of(self, layanan: str) -> tuple[Butir, ...]:
        """The quality items that a service counts itself, in printed order."""
        return tuple(one for one in self.butir if one.layanan == layanan and not one.terintegrasi)


def standar_of(tahun: int) -> Standar:
    """The standard in force at the end of a year: Permenkes 6/2024 from 2024, 4/2019 before (regulations 5.8, 12).

    Errors: PackError for a year without one.
    """
    return load_standar(pack_in_force(FAMILY, date(tahun, 12, 31)).id)


@lru_cache(maxsize=8)
def load_standar(pack_id: str) -> Standar:
    """The standard of a pack. Errors: PackError when the pack or one of its lists is missing."""
    pack = load_pack(pack_id)
    staff: dict[str, list[str]] = {}
    for row in pack.rows("profesi_layanan") if pack.has("profesi_layanan") else ():
        staff.setdefault(row["layanan"], []).append(row["profesi"])
    return Standar(
        pack=pack,
        penerapan=load_pack(PENERAPAN),
        layanan=_read_layanan(pack),
        kelompok=tuple(_kelompok(row) for row in pack.rows("kelompok_sasaran")),
        butir=tuple(_butir(row, pack) for row in pack.rows("butir_mutu")) if pack.has("butir_mutu") else (),
        profesi=tuple(Profesi(row["kode"], row["nama"], row["jenis"]) for row in pack.rows("profesi"))
        if pack.has("profesi")
        else (),
        profesi_layanan={layanan: tuple(found) for layanan, found in staff.items()},
    )


def _read_layanan(pack: Pack) -> tuple[Layanan, ...]:
    notes: dict[str, list[str]] = {}
    for row in pack.rows("catatan_layanan") if pack.has("catatan_layanan") else ():
        notes.setdefault(row["layanan"], []).append(row["teks"])
    conditions: dict[str, list[Syarat]] = {}
    for row in pack.rows("syarat") if pack.has("syarat") else ():
        found = Syarat(row["kode"], row["teks"], row["jenis"] == "S", row["catatan"])
        conditions.setdefault(row["layanan"], []).append(found)
    return tuple(
        _layanan(row, tuple(notes.get(row["kode"], ())), tuple(conditions.get(row["kode"], ())))
        for row in pack.rows("layanan")
    )


def _layanan(row: Mapping[str, str], catatan: tuple[str, ...], syarat: tuple[Syarat, ...]) -> Layanan:
    jendela: Jendela = "tahun_ajaran" if row["jendela"] == "tahun_ajaran" else "tahun_kalender"
    texts = {name: value for name, value in row.items() if name not in ("nomor", "jendela")}
    return Layanan(**texts, nomor=int(row["nomor"]), jendela=jendela, catatan=catatan, syarat=syarat)


def _kelompok(row: Mapping[str, str]) -> Kelompok:
    return Kelompok(row["kode"], row["nama"], row["satuan"], row.get("induk", ""), row["utama"] == "ya")


def _butir(row: Mapping[str, str], pack: Pack) -> Butir:
    place = pack.citation("butir_mutu")
    dasar = "tertulis" if row["dasar"] == "tertulis" else "ditafsirkan"
    return Butir(
        kode=row["kode"],
        layanan=row["layanan"],
        jenis=row["jenis"],
        nama=row["nama"],
        satuan=row["satuan"],
        kelompok=row["kelompok"],
        faktor=read_faktor(row["faktor"]),
        jumlah=row["jumlah"],
        fungsi=row["fungsi"],
        terintegrasi=row["terintegrasi"],
        citation=Citation(place.instrumen, place.tempat, dasar, row.get("catatan", "")),  # type: ignore[arg-type]
    )


def read_faktor(text: str) -> Fraction | None:
    """`180`, `0.8`, `1/15`; None for an empty text. Errors: ValueError."""
    return Fraction(text) if text else None


def decimal_of(value: Fraction) -> Decimal:
    """The decimal of a fraction, with the kernel's digits (call inside `with_kernel_digits`)."""
    return Decimal(value.numerator) / Decimal(value.denominator)
