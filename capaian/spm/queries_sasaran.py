"""Reading the target groups: who states what of which group, what is used, and where statements differ.

A difference is a finding, never a refusal: the office against the sum of its Puskesmas, a Puskesmas against the sum of
its areas, one source against another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Sum

from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.organisations.permissions import Office, Permission
from capaian.rules.spm.standar import Kelompok
from capaian.spm.models import SasaranSpm
from capaian.spm.queries import SpmRules, spm_rules
from capaian.workflow.models import AuditEntry

_WRITTEN = ("spm.record_sasaran",)


@dataclass(frozen=True)
class Cell:
    """What is stated of a group at a place: what is used, and how many other sources say another number."""

    kelompok: Kelompok
    used: SasaranSpm | None
    others: int = 0

    @property
    def jumlah(self) -> int | None:
        return self.used.jumlah if self.used else None


@dataclass(frozen=True)
class Row:
    """A unit (None the office) with a cell for each group."""

    unit: UnitKerja | None
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """A group over the district, in persons: the office's own figure, the sum of its units, of how many units."""

    kelompok: Kelompok
    own: int | None
    summed: int | None
    stating: int
    total: int

    @property
    def selisih(self) -> int | None:
        """The office's figure less the sum of the units; None where one of them is not stated."""
        return None if self.own is None or self.summed is None else self.own - self.summed


@dataclass(frozen=True)
class Matrix:
    """The groups of the standard by unit; `columns` is empty for who does not see the whole office."""

    kelompok: Sequence[Kelompok]
    rows: Sequence[Row]
    office: Row | None
    columns: Sequence[Column]

    @property
    def is_stated(self) -> bool:
        """Whether anything is stated at all."""
        rows = [*self.rows, self.office] if self.office else self.rows
        return any(cell.used or cell.others for row in rows for cell in row.cells)


@dataclass(frozen=True)
class Finding:
    """Two figures that ought to be one, in persons."""

    unit: UnitKerja | None
    kelompok: Kelompok
    teks: str


def puskesmas(tahun_kinerja: TahunKinerja) -> list[UnitKerja]:
    """The units that sasaran is stated for: every Puskesmas, and any other unit that already has one. One query."""
    units = tahun_kinerja.instansi.unit_kerja.all()
    stated = units.filter(sasaran_spm__tahun_kinerja=tahun_kinerja)
    return list((units.filter(jenis=UnitKerja.Jenis.PUSKESMAS) | stated).distinct().order_by("urutan", "pk"))


def matrices(office: Office) -> tuple[SpmRules, Matrix, Matrix]:
    """The twelve groups of form 2.A.2 by unit, and the groups that only count goods. Three queries."""
    year = office.tahun_kinerja
    rules = spm_rules(year)
    scope = office.scope(Permission.VIEW)
    units = [unit for unit in puskesmas(year) if scope.covers(unit.pk)]
    stated = SasaranSpm.objects.filter(tahun_kinerja=year, wilayah=None)
    known: dict[tuple[int | None, str], list[SasaranSpm]] = defaultdict(list)
    for row in scope.narrow(stated).order_by("pk"):
        known[row.unit_id, row.kelompok].append(row)
    whole = scope.covers(None)
    parts = [[one for one in rules.standar.kelompok if one.utama is utama] for utama in (True, False)]
    main, sub = (_matrix(part, units, known, whole) for part in parts)
    return rules, main, sub


def _matrix(
    kelompok: Sequence[Kelompok],
    units: Sequence[UnitKerja],
    known: Mapping[tuple[int | None, str], Sequence[SasaranSpm]],
    whole: bool,
) -> Matrix:
    rows = [Row(unit, [_cell(one, known.get((unit.pk, one.kode), ())) for one in kelompok]) for unit in units]
    if not whole:
        return Matrix(kelompok, rows, None, ())
    office = Row(None, [_cell(one, known.get((None, one.kode), ())) for one in kelompok])
    columns = [_column(office.cells[at], [row.cells[at] for row in rows]) for at in range(len(kelompok))]
    return Matrix(kelompok, rows, office, columns)


