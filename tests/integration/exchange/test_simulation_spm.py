"""SPM of the generated district: repeatable, made as the actions make it, and its results equal the lists behind them.

The results are counted a second time here, out of plain sums over the stored rows and fractions of whole numbers.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest

from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.load import load_simulation
from capaian.exchange.simulation.spm import load_spm
from capaian.exchange.simulation.spm_reports import REASONS, served_in_year, spm_way
from capaian.exchange.simulation.spm_sasaran import APART, ESTIMATED, SHARES, puskesmas_of
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja, Wilayah
from capaian.rules.spm.standar import Layanan, standar_of
from capaian.spm.actions import compute_spm, save_monev
from capaian.spm.estimates import recomputed
from capaian.spm.models import AlokasiSpm, CapaianSpm, KebutuhanSpm, MonevSpm, MutuSpm, PelayananSpm, SasaranSpm
from capaian.spm.queries import spm_rules
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, SheetKey, form_definition
from capaian.workflow.models import AuditEntry, Submission, SubmissionVersion
from capaian.workflow.sync import SyncResult

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY, TAHUN = date(2026, 11, 24), 2024
UNITS = 5
FORMS = ("spm", "spm_mutu", "spm_kebutuhan")
COUNTED = ("terverifikasi", "disetujui", "terkunci")


def office(puskesmas: int) -> TahunKinerja:
    """The office with its Puskesmas and nothing else, for SPM to be loaded into."""
    district = District(puskesmas, TAHUN, 1)
    instansi = Instansi.objects.create(**district.instansi)
    for number, unit in enumerate(puskesmas_of(district)):
        UnitKerja.objects.create(instansi=instansi, kunci=unit.kunci, nama=unit.nama, jenis="puskesmas", urutan=number)
    return TahunKinerja.objects.create(instansi=instansi, tahun=TAHUN, narasi={})


def load(year: TahunKinerja, *, with_quarters: bool = True) -> SyncResult:
    district = District(int(year.instansi.kunci.removeprefix("simulasi-")), TAHUN, 1)
    return load_spm(by=None, tahun_kinerja=year, district=district, today=TODAY, with_quarters=with_quarters)


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every SPM row by natural keys."""
    place = ("tahun_kinerja__tahun", "unit__kunci")
    fields = {
        SasaranSpm: ("wilayah__kunci", "kelompok", "jumlah", "sumber", "dipakai"),
        PelayananSpm: ("layanan", "triwulan", "bulan", "terlayani"),
        KebutuhanSpm: ("butir", "kebutuhan", "harga_satuan"),
        MutuSpm: ("butir", "triwulan", "tersedia"),
        MonevSpm: ("layanan", "triwulan", "permasalahan", "solusi"),
        AlokasiSpm: ("layanan", "sumber_dana", "alokasi", "realisasi"),
        CapaianSpm: ("layanan", "triwulan", "sasaran", "terlayani", "indeks", "kategori"),
    }
    found = {
        model.__name__: sorted(model.objects.values_list(*place, *names), key=str) for model, names in fields.items()
    }
    forms = Submission.objects.values_list(*place, "form", "periode", "state", "since")
    frozen = SubmissionVersion.objects.values_list("submission__form", "submission__unit__kunci", "cells")
    return found | {"forms": sorted(forms, key=str), "frozen": sorted(frozen, key=str)}


def test_two_loads_from_nothing_give_the_same_rows():
    load(office(4))
    first = dump()
    Instansi.objects.all().delete()
    load(office(4))
    assert dump() == first
    assert all(first.values())


def test_loading_again_changes_nothing_and_leaves_what_people_did():
    year = office(UNITS)
    assert load(year).created
    key = next(one for one in _keys(year, "spm", "draf") if one.periode == 4)
    write_sheet(by=None, key=key, changes=[Change("balita#10", "7")], today=TODAY)
    SasaranSpm.objects.filter(unit=key.unit, wilayah=None, kelompok="balita", dipakai=True).update(jumlah=123)
    before, entries = dump(), AuditEntry.objects.count()
    assert not load(year).has_changes
    assert dump() == before
    assert AuditEntry.objects.count() == entries
    assert PelayananSpm.objects.get(unit=key.unit, layanan="balita", bulan=10, tahun_kinerja=year).terlayani == 7


