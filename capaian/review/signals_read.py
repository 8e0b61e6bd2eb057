"""The figures of a year as the plain inputs that the signals of `rules` take, each with its unit and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from capaian.budget.queries import BudgetRow, budget_tree
from capaian.measurement.models import Capaian, Realisasi, RealisasiUnit
from capaian.measurement.quarters import annual_value
from capaian.measurement.queries import measured_targets
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Dokumen, Indikator, Target
from capaian.planning.queries import (
    QuarterPlan,
    quarter_plans,
    read_expression,
    read_number,
    year_indikator,
)
from capaian.planning.units import node_units
from capaian.rules.periods import ROMAN
from capaian.rules.signals import History, Money, Pair, Series, TargetChange
from capaian.rules.target import BoundTarget, NumberTarget

_QUARTERS = (1, 2, 3, 4)
Unit = UnitKerja | None


@dataclass(frozen=True)
class _Change:
    """Two versions of one document that state different targets of an indicator."""

    indikator: Indikator
    before: Decimal
    after: Decimal
    at: date | None


@dataclass
class YearFigures:
    """Everything stored about a year that the signals look at; see `read_figures`.

    `values` are the texts of the office's realisasi by indicator, year and period; `own` those that units reported, by
    indicator, unit and component, then by (year, period). `capaian` is rounded percent by indicator and period.
    """

    tahun_kinerja: TahunKinerja
    indikator: list[Indikator]
    unit_of: dict[int, int | None]
    node_unit: dict[int, int | None]
    units: dict[int, UnitKerja]
    targets: dict[int, str]
    plans: dict[int, QuarterPlan]
    values: dict[int, dict[tuple[int, int], str]]
    own: dict[tuple[int, int, str], dict[tuple[int, int], str]]
    capaian: dict[int, dict[int, Decimal]]
    changes: list[_Change]
    budget: list[BudgetRow]
    names: dict[str, str] = field(default_factory=dict)

    @property
    def tahun(self) -> int:
        return self.tahun_kinerja.tahun

    def unit(self, pk: int | None) -> Unit:
        return self.units[pk] if pk is not None else None

    def name_of(self, subject: str) -> str:
        """What a figure is called, by the subject that its audit entries carry (`[unit ]kunci[#part] 2024/1`)."""
        figure = subject.rpartition(" ")[0]
        kunci = figure.rpartition(" ")[2].partition("#")[0]
        return self.names.get(figure) or self.names.get(kunci) or subject

    def target_changes(self) -> Iterator[tuple[TargetChange, Unit]]:
        """Targets that a later version of a document states otherwise, with the capaian up to each quarter."""
        for change in self.changes:
            one = change.indikator
            quarters = [(number, self.capaian.get(one.pk, {}).get(number)) for number in _QUARTERS]
            yield (
                TargetChange(
                    f"{one.kunci} {self.tahun}/0",
                    f'"{one.nama}"',
                    one.arah,  # type: ignore[arg-type]
                    change.before,
                    change.after,
                    change.at,
                    quarters,
                    self.tahun,
                ),
                self.unit(self.unit_of[one.pk]),
            )

    def series(self) -> Iterator[tuple[Series, Unit, int]]:
        """The quarters of every figure, of the office and of units that report; the last filled one is the place."""
        for subject, one, nama, texts, unit in self._figures():
            values = [read_number(texts.get((self.tahun, number), "")) for number in _QUARTERS]
            last = max(
                (number for number, value in zip(_QUARTERS, values, strict=True) if value is not None), default=0
            )
            if last:
                is_sum = one.sifat == Indikator.Sifat.JUMLAH
                yield Series(f"{subject} {self.tahun}/{last}", nama, values, is_sum), unit, last

    def pairs(self) -> Iterator[tuple[str, str, list[Pair], Unit, int]]:
        """The office's figures of each unit beside their targets, for each quarter and for the year.

        What units report themselves has no target of its own.
        """
        found: dict[tuple[int | None, int], list[Pair]] = defaultdict(list)
        for one in self.indikator:
            if one.pelapor:
                continue
            for periode in (0, *_QUARTERS):
                target, reached = self._target(one, periode), self._reached(one, periode)
                if target is not None and reached is not None:
                    pair = Pair(f"{one.kunci} {self.tahun}/{periode}", target, reached)
                    found[self.unit_of[one.pk], periode].append(pair)
        for (pk, periode), pairs in found.items():
            unit = self.unit(pk)
            subject = f"kinerja {unit.kunci if unit else '-'} {self.tahun}/{periode}"
            when = f"triwulan {ROMAN[periode - 1]}" if periode else f"tahun {self.tahun}"
            yield subject, f"{unit or self.tahun_kinerja.instansi} {when}", pairs, unit, periode

    def histories(self) -> Iterator[tuple[History, Unit, int]]:
        """Each value beside those before it: a quarter beside quarters of two years, a year beside earlier years."""
        for subject, one, nama, texts, unit in self._figures():
            known = [
                (f"triwulan {ROMAN[number - 1]} {year}", year, number, value)
                for year in (self.tahun - 1, self.tahun)
                for number in _QUARTERS
                if (value := read_number(texts.get((year, number), ""))) is not None
            ]
            for place, (label, year, number, value) in enumerate(known):
                if year == self.tahun:
                    earlier = [(before, figure) for before, _, _, figure in known[:place]]
                    yield History(f"{subject} {year}/{number}", nama, label, value, earlier), unit, number
            if not one.pelapor and (value := self._reached(one, 0)) is not None:
                years = sorted(year for year, periode in texts if year < self.tahun and periode == 0)
                stated = ((f"tahun {year}", read_number(texts[year, 0])) for year in years)
                earlier = [(label, figure) for label, figure in stated if figure is not None]
                yield History(f"{subject} {self.tahun}/0", nama, f"tahun {self.tahun}", value, earlier), unit, 0

    def money(self) -> Iterator[tuple[Money, Unit]]:
        """Each node with its serapan of the year and the capaian of its indicators."""
        by_node: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for one in self.indikator:
            persen = self.capaian.get(one.pk, {}).get(0)
            if one.node_id is not None and persen is not None:
                by_node[one.node_id].append((f'"{one.nama}"', persen))
        for row in self.budget:
            if row.money.tampil is not None and row.node.pk in by_node:
                node = row.node
                subject = f"{node.kunci} {self.tahun}/0"
                money = Money(subject, f'"{node.nama}"', row.money.tampil, by_node[node.pk])
                yield money, self.unit(self.node_unit[node.pk])

    def _figures(self) -> Iterator[tuple[str, Indikator, str, dict[tuple[int, int], str], Unit]]:
        """(subject without period, indicator, name, texts by year and period, unit) of every figure."""
        known = {one.pk: one for one in self.indikator}
        for one in self.indikator:
            if not one.pelapor:
                yield one.kunci, one, f'"{one.nama}"', self.values.get(one.pk, {}), self.unit(self.unit_of[one.pk])
        for (pk, unit_pk, part), texts in self.own.items():
            unit, one = self.units[unit_pk], known[pk]
            nama = f'"{one.nama}"{f" ({part})" if part else ""} {unit}'
            yield f"{unit.kunci} {one.kunci}{f'#{part}' if part else ''}", one, nama, texts, unit

    def _target(self, indikator: Indikator, periode: int) -> Decimal | None:
        if not periode:
            return read_number(self.targets.get(indikator.pk, ""))
        plan = self.plans.get(indikator.pk)
        return read_number(plan.quarters[periode - 1]) if plan else None

    def _reached(self, indikator: Indikator, periode: int) -> Decimal | None:
        texts = self.values.get(indikator.pk, {})
        if periode:
            return read_number(texts.get((self.tahun, periode), ""))
        joined = annual_value({number: texts.get((self.tahun, number), "") for number in range(5)}, indikator.sifat)
        return joined.value.value if isinstance(joined.value, NumberTarget | BoundTarget) else None


def read_figures(tahun_kinerja: TahunKinerja) -> YearFigures:
    """Read all that the signals look at. Seventeen queries, whatever the number of figures."""
    indikator = list(year_indikator(tahun_kinerja).select_related("node").order_by("node__urutan", "urutan"))
    nodes = node_units(tahun_kinerja)
    budget = budget_tree(tahun_kinerja)
    stated = measured_targets(tahun_kinerja)
    return YearFigures(
        tahun_kinerja,
        indikator,
        unit_of={one.pk: _unit_of(one, nodes) for one in indikator},
        node_unit=nodes,
        units={unit.pk: unit for unit in tahun_kinerja.instansi.unit_kerja.all()},
        targets={row.indikator_id: row.teks for row in stated if row.tahun == tahun_kinerja.tahun},
        plans=quarter_plans(tahun_kinerja),
        values=_values(tahun_kinerja),
        own=_own(tahun_kinerja),
        capaian=_capaian(tahun_kinerja),
        changes=_changes(tahun_kinerja, indikator),
        budget=budget,
        names={row.node.kunci: row.node.nama for row in budget} | {one.kunci: one.nama for one in indikator},
    )


def _unit_of(indikator: Indikator, nodes: dict[int, int | None]) -> int | None:
    if indikator.penanggung_jawab_id is not None or indikator.node_id is None:
        return indikator.penanggung_jawab_id
    return nodes[indikator.node_id]


def _values(year: TahunKinerja) -> dict[int, dict[tuple[int, int], str]]:
    rows = Realisasi.objects.filter(indikator__in=year_indikator(year), tahun__lte=year.tahun).order_by()
    found: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
    for pk, tahun, periode, teks in rows.values_list("indikator", "tahun", "periode", "teks"):
        found[pk][tahun, periode] = teks
    return found


def _own(year: TahunKinerja) -> dict[tuple[int, int, str], dict[tuple[int, int], str]]:
    rows = RealisasiUnit.objects.filter(
        indikator__in=year_indikator(year), tahun__in=(year.tahun - 1, year.tahun), unit__instansi=year.instansi
    )
    found: dict[tuple[int, int, str], dict[tuple[int, int], str]] = defaultdict(dict)
    values = rows.order_by("unit__urutan", "unit", "indikator__urutan", "indikator", "komponen")
    for pk, unit, part, tahun, periode, teks in values.values_list(
        "indikator", "unit", "komponen", "tahun", "periode", "teks"
    ):
        found[pk, unit, part][tahun, periode] = teks
    return found


def _capaian(year: TahunKinerja) -> dict[int, dict[int, Decimal]]:
    rows = Capaian.objects.filter(dokumen__tahun_kinerja=year, tahun=year.tahun, tahun_target=year.tahun)
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    kept = rows.exclude(dokumen__jenis=Dokumen.Jenis.RENSTRA).order_by()
    for pk, periode, tampil in kept.values_list("indikator", "periode", "tampil"):
        if tampil is not None:
            found[pk][periode] = tampil
    return found


def _changes(year: TahunKinerja, indikator: list[Indikator]) -> list[_Change]:
    """Where a later version of one kind of document states another target for the year. One query."""
    known = {one.pk: one for one in indikator}
    rows = Target.objects.filter(dokumen__tahun_kinerja=year, tahun=year.tahun).select_related("dokumen")
    by_place: dict[tuple[int, str], list[Target]] = defaultdict(list)
    for row in rows:
        if row.indikator_id in known and read_number(row.teks) is not None:
            by_place[row.indikator_id, row.dokumen.jenis].append(row)
    changes = []
    for (pk, _), stated in by_place.items():
        stated.sort(key=lambda row: (row.dokumen.versi != "murni", row.dokumen.versi, row.dokumen_id))
        for earlier, later in pairwise(stated):
            if earlier.dokumen.versi == later.dokumen.versi or _basis(earlier) != _basis(later):
                continue
            before, after = read_number(earlier.teks), read_number(later.teks)
            if before is not None and after is not None and before != after:
                changes.append(_Change(known[pk], before, after, later.dokumen.tanggal))
    return changes


def _basis(target: Target) -> object:
    form = read_expression(target.teks)
    return form.basis if isinstance(form, NumberTarget) else None
