"""The form of needs: what the standard does not say is stated, and the prices of the office hold for its units."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from capaian.organisations.models import TahunKinerja
from capaian.spm.models import CapaianSpm, KebutuhanSpm, MutuSpm
from capaian.spm.sheets.forms import KebutuhanForm
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, Outcome, SheetKey, SheetRow
from capaian.workflow.models import Submission

pytestmark = pytest.mark.integration
Budget = Callable[[int], AbstractContextManager[object]]
TODAY = date(2025, 1, 10)
FORM = KebutuhanForm()


def sheet_key(spm: SimpleNamespace, unit: str | None = "mawar") -> SheetKey:
    return SheetKey(spm.tahun_kinerja, "spm_kebutuhan", spm.units[unit] if unit else None, 0)


def write(
    spm: SimpleNamespace, *cells: tuple[str, str], unit: str | None = "mawar", base: str | None = None
) -> list[Outcome]:
    changes = [Change(kunci, teks, base) for kunci, teks in cells]
    return write_sheet(by=None, key=sheet_key(spm, unit), changes=changes, today=TODAY)


def rows(spm: SimpleNamespace, unit: str | None = "mawar") -> dict[str, SheetRow]:
    return dict(FORM.read(sheet_key(spm, unit), TODAY).by_kunci)


def test_a_need_is_asked_only_where_the_standard_gives_none(spm: SimpleNamespace) -> None:
    found = rows(spm)
    assert "ibu_hamil.td#kebutuhan" not in found
    assert {"ibu_hamil.td#tersedia", "ibu_hamil.td#harga", "ibu_hamil.buku_kia#kebutuhan"} <= found.keys()
    assert {"sdm.bidan#kebutuhan", "sdm.bidan#tersedia"} <= found.keys()
    assert "sdm.bidan#harga" not in found
    # Supplied with the card of ibu hamil.
    assert "ibu_bersalin.kartu_ibu#tersedia" not in found
    assert found["ibu_hamil.td#tersedia"].target == "960"


def test_shortage_and_cost_follow(spm: SimpleNamespace) -> None:
    write(spm, ("ibu_hamil.td#tersedia", "900"), ("ibu_hamil.td#harga", "25.000"))
    found = rows(spm)
    # 960 − 900, and 60 × 25.000
    assert found["ibu_hamil.td#tersedia"].result == "kurang 60"
    assert found["ibu_hamil.td#harga"].result == "Rp 1.500.000"
    write(spm, ("ibu_hamil.td#tersedia", "960"))
    assert rows(spm)["ibu_hamil.td#tersedia"].result == "cukup"
    write(spm, ("ibu_hamil.td#tersedia", "1000"))
    assert (rows(spm)["ibu_hamil.td#tersedia"].result, rows(spm)["ibu_hamil.td#harga"].result) == ("lebih 40", "Rp 0")


def test_the_price_of_the_office_holds_for_units_without_their_own(spm: SimpleNamespace) -> None:
    write(spm, ("ibu_hamil.td#harga", "20000"), unit=None)
    write(spm, ("ibu_hamil.td#tersedia", "950"))
    assert rows(spm)["ibu_hamil.td#harga"].result == "Rp 200.000"
    assert rows(spm)["ibu_hamil.td#harga"].target == "20.000"
    write(spm, ("ibu_hamil.td#harga", "30000"))
    assert rows(spm)["ibu_hamil.td#harga"].result == "Rp 300.000"
    # Taken away, the office's holds again; the row is gone, not empty.
    write(spm, ("ibu_hamil.td#harga", ""))
    assert rows(spm)["ibu_hamil.td#harga"].result == "Rp 200.000"
    assert not KebutuhanSpm.objects.filter(unit=spm.units["mawar"]).exists()


def test_the_office_states_prices_only(spm: SimpleNamespace) -> None:
    found = rows(spm, None)
    assert {kunci.partition("#")[2] for kunci in found} == {"harga"}
    assert FORM.problems(sheet_key(spm, None), TODAY) == []
    assert "tidak ada dalam standar" in write(spm, ("ibu_hamil.td#tersedia", "5"), unit=None)[0].message


def test_need_and_price_of_one_item_do_not_touch_each_other(spm: SimpleNamespace) -> None:
    write(spm, ("ibu_hamil.buku_kia#kebutuhan", "1200"))
    write(spm, ("ibu_hamil.buku_kia#harga", "15000"))
    stored = KebutuhanSpm.objects.get(unit=spm.units["mawar"], butir="ibu_hamil.buku_kia")
    assert (stored.kebutuhan, stored.harga_satuan) == (Decimal(1200), 15000)
    write(spm, ("ibu_hamil.buku_kia#kebutuhan", ""))
    stored.refresh_from_db()
    assert (stored.kebutuhan, stored.harga_satuan) == (None, 15000)


@pytest.mark.parametrize(
    ("kunci", "teks", "said"),
    [
        ("ibu_hamil.td#harga", "-5", "negatif"),
        ("ibu_hamil.td#harga", "12,5", "sen"),
        ("ibu_hamil.td#tersedia", "-5", "negatif"),
        ("ibu_hamil.td#kebutuhan", "5", "Tidak ada baris"),
        ("entah#harga", "5", "Tidak ada baris"),
    ],
)
def test_what_cannot_be_is_refused_in_words(spm: SimpleNamespace, kunci: str, teks: str, said: str) -> None:
    outcome = write(spm, (kunci, teks))[0]
    assert outcome.status == Outcome.REFUSED
    assert said in outcome.message
    assert not KebutuhanSpm.objects.exists()
    assert not MutuSpm.objects.exists()


def test_a_price_someone_stored_meanwhile_is_kept(spm: SimpleNamespace) -> None:
    changes = [Change("ibu_hamil.td#harga", "25000")]
    write_sheet(by=spm.operator, key=sheet_key(spm), changes=changes, today=TODAY)
    outcome = write(spm, ("ibu_hamil.td#harga", "1"), base="")[0]
    assert (outcome.status, outcome.teks, outcome.by) == (Outcome.CONFLICT, "25000", "operator-mawar")


def test_prices_may_stay_empty_and_are_not_counted(spm: SimpleNamespace) -> None:
    sheet = FORM.read(sheet_key(spm), TODAY)
    due = [one for one in sheet.rows if not one.kunci.endswith("#harga")]
    assert sheet.fillable == len(due)
    assert {one.kunci for one in FORM.problems(sheet_key(spm), TODAY)} == {one.kunci for one in due}
    write(spm, *[(one.kunci, "5") for one in due])
    assert FORM.problems(sheet_key(spm), TODAY) == []
    submission = advance(by=spm.operator, key=sheet_key(spm), transition="ajukan", today=TODAY)
    assert submission.state == Submission.State.DIAJUKAN


def test_a_stated_need_changes_the_quality_it_is_held_against(spm: SimpleNamespace) -> None:
    unit = spm.units["mawar"]
    MutuSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=unit, butir="ibu_hamil.buku_kia", triwulan=2, tersedia=300
    )
    Submission.objects.create(
        tahun_kinerja=spm.tahun_kinerja, form="spm_mutu", unit=unit, periode=2, state="terverifikasi"
    )
    write(spm, ("ibu_hamil.buku_kia#kebutuhan", "1200"))
    found = CapaianSpm.objects.filter(layanan="ibu_hamil", triwulan=2)
    assert found.get(unit=unit).mutu == Decimal("25.00")
    # Verified already, so the office follows at once.
    assert found.get(unit=None).mutu == Decimal("25.00")


def test_the_year_before_stands_beside(spm: SimpleNamespace, django_assert_num_queries: Budget) -> None:
    before = TahunKinerja.objects.get(instansi=spm.tahun_kinerja.instansi, tahun=2023)
    KebutuhanSpm.objects.create(
        tahun_kinerja=before, unit=spm.units["mawar"], butir="ibu_hamil.td", harga_satuan=23_500
    )
    assert rows(spm)["ibu_hamil.td#harga"].previous == "23.500"
    with django_assert_num_queries(7):
        FORM.read(sheet_key(spm), TODAY)


def test_fillings_say_what_the_sheets_say(spm: SimpleNamespace, django_assert_num_queries: Budget) -> None:
    write(spm, ("sdm.bidan#kebutuhan", "8"), ("ibu_hamil.td#harga", "5"))
    write(spm, ("ibu_hamil.td#harga", "5"), unit=None)
    with django_assert_num_queries(5):
        found = FORM.fillings(spm.tahun_kinerja, range(5))
    assert FORM.units(spm.tahun_kinerja, 0)[0] is None
    assert len(found) == 4
    for unit in (None, *spm.units):
        sheet = FORM.read(sheet_key(spm, unit), TODAY)
        filling = found[0, spm.units[unit].pk if unit else None]
        assert (filling.fillable, filling.filled) == (sheet.fillable, sheet.filled)
    assert found[0, None].filled == 1
    assert FORM.units(spm.tahun_kinerja, 1) == []
