"""The persons newly served in a quarter: which cells a unit fills, and what the sheet shows beside them.

A quarter is stated by its months or as a whole (`PengaturanSpm.frekuensi`). What is stored in the other way stays in
sight, so that it can be taken away before the quarter is stated anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import format_number
from capaian.rules.periods import BULAN, ROMAN, Period
from capaian.rules.spm.indeks import compute_penerima
from capaian.rules.spm.jendela import Bulan, Reported, counts_for, served_until
from capaian.rules.spm.standar import Layanan
from capaian.rules.trace import Citation
from capaian.spm.models import PelayananSpm, PengaturanSpm
from capaian.spm.queries import SpmRules, spm_rules, used_sasaran
from capaian.spm.sheets.cells import Cell, plain, read_orang, subject_of
from capaian.workflow.forms import SheetKey

WHOLE = 0
_HALF = 2
_Stored = Mapping[tuple[int | None, str], Sequence[Reported]]


@dataclass(frozen=True)
class ServedYear:
    """What is stored of a year and of the one before (school years), by unit id and service; sasaran by unit id."""

    rules: SpmRules
    sasaran: Mapping[int | None, Mapping[str, int]]
    served: _Stored

    def sasaran_of(self, unit_id: int | None, layanan: Layanan) -> int | None:
        """The denominator of a service in persons."""
        return self.sasaran.get(unit_id, {}).get(layanan.kelompok)

    def rows_of(self, unit_id: int | None, layanan: Layanan) -> Sequence[Reported]:
        """Everything stored of a service."""
        return self.served.get((unit_id, layanan.kode), ())


@dataclass(frozen=True)
class ServedCell:
    """The persons newly served by a service in a month, or (bulan `WHOLE`) in the quarter of the sheet."""

    key: SheetKey
    year: ServedYear
    layanan: Layanan
    bulan: int
    stored: int | None
    closed: str

    @property
    def kunci(self) -> str:
        return f"{self.layanan.kode}#{self.bulan or 'tw'}"

    @property
    def nama(self) -> str:
        later = "" if self.counts_for == self.key.tahun_kinerja.tahun else f", untuk tahun {self.counts_for}"
        return f"{self.layanan.nama_pendek}: {_period(self.key, self.bulan)}{later}"

    @property
    def counts_for(self) -> int:
        """The year for which these persons count."""
        jendela, tahun = self.year.rules.jendela(self.layanan), self.key.tahun_kinerja.tahun
        if self.bulan:
            return counts_for(jendela, Bulan(tahun, self.bulan))
        return tahun + (jendela == "tahun_ajaran" and self.key.periode > _HALF)

    @property
    def sasaran(self) -> int | None:
        """The denominator, where these persons count for the year of the sheet."""
        if self.counts_for != self.key.tahun_kinerja.tahun:
            return None
        return self.year.sasaran_of(_unit_id(self.key), self.layanan)

    @property
    def before(self) -> int | None:
        """Persons served before the quarter that count for the same year."""
        return self._sum(row for row in self._rows if (row.tahun, row.triwulan) < self._quarter)

    @property
    def until(self) -> int | None:
        """Persons served up to the end of this month or quarter that count for the same year."""
        return self._sum(
            row
            for row in self._rows
            if (row.tahun, row.triwulan) < self._quarter
            or ((row.tahun, row.triwulan) == self._quarter and (not self.bulan or row.bulan <= self.bulan))
        )

    @property
    def penerima(self) -> Decimal | None:
        """Coverage up to here in percent, which may exceed 100."""
        place = Citation(self.year.rules.standar.pack.instrumen, self.layanan.tempat, "tertulis")
        return compute_penerima(self.until, self.sasaran, place).tampil

    @property
    def is_over(self) -> bool:
        """Whether more were served than there should be."""
        return self.sasaran is not None and (self.until or 0) > self.sasaran

    @property
    def hint(self) -> str:
        """What a person should know of this value."""
        if self.counts_for != self.key.tahun_kinerja.tahun:
            return f"Dihitung untuk capaian tahun {self.counts_for}: tahun ajaran berjalan dari Juni sampai Mei."
        if self.is_over and self.sasaran is not None and self.until is not None:
            return (
                f"Terlayani {format_number(self.until)} melebihi sasaran {format_number(self.sasaran)}. Boleh, tetapi "
                "periksa apakah orang yang sama dihitung dua kali, atau sasaran perkiraannya terlalu rendah."
            )
        return "Orang yang baru memenuhi seluruh standar pada bulan ini; tiap orang dihitung sekali setahun."

    @property
    def cell(self) -> Cell:
        """The value as a cell."""
        place = f"{self.nama} {self.key.tahun_kinerja.tahun}"
        return Cell(
            self.kunci,
            subject_of(self.key, self.kunci),
            plain(self.stored),
            lambda teks: read_orang(teks, place),
            self.closed,
        )

    @property
    def _quarter(self) -> tuple[int, int]:
        return self.key.tahun_kinerja.tahun, self.key.periode

    @property
    def _rows(self) -> Iterable[Reported]:
        return (row for row in self.year.rows_of(_unit_id(self.key), self.layanan) if row.triwulan)

    def _sum(self, rows: Iterable[Reported]) -> int | None:
        return served_until(rows, self.year.rules.jendela(self.layanan), self.counts_for)


def read_served(tahun_kinerja: TahunKinerja, units: Collection[UnitKerja | None] | None = None) -> ServedYear:
    """What the sheets of all units, or of some, are made of. Three queries."""
    stored = PelayananSpm.objects.filter(
        tahun_kinerja__instansi=tahun_kinerja.instansi_id,
        tahun_kinerja__tahun__in=[tahun_kinerja.tahun - 1, tahun_kinerja.tahun],
    )
    if units is not None:
        stored = stored.filter(unit__in=[unit for unit in units if unit])
    served: dict[tuple[int | None, str], list[Reported]] = defaultdict(list)
    names = ("unit", "layanan", "tahun_kinerja__tahun", "triwulan", "bulan", "terlayani")
    for unit_id, layanan, *figures in stored.values_list(*names):
        served[unit_id, layanan].append(Reported(*figures))
    return ServedYear(spm_rules(tahun_kinerja), used_sasaran(tahun_kinerja, units), served)


def served_cells(key: SheetKey, year: ServedYear, today: date | None = None) -> list[ServedCell]:
    """The cells of a sheet, by service and month; without `today` as they are once the quarter has passed."""
    if key.unit is None or not key.periode:
        return []
    return [cell for layanan in year.rules.standar.layanan for cell in _of_service(key, year, layanan, today)]


def coverage(key: SheetKey, year: ServedYear, layanan: Layanan) -> Decimal | None:
    """The coverage of a service at the end of the quarter of a sheet, as it will be stored; None while not reported."""
    rules, unit_id = year.rules, _unit_id(key)
    served = served_until(year.rows_of(unit_id, layanan), rules.jendela(layanan), rules.tahun, key.periode)
    place = Citation(rules.standar.pack.instrumen, layanan.tempat, "tertulis")
    return compute_penerima(served, year.sasaran_of(unit_id, layanan), place).tampil


def explain_unknown(key: SheetKey, year: ServedYear, kunci: str) -> str:
    """Why the sheet has no such row, and what to do."""
    layanan, _, part = kunci.partition("#")
    if not key.periode:
        return "Pelayanan SPM diisi per triwulan; pilih triwulannya."
    if layanan in year.rules.standar.by_kode and part == "tw":
        return (
            "Tahun ini pelayanan diisi per bulan. Isi ketiga bulannya, atau minta perencana memilih frekuensi "
            "triwulanan pada pengaturan SPM."
        )
    if layanan in year.rules.standar.by_kode and part.isdecimal() and 1 <= int(part) <= len(BULAN):
        bulan = int(part)
        if (bulan + 2) // 3 != key.periode:
            return f"{BULAN[bulan - 1]} bukan bulan dari triwulan {ROMAN[key.periode - 1]}; isi pada triwulannya."
        return (
            "Tahun ini pelayanan diisi sekaligus per triwulan. Isi baris triwulannya, atau minta perencana memilih "
            "frekuensi bulanan pada pengaturan SPM."
        )
    return f'Tidak ada baris "{kunci[:60]}": jenis pelayanan atau bulannya tidak dikenal.'


def _of_service(key: SheetKey, year: ServedYear, layanan: Layanan, today: date | None) -> list[ServedCell]:
    unit_id, tahun = _unit_id(key), key.tahun_kinerja.tahun
    rows = year.rows_of(unit_id, layanan)
    stored = {row.bulan: row.terlayani for row in rows if (row.tahun, row.triwulan) == (tahun, key.periode)}
    by_month = any(bulan != WHOLE for bulan in stored)
    is_monthly = year.rules.pengaturan.frekuensi == PengaturanSpm.Frekuensi.BULANAN
    months = range(key.periode * 3 - 2, key.periode * 3 + 1) if is_monthly or by_month else ()
    whole = (WHOLE,) if not is_monthly or WHOLE in stored else ()
    missing = _no_sasaran(layanan) if year.sasaran_of(unit_id, layanan) is None else ""
    cells = []
    for bulan in (*months, *whole):
        closed = "" if bulan in stored else missing or _other_way(bulan, stored) or _not_begun(key, bulan, today)
        cells.append(ServedCell(key, year, layanan, bulan, stored.get(bulan), closed))
    return cells


def _no_sasaran(layanan: Layanan) -> str:
    return f"Sasaran {layanan.penerima} belum ditetapkan. Isi dahulu pada halaman Sasaran SPM."


def _other_way(bulan: int, stored: Mapping[int, int]) -> str:
    """Why a quarter that is stated in the other way takes no value here."""
    if bulan != WHOLE and WHOLE in stored:
        return (
            f"Triwulan ini sudah dilaporkan sekaligus ({format_number(stored[WHOLE])} orang). Kosongkan baris triwulan "
            "lebih dahulu, lalu isi per bulan."
        )
    if bulan == WHOLE and any(one != WHOLE for one in stored):
        return (
            "Triwulan ini sudah dilaporkan per bulan. Kosongkan bulan-bulannya lebih dahulu, lalu isi sekaligus, agar "
            "orang yang sama tidak dihitung dua kali."
        )
    return ""


def _not_begun(key: SheetKey, bulan: int, today: date | None) -> str:
    if today is None:
        return ""
    tahun = key.tahun_kinerja.tahun
    period = Period(tahun, bulan=bulan) if bulan else Period(tahun, key.periode)
    return f"{period.label} belum dimulai." if period.is_future(today) else ""


def _period(key: SheetKey, bulan: int) -> str:
    return BULAN[bulan - 1] if bulan else f"triwulan {ROMAN[key.periode - 1]}"


def _unit_id(key: SheetKey) -> int | None:
    return key.unit.pk if key.unit else None
