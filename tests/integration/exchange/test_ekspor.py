"""Exports: every row of the tables that people look at, as numbers where they are numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet

from capaian.measurement.actions import compute_capaian_year
from capaian.measurement.models import Realisasi
from capaian.workflow.models import Form, Submission
from tests.integration.exchange.workbooks import BASE, fetch, fill, grid, upload

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
HEAD = 5


def exported(client: Client, path: str) -> Worksheet:
    response = client.get(f"{BASE}/{path}")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]


def rows_of(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows under the head, by the words of the head."""
    lines = list(sheet.iter_rows(min_row=HEAD, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_the_indicators_are_all_there_with_typed_numbers(plan: SimpleNamespace, login: Login) -> None:
    Realisasi.objects.create(indikator=plan.berkas, tahun=2024, periode=0, teks="7")
    plan.dokumen.target.filter(indikator=plan.jkn).update(teks="≥ 98")
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    sheet = exported(login("inspektorat"), "ekspor/indikator/")
    rows = {row["Indikator"]: row for row in rows_of(sheet)}
    assert set(rows) == {
        "Prevalensi stunting",
        "Jumlah kasus kematian ibu",
        "Jumlah dokumen perencanaan",
        "Persentase peserta JKN",
        "Indikator tanpa target",
    }
    berkas = rows["Jumlah dokumen perencanaan"]
    # 7 of 14 documents, upwards: 50 percent.
    assert (berkas["Target 2024"], berkas["Realisasi 2024"], berkas["Capaian (%)"]) == (14, 7, 50)
    assert rows["Persentase peserta JKN"]["Target 2024"] == "≥ 98"
    assert sheet.freeze_panes == "B6"
    assert sheet.auto_filter.ref == "A5:K10"
    assert "Diambil dari Capaian" in sheet["A3"].value


def test_the_rencana_aksi_has_its_quarters(plan: SimpleNamespace, login: Login) -> None:
    rows = rows_of(exported(login("kepala"), "ekspor/rencana-aksi/"))
    berkas = next(row for row in rows if row["Indikator"] == "Jumlah dokumen perencanaan")
    assert [berkas[f"TW {roman}"] for roman in ("I", "II", "III", "IV")] == [6, 2, 3, 3]
    ibu = next(row for row in rows if row["Indikator"] == "Jumlah kasus kematian ibu")
    assert ibu["TW I"] == "-"


def test_the_money_has_every_version_and_whole_rupiah(plan: SimpleNamespace, login: Login) -> None:
    leaf = plan.nodes[2]
    leaf.pagu.create(versi="apbd", jumlah=862_583_197_457)
    leaf.pagu.create(versi="apbd_perubahan", jumlah=900_000_000_000)
    leaf.realisasi_anggaran.create(periode=0, jumlah=450_000_000_000)
    sheet = exported(login("keuangan"), "ekspor/anggaran/")
    row = next(one for one in rows_of(sheet) if one["Kode"] == "1.02.02.2.02.0001")
    labels = [label for label in row if str(label).startswith("Pagu ")]
    assert [row[label] for label in labels] == [862_583_197_457, 900_000_000_000]
    # 450 of 900 milliard is half.
    assert (row["Realisasi (Rp)"], row["Sisa (Rp)"], row["Serapan (%)"]) == (450_000_000_000, 450_000_000_000, 50)


def test_the_reporting_shows_every_sheet_that_is_owed(
    plan: SimpleNamespace, cast: SimpleNamespace, login: Login
) -> None:
    Submission.objects.create(
        tahun_kinerja=plan.tahun_kinerja, form=Form.KINERJA, periode=2, state="diajukan", by=cast.operator
    )
    rows = [
        row
        for row in rows_of(exported(login("kepala"), "ekspor/pelaporan/"))
        if row["Formulir"] != "Realisasi anggaran"
    ]
    found = {row["Periode"]: (row["Status"], row["Oleh"], row["Dapat diisi"], row["Terisi"]) for row in rows}
    assert found["Triwulan II"] == ("Diajukan", "operator", 4, 0)
    assert found["Setahun"][0] == "Draf"
    assert len(rows) == 5


def test_the_findings_of_an_upload_are_a_table(plan: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    book = fetch(client)
    cell = fill(grid(book), plan.stunting.kunci, "=1+1 banyak")
    grid(book)[cell].data_type = "s"
    one = upload(client, book)
    sheet = exported(client, f"unggahan/{one.pk}/temuan/")
    row = rows_of(sheet)[0]
    assert (row["Sel"], row["Aturan"], row["Isi berkas"]) == (cell, "bentuk", "=1+1 banyak")
    assert sheet.cell(HEAD + 1, 6).data_type == "s"


def test_an_export_that_is_none_is_not_found(plan: SimpleNamespace, login: Login) -> None:
    response = login("kepala").get(f"{BASE}/ekspor/gaji/")
    assert response.status_code == 404
    assert "yang ada: indikator, rencana-aksi, anggaran, pelaporan" in response.content.decode()


@pytest.mark.parametrize(
    ("page", "jenis"),
    [
        ("measurement:pengukuran", "indikator"),
        ("planning:rencana_aksi", "rencana-aksi"),
        ("workflow:pelaporan", "pelaporan"),
        ("budget:anggaran", "anggaran"),
    ],
)
def test_the_pages_lead_to_their_export(plan: SimpleNamespace, login: Login, page: str, jenis: str) -> None:
    address = reverse(page, kwargs={"instansi": "contoh", "tahun": 2024})
    response = login("perencana").get(address)
    assert f'href="{BASE}/ekspor/{jenis}/"' in response.content.decode()


def test_a_sheet_leads_to_its_template_and_upload(plan: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    page = client.get("/contoh/2024/isian/kinerja/instansi/2/").content.decode()
    way = f"{BASE}/unggah/?form=kinerja&amp;unit=instansi&amp;periode=2"
    assert f'href="{way}"' in page
    assert f'href="{BASE}/templat/kinerja/instansi/2/"' in page
    shown = client.get(way.replace("&amp;", "&")).content.decode()
    assert "Pengukuran kinerja, Triwulan II 2024, Dinas Kesehatan Contoh" in shown


def test_the_list_of_uploads_costs_the_same_for_many(
    plan: SimpleNamespace, login: Login, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = login("perencana")
    book = fetch(client)
    for value in ("1", "2", "3"):
        fill(grid(book), plan.stunting.kunci, value)
        upload(client, book)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        client.get(f"{BASE}/unggah/")
