"""The report of the evaluation: who may ask, what it prints, and the recommendations in the LKIP of the next year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from capaian.assessments.actions_rekomendasi import FollowUp, RekomendasiInput, record_tindak_lanjut, save_rekomendasi
from capaian.assessments.actions_tingkat import Printed, save_printed
from capaian.documents.text import render_text
from capaian.organisations.models import TahunKinerja
from capaian.reports.actions import request_report
from capaian.reports.build import build_document
from capaian.reports.errors import ReportError
from capaian.reports.lkip.bab3.tindak_lanjut_lhe import lhe as lkip_lhe
from capaian.reports.models import ReportVersion
from capaian.reports.snapshot import take_snapshot
from tests.integration.assessments.test_lke import BALANGAN, BEKASI, choose, save, self_assessed

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/laporan/lhe/"


@pytest.fixture
def lke(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> SimpleNamespace:
    choose(tahun_kinerja)
    return SimpleNamespace(year=tahun_kinerja, cast=cast)


def printed_text(year: TahunKinerja) -> str:
    return render_text(build_document(year, "lhe"))


def test_the_outsider_is_refused(login: Login, lke: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403


def test_evaluators_and_who_makes_reports_may_ask_for_it(login: Login, lke: SimpleNamespace) -> None:
    save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    for who in ("inspektorat", "kepala"):
        assert login(who).post(f"{URL}buat/", {"jenis": "lhe"}).status_code in (200, 302)
    assert ReportVersion.objects.filter(jenis="lhe").exists()
    assert login("keuangan").post(f"{URL}buat/", {"jenis": "lhe"}).status_code == 403
    with pytest.raises(PermissionDenied):
        request_report(by=lke.cast.inspektorat, tahun_kinerja=lke.year, jenis="lkip")


def test_without_an_evaluation_there_is_no_report_and_the_page_says_what_to_do(
    login: Login, lke: SimpleNamespace
) -> None:
    with pytest.raises(ReportError, match="belum dinilai"):
        build_document(lke.year, "lhe")
    assert "Belum ada yang dilaporkan" in login("kepala").get(URL).content.decode()


def test_a_worksheet_under_way_is_printed_as_a_draft_with_the_notes_of_evaluators_only(lke: SimpleNamespace) -> None:
    save(lke, "perencana", "mandiri", {"1b": "B"}, "Catatan kami sendiri")
    self_assessed(lke)
    save(lke, "inspektorat", "apip", {"1a": "CC"}, "Dua pedoman belum ada")
    said = printed_text(lke.year)
    assert "Konsep: nilai di bawah ini dari penilaian mandiri" in said
    assert "Catatan kami sendiri" not in said.split("D. Rekomendasi")[0]
    assert "dengan predikat B (Baik)" in said


def test_the_letter_compares_with_last_year_and_follows_up(lke: SimpleNamespace) -> None:
    last = TahunKinerja.objects.get(instansi=lke.year.instansi, tahun=2023)
    choose(last)
    save_printed(by=None, tahun_kinerja=last, printed=Printed("LHE 2024", 2024, BALANGAN))
    save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE 2025", 2025, BEKASI, nomor="700/12/2025"))
    row = save_rekomendasi(by=None, tahun_kinerja=last, stated=RekomendasiInput("Unggah dokumen SAKIP", "1"))
    report = FollowUp(2025, 1, "proses", "Rapat pendahuluan")
    record_tindak_lanjut(by=None, rekomendasi=row, follow_up=report, today=date(2025, 3, 1))
    save_rekomendasi(by=None, tahun_kinerja=lke.year, stated=RekomendasiInput("Perbarui definisi IKU", "1"))
    said = printed_text(lke.year)
    assert "700/12/2025" in said
    assert "1\tPerencanaan Kinerja\t30\t24,60\t23,48\t-1,12" in said
    assert "menghasilkan nilai 80,67 dengan predikat A (Memuaskan)" in said
    assert "1. Perbarui definisi IKU." in said
    assert "Dari 1 rekomendasi sebelumnya, 0 dinyatakan selesai, 0 menunggu konfirmasi evaluator, dan 1 masih" in said
    assert "Dalam proses: Rapat pendahuluan" in said


def test_the_lkip_tells_what_is_followed_up_in_the_site(lke: SimpleNamespace) -> None:
    last = TahunKinerja.objects.get(instansi=lke.year.instansi, tahun=2023)
    choose(last)
    save_printed(by=None, tahun_kinerja=last, printed=Printed("LHE 2024", 2024, BALANGAN))
    lke.year.rekomendasi_lhe.create(urutan=1, komponen="Perencanaan Kinerja", nilai=24, rekomendasi="Tercetak")
    assert take_snapshot(lke.year).lhe[0].rekomendasi == "Tercetak"
    row = save_rekomendasi(by=None, tahun_kinerja=last, stated=RekomendasiInput("Unggah dokumen SAKIP", "1"))
    report = FollowUp(2024, 4, "selesai", "Diunggah")
    record_tindak_lanjut(by=None, rekomendasi=row, follow_up=report, today=date(2024, 12, 1))
    snapshot = take_snapshot(lke.year)
    assert [one.status for one in snapshot.tindak_lanjut_lhe] == ["Menunggu konfirmasi: Diunggah"]
    assert sum(one.nilai or 0 for one in snapshot.lhe if not one.subkomponen) == 79.5
    assert len(list(lkip_lhe(snapshot))) > 2
