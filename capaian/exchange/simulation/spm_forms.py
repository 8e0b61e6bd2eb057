"""Writing the SPM forms of a generated district at once: what `spm.actions_sheets` and `advance` do one by one.

Served persons leave an audit entry for each value; of the hundred items of a unit's quality one entry says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.contrib.auth.models import User

from capaian.exchange.simulation.district import QUARTERS, District, Unit
from capaian.exchange.simulation.histories import APPROVED, History, freeze
from capaian.exchange.simulation.spm_needs import SDM, all_needs, needs_of, stock_of
from capaian.exchange.simulation.spm_reports import REASONS, monev_of, served_in_year, spm_way
from capaian.exchange.simulation.spm_sasaran import puskesmas_of
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.periods import Period
from capaian.rules.spm.pace import is_behind
from capaian.rules.spm.standar import Standar
from capaian.spm.models import KebutuhanSpm, MonevSpm, MutuSpm, PelayananSpm
from capaian.spm.queries import SpmRules, spm_rules
from capaian.spm.sheets.cells import subject_of
from capaian.spm.sheets.pelayanan import coverage, read_served
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.sync import SyncResult

_Row = PelayananSpm | MutuSpm | KebutuhanSpm
_R = TypeVar("_R", PelayananSpm, MutuSpm, KebutuhanSpm)
FORMS: Final = (Form.SPM.value, Form.SPM_MUTU.value)
_CHECKED: Final = ("ajukan", "verifikasi")
# How far the needs of the year have come, by the place of the unit, over and over.
_NEEDS: Final = (APPROVED, _CHECKED, _CHECKED, _CHECKED, ("ajukan",))
_WRITE: Final = {
    Form.SPM.value: "spm.write_pelayanan",
    Form.SPM_MUTU.value: "spm.write_mutu",
    Form.SPM_KEBUTUHAN.value: "spm.write_kebutuhan",
}


@dataclass(frozen=True)
class _Filled:
    """A form to be written: its history, the generated unit that it belongs to, and the rows of its cells."""

    history: History
    unit: Unit
    rows: Sequence[_Row]

    @property
    def key(self) -> SheetKey:
        return self.history.key


@audited()
def fill_forms(
    *, by: User | None, tahun_kinerja: TahunKinerja, district: District, units: Mapping[str, UnitKerja], today: date
) -> SyncResult:
    """Write the forms of the quarters that are over, and the needs of the year, where nobody has touched them."""
    writer = _Writer(tahun_kinerja, district, spm_rules(tahun_kinerja))
    touched = set(Submission.objects.filter(tahun_kinerja=tahun_kinerja).values_list("form", "unit", "periode"))
    quarters = [quarter for quarter in QUARTERS if Period(tahun_kinerja.tahun, quarter).end < today]
    forms = [
        one
        for unit in puskesmas_of(district)
        for one in writer.forms(unit, units[unit.kunci], quarters)
        if (one.key.form, units[unit.kunci].pk, one.key.periode) not in touched
    ]
    if not forms:
        return SyncResult()
    rows = [row for one in forms for row in one.rows]
    _store(PelayananSpm, rows)
    _store(MutuSpm, rows)
    _store(KebutuhanSpm, rows)
    stored = Submission.objects.bulk_create([one.history.submission for one in forms])
    explained = writer.explain([one for one in forms if one.key.form == Form.SPM])
    for one in forms:
        _record(by, one, is_detailed=not writer.is_before)
        one.history.record(by)
    freeze([one.history for one in forms], stored)
    return SyncResult(created=len(forms) + explained + sum(len(one.rows) for one in forms))


def _store(model: type[_R], rows: Iterable[_Row]) -> None:
    model._default_manager.bulk_create((row for row in rows if isinstance(row, model)), batch_size=1000)


@dataclass(frozen=True)
class _Writer:
    """Makes the forms of a year; of the year before only what was served."""

    year: TahunKinerja
    district: District
    rules: SpmRules

    @property
    def is_before(self) -> bool:
        return self.year.tahun != self.district.tahun

    @property
    def standar(self) -> Standar:
        return self.rules.standar

    def forms(self, unit: Unit, place: UnitKerja, quarters: Sequence[int]) -> Iterator[_Filled]:
        """The forms of a unit, its needs first."""
        has_mutu = self.standar.has_mutu and not self.is_before
        stock = self._stock(unit) if has_mutu else {}
        served = self._served(unit)
        if has_mutu:
            rows = [*self._stated(unit, place), *self._stocked(place, stock, 0)]
            yield self._form(unit, place, Form.SPM_KEBUTUHAN.value, 0, _NEEDS[unit.place % len(_NEEDS)], rows)
        for quarter in quarters:
            way = _CHECKED if self.is_before else spm_way(unit.place, quarter)
            if way is None:
                continue
            yield self._form(unit, place, Form.SPM.value, quarter, way, self._persons(place, served, quarter))
            if has_mutu:
                # Quality counts once it is verified, and nobody takes it further, except where it was opened again.
                rows = self._stocked(place, stock, quarter)
                yield self._form(unit, place, Form.SPM_MUTU.value, quarter, way if "buka" in way else way[:2], rows)

    def explain(self, forms: Sequence[_Filled]) -> int:
        """Problem and solution of each service that lies behind, in the forms that were handed in. Returns how many."""
        year = read_served(self.year)
        found = []
        for one in forms:
            for layanan in self.standar.layanan if one.history.way else ():
                quarter = one.key.periode
                if is_behind(coverage(one.key, year, layanan), quarter):
                    problem, solution = monev_of(self.district, one.unit, layanan.kode, self.year.tahun, quarter)
                    found.append(
                        MonevSpm(
                            tahun_kinerja=self.year,
                            unit=one.key.unit,
                            layanan=layanan.kode,
                            triwulan=quarter,
                            permasalahan=problem,
                            solusi=solution,
                        )
                    )
        return len(MonevSpm.objects.bulk_create(found, batch_size=1000))

    def _form(
        self, unit: Unit, place: UnitKerja, form: str, periode: int, way: tuple[str, ...], rows: Sequence[_Row]
    ) -> _Filled:
        """A form that was only begun has its first half."""
        key = SheetKey(self.year, form, place, periode)
        return _Filled(History(key, way, REASONS), unit, rows if way else rows[: len(rows) // 2])

    def _served(self, unit: Unit) -> dict[str, dict[int, int]]:
        return {one.kode: served_in_year(self.district, unit, one, self.year.tahun) for one in self.standar.layanan}

    def _persons(self, place: UnitKerja, served: Mapping[str, Mapping[int, int]], quarter: int) -> list[_Row]:
        return [
            PelayananSpm(
                tahun_kinerja=self.year,
                unit=place,
                layanan=layanan,
                triwulan=quarter,
                bulan=bulan,
                terlayani=months[bulan],
            )
            for layanan, months in served.items()
            for bulan in range(quarter * 3 - 2, quarter * 3 + 1)
        ]

    def _stock(self, unit: Unit) -> dict[str, dict[int, Decimal]]:
        """What there is of each item that is needed, by the time of counting."""
        needs = all_needs(self.district, unit, self.standar, self.year.tahun)
        return {kode: dict(stock_of(self.district, unit, kode, need)) for kode, need in needs.items()}

    def _stocked(self, place: UnitKerja, stock: Mapping[str, Mapping[int, Decimal]], triwulan: int) -> list[_Row]:
        """When the needs are counted, also what is not needed is said to be none."""
        kode = list(stock)
        if not triwulan:
            kode = [one.kode for one in self.standar.butir if not one.terintegrasi]
            kode += [f"{SDM}{one.kode}" for one in self.standar.profesi]
        return [
            MutuSpm(
                tahun_kinerja=self.year,
                unit=place,
                butir=one,
                triwulan=triwulan,
                tersedia=stock.get(one, {}).get(triwulan, Decimal(0)),
            )
            for one in kode
        ]

    def _stated(self, unit: Unit, place: UnitKerja) -> list[_Row]:
        return [
            KebutuhanSpm(tahun_kinerja=self.year, unit=place, butir=kode, kebutuhan=need)
            for kode, need in needs_of(self.district, unit, self.standar).items()
        ]


def _record(by: User | None, one: _Filled, *, is_detailed: bool) -> None:
    """What writing the form would have left in the audit trail; of many values that nobody asks for, how many."""
    key = one.key
    place: dict[str, Any] = {"by": by, "instansi": key.tahun_kinerja.instansi, "unit": key.unit}
    if not (is_detailed and key.form == Form.SPM):
        record_audit(**place, action=_WRITE[key.form], subject=key.subject, after={"nilai": len(one.rows)})
        return
    for row in one.rows:
        assert isinstance(row, PelayananSpm)  # noqa: S101 - the rows of the form `spm`
        subject = subject_of(key, f"{row.layanan}#{row.bulan}")
        record_audit(**place, action=_WRITE[key.form], subject=subject, after={"teks": str(row.terlayani)})
