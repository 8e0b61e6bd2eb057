"""Monitoring and evaluation of a quarter: per service what was reached, at what cost, what stood in the way, and who
has not reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.periods import ROMAN
from capaian.rules.spm.pace import expected_percent, is_behind
from capaian.rules.spm.standar import Layanan
from capaian.spm.models import AlokasiSpm, CapaianSpm, MonevSpm
from capaian.spm.queries import TRIWULAN, SpmRules, office_sasaran, spm_rules, spm_units, used_sasaran
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.queries_sheets import HANDED_IN


@dataclass(frozen=True)
class Point:
    """The coverage of a service up to the end of a quarter in percent, and its rise since the quarter before.

    Of an office it `is_partial` while reports are missing: its sasaran is that of all units. Quarters made of different
    numbers of units are not compared.
    """

    triwulan: int
    penerima: Decimal | None
    naik: Decimal | None
    is_behind: bool
    is_shown: bool
    is_partial: bool

    @property
    def label(self) -> str:
        return f"TW {ROMAN[self.triwulan - 1]}"


@dataclass(frozen=True)
class Dana:
    """The money for a service in whole rupiah; `is_sum` where it is the sum of the units' and not the office's own."""

    alokasi: int | None
    realisasi: int | None
    sumber: tuple[str, ...]
    is_sum: bool = False

    @property
    def serapan(self) -> Decimal | None:
        """Realisasi over alokasi in percent."""
        if not self.alokasi or self.realisasi is None:
            return None
        return Decimal(self.realisasi) * 100 / Decimal(self.alokasi)


@dataclass(frozen=True)
class UnitService:
    """How a unit stands with one service: its stored result, and what it wrote."""

    unit: UnitKerja
    capaian: CapaianSpm | None
    monev: MonevSpm | None
    is_behind: bool

    @property
    def penerima(self) -> Decimal | None:
        return self.capaian.penerima if self.capaian else None


@dataclass(frozen=True)
class ServiceMonev:
    """One service in the quarter; `sasaran` in persons, `earlier` the texts of the quarters before, `units` all units
    of an office.
    """

    layanan: Layanan
    sasaran: int | None
    capaian: CapaianSpm | None
    points: tuple[Point, ...]
    monev: MonevSpm | None
    earlier: tuple[MonevSpm, ...]
    dana: Dana | None
    units: tuple[UnitService, ...]

    @property
    def is_behind(self) -> bool:
        """Whether problem and solution are asked for; of an office it cannot be said while reports are missing."""
        return any(point.is_shown and point.is_behind and not point.is_partial for point in self.points)

    @property
    def is_partial(self) -> bool:
        return any(point.is_shown and point.is_partial for point in self.points)

    @property
    def is_explained(self) -> bool:
        return self.monev is not None and bool(self.monev.permasalahan and self.monev.solusi)

    @property
    def is_due(self) -> bool:
        """Whether a unit has still to write something before it can submit; an office may, and need not."""
        return self.is_behind and not self.is_explained and not self.units

    @property
    def units_behind(self) -> int:
        return sum(one.is_behind for one in self.units)


@dataclass(frozen=True)
class UnitMonev:
    """A unit beside the others: where its report stands, and its services on and behind the pace."""

    unit: UnitKerja
    state: str
    reported: int
    on_pace: int
    lowest: UnitService | None
    lowest_layanan: Layanan | None
    explained: int
    due: int

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN


@dataclass(frozen=True)
class Monev:
    """The quarter of a unit, or of the office with its units."""

    rules: SpmRules
    expected: Decimal
    services: tuple[ServiceMonev, ...]
    units: tuple[UnitMonev, ...]

    @property
    def reported(self) -> Sequence[ServiceMonev]:
        """The services with a coverage."""
        return [one for one in self.services if one.capaian is not None and one.capaian.penerima is not None]

    @property
    def behind(self) -> Sequence[ServiceMonev]:
        return [one for one in self.services if one.is_behind]

    @property
    def judged(self) -> Sequence[ServiceMonev]:
        """The services of which can be said whether they are behind."""
        return [one for one in self.reported if not one.is_partial]

    @property
    def partial(self) -> Sequence[ServiceMonev]:
        """The services of an office of which reports are missing."""
        return [one for one in self.services if one.is_partial]

    @property
    def due(self) -> Sequence[ServiceMonev]:
        return [one for one in self.services if one.is_due]

    @property
    def silent(self) -> Sequence[UnitMonev]:
        """The units that have not handed in their report."""
        return [one for one in self.units if not one.is_handed_in]


def read_monev(key: SheetKey) -> Monev:
    """The monev of a quarter. Five queries for a unit, nine for the office."""
    year, unit, triwulan = key.tahun_kinerja, key.unit, key.periode
    rules = spm_rules(year)
    results = CapaianSpm.objects.filter(tahun_kinerja=year, unit=unit, triwulan__in=TRIWULAN).defer("dasar")
    by_quarter = {(row.layanan, row.triwulan): row for row in results}
    texts = {
        (row.layanan, row.triwulan): row
        for row in MonevSpm.objects.filter(tahun_kinerja=year, unit=unit, triwulan__in=TRIWULAN)
    }
    money, sasaran = _money(year, unit), used_sasaran(year, [unit] if unit else None)
    beside = {} if unit else _units_beside(key, rules)
    services = [
        ServiceMonev(
            layanan,
            _sasaran(sasaran, unit, layanan),
            by_quarter.get((layanan.kode, triwulan)),
            _points(layanan, by_quarter, triwulan),
            texts.get((layanan.kode, triwulan)),
            tuple(texts[layanan.kode, one] for one in range(1, triwulan) if (layanan.kode, one) in texts),
            money.get(layanan.kode),
            tuple(beside.get(layanan.kode, ())),
        )
        for layanan in rules.standar.layanan
    ]
    units = _compared(key, services) if beside else []
    return Monev(rules, expected_percent(triwulan), tuple(services), tuple(units))


def _sasaran(by_unit: Mapping[int | None, Mapping[str, int]], unit: UnitKerja | None, layanan: Layanan) -> int | None:
    return by_unit.get(unit.pk, {}).get(layanan.kelompok) if unit else office_sasaran(by_unit, layanan.kelompok)


def _points(layanan: Layanan, results: Mapping[tuple[str, int], CapaianSpm], shown: int) -> tuple[Point, ...]:
    points: list[Point] = []
    before: CapaianSpm | None = None
    for triwulan in TRIWULAN:
        row = results.get((layanan.kode, triwulan))
        penerima = row.penerima if row else None
        is_partial = row is not None and row.unit_dihitung < row.unit_total
        points.append(
            Point(triwulan, penerima, _rise(before, row), is_behind(penerima, triwulan), triwulan == shown, is_partial)
        )
        before = row
    return tuple(points)


def _rise(before: CapaianSpm | None, row: CapaianSpm | None) -> Decimal | None:
    if before is None or row is None or before.unit_dihitung != row.unit_dihitung:
        return None
    return None if before.penerima is None or row.penerima is None else row.penerima - before.penerima


def _money(year: TahunKinerja, unit: UnitKerja | None) -> dict[str, Dana]:
    """The money by service: the unit's own; of the office its own, else the sum of its units. One query."""
    lines: dict[tuple[str, bool], list[AlokasiSpm]] = defaultdict(list)
    stored = AlokasiSpm.objects.filter(tahun_kinerja=year)
    for line in stored.filter(unit=unit) if unit else stored:
        lines[line.layanan, line.unit_id != (unit.pk if unit else None)].append(line)
    own = {layanan for layanan, is_sum in lines if not is_sum}
    return {
        layanan: _dana(found, is_sum=is_sum)
        for (layanan, is_sum), found in lines.items()
        if not is_sum or layanan not in own
    }


