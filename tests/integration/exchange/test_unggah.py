"""Excel both ways: the template, what is refused at the door, preview and apply."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from capaian.exchange.models import Upload, UploadRow
from capaian.measurement.models import Realisasi
from capaian.organisations.models import Membership, UnitKerja
from capaian.workflow.models import AuditEntry, Form, Submission
from tests.integration.exchange.workbooks import BASE, ISIAN, apply, fetch, fill, grid, packed, row_of, send, upload

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


def stored() -> dict[str, str]:
    rows = Realisasi.objects.filter(tahun=2024, periode=2)
    return dict(rows.values_list("indikator__kunci", "teks"))


def unit_for(plan: SimpleNamespace, kunci: str, nama: str, *names: str) -> UnitKerja:
    """A unit that answers for some of the plan's indicators."""
    instansi = plan.tahun_kinerja.instansi
    unit = UnitKerja.objects.create(instansi=instansi, kunci=kunci, nama=nama, jenis="bidang")
    for name in names:
        indikator = getattr(plan, name)
        indikator.penanggung_jawab = unit
        indikator.save()
    return unit


# --- the template ----------------------------------------------------------------------------------------------------


def test_only_the_input_cells_can_be_typed_in(plan: SimpleNamespace, login: Login) -> None:
    sheet = grid(fetch(login("perencana")))
    assert sheet.protection.sheet
    open_cells = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked and cell.row > 7
    }
    filled_in = {plan.stunting, plan.ibu, plan.berkas, plan.jkn}
    assert open_cells == {f"G{row_of(sheet, one.kunci)}" for one in filled_in}
    closed = row_of(sheet, plan.kosong.kunci)
    assert sheet.cell(closed, ISIAN + 1).value == "Belum mempunyai target tahun ini."


def test_the_template_shows_what_is_planned_stored_and_before(plan: SimpleNamespace, login: Login) -> None:
    Realisasi.objects.create(indikator=plan.stunting, tahun=2024, periode=1, teks="2,5")
    Realisasi.objects.create(indikator=plan.stunting, tahun=2024, periode=2, teks="2,4")
    book = fetch(login("perencana"))
    sheet = grid(book)
    row = row_of(sheet, plan.stunting.kunci)
    assert [sheet.cell(row, column).value for column in range(3, 8)] == [
        "Prevalensi stunting",
        "%",
        "2,13",
        "2,5",
        "2,4",
    ]
    assert book.sheetnames == ["Petunjuk", "Dinas Kesehatan Contoh", "_capaian"]
    assert book["_capaian"].sheet_state == "veryHidden"


def test_yes_or_no_is_chosen_from_a_list(plan: SimpleNamespace, login: Login) -> None:
    plan.dokumen.target.filter(indikator=plan.jkn).update(teks="ya")
    sheet = grid(fetch(login("perencana")))
    address = f"G{row_of(sheet, plan.jkn.kunci)}"
    rules = [one for one in sheet.data_validations.dataValidation if address in one.sqref]
    assert [(one.type, one.formula1) for one in rules] == [("list", '"ya,tidak"')]


def test_all_units_are_one_workbook_with_an_index(plan: SimpleNamespace, login: Login) -> None:
    unit_for(plan, "p2p", "Bidang P2P", "ibu")
    book = fetch(login("perencana"), "semua")
    assert book.sheetnames == ["Petunjuk", "Daftar", "Dinas Kesehatan Contoh", "Bidang P2P", "_capaian"]
    assert book["Daftar"]["B5"].hyperlink.location == "'Bidang P2P'!A1"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_a_name_that_looks_like_a_formula_stays_a_text(plan: SimpleNamespace, login: Login, start: str) -> None:
    plan.stunting.nama = f"{start}HYPERLINK(1)"
    plan.stunting.save()
    sheet = grid(fetch(login("perencana")))
    cell = sheet.cell(row_of(sheet, plan.stunting.kunci), 3)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    exported = fetch_export(login("perencana"), "indikator")
    cells = [one for row in exported.iter_rows() for one in row if "HYPERLINK" in str(one.value)]
    assert [(one.data_type, one.quotePrefix) for one in cells] == [("s", True)]


def fetch_export(client: Client, jenis: str) -> Worksheet:
    import openpyxl

    response = client.get(f"{BASE}/ekspor/{jenis}/")
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]


# --- the door --------------------------------------------------------------------------------------------------------


