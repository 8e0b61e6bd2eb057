"""What units reported of an indicator that the office collects, as far as a person may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.planning.models import Indikator
from capaian.rules.periods import ROMAN
from capaian.workflow.forms import PERIODS, SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.page import sheet_url

HEADS = tuple((periode, f"TW {ROMAN[periode - 1]}" if periode else "Setahun") for periode in PERIODS)


@dataclass(frozen=True)
class Reported:
    """What a unit reported for a period (a ratio as `9 / 10`), where its sheet stands, and the way there."""

    teks: str
    state: str
    url: str


@dataclass(frozen=True)
class UnitRow:
    """A unit that reports the indicator, with one cell for each of `HEADS`."""

    unit: UnitKerja
    cells: tuple[Reported, ...]


def unit_rows(office: Office, indikator: Indikator) -> list[UnitRow]:
    """The reports of the units that the person may see, in their order. Three queries."""
    if not indikator.pelapor:
        return []
    year = office.tahun_kinerja
    units = office.scope(Permission.VIEW).narrow(year.instansi.unit_kerja.filter(jenis=indikator.pelapor), "pk")
    rows = list(units.order_by("urutan", "pk"))
    values = _values(year, indikator, rows)
    submissions = Submission.objects.filter(tahun_kinerja=year, form=Form.KINERJA, unit__in=rows)
    states = {(unit, periode): state for unit, periode, state in submissions.values_list("unit", "periode", "state")}
    return [
        UnitRow(
            unit,
            tuple(
                Reported(
                    _said(indikator, values.get((unit.pk, periode), {})),
                    states.get((unit.pk, periode), Submission.State.DRAF.value),
                    sheet_url("lembar", SheetKey(year, Form.KINERJA.value, unit, periode)),
                )
                for periode in PERIODS
            ),
        )
        for unit in rows
    ]


def joined_periods(tahun_kinerja: TahunKinerja, indikator: Indikator) -> list[Realisasi]:
    """The values of the office that nobody typed, made of units' reports or taken from another part. One query.

    By period, the year last.
    """
    rows = indikator.realisasi.filter(tahun=tahun_kinerja.tahun, jejak__isnull=False)
    return sorted(rows, key=lambda row: PERIODS.index(row.periode))


def _values(
    tahun_kinerja: TahunKinerja, indikator: Indikator, units: Iterable[UnitKerja]
) -> dict[tuple[int, int], dict[str, str]]:
    rows = RealisasiUnit.objects.filter(indikator=indikator, tahun=tahun_kinerja.tahun, unit__in=units)
    found: dict[tuple[int, int], dict[str, str]] = {}
    for unit, periode, komponen, teks in rows.values_list("unit", "periode", "komponen", "teks"):
        found.setdefault((unit, periode), {})[komponen] = teks
    return found


def _said(indikator: Indikator, parts: dict[str, str]) -> str:
    if indikator.gabungan != Indikator.Gabungan.RASIO:
        return parts.get("", "")
    above, below = (parts.get(part, "") for part in RealisasiUnit.Komponen.values)
    return f"{above or '…'} / {below or '…'}" if above or below else ""
