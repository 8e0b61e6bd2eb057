"""Loading the yearly assessment of a generated district's Puskesmas in bulk: instrument, properties, sheets, results.

What somebody has chosen or begun stays: an instrument is chosen only where none is, a sheet written only where nobody
has touched it. A test holds the outcome to what writing the same answers cell by cell makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User

from capaian.assessments.actions import adopt_pack, choose_instrumen
from capaian.assessments.compute import store_results
from capaian.assessments.models import Jawaban, Keluarga, Penilaian, SifatUnit
from capaian.assessments.queries import Active, active
from capaian.assessments.queries_sheet import service_of
from capaian.exchange.simulation.district import District, Unit
from capaian.exchange.simulation.histories import History, freeze
from capaian.exchange.simulation.pkp_answers import REASON, answers_of, pkp_way, sifat_of
from capaian.exchange.simulation.spm_sasaran import puskesmas_of
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.instrumen.skor import Isian
from capaian.spm.models import CapaianSpm
from capaian.spm.queries import spm_rules
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.sync import SyncResult

PACK: Final = "pkp/pati_800_0022"
_Units = Mapping[str, UnitKerja]
_Persons = Mapping[int | None, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True)
class _Sheet:
    """A sheet to be written: the unit that it belongs to, how far it came, and its answers."""

    place: UnitKerja
    history: History
    answers: Mapping[str, Isian]


@audited()
def load_pkp(*, by: User | None, tahun_kinerja: TahunKinerja, district: District) -> SyncResult:
    """The assessments of the year and of the one before it, where the office has that."""
    units = {unit.kunci: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    years = TahunKinerja.objects.filter(
        instansi=tahun_kinerja.instansi_id, tahun__in=(tahun_kinerja.tahun - 1, tahun_kinerja.tahun)
    )
    result = SyncResult()
    for year in years.select_related("instansi").order_by("tahun"):
        result += _load_year(by, year, district, units)
    return result


def _load_year(by: User | None, year: TahunKinerja, district: District, units: _Units) -> SyncResult:
    judged = active(year, Keluarga.PKP)
    if judged is None:
        versi = adopt_pack(by=by, tahun_kinerja=year, pack_id=PACK)
        choose_instrumen(by=by, tahun_kinerja=year, versi=versi)
        judged = active(year, Keluarga.PKP)
    if judged is None or judged.versi.instrumen.pack != PACK:
        # The office judges by an instrument of its own, whose items the generated answers do not fit.
        return SyncResult()
    result = _load_sifat(by, year, district, units, judged)
    sheets = _sheets(year, district, units, judged)
    return result + _write(by, year, judged, sheets) if sheets else result


def _load_sifat(by: User | None, year: TahunKinerja, district: District, units: _Units, judged: Active) -> SyncResult:
    if SifatUnit.objects.filter(tahun_kinerja=year).exists():
        return SyncResult()
    rows = SifatUnit.objects.bulk_create(
        SifatUnit(tahun_kinerja=year, unit=units[unit.kunci], sifat=sifat)
        for unit in puskesmas_of(district)
        for sifat in sifat_of(unit, judged.instrumen)
    )
    result = SyncResult(created=len(rows))
    if rows:
        subject = f"sifat {year.instansi.kunci} {year.tahun}"
        record_audit(
            by=by, action="assessments.set_sifat", subject=subject, instansi=year.instansi, after=result.to_dict()
        )
    return result


def _sheets(year: TahunKinerja, district: District, units: _Units, judged: Active) -> list[_Sheet]:
    """The sheets that nobody has touched. A sheet that was only begun has its first half."""
    touched = set(Submission.objects.filter(tahun_kinerja=year, form=Form.PKP).values_list("unit", flat=True))
    touched |= set(Penilaian.objects.filter(tahun_kinerja=year, versi=judged.versi).values_list("unit", flat=True))
    persons, found = _persons(year), []
    for unit in puskesmas_of(district):
        place = units[unit.kunci]
        way = pkp_way(unit.place, is_before=year.tahun != district.tahun)
        if way is None or place.pk in touched:
            continue
        answers = _answers(year, district, unit, judged, persons.get(place.pk, {}))
        if not way:
            answers = dict(list(answers.items())[: len(answers) // 2])
        found.append(_Sheet(place, History(SheetKey(year, Form.PKP.value, place, 0), way, REASON), answers))
    return found


def _answers(
    year: TahunKinerja, district: District, unit: Unit, judged: Active, persons: Mapping[str, tuple[int, int]]
) -> dict[str, Isian]:
    """The generated answers; of the services of SPM what the unit has reported there."""
    answers = answers_of(district, unit, judged.instrumen, year.tahun)
    services = spm_rules(year).standar.layanan if persons else ()
    for kode, item in judged.instrumen.items.items():
        layanan = service_of(item, services)
        if layanan is not None and layanan.kode in persons:
            sasaran, terlayani = persons[layanan.kode]
            answers[kode] = Isian(sasaran=Decimal(sasaran), realisasi=Decimal(terlayani))
    return answers


def _persons(year: TahunKinerja) -> _Persons:
    """By unit and service the sasaran and the persons served of the year, as SPM has them. One query."""
    rows = CapaianSpm.objects.filter(
        tahun_kinerja=year, triwulan=0, unit__isnull=False, sasaran__isnull=False, terlayani__isnull=False
    )
    found: dict[int | None, dict[str, tuple[int, int]]] = {}
    for unit_id, layanan, sasaran, terlayani in rows.values_list("unit", "layanan", "sasaran", "terlayani"):
        found.setdefault(unit_id, {})[layanan] = (sasaran or 0, terlayani or 0)
    return found


def _write(by: User | None, year: TahunKinerja, judged: Active, sheets: list[_Sheet]) -> SyncResult:
    stored = Penilaian.objects.bulk_create(
        Penilaian(tahun_kinerja=year, versi=judged.versi, unit=one.place, tahun_evaluasi=year.tahun + 1)
        for one in sheets
    )
    rows = [
        Jawaban(penilaian=penilaian, butir=kode, by=by, at=since, **vars(isian))
        for one, penilaian, since in zip(sheets, stored, [one.history.since for one in sheets], strict=True)
        for kode, isian in one.answers.items()
    ]
    Jawaban.objects.bulk_create(rows, batch_size=1000)
    store_results(judged, stored)
    submissions = Submission.objects.bulk_create(one.history.submission for one in sheets)
    for one in sheets:
        _record(by, one)
    freeze([one.history for one in sheets], submissions)
    return SyncResult(created=len(sheets) + len(rows))


def _record(by: User | None, one: _Sheet) -> None:
    """What writing and moving the sheet would have left; of the values how many there are."""
    key = one.history.key
    record_audit(
        by=by,
        action="assessments.write_pkp",
        subject=key.subject,
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        after={"nilai": len(one.answers)},
    )
    one.history.record(by)
