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
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Indikator, Node
from capaian.planning.queries import QuarterPlan, quarter_plans, read_expression, year_indikator
from capaian.rules.periods import ROMAN, Period
from capaian.rules.target import EmptyTarget
from capaian.rules.triwulan import QUARTERS


@dataclass(frozen=True)
class Column:
    """A period of the grid; one that has not begun cannot be filled, and says when it begins."""

    periode: int
    label: str
    starts: date
    is_open: bool


@dataclass(frozen=True)
class Cell:
    """What stands in one period of one indicator: the realisasi as typed, and the target planned for that quarter."""

    column: Column
    teks: str
    target: str


@dataclass(frozen=True)
class GridRow:
    """An indicator of the grid. `capaian` is by period; `joined` the year's value where only quarters are stated."""

    indikator: Indikator
    level: str
    unit: str
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

    @property
    def rows(self) -> list[GridRow]:
        return [row for group in self.groups for row in group.rows]

    def filled(self, periode: int) -> int:
        """How many indicators with a target have a realisasi in the period."""
        return sum(1 for row in self.rows if row.has_target and _is_filled(row.cells[periode - 1].teks))

    @property
    def fillable(self) -> int:
        return sum(1 for row in self.rows if row.has_target)


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


def read_grid(tahun_kinerja: TahunKinerja, today: date) -> Grid:
    """All indicators of a year with cells and capaian. Six queries, whatever their number."""
    heads = columns(tahun_kinerja.tahun, today)
    indikator = list(
        year_indikator(tahun_kinerja)
        .select_related("sasaran", "tujuan", "node__penanggung_jawab", "penanggung_jawab")
        .order_by("urutan")
    )
    targets = _targets(tahun_kinerja)
    planned = quarter_plans(tahun_kinerja)
    realisasi = _realisasi(tahun_kinerja)
    capaian = _capaian(tahun_kinerja)
    groups: dict[tuple[str, int], Group] = {}
    for one in sorted(indikator, key=_place):
        teks, satuan = targets.get(one.pk, ("", ""))
        reached = realisasi.get(one.pk, {})
        row = GridRow(
            indikator=one,
            level=_level(one),
            unit=_unit(one),
            satuan=satuan or one.satuan,
            target=teks,
            cells=_cells(heads, reached, planned.get(one.pk, QuarterPlan()).quarters),
            joined="" if reached.get(0) else annual_value(reached, one.sifat).value.text,
            capaian=capaian.get(one.pk, {}),
            desimal=tahun_kinerja.instansi.desimal if one.desimal is None else one.desimal,
        )
        _group(groups, one).rows.append(row)
    return Grid(heads, list(groups.values()))


def _cells(heads: Sequence[Column], reached: Mapping[int, str], planned: Sequence[str]) -> tuple[Cell, ...]:
    quarters = dict(enumerate(planned, start=1))
    return tuple(Cell(head, reached.get(head.periode, ""), quarters.get(head.periode, "")) for head in heads)


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


def _capaian(tahun_kinerja: TahunKinerja) -> dict[int, dict[int, Capaian]]:
    found: dict[int, dict[int, Capaian]] = defaultdict(dict)
    year = tahun_kinerja.tahun
    rows = Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, tahun=year, tahun_target=year)
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
