"""An instrument as plain data: groups, items and their answers, scales, classes, ranking; validated when read.

The same data stands in a pack (YAML), in the database (JSON) and in a workbook; `read_instrumen` is the only reader.
Numbers are quoted text, so that no binary fraction slips in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from capaian.rules.scales import Scale
from capaian.rules.trace import Citation

Keluarga = Literal["pkp", "lke", "lain"]
# How an item is scored: capaian of a target, one of printed choices, or a number by printed bands.
Penilaian = Literal["capaian", "pilihan", "pita"]
# What is typed for `capaian` and `pita`: the value itself, or numerator and denominator.
Masukan = Literal["nilai", "pembilang_penyebut"]
# How a group joins what is below it. `persen_maksimum`: Σ ÷ (maksimum × number) × 100; `jumlah_bobot`: Σ value ÷
# maksimum × bobot of the child; `jumlah`: Σ.
Agregasi = Literal["rata_rata", "persen_maksimum", "jumlah_bobot", "jumlah"]
Campuran = Literal["terendah", "tidak_terklasifikasi"]
RataRata = Literal["bertingkat", "datar"]


class InstrumenError(ValueError):
    """An instrument cannot be used; `problems` are sentences that say where, what is wrong, and what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Pilihan:
    """One answer of an item: its kode as it is stored, its score, and what it means.

    For `pita` it holds from `dari` to `sampai` as printed (None is open), bounds included unless `*_terbuka`; one
    without any bound (`tidak melaksanakan`) is answered by its kode.
    """

    kode: str
    nilai: Decimal
    teks: str
    dari: Decimal | None = None
    sampai: Decimal | None = None
    dari_terbuka: bool = False
    sampai_terbuka: bool = False


@dataclass(frozen=True)
class Butir:
    """An item that is answered and scored.

    `kode` is ours, `nomor` as printed, `tabel` the printed table. `target` is an expression (`≤ 3`, `Maks tgl 5`), as
    printed; `sasaran` names who is counted. `pengali` turns numerator ÷ denominator into the unit of the target (100
    for per cent, 1000, 100000). `arah` is set for every `capaian` item, and `alasan_arah` says why. `sifat` is the
    kode of the property that a unit must have for the item to apply; empty for all. `maksimum` is the score of the best
    answer; `bobot` the weight in a group that sums by weight. `catatan` says what is odd about the printed item.
    """

    kode: str
    nama: str
    penilaian: Penilaian
    nomor: str = ""
    tabel: str = ""
    satuan: str = ""
    target: str = ""
    sasaran: str = ""
    masukan: Masukan = "nilai"
    pengali: Decimal = Decimal(100)
    arah: str = ""
    alasan_arah: str = ""
    rumus: str = ""
    pilihan: tuple[Pilihan, ...] = ()
    maksimum: Decimal = Decimal(100)
    bobot: Decimal | None = None
    sifat: str = ""
    catatan: str = ""

    @property
    def best(self) -> Decimal:
        """The best score that the item can have."""
        return self.maksimum

    @property
    def most(self) -> Decimal:
        """The most that any answer gives."""
        return self.maksimum

    @cached_property
    def by_pilihan(self) -> Mapping[str, Pilihan]:
        """The answers by kode."""
        return {one.kode: one for one in self.pilihan}


@dataclass(frozen=True)
class Kelompok:
    """A group: what is below it, how that is joined, and its weight in the group above.

    `is_item`: it counts as one item where all items are averaged flat (an indicator with sub-lines). `ikut`: it counts
    in the group above; otherwise it is shown beside. `pilihan` are the answers of a group that can be graded directly.
    `maksimum` is the best value of the group, or of each child for `persen_maksimum`, whose own best value is 100.
    `datar`: a mean of all items below, whatever the office decides, because the document says so.
    """

    kode: str
    nama: str
    agregasi: Agregasi
    isi: tuple[Butir | Kelompok, ...]
    nomor: str = ""
    tabel: str = ""
    bobot: Decimal | None = None
    maksimum: Decimal = Decimal(100)
    is_item: bool = False
    ikut: bool = True
    datar: bool = False
    pilihan: tuple[Pilihan, ...] = ()
    satuan: str = ""
    catatan: str = ""

    @property
    def best(self) -> Decimal:
        """The best value that the group itself can have."""
        return Decimal(100) if self.agregasi == "persen_maksimum" else self.maksimum

    @cached_property
    def most(self) -> Decimal:
        """The most that any answers give: more than the best where the document's own figures do not fit together."""
        below = [child.most for child in self.isi]
        joined = {
            "rata_rata": lambda: max(below),
            "persen_maksimum": lambda: max(below) * 100 / self.maksimum,
            "jumlah_bobot": lambda: max(one.most / one.best for one in self.isi) * self.maksimum,
            "jumlah": lambda: sum(below, Decimal(0)),
        }
        return max(joined[self.agregasi](), self.maksimum)

    def items(self) -> Iterator[Butir]:
        """The items below, in printed order."""
        for child in self.isi:
            if isinstance(child, Butir):
                yield child
            else:
                yield from child.items()

    def groups(self) -> Iterator[Kelompok]:
        """This group and those below, each before its own."""
        yield self
        for child in self.isi:
            if isinstance(child, Kelompok):
                yield from child.groups()


@dataclass(frozen=True)
class SkalaLain:
    """A scale that the same document prints elsewhere for the same part; shown and compared, never used to classify."""

    skala: Scale
    citation: Citation


@dataclass(frozen=True)
class Bagian:
    """A group whose value is classified, by which scale; `skala_lain` are those that the document prints besides."""

    kelompok: str
    skala: Scale
    citation: Citation
    skala_lain: tuple[SkalaLain, ...] = ()


@dataclass(frozen=True)
class Kebijakan:
    """What the document leaves open and the office decides; stored with every result.

    `rata_rata` joins groups level by level, or all items of a mean flat (a group that sums stays one value). `campuran`
    is the class when parts fall in different ones. `sertakan` are groups that count although the instrument shows them
    beside. `skor` says whether a group that can be graded directly is (`kelompok`) or its items are averaged (`butir`).
    `batas_kelas` overrides the scales'.
    """

    rata_rata: RataRata = "bertingkat"
    campuran: Campuran = "terendah"
    sertakan: tuple[str, ...] = ()
    skor: Literal["kelompok", "butir"] = "butir"
    batas_kelas: str = ""


@dataclass(frozen=True)
class Instrumen:
    """An instrument: its tree, what units can be (`sifat`: kode to name), what is classified, and how it is ranked.

    The classes of all `klasifikasi` scales have the same kode, best first. `peringkat` names what is compared, in this
    order: `kelas` or the kode of a group.
    """

    kunci: str
    nama: str
    keluarga: Keluarga
    citation: Citation
    akar: Kelompok
    sifat: Mapping[str, str] = field(default_factory=dict)
    klasifikasi: tuple[Bagian, ...] = ()
    kebijakan: Kebijakan = Kebijakan()
    peringkat: tuple[str, ...] = ()
    # Targets and wording of the document that are kept as printed, with what is odd about the whole.
    catatan: tuple[str, ...] = ()

    @cached_property
    def items(self) -> Mapping[str, Butir]:
        """The items by kode, in printed order."""
        return {one.kode: one for one in self.akar.items()}

    @cached_property
    def groups(self) -> Mapping[str, Kelompok]:
        """The groups by kode, each before those below it."""
        return {one.kode: one for one in self.akar.groups()}

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The kode of the group that holds an item or a group; the root has none."""
        return {child.kode: group.kode for group in self.groups.values() for child in group.isi}