def _cell(kelompok: Kelompok, stated: Sequence[SasaranSpm]) -> Cell:
    used = next((row for row in stated if row.dipakai), None)
    return Cell(kelompok, used, sum(1 for row in stated if used is None or row.jumlah != used.jumlah))


def _column(own: Cell, cells: Sequence[Cell]) -> Column:
    stated = [one.jumlah for one in cells if one.jumlah is not None]
    return Column(own.kelompok, own.jumlah, sum(stated) if stated else None, len(stated), len(cells))


def area_findings(office: Office, matrix: Matrix) -> list[Finding]:
    """The units whose areas do not add up to their own figure. One query."""
    used = SasaranSpm.objects.filter(tahun_kinerja=office.tahun_kinerja, dipakai=True, wilayah__isnull=False)
    # A kecamatan whose desa are stated is made of them already.
    parts = used.filter(
        wilayah__induk=OuterRef("wilayah"), kelompok=OuterRef("kelompok"), unit=OuterRef("unit")
    ).order_by()
    used = used.exclude(Exists(parts))
    sums = office.scope(Permission.VIEW).narrow(used).order_by().values_list("unit", "kelompok").annotate(Sum("jumlah"))
    summed = {(unit, kelompok): total for unit, kelompok, total in sums}
    return [
        Finding(row.unit, cell.kelompok, _differs(cell.jumlah, total, "jumlah wilayahnya"))
        for row in matrix.rows
        for cell in row.cells
        if row.unit
        and cell.jumlah is not None
        and (total := summed.get((row.unit.pk, cell.kelompok.kode))) is not None
        and total != cell.jumlah
    ]


def _differs(own: int, other: int, what: str) -> str:
    gap = own - other
    side = "lebih besar" if gap > 0 else "lebih kecil"
    return f"{_persons(own)} {side} {_persons(abs(gap))} daripada {what} ({_persons(other)})"


def _persons(value: int) -> str:
    return f"{value:,}".replace(",", ".")


# --- one unit ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """What one source says, who wrote it down last, and how far it is from what is used (persons)."""

    row: SasaranSpm
    by: str
    at: datetime | None
    selisih: int | None


@dataclass(frozen=True)
class GroupStatements:
    """All that is stated of a group at a place: the used statement first. `areas` is the sum of the areas."""

    kelompok: Kelompok
    statements: Sequence[Statement]
    areas: int | None = None

    @property
    def used(self) -> Statement | None:
        return next((one for one in self.statements if one.row.dipakai), None)

    @property
    def is_conflict(self) -> bool:
        return any(one.selisih for one in self.statements)

    @property
    def selisih_wilayah(self) -> int | None:
        """The unit's figure less the sum of its areas."""
        return None if self.used is None or self.areas is None else self.used.row.jumlah - self.areas


@dataclass(frozen=True)
class AreaRow:
    """An area of a unit with the figures in use of the twelve groups."""

    wilayah: Wilayah
    jumlah: Sequence[int | None]


@dataclass(frozen=True)
class UnitSasaran:
    """Everything stated for a unit, or for the office itself."""

    main: Sequence[GroupStatements]
    sub: Sequence[GroupStatements]
    wilayah: Sequence[Wilayah]
    areas: Sequence[AreaRow]
    area_statements: Mapping[str, Sequence[GroupStatements]] = field(default_factory=dict)

    @property
    def stated(self) -> int:
        return sum(1 for group in self.main if group.used)


