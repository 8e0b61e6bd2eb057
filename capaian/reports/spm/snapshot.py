"""Reading everything that the documents of SPM print, once, for one Puskesmas or for the whole district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.reports.formats import proper
from capaian.reports.snapshot import Office, read_office
from capaian.rules.spm.indeks import IndeksSpm, compute_daerah
from capaian.rules.spm.standar import Kelompok, Layanan
from capaian.spm.models import CapaianSpm, MonevSpm, RencanaSpm, SasaranSpm, TercetakSpm
from capaian.spm.queries import SDM, SpmRules, office_sasaran, used_sasaran
from capaian.spm.queries_kebutuhan import Needs, NeedsData, district_needs, read_needs, unit_needs, unit_staff
from capaian.spm.queries_rencana import Money, Plan, money_of, plan_of
from capaian.workflow.models import Form, Submission
from capaian.workflow.queries_sheets import HANDED_IN

# The four kinds of staff that form 2.A.3 names, in its order, and the beginning of their kode.
STAFF_KINDS = ("Dokter", "Bidan", "Perawat", "Tenaga kesehatan lainnya")
_BEGINNINGS = ("dokter", "bidan", "perawat")


@dataclass(frozen=True)
class AreaRow:
    """A line of form 2.A.2: an area or a Puskesmas with its persons by kelompok; None where not stated."""

    nama: str
    jumlah: Mapping[str, int]


@dataclass(frozen=True)
class Facility:
    """A line of form 2.A.3: a Puskesmas with the heads it has of `STAFF_KINDS`; None where not reported."""

    nama: str
    tenaga: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Conflict:
    """Several sources that state the size of one group at one place, the used one first."""

    kelompok: Kelompok
    tempat: str
    rows: tuple[SasaranSpm, ...]


@dataclass(frozen=True)
class SpmSnapshot:
    """The SPM of an office year: of a unit, or with `unit` None of the office with its `units`.

    `capaian` holds the results by unit id (None the office), kode of the service and quarter (0 the year); `silent`
    the units that have not handed in the report of a quarter, by quarter.
    """

    office: Office
    tahun: int
    unit: UnitKerja | None
    rules: SpmRules
    units: tuple[UnitKerja, ...]
    sasaran: Mapping[str, int]
    areas: tuple[AreaRow, ...]
    area_head: str
    capaian: Mapping[tuple[int | None, str, int], CapaianSpm]
    needs: Needs
    facilities: tuple[Facility, ...]
    rpjmd: Plan
    renstra: Plan
    money: Money
    monev: Mapping[tuple[str, int], MonevSpm]
    silent: Mapping[int, tuple[str, ...]]
    printed: tuple[TercetakSpm, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def kelompok(self) -> list[Kelompok]:
        """The columns of form 2.A.2."""
        return [one for one in self.rules.standar.kelompok if one.utama]

    @property
    def layanan(self) -> tuple[Layanan, ...]:
        return self.rules.standar.layanan

    @property
    def nama(self) -> str:
        """Whose document it is, as titles print it: `Puskesmas Mawar`, `Kabupaten Simulasi`."""
        return proper(self.unit.nama) if self.unit else self.office.daerah

    @property
    def place(self) -> str:
        """Whom it is about, with its district: `Puskesmas Mawar Kabupaten Simulasi`."""
        return f"{self.nama} {self.office.daerah}" if self.unit else self.office.daerah

    @property
    def author(self) -> str:
        """Who reports: the Puskesmas, or the office."""
        return proper(self.unit.nama) if self.unit else self.office.nama

    def result(self, layanan: Layanan, triwulan: int = 0) -> CapaianSpm | None:
        """The result of the unit or the office up to a quarter, 0 the year."""
        return self.capaian.get((self.unit.pk if self.unit else None, layanan.kode, triwulan))

    def target(self, layanan: Layanan) -> int | None:
        """The persons whom the service is owed to."""
        row = self.result(layanan)
        return row.sasaran if row and row.sasaran is not None else self.sasaran.get(layanan.kelompok)

    def kategori(self, kode: str) -> str:
        """The words of a category."""
        bands = self.rules.standar.penerapan.scale("kategori").bands
        return next((one.label for one in bands if one.kode == kode), "")

    def indeks(self) -> IndeksSpm:
        """The index over all services."""
        found = {one.nama_pendek: (row.indeks if (row := self.result(one)) else None) for one in self.layanan}
        return compute_daerah(found, self.rules.standar)


def take_spm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> SpmSnapshot:
    """Everything of a year, of a unit or of the office. The number of queries does not grow with its rows."""
    needs = read_needs(tahun_kinerja)
    by_unit = used_sasaran(tahun_kinerja)
    mine = [unit] if unit else needs.units
    kelompok = [one.kode for one in needs.rules.standar.kelompok]
    whole = {kode: found for kode in kelompok if (found := office_sasaran(by_unit, kode)) is not None}
    areas, head = _areas(tahun_kinerja, unit, needs.units, by_unit)
    monev = MonevSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit)
    return SpmSnapshot(
        office=read_office(tahun_kinerja),
        tahun=tahun_kinerja.tahun,
        unit=unit,
        rules=needs.rules,
        units=() if unit else tuple(needs.units),
        sasaran=by_unit.get(unit.pk, {}) if unit else whole,
        areas=areas,
        area_head=head,
        capaian=_results(tahun_kinerja, unit),
        needs=unit_needs(needs, unit) if unit else district_needs(needs),
        facilities=tuple(_facility(needs, one) for one in mine),
        rpjmd=plan_of(needs.rules, tahun_kinerja, RencanaSpm.Dokumen.RPJMD),
        renstra=plan_of(needs.rules, tahun_kinerja, RencanaSpm.Dokumen.RENSTRA),
        money=money_of(needs.rules, tahun_kinerja, unit, budget=unit is None),
        monev={(row.layanan, row.triwulan): row for row in monev},
        silent={} if unit else _silent(tahun_kinerja, needs.units),
        printed=tuple(TercetakSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit)),
        conflicts=_conflicts(tahun_kinerja, unit, needs.rules),
    )


def has_spm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> bool:
    """Whether there is anything to print: a sasaran, a result, or a printed figure. At most three queries."""
    rows = {"tahun_kinerja": tahun_kinerja} | ({"unit": unit} if unit else {})
    return any(model.objects.filter(**rows).exists() for model in (SasaranSpm, CapaianSpm, TercetakSpm))


def _results(tahun_kinerja: TahunKinerja, unit: UnitKerja | None) -> dict[tuple[int | None, str, int], CapaianSpm]:
    rows = CapaianSpm.objects.filter(tahun_kinerja=tahun_kinerja).defer("dasar")
    if unit:
        rows = rows.filter(unit=unit)
    return {(row.unit_id, row.layanan, row.triwulan): row for row in rows}


def _areas(
    tahun_kinerja: TahunKinerja,
    unit: UnitKerja | None,
    units: Sequence[UnitKerja],
    by_unit: Mapping[int | None, Mapping[str, int]],
) -> tuple[tuple[AreaRow, ...], str]:
    """The lines of form 2.A.2: the areas of a unit, the Puskesmas of the office, else whom it is about as a whole."""
    if unit is None:
        rows = [AreaRow(proper(one.nama), by_unit.get(one.pk, {})) for one in units]
        daerah = tahun_kinerja.instansi.daerah
        return (tuple(rows) if rows else (AreaRow(daerah, by_unit.get(None, {})),)), "Puskesmas" if rows else "Daerah"
    found: dict[int, dict[str, int]] = defaultdict(dict)
    stated = SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit, wilayah__isnull=False, dipakai=True)
    for wilayah, kelompok, jumlah in stated.values_list("wilayah", "kelompok", "jumlah"):
        found[wilayah][kelompok] = jumlah
    if not found:
        return (AreaRow(proper(unit.nama), by_unit.get(unit.pk, {})),), "Puskesmas"
    areas = Wilayah.objects.filter(instansi=tahun_kinerja.instansi_id, unit=unit).order_by("urutan", "pk")
    return tuple(AreaRow(one.nama, found.get(one.pk, {})) for one in areas), "Kecamatan/Desa"


def _facility(needs: NeedsData, unit: UnitKerja) -> Facility:
    heads: list[Decimal | None] = [None] * len(STAFF_KINDS)
    for profesi in needs.rules.standar.profesi:
        # Cadres and teachers serve too, but are no health staff.
        if profesi.jenis == "non_kesehatan":
            continue
        there = unit_staff(needs, unit.pk, profesi).hasil.tersedia
        kind = staff_kind(profesi.kode)
        if there is not None:
            heads[kind] = (heads[kind] or Decimal(0)) + there
    return Facility(proper(unit.nama), tuple(heads))


def staff_kind(kode: str) -> int:
    """Which of `STAFF_KINDS` a profession belongs to: `dokter_gigi` to the first."""
    bare = kode.removeprefix(SDM)
    return next((at for at, one in enumerate(_BEGINNINGS) if bare.startswith(one)), len(_BEGINNINGS))


def _silent(tahun_kinerja: TahunKinerja, units: Sequence[UnitKerja]) -> dict[int, tuple[str, ...]]:
    handed_in = set(
        Submission.objects.filter(tahun_kinerja=tahun_kinerja, form=Form.SPM, state__in=HANDED_IN).values_list(
            "unit", "periode"
        )
    )
    return {
        triwulan: tuple(proper(one.nama) for one in units if (one.pk, triwulan) not in handed_in)
        for triwulan in range(1, 5)
    }


def _conflicts(tahun_kinerja: TahunKinerja, unit: UnitKerja | None, rules: SpmRules) -> tuple[Conflict, ...]:
    """The groups for which several sources state different numbers. One query."""
    stated = SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, wilayah=None).select_related("unit")
    groups: dict[tuple[int | None, str], list[SasaranSpm]] = defaultdict(list)
    for row in (stated.filter(unit=unit) if unit else stated).order_by("-dipakai", "pk"):
        groups[row.unit_id, row.kelompok].append(row)
    known = {one.kode: one for one in rules.standar.kelompok}
    daerah = tahun_kinerja.instansi.daerah
    return tuple(
        Conflict(known[kelompok], proper(rows[0].unit.nama) if rows[0].unit else daerah, tuple(rows))
        for (_, kelompok), rows in groups.items()
        if kelompok in known and len({row.jumlah for row in rows}) > 1
    )
