"""What a snapshot holds of indicators: target, realisasi and score, their years and quarters, and what was written.

Percentages are `Decimal` in percent. A figure that is not known is None, a text that is not known is empty. `tampil` is
the rounded figure that every table and sentence prints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from capaian.rules.trace import Trace


@dataclass(frozen=True)
class TargetText:
    """The target of an indicator in one document and year, with its four quarters where the document has them."""

    dokumen: str
    jenis: str
    tahun: int
    teks: str
    satuan: str
    triwulan: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearPoint:
    """An indicator in one year: texts as entered, numbers where the texts are numbers, the rounded capaian."""

    tahun: int
    target: str
    realisasi: str
    target_value: Decimal | None
    value: Decimal | None
    persen: Decimal | None


@dataclass(frozen=True)
class Score:
    """A capaian as computed: unrounded, as printed, what it means, and how it came about."""

    persen: Decimal | None
    tampil: Decimal | None
    status: str
    kategori: str
    pack_id: str
    catatan: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True)
class Quarter:
    """One quarter of an indicator: planned and reached in it, reached up to it, and what that is worth.

    `score` compares with the plan up to the quarter, `score_tahun` with the target of the year; both None where
    nothing has been reached yet.
    """

    target: str
    realisasi: str
    sampai: str
    score: Score | None = None
    score_tahun: Score | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """An indicator with its target, realisasi and capaian of the year, its history and its targets by document."""

    kunci: str
    nama: str
    satuan: str
    arah: str
    sifat: str
    desimal: int
    alasan: str = ""
    formulasi: str = ""
    sumber_data: str = ""
    penanggung_jawab: str = ""
    target: str = ""
    realisasi: str = ""
    target_value: Decimal | None = None
    value: Decimal | None = None
    pembilang: Decimal | None = None
    penyebut: Decimal | None = None
    score: Score | None = None
    target_akhir: str = ""
    tahun_akhir: int | None = None
    score_akhir: Score | None = None
    history: tuple[YearPoint, ...] = ()
    targets: tuple[TargetText, ...] = ()
    quarters: tuple[Quarter, ...] = ()
    uraian: str = ""
    penghambat: tuple[str, ...] = ()
    tindak_lanjut: tuple[str, ...] = ()

    @property
    def tampil(self) -> Decimal | None:
        """The printed capaian of the year in percent."""
        return self.score.tampil if self.score else None

    @property
    def status(self) -> str:
        return self.score.status if self.score else "belum_ada"

    @property
    def previous(self) -> YearPoint | None:
        """The last point before the year that has a realisasi."""
        earlier = [point for point in self.history[:-1] if point.realisasi]
        return earlier[-1] if earlier else None


@dataclass(frozen=True)
class Pembanding:
    """An area with its value; `jenis` is kab_kota, provinsi or nasional."""

    jenis: str
    wilayah: str
    nilai: Decimal | None
    cacah: Decimal | None
    penyebut: Decimal | None


@dataclass(frozen=True)
class RincianNilai:
    """One value of a data set; `kelompok` and `status` are the two parts of a remark `kelompok · status`."""

    kategori: str
    seri: str
    nilai: Decimal | None
    kelompok: str = ""
    status: str = ""


@dataclass(frozen=True)
class Rincian:
    """A supporting data set; `indikator` is the key it belongs to, or empty."""

    kunci: str
    judul: str
    indikator: str
    satuan: str
    bentuk: str
    nilai: tuple[RincianNilai, ...]


@dataclass(frozen=True)
class Penunjang:
    """A supporting factor with the program and the indicator it is told under."""

    program_kunci: str
    program: str
    indikator_kunci: str
    indikator: str
    uraian: str


@dataclass(frozen=True)
class Analisis:
    """What the office wrote about an indicator."""

    uraian: str = ""
    penunjang: tuple[Penunjang, ...] = ()
    penghambat: tuple[str, ...] = ()
    tindak_lanjut: tuple[str, ...] = ()
    dokumentasi: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Iku(Measured):
    """A main indicator with all that its seven analyses need; `pemetaan` holds the keys of its kegiatan."""

    sasaran_kunci: str = ""
    sasaran: str = ""
    pembanding: tuple[Pembanding, ...] = ()
    perbandingan: str = ""
    rincian: tuple[Rincian, ...] = ()
    analisis: Analisis = Analisis()
    pemetaan: tuple[str, ...] = ()
