"""The workbook of an instrument: out and in without loss, and every fault told with its sheet and row."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl.workbook import Workbook

from capaian.assessments.actions import adopt_pack
from capaian.assessments.actions_instrumen import copy_versi, create_draft, draft_mark, move_node, publish_versi
from capaian.assessments.models import Instrumen, VersiInstrumen
from capaian.assessments.tree import find
from capaian.exchange.actions import receive_upload, request_apply
from capaian.exchange.instrumen.build import build
from capaian.exchange.instrumen.read import Book, Given, Row, read_book
from capaian.exchange.instrumen.write import write_instrumen
from capaian.exchange.models import Upload
from capaian.organisations.models import TahunKinerja
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.store import list_instrumen, load_instrumen

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LKE = "akip/permenpanrb_88_2021"
HandIn = Callable[[Workbook], Upload]


@pytest.fixture
def versi(tahun_kinerja: TahunKinerja) -> VersiInstrumen:
    return adopt_pack(by=None, tahun_kinerja=tahun_kinerja, pack_id="akip/permenpanrb_12_2015")


@pytest.fixture
def hand_in(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> HandIn:
    """Check a workbook; it has run when it comes back."""

    def receive(book: Workbook) -> Upload:
        content = io.BytesIO()
        book.save(content)
        upload = receive_upload(
            by=cast.perencana,
            tahun_kinerja=tahun_kinerja,
            jenis="instrumen",
            nama="instrumen.xlsx",
            stream=SimpleUploadedFile("instrumen.xlsx", content.getvalue()),
        )
        upload.refresh_from_db()
        return upload

    return receive


def workbook(versi: VersiInstrumen) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_instrumen(versi, draft_mark(versi))))


def row_of(book: Workbook, kode: str) -> int:
    return next(row[0].row for row in book["Butir"].iter_rows(min_row=4) if row[0].value == kode)


def column(book: Workbook, label: str, sheet: str = "Butir") -> int:
    return next(cell.column for cell in book[sheet][3] if cell.value == label)


def told(upload: Upload) -> list[tuple[str, str, str, str]]:
    return [(one["sheet"], one["cell"], one["rule"], one["severity"]) for one in upload.findings]


@pytest.mark.parametrize("pack_id", list_instrumen())
def test_every_instrument_of_a_pack_comes_back_equal(tahun_kinerja: TahunKinerja, tmp_path: Any, pack_id: str) -> None:
    versi = adopt_pack(by=None, tahun_kinerja=tahun_kinerja, pack_id=pack_id)
    path = tmp_path / "instrumen.xlsx"
    path.write_bytes(write_instrumen(versi, draft_mark(versi)))
    book = read_book(path)
    built = build(book)
    assert [one.message for one in book.findings] == []
    assert read_instrumen(built.definisi) == load_instrumen(pack_id)


def test_a_changed_workbook_is_shown_and_becomes_a_draft(
    hand_in: HandIn, versi: VersiInstrumen, cast: SimpleNamespace, login: Callable[[str], Client]
) -> None:
    book = workbook(versi)
    book["Butir"].cell(row_of(book, "1a1"), column(book, "Target")).value = "95"
    book["Butir"].cell(row_of(book, "1a1"), column(book, "Bobot")).value = 3
    upload = hand_in(book)
    # 3 + 5 + 3 instead of 10: a remark, no refusal.
    assert told(upload) == [("Butir", f"A{row_of(book, '1a')}", "isi", "peringatan")]
    assert "jumlah bobot 11, seharusnya 10" in upload.findings[0]["message"]
    assert {one["nama"] for one in upload.summary["changes"]} == {
        "1a1 Pemenuhan Renstra: Target",
        "1a1 Pemenuhan Renstra: Bobot",
    }
    assert VersiInstrumen.objects.count() == 1
    page = login("perencana").get(reverse("exchange:unggahan", args=["contoh", 2024, upload.pk])).content.decode()
    assert "draf baru v2" in page
    request_apply(by=cast.perencana, upload=upload)
    upload.refresh_from_db()
    draft = VersiInstrumen.objects.get(nomor=2)
    assert (draft.status, upload.summary["versi"]) == ("draf", draft.pk)
    assert find(draft.definisi, "1a1").node["target"] == "95"
    versi.refresh_from_db()
    assert find(versi.definisi, "1a1").node["target"] == "100"


def test_a_new_key_makes_a_new_instrument(hand_in: HandIn, versi: VersiInstrumen, cast: SimpleNamespace) -> None:
    book = workbook(versi)
    book["Instrumen"]["B4"].value = "lke_sendiri"
    same_name = hand_in(book)
    assert ("Instrumen", "B4", "nama", "salah") in told(same_name)
    book["Instrumen"]["B5"].value = "LKE sendiri"
    request_apply(by=cast.perencana, upload=hand_in(book))
    made = Instrumen.objects.get(kunci="lke_sendiri")
    assert (made.nama, made.keluarga, made.versi.get().status) == ("LKE sendiri", "lke", "draf")


def test_what_makes_no_tree_is_refused_with_sheet_and_row(hand_in: HandIn, versi: VersiInstrumen) -> None:
    book = workbook(versi)
    sheet = book["Butir"]
    induk = column(book, "Induk")
    rows = {kode: row_of(book, kode) for kode in ("1", "1a", "1a1", "1a2", "1a3", "1b1", "1b2", "1b3", "2a")}
    sheet.cell(rows["1a1"], induk).value = "tidak_ada"
    sheet.cell(rows["1"], induk).value = "1a"
    sheet.cell(rows["1a2"], 1).value = "1a3"
    sheet.cell(rows["1b1"], column(book, "Bobot")).value = "#REF!"
    sheet.cell(rows["1b2"], column(book, "Bobot")).value = "=4+6"
    sheet.cell(rows["1b3"], column(book, "Bobot")).value = "1.234"
    sheet.cell(rows["2a"], column(book, "Jenis")).value = "entah"
    sheet.merge_cells(start_row=rows["2a"] + 1, end_row=rows["2a"] + 2, start_column=6, end_column=6)
    upload = hand_in(book)
    found = {(cell, rule) for _, cell, rule, severity in told(upload) if severity == "salah"}
    assert {
        (f"B{rows['1a1']}", "induk"),
        (f"B{rows['1']}", "lingkaran"),
        (f"B{rows['1a']}", "lingkaran"),
        (f"A{rows['1a3']}", "kode-ganda"),
    } <= found
    bobot = openpyxl.utils.get_column_letter(column(book, "Bobot"))
    jenis = openpyxl.utils.get_column_letter(column(book, "Jenis"))
    assert {
        (f"{bobot}{rows['1b1']}", "rumus"),
        (f"{bobot}{rows['1b2']}", "rumus"),
        (f"{bobot}{rows['1b3']}", "isian"),
        (f"{jenis}{rows['2a']}", "isian"),
        (f"F{rows['2a'] + 1}", "sel-gabungan"),
    } <= found
    assert (upload.summary["berubah"], VersiInstrumen.objects.count()) == (0, 1)


def test_a_ring_is_told_shortly_and_a_row_without_kode_is_in_none() -> None:
    rows = [
        {"kode": f"g{number}", "induk": f"g{(number + 1) % 20}", "jenis": "kelompok", "nama": "x"}
        for number in range(20)
    ]
    rows.append({"induk": "g0", "jenis": "kelompok", "nama": "x"})
    book = Book(
        tables={
            "Butir": [
                Row(number, {name: Given(text, f"A{number}") for name, text in row.items()})
                for number, row in enumerate(rows, start=5)
            ]
        }
    )
    build(book)
    told = [one.message for one in book.findings if one.rule == "lingkaran"]
    assert len(told) == 20
    assert told[0] == "Induk berputar: g0 → g1 → g2 → g3 → g4 → g5 → … → g0. Putuskan."


def test_numbers_as_text_are_taken_and_said_and_numbers_in_names_too(hand_in: HandIn, versi: VersiInstrumen) -> None:
    book = workbook(versi)
    row = row_of(book, "2b")
    book["Butir"].cell(row, column(book, "Bobot")).value = "12,5"
    book["Butir"].cell(row, column(book, "Nomor tercetak")).value = 2.5
    upload = hand_in(book)
    assert {one[2] for one in told(upload)} == {"angka-teks", "angka"}
    assert [(one["nama"], one["after"]) for one in upload.summary["changes"]] == [
        ("2b Kualitas pengukuran: Nomor tercetak", "2.5")
    ]


def test_what_was_changed_in_the_site_meanwhile_is_not_overwritten_unseen(
    hand_in: HandIn, versi: VersiInstrumen, cast: SimpleNamespace, tahun_kinerja: TahunKinerja
) -> None:
    draft = create_draft(by=None, tahun_kinerja=tahun_kinerja, versi=versi)
    book = workbook(draft)
    move_node(by=None, tahun_kinerja=tahun_kinerja, versi=draft, kode="1b", step=-1)
    stale = hand_in(book)
    assert ("Instrumen", "", "berubah-di-situs", "peringatan") in told(stale)
    assert [one["nama"] for one in stale.summary["changes"]] == ["1 Perencanaan Kinerja: Urutan isi"]
    move_node(by=None, tahun_kinerja=tahun_kinerja, versi=draft, kode="1b2", step=-1)
    request_apply(by=cast.perencana, upload=stale)
    stale.refresh_from_db()
    assert stale.applied_at is None
    assert "sudah diubah di situs sesudah berkas diperiksa" in stale.summary["penolakan"]


def test_a_file_without_the_sheets_is_told_so(hand_in: HandIn) -> None:
    upload = hand_in(Workbook())
    assert {(one[0], one[2]) for one in told(upload)} >= {("Instrumen", "lembar-hilang"), ("Butir", "lembar-hilang")}


def test_only_who_writes_instruments_hands_one_in(login: Callable[[str], Client], versi: VersiInstrumen) -> None:
    down = reverse("exchange:instrumen_unduh", args=["contoh", 2024, versi.pk])
    up = reverse("exchange:instrumen_unggah", args=["contoh", 2024])
    assert login("outsider").get(down).status_code == 403
    assert login("kepala").get(down)["Content-Type"].endswith("sheet")
    assert login("kepala").post(up).status_code == 403


def test_a_draft_of_a_copy_comes_back_equal_and_can_be_published(
    hand_in: HandIn, tahun_kinerja: TahunKinerja, cast: SimpleNamespace
) -> None:
    pack = adopt_pack(by=None, tahun_kinerja=tahun_kinerja, pack_id=LKE)
    draft = copy_versi(by=None, tahun_kinerja=tahun_kinerja, versi=pack, nama="LKE kabupaten")
    upload = hand_in(workbook(draft))
    assert (told(upload), upload.summary["berubah"]) == ([], 0)
    draft.refresh_from_db()
    made = publish_versi(
        by=cast.perencana, tahun_kinerja=tahun_kinerja, versi=draft, base=draft_mark(draft), catatan="Pertama"
    )
    assert made.status == "terbit"
