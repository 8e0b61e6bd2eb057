"""Reading the entry grid: every indicator with a place in the year, its five cells, and its capaian so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.quarters import annual_value
from capaian.measurement.queries import measured_targets
from capaian.measurement.sourced import source_of, why_not_typed, with_source
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.planning.models import Indikator, Node
from capaian.planning.queries import (
    QuarterPlan,
    quarter_plans,
    read_expression,
    year_indikator,
)
from capaian.planning.units import responsible_units
from capaian.rules.periods import ROMAN, Period
from capaian.rules.target import EmptyTarget
from capaian.rules.triwulan import QUARTERS
from capaian.workflow.forms import SheetKey
from capaian.workflow.locks import Locks, read_locks
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_url, unit_name

# Why a value that the office makes of its units' reports has no cell.
COLLECTED = "Dihitung dari laporan unit; isi lembar unitnya."


@dataclass(frozen=True)
class Column:
    """A period of the grid; one that has not begun cannot be filled, and says when it begins."""

    periode: int
    label: str
    starts: date
    is_open: bool


@dataclass(frozen=True)
class Cell:
    """What stands in one period of one indicator: the realisasi as typed, and the target planned for that quarter.

    `editable` says whether this person can fill it now, else `closed` why not, where there is more to say than the
    head of the column and the row do. `has_trace` is a value that nobody typed: joined from units'
    reports, or taken from another part.
    """

    column: Column
    teks: str
    target: str
    editable: bool = False
    closed: str = ""
    has_trace: bool = False


@dataclass(frozen=True)
class GridRow:
    """An indicator of the grid. `capaian` is by period; `joined` the year's value where only quarters are stated."""

    indikator: Indikator
    level: str
    unit: str
    unit_id: int | None
    satuan: str
    target: str
    cells: tuple[Cell, ...]
    joined: str
    capaian: Mapping[int, Capaian]
    desimal: int

    @property
    def has_target(self) -> bool:
        return bool(self.target)

    def status(self, periode: int) -> str:
        return self.capaian[periode].status if periode in self.capaian else Capaian.Status.BELUM_ADA


@dataclass
class Group:
    """A sasaran or node with its indicators."""

    level: str
    name: str
    code: str
    rows: list[GridRow] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """The grid of a year: its columns, and its groups in printed order."""

    columns: tuple[Column, ...]
    groups: list[Group]
    locks: Locks

    @property
    def rows(self) -> list[GridRow]:
        return [row for group in self.groups for row in group.rows]

    def filled(self, periode: int) -> int:
        """How many indicators with a target have a realisasi in the period."""
        return sum(1 for row in self.rows if row.has_target and _is_filled(row.cells[periode - 1].teks))

    @property
    def fillable(self) -> int:
        return sum(1 for row in self.rows if row.has_target)

    @property
    def is_editable(self) -> bool:
        """Whether the person can fill any cell at all now."""
        return any(cell.editable for row in self.rows for cell in row.cells)


def columns(tahun: int, today: date) -> tuple[Column, ...]:
    """The four quarters and the year."""
    periods = [(number, f"TW {ROMAN[number - 1]}", Period(tahun, number)) for number in range(1, QUARTERS + 1)]
    periods.append((0, "Setahun", Period(tahun)))
    return tuple(Column(number, label, at.start, not at.is_future(today)) for number, label, at in periods)


def current_quarter(tahun: int, today: date) -> int:
    """The quarter to open the grid at: the one that today lies in, the last for a year gone by, else the first."""
    if today.year != tahun:
        return QUARTERS if today.year > tahun else 1
    return next(number for number in range(1, QUARTERS + 1) if Period(tahun, number).contains(today))


def read_grid(tahun_kinerja: TahunKinerja, today: date, office: Office | None = None) -> Grid:
    """All indicators of a year with cells and capaian, or what the person of `office` may see of them. Ten queries.

    Without `office` every cell is shown, and open to the system where its sheet is.
    """
    heads = columns(tahun_kinerja.tahun, today)
    units = responsible_units(tahun_kinerja)
    rows = with_source(year_indikator(tahun_kinerja)).select_related(
        "sasaran", "tujuan", "node__penanggung_jawab", "penanggung_jawab"
    )
    seen = [one for one in rows if office is None or office.allows(Permission.VIEW, units[one.pk])]
    facts = _Facts(
        targets=_targets(tahun_kinerja),
        planned=quarter_plans(tahun_kinerja),
        realisasi=_realisasi(tahun_kinerja),
        joined=_joined(tahun_kinerja) if any(one.pelapor or source_of(one) for one in seen) else frozenset(),
        capaian=capaian_by_indikator(tahun_kinerja),
        locks=read_locks(tahun_kinerja, Form.KINERJA, today),
    )
    groups: dict[tuple[str, int], Group] = {}
    for one in sorted(seen, key=_place):
        _group(groups, one).rows.append(_row(tahun_kinerja, one, units[one.pk], heads, facts, office))
    return Grid(heads, list(groups.values()), facts.locks)


@dataclass(frozen=True)
class _Facts:
    """What is stored of a year, by indicator; `joined` are the values that nobody typed."""

    targets: Mapping[int, tuple[str, str]]
    planned: Mapping[int, QuarterPlan]
    realisasi: Mapping[int, Mapping[int, str]]
    joined: frozenset[tuple[int, int]]
    capaian: Mapping[int, Mapping[int, Capaian]]
    locks: Locks


