"""The single values that one unit fills in a period, and what is stored of them.

A unit answers for the office's value of its indicators, and reports its own value of those that the office collects
from units of its kind. A ratio that is collected is two values, `pembilang` and `penyebut`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.measurement.queries import measured_targets
from capaian.measurement.sourced import why_not_typed, with_source
from capaian.organisations.models import UnitKerja
from capaian.planning.models import Indikator
from capaian.planning.queries import year_indikator
from capaian.planning.units import responsible_units
from capaian.workflow.forms import SheetKey


@dataclass(frozen=True)
class Figure:
    """One value of a sheet: an indicator, which part of it, and the target that it is measured against.

    `is_own` is the unit's own value of an indicator that the office collects; else it is the office's value.
    """

    key: SheetKey
    indikator: Indikator
    target: str
    komponen: str = ""

    @property
    def is_own(self) -> bool:
        return bool(self.indikator.pelapor)

    @property
    def closed(self) -> str:
        """Why nobody types this value, in words; empty where it is typed."""
        return "" if self.is_own else why_not_typed(self.indikator, self.key.periode)

    @property
    def kunci(self) -> str:
        return figure_kunci(self.indikator.kunci, self.komponen)

    @property
    def subject(self) -> str:
        owner = self.key.unit if self.is_own else None
        return figure_subject(self.kunci, owner, self.key.tahun_kinerja.tahun, self.key.periode)


def figure_kunci(indikator: str, komponen: str) -> str:
    """The key of a value in its sheet, from the key of the indicator: `iku.aki`, `iku.aki#pembilang`."""
    return f"{indikator}#{komponen}" if komponen else indikator


def figure_subject(kunci: str, unit: UnitKerja | None, tahun: int, periode: int) -> str:
    """The natural key of a value, as its audit entries, remarks and evidence carry it; `unit` where it is its own."""
    figure = f"{kunci} {tahun}/{periode}"
    return f"{unit.kunci} {figure}" if unit else figure


def parts_of(indikator: Indikator) -> tuple[str, ...]:
    """The values that make one report of an indicator, by `komponen`."""
    return tuple(RealisasiUnit.Komponen.values) if indikator.gabungan == Indikator.Gabungan.RASIO else ("",)


def figures_of(key: SheetKey, kunci: Iterable[str] | None = None) -> list[Figure]:
    """The values of a sheet in printed order, or those that `kunci` names. Six queries."""
    year = key.tahun_kinerja
    unit_id = key.unit.pk if key.unit else None
    answered = Q(pelapor="", pk__in=[pk for pk, unit in responsible_units(year).items() if unit == unit_id])
    reported = Q(pelapor=key.unit.jenis) if key.unit else Q(pk__in=[])
    rows = with_source(year_indikator(year)).filter(answered | reported).select_related("sasaran", "tujuan", "node")
    if kunci is not None:
        rows = rows.filter(kunci__in={one.partition("#")[0] for one in kunci})
    mine = list(rows)
    targets = {row.indikator_id: row.teks for row in measured_targets(year, Q(tahun=year.tahun, indikator__in=mine))}
    found = []
    for one in sorted(mine, key=_place):
        found += [Figure(key, one, targets.get(one.pk, ""), part) for part in parts_of(one)]
    return found


def stored_values(key: SheetKey, figures: Sequence[Figure], periode: int) -> dict[str, str]:
    """What is stored of the figures for a period, by their `kunci`. Two queries at most."""
    tahun = key.tahun_kinerja.tahun
    office = [one.indikator.pk for one in figures if not one.is_own]
    own = {one.indikator.pk for one in figures if one.is_own}
    found: dict[tuple[int, str], str] = {}
    if office:
        rows = Realisasi.objects.filter(indikator__in=office, tahun=tahun, periode=periode)
        found |= {(pk, ""): teks for pk, teks in rows.values_list("indikator", "teks")}
    if own:
        reported = RealisasiUnit.objects.filter(indikator__in=own, unit=key.unit, tahun=tahun, periode=periode)
        found |= {(pk, part): teks for pk, part, teks in reported.values_list("indikator", "komponen", "teks")}
    return {one.kunci: found.get((one.indikator.pk, one.komponen), "") for one in figures}


def _place(indikator: Indikator) -> tuple[int, int, int]:
    return (1, indikator.node.urutan, indikator.urutan) if indikator.node else (0, 0, indikator.urutan)