def messages_of(client: Client) -> str:
    return client.get(f"{BASE}/unggah/").content.decode()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A workbook archive with some parts replaced or added."""
    buffer = io.BytesIO()
    whole = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": b"<workbook/>",
        **parts,
    }
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 bukan excel", "bukan Excel (.xlsx), apa pun nama berkasnya"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel lama (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
            "dilindungi kata sandi",
        ),
        (b"PK\x03\x04" + bytes(40), "rusak"),
        (zipped({"xl/vbaProject.bin": b"x"}), "memuat makro"),
        (
            zipped({"[Content_Types].xml": b'<T t="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'}),
            "berjenis makro (.xlsm)",
        ),
        (zipped({"xl/worksheets/sheet1.xml": b"<a>" + b" " * 60_000_000 + b"</a>"}), "mengembang menjadi 57,2 MB"),
        (
            zipped({"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}),
            "deklarasi entitas (DOCTYPE)",
        ),
        (zipped({"xl/styles.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16")}), "deklarasi entitas"),
        (zipped({f"xl/worksheets/sheet{number}.xml": b"<a/>" for number in range(201)}), "201 lembar; paling banyak"),
        (zipped({"xl/worksheets/sheet1.xml": b"<row r='1'/>" * 30_001}), "30001 baris; paling banyak 30000"),
    ],
    ids=["pdf", "xls", "password", "torn", "macro", "xlsm", "bomb", "xxe", "xxe-utf16", "sheets", "rows"],
)
def test_what_is_no_plain_workbook_is_refused_in_words(
    plan: SimpleNamespace, login: Login, content: bytes, words: str
) -> None:
    client = login("perencana")
    assert send(client, content).status_code == 302
    assert words in messages_of(client)
    assert not Upload.objects.exists()


def test_a_cell_in_the_last_corner_is_refused_without_walking_there(
    plan: SimpleNamespace, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("perencana")
    book = fetch(client)
    grid(book).cell(1_048_576, 16_384).value = "x"
    walked: list[int] = []
    monkeypatch.setattr(Worksheet, "iter_rows", _bounded(Worksheet.iter_rows, walked))
    one = upload(client, book)
    assert "terpakai sampai baris 1048576 dan kolom 16384" in one.findings[0]["message"]
    assert max(walked) <= 5000


def _bounded(real: Callable[..., Any], walked: list[int]) -> Callable[..., Any]:
    """`iter_rows` that notes how far it goes and fails beyond any template."""

    def iter_rows(sheet: Worksheet, *arguments: Any, **limits: Any) -> Any:
        walked.append(sheet.max_row)
        assert sheet.max_row <= 5000, "walks through a worksheet without end"
        return real(sheet, *arguments, **limits)

    return iter_rows


def test_a_workbook_over_the_limit_is_refused(plan: SimpleNamespace, login: Login, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPLOAD_MAX_BYTES = 2000
    client = login("perencana")
    send(client, packed(fetch(client)))
    assert "lebih besar dari batas 2 KB" in messages_of(client)
    assert not Upload.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "newcomer", "publik"])
def test_an_outsider_is_refused_everywhere(plan: SimpleNamespace, login: Login, who: str) -> None:
    client = login("perencana")
    one = upload(client, fetch(client))
    client = login(who)
    pages = [
        "unggah/",
        "templat/kinerja/instansi/2/",
        "templat/?form=kinerja&unit=instansi&periode=2",
        f"unggahan/{one.pk}/",
        f"unggahan/{one.pk}/kemajuan/",
        f"unggahan/{one.pk}/bertanda/",
        f"unggahan/{one.pk}/temuan/",
        "ekspor/indikator/",
    ]
    assert {page: client.get(f"{BASE}/{page}").status_code for page in pages} == dict.fromkeys(pages, 403)
    assert client.post(f"{BASE}/unggahan/{one.pk}/terapkan/").status_code == 403
    assert client.post(f"{BASE}/unggah/").status_code == 403


def test_who_fills_nothing_cannot_upload_but_export(plan: SimpleNamespace, login: Login) -> None:
    client = login("inspektorat")
    assert client.get(f"{BASE}/unggah/").status_code == 403
    assert client.get(f"{BASE}/ekspor/pelaporan/").status_code == 200


# --- units -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def operator(plan: SimpleNamespace, cast: SimpleNamespace, login: Login) -> Client:
    """An operator of the bidang P2P only, which answers for kematian ibu."""
    unit = unit_for(plan, "p2p", "Bidang P2P", "ibu")
    Membership.objects.filter(user=cast.operator).update(unit=unit)
    return login("operator")


def test_an_operator_gets_and_applies_the_own_unit_only(plan: SimpleNamespace, operator: Client) -> None:
    assert operator.get(f"{BASE}/templat/kinerja/instansi/2/").status_code == 403
    book = fetch(operator, "p2p")
    fill(grid(book), plan.ibu.kunci, 1)
    apply(operator, upload(operator, book))
    assert stored() == {"iku.ibu": "1"}


def test_a_file_of_another_unit_is_refused_and_says_nothing_about_it(
    plan: SimpleNamespace, cast: SimpleNamespace, login: Login, operator: Client
) -> None:
    book = fetch(login("perencana"), "instansi")
    sheet = grid(book)
    fill(sheet, plan.stunting.kunci, "2,4")
    Realisasi.objects.create(indikator=plan.stunting, tahun=2024, periode=2, teks="77,7")
    client = login("operator")
    one = upload(client, book)
    assert [(item["rule"], item["sheet"]) for item in one.findings] == [("hak", "Dinas Kesehatan Contoh")]
    assert "tidak berhak mengisi realisasi" in one.findings[0]["message"]
    assert "77,7" not in client.get(f"{BASE}/unggahan/{one.pk}/").content.decode()
    apply(client, one, sebagian="1")
    assert stored() == {"iku.stunting": "77,7"}
    assert AuditEntry.objects.filter(outcome="refused", by=cast.operator, action="exchange.check_upload").exists()


def test_an_upload_is_seen_by_who_made_it_and_who_imports(
    plan: SimpleNamespace, login: Login, operator: Client
) -> None:
    client = login("perencana")
    one = upload(client, fetch(client))
    assert login("operator").get(f"{BASE}/unggahan/{one.pk}/").status_code == 404
    assert login("keuangan").get(f"{BASE}/unggahan/{one.pk}/").status_code == 200


def test_a_right_lost_between_check_and_apply_is_lost(
    plan: SimpleNamespace, cast: SimpleNamespace, operator: Client
) -> None:
    book = fetch(operator, "p2p")
    fill(grid(book), plan.ibu.kunci, 1)
    one = upload(operator, book)
    elsewhere = unit_for(plan, "kesmas", "Bidang Kesmas", "stunting")
    Membership.objects.filter(user=cast.operator).update(unit=elsewhere)
    one = apply(operator, one)
    assert one.applied_at is None
    assert "tidak berhak mengisi realisasi untuk Bidang P2P" in one.summary["penolakan"]
    assert stored() == {}


# --- preview and apply -----------------------------------------------------------------------------------------------


def test_the_preview_changes_nothing_and_says_what_would(plan: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    Realisasi.objects.create(indikator=plan.ibu, tahun=2024, periode=2, teks="3")
    book = fetch(client)
    sheet = grid(book)
    fill(sheet, plan.stunting.kunci, 2.4)
    fill(sheet, plan.ibu.kunci, None)
    before = AuditEntry.objects.filter(action__startswith="measurement.").count()
    one = upload(client, book)
    assert [(item["nama"], item["before"], item["after"]) for item in one.summary["changes"]] == [
        ("Prevalensi stunting", "", "2,4"),
        ("Jumlah kasus kematian ibu", "3", ""),
    ]
    assert (one.summary["berubah"], one.summary["dikosongkan"]) == (2, 1)
    assert stored() == {"iku.ibu": "3"}
    assert AuditEntry.objects.filter(action__startswith="measurement.").count() == before
    assert not Submission.objects.exists()
    assert UploadRow.objects.filter(upload=one).count() == 5


def test_applying_stores_all_and_is_in_the_audit_trail_once(
    plan: SimpleNamespace, cast: SimpleNamespace, login: Login
) -> None:
    client = login("perencana")
    book = fetch(client)
    fill(grid(book), plan.stunting.kunci, "2,4")
    one = apply(client, upload(client, book))
    assert one.applied_by == cast.perencana
    assert stored() == {"iku.stunting": "2,4"}
    again = apply(client, one)
    assert again.applied_at == one.applied_at
    entries = AuditEntry.objects.filter(action="exchange.apply_upload")
    assert [(entry.by, entry.after["checksum"], entry.after["berubah"]) for entry in entries] == [
        (cast.perencana, one.checksum, 1)
    ]
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").count() == 1


def test_the_same_file_again_changes_nothing_and_says_so(plan: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    book = fetch(client)
    fill(grid(book), plan.stunting.kunci, "2,4")
    content = packed(book)
    send(client, content)
    first = apply(client, Upload.objects.get())
    send(client, content)
    second = Upload.objects.exclude(pk=first.pk).get()
    assert second.berkas == first.berkas
    assert second.summary["berubah"] == 0
    page = client.get(f"{BASE}/unggahan/{second.pk}/").content.decode()
    assert "sudah diterapkan" in page
    assert "tidak ada yang berubah" in page
    apply(client, second)
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").count() == 1


@pytest.mark.parametrize(("decided", "left"), [("excel", "2,4"), ("tersimpan", "3,3")])
def test_a_value_changed_on_the_site_since_is_shown_and_chosen(
    plan: SimpleNamespace, login: Login, decided: str, left: str
) -> None:
    client = login("perencana")
    book = fetch(client)
    cell = fill(grid(book), plan.stunting.kunci, "2,4")
    fill(grid(book), plan.ibu.kunci, "1")
    record(client, plan, "3,3")
    one = upload(client, book)
    conflict = one.findings[0]
    assert (conflict["cell"], conflict["severity"], conflict["value"], conflict["theirs"]) == (
        cell,
        "konflik",
        "2,4",
        "3,3",
    )
    assert "perencana menyimpan" in conflict["message"]
    undecided = apply(client, one)
    assert undecided.applied_at is None
    assert stored() == {"iku.stunting": "3,3"}
    assert "Pilih dahulu nilai yang benar untuk 1 sel" in client.get(f"{BASE}/unggahan/{one.pk}/").content.decode()
    assert apply(client, one, **{"pilih-0": decided}).applied_at is not None
    assert stored() == {"iku.stunting": left, "iku.ibu": "1"}


def test_a_value_changed_again_after_the_decision_is_not_overwritten(plan: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    book = fetch(client)
    fill(grid(book), plan.stunting.kunci, "2,4")
    record(client, plan, "3,3")
    one = upload(client, book)
    record(client, plan, "4,4")
    one = apply(client, one, **{"pilih-0": "excel"})
    assert one.applied_at is None
    assert [item["theirs"] for item in one.findings] == ["4,4"]
    assert "Tidak ada yang berubah" in one.summary["penolakan"]
    assert stored() == {"iku.stunting": "4,4"}


def record(client: Client, plan: SimpleNamespace, teks: str) -> None:
    """Store a value as the site does."""
    from capaian.measurement.actions import record_realisasi

    user = client.get("/contoh/2024/").wsgi_request.user
    today = plan.tahun_kinerja.tahun
    from datetime import date

    record_realisasi(by=user, indikator=plan.stunting, tahun=today, periode=2, teks=teks, today=date(2024, 12, 1))


def test_one_wrong_cell_holds_back_all_units(plan: SimpleNamespace, login: Login) -> None:
    unit_for(plan, "p2p", "Bidang P2P", "ibu")
    client = login("perencana")
    book = fetch(client, "semua")
    fill(grid(book, 0), plan.stunting.kunci, "2,4")
    fill(grid(book, 1), plan.ibu.kunci, "banyak sekali")
    one = apply(client, upload(client, book))
    assert one.applied_at is None
    assert stored() == {}
    one = apply(client, one, sebagian="1")
    assert one.applied_at is not None
    assert one.summary["dilewati"] == 1
    assert stored() == {"iku.stunting": "2,4"}


def test_a_failure_while_applying_takes_everything_back(
    plan: SimpleNamespace, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit_for(plan, "p2p", "Bidang P2P", "ibu")
    client = login("perencana")
    book = fetch(client, "semua")
    fill(grid(book, 0), plan.stunting.kunci, "2,4")
    fill(grid(book, 1), plan.ibu.kunci, "1")
    one = upload(client, book)
    from capaian.exchange.sheets import kind

    whole, calls = kind.run_sheet, []

    def broken(*args: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise OSError("disk")
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "run_sheet", broken)
    one = apply(client, one)
    assert (one.state, one.applied_at) == ("failed", None)
    assert "Data tidak berubah" in one.error
    assert stored() == {}
    assert not AuditEntry.objects.filter(action__in=["measurement.record_realisasi", "exchange.apply_upload"]).exists()


def test_a_locked_sheet_is_explained(plan: SimpleNamespace, cast: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    book = fetch(client)
    fill(grid(book), plan.stunting.kunci, "2,4")
    Submission.objects.create(
        tahun_kinerja=plan.tahun_kinerja, form=Form.KINERJA, periode=2, state="disetujui", by=cast.kepala
    )
    one = upload(client, book)
    assert [item["rule"] for item in one.findings] == ["terkunci"]
    assert "Isian ini disetujui sejak" in one.findings[0]["message"]
    assert "oleh kepala" in one.findings[0]["message"]
    locked = grid(fetch(client))
    assert "Isian ini disetujui sejak" in locked["A5"].value
    assert all(cell.protection.locked for row in locked.iter_rows(min_row=8) for cell in row)


def test_a_file_gone_from_the_disk_is_told(plan: SimpleNamespace, login: Login) -> None:
    from capaian.workflow.storage import stored_path

    client = login("perencana")
    book = fetch(client)
    fill(grid(book), plan.stunting.kunci, "2,4")
    one = upload(client, book)
    stored_path(one.berkas).write_bytes(b"lain")
    one = apply(client, one)
    assert one.state == "failed"
    assert "telah berubah" in one.error
    assert stored() == {}
