"""The eight official forms: what they say, and that a spreadsheet computes what we computed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from capaian.organisations.models import UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.spm.forms import KODE, official_form, official_forms
from capaian.reports.spm.forms.blocks import form_table
from capaian.reports.spm.forms.files import form_file
from capaian.reports.spm.snapshot import take_spm
from capaian.spm.models import AlokasiSpm, KebutuhanSpm, MutuSpm, RencanaSpm

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DAY = date(2024, 12, 31)


@pytest.fixture
def filled(spm: SimpleNamespace) -> SimpleNamespace:
    """Mawar needs 960 doses of Td (80 % of 1.200) and has 1.000, 216.000 tablets and has 200.000, at prices."""
    year, mawar = spm.tahun_kinerja, spm.units["mawar"]
    for kode, there, price in (("ibu_hamil.td", 1000, 5000), ("ibu_hamil.ttd", 200_000, 250)):
        MutuSpm.objects.create(tahun_kinerja=year, unit=mawar, butir=kode, triwulan=0, tersedia=there)
        KebutuhanSpm.objects.create(tahun_kinerja=year, butir=kode, harga_satuan=price)
    for unit, need, there in (("mawar", 6, 4), ("melati", 3, 5)):
        place = {"tahun_kinerja": year, "unit": spm.units[unit], "butir": "sdm.bidan"}
        KebutuhanSpm.objects.create(**place, kebutuhan=need)
        MutuSpm.objects.create(**place, triwulan=0, tersedia=there)
    for source, amount in (("BOK", 10_000_000), ("APBD", 5_500_000)):
        AlokasiSpm.objects.create(
            tahun_kinerja=year, unit=mawar, layanan="ibu_hamil", sumber_dana=source, alokasi=amount, realisasi=4_000_000
        )
    RencanaSpm.objects.create(
        tahun_kinerja=year, dokumen="renstra", layanan="balita", tahun=2024, target=2100, dana=75_000_000
    )
    return spm


def cells(content: bytes, sheet: str) -> list[list[object]]:
    return [list(row) for row in load_workbook(io.BytesIO(content), data_only=True)[sheet].iter_rows(values_only=True)]


def line(rows: list[list[object]], words: str) -> list[object]:
    return next(row for row in rows if any(isinstance(cell, str) and words in cell for cell in row))


def test_a_workbook_has_all_eight_forms_with_their_printed_titles(filled: SimpleNamespace) -> None:
    content = form_file(filled.tahun_kinerja, filled.units["mawar"], "lengkap", DAY)
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == [f"Formulir {kode}" for kode in KODE]
    rows = cells(content, "Formulir 2.A.2")
    assert rows[0][0] == "FORMULIR 2.A.2"
    assert rows[1][0] == "REKAPITULASI PENDUDUK UNTUK PELAYANAN DASAR KESEHATAN"
    assert str(rows[2][0]).startswith("PUSKESMAS MAWAR")
    assert str(rows[2][0]).endswith("TAHUN 2024")
    sheet = book["Formulir 2.B.4"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows
    assert sheet.freeze_panes
    assert "&P" in sheet.oddFooter.right.text
    numbered = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert list(range(1, 10)) in numbered


def test_needs_of_a_unit_are_the_standard_times_the_sasaran_and_cost_the_shortage(filled: SimpleNamespace) -> None:
    rows = cells(form_file(filled.tahun_kinerja, filled.units["mawar"], "2-b-4", DAY), "Formulir 2.B.4")
    assert line(rows, "Vaksin Tetanus")[3:8] == [960, 1000, -40, 5000, 0]
    # 180 × 1.200 − 200.000 = 16.000 tablets of Rp250.
    assert line(rows, "ablet tambah darah")[3:8] == [216_000, 200_000, 16_000, 250, 4_000_000]
    assert line(rows, "Jumlah")[7] is not None
    assert next(row for row in rows if row[0] == "Jumlah")[7] == 4_000_000


def test_staff_of_the_district_is_counted_once_and_a_surplus_fills_no_other_shortage(filled: SimpleNamespace) -> None:
    form = official_form(take_spm(filled.tahun_kinerja), "2.B.5")
    bidan = [row.values for row in form.rows if row.values[2] == "Bidan"]
    assert len(bidan) > 2
    assert {values[3:] for values in bidan} == {(Decimal(9), Decimal(9), Decimal(2))}
    assert form.total[3:] == (Decimal(9), Decimal(9), Decimal(2))


def test_the_district_sums_the_sasaran_of_its_puskesmas(filled: SimpleNamespace) -> None:
    form = official_form(take_spm(filled.tahun_kinerja), "2.A.2")
    assert [row.values[1] for row in form.rows] == ["Puskesmas Mawar", "Puskesmas Melati", "Puskesmas Anggrek"]
    assert set(form.total[2:]) == {2100}


def test_results_of_the_district_are_those_of_verified_quarters(filled: SimpleNamespace) -> None:
    """Mawar alone is verified: 90 a month for six months, of 2.100; school years count what falls in them."""
    rows = {row.values[1]: row.values[2:] for row in official_form(take_spm(filled.tahun_kinerja), "2.E.2").rows}
    assert rows["Pelayanan Kesehatan Balita"] == (2100, 540, Decimal("25.71"))


def test_plan_and_money_stand_in_their_forms(filled: SimpleNamespace) -> None:
    snapshot = take_spm(filled.tahun_kinerja, filled.units["mawar"])
    renstra = official_form(snapshot, "2.C.4")
    assert renstra.total[renstra.columns.index(next(c for c in renstra.columns if c.kind == "money"))] == 75_000_000
    done = official_form(snapshot, "2.D.2")
    assert done.rows[0].values[5:] == (15_500_000, 8_000_000)
    assert done.total[5:] == (15_500_000, 8_000_000)


def test_a_form_says_where_areas_and_sasaran_differ(filled: SimpleNamespace) -> None:
    from capaian.spm.models import SasaranSpm

    mawar = filled.units["mawar"]
    for area, size in zip(filled.desa, (500, 600), strict=True):
        SasaranSpm.objects.create(
            tahun_kinerja=filled.tahun_kinerja, unit=mawar, wilayah=area, kelompok="balita", jumlah=size,
            metode="riil", sumber="Data desa", dipakai=True,
        )  # fmt: skip
    form = official_form(take_spm(filled.tahun_kinerja, mawar), "2.A.2")
    assert form.columns[1].head == "Kecamatan/Desa"
    assert form.notes == ("Balita: sasaran yang dipakai 1.200, jumlah baris 1.100, selisih 100.",)


def test_the_same_data_give_the_same_file(filled: SimpleNamespace) -> None:
    first, second = (form_file(filled.tahun_kinerja, None, "lengkap", DAY) for _ in range(2))
    assert first == second


def test_a_form_that_does_not_exist_is_named_with_those_that_do(spm: SimpleNamespace) -> None:
    with pytest.raises(ReportError, match="2-b-4"):
        form_file(spm.tahun_kinerja, None, "9-z-9", DAY)


def test_a_report_prints_the_same_figures_as_the_sheet(filled: SimpleNamespace) -> None:
    snapshot = take_spm(filled.tahun_kinerja, filled.units["mawar"])
    table = form_table(official_form(snapshot, "2.B.4"))
    texts = next([cell.text for cell in row.cells] for row in table.rows if "ablet tambah darah" in row.cells[0].text)
    assert texts[1:6] == ["216.000", "200.000", "16.000", "250", "4.000.000"]


def test_a_spreadsheet_computes_what_we_computed(filled: SimpleNamespace, tmp_path: Path) -> None:
    """The stored values are taken out, so that LibreOffice has to compute each formula anew."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not here: apt-get install libreoffice-calc")
    places: list[UnitKerja | None] = [None, filled.units["mawar"]]
    for number, unit in enumerate(places):
        content = form_file(filled.tahun_kinerja, unit, "lengkap", DAY)
        ours, formulas = load_workbook(io.BytesIO(content), data_only=True), load_workbook(io.BytesIO(content))
        bare = tmp_path / f"form{number}.xlsx"
        bare.write_bytes(_without_values(content))
        out = tmp_path / "out"
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
             "xlsx", "--outdir", str(out), str(bare)], check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        theirs = load_workbook(out / bare.name, data_only=True)
        compared = 0
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("="):
                        pair = [book[sheet.title][cell.coordinate].value for book in (ours, theirs)]
                        assert pair[0] == pytest.approx(pair[1]), f"{sheet.title} {cell.coordinate} {cell.value}"
                        compared += 1
        assert compared > 20, "there were no formulas to compare"


def _without_values(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            made.writestr(name, data)
    return target.getvalue()


def test_an_operator_takes_the_forms_of_the_own_puskesmas_only(client: Client, filled: SimpleNamespace) -> None:
    client.force_login(filled.operator)
    place = {"instansi": "contoh", "tahun": 2024, "formulir": "lengkap"}
    answer = client.get(reverse("reports:spm_formulir", kwargs={**place, "unit": "mawar"}))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="Formulir-SPM-lengkap-mawar-2024.xlsx"'
    assert set(official_forms(take_spm(filled.tahun_kinerja, filled.units["mawar"]))) == set(KODE)
    for other in ("melati", "instansi"):
        assert client.get(reverse("reports:spm_formulir", kwargs={**place, "unit": other})).status_code == 403
