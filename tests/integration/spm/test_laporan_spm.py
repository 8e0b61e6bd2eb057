"""The monev of a quarter and the yearly report of SPM: their sentences agree with their tables, and whose they are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capaian.documents.blocks import Document, Heading, Paragraph, Table
from capaian.organisations.models import TahunKinerja
from capaian.reports.actions import generate_report, request_report
from capaian.reports.build import build_document, render
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.reports.publication_actions import publish_report
from capaian.spm.models import MonevSpm, SasaranSpm, TercetakSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PLACE = {"instansi": "contoh", "tahun": 2024}


def table(document: Document, words: str) -> Table:
    return next(one for one in document.blocks if isinstance(one, Table) and words in one.caption)


def texts(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


def said(document: Document) -> str:
    return "\n".join("".join(run.text for run in one.runs) for one in document.blocks if isinstance(one, Paragraph))


def test_the_monev_of_a_unit_has_the_printed_table_with_what_was_written(spm: SimpleNamespace) -> None:
    mawar = spm.units["mawar"]
    MonevSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=mawar, layanan="balita", triwulan=2,
        permasalahan="Timbangan rusak", solusi="Pinjam dari posyandu",
    )  # fmt: skip
    document = build_document(spm.tahun_kinerja, "spm_monev", 2, mawar)
    rows = texts(table(document, "Monitoring dan Evaluasi"))
    # 90 a month for six months of 1.200.
    assert rows[3] == ["4", "Pelayanan Kesehatan Balita", "100%", "45,00%", "Timbangan rusak", "Pinjam dari posyandu"]
    assert rows[0][4:] == ["belum diisi", "belum diisi"]
    assert "12 mempunyai capaian" in said(document)
    assert "di bawah laju" in said(document)
    quarters = texts(table(document, "Kumulatif"))
    assert quarters[3] == ["4", "Balita", "22,50", "45,00", "+22,50"]


def test_the_monev_of_the_district_names_who_is_silent_and_compares(spm: SimpleNamespace) -> None:
    document = build_document(spm.tahun_kinerja, "spm_monev", 1)
    words = said(document)
    assert "Belum mengajukan laporan triwulan ini (2 Puskesmas)" in words
    assert "Puskesmas Melati" in words
    assert "Puskesmas Anggrek" in words
    heat = texts(table(document, "menurut Puskesmas"))
    assert [row[0] for row in heat[:3]] == ["Puskesmas Mawar", "Puskesmas Melati", "Puskesmas Anggrek"]
    assert heat[0][4] == "22,50"
    assert heat[1][4] == "30,00"
    assert heat[2][4] == "–"
    # The district counts the verified report alone: 270 of 2.100.
    assert heat[3][4] == "12,86"


@pytest.mark.parametrize("whose", ["mawar", None])
def test_the_yearly_report_has_the_five_chapters_and_draws(spm: SimpleNamespace, whose: str | None) -> None:
    unit = spm.units[whose] if whose else None
    document = build_document(spm.tahun_kinerja, "spm", 0, unit)
    chapters = [one.number for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert chapters == ["BAB I", "BAB II", "BAB III", "BAB IV", "BAB V"]
    captions = [one.caption for one in document.blocks if isinstance(one, Table)]
    for kode in ("2.A.2", "2.A.3", "2.B.4", "2.B.5", "2.C.3", "2.C.4", "2.D.2", "2.E.2"):
        assert any(kode in caption for caption in captions), kode
    assert "0 dari 12 jenis pelayanan mencapai 100 persen" in said(document)
    if whose:
        assert texts(table(document, "Capaian SPM"))[3][2:5] == ["1.200", "540", "45,00"]
    for fmt, beginning in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert render(document, fmt).startswith(beginning)


def test_other_sources_and_printed_figures_stand_in_an_annex(spm: SimpleNamespace) -> None:
    year, mawar = spm.tahun_kinerja, spm.units["mawar"]
    SasaranSpm.objects.create(
        tahun_kinerja=year, unit=mawar, kelompok="balita", jumlah=1150, metode="riil", sumber="Pendataan posyandu"
    )
    TercetakSpm.objects.create(
        tahun_kinerja=year, unit=mawar, layanan="balita", besaran="alokasi", sumber="Tabel alokasi",
        teks="1a31.611,631", terbaca="tidak_terbaca",
    )  # fmt: skip
    document = build_document(year, "spm", 0, mawar)
    assert [row[4:] for row in texts(table(document, "menurut Sumber"))] == [["1.200", "Ya"], ["1.150", "Tidak"]]
    assert texts(table(document, "Tercetak"))[0][2:5] == ["1a31.611,631", "–", "Tidak terbaca"]


def test_without_anything_of_spm_the_refusal_says_what_to_do(tahun_kinerja: TahunKinerja) -> None:
    for jenis in ("spm", "spm_monev"):
        with pytest.raises(ReportError, match="Isi sasaran"):
            build_document(tahun_kinerja, jenis)


def test_units_have_no_other_reports(spm: SimpleNamespace) -> None:
    for make in (
        build_document,
        lambda year, jenis, _, unit: request_report(by=None, tahun_kinerja=year, jenis=jenis, unit=unit),
    ):
        with pytest.raises(ReportError, match="seluruh instansi"):
            make(spm.tahun_kinerja, "lkip", 0, spm.units["mawar"])


def test_a_unit_numbers_its_own_versions_and_only_those_who_act_for_it_may_ask(spm: SimpleNamespace) -> None:
    mawar, melati, year = spm.units["mawar"], spm.units["melati"], spm.tahun_kinerja
    first = request_report(by=spm.operator, tahun_kinerja=year, jenis="spm_monev", periode=1, unit=mawar)
    other = request_report(by=None, tahun_kinerja=year, jenis="spm_monev", periode=1, unit=melati)
    office = request_report(by=None, tahun_kinerja=year, jenis="spm_monev", periode=1)
    assert (first.nomor, other.nomor, office.nomor) == (1, 1, 1)
    for unit in (melati, None):
        with pytest.raises(PermissionDenied):
            request_report(by=spm.operator, tahun_kinerja=year, jenis="spm_monev", periode=1, unit=unit)
    generate_report(first.pk)
    first.refresh_from_db()
    assert first.state == ReportVersion.State.READY
    assert "mawar" in first.files["pdf"]


def test_an_operator_sees_and_reads_the_versions_of_the_own_unit_only(client: Client, spm: SimpleNamespace) -> None:
    versions = {}
    for kunci in ("mawar", "melati", None):
        unit = spm.units[kunci] if kunci else None
        versions[kunci] = request_report(
            by=None, tahun_kinerja=spm.tahun_kinerja, jenis="spm_monev", periode=1, unit=unit
        )
        generate_report(versions[kunci].pk)
    client.force_login(spm.operator)
    page = client.get(reverse("reports:spm", kwargs=PLACE))
    assert page.status_code == 200
    body = page.content.decode()
    assert "Laporan SPM Puskesmas Mawar" in body
    shown = [
        one for one in versions.values() if reverse("reports:preview", kwargs={**PLACE, "version_id": one.pk}) in body
    ]
    assert shown == [versions["mawar"]]
    for kunci, status in (("mawar", 200), ("melati", 404), (None, 404)):
        place = {**PLACE, "version_id": versions[kunci].pk}
        assert client.get(reverse("reports:preview", kwargs=place)).status_code == status
        assert client.get(reverse("reports:download", kwargs={**place, "fmt": "docx"})).status_code == status


def test_asking_through_the_page(client: Client, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    ask = reverse("reports:spm_buat", kwargs=PLACE)
    assert client.post(ask, {"jenis": "spm", "unit": "mawar"}).status_code == 302
    assert ReportVersion.objects.get(jenis="spm").unit == spm.units["mawar"]
    assert client.post(ask, {"jenis": "spm", "unit": "melati"}).status_code == 403
    assert client.post(ask, {"jenis": "spm"}).status_code == 403
    assert client.post(ask, {"jenis": "lkip", "unit": "mawar"}).status_code == 404
    answer = client.post(ask, {"jenis": "spm", "unit": "mawar"}, headers={"HX-Request": "true"})
    assert 'id="laporan-spm"' in answer.content.decode()


def test_the_page_of_the_office_lists_no_reports_of_units(
    client: Client, spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    request_report(by=None, tahun_kinerja=spm.tahun_kinerja, jenis="spm", unit=spm.units["mawar"])
    client.force_login(cast.perencana)
    assert "Laporan Penerapan SPM" not in client.get(reverse("reports:laporan", kwargs=PLACE)).content.decode()
    page = client.get(reverse("reports:spm", kwargs=PLACE)).content.decode()
    assert "Belum ada versi" in page


def test_an_outsider_is_refused(client: Client, spm: SimpleNamespace, cast: SimpleNamespace) -> None:
    client.force_login(cast.outsider)
    assert client.get(reverse("reports:spm", kwargs=PLACE)).status_code == 403


def test_the_page_does_not_ask_more_with_more_units(
    client: Client, spm: SimpleNamespace, cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    client.force_login(cast.perencana)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        client.get(reverse("reports:spm", kwargs=PLACE))


def test_reports_of_spm_are_not_published(spm: SimpleNamespace) -> None:
    version = request_report(by=None, tahun_kinerja=spm.tahun_kinerja, jenis="spm", unit=spm.units["mawar"])
    with pytest.raises(ReportError, match="belum dapat diterbitkan"):
        publish_report(by=None, version=version)
