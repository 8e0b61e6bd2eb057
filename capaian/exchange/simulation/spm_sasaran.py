"""Whom the services of a generated district are owed to: its areas, and the size of each group by source. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from capaian.exchange.simulation.district import District, Unit
from capaian.rules.packs import load_pack
from capaian.rules.spm.sasaran import CALCULATORS, estimate

# A target group out of 10.000 inhabitants, by kode of `kelompok_sasaran`; there is at least one of each.
SHARES: Final[Mapping[str, int]] = {
    "penduduk": 10_000,
    "penduduk_15_atas": 7_520,
    "balita": 690,
    "usia_pendidikan_dasar": 1_480,
    "usia_produktif": 6_300,
    "usia_lanjut": 980,
    "terduga_tb": 112,
    "risiko_hiv": 236,
    "bayi_6_11": 86,
    "anak_12_59": 690,
    "balita_tanpa_buku": 55,
    "peserta_didik": 1_420,
    "anak_luar_sekolah": 60,
    "remaja_putri": 415,
    "remaja_putri_kelas_7": 82,
    "wus_15_39": 1_930,
    "lansia_tanpa_buku": 390,
    "puskesmas": 0,
    "fasyankes": 2,
    "fasyankes_ukbm": 11,
}
# What the estimates of the other groups are made of: births per 1.000 inhabitants, and prevalence in percent.
_CBR: Final = Decimal("17.3")
_PREVALENCE: Final[Mapping[str, Decimal]] = {
    "hipertensi": Decimal("28.9"),
    "diabetes_melitus": Decimal("2.1"),
    "odgj_berat": Decimal("0.21"),
}
_BIRTHS: Final = ("ibu_hamil", "ibu_bersalin", "bayi_baru_lahir")
ESTIMATED: Final = (*_BIRTHS, *_PREVALENCE)
_PACK: Final = "spm/permenkes_6_2024"
PROYEKSI: Final = "Proyeksi penduduk BPS"
PENETAPAN: Final = "Keputusan Bupati tentang sasaran SPM"
# The office has these two from a source of its own, so that they differ from the sum of its units, by permille.
APART: Final[Mapping[str, int]] = {"usia_produktif": 1012, "hipertensi": 987}
# Groups that a second source counts otherwise in some units: who counted, how, and between which percents.
_SECOND: Final = (
    ("balita", "Pendataan posyandu", "riil", 84, 97),
    ("hipertensi", "Survei kesehatan kabupaten", "survei", 104, 125),
    ("usia_pendidikan_dasar", "Data pokok pendidikan", "riil", 90, 99),
)
_SECOND_EVERY = 4
_VILLAGES: Final = ("Mekar", "Sumber", "Tegal", "Karang", "Muara", "Pasir")
_GROWTH = 11  # permille a year


@dataclass(frozen=True)
class Area:
    """A kecamatan, or a desa of one, with its inhabitants; `unit` is the key of the Puskesmas that covers it."""

    kunci: str
    nama: str
    jenis: str
    unit: str
    induk: str
    penduduk: int


@dataclass(frozen=True)
class Statement:
    """What a source says of the size of a group; `unit` and `wilayah` are keys, empty for the office itself."""

    unit: str
    wilayah: str
    kelompok: str
    jumlah: int
    metode: str
    sumber: str
    dipakai: bool
    nomor_keputusan: str = ""
    tanggal_keputusan: date | None = None
    rumus: Mapping[str, Any] = field(default_factory=dict)


def puskesmas_of(district: District) -> list[Unit]:
    """The units that owe SPM."""
    return [one for one in district.reporters if one.jenis == "puskesmas"]


def areas_of(district: District, unit: Unit) -> list[Area]:
    """The kecamatan of a Puskesmas, then its three to six desa, which together have all of its inhabitants."""
    place = unit.nama.removeprefix("Puskesmas ")
    chance = district.chance("desa", unit.kunci)
    weights = [chance.randrange(60, 141) for _ in range(chance.randrange(3, 7))]
    kecamatan = f"kec-{place.lower()}"
    return [
        Area(kecamatan, f"Kecamatan {place}", "kecamatan", unit.kunci, "", unit.penduduk),
        *(
            Area(f"desa-{name.lower()}-{place.lower()}", f"Desa {name} {place}", "desa", unit.kunci, kecamatan, people)
            for name, people in zip(_VILLAGES, split(unit.penduduk, weights), strict=False)
        ),
    ]


@lru_cache(maxsize=1024)
def unit_groups(unit: Unit, tahun: int, base: int) -> Mapping[str, int]:
    """The size of each group of a unit in a year, in persons; its inhabitants are those of the year `base`."""
    people = unit.penduduk * (1000 + _GROWTH * (tahun - base)) // 1000
    counted = {kelompok: -(-people * share // 10_000) or 1 for kelompok, share in SHARES.items()}
    found = {kelompok: estimate(kelompok, inputs_of(kelompok, counted), load_pack(_PACK)) for kelompok in ESTIMATED}
    return {**counted, **{kelompok: int(one.tampil or 0) for kelompok, one in found.items()}}


def inputs_of(kelompok: str, groups: Mapping[str, int]) -> dict[str, Decimal]:
    """What the calculator of a group is given, by name of its fields."""
    if kelompok in _BIRTHS:
        return {"cbr": _CBR, "penduduk": Decimal(groups["penduduk"])}
    people = "penduduk" if kelompok == "odgj_berat" else "penduduk_15_atas"
    return {"prevalensi": _PREVALENCE[kelompok], people: Decimal(groups[people])}


def split(total: int, weights: list[int]) -> list[int]:
    """Whole parts by weight that make exactly `total`."""
    ends, seen = [0], 0
    for weight in weights:
        seen += weight
        ends.append(total * seen // sum(weights))
    return [end - start for start, end in pairwise(ends)]


def statements_of(district: District, tahun: int, kelompok: Mapping[str, bool]) -> Iterator[Statement]:
    """All that is said of the groups in `kelompok` (by kode, whether it is one of the twelve) in a year."""
    wanted = [kode for kode in (*SHARES, *ESTIMATED) if kode in kelompok]
    main = [kode for kode in wanted if kelompok[kode]]
    total = dict.fromkeys(main, 0)
    for unit in puskesmas_of(district):
        groups = unit_groups(unit, tahun, district.tahun)
        for kode in wanted:
            yield _own(district, unit, kode, groups, tahun)
        for kode in main:
            total[kode] += groups[kode]
            yield from _by_area(district, unit, kode, groups[kode], tahun)
        if unit.place % _SECOND_EVERY == 2:
            yield _second(district, unit, groups, tahun)
    for kode, jumlah in total.items():
        said = jumlah * APART.get(kode, 1000) // 1000
        number, day = f"188.45/{tahun % 100}/SPM/{tahun}", date(tahun, 1, 15)
        yield Statement("", "", kode, said, "penetapan", PENETAPAN, True, number, day)


def _own(district: District, unit: Unit, kode: str, groups: Mapping[str, int], tahun: int) -> Statement:
    """What a unit counts by: an estimate with its inputs where the standard of the year has one, else a projection."""
    if kode not in ESTIMATED:
        return Statement(unit.kunci, "", kode, groups[kode], "proyeksi", f"{PROYEKSI} {tahun}", True)
    metode = CALCULATORS[kode].metode
    sumber = f"{PROYEKSI} {tahun}" if metode == "proyeksi" else f"Prevalensi survei kesehatan {tahun}"
    rumus = {"kode": kode, "masukan": {name: str(value) for name, value in inputs_of(kode, groups).items()}}
    known = rumus if tahun == district.tahun else {}
    return Statement(unit.kunci, "", kode, groups[kode], metode, sumber, True, rumus=known)


def _by_area(district: District, unit: Unit, kode: str, jumlah: int, tahun: int) -> Iterator[Statement]:
    desa = [one for one in areas_of(district, unit) if one.jenis == "desa"]
    for one, part in zip(desa, split(jumlah, [one.penduduk for one in desa]), strict=True):
        yield Statement(unit.kunci, one.kunci, kode, part, "proyeksi", f"{PROYEKSI} {tahun}", True)


def _second(district: District, unit: Unit, groups: Mapping[str, int], tahun: int) -> Statement:
    chance = district.chance("sumber", unit.kunci, tahun)
    kode, sumber, metode, low, high = _SECOND[unit.place // _SECOND_EVERY % len(_SECOND)]
    return Statement(
        unit.kunci, "", kode, groups[kode] * chance.randrange(low, high) // 100, metode, f"{sumber} {tahun}", False
    )
