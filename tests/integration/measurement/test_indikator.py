"""One indicator whole, its analysis, and the trace behind its figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.actions import record_realisasi, save_analisis
from capaian.measurement.dossier import comparison, find_indikator, history
from capaian.measurement.models import Analisis, Capaian
from capaian.organisations.actions import grant_role
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/indikator/iku.stunting/"
ANALISIS = "/contoh/2024/analisis/iku.stunting/"


def test_urls() -> None:
    assert reverse("measurement:indikator", args=["contoh", 2024, "iku.stunting"]) == URL
    assert reverse("measurement:analisis", args=["contoh", 2024, "iku.stunting"]) == ANALISIS


@pytest.mark.parametrize("url", [URL, ANALISIS, "/contoh/2024/jejak/1/"])
def test_anonymous_is_sent_to_login(client: Client, plan: SimpleNamespace, url: str) -> None:
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", [URL, ANALISIS, "/contoh/2024/jejak/1/", "/contoh/2024/jejak-peringkat/iku.stunting/"])
def test_outsider_is_refused(login: Login, plan: SimpleNamespace, url: str) -> None:
    assert login("outsider").get(url).status_code == 403


def test_definition_targets_and_contradiction(login: Login, plan: SimpleNamespace) -> None:
    html = login("kepala").get(URL).content.decode()
    for text in ("Menurunnya stunting", "Makin rendah makin baik", "(2T − R) ÷ T × 100", "8,5", "8,6", "Berbeda"):
        assert text in html
    assert "Ubah analisis" not in html


def test_an_indicator_of_a_node_has_a_key_with_a_slash(login: Login, plan: SimpleNamespace) -> None:
    response = login("kepala").get(f"/contoh/2024/indikator/{plan.berkas.kunci}/")
    assert "Nama kegiatan" in response.content.decode()


def test_unknown_indicator_is_not_found(login: Login, plan: SimpleNamespace) -> None:
    response = login("kepala").get("/contoh/2024/indikator/iku.apa/")
    assert response.status_code == 404
    assert "Tidak ada indikator iku.apa" in response.content.decode()


def test_changes_and_quarters_are_shown(login: Login, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    for teks in ("8,4", "8,3"):
        record_realisasi(
            by=cast.pemegang_program, indikator=plan.stunting, tahun=2024, periode=2, teks=teks, today=date(2025, 1, 2)
        )
    html = login("kepala").get(URL).content.decode()
    assert "Realisasi diisi, TW II" in html
    assert "Capaian sampai triwulan itu" in html
    years, quarters, _ = history(plan.tahun_kinerja, plan.stunting)
    assert (years[-1].realisasi, years[-1].keterangan) == ("8,3", "Gabungan triwulan")
    assert [row.realisasi for row in quarters] == ["", "8,3", "", ""]


def test_trace_names_the_quarter(login: Login, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record_realisasi(by=None, indikator=plan.berkas, tahun=2024, periode=1, teks="6", today=date(2025, 1, 2))
    record_realisasi(by=None, indikator=plan.berkas, tahun=2024, periode=2, teks="2", today=date(2025, 1, 2))
    capaian = Capaian.objects.get(indikator=plan.berkas, periode=2)
    html = login("kepala").get(f"/contoh/2024/jejak/{capaian.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "sampai triwulan II" in html
    assert "Σ triwulan" in html


def test_whole_page_of_a_sample(
    client: Client, cast: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    year = load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja
    grant_role(by=None, user=cast.kepala, instansi=year.instansi, role="kepala")
    client.force_login(cast.kepala)
    client.get("/balangan/2024/pengukuran/")
    with django_assert_max_num_queries(25):
        html = client.get("/balangan/2024/indikator/iku.stunting/").content.decode()
    for text in ("11,61", "11,6", "74,31%", "Faktor penghambat", "Kalimantan Selatan", "data-option"):
        assert text in html
    stunting = find_indikator(year, "iku.stunting")
    assert stunting is not None
    shown = comparison(year, stunting)
    assert shown is not None
    assert shown.own is not None
    assert (shown.own.nama, shown.own.peringkat) == ("Balangan", 3)
    trace = client.get("/balangan/2024/jejak-peringkat/iku.stunting/").content.decode()
    assert "3 dari" in trace
    assert "urutan dari nilai terkecil" in trace
    assert client.get("/balangan/2024/jejak-peringkat/iku.akreditasi/").status_code == 404
    # Tabel 3.8: 25 deaths of 1.674 live births, third from the highest of thirteen; it prints 14,9
    akb = find_indikator(year, "iku.akb")
    assert akb is not None
    rates = comparison(year, akb)
    assert rates is not None
    assert rates.own is not None
    assert (rates.own.nilai, rates.own.peringkat) == (Decimal("14.93"), 11)
    assert not akb.pembanding.exclude(nilai=None).exists()


# --- analysis --------------------------------------------------------------------------------------------------------


def posted(**extra: object) -> dict[str, object]:
    return {
        "uraian": "Menurun karena pemantauan.",
        "jenis": ["penunjang", "penghambat", "tindak_lanjut"],
        "program": ["1.02.02", "", ""],
        "indikator_pendukung": ["Cakupan penimbangan", "", ""],
        "uraian_faktor": ["Posyandu aktif", "Tenaga gizi kurang", ""],
        **extra,
    }


def test_analysis_is_written_once(login: Login, plan: SimpleNamespace) -> None:
    client = login("pemegang_program")
    assert "Tambah baris" in client.get(ANALISIS, {"ubah": "1"}).content.decode()
    html = client.post(ANALISIS, posted()).content.decode()
    assert "Analisis tersimpan" in html
    assert "Posyandu aktif" in html
    analisis = Analisis.objects.get()
    assert [(one.jenis, one.urutan, one.uraian) for one in analisis.faktor.order_by("jenis")] == [
        ("penghambat", 1, "Tenaga gizi kurang"),
        ("penunjang", 1, "Posyandu aktif"),
    ]
    client.post(ANALISIS, posted())
    assert AuditEntry.objects.filter(action="measurement.save_analisis").count() == 1


def test_mistakes_are_named_and_nothing_is_lost(login: Login, plan: SimpleNamespace) -> None:
    html = (
        login("perencana")
        .post(ANALISIS, posted(program=["9.99", "", ""], uraian_faktor=["", "Tenaga gizi kurang", ""]))
        .content.decode()
    )
    assert "Baris 1: program 9.99 tidak ada" in html
    assert "Baris 1: uraian faktor belum ditulis" in html
    assert "Tenaga gizi kurang" in html
    assert not Analisis.objects.exists()


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "publik"])
def test_writing_needs_the_right(login: Login, plan: SimpleNamespace, cast: SimpleNamespace, role: str) -> None:
    assert login(role).get(ANALISIS, {"ubah": "1"}).status_code == 403
    assert login(role).post(ANALISIS, posted()).status_code == 403
    with pytest.raises(PermissionDenied):
        save_analisis(
            by=getattr(cast, role), tahun_kinerja=plan.tahun_kinerja, indikator=plan.stunting, uraian="x", faktor=[]
        )