def test_an_empty_district_has_its_sasaran_and_nothing_reported():
    year = office(2)
    load(year, with_quarters=False)
    assert {model.objects.count() for model in (PelayananSpm, MutuSpm, MonevSpm, Submission, CapaianSpm)} == {0}
    form = form_definition("spm")
    sheet = form.read(SheetKey(year, "spm", form.units(year, 1)[0], 1), TODAY)
    assert len(form.units(year, 1)) == 2
    assert sheet.rows
    assert not [row for row in sheet.rows if row.closed or row.teks]


def test_every_group_has_a_sasaran_and_the_desa_make_their_puskesmas():
    year = office(UNITS)
    load(year, with_quarters=False)
    groups = {one.kode: one.utama for one in standar_of(TAHUN).kelompok}
    assert set(groups) <= {*SHARES, *ESTIMATED}
    used = SasaranSpm.objects.filter(tahun_kinerja=year, dipakai=True)
    for unit in year.instansi.unit_kerja.filter(jenis="puskesmas"):
        own = dict(used.filter(unit=unit, wilayah=None).values_list("kelompok", "jumlah"))
        assert set(own) == set(groups)
        assert 3 <= Wilayah.objects.filter(unit=unit, jenis="desa").count() <= 6
        for kelompok in (kode for kode, utama in groups.items() if utama):
            parts = used.filter(unit=unit, wilayah__isnull=False, kelompok=kelompok)
            assert sum(parts.values_list("jumlah", flat=True)) == own[kelompok]
    differs = set()
    for kelompok, said in used.filter(unit=None).values_list("kelompok", "jumlah"):
        units = used.filter(unit__isnull=False, wilayah=None, kelompok=kelompok)
        if sum(units.values_list("jumlah", flat=True)) != said:
            differs.add(kelompok)
    assert differs == set(APART)
    assert SasaranSpm.objects.filter(tahun_kinerja=year, dipakai=False).exists()