def _dana(lines: Sequence[AlokasiSpm], *, is_sum: bool) -> Dana:
    sources = tuple(dict.fromkeys(line.sumber_dana for line in lines))
    return Dana(_sum(line.alokasi for line in lines), _sum(line.realisasi for line in lines), sources, is_sum)


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def _units_beside(key: SheetKey, rules: SpmRules) -> dict[str, list[UnitService]]:
    """Every unit with every service, the lowest coverage first and the silent ones last. Three queries."""
    year, triwulan = key.tahun_kinerja, key.periode
    place = {"tahun_kinerja": year, "triwulan": triwulan, "unit__isnull": False}
    results = {(row.layanan, row.unit_id): row for row in CapaianSpm.objects.filter(**place).defer("dasar", "catatan")}
    texts = {(row.layanan, row.unit_id): row for row in MonevSpm.objects.filter(**place)}
    units = spm_units(year)
    found = {}
    for layanan in rules.standar.layanan:
        rows = []
        for unit in units:
            row = results.get((layanan.kode, unit.pk))
            behind = is_behind(row.penerima if row else None, triwulan)
            rows.append(UnitService(unit, row, texts.get((layanan.kode, unit.pk)), behind))
        found[layanan.kode] = sorted(rows, key=lambda one: (one.penerima is None, one.penerima or 0))
    return found


def _compared(key: SheetKey, services: Sequence[ServiceMonev]) -> list[UnitMonev]:
    """Each unit over all its services, those with the most services behind first. One query."""
    states = dict(
        Submission.objects.filter(
            tahun_kinerja=key.tahun_kinerja, form=Form.SPM, periode=key.periode, unit__isnull=False
        ).values_list("unit", "state")
    )
    by_unit: dict[int, list[tuple[Layanan, UnitService]]] = defaultdict(list)
    for service in services:
        for one in service.units:
            by_unit[one.unit.pk].append((service.layanan, one))
    rows = [_unit_row(states, rows) for rows in by_unit.values()]
    return sorted(rows, key=lambda row: (row.reported == 0, row.on_pace, str(row.unit)))


def _unit_row(states: Mapping[int, str], rows: Sequence[tuple[Layanan, UnitService]]) -> UnitMonev:
    unit = rows[0][1].unit
    reported = [(layanan, one) for layanan, one in rows if one.penerima is not None]
    lowest = min(reported, key=lambda pair: pair[1].penerima or 0, default=(None, None))
    behind = [one for _, one in reported if one.is_behind]
    return UnitMonev(
        unit=unit,
        state=states.get(unit.pk, Submission.State.DRAF.value),
        reported=len(reported),
        on_pace=len(reported) - len(behind),
        lowest=lowest[1],
        lowest_layanan=lowest[0],
        explained=sum(1 for one in behind if one.monev and one.monev.permasalahan and one.monev.solusi),
        due=len(behind),
    )
