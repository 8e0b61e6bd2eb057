"""An operator's upload with twelve mistakes of different kinds comes back with twelve clear messages, marked."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import openpyxl
import pytest
from django.test import Client
from openpyxl.workbook import Workbook

from capaian.exchange.models import Upload
from capaian.exchange.sheets.stamp import STAMP_SHEET
from capaian.measurement.models import Realisasi
from capaian.organisations.models import Membership, UnitKerja
from capaian.planning.models import Indikator
from tests.integration.exchange.workbooks import (
    BASE,
    ISIAN,
    KUNCI,
    apply,
    fetch,
    fill,
    grid,
    packed,
    row_of,
    send,
    upload,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
SHEET = "Puskesmas Mawar"
# The targets of the operator's indicators; their keys are m.1 to m.12, the last has no target.
TARGETS = ("95", "2,5", "ya", "100", "14", "8", "0,97 : 1000", "60", "70", "80", "90", "")


@pytest.fixture
def operator(plan: SimpleNamespace, cast: SimpleNamespace, login: Callable[[str], Client]) -> Client:
    """An operator of a Puskesmas that answers for twelve indicators."""
    instansi = plan.tahun_kinerja.instansi
    unit = UnitKerja.objects.create(instansi=instansi, kunci="mawar", nama=SHEET, jenis="puskesmas")
    for number, target in enumerate(TARGETS, start=1):
        indikator = Indikator.objects.create(
            instansi=instansi,
            kunci=f"m.{number}",
            nama=f"Cakupan layanan {number}",
            satuan="persen",
            arah="naik",
            sifat="posisi_akhir",
            is_iku=True,
            urutan=number + 20,
            penanggung_jawab=unit,
            sasaran=plan.stunting.sasaran,
        )
        if target:
            plan.dokumen.target.create(indikator=indikator, tahun=2024, teks=target)
    Membership.objects.filter(user=cast.operator).update(unit=unit)
    return login("operator")


def damage(book: Workbook) -> list[tuple[str, str, str]]:
    """Make twelve mistakes: the cell, the rule and words of the message that each should bring."""
    sheet = grid(book)
    row = {number: row_of(sheet, f"m.{number}") for number in range(1, 13)}
    ambiguous = fill(sheet, "m.1", "1.234")
    words = fill(sheet, "m.2", "hampir tercapai")
    form = fill(sheet, "m.3", "Naik 8%")
    error = sheet.cell(row[4], ISIAN)
    error.value, error.data_type = "#DIV/0!", "e"
    day = sheet.cell(row[5], ISIAN)
    day.value, day.number_format = datetime(2024, 5, 12), "dd/mm/yyyy"  # noqa: DTZ001 - a cell of Excel has no zone
    long = fill(sheet, "m.6", "9" * 121)
    sheet.cell(row[7], 3).value = "Indikator lain"
    sheet.cell(row[8], 4).value = "orang"
    sheet.cell(row[9], KUNCI).value = "m.99"
    fill_unknown = sheet.cell(row[9], ISIAN)
    fill_unknown.value = "70"
    last = sheet.max_row + 1
    for column in range(1, KUNCI + 1):
        sheet.cell(last, column).value = sheet.cell(row[10], column).value
    closed = fill(sheet, "m.12", "5")
    return [
        (ambiguous, "angka-ganda", "Ketik 1234 untuk 1.234 atau 1,2340 untuk 1,234"),
        (words, "bentuk", '"hampir tercapai" tidak dikenal. Targetnya 2,5: tulis angka, misalnya 97,5'),
        (form, "bentuk", "tidak dapat dibandingkan dengan target ya. Tulis ya atau tidak"),
        (error.coordinate, "rumus", "kesalahan rumus #DIV/0!"),
        (day.coordinate, "tanggal", "tanggal atau waktu (12-05-2024)"),
        (long, "terlalu-panjang", "Isian 121 huruf; paling banyak 120"),
        (f"C{row[7]}", "label", 'diubah menjadi "Indikator lain"; pada templat "Cakupan layanan 7"'),
        (f"D{row[8]}", "satuan", 'diubah menjadi "orang"; pada templat "persen"'),
        (fill_unknown.coordinate, "baris-tidak-dikenal", 'berkunci "m.99" tidak ada pada templat ini'),
        ("", "baris-hilang", f'Baris {row[9]} "Cakupan layanan 9" tidak ada lagi'),
        (f"G{last}", "baris-ganda", f'mengulang "Cakupan layanan 10" yang sudah ada pada baris {row[10]}'),
        (closed, "baris-tertutup", "Belum mempunyai target tahun ini."),
    ]


def test_twelve_mistakes_come_back_with_twelve_messages(plan: SimpleNamespace, operator: Client) -> None:
    book = fetch(operator, "mawar")
    expected = damage(book)
    fill(grid(book), "m.11", "88")
    one = upload(operator, book)
    found = {(item["cell"], item["rule"]): item for item in one.findings}
    assert len(one.findings) == 12
    assert set(found) == {(cell, rule) for cell, rule, _ in expected}
    for cell, rule, words in expected:
        assert words in found[cell, rule]["message"]
        assert (found[cell, rule]["sheet"], found[cell, rule]["severity"]) == (SHEET, "salah")
    page = operator.get(f"{BASE}/unggahan/{one.pk}/").content.decode()
    assert all(item["rule"] in page for item in one.findings)
    assert apply(operator, one).applied_at is None
    assert not Realisasi.objects.filter(tahun=2024, periode=2).exists()


def test_the_marked_workbook_carries_all_twelve(plan: SimpleNamespace, operator: Client) -> None:
    book = fetch(operator, "mawar")
    expected = damage(book)
    one = upload(operator, book)
    marked = _marked(operator, one.pk)
    sheet = marked[SHEET]
    for cell, _, words in expected:
        assert words in sheet[cell or "A1"].comment.text
    assert {sheet[cell].fill.fgColor.rgb for cell, _, _ in expected if cell} == {"00F4B6AF"}
    listed = [[cell.value for cell in row] for row in marked["Temuan"].iter_rows(min_row=2, max_col=5)]
    assert [(row[0], row[1] or "", row[3]) for row in listed] == [
        (item["sheet"], item["cell"], item["rule"]) for item in one.findings
    ]
    assert sheet.protection.sheet
    assert sheet.data_validations.dataValidation
    assert marked[STAMP_SHEET].sheet_state == "veryHidden"


def test_the_marked_workbook_repaired_applies_as_a_whole(plan: SimpleNamespace, operator: Client) -> None:
    book = fetch(operator, "mawar")
    damage(book)
    marked = _marked(operator, upload(operator, book).pk)
    sheet = grid(marked)
    sheet.delete_rows(sheet.max_row)
    row = {number: row_of(sheet, f"m.{number}") for number in (1, 7, 8)}
    sheet.cell(row[7], 3).value = "Cakupan layanan 7"
    sheet.cell(row[8], 4).value = "persen"
    sheet.cell(row_of(sheet, "m.99"), KUNCI).value = "m.9"
    right = {"m.1": 96.4, "m.2": "2,75", "m.12": None, "m.3": "ya", "m.4": 100, "m.5": "12", "m.6": "9", "m.9": "70"}
    for kunci, value in right.items():
        fill(sheet, kunci, value)
    one = upload(operator, marked)
    assert one.findings == []
    again = _marked(operator, one.pk)
    assert grid(again).cell(row[1], ISIAN).comment is None
    assert apply(operator, one).applied_at is not None
    assert dict(Realisasi.objects.filter(periode=2).values_list("indikator__kunci", "teks")) == {
        "m.1": "96,4",
        "m.2": "2,75",
        "m.3": "ya",
        "m.4": "100",
        "m.5": "12",
        "m.6": "9",
        "m.9": "70",
    }


@pytest.mark.parametrize(
    ("value", "form", "stored"),
    [
        (1.234, "General", "1,234"),
        (0.1 + 0.2, "General", "0,3"),
        (0.975, "0.0%", "97,5"),
        (1234567, "#,##0", "1234567"),
        (-3.5, "General", "-3,5"),
        ("-", "@", None),
    ],
)
def test_a_number_cell_is_no_guess(
    plan: SimpleNamespace, operator: Client, value: object, form: str, stored: str | None
) -> None:
    book = fetch(operator, "mawar")
    address = fill(grid(book), "m.1", value)
    grid(book)[address].number_format = form
    one = apply(operator, upload(operator, book))
    assert [item["severity"] for item in one.findings] in ([], ["peringatan"])
    found = Realisasi.objects.filter(periode=2).values_list("teks", flat=True).first()
    assert found == stored


@pytest.mark.parametrize(
    ("harm", "rule", "words"),
    [
        (lambda stamp: stamp.parent.remove(stamp), "stempel", "bukan templat Capaian"),
        (lambda stamp: setattr(stamp["A3"], "value", stamp["A3"].value.replace("m.1", "m.2")), "stempel", "rusak"),
        (
            lambda stamp: setattr(stamp["B1"], "value", "7"),
            "versi-templat",
            "format versi 7; yang dibaca ialah versi 1",
        ),
    ],
    ids=["missing", "changed", "version"],
)
def test_a_stamp_that_does_not_fit_is_told(
    plan: SimpleNamespace, operator: Client, harm: Callable[[object], None], rule: str, words: str
) -> None:
    book = fetch(operator, "mawar")
    harm(book[STAMP_SHEET])
    one = upload(operator, book)
    assert [item["rule"] for item in one.findings] == [rule]
    assert words in one.findings[0]["message"]
    assert operator.get(f"{BASE}/unggahan/{one.pk}/bertanda/").status_code == 200


def test_a_template_of_another_year_unit_or_period_is_told(
    plan: SimpleNamespace, cast: SimpleNamespace, operator: Client
) -> None:
    book = fetch(operator, "mawar")
    assert _rules(upload(operator, book, form="kinerja", unit="mawar", periode="3")) == ["periode"]
    assert _rules(upload(operator, book, form="kinerja", unit="instansi", periode="2")) == ["unit"]
    assert _rules(upload(operator, book, form="kinerja", unit="mawar", periode="2")) == []
    before = send(operator, packed(book), year=2023)
    found = Upload.objects.get(tahun_kinerja__tahun=2023)
    assert before["Location"] == f"/contoh/2023/data/unggahan/{found.pk}/"
    assert _rules(found) == ["tahun"]
    assert "untuk tahun 2024, sedangkan halaman ini tahun 2023" in found.findings[0]["message"]


def test_a_period_that_has_not_begun_is_told_once(
    plan: SimpleNamespace, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    book = fetch(operator, "mawar", 3)
    fill(grid(book), "m.1", "90")
    fill(grid(book), "m.4", "90")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2024, 5, 12))
    one = upload(operator, book)
    assert _rules(one) == ["periode"]
    assert "Triwulan III 2024 baru dimulai 1 Juli 2024" in one.findings[0]["message"]


def _rules(one: Upload) -> list[str]:
    return [item["rule"] for item in one.findings]


def _marked(client: Client, pk: int) -> Workbook:
    response = client.get(f"{BASE}/unggahan/{pk}/bertanda/")
    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="isian-bertanda.xlsx"'
    return openpyxl.load_workbook(io.BytesIO(response.content))
