"""The report of the survey: of the office with its units, of one unit, and what it says where something is missing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from capaian.documents.text import render_text
from capaian.organisations.models import TahunKinerja
from capaian.reports.build import build_document
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.skm.actions import close_survei
from capaian.skm.actions_hasil import RencanaInput, save_rencana
from capaian.skm.models import Survei
from tests.integration.skm.test_hasil import answer, make_survei

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PAGE = "/contoh/2024/laporan/skm/"
Login = Callable[[str], Client]


@pytest.fixture
def closed(tahun_kinerja: TahunKinerja, units: SimpleNamespace) -> list[Survei]:
    """Two closed surveys: Mawar with 40 answers of 3 each, Melati with 10 whose waktu is 2."""
    mawar, melati = (make_survei(tahun_kinerja, unit, populasi=50) for unit in (units.mawar, units.melati))
    answer(mawar, [3] * 9, 40, jenis_kelamin="p")
    answer(melati, [4, 4, 2, 4, 4, 4, 4, 4, 4], 10, jenis_kelamin="l")
    for one in (mawar, melati):
        close_survei(by=None, survei=one)
    return [mawar, melati]


def test_the_report_of_the_office_joins_its_units(closed: list[Survei], tahun_kinerja: TahunKinerja) -> None:
    save_rencana(by=None, survei=closed[1], given={"waktu": RencanaInput("Loket kedua", "Tata usaha", "2025")})
    said = render_text(build_document(tahun_kinerja, "skm"))
    # Mawar 75,00; Melati (8 × 4 + 2) ÷ 9 × 25 = 94,44; (75 + 94,444) ÷ 2 = 84,72; by respondents 78,89
    assert "sebesar 84,72, mutu pelayanan B (baik) dari 50 responden" in said
    assert "nilainya 78,89 (B)" in said
    # Krejcie and Morgan ask 44 of 50: both are short of it.
    assert "pada 2 survei: Puskesmas Mawar dan Puskesmas Melati" in said
    assert "1\tPuskesmas Melati\t94,44\tA\t10\tWaktu penyelesaian" in said
    assert "Puskesmas Melati\tWaktu penyelesaian\tLoket kedua\tTata usaha\t2025\tDirencanakan" in said
    assert "Rencana untuk unsur terendah belum ditulis: Puskesmas Mawar" in said
    assert "Perempuan\t40\t80,0" in said
    assert "40 responden (100,0%) memberi jawaban yang sama" in said


def test_the_report_of_a_unit_is_about_it_alone(
    closed: list[Survei], tahun_kinerja: TahunKinerja, units: SimpleNamespace
) -> None:
    said = render_text(build_document(tahun_kinerja, "skm", unit=units.melati))
    assert "PUSKESMAS MELATI" in said
    assert "sebesar 94,44" in said
    assert "Mawar" not in said
    assert "KEPALA PUSKESMAS MELATI" in said


def test_nothing_is_reported_before_a_survey_closes(tahun_kinerja: TahunKinerja, units: SimpleNamespace) -> None:
    with pytest.raises(ReportError, match="Buat dan buka survei"):
        build_document(tahun_kinerja, "skm")
    answer(make_survei(tahun_kinerja, units.mawar), [3] * 9)
    with pytest.raises(ReportError, match="Tutup dahulu surveinya"):
        build_document(tahun_kinerja, "skm", unit=units.mawar)


def test_the_page_offers_the_office_and_its_units(login: Login, closed: list[Survei], units: SimpleNamespace) -> None:
    client = login("perencana")
    page = client.get(PAGE).content.decode()
    assert "Laporan setiap unit" in page
    assert f"?unit={units.mawar.kunci}" in page
    assert client.post(f"{PAGE}buat/", {"jenis": "lkip"}).status_code == 404
    answered = client.post(f"{PAGE}buat/", {"jenis": "skm", "unit": "mawar"})
    assert answered["Location"] == f"{PAGE}?unit=mawar"
    assert ReportVersion.objects.get(jenis="skm").unit == units.mawar
    assert login("outsider").get(PAGE).status_code == 403


def test_the_page_says_where_to_begin(login: Login, tahun_kinerja: TahunKinerja) -> None:
    assert "Belum ada survei yang dibuka" in login("perencana").get(PAGE).content.decode()