def test_estimated_sasaran_keep_the_inputs_that_give_them():
    year = office(2)
    load(year, with_quarters=False)
    rules = spm_rules(year)
    estimated = SasaranSpm.objects.filter(tahun_kinerja=year, kelompok__in=ESTIMATED, unit__isnull=False, wilayah=None)
    rows = estimated.filter(dipakai=True)
    assert rows.count() == 2 * len(ESTIMATED)
    for row in rows:
        assert recomputed(row, rules).tampil == row.jumlah
    hamil = rows.filter(kelompok="ibu_hamil").first()
    # 1,10 x CBR x inhabitants, rounded up
    exact = Fraction("1.1") * Fraction("17.3") * Fraction(hamil.rumus["masukan"]["penduduk"]) / 1000
    assert hamil.jumlah == -(-exact.numerator // exact.denominator)


def test_what_was_handed_in_lacks_nothing_and_forms_are_in_every_state():
    year = office(12)
    load(year)
    for form in FORMS:
        for key in _keys(year, form, *(one for one in Submission.State.values if one != "draf")):
            assert form_definition(form).problems(key, TODAY) == [], key.subject
    states = set(Submission.objects.filter(tahun_kinerja=year, form="spm").values_list("state", flat=True))
    assert states == set(Submission.State.values)
    owing, begun = 12 * 4, Submission.objects.filter(tahun_kinerja=year, form="spm").count()
    assert 0 < owing - begun < 12


def test_bulk_leaves_what_filling_and_advancing_one_by_one_leaves():
    """A unit whose form was opened again: values, state, frozen version and history of the persons served."""
    year, district = office(5), District(5, TAHUN, 1)
    load(year, with_quarters=False)
    unit = next(one for one in puskesmas_of(district) if "buka" in (spm_way(one.place, 2) or ()))
    place = year.instansi.unit_kerja.get(kunci=unit.kunci)
    for quarter in (1, 2):
        key = SheetKey(year, "spm", place, quarter)
        changes = [
            Change(f"{one.kode}#{bulan}", str(served_in_year(district, unit, one, TAHUN)[bulan]))
            for one in standar_of(TAHUN).layanan
            for bulan in range(quarter * 3 - 2, quarter * 3 + 1)
        ]
        assert all(one.ok for one in write_sheet(by=None, key=key, changes=changes, today=TODAY))
        for one in standar_of(TAHUN).layanan:
            save_monev(by=None, key=key, layanan=one.kode, permasalahan="x", solusi="y", today=TODAY)
        for name in spm_way(unit.place, quarter) or ():
            advance(by=None, key=key, transition=name, reason=REASONS.get(name, ""), today=TODAY)
    one_by_one = _facts(SheetKey(year, "spm", place, 2))
    Instansi.objects.all().delete()
    AuditEntry.objects.all()._raw_delete(AuditEntry.objects.db)
    year = office(5)
    load(year)
    # The year before gives the school year a beginning, which the sheet shows beside its values.
    assert _facts(SheetKey(year, "spm", year.instansi.unit_kerja.get(kunci=unit.kunci), 2)) == one_by_one


def _facts(key: SheetKey) -> dict[str, object]:
    entries = AuditEntry.objects.filter(instansi=key.tahun_kinerja.instansi, unit_kunci=key.unit.kunci)
    mine = entries.filter(subject__startswith="spm ", subject__endswith=f"{TAHUN}/2")
    submission = Submission.objects.get(**key.place)
    return {
        "values": sorted(
            PelayananSpm.objects.filter(tahun_kinerja=key.tahun_kinerja, unit=key.unit, triwulan=2).values_list(
                "layanan", "bulan", "terlayani", "asal"
            )
        ),
        "state": (submission.state, submission.versi, submission.reason),
        "frozen": list(SubmissionVersion.objects.filter(submission=submission).values_list("nomor", "cells")),
        "history": sorted((one.action, one.subject, json.dumps([one.before, one.after]), one.reason) for one in mine),
    }


def test_results_equal_a_plain_recount_of_the_rows():
    """Units: all months that count. Office: the sum over units of their verified quarters, over its own sasaran."""
    year = office(UNITS)
    load(year)
    standar, found = standar_of(TAHUN), 0
    sasaran = {
        (unit, kelompok): jumlah
        for unit, kelompok, jumlah in SasaranSpm.objects.filter(
            tahun_kinerja=year, dipakai=True, wilayah=None
        ).values_list("unit", "kelompok", "jumlah")
    }
    months, verified = _months(), _verified()
    for row in CapaianSpm.objects.filter(tahun_kinerja=year):
        layanan = standar.find(row.layanan)
        if row.unit_id:
            served = _sum(months[row.unit_id, row.layanan], layanan, row.triwulan)
        else:
            parts = [
                {when: count for when, count in months[pk, row.layanan].items() if (pk, _quarter(when)) in verified}
                for pk in year.instansi.unit_kerja.filter(jenis="puskesmas").values_list("pk", flat=True)
            ]
            complete = [part for part in parts if _sum(part, layanan, row.triwulan) is not None]
            # A unit without this quarter stands with its verified quarters before it.
            served = sum(sum(_counted(part, layanan, row.triwulan).values()) for part in parts) if complete else None
            assert (row.unit_dihitung, row.unit_total) == (len(complete), UNITS)
        persons = sasaran[row.unit_id, layanan.kelompok]
        assert (row.terlayani, row.sasaran) == (served, persons), row
        if served is not None:
            assert abs(Fraction(row.penerima) - Fraction(served * 100, persons)) <= Fraction(1, 200)
            found += 1
    assert found > UNITS * 12 * 3


def test_quality_equals_a_plain_recount_of_needs_and_stock():
    """Each item at most 100 %, their mean; of the office the sums over units whose quality is verified."""
    year = office(4)
    load(year)
    standar = standar_of(TAHUN)
    sasaran = {
        (unit, kelompok): jumlah
        for unit, kelompok, jumlah in SasaranSpm.objects.filter(
            tahun_kinerja=year, dipakai=True, wilayah=None
        ).values_list("unit", "kelompok", "jumlah")
    }
    stated = {
        (unit, butir): Fraction(need)
        for unit, butir, need in KebutuhanSpm.objects.filter(tahun_kinerja=year, kebutuhan__isnull=False).values_list(
            "unit", "butir", "kebutuhan"
        )
    }
    stock = {
        (unit, butir, triwulan): Fraction(there)
        for unit, butir, triwulan, there in MutuSpm.objects.filter(tahun_kinerja=year).values_list(
            "unit", "butir", "triwulan", "tersedia"
        )
    }
    verified = set(
        Submission.objects.filter(tahun_kinerja=year, form="spm_mutu", state__in=COUNTED).values_list("unit", "periode")
    )

    def need(unit: int, kode: str) -> Fraction | None:
        if (unit, kode) in stated:
            return stated[unit, kode]
        butir = next((one for one in standar.butir if one.kode == kode), None)
        if butir is None or butir.faktor is None:
            return None
        exact = butir.faktor * sasaran[unit, butir.kelompok]
        return Fraction(-(-exact.numerator // exact.denominator))

    seen = 0
    for row in CapaianSpm.objects.filter(tahun_kinerja=year, triwulan__gt=0):
        kode = [one.kode for one in standar.butir_of(row.layanan)]
        kode += [f"sdm.{one}" for one in standar.profesi_layanan.get(row.layanan, ())]
        units = [row.unit_id] if row.unit_id else [unit for unit, quarter in verified if quarter == row.triwulan]
        shares = []
        for one in kode:
            pairs = [(need(unit, one), stock.get((unit, one, row.triwulan))) for unit in units]
            whole = [(asked, there) for asked, there in pairs if asked is not None and there is not None]
            asked = sum(pair[0] for pair in whole)
            if asked:
                shares.append(min(sum(pair[1] for pair in whole) * 100 / asked, Fraction(100)))
        if shares:
            assert abs(Fraction(row.mutu) - sum(shares) / len(shares)) <= Fraction(1, 200), row
            seen += 1
        else:
            assert row.mutu is None
    assert seen > 4 * 12 * 3


def test_counting_the_district_again_changes_nothing():
    year = office(4)
    load(year)
    stored = list(CapaianSpm.objects.order_by("pk").values())
    compute_spm(by=None, tahun_kinerja=TahunKinerja.objects.get(instansi=year.instansi, tahun=TAHUN - 1))
    compute_spm(by=None, tahun_kinerja=year)
    assert list(CapaianSpm.objects.order_by("pk").values()) == stored


def test_the_school_year_counts_what_was_served_the_year_before():
    year = office(2)
    load(year)
    row = CapaianSpm.objects.filter(tahun_kinerja=year, unit__isnull=False, layanan="usia_pendidikan_dasar").first()
    before = PelayananSpm.objects.filter(
        unit=row.unit, layanan=row.layanan, tahun_kinerja__tahun=TAHUN - 1, bulan__gte=6
    ).values_list("terlayani", flat=True)
    assert 0 < sum(before) < row.terlayani
    peak = PelayananSpm.objects.filter(unit=row.unit, layanan=row.layanan, tahun_kinerja=year).order_by("-terlayani")
    assert peak.values_list("bulan", flat=True)[0] in (8, 9)


def test_a_year_without_a_standard_has_no_spm():
    load_simulation(by=None, puskesmas=1, tahun=2018, seed=1, today=TODAY, with_quarters=False)
    assert not SasaranSpm.objects.exists()


_When = tuple[int, int]  # year, month


def _quarter(when: _When) -> _When:
    return when[0], (when[1] + 2) // 3


def _months() -> dict[tuple[int, str], dict[_When, int]]:
    found: dict[tuple[int, str], dict[_When, int]] = defaultdict(dict)
    for unit, layanan, tahun, bulan, count in PelayananSpm.objects.values_list(
        "unit", "layanan", "tahun_kinerja__tahun", "bulan", "terlayani"
    ):
        found[unit, layanan][tahun, bulan] = count
    return found


def _verified() -> set[tuple[int, _When]]:
    rows = Submission.objects.filter(form="spm", state__in=COUNTED)
    return {
        (unit, (tahun, quarter)) for unit, tahun, quarter in rows.values_list("unit", "tahun_kinerja__tahun", "periode")
    }


def _sum(months: dict[_When, int], layanan: Layanan, triwulan: int) -> int | None:
    """Persons up to the end of a quarter; None where the quarter itself is silent, or nothing was reported."""
    mine = _counted(months, layanan, triwulan)
    is_open = triwulan and (layanan.jendela != "tahun_ajaran" or triwulan <= 2)
    if not mine or (is_open and (TAHUN, triwulan) not in {_quarter(when) for when in mine}):
        return None
    return sum(mine.values())


def _counted(months: dict[_When, int], layanan: Layanan, triwulan: int) -> dict[_When, int]:
    """The months that count up to the end of a quarter."""
    last = (TAHUN, triwulan * 3 or 12)
    is_school = layanan.jendela == "tahun_ajaran"
    first, end = ((TAHUN - 1, 6), min(last, (TAHUN, 5))) if is_school else ((TAHUN, 1), last)
    return {when: count for when, count in months.items() if first <= when <= end}


def _keys(year: TahunKinerja, form: str, *states: str) -> Iterator[SheetKey]:
    for one in Submission.objects.filter(tahun_kinerja=year, form=form, state__in=states).select_related("unit"):
        yield SheetKey(year, form, one.unit, one.periode)
