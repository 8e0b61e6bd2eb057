"""The form of quality: items once each, the need from sasaran or from the unit's own statement, closed with reasons."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from capaian.spm.models import CapaianSpm, KebutuhanSpm, MutuSpm, PengaturanSpm, SasaranSpm
from capaian.spm.sheets.forms import MutuForm
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, Outcome, SheetKey, SheetRow
from capaian.workflow.models import AuditEntry, Submission

pytestmark = pytest.mark.integration
Budget = Callable[[int], AbstractContextManager[object]]
TODAY = date(2025, 1, 10)
FORM = MutuForm()


def sheet_key(spm: SimpleNamespace, unit: str = "mawar", periode: int = 2) -> SheetKey:
    return SheetKey(spm.tahun_kinerja, "spm_mutu", spm.units[unit], periode)


def write(spm: SimpleNamespace, *cells: tuple[str, str], base: str | None = None, periode: int = 2) -> list[Outcome]:
    changes = [Change(kunci, teks, base) for kunci, teks in cells]
    return write_sheet(by=None, key=sheet_key(spm, periode=periode), changes=changes, today=TODAY)


def row(spm: SimpleNamespace, kunci: str, periode: int = 2) -> SheetRow:
    return FORM.read(sheet_key(spm, periode=periode), TODAY).by_kunci[kunci]


def need(spm: SimpleNamespace, butir: str, jumlah: str) -> None:
    KebutuhanSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], butir=butir, kebutuhan=Decimal(jumlah)
    )


def test_the_need_follows_from_the_standard(spm: SimpleNamespace) -> None:
    # Permenkes 6/2024 for 1.200 ibu hamil: Td 80 %, 180 tablets each, glukoprotein urin 15 %
    found = [row(spm, f"ibu_hamil.{kode}").target for kode in ("td", "ttd", "glukoprotein_urin")]
    assert found == ["960", "216.000", "180"]


def test_the_share_of_the_need_stops_at_a_hundred(spm: SimpleNamespace) -> None:
    write(spm, ("ibu_hamil.td", "240"), ("ibu_hamil.ttd", "300000"))
    assert (row(spm, "ibu_hamil.td").result, row(spm, "ibu_hamil.ttd").result) == ("25,00%", "100,00%")
    stored = CapaianSpm.objects.get(unit=spm.units["mawar"], layanan="ibu_hamil", triwulan=2)
    # The mean of 25 and 100.
    assert stored.mutu == Decimal("62.50")
    assert row(spm, "ibu_hamil.td", periode=3).previous == "240"


def test_what_needs_a_statement_first_is_closed_with_the_remedy(spm: SimpleNamespace) -> None:
    assert "formulir Kebutuhan SPM" in row(spm, "ibu_hamil.buku_kia").closed
    assert "formulir Kebutuhan SPM" in row(spm, "sdm.bidan").closed
    assert "formulir Kebutuhan SPM" in write(spm, ("sdm.bidan", "4"))[0].message
    need(spm, "sdm.bidan", "8")
    need(spm, "ibu_hamil.buku_kia", "0")
    assert write(spm, ("sdm.bidan", "6"))[0].status == Outcome.SAVED
    assert row(spm, "sdm.bidan").result == "75,00%"
    assert row(spm, "ibu_hamil.buku_kia").closed.startswith("Kebutuhan nol")
    SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="ibu_hamil").delete()
    assert row(spm, "ibu_hamil.td").closed == "Jumlah ibu hamil belum ditetapkan. Isi pada halaman Sasaran SPM."


def test_an_item_counted_elsewhere_is_closed(spm: SimpleNamespace) -> None:
    found = row(spm, "ibu_bersalin.kartu_ibu")
    assert found.closed.startswith("Terintegrasi dengan Kartu ibu")


def test_staff_stand_once_whatever_they_work_for(spm: SimpleNamespace) -> None:
    rows = FORM.read(sheet_key(spm), TODAY).rows
    kunci = [one.kunci for one in rows]
    assert len(kunci) == len(set(kunci))
    midwives = [one for one in rows if one.kunci == "sdm.bidan"]
    assert len(midwives) == 1
    assert "Ibu hamil" in midwives[0].hint
    assert "Ibu bersalin" in midwives[0].hint


@pytest.mark.parametrize(
    ("teks", "said"),
    [("-1", "negatif"), ("1,255", "dapat berarti"), ("1,2555", "lebih dari dua desimal"), ("dua", "bukan angka")],
)
def test_what_is_no_quantity_is_refused(spm: SimpleNamespace, teks: str, said: str) -> None:
    outcome = write(spm, ("ibu_hamil.td", teks))[0]
    assert outcome.status == Outcome.REFUSED
    assert said in outcome.message
    assert outcome.message.startswith("Vaksin Tetanus Difteri (Td), triwulan II 2024")
    assert not MutuSpm.objects.exists()


def test_two_decimals_are_kept(spm: SimpleNamespace) -> None:
    need(spm, "sdm.bidan", "8")
    write(spm, ("sdm.bidan", "6,25"))
    assert MutuSpm.objects.get().tersedia == Decimal("6.25")
    assert row(spm, "sdm.bidan").teks == "6,25"


def test_a_conflict_shows_who_and_writes_nothing(spm: SimpleNamespace) -> None:
    changes = [Change("ibu_hamil.td", "100")]
    write_sheet(by=spm.operator, key=sheet_key(spm), changes=changes, today=TODAY)
    outcome = write(spm, ("ibu_hamil.td", "90"), base="")[0]
    assert (outcome.status, outcome.teks, outcome.by) == (Outcome.CONFLICT, "100", "operator-mawar")
    assert AuditEntry.objects.filter(action="spm.write_mutu").count() == 1


def test_problems_name_what_is_missing(spm: SimpleNamespace) -> None:
    sheet = FORM.read(sheet_key(spm), TODAY)
    problems = FORM.problems(sheet_key(spm), TODAY)
    assert len(problems) == sheet.fillable
    assert problems[0].message == "Vaksin Tetanus Difteri (Td) belum diisi"
    assert "belum dimulai" in FORM.problems(sheet_key(spm), date(2024, 3, 1))[0].message
    assert "belum dimulai" in write_before(spm)[0].message
    SasaranSpm.objects.filter(unit=spm.units["mawar"]).delete()
    assert "Kebutuhan SPM lebih dahulu" in FORM.problems(sheet_key(spm), TODAY)[0].message


def write_before(spm: SimpleNamespace) -> list[Outcome]:
    changes = [Change("ibu_hamil.td", "1")]
    return write_sheet(by=None, key=sheet_key(spm), changes=changes, today=date(2024, 3, 1))


def test_the_office_counts_quality_once_it_is_verified(spm: SimpleNamespace) -> None:
    write(spm, ("ibu_hamil.td", "240"))
    office = CapaianSpm.objects.get(unit=None, layanan="ibu_hamil", triwulan=2)
    assert office.mutu is None
    Submission.objects.filter(form="spm_mutu").update(state=Submission.State.TERVERIFIKASI)
    FORM.after_count(sheet_key(spm), by=None)
    office.refresh_from_db()
    assert office.mutu == Decimal("25.00")


def test_fillings_say_what_the_sheets_say(spm: SimpleNamespace, django_assert_num_queries: Budget) -> None:
    need(spm, "sdm.bidan", "8")
    write(spm, ("sdm.bidan", "6"), ("ibu_hamil.td", "0"))
    with django_assert_num_queries(5):
        found = FORM.fillings(spm.tahun_kinerja, [0, 1, 2])
    assert len(found) == 3 * 2
    for unit in spm.units:
        for periode in (1, 2):
            sheet = FORM.read(sheet_key(spm, unit, periode), TODAY)
            filling = found[periode, spm.units[unit].pk]
            assert (filling.fillable, filling.filled) == (sheet.fillable, sheet.filled)
    assert found[2, spm.units["mawar"].pk].filled == 2
    with django_assert_num_queries(5):
        FORM.read(sheet_key(spm), TODAY)


def test_a_standard_without_quality_asks_for_none(spm: SimpleNamespace) -> None:
    PengaturanSpm.objects.create(tahun_kinerja=spm.tahun_kinerja, standar="spm/permenkes_4_2019")
    assert FORM.units(spm.tahun_kinerja, 1) == []
    assert FORM.fillings(spm.tahun_kinerja, [1]) == {}
