"""The documents of PKP: sentences agree with tables, tables with figures worked out by hand, formulas with both."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from capaian.assessments.models import Jawaban
from capaian.documents.blocks import Chart, Document, Heading, ListBlock, Paragraph, Table
from capaian.documents.xlsx import render_xlsx
from capaian.organisations.models import TahunKinerja
from capaian.reports.actions import generate_report, request_report
from capaian.reports.build import build_document
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.reports.pkp.parts import radar_groups, short_name
from capaian.reports.pkp.tables import printed_tables
from capaian.reports.publication_actions import publish_report
from capaian.rules.instrumen.store import load_instrumen
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PLACE = {"instansi": "contoh", "tahun": 2024}
# a1 reaches 60 % of a target of 80 (75), a2 100, a3 40 % where 20 is the most (50): UKM 75. UKP 100, development 100:
# pelayanan 91,67. Manajemen (7 + 10) / 2 = 8,5. Mutu 100. Baik in all three.
GOOD = {
    "a1#sasaran": "200", "a1#realisasi": "120", "a2#sasaran": "50", "a2#realisasi": "50", "a3#sasaran": "100",
    "a3#realisasi": "40", "b2": "12 jam", "c1#sasaran": "1000", "c1#realisasi": "150", "m1": "7", "m2": "60",
    "q1": "ya",
}  # fmt: skip
# Development 90 of 150 per mille, 60: pelayanan (75 + 100 + 60) / 3 = 78,33, Kurang; the lowest class counts.
WEAK = GOOD | {"c1#realisasi": "90"}


@pytest.fixture
def judged(pkp: SimpleNamespace) -> SimpleNamespace:
    """Mawar is verified and good, Melati verified and weak, Anggrek has handed in nothing but one value."""
    _fill(pkp, "mawar", GOOD, Submission.State.TERVERIFIKASI)
    _fill(pkp, "melati", WEAK, Submission.State.TERVERIFIKASI)
    _fill(pkp, "anggrek", {"q1": "tidak"}, Submission.State.DRAF)
    return pkp


def _fill(pkp: SimpleNamespace, unit: str, answers: dict[str, str], state: str) -> None:
    key = SheetKey(pkp.tahun_kinerja, "pkp", pkp.units[unit], 0)
    write_sheet(by=None, key=key, changes=[Change(*one) for one in answers.items()], today=date(2025, 1, 10))
    Submission.objects.update_or_create(**key.place, defaults={"state": state})


def table(document: Document, words: str) -> list[list[str]]:
    found = next(one for one in document.blocks if isinstance(one, Table) and words in one.caption)
    return [[cell.text for cell in row.cells] for row in found.rows]


def said(document: Document) -> str:
    lines = []
    for one in document.blocks:
        if isinstance(one, Paragraph):
            lines.append("".join(run.text for run in one.runs))
        elif isinstance(one, ListBlock):
            lines += one.items
    return "\n".join(lines)


def test_the_report_has_its_seven_chapters_with_figures_as_worked_out_by_hand(judged: SimpleNamespace) -> None:
    document = build_document(judged.tahun_kinerja, "pkp", 0, judged.units["mawar"])
    chapters = [one.number for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert chapters == [f"BAB {number}" for number in ("I", "II", "III", "IV", "V", "VI", "VII")]
    targets = table(document, "Target Pelayanan")
    assert ["1", "Imunisasi dasar lengkap", "%", "80", "Bayi"] in targets
    results = table(document, "Hasil Pelayanan")
    # 80 % of 200 are 160; 120 of 200 are 60 %; 60 of 80 are 75.
    assert ["1", "Imunisasi dasar lengkap", "%", "80", "200", "160,00", "120", "60,00", "75,00"] in [
        row[:9] for row in results
    ]
    assert next(row for row in results if row[1] == "Lama rawat")[-1].startswith("Hanya untuk unit")
    assert ["Pelayanan", "91,67%", ""] in results
    scores = table(document, "Nilai dan Kelas")
    assert [row[1:3] for row in scores[:3]] == [["91,67", "Baik"], ["8,50", "Baik"], ["100,00", "Baik"]]
    words = said(document)
    assert "Peringkat 1 dari 2 Puskesmas yang terverifikasi" in words
    assert "pelayanan 91,67% (Baik)" in words
    assert "Keputusan contoh" in words


def test_what_is_missing_is_told_in_persons_and_the_plan_as_it_was_written(judged: SimpleNamespace) -> None:
    Jawaban.objects.filter(penilaian__unit=judged.units["mawar"], butir="a1").update(catatan="Sweeping tiap bulan.")
    document = build_document(judged.tahun_kinerja, "pkp", 0, judged.units["mawar"])
    below = table(document, "di Bawah Target")
    # Worst first: 40 stunted where 20 are the most; 40 children lack for 160 of 200.
    assert [row[1] for row in below] == ["Balita stunting", "Struktur organisasi", "Imunisasi dasar lengkap"]
    assert below[0][-1].startswith("Kurangi 20: dari 40 menjadi 20")
    assert below[2][-1].startswith("Tambah 40: dari 120 menjadi 160")
    plans = {row[1]: row[-1] for row in table(document, "Rencana Pemecahan")}
    assert plans["Imunisasi dasar lengkap"] == "Sweeping tiap bulan."
    assert plans["Balita stunting"] == "Rencana belum ditulis"


def test_what_lifts_a_weak_puskesmas_and_where_it_stands(judged: SimpleNamespace) -> None:
    document = build_document(judged.tahun_kinerja, "pkp", 0, judged.units["melati"])
    words = said(document)
    assert "Tingkat kinerja Puskesmas Melati tahun 2024: Kurang" in words
    assert "Peringkat 2 dari 2" in words
    assert "Kelas bagian berbeda" in words
    # (75 + 100 + 100) / 3 - 78,33 = 13,33 points by the contact rate alone.
    levers = table(document, "Menaikkan Pelayanan")
    assert levers[0][:3] == ["Angka kontak", "60,00", "+13,33"]


def test_a_sheet_that_is_not_verified_is_provisional_and_without_rank(judged: SimpleNamespace) -> None:
    words = said(build_document(judged.tahun_kinerja, "pkp", 0, judged.units["anggrek"]))
    assert "sementara: formulir masih draf" in words
    assert "Peringkat" not in words
    assert "belum dapat ditetapkan" in words


def test_the_recap_ranks_the_verified_and_names_the_others(judged: SimpleNamespace) -> None:
    document = build_document(judged.tahun_kinerja, "pkp_rekap")
    ranking = table(document, "Peringkat Puskesmas")
    assert [row[:3] for row in ranking[:3]] == [
        ["1", "Puskesmas Mawar", "91,67"],
        ["2", "Puskesmas Melati", "78,33"],
        ["–", "Puskesmas Anggrek", "–"],
    ]
    # The means are of the verified alone: (91,67 + 78,33) / 2.
    assert ranking[3][1] == "85,00"
    counts = table(document, "Menurut Kelas")
    assert counts[-1] == ["Tingkat kinerja", "1", "0", "1", "0"]
    assert [row[:2] for row in table(document, "Usulan Penghargaan")] == [["1", "Puskesmas Mawar"]]
    coached = table(document, "Pembinaan")
    assert [row[1] for row in coached] == ["Puskesmas Melati"]
    assert coached[0][-2] == "Pelayanan"
    words = said(document)
    assert "Belum terverifikasi (1 Puskesmas), tidak diperingkat: Puskesmas Anggrek (draf)" in words
    below = table(document, "Belum Bernilai Penuh")
    assert below[0][1:4] == ["Balita stunting", "UKM", "2 dari 2"]
    remarks = table(document, "Kelas Campuran")
    assert any(row[0] == "Puskesmas Melati" and "Kelas bagian berbeda" in row[1] for row in remarks)
    assert [one.caption for one in document.blocks if isinstance(one, Chart)] == ["Sebaran Kelas Puskesmas Tahun 2024"]


def test_the_queries_of_the_recap_do_not_grow_with_the_units(
    judged: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        build_document(judged.tahun_kinerja, "pkp_rekap")


def test_a_spreadsheet_computes_what_we_computed(judged: SimpleNamespace, tmp_path: Path) -> None:
    """The stored values are taken out, so that LibreOffice has to compute each formula anew."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not here: apt-get install libreoffice-calc")
    made = {
        "unit": render_xlsx(build_document(judged.tahun_kinerja, "pkp", 0, judged.units["melati"])),
        "rekap": render_xlsx(build_document(judged.tahun_kinerja, "pkp_rekap")),
    }
    for name, content in made.items():
        (tmp_path / f"{name}.xlsx").write_bytes(_without_values(content))
    out = tmp_path / "out"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), *(str(tmp_path / f"{name}.xlsx") for name in made)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for name, content in made.items():
        ours, formulas = load_workbook(io.BytesIO(content), data_only=True), load_workbook(io.BytesIO(content))
        theirs = load_workbook(out / f"{name}.xlsx", data_only=True)
        compared = 0
        for cell in (cell for sheet in formulas for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.value.startswith("="):
                pair = [book[cell.parent.title][cell.coordinate].value or 0 for book in (ours, theirs)]
                assert pair[0] == pytest.approx(pair[1]), f"{name} {cell.parent.title} {cell.coordinate} {cell.value}"
                compared += 1
        assert compared > 10, "there were no formulas to compare"


def _without_values(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            made.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(("jenis", "kunci"), [("pkp", "mawar"), ("pkp_rekap", None)])
def test_before_there_is_anything_the_refusal_says_what_to_do(
    tahun_kinerja: TahunKinerja, puskesmas: dict[str, object], jenis: str, kunci: str | None
) -> None:
    unit = puskesmas[kunci] if kunci else None
    with pytest.raises(ReportError, match="Pilih instrumennya"):
        build_document(tahun_kinerja, jenis, 0, unit)  # type: ignore[arg-type]


def test_without_answers_the_refusal_says_what_to_fill(pkp: SimpleNamespace) -> None:
    with pytest.raises(ReportError, match="formulir PKP belum diisi"):
        build_document(pkp.tahun_kinerja, "pkp", 0, pkp.units["mawar"])
    with pytest.raises(ReportError, match="belum ada Puskesmas yang mengisi"):
        build_document(pkp.tahun_kinerja, "pkp_rekap")
    with pytest.raises(ReportError, match="satu Puskesmas"):
        build_document(pkp.tahun_kinerja, "pkp")
    with pytest.raises(ReportError, match="seluruh instansi"):
        build_document(pkp.tahun_kinerja, "pkp_rekap", 0, pkp.units["mawar"])


def test_an_operator_asks_for_the_own_report_and_nobody_elses(client: Client, judged: SimpleNamespace) -> None:
    client.force_login(judged.operator)
    ask = reverse("reports:pkp_buat", kwargs=PLACE)
    assert client.post(ask, {"jenis": "pkp", "unit": "mawar"}).status_code == 302
    assert ReportVersion.objects.get(jenis="pkp").unit == judged.units["mawar"]
    for form, status in (
        ({"jenis": "pkp", "unit": "melati"}, 403),
        ({"jenis": "pkp_rekap"}, 403),
        ({"jenis": "pkp_rekap", "unit": "mawar"}, 404),
        ({"jenis": "spm", "unit": "mawar"}, 404),
    ):
        assert client.post(ask, form).status_code == status, form
    page = client.get(reverse("reports:pkp", kwargs=PLACE)).content.decode()
    assert "Laporan PKP Puskesmas Mawar" in page
    assert "Puskesmas Melati" not in page


def test_a_version_is_frozen_with_its_three_files(client: Client, judged: SimpleNamespace) -> None:
    version = request_report(by=None, tahun_kinerja=judged.tahun_kinerja, jenis="pkp", unit=judged.units["mawar"])
    generate_report(version.pk)
    version.refresh_from_db()
    assert version.state == ReportVersion.State.READY, version.error
    assert set(version.files) == {"docx", "pdf", "xlsx"}
    assert version.blocks is not None
    assert Document.from_dict(version.blocks).sheets[0].name == "Nilai"
    client.force_login(judged.operator)
    assert client.get(reverse("reports:preview", kwargs={**PLACE, "version_id": version.pk})).status_code == 200
    with pytest.raises(ReportError, match="belum dapat diterbitkan"):
        publish_report(by=None, version=version)
    with pytest.raises(PermissionDenied):
        request_report(by=judged.operator, tahun_kinerja=judged.tahun_kinerja, jenis="pkp_rekap")


def test_the_page_of_the_office_has_the_recap_and_leads_to_each_puskesmas(
    client: Client, judged: SimpleNamespace, cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    client.force_login(cast.perencana)
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        page = client.get(reverse("reports:pkp", kwargs=PLACE)).content.decode()
    assert "Rekapitulasi PKP" in page
    assert "?unit=melati" in page
    client.force_login(cast.outsider)
    assert client.get(reverse("reports:pkp", kwargs=PLACE)).status_code == 403


def test_without_an_instrument_the_page_says_what_to_do(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.perencana)
    assert "Pilih instrumen PKP" in client.get(reverse("reports:pkp", kwargs=PLACE)).content.decode()


def test_the_tables_of_pati_are_those_that_it_prints() -> None:
    """Lines that are filled in: those of F1.7 (nine) and A5.6 (six) count each (regulations 6.2)."""
    instrumen = load_instrumen("pkp/pati_800_0022")
    tables = printed_tables(instrumen)
    assert [(one.tabel, len(one.items)) for one in tables] == [
        ("Tabel 1", 12),
        ("Tabel 2", 135 + 8),
        ("Tabel 3", 12),
        ("Tabel 4", 26),
        ("Tabel 5", 33 + 11),
    ]
    assert [str(one) for one in tables[-1].nilai] == ["0", "4", "7", "10"]
    assert [one.nilai for one in tables[:-1]] == [()] * 4


def test_corners_of_a_radar_are_few_and_bear_short_names() -> None:
    instrumen = load_instrumen("pkp/pati_800_0022")
    corners = radar_groups(instrumen, instrumen.kebijakan)
    assert len(corners) == 13
    assert {"P2ML", "Imunisasi", "UKP", "Manajemen Puskesmas"} <= {short_name(one) for one in corners}
    # Table 1 stands beside, unless the office lets it count.
    assert "spm" not in {one.kode for one in corners}
