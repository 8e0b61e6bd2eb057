"""What a snapshot holds: plain frozen data, free of the database, the same whenever it is read again.

Money is whole rupiah, percentages are `Decimal` in percent. A figure that is not known is None, a text that is not
known is empty. `tampil` is the rounded figure that every table and sentence prints.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from capaian.reports.snapshot.measures import Iku, Measured, Rincian


@dataclass(frozen=True)
class Office:
    """The office with what its documents print about it, and its policy of calculation."""

    kunci: str
    nama: str
    singkatan: str
    daerah: str
    provinsi: str
    kepala_daerah: str
    pimpinan: str
    tempat: str
    alamat: str
    rumus_turun: str
    desimal: int
    ambang_rendah: Decimal


@dataclass(frozen=True)
class Unit:
    """A unit of the office and the units below it."""

    kunci: str
    nama: str
    jenis: str
    akreditasi: str
    bawahan: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Dokumen:
    """A planning document of the year; `tanggal` is ISO or empty."""

    kunci: str
    jenis: str
    nama: str
    versi: str
    nomor: str
    tanggal: str


@dataclass(frozen=True)
class PaguVersi:
    """The pagu of a node in one budget version, with the numbers of kegiatan and sub kegiatan where stated."""

    versi: str
    jumlah: int
    kegiatan: int | None
    sub_kegiatan: int | None
    keterangan: str


@dataclass(frozen=True, kw_only=True)
class NodeRow:
    """A program, kegiatan, sub kegiatan or line outside them, with its money and its indicators."""

    kunci: str
    kode: str
    jenis: str
    nama: str
    induk: str
    depth: int
    is_leaf: bool
    penanggung_jawab: str = ""
    pagu: int | None = None
    realisasi: int | None = None
    sisa: int | None = None
    serapan: Decimal | None = None
    tampil: Decimal | None = None
    belanja: tuple[tuple[str, int], ...] = ()
    realisasi_triwulan: tuple[int | None, ...] = ()
    pagu_versi: tuple[PaguVersi, ...] = ()
    indikator: tuple[Measured, ...] = ()
    analisis: str = ""


@dataclass(frozen=True)
class Pendapatan:
    """Revenue of one source or unit; `jenis` is sumber or unit."""

    jenis: str
    kelompok: str
    nama: str
    target: int
    realisasi: int


@dataclass(frozen=True)
class SumberDana:
    """A source of funds and what it was used for, before and after the change of the budget."""

    nama: str
    murni: str
    perubahan: str


@dataclass(frozen=True)
class Fasilitas:
    """One type of facility with its number by owner."""

    kelompok: str
    nama: str
    jumlah: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Tenaga:
    """Staff of one profession or position in one unit."""

    kelompok: str
    unit: str
    profesi: str
    jumlah: int
    urutan: int


@dataclass(frozen=True)
class Sasaran:
    """A sasaran with its indicators."""

    kunci: str
    uraian: str
    indikator: tuple[Measured, ...]


@dataclass(frozen=True)
class Tujuan:
    """A tujuan with its own indicators and its sasaran."""

    uraian: str
    indikator: tuple[Measured, ...]
    sasaran: tuple[Sasaran, ...]


@dataclass(frozen=True)
class Renstra:
    """The strategic plan in force."""

    nama: str
    awal: int
    akhir: int
    visi: str
    misi: str
    tujuan: tuple[Tujuan, ...]


@dataclass(frozen=True)
class Strategi:
    """The strategies of a sasaran, each with its policy directions."""

    tujuan: str
    sasaran: str
    strategi: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class PkRow:
    """A line of the performance annex of the perjanjian kinerja."""

    sasaran: str
    indikator_kunci: str
    indikator: str
    target: str
    satuan: str


@dataclass(frozen=True)
class PkAnggaran:
    """A line of the budget annex of the perjanjian kinerja."""

    nama: str
    anggaran: int
    keterangan: str


@dataclass(frozen=True)
class Lhe:
    """A component or sub-component of the AKIP evaluation with its follow-up."""

    komponen: str
    subkomponen: str
    nilai: Decimal | None
    rekomendasi: str
    rencana_aksi: str
    waktu: str
    status: str


@dataclass(frozen=True)
class TindakLanjutLhe:
    """A recommendation of an evaluation that is followed up in the site, as it stands at the end of the year."""

    komponen: str
    rekomendasi: str
    rencana_aksi: str
    waktu: str
    status: str


@dataclass(frozen=True)
class Inovasi:
    """An innovation and what it changed."""

    nama: str
    kepanjangan: str
    uraian: str
    dampak: tuple[str, ...]


@dataclass(frozen=True)
class Penghargaan:
    """An award."""

    tanggal: str
    pemberi: str
    bentuk: str
    penghargaan: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """An office year as reports see it."""

    office: Office
    tahun: int
    narasi: dict[str, Any] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    dokumen: tuple[Dokumen, ...] = ()
    renstra: Renstra | None = None
    strategi: tuple[Strategi, ...] = ()
    iku: tuple[Iku, ...] = ()
    measured_dokumen: str = ""
    pk_dokumen: str = ""
    pk: tuple[PkRow, ...] = ()
    pk_anggaran: tuple[PkAnggaran, ...] = ()
    versi: str = ""
    versions: tuple[str, ...] = ()
    nodes: tuple[NodeRow, ...] = ()
    pagu: int | None = None
    realisasi: int | None = None
    serapan: Decimal | None = None
    pendapatan: tuple[Pendapatan, ...] = ()
    sumber_dana: tuple[SumberDana, ...] = ()
    fasilitas: tuple[Fasilitas, ...] = ()
    tenaga: tuple[Tenaga, ...] = ()
    rincian: tuple[Rincian, ...] = ()
    lhe: tuple[Lhe, ...] = ()
    tindak_lanjut_lhe: tuple[TindakLanjutLhe, ...] = ()
    inovasi: tuple[Inovasi, ...] = ()
    penghargaan: tuple[Penghargaan, ...] = ()

    def sumber(self, kind: str) -> str:
        """The source of the tables of one kind (`fasilitas`, `pagu_versi` …) as stated, else the office and year."""
        stated = self.narasi.get("sumber_tabel") or {}
        return str(stated.get(kind) or f"{self.office.nama}, {self.tahun}")

    def node(self, kunci: str) -> NodeRow | None:
        """The node with this key, or None."""
        return next((node for node in self.nodes if node.kunci == kunci), None)

    def dokumen_of(self, kunci: str) -> Dokumen | None:
        """The document with this key, or None."""
        return next((dokumen for dokumen in self.dokumen if dokumen.kunci == kunci), None)

    def fingerprint(self) -> str:
        """SHA-256 over the whole content: equal data give equal prints."""
        return hashlib.sha256(
            json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=_plain).encode()
        ).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        # 104.8000 from one database and 104.8 from another are the same figure.
        return f"{value.normalize():f}"
    return str(value)
