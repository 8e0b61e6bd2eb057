"""The form of persons served: cells, refusals in words, coverage so far, and what stands in the way of submitting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from capaian.organisations.models import TahunKinerja
from capaian.spm.models import CapaianSpm, MonevSpm, PelayananSpm, PengaturanSpm, SasaranSpm
from capaian.spm.sheets.forms import PelayananForm
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, Outcome, Sheet, SheetKey, SheetRow
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.policy import StateRefused

pytestmark = pytest.mark.integration
Budget = Callable[[int], AbstractContextManager[object]]
TODAY = date(2025, 1, 10)
FORM = PelayananForm()


def sheet_key(spm: SimpleNamespace, unit: str = "mawar", periode: int = 3) -> SheetKey:
    return SheetKey(spm.tahun_kinerja, "spm", spm.units[unit], periode)


def write(
    spm: SimpleNamespace, *cells: tuple[str, str], unit: str = "mawar", periode: int = 3, base: str | None = None
) -> list[Outcome]:
    changes = [Change(kunci, teks, base) for kunci, teks in cells]
    return write_sheet(by=None, key=sheet_key(spm, unit, periode), changes=changes, today=TODAY)


def row(spm: SimpleNamespace, kunci: str, unit: str = "mawar", periode: int = 3) -> SheetRow:
    return FORM.read(sheet_key(spm, unit, periode), TODAY).by_kunci[kunci]


def served(spm: SimpleNamespace, layanan: str, bulan: int, unit: str = "mawar") -> int | None:
    found = PelayananSpm.objects.filter(
        tahun_kinerja=spm.tahun_kinerja, unit=spm.units[unit], layanan=layanan, bulan=bulan
    )
    return found.values_list("terlayani", flat=True).first()


def test_every_service_has_its_three_months(spm: SimpleNamespace) -> None:
    sheet = FORM.read(sheet_key(spm), TODAY)
    assert len(sheet.rows) == 12 * 3
    first = sheet.rows[0]
    assert (first.kunci, first.nama, first.kelompok) == (
        "ibu_hamil#7",
        "Ibu hamil: Juli",
        "1. Pelayanan Kesehatan Ibu Hamil",
    )
    # 90 a month in two quarters, of 1.200.
    assert (first.target, first.previous, first.teks, first.result) == ("1.200", "540", "", "")
    assert (sheet.fillable, sheet.filled) == (36, 0)


def test_coverage_runs_on_through_the_months_and_is_what_is_stored(spm: SimpleNamespace) -> None:
    write(spm, ("balita#7", "60"), ("balita#8", "0"), ("balita#9", "120"))
    found = [row(spm, f"balita#{bulan}") for bulan in (7, 8, 9)]
    # (540 + 60) / 1200, the same with nobody in August, (600 + 120) / 1200
    assert [one.result for one in found] == ["50,00%", "50,00%", "60,00%"]
    assert [one.teks for one in found] == ["60", "0", "120"]
    stored = CapaianSpm.objects.get(unit=spm.units["mawar"], layanan="balita", triwulan=3)
    assert (stored.terlayani, stored.penerima) == (720, Decimal("60.00"))


def test_a_write_leaves_the_office_alone_until_it_is_verified(spm: SimpleNamespace) -> None:
    write(spm, ("balita#7", "60"))
    office = CapaianSpm.objects.filter(unit=None, layanan="balita", triwulan=3)
    assert not office.exists()
    Submission.objects.filter(unit=spm.units["mawar"], periode=3).update(state=Submission.State.TERVERIFIKASI)
    FORM.after_count(sheet_key(spm), by=None)
    assert office.get().terlayani == 600


def test_a_zero_is_a_report_and_an_empty_cell_is_none(spm: SimpleNamespace) -> None:
    write(spm, ("balita#7", "0"))
    assert served(spm, "balita", 7) == 0
    assert FORM.fillings(spm.tahun_kinerja, [3])[3, spm.units["mawar"].pk].filled == 1
    assert write(spm, ("balita#7", ""))[0].status == Outcome.SAVED
    assert served(spm, "balita", 7) is None


def test_more_than_the_sasaran_is_stored_and_flagged(spm: SimpleNamespace) -> None:
    assert write(spm, ("balita#7", "700"))[0].status == Outcome.SAVED
    found = row(spm, "balita#7")
    assert (found.result, found.status) == ("103,33%", "peringatan")
    assert "Terlayani 1.240 melebihi sasaran 1.200" in found.hint
    assert "dihitung dua kali" in found.hint


@pytest.mark.parametrize(
    ("teks", "said"),
    [
        ("-5", 'Balita: Juli 2024: "-5" negatif'),
        ("12,5", "bukan bilangan bulat"),
        ("1.234", "dapat berarti 1.234 atau 1,234"),
        ("45%", "persentasenya dihitung sendiri"),
        ("banyak", "bukan angka"),
        ("99999999999", "terlalu besar"),
        ("2000000000", "terlalu besar"),  # twice as many are more than 31 bits
        ("12.34.5", "Pengelompokan angka"),
    ],
)
def test_what_is_no_number_of_persons_is_refused_in_words(spm: SimpleNamespace, teks: str, said: str) -> None:
    refused, kept = write(spm, ("balita#7", teks), ("balita#8", "15"))
    assert refused.status == Outcome.REFUSED
    assert said in refused.message
    assert (kept.status, served(spm, "balita", 7), served(spm, "balita", 8)) == (Outcome.SAVED, None, 15)


def test_of_two_readings_only_the_whole_one_is_offered(spm: SimpleNamespace) -> None:
    assert write(spm, ("balita#7", "1.234"))[0].readings == (("1.234", "1234"),)


@pytest.mark.parametrize(
    ("kunci", "said"),
    [
        ("balita#4", "April bukan bulan dari triwulan III"),
        ("balita#13", "bulannya tidak dikenal"),
        ("dukun#7", "jenis pelayanan atau bulannya tidak dikenal"),
        ("balita#tw", "diisi per bulan"),
    ],
)
def test_a_row_that_is_not_of_the_sheet_is_refused_in_words(spm: SimpleNamespace, kunci: str, said: str) -> None:
    outcome = write(spm, (kunci, "5"))[0]
    assert outcome.status == Outcome.REFUSED
    assert said in outcome.message


def test_a_quarter_is_stated_by_months_or_as_a_whole_never_both(spm: SimpleNamespace) -> None:
    PelayananSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], layanan="balita", triwulan=3, terlayani=150
    )
    refused = write(spm, ("balita#7", "50"))[0]
    assert "sudah dilaporkan sekaligus (150 orang)" in refused.message
    assert FORM.problems(sheet_key(spm), TODAY)[0].kunci.startswith("ibu_hamil")
    assert not [one for one in FORM.problems(sheet_key(spm), TODAY) if one.kunci in ("balita#7", "balita#8")]
    write(spm, ("balita#tw", ""))
    assert write(spm, ("balita#7", "50"))[0].status == Outcome.SAVED
    choose(spm, frekuensi="triwulanan")
    refused = write(spm, ("balita#tw", "50"))[0]
    assert "sudah dilaporkan per bulan" in refused.message
    assert served(spm, "balita", 7) == 50


def test_a_quarterly_office_has_one_row_for_each_service(spm: SimpleNamespace) -> None:
    choose(spm, frekuensi="triwulanan")
    sheet = FORM.read(sheet_key(spm), TODAY)
    assert [one.kunci for one in sheet.rows][:2] == ["ibu_hamil#tw", "ibu_bersalin#tw"]
    assert len(sheet.rows) == 12
    write(spm, ("balita#tw", "60"))
    assert row(spm, "balita#tw").result == "50,00%"
    assert "diisi sekaligus per triwulan" in write(spm, ("hipertensi#7", "5"))[0].message


def test_months_of_the_school_year_say_for_which_year_they_count(spm: SimpleNamespace) -> None:
    may, june = (row(spm, f"usia_pendidikan_dasar#{bulan}", periode=2) for bulan in (5, 6))
    # January to May: 5 × 90 of 1.200
    assert (may.result, may.makes_result) == ("37,50%", True)
    assert (june.result, june.target, june.makes_result) == ("", "", False)
    assert "capaian tahun 2025" in june.hint
    # Of the next school year only June has passed.
    assert row(spm, "usia_pendidikan_dasar#7").previous == "90"
    choose(spm, jendela_pendidikan="tahun_kalender")
    assert row(spm, "usia_pendidikan_dasar#6", periode=2).result == "45,00%"


def test_a_service_without_sasaran_is_closed_with_the_remedy(spm: SimpleNamespace) -> None:
    SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="balita").delete()
    found = row(spm, "balita#7")
    assert found.closed == "Sasaran balita belum ditetapkan. Isi dahulu pada halaman Sasaran SPM."
    assert write(spm, ("balita#7", "5"))[0].message == found.closed
    assert any("Sasaran balita belum ditetapkan" in one.message for one in FORM.problems(sheet_key(spm), TODAY))
    # What was reported before can still be taken away.
    assert not row(spm, "balita#4", periode=2).closed


def test_months_that_have_not_begun_are_closed(spm: SimpleNamespace) -> None:
    key = sheet_key(spm)
    rows = FORM.read(key, date(2024, 8, 3)).by_kunci
    assert [bool(rows[f"balita#{bulan}"].closed) for bulan in (7, 8, 9)] == [False, False, True]
    assert rows["balita#9"].closed == "September 2024 belum dimulai."
    assert [one.message for one in FORM.problems(key, date(2024, 6, 30))] == ["Triwulan III 2024 belum dimulai."]
    said = [one.message for one in FORM.problems(key, date(2024, 8, 3))]
    assert "Balita: September: September 2024 belum dimulai" in said


def test_a_value_stored_meanwhile_is_not_overwritten(spm: SimpleNamespace) -> None:
    change = [Change("balita#7", "40")]
    write_sheet(by=spm.operator, key=sheet_key(spm), changes=change, today=TODAY)
    outcome = write(spm, ("balita#7", "55"), base="")[0]
    assert (outcome.status, outcome.teks, outcome.by) == (Outcome.CONFLICT, "40", "operator-mawar")
    assert served(spm, "balita", 7) == 40
    assert write(spm, ("balita#7", "55"), base="40")[0].status == Outcome.SAVED


def test_every_change_leaves_one_entry_and_the_same_value_none(spm: SimpleNamespace) -> None:
    write(spm, ("balita#7", "40"))
    write(spm, ("balita#7", "40"))
    write(spm, ("balita#7", "41"))
    entries = AuditEntry.objects.filter(action="spm.write_pelayanan").order_by("pk")
    assert [(one.subject, one.before, one.after) for one in entries] == [
        ("spm mawar balita#7 2024/3", None, {"teks": "40"}),
        ("spm mawar balita#7 2024/3", {"teks": "40"}, {"teks": "41"}),
    ]


def test_an_operator_writes_only_for_the_own_unit(spm: SimpleNamespace) -> None:
    changes = [Change("balita#7", "40")]
    assert write_sheet(by=spm.operator, key=sheet_key(spm), changes=changes, today=TODAY)[0].ok
    with pytest.raises(PermissionDenied):
        write_sheet(by=spm.operator, key=sheet_key(spm, "melati"), changes=changes, today=TODAY)
    with pytest.raises(StateRefused, match="terverifikasi"):
        write_sheet(by=spm.operator, key=sheet_key(spm, periode=1), changes=changes, today=TODAY)


def fill(spm: SimpleNamespace, persons: int, periode: int = 3) -> None:
    sheet = FORM.read(sheet_key(spm, periode=periode), TODAY)
    write(spm, *[(one.kunci, str(persons)) for one in sheet.rows], periode=periode)


def test_services_behind_the_pace_need_problem_and_solution(spm: SimpleNamespace) -> None:
    fill(spm, 100)
    # (540 + 300) / 1200 = 70 %, under three quarters; the school year ended in May with 450 / 1200.
    problems = FORM.problems(sheet_key(spm), TODAY)
    assert len(problems) == 12
    balita = next(one for one in problems if one.kunci == "balita#9")
    assert "cakupan 70,00% di bawah laju triwulan III (75%)" in balita.message
    assert "ditafsirkan" in balita.message
    for layanan in {one.kunci.partition("#")[0] for one in problems}:
        MonevSpm.objects.create(
            tahun_kinerja=spm.tahun_kinerja,
            unit=spm.units["mawar"],
            layanan=layanan,
            triwulan=3,
            permasalahan="Akses",
            solusi="" if layanan == "balita" else "Kunjungan rumah",
        )
    assert [one.kunci for one in FORM.problems(sheet_key(spm), TODAY)] == ["balita#9"]


def test_a_whole_quarter_on_pace_can_be_submitted(spm: SimpleNamespace) -> None:
    choose(spm, jendela_pendidikan="tahun_kalender")
    fill(spm, 120)
    submission = advance(by=spm.operator, key=sheet_key(spm), transition="ajukan", today=TODAY)
    assert submission.state == Submission.State.DIAJUKAN


def test_a_quarter_with_a_gap_cannot_be_submitted(spm: SimpleNamespace) -> None:
    choose(spm, jendela_pendidikan="tahun_kalender")
    fill(spm, 120)
    write(spm, ("balita#8", ""))
    with pytest.raises(StateRefused, match="Balita: Agustus belum diisi"):
        advance(by=spm.operator, key=sheet_key(spm), transition="ajukan", today=TODAY)


def test_fillings_say_what_the_sheets_say(spm: SimpleNamespace, django_assert_num_queries: Budget) -> None:
    SasaranSpm.objects.filter(unit=spm.units["anggrek"]).exclude(kelompok="balita").delete()
    write(spm, ("balita#7", "5"), unit="anggrek")
    with django_assert_num_queries(4):
        found = FORM.fillings(spm.tahun_kinerja, [0, 1, 2, 3, 4])
    assert len(found) == 3 * 4
    for unit in spm.units:
        for periode in (1, 2, 3, 4):
            sheet: Sheet = FORM.read(sheet_key(spm, unit, periode), TODAY)
            filling = found[periode, spm.units[unit].pk]
            assert (filling.fillable, filling.filled) == (sheet.fillable, sheet.filled)
    assert found[3, spm.units["anggrek"].pk].fillable == 3


def test_the_sheet_costs_the_same_for_every_unit(spm: SimpleNamespace, django_assert_num_queries: Budget) -> None:
    with django_assert_num_queries(4):
        FORM.read(sheet_key(spm), TODAY)


def test_evidence_of_a_month_is_counted_beside_it(spm: SimpleNamespace, client: Client) -> None:
    client.force_login(spm.operator)
    url = "/contoh/2024/bukti/spm/mawar/3/balita%237/"
    form = {"tautan": "https://contoh.example/kohort", "nama": "Kohort balita", "request_key": str(uuid4())}
    assert client.post(url, form).status_code in (200, 302)
    assert (row(spm, "balita#7").bukti, row(spm, "balita#8").bukti) == (1, 0)


def test_who_owes_the_form(spm: SimpleNamespace) -> None:
    assert [str(unit) for unit in FORM.units(spm.tahun_kinerja, 1)] == [
        "Puskesmas Mawar",
        "Puskesmas Melati",
        "Puskesmas Anggrek",
    ]
    assert FORM.units(spm.tahun_kinerja, 0) == []
    office = replace(sheet_key(spm), unit=None)
    assert "diisi oleh Puskesmas" in FORM.problems(office, TODAY)[0].message


def test_the_year_before_changes_with_its_school_year(spm: SimpleNamespace) -> None:
    before = TahunKinerja.objects.get(instansi=spm.tahun_kinerja.instansi, tahun=2023)
    key = replace(sheet_key(spm, periode=4), tahun_kinerja=before)
    SasaranSpm.objects.create(
        tahun_kinerja=before,
        unit=spm.units["mawar"],
        kelompok="usia_pendidikan_dasar",
        jumlah=1000,
        metode="riil",
        sumber="Dapodik",
        dipakai=True,
    )
    write_sheet(by=None, key=key, changes=[Change("usia_pendidikan_dasar#11", "150")], today=TODAY)
    # 150 in November of the year before, 90 a month from January to May
    stored = CapaianSpm.objects.get(
        tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], layanan="usia_pendidikan_dasar", triwulan=2
    )
    assert stored.terlayani == 600


def choose(spm: SimpleNamespace, **values: str) -> None:
    PengaturanSpm.objects.update_or_create(tahun_kinerja=spm.tahun_kinerja, defaults=values)
