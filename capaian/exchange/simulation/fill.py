"""Writing the quarters of a generated district at once: values, forms with their histories, and what follows of them.

It does in bulk what `workflow.write_sheet` and `advance` do one by one, entry by entry in the audit trail, so that a
hundred units take seconds; a test holds the outcome to what those actions make.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from capaian.exchange.simulation.district import QUARTERS, District
from capaian.exchange.simulation.histories import History, freeze
from capaian.exchange.simulation.people import attach_links
from capaian.exchange.simulation.quarters import REASONS, Cell, office_cells, unit_cells, way_of
from capaian.measurement.actions import collect_realisasi
from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Indikator
from capaian.planning.queries import year_indikator
from capaian.planning.units import responsible_units
from capaian.rules.periods import Period
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.sync import SyncResult


@dataclass(frozen=True)
class _Filled:
    """A form to be written: its values, the way that it has gone, and the indicators by key."""

    key: SheetKey
    cells: Sequence[Cell]
    way: tuple[str, ...]
    indikator: dict[str, Indikator]

    def is_own(self, cell: Cell) -> bool:
        """Whether a value is the unit's own, of an indicator that the office collects."""
        return bool(self.indikator[cell.indikator].pelapor)

    def subject_of(self, cell: Cell) -> str:
        figure = f"{cell.kunci} {self.key.tahun_kinerja.tahun}/{self.key.periode}"
        return f"{self.key.unit.kunci} {figure}" if self.is_own(cell) and self.key.unit else figure

    @property
    def history(self) -> History:
        return History(self.key, self.way, REASONS)


@audited()
def fill_quarters(*, by: User | None, tahun_kinerja: TahunKinerja, district: District, today: date) -> SyncResult:
    """Write the forms of the quarters that are over, where nobody has touched them, and join what verified ones say."""
    quarters = [quarter for quarter in QUARTERS if Period(tahun_kinerja.tahun, quarter).end < today]
    forms = _forms(tahun_kinerja, district, quarters)
    if not forms:
        return SyncResult()
    _store_values(forms)
    stored = Submission.objects.bulk_create([one.history.submission for one in forms])
    for one in forms:
        _record(by, one)
    for quarter in quarters:
        collect_realisasi(by=by, tahun_kinerja=tahun_kinerja, periode=quarter)
    freeze([one.history for one in forms], stored)
    links = attach_links(
        by=by,
        tahun_kinerja=tahun_kinerja,
        figures={one.key: one.subject_of(one.cells[0]) for one in forms if one.cells and one.key.periode != 4},
    )
    return SyncResult(created=len(forms) + links + sum(len(one.cells) for one in forms))


def _forms(tahun_kinerja: TahunKinerja, district: District, quarters: Sequence[int]) -> list[_Filled]:
    """The forms to write, in order of quarter and unit."""
    touched = set(
        Submission.objects.filter(tahun_kinerja=tahun_kinerja, form=Form.KINERJA).values_list("unit", "periode")
    )
    indikator = {one.kunci: one for one in year_indikator(tahun_kinerja)}
    units = {unit.kunci: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    answering = responsible_units(tahun_kinerja)
    found = []
    for quarter in quarters:
        mine: dict[int | None, list[Cell]] = {}
        for cell in office_cells(district, quarter):
            mine.setdefault(answering[indikator[cell.indikator].pk], []).append(cell)
        by_pk = {unit.pk: unit for unit in units.values()}
        sheets: list[tuple[UnitKerja | None, list[Cell], tuple[str, ...] | None]] = [
            (by_pk[pk] if pk else None, cells, way_of(number, min(quarter, 3)))
            for number, (pk, cells) in enumerate(mine.items())
        ]
        sheets += [
            (units[one.kunci], unit_cells(district, one, quarter), way_of(one.place, quarter))
            for one in district.reporters
        ]
        found += [
            _Filled(SheetKey(tahun_kinerja, Form.KINERJA, unit, quarter), cells, way, indikator)
            for unit, cells, way in sheets
            if way is not None and (unit.pk if unit else None, quarter) not in touched
        ]
    return found


def _store_values(forms: Sequence[_Filled]) -> None:
    office: list[Realisasi] = []
    reported: list[RealisasiUnit] = []
    for one in forms:
        for cell in one.cells:
            indikator = one.indikator[cell.indikator]
            place: dict[str, Any] = {
                "indikator": indikator,
                "tahun": one.key.tahun_kinerja.tahun,
                "periode": one.key.periode,
                "teks": cell.teks,
            }
            if indikator.pelapor:
                reported.append(RealisasiUnit(unit=one.key.unit, komponen=cell.komponen, **place))
            else:
                office.append(Realisasi(**place))
    Realisasi.objects.bulk_create(office, batch_size=1000)
    RealisasiUnit.objects.bulk_create(reported, batch_size=1000)


def _record(by: User | None, one: _Filled) -> None:
    """The audit entries of a form, as filling and advancing it would have left them."""
    place: dict[str, Any] = {"by": by, "instansi": one.key.tahun_kinerja.instansi, "unit": one.key.unit}
    for cell in one.cells:
        record_audit(
            **place,
            action="measurement.record_realisasi_unit" if one.is_own(cell) else "measurement.record_realisasi",
            subject=one.subject_of(cell),
            after={"teks": cell.teks},
        )
    one.history.record(by)
