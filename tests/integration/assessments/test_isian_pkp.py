"""The form of the PKP: scores beside the answers, refusals in words, what is left out, and what cannot be submitted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.test import Client

from capaian.assessments.actions import choose_instrumen, set_sifat
from capaian.assessments.models import Hasil, Jawaban
from capaian.assessments.sheet import PkpForm
from capaian.organisations.models import TahunKinerja
from capaian.spm.models import CapaianSpm
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, Outcome, Sheet, SheetKey, SheetRow
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.policy import StateRefused
from tests.integration.exchange.workbooks import fetch, fill, grid, upload

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Budget = Callable[[int], AbstractContextManager[object]]
Login = Callable[[str], Client]
TODAY = date(2025, 1, 10)
FORM = PkpForm()
# Everything that Melati, without inpatients, is asked.
ALL = {
    "a1#sasaran": "200", "a1#realisasi": "120", "a2#sasaran": "50", "a2#realisasi": "50", "a3#sasaran": "100",
    "a3#realisasi": "40", "b2": "12 jam", "c1#sasaran": "1000", "c1#realisasi": "150", "m1": "7", "m2": "60",
    "q1": "ya",
}  # fmt: skip


def sheet_key(pkp: SimpleNamespace, unit: str = "melati", tahun_kinerja: TahunKinerja | None = None) -> SheetKey:
    return SheetKey(tahun_kinerja or pkp.tahun_kinerja, "pkp", pkp.units[unit], 0)


def read(pkp: SimpleNamespace, unit: str = "melati") -> Sheet:
    return FORM.read(sheet_key(pkp, unit), TODAY)


def row(pkp: SimpleNamespace, kunci: str, unit: str = "melati") -> SheetRow:
    return read(pkp, unit).by_kunci[kunci]


def write(pkp: SimpleNamespace, unit: str = "melati", base: str | None = None, **cells: str) -> dict[str, Outcome]:
    """Names of values are written with two underscores: `a1__sasaran`."""
    changes = [Change(name.replace("__", "#"), teks, base) for name, teks in cells.items()]
    found = write_sheet(by=None, key=sheet_key(pkp, unit), changes=changes, today=TODAY)
    return {one.kunci: one for one in found}


def fill_all(pkp: SimpleNamespace, unit: str = "melati", **instead: str) -> None:
    write(pkp, unit, **({name.replace("#", "__"): teks for name, teks in ALL.items()} | instead))


def value(pkp: SimpleNamespace, kelompok: str, unit: str = "melati") -> Decimal | None:
    return Hasil.objects.get(penilaian__unit=pkp.units[unit], kelompok=kelompok).tampil


def test_what_does_not_apply_wipes_no_plan(pkp: SimpleNamespace) -> None:
    write(pkp, m1="7")
    Jawaban.objects.filter(butir="m1").update(catatan="Melengkapi uraian tugas")
    refused = write(pkp, m1="tidak berlaku: Puskesmas baru berdiri")["m1"]
    assert (refused.status, "rencana pemecahan" in refused.message) == (Outcome.REFUSED, True)
    assert Jawaban.objects.get(butir="m1").catatan == "Melengkapi uraian tugas"


def test_the_sheet_asks_for_numerator_and_denominator_or_one_value(pkp: SimpleNamespace) -> None:
    sheet = read(pkp)
    assert [one.kunci for one in sheet.rows] == [
        "a1#sasaran", "a1#realisasi", "a2#sasaran", "a2#realisasi", "a3#sasaran", "a3#realisasi", "b1", "b2",
        "c1#sasaran", "c1#realisasi", "m1", "m2", "q1",
    ]  # fmt: skip
    first, second = sheet.rows[:2]
    assert (first.nama, first.kode, first.satuan, first.target) == ("Imunisasi dasar lengkap: sasaran", "1", "Bayi", "")
    assert (second.kode, second.target, second.kelompok) == ("", "80 %", "Pelayanan › A UKM")
    assert "Hanya untuk Puskesmas: Rawat inap" in sheet.by_kunci["b1"].closed
    assert sheet.by_kunci["m1"].choices[:3] == ("0 – Belum ada", "7 – Ada, belum lengkap", "10 – Ada dan lengkap")
    assert (sheet.fillable, sheet.filled) == (12, 0)


def test_what_is_written_is_scored_joined_and_told_in_the_audit_trail(pkp: SimpleNamespace) -> None:
    fill_all(pkp)
    sheet = read(pkp)
    results = {one.kunci: one.result for one in sheet.rows if one.result}
    # 120/200 = 60 % of 80; 50/50; stunting 40 % against 20: T/R; within 24 hours; 150 ‰ of 150.
    assert results == {"a1#realisasi": "75", "a2#realisasi": "100", "a3#realisasi": "50", "b2": "100",
                       "c1#realisasi": "100", "m1": "7", "m2": "10", "q1": "10"}  # fmt: skip
    # UKM (75 + 100 + 50) / 3 = 75, UKP 100 (no inpatients), development 100: their mean.
    assert value(pkp, "pelayanan") == Decimal("91.67")
    assert (value(pkp, "manajemen"), value(pkp, "mutu")) == (Decimal("8.50"), Decimal("100.00"))
    assert Hasil.objects.get(penilaian__unit=pkp.units["melati"], kelompok="pkp").kelas == "baik"
    assert (sheet.filled, FORM.problems(sheet_key(pkp), TODAY)) == (12, [])
    entry = AuditEntry.objects.get(action="assessments.write_pkp", subject="pkp melati m1 2024/0")
    assert entry.after == {"teks": "7 – Ada, belum lengkap"}


@pytest.mark.parametrize(
    ("kunci", "teks", "told"),
    [
        ("a1__sasaran", "banyak", "bukan angka"),
        ("a1__realisasi", "-3", "negatif"),
        ("a1__realisasi", "95%", "Tulis jumlahnya"),
        ("a1__realisasi", "#REF!", "galat rumus"),
        ("a1__sasaran", "#DIV/0!", "galat rumus"),
        ("b2", "#VALUE!", "galat rumus"),
        ("a1__sasaran", "tidak berlaku: tidak ada bayi", "pada baris realisasinya"),
        ("a1__realisasi", "tidak berlaku", "alasannya belum ditulis"),
        ("a1__realisasi", "tidak berlaku: -", "alasannya belum ditulis"),
        ("m1", "8", "Pilih: 0 – Belum ada; 7 – Ada, belum lengkap"),
        ("m2", "-1", "negatif"),
        ("m2", "banyak sekali", "tidak dikenal"),
        ("m2", "belum ada", "bukan nilai"),
        ("b2", "Paripurna", "KLB"),
        ("b1", "2", "Hanya untuk Puskesmas"),
        ("x9", "2", "tidak ada dalam instrumen"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_changes_nothing(
    pkp: SimpleNamespace, kunci: str, teks: str, told: str
) -> None:
    outcome = write(pkp, **{kunci: teks})[kunci.replace("__", "#")]
    assert outcome.status == Outcome.REFUSED
    assert told in outcome.message
    assert not Jawaban.objects.exists()


def test_a_number_with_two_meanings_asks_which(pkp: SimpleNamespace) -> None:
    # Two decimals are the most that a count has, so that only one of its readings fits.
    for kunci, readings in (("a1#sasaran", ["1.234"]), ("m2", ["1.234", "1,234"])):
        outcome = write(pkp, **{kunci.replace("#", "__"): "1.234"})[kunci]
        assert [shown for shown, _ in outcome.readings] == readings


def test_a_half_answer_is_no_zero_and_stands_in_the_way(pkp: SimpleNamespace) -> None:
    fill_all(pkp, a1__sasaran="")
    found = row(pkp, "a1#realisasi")
    assert (found.status, found.result) == ("salah", "")
    assert "sasaran belum ada" in found.hint
    # (100 + 50) / 2 = 75, 100 and 100: what cannot be scored leaves the mean.
    assert value(pkp, "pelayanan") == Decimal("91.67")
    told = [one.message for one in FORM.problems(sheet_key(pkp), TODAY)]
    assert any("Baru sebagian terisi" in one for one in told)
    with pytest.raises(StateRefused):
        advance(by=None, key=sheet_key(pkp), transition="ajukan", today=TODAY)


def test_what_does_not_apply_leaves_the_mean_with_its_reason(pkp: SimpleNamespace) -> None:
    fill_all(pkp, a3__sasaran="", a3__realisasi="Tidak berlaku: tidak ada balita di wilayah")
    found = row(pkp, "a3#realisasi")
    assert (found.teks, found.status) == ("tidak berlaku: tidak ada balita di wilayah", "tidak_berlaku")
    # UKM (75 + 100) / 2 = 87,5, with UKP 100 and development 100.
    assert value(pkp, "pelayanan") == Decimal("95.83")
    assert FORM.problems(sheet_key(pkp), TODAY) == []
    assert write(pkp, a3__realisasi="")["a3#realisasi"].status == Outcome.SAVED
    assert not Jawaban.objects.filter(butir="a3").exists()


def test_a_choice_is_taken_by_its_kode_or_words_and_left_out_by_choice(pkp: SimpleNamespace) -> None:
    for teks in ("7", "ada, BELUM lengkap", "7 – Ada, belum lengkap"):
        write(pkp, m1="")
        assert write(pkp, m1=teks)["m1"].teks == "7 – Ada, belum lengkap"
        assert Jawaban.objects.get(butir="m1").nilai == "7"
    out = row(pkp, "m1").choices[-1]
    assert write(pkp, m1=out)["m1"].teks == out
    assert write(pkp, m1="tidak berlaku: Puskesmas baru berdiri")["m1"].teks in row(pkp, "m1").choices


@pytest.mark.parametrize(
    ("realisasi", "status", "told"),
    [("240", "peringatan", "melebihi sasaran"), ("120000", "janggal", "60.000% hampir pasti salah ketik")],
)
def test_more_than_there_should_be_is_taken_and_flagged(
    pkp: SimpleNamespace, realisasi: str, status: str, told: str
) -> None:
    outcome = write(pkp, a1__sasaran="200", a1__realisasi=realisasi)["a1#realisasi"]
    assert outcome.status == Outcome.SAVED
    assert told in outcome.message
    found = row(pkp, "a1#realisasi")
    assert (found.status, found.result) == (status, "100")
    assert told in found.hint


def test_a_value_in_a_hole_between_bands_is_flagged(pkp: SimpleNamespace) -> None:
    write(pkp, m2="50")
    found = row(pkp, "m2")
    assert (found.status, found.result) == ("peringatan", "0")
    assert "50 jatuh di celah" in found.hint


def test_a_property_opens_its_items_and_counts_them(pkp: SimpleNamespace) -> None:
    fill_all(pkp)
    set_sifat(by=None, tahun_kinerja=pkp.tahun_kinerja, sifat={pkp.units["melati"]: ["rawat_inap"]})
    assert not row(pkp, "b1").closed
    write(pkp, b1="6")
    # Six days against three: T/R = 50; UKP (50 + 100) / 2 = 75, UKM 75, development 100.
    assert value(pkp, "pelayanan") == Decimal("83.33")


def test_two_people_at_one_value_see_both(pkp: SimpleNamespace) -> None:
    write(pkp, a1__sasaran="200")
    outcome = write(pkp, base="", a1__sasaran="300")["a1#sasaran"]
    assert (outcome.status, outcome.teks) == (Outcome.CONFLICT, "200")
    assert Jawaban.objects.get(butir="a1").sasaran == 200


def test_what_is_missing_is_named_up_to_ten(pkp: SimpleNamespace) -> None:
    found = FORM.problems(sheet_key(pkp), TODAY)
    assert found[0].message == "Imunisasi dasar lengkap: sasaran belum diisi"
    assert (len(found), found[-1].message) == (11, "… dan 2 isian lagi belum diisi")


def test_the_filling_of_every_unit_is_what_its_sheet_says(pkp: SimpleNamespace) -> None:
    set_sifat(by=None, tahun_kinerja=pkp.tahun_kinerja, sifat={pkp.units["anggrek"]: ["rawat_inap"]})
    fill_all(pkp, a3__realisasi="tidak berlaku: tidak ada balita")
    write(pkp, "anggrek", b1="2", a1__sasaran="3", m1="0")
    found = FORM.fillings(pkp.tahun_kinerja, [0])
    for kunci, unit in pkp.units.items():
        sheet = read(pkp, kunci)
        assert (found[0, unit.pk].fillable, found[0, unit.pk].filled) == (sheet.fillable, sheet.filled), kunci
    assert found[0, pkp.units["anggrek"].pk].filled == 3


def test_nothing_is_owed_before_an_instrument_is_chosen(
    tahun_kinerja: TahunKinerja, puskesmas: object, django_assert_num_queries: Budget
) -> None:
    with django_assert_num_queries(1):
        assert FORM.fillings(tahun_kinerja, [0]) == {}
    assert FORM.units(tahun_kinerja, 0) == []


def test_the_year_before_stands_beside(pkp: SimpleNamespace) -> None:
    before = TahunKinerja.objects.get(instansi=pkp.tahun_kinerja.instansi, tahun=2023)
    choose_instrumen(by=None, tahun_kinerja=before, versi=pkp.versi)
    key = sheet_key(pkp, tahun_kinerja=before)
    write_sheet(by=None, key=key, changes=[Change("m1", "7"), Change("a1#realisasi", "88")], today=TODAY)
    assert row(pkp, "m1").previous == "7 – Ada, belum lengkap"
    assert row(pkp, "a1#realisasi").previous == "88"


def test_what_spm_knows_is_offered_and_not_written(pkp: SimpleNamespace) -> None:
    CapaianSpm.objects.create(
        tahun_kinerja=pkp.tahun_kinerja, unit=pkp.units["melati"], layanan="ibu_hamil", triwulan=0, sasaran=410,
        terlayani=388, catatan=[], dasar={},
    )  # fmt: skip
    assert row(pkp, "a2#sasaran").offer.startswith("Menurut SPM: 410 (formulir Pelayanan SPM, 0 dari 4 triwulan")
    assert row(pkp, "a2#realisasi").offer.startswith("Menurut SPM: 388")
    assert row(pkp, "a1#realisasi").offer == ""
    assert not Jawaban.objects.exists()
    write(pkp, a2__realisasi="380")
    assert row(pkp, "a2#realisasi").offer == ""


def test_the_queries_of_reading_and_writing_do_not_grow(
    pkp: SimpleNamespace, django_assert_max_num_queries: Budget
) -> None:
    write(pkp, m1="7")
    with django_assert_max_num_queries(8):
        read(pkp)
    few, many = {"m1": "10"}, {name.replace("#", "__"): teks for name, teks in ALL.items() if name != "m1"}
    # The entries of the audit trail are stored together.
    with django_assert_max_num_queries(29) as one:
        write(pkp, **few)
    with django_assert_max_num_queries(len(one) + 1):
        write(pkp, **many)


def test_the_template_offers_choices_and_the_preview_warns(pkp: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    book: openpyxl.Workbook = fetch(client, "melati", 0, "pkp")
    lists = [one.formula1 for one in grid(book).data_validations.dataValidation if one.type == "list"]
    assert any(one.startswith("'_pilihan'!$A$1:$A$") for one in lists)
    assert book["_pilihan"]["A2"].value == "7 – Ada, belum lengkap"
    fill(grid(book), "m1", "tidak berlaku: Puskesmas baru")
    fill(grid(book), "a1#sasaran", "200")
    loud = fill(grid(book), "a1#realisasi", "120000")
    found = upload(client, book)
    assert [(one["cell"], one["rule"], one["severity"]) for one in found.findings] == [(loud, "janggal", "peringatan")]
    assert not Jawaban.objects.exists()
    wrong = fetch(client, "melati", 0, "pkp")
    cell = fill(grid(wrong), "m1", "8")
    broken = fill(grid(wrong), "a1#realisasi", "#REF!")
    assert {one["cell"] for one in upload(client, wrong).findings if one["severity"] == "salah"} == {cell, broken}


def test_the_page_of_the_sheet_shows_choices_and_offers(pkp: SimpleNamespace, login: Login) -> None:
    html = login("perencana").get("/contoh/2024/isian/pkp/melati/0/").content.decode()
    assert '<select class="cell cell-choice" name="m1"' in html
    assert "Penilaian Kinerja Puskesmas: Puskesmas Melati" in html
    empty = login("perencana").get("/contoh/2024/isian/pkp/instansi/0/").content.decode()
    assert "Penilaian diisi Puskesmas" in empty


def test_a_complete_sheet_goes_its_way(pkp: SimpleNamespace) -> None:
    fill_all(pkp)
    for step in ("ajukan", "verifikasi"):
        advance(by=None, key=sheet_key(pkp), transition=step, today=TODAY)
    assert Submission.objects.get(form="pkp").state == "terverifikasi"
    with pytest.raises(StateRefused):
        write(pkp, m1="0")
