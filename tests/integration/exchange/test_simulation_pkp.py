"""The yearly assessment of the generated district: repeatable, complete, and as writing it cell by cell makes it."""

from datetime import date
from decimal import Decimal

import pytest

from capaian.assessments.models import Hasil, Jawaban, Penilaian, SifatUnit
from capaian.assessments.queries_pkp import judged_by
from capaian.assessments.sheet import PkpForm
from capaian.assessments.sheet_cells import parts_of, text_of
from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.pkp import load_pkp
from capaian.exchange.simulation.pkp_answers import answers_of, pkp_way
from capaian.exchange.simulation.spm_sasaran import puskesmas_of
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja
from capaian.rules.instrumen.store import load_instrumen
from capaian.spm.models import CapaianSpm
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import AuditEntry, Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY, TAHUN, FORM = date(2026, 11, 24), 2024, PkpForm()
# Ten are enough for every way that a sheet can take but the last.
DISTRICT = District(10, TAHUN, 1)


@pytest.fixture
def year() -> TahunKinerja:
    """The office with its Puskesmas and nothing else; the first has its SPM."""
    instansi = Instansi.objects.create(**DISTRICT.instansi)
    for number, unit in enumerate(puskesmas_of(DISTRICT)):
        UnitKerja.objects.create(instansi=instansi, kunci=unit.kunci, nama=unit.nama, jenis="puskesmas", urutan=number)
    found = TahunKinerja.objects.create(instansi=instansi, tahun=TAHUN, narasi={})
    CapaianSpm.objects.create(
        tahun_kinerja=found, unit=instansi.unit_kerja.first(), layanan="balita", triwulan=0, sasaran=410, terlayani=388,
        catatan=[], dasar={},
    )  # fmt: skip
    return found


def results() -> list[tuple[object, ...]]:
    names = ("penilaian__unit__kunci", "kelompok", "nilai", "kelas", "terjawab", "berlaku", "catatan")
    return list(Hasil.objects.order_by("penilaian__unit__kunci", "kelompok").values_list(*names))


def test_the_sheets_come_in_every_state_lack_nothing_and_stay(year: TahunKinerja) -> None:
    load_pkp(by=None, tahun_kinerja=year, district=DISTRICT)
    first, entries = results(), AuditEntry.objects.count()
    states = {
        "terkunci": 1, "terverifikasi": 5, "disetujui": 1, "dikembalikan": 1, "diajukan": 1, "draf": 1,
    }  # fmt: skip
    found = {state: Submission.objects.filter(form="pkp", state=state).count() for state in states}
    assert found == states
    for one in Submission.objects.filter(form="pkp").exclude(state="draf").select_related("unit"):
        assert FORM.problems(SheetKey(year, "pkp", one.unit, 0), TODAY) == [], one.unit
    # Of SPM stands what the unit has reported there.
    balita = next(one for one in load_instrumen("pkp/pati_800_0022").items.values() if one.nama.endswith("balita"))
    answer = Jawaban.objects.get(penilaian__unit=year.instansi.unit_kerja.first(), butir=balita.kode)
    assert (answer.sasaran, answer.realisasi) == (Decimal(410), Decimal(388))
    classes = set(Hasil.objects.filter(kelompok="pkp").values_list("kelas", flat=True))
    assert {"baik", "kurang"} <= classes
    assert not load_pkp(by=None, tahun_kinerja=year, district=DISTRICT).has_changes
    assert (results(), AuditEntry.objects.count()) == (first, entries)


def test_written_cell_by_cell_it_is_the_same(year: TahunKinerja) -> None:
    load_pkp(by=None, tahun_kinerja=year, district=DISTRICT)
    stored = results()
    judged = judged_by(year)
    assert judged is not None
    unit = puskesmas_of(DISTRICT)[1]
    place = year.instansi.unit_kerja.get(kunci=unit.kunci)
    Penilaian.objects.filter(unit=place).delete()
    Submission.objects.filter(unit=place).delete()
    changes = [
        Change(f"{kode}#{bagian}" if bagian else kode, text_of(judged.instrumen.items[kode], bagian, isian))
        for kode, isian in answers_of(DISTRICT, unit, judged.instrumen, TAHUN).items()
        for bagian in parts_of(judged.instrumen.items[kode])
    ]
    outcomes = write_sheet(by=None, key=SheetKey(year, "pkp", place, 0), changes=changes, today=TODAY)
    assert [one.message for one in outcomes if not one.ok] == []
    assert results() == stored
    assert SifatUnit.objects.filter(unit=place, sifat="endemis_malaria").exists()


def test_every_way_is_one_that_a_sheet_can_take() -> None:
    ways = {pkp_way(place, is_before=False) for place in range(12)}
    assert None in ways
    assert () in ways
    assert pkp_way(11, is_before=True) == ("ajukan", "verifikasi")
