"""Recommendations: who recommends, who follows up, who confirms; ages over the years, what is overdue or repeated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_rekomendasi import (
    FollowUp,
    RekomendasiInput,
    confirm_rekomendasi,
    link_rekomendasi,
    mark_of_reports,
    mark_of_row,
    record_tindak_lanjut,
    reopen_rekomendasi,
    save_rekomendasi,
    save_rencana_aksi,
)
from capaian.assessments.models import Penilaian, Rekomendasi, TindakLanjut
from capaian.assessments.queries_rekomendasi import rekomendasi_rows, repeated_by, summarise
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.workflow.models import AuditEntry
from tests.integration.assessments.test_lke import choose

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/penilaian/rekomendasi/"
TODAY = date(2024, 11, 20)
UNGGAH = "Dokumen SAKIP diunggah ke laman esr Kementerian PANRB tidak melewati akhir Februari setiap tahun."


@pytest.fixture
def rek(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> SimpleNamespace:
    """A recommendation on 2023, given in 2024, for bidang P2P, whose pemegang program follows it up."""
    last = TahunKinerja.objects.get(instansi=tahun_kinerja.instansi, tahun=2023)
    choose(last)
    unit = UnitKerja.objects.create(instansi=last.instansi, kunci="p2p", nama="Bidang P2P", jenis="bidang", urutan=1)
    other = UnitKerja.objects.create(instansi=last.instansi, kunci="sdk", nama="Bidang SDK", jenis="bidang", urutan=2)
    Membership.objects.filter(user=cast.pemegang_program).update(unit=unit)
    stated = RekomendasiInput(UNGGAH, "1", "Unggahan terlambat", unit=unit, tenggat=date(2024, 10, 31))
    row = save_rekomendasi(by=cast.inspektorat, tahun_kinerja=last, stated=stated)
    return SimpleNamespace(year=tahun_kinerja, last=last, row=row, unit=unit, other=other, cast=cast)


def report(rek: SimpleNamespace, who: str, status: str, uraian: str = "", tahun: int = 2024, triwulan: int = 4) -> None:
    follow_up = FollowUp(tahun, triwulan, status, uraian)
    record_tindak_lanjut(by=getattr(rek.cast, who), rekomendasi=rek.row, follow_up=follow_up, today=TODAY)


def test_the_later_of_two_reports_of_a_quarter_is_told_of_the_first(login: Login, rek: SimpleNamespace) -> None:
    seen = mark_of_reports(rek.row)
    report(rek, "pemegang_program", "proses", "Rapat pendahuluan")
    url = f"/contoh/2024/penilaian/rekomendasi/{rek.row.pk}/lapor/"
    typed = {"periode": "2024-4", "status": "selesai", "uraian": "Sudah diunggah", "tautan": ""}
    refused = login("perencana").post(url, typed | {"dasar": seen})
    assert (refused.status_code, "Rapat pendahuluan" in refused.content.decode()) == (422, True)
    assert "Sudah diunggah" in refused.content.decode()
    assert TindakLanjut.objects.get().uraian == "Rapat pendahuluan"
    assert login("perencana").post(url, typed | {"dasar": mark_of_reports(rek.row)}).status_code == 302
    assert TindakLanjut.objects.get().uraian == "Sudah diunggah"


# --- who may ---------------------------------------------------------------------------------------------------------


def test_the_outsider_is_refused(login: Login, rek: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403


def test_evaluators_recommend_and_units_follow_up_their_own(rek: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        save_rekomendasi(by=rek.cast.perencana, tahun_kinerja=rek.last, stated=RekomendasiInput("Perbaiki"))
    with pytest.raises(PermissionDenied):
        report(rek, "inspektorat", "proses")
    report(rek, "pemegang_program", "proses", "Rapat pendahuluan")
    Rekomendasi.objects.update(unit=rek.other)
    rek.row.refresh_from_db()
    with pytest.raises(PermissionDenied):
        report(rek, "pemegang_program", "proses", "Lagi")
    with pytest.raises(PermissionDenied):
        confirm_rekomendasi(by=rek.cast.perencana, rekomendasi=rek.row)


def test_a_unit_sees_only_its_own(login: Login, rek: SimpleNamespace) -> None:
    other = RekomendasiInput("Susun pedoman pengukuran", unit=rek.other)
    hidden = save_rekomendasi(by=rek.cast.inspektorat, tahun_kinerja=rek.last, stated=other)
    client = login("pemegang_program")
    html = client.get(URL).content.decode()
    assert "Dokumen SAKIP diunggah" in html
    assert "Susun pedoman pengukuran" not in html
    assert client.get(f"{URL}{hidden.pk}/").status_code == 404
    assert client.post(f"{URL}{hidden.pk}/lapor/", {}).status_code == 404


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_recommendation_is_written_through_its_form(login: Login, rek: SimpleNamespace) -> None:
    choose(rek.year)
    client = login("inspektorat")
    form = {"uraian": "", "kelompok": "1", "unit": "p2p", "tenggat": "2025-02-28"}
    response = client.post(f"{URL}baru/", form)
    assert response.status_code == 422
    assert 'value="2025-02-28"' in response.content.decode()
    assert client.post(f"{URL}baru/", form | {"uraian": "Lengkapi bukti"}).status_code == 302
    row = Rekomendasi.objects.get(uraian="Lengkapi bukti")
    assert (row.tahun_kinerja.tahun, row.urutan, row.unit) == (2024, 1, rek.unit)
    assert client.post(f"{URL}baru/", form | {"uraian": "x", "kelompok": "9"}).status_code == 422
    assert client.post(f"{URL}baru/", form | {"uraian": "x", "tenggat": "besok"}).status_code == 422


def test_two_evaluators_in_one_recommendation_are_told(rek: SimpleNamespace) -> None:
    seen = mark_of_row(rek.row)
    stated = RekomendasiInput("Unggah sebelum Februari", "1")
    save_rekomendasi(by=rek.cast.inspektorat, tahun_kinerja=rek.last, stated=stated, rekomendasi=rek.row, base=seen)
    with pytest.raises(PenilaianRefused, match="sudah diubah orang lain"):
        save_rencana_aksi(by=rek.cast.perencana, rekomendasi=rek.row, rencana_aksi="Rapat", base=seen)
    rek.row.refresh_from_db()
    save_rencana_aksi(by=rek.cast.perencana, rekomendasi=rek.row, rencana_aksi="Rapat", base=mark_of_row(rek.row))
    assert Rekomendasi.objects.get().rencana_aksi == "Rapat"
    assert AuditEntry.objects.filter(action="assessments.save_rencana_aksi", unit_kunci="").count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"status": "beres"}, "tidak dikenal"),
        ({"status": "selesai"}, "Tulis apa yang sudah dilakukan"),
        ({"status": "proses", "tahun": 2025, "triwulan": 1}, "belum dimulai"),
        ({"status": "proses", "tahun": 2022}, "mendahului"),
        ({"status": "proses", "triwulan": 5}, "triwulan 1 sampai 4"),
    ],
)
def test_reports_that_cannot_be_are_refused(rek: SimpleNamespace, more: dict[str, object], said: str) -> None:
    with pytest.raises(PenilaianRefused, match=said):
        report(rek, "perencana", **more)  # type: ignore[arg-type]
    assert not TindakLanjut.objects.exists()


def test_a_report_with_a_bad_link_stores_nothing_and_keeps_what_was_typed(login: Login, rek: SimpleNamespace) -> None:
    now = timezone.localdate()
    form = {"periode": f"{now.year}-1", "status": "proses", "uraian": "Sudah rapat", "tautan": "bukan tautan"}
    response = login("perencana").post(f"{URL}{rek.row.pk}/lapor/", form)
    assert response.status_code == 422
    assert "Sudah rapat" in response.content.decode()
    assert not TindakLanjut.objects.exists()
    assert login("perencana").post(f"{URL}{rek.row.pk}/lapor/", form | {"tautan": ""}).status_code == 302
    assert TindakLanjut.objects.get().uraian == "Sudah rapat"


# --- the end ---------------------------------------------------------------------------------------------------------


def test_it_is_done_when_the_evaluators_say_so(rek: SimpleNamespace) -> None:
    with pytest.raises(PenilaianRefused, match="laporan terakhir"):
        confirm_rekomendasi(by=rek.cast.inspektorat, rekomendasi=rek.row)
    report(rek, "pemegang_program", "selesai", "Diunggah 20 Februari")
    assert rekomendasi_rows(rek.year, TODAY)[0].state == "menunggu"
    confirm_rekomendasi(by=rek.cast.inspektorat, rekomendasi=rek.row)
    today = timezone.localdate()
    assert rekomendasi_rows(rek.year, today, today.year)[0].state == "selesai"
    with pytest.raises(PenilaianRefused, match="sudah dinyatakan selesai"):
        report(rek, "pemegang_program", "proses", "Ternyata belum")
    with pytest.raises(PenilaianRefused, match="alasan"):
        reopen_rekomendasi(by=rek.cast.inspektorat, rekomendasi=rek.row, reason="")
    reopen_rekomendasi(by=rek.cast.inspektorat, rekomendasi=rek.row, reason="Tautan kosong")
    assert rekomendasi_rows(rek.year, TODAY)[0].state == "menunggu"


def test_open_ones_stay_over_the_years_with_their_age(rek: SimpleNamespace) -> None:
    years = {
        tahun: TahunKinerja.objects.create(instansi=rek.last.instansi, tahun=tahun) for tahun in (2025, 2026, 2027)
    }
    today = date(2027, 6, 1)
    report(rek, "perencana", "proses", "Rapat")
    # Without a day of the report it is counted from the end of 2024.
    assert [row.umur for row in rekomendasi_rows(years[2026], today)] == ["sudah 2 tahun"]
    assert [row.umur for row in rekomendasi_rows(rek.year, today)] == ["baru"]
    Rekomendasi.objects.update(selesai_pada=timezone.make_aware(timezone.datetime(2026, 3, 1)))
    assert len(rekomendasi_rows(years[2026], today)) == 1
    assert rekomendasi_rows(years[2027], today) == []


def test_a_year_tells_what_was_done_within_it_and_the_page_of_one_what_is_done_now(
    login: Login, rek: SimpleNamespace
) -> None:
    report(rek, "pemegang_program", "selesai", "Diunggah 20 Februari")
    Rekomendasi.objects.update(selesai_pada=timezone.make_aware(timezone.datetime(2026, 3, 1)))
    later = TahunKinerja.objects.create(instansi=rek.last.instansi, tahun=2026)
    assert [one.state for one in rekomendasi_rows(rek.year, date(2027, 6, 1))] == ["menunggu"]
    # Open from the end of 2024 until it was done, not until somebody looks.
    assert [(one.state, one.umur) for one in rekomendasi_rows(later, date(2026, 12, 1))] == [
        ("selesai", "sudah 1 tahun 1 triwulan")
    ]
    assert "Ubah rekomendasi" not in login("inspektorat").get(f"{URL}{rek.row.pk}/").content.decode()


def test_the_age_begins_with_the_day_of_the_report(rek: SimpleNamespace) -> None:
    final = Penilaian.objects.create(
        tahun_kinerja=rek.last,
        versi=rek.last.pengaturan_penilaian.get().versi,
        tingkat="akhir",
        tahun_evaluasi=2024,
        tanggal_lhe=date(2024, 5, 2),
    )
    Rekomendasi.objects.update(penilaian=final)
    assert rekomendasi_rows(rek.year, TODAY)[0].umur == "2 triwulan"


def test_what_is_overdue_is_counted_until_it_is_reported_as_done(rek: SimpleNamespace) -> None:
    assert summarise(rekomendasi_rows(rek.year, date(2024, 10, 31))).lewat == 0
    today = date(2025, 2, 1)
    following = TahunKinerja.objects.create(instansi=rek.last.instansi, tahun=2025)
    rows = rekomendasi_rows(following, today)
    assert (summarise(rows).lewat, summarise(rows).terbuka) == (1, 1)
    report(rek, "perencana", "selesai", "Diunggah")
    assert summarise(rekomendasi_rows(following, today)).lewat == 0


# --- the same again --------------------------------------------------------------------------------------------------


def test_a_repeated_recommendation_is_proposed_and_a_person_confirms_it(login: Login, rek: SimpleNamespace) -> None:
    choose(rek.year)
    words = "Mengunggah seluruh dokumen SAKIP pada esr Kementerian PANRB paling lambat akhir bulan Februari"
    again = save_rekomendasi(by=rek.cast.inspektorat, tahun_kinerja=rek.year, stated=RekomendasiInput(words, "1"))
    assert repeated_by(again) == rek.row
    client = login("inspektorat")
    assert "Tampaknya mengulang rekomendasi atas kinerja 2023" in client.get(f"{URL}{again.pk}/").content.decode()
    form = {"langkah": "berulang", "mengulang": str(rek.row.pk)}
    assert client.post(f"{URL}{again.pk}/langkah/", form).status_code == 302
    assert "mengulang 2023" in client.get(URL).content.decode()
    assert summarise(rekomendasi_rows(rek.year, TODAY)).berulang == 1
    with pytest.raises(PenilaianRefused, match="tahun sebelumnya"):
        link_rekomendasi(by=rek.cast.inspektorat, rekomendasi=rek.row, earlier=again)


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    login: Login, rek: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Rekomendasi.objects.bulk_create(
        Rekomendasi(tahun_kinerja=rek.last, urutan=number, uraian=f"Rekomendasi {number}") for number in range(2, 30)
    )
    client = login("kepala")
    with django_assert_max_num_queries(16):
        client.get(URL)