def unit_sasaran(rules: SpmRules, tahun_kinerja: TahunKinerja, unit: UnitKerja | None) -> UnitSasaran:
    """The statements about a unit and its areas, with who made them. Three queries."""
    rows = list(SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit).select_related("wilayah"))
    writers = _writers(tahun_kinerja, unit)
    by_place: dict[tuple[int | None, str], list[SasaranSpm]] = defaultdict(list)
    for row in rows:
        by_place[row.wilayah_id, row.kelompok].append(row)
    wilayah = list(Wilayah.objects.filter(instansi=tahun_kinerja.instansi_id, unit=unit)) if unit else []
    groups: dict[bool, list[GroupStatements]] = {True: [], False: []}
    for kelompok in rules.standar.kelompok:
        used = _leaves([row for row in rows if row.wilayah_id and row.dipakai and row.kelompok == kelompok.kode])
        stated = _statements(by_place.get((None, kelompok.kode), ()), writers)
        groups[kelompok.utama].append(GroupStatements(kelompok, stated, sum(used) if used else None))
    return UnitSasaran(
        groups[True],
        groups[False],
        wilayah,
        [area for one in wilayah if any((area := _area_row(one, rules, by_place)).jumlah)],
        {one.nama: found for one in wilayah if (found := _area_conflicts(one, rules, by_place, writers))},
    )


def _leaves(rows: Sequence[SasaranSpm]) -> list[int]:
    """The figures of areas, without those of a kecamatan whose desa are stated: it is made of them already."""
    made_of = {row.wilayah.induk_id for row in rows if row.wilayah}
    return [row.jumlah for row in rows if row.wilayah_id not in made_of]


def _area_row(
    wilayah: Wilayah, rules: SpmRules, by_place: Mapping[tuple[int | None, str], Iterable[SasaranSpm]]
) -> AreaRow:
    main = [one.kode for one in rules.standar.kelompok if one.utama]
    return AreaRow(
        wilayah,
        [next((row.jumlah for row in by_place.get((wilayah.pk, kode), ()) if row.dipakai), None) for kode in main],
    )


def _area_conflicts(
    wilayah: Wilayah,
    rules: SpmRules,
    by_place: Mapping[tuple[int | None, str], Sequence[SasaranSpm]],
    writers: Mapping[tuple[str, str], AuditEntry],
) -> list[GroupStatements]:
    found = [
        GroupStatements(one, _statements(by_place.get((wilayah.pk, one.kode), ()), writers))
        for one in rules.standar.kelompok
    ]
    return [one for one in found if one.is_conflict]


def _statements(rows: Sequence[SasaranSpm], writers: Mapping[tuple[str, str], AuditEntry]) -> list[Statement]:
    used = next((row for row in rows if row.dipakai), None)
    found = []
    for row in sorted(rows, key=lambda one: (not one.dipakai, one.pk)):
        entry = writers.get((_place(row), row.sumber))
        by = str(entry.by) if entry and entry.by else "berkas yang dimuat"
        gap = None if used is None else row.jumlah - used.jumlah
        found.append(Statement(row, by, entry.at if entry else None, gap))
    return found


def _place(row: SasaranSpm) -> str:
    return f"{row.wilayah.kunci if row.wilayah else ''} {row.kelompok}"


def _writers(tahun_kinerja: TahunKinerja, unit: UnitKerja | None) -> dict[tuple[str, str], AuditEntry]:
    """The last entry that wrote each statement of a unit, by place with group, and source. One query."""
    entries = AuditEntry.objects.filter(
        instansi=tahun_kinerja.instansi_id,
        action__in=_WRITTEN,
        outcome=AuditEntry.Outcome.DONE,
        unit_kunci=unit.kunci if unit else "",
        subject__startswith="spm/sasaran ",
        subject__endswith=f" {tahun_kinerja.tahun}",
    ).select_related("by")
    own = unit.kunci if unit else "-"
    found: dict[tuple[str, str], AuditEntry] = {}
    for entry in entries.order_by("at", "pk"):
        _, place, kelompok, _ = entry.subject.split(" ")
        found[f"{'' if place == own else place} {kelompok}", (entry.after or {}).get("sumber", "")] = entry
    return found