def _row(
    tahun_kinerja: TahunKinerja,
    indikator: Indikator,
    unit_id: int | None,
    heads: Sequence[Column],
    facts: _Facts,
    office: Office | None,
) -> GridRow:
    teks, satuan = facts.targets.get(indikator.pk, ("", ""))
    reached = facts.realisasi.get(indikator.pk, {})
    may = bool(teks) and (office is None or office.allows(Permission.RECORD_REALISASI, unit_id))
    quarters = dict(enumerate(facts.planned.get(indikator.pk, QuarterPlan()).quarters, start=1))

    def cell(head: Column) -> Cell:
        closed = COLLECTED if indikator.pelapor else why_not_typed(indikator, head.periode)
        closed = closed or facts.locks.reason(unit_id, head.periode)
        return Cell(
            head,
            reached.get(head.periode, ""),
            quarters.get(head.periode, ""),
            editable=may and head.is_open and not closed,
            closed=closed if teks and head.is_open else "",
            has_trace=(indikator.pk, head.periode) in facts.joined,
        )

    return GridRow(
        indikator=indikator,
        level=_level(indikator),
        unit=_unit(indikator),
        unit_id=unit_id,
        satuan=satuan or indikator.satuan,
        target=teks,
        cells=tuple(cell(head) for head in heads),
        joined="" if reached.get(0) else annual_value(reached, indikator.sifat).value.text,
        capaian=facts.capaian.get(indikator.pk, {}),
        desimal=tahun_kinerja.instansi.desimal if indikator.desimal is None else indikator.desimal,
    )


@dataclass(frozen=True)
class SheetLink:
    """The sheet of a unit for a period, and where it stands."""

    nama: str
    url: str
    state: str


def sheet_links(office: Office, grid: Grid, periode: int) -> list[SheetLink]:
    """The sheets of a period that the person may open: of the units that answer for a row, and that report one.

    One query.
    """
    year = office.tahun_kinerja
    answering = {row.unit_id for row in grid.rows if not row.indikator.pelapor}
    kinds = year_indikator(year).exclude(pelapor="").values("pelapor")
    units = office.scope(Permission.VIEW).narrow(year.instansi.unit_kerja.all(), "pk")
    rows: list[UnitKerja | None] = [None] if None in answering else []
    rows += units.filter(Q(pk__in=answering - {None}) | Q(jenis__in=kinds)).order_by("urutan", "pk")
    keys = [SheetKey(year, Form.KINERJA.value, unit, periode) for unit in rows]
    return [
        SheetLink(
            unit_name(key), sheet_url("lembar", key), grid.locks.state(key.unit.pk if key.unit else None, periode)
        )
        for key in keys
    ]


def joined_values(indikator: Iterable[Indikator], tahun: int) -> dict[int, str]:
    """The year's value of each indicator joined from its quarters; empty where the year has its own. One query."""
    sifat = {one.pk: one.sifat for one in indikator}
    found: dict[int, dict[int, str]] = {pk: {} for pk in sifat}
    rows = Realisasi.objects.filter(indikator__in=sifat, tahun=tahun)
    for pk, periode, teks in rows.values_list("indikator", "periode", "teks"):
        found[pk][periode] = teks
    return {pk: "" if reached.get(0) else annual_value(reached, sifat[pk]).value.text for pk, reached in found.items()}


def _targets(tahun_kinerja: TahunKinerja) -> dict[int, tuple[str, str]]:
    rows = measured_targets(tahun_kinerja, Q(tahun=tahun_kinerja.tahun))
    return {row.indikator_id: (row.teks, row.satuan) for row in rows if _is_filled(row.teks)}


def _realisasi(tahun_kinerja: TahunKinerja) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Realisasi.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun)
    for pk, periode, teks in rows.values_list("indikator", "periode", "teks"):
        found[pk][periode] = teks
    return found


def _joined(tahun_kinerja: TahunKinerja) -> frozenset[tuple[int, int]]:
    rows = Realisasi.objects.filter(
        indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun, jejak__isnull=False
    )
    return frozenset(rows.values_list("indikator", "periode"))


def capaian_by_indikator(
    tahun_kinerja: TahunKinerja, indikator: Iterable[Indikator] | None = None
) -> dict[int, dict[int, Capaian]]:
    """The capaian of the year against its own target by indicator and period, without their traces. One query."""
    found: dict[int, dict[int, Capaian]] = defaultdict(dict)
    year = tahun_kinerja.tahun
    rows = Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, tahun=year, tahun_target=year)
    if indikator is not None:
        rows = rows.filter(indikator__in=[one.pk for one in indikator])
    for row in rows.defer("jejak"):
        found[row.indikator_id][row.periode] = row
    return found


def _place(indikator: Indikator) -> tuple[int, int, int]:
    """Indicators of the renstra first, then those of the programme tree in its printed order."""
    return (1, indikator.node.urutan, indikator.urutan) if indikator.node else (0, 0, indikator.urutan)


def _level(indikator: Indikator) -> str:
    if indikator.node is not None:
        return indikator.node.get_jenis_display()
    return "IKU" if indikator.is_iku else "Indikator sasaran"


def _unit(indikator: Indikator) -> str:
    unit = indikator.penanggung_jawab or (indikator.node.penanggung_jawab if indikator.node else None)
    return str(unit) if unit else ""


def _group(groups: dict[tuple[str, int], Group], indikator: Indikator) -> Group:
    owner = indikator.node or indikator.sasaran or indikator.tujuan
    assert owner is not None  # noqa: S101 - the table has a check constraint
    level = owner.get_jenis_display() if isinstance(owner, Node) else str(owner._meta.verbose_name).capitalize()
    name, code = (owner.nama, owner.kode) if isinstance(owner, Node) else (owner.uraian, "")
    return groups.setdefault((level, owner.pk), Group(level, name, code))


def _is_filled(teks: str) -> bool:
    return not isinstance(read_expression(teks), EmptyTarget)
