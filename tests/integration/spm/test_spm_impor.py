"""Files of a whole district about SPM: every problem with its cell, nothing applied while one stands, round trips."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from capaian.exchange.actions import receive_upload, request_apply
from capaian.exchange.models import Upload
from capaian.exchange.spm.names import find_month
from capaian.organisations.models import TahunKinerja, Wilayah
from capaian.rules.spm.standar import standar_of
from capaian.spm.models import CapaianSpm, PelayananSpm, SasaranSpm
from capaian.workflow.models import Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HEAD = ["Puskesmas", "Jenis pelayanan", "Januari", "Februari", "Maret"]
SUMBER = {"metode": "riil", "sumber": "Pendataan keluarga"}


@pytest.fixture
def hand_in(spm: SimpleNamespace, cast: SimpleNamespace) -> Callable[..., Upload]:
    """Check a file of rows; it has run when it comes back."""

    def receive(
        rows: Sequence[Sequence[Any]] | Workbook, jenis: str = "spm_pelayanan", by: User | None = None
    ) -> Upload:
        content, ending = io.BytesIO(), "xlsx" if isinstance(rows, Workbook) else "csv"
        if isinstance(rows, Workbook):
            rows.save(content)
        else:
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows(rows)
            content.write(text.getvalue().encode())
        upload = receive_upload(
            by=by or cast.perencana,
            tahun_kinerja=spm.tahun_kinerja,
            jenis=jenis,
            nama=f"berkas.{ending}",
            stream=SimpleUploadedFile(f"berkas.{ending}", content.getvalue()),
            options=SUMBER if jenis == "spm_sasaran" else {},
        )
        upload.refresh_from_db()
        return upload

    return receive


def found(upload: Upload) -> list[tuple[str, str, str]]:
    return [(one["cell"], one["rule"], one["severity"]) for one in upload.findings]


def told(upload: Upload) -> str:
    return " ".join(one["message"] for one in upload.findings)


def test_an_error_of_excel_is_told_of_also_where_no_formula_is_left(
    spm: SimpleNamespace, hand_in: Callable[..., Upload]
) -> None:
    """Pasted as a value it is a cell of the type error, which a reader of values takes for an empty one."""
    book = Workbook()
    for row in (HEAD, ["Anggrek", "Balita", "#REF!", 30, 30]):
        book.active.append(row)
    assert found(hand_in(book)) == [("C2", "rumus rusak", "salah")]


def served(spm: SimpleNamespace, unit: str, layanan: str = "balita") -> dict[int, int]:
    rows = PelayananSpm.objects.filter(unit=spm.units[unit], layanan=layanan, tahun_kinerja=spm.tahun_kinerja)
    return dict(rows.values_list("bulan", "terlayani"))


def apply(upload: Upload, cast: SimpleNamespace) -> Upload:
    request_apply(by=cast.perencana, upload=upload)
    upload.refresh_from_db()
    return upload


def test_a_wide_file_is_checked_kept_and_applied(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    rows = [["Laporan SPM 2024"], HEAD, ["Puskesmas Anggrek", "Balita", 10, "", 0], ["anggrek", "KI78", 5, 6, 7]]
    upload = hand_in(rows)
    assert found(upload) == []
    assert (upload.summary["berubah"], upload.raw_rows.count()) == (5, 4)
    assert served(spm, "anggrek") == {}
    assert apply(upload, cast).applied_at is not None
    assert served(spm, "anggrek") == {1: 10, 3: 0}
    assert served(spm, "anggrek", "ibu_hamil") == {1: 5, 2: 6, 3: 7}
    assert set(PelayananSpm.objects.filter(unit=spm.units["anggrek"]).values_list("asal", flat=True)) == {"impor"}
    stored = CapaianSpm.objects.get(unit=spm.units["anggrek"], layanan="balita", triwulan=1)
    assert (stored.terlayani, str(stored.penerima)) == (10, "3.33")  # of 300
    assert hand_in(rows).summary["berubah"] == 0


def test_a_long_file_names_its_months(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    head = ["Puskesmas", "Layanan", "Bulan", "Terlayani"]
    upload = hand_in([head, ["Anggrek", "balita", "Jan", 4], ["Anggrek", "balita", "Maret 2024", 6]])
    assert found(upload) == []
    apply(upload, cast)
    assert served(spm, "anggrek") == {1: 4, 3: 6}


@pytest.mark.parametrize(
    ("row", "cell", "rule", "words"),
    [
        (["Anggrek", "Balita", -4, "", ""], "C3", "nilai", "negatif"),
        (["Anggrek", "Balita", "", "4,5", ""], "D3", "nilai", "bilangan bulat"),
        (["Anggrek", "Balita", "12%", "", ""], "C3", "nilai", "persen"),
        (["Anggrek", "Balita", "1.234", "", ""], "C3", "nilai", "dapat berarti"),
        (["Anggrek", "Balita", "#REF!", "", ""], "C3", "rumus rusak", "#REF!"),
        (["Anggerek", "Balita", 4, "", ""], "A3", "unit", 'Yang terdekat: "Puskesmas Anggrek"'),
        (["Anggrek", "Balitta", 4, "", ""], "B3", "jenis pelayanan", 'Yang terdekat: "Balita"'),
        (["Mawar", "Balita", 4, "", ""], "C3", "terkunci", "terverifikasi"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell_and_nothing_is_applied(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, row: list[Any], cell: str, rule: str, words: str
) -> None:
    upload = hand_in([HEAD, ["Anggrek", "Usia lanjut", 1, 2, 3], row])
    assert found(upload) == [(cell, rule, "salah")]
    assert words in told(upload)
    assert served(spm, "anggrek", "usia_lanjut") == {}
    assert upload.raw_rows.count() == 3


def test_more_served_than_sasaran_is_said_and_applied(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    upload = hand_in([HEAD, ["Anggrek", "Balita", 200, 200, ""]])
    assert found(upload) == [("D2", "melebihi sasaran", "peringatan")]
    apply(upload, cast)
    assert served(spm, "anggrek") == {1: 200, 2: 200}


def test_a_month_twice_names_both_cells(hand_in: Callable[..., Upload]) -> None:
    upload = hand_in([HEAD, ["Anggrek", "Balita", 4, "", ""], ["Puskesmas Anggrek", "balita", 5, "", ""]])
    assert found(upload) == [("C3", "bulan ganda", "salah")]
    assert "sel C2" in told(upload)


def test_a_month_outside_the_year_is_refused(hand_in: Callable[..., Upload]) -> None:
    head = ["Puskesmas", "Layanan", "Bulan", "Terlayani"]
    upload = hand_in([head, ["Anggrek", "balita", "Januari 2023", 4], ["Anggrek", "balita", "13", 6]])
    assert found(upload) == [("C2", "bulan", "salah"), ("C3", "bulan", "salah")]
    assert "bukan bulan tahun 2024" in told(upload)


def test_sums_that_differ_are_said(hand_in: Callable[..., Upload]) -> None:
    head = [*HEAD, "Total"]
    rows = [
        head,
        ["Anggrek", "Balita", 4, 5, 6, 16],
        ["Melati", "Usia lanjut", 1, "", "", 1],
        ["JUMLAH", "Balita", 4, 5, 7, ""],
    ]
    upload = hand_in(rows)
    assert ("F2", "jumlah berbeda", "salah") in found(upload)
    assert ("E4", "jumlah berbeda", "salah") in found(upload)
    assert "menyatakan 16, sedangkan bulan-bulannya berjumlah 15" in told(upload)


def test_months_and_the_quarter_at_once_are_refused(hand_in: Callable[..., Upload]) -> None:
    upload = hand_in([[*HEAD, "TW I"], ["Anggrek", "Balita", 4, "", "", 12]])
    assert [rule for _, rule, _ in found(upload)] == ["nilai"]
    assert "per bulan" in told(upload)


def test_a_unit_without_sasaran_is_told_what_to_do(hand_in: Callable[..., Upload], spm: SimpleNamespace) -> None:
    SasaranSpm.objects.filter(unit=spm.units["anggrek"]).delete()
    upload = hand_in([HEAD, ["Anggrek", "Balita", 4, "", ""]])
    assert found(upload) == [("A2", "sasaran", "salah")]


@pytest.mark.parametrize("rows", [[["a", "b"], [1, 2]], [HEAD], [["Puskesmas", "Januari"], ["Anggrek", 4]]])
def test_a_file_that_is_no_such_table_says_what_is_needed(
    hand_in: Callable[..., Upload], rows: Sequence[Sequence[Any]]
) -> None:
    assert [severity for _, _, severity in found(hand_in(rows))] == ["salah"]


def test_a_fuller_file_asks_the_database_no_more(hand_in: Callable[..., Upload], spm: SimpleNamespace) -> None:
    def asked(rows: Sequence[Sequence[Any]]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert {one["severity"] for one in hand_in([HEAD, *rows]).findings} <= {"peringatan"}
        return len(queries)

    names = [one.nama_pendek for one in standar_of(2024).layanan]
    one_cell = asked([["Anggrek", "Balita", 4, "", ""]])
    assert asked([["Anggrek", name, 4, 5, 6] for name in names]) <= one_cell


def test_a_workbook_with_merged_cells_dates_and_formulas(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    book = Workbook()
    sheet = book.active
    rows = [
        ["No", "Puskesmas", "Indikator", "Bulan", "Terlayani"],
        [1, "Anggrek", "Persentase balita yang mendapatkan pelayanan kesehatan sesuai standar", date(2024, 1, 1), 4],
        [None, None, "Lansia", date(2024, 2, 1), "1.000"],
        [None, None, "Lansia", date(2024, 3, 1), "=2+3"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    upload = hand_in(book)
    assert found(upload) == [("E3", "nilai", "salah"), ("E4", "rumus", "salah")]
    sheet["E3"], sheet["E4"] = 1000, 5
    upload = hand_in(book)
    assert [severity for _, _, severity in found(upload)] == ["peringatan"]  # 1005 of 300
    apply(upload, cast)
    assert served(spm, "anggrek") == {1: 4}
    assert served(spm, "anggrek", "usia_lanjut") == {2: 1000, 3: 5}


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([["Laporan SPM Tahun 2023"], HEAD, ["Anggrek", "Balita", 4, "", ""]], "A1"),
        ([["Puskesmas", "Layanan", "Tahun", "Januari"], ["Anggrek", "Balita", "2023", 4]], "C2"),
    ],
)
def test_a_file_of_another_year_is_told(
    hand_in: Callable[..., Upload], rows: Sequence[Sequence[Any]], cell: str
) -> None:
    assert (cell, "tahun lain", "salah") in found(hand_in(rows))


def test_the_year_of_a_regulation_or_of_printing_is_not_the_year_of_the_file(hand_in: Callable[..., Upload]) -> None:
    title = "Menurut Permenkes Nomor 6 Tahun 2023, dicetak 3 Januari 2025"
    head = ["Puskesmas", "Layanan", "Januari 2024"]
    assert found(hand_in([[title], head, ["Anggrek", "Balita", 4]])) == []


def test_two_columns_of_one_month_are_both_named(hand_in: Callable[..., Upload]) -> None:
    upload = hand_in([["Puskesmas", "Layanan", "Januari", "Jan"], ["Anggrek", "Balita", 4, 5]])
    assert found(upload) == [("D2", "kolom ganda", "salah")]
    assert "C2 (4)" in told(upload)


def test_sums_of_one_puskesmas_and_words_that_begin_like_sums_are_no_totals(hand_in: Callable[..., Upload]) -> None:
    rows = [
        HEAD,
        ["Anggrek", "Balita", 4, "", ""],
        ["", "Lansia", 6, "", ""],
        ["", "Jumlah", 10, "", ""],
        ["Melati", "Lansia", 100, "", ""],
        ["", "Jumlah lansia", 1, "", ""],
        ["Total kabupaten", "", 110, "", ""],
    ]
    assert found(hand_in(rows)) == [("B6", "jenis pelayanan", "salah")]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 bukan tabel", b"PK\x03\x04rusak"])
def test_a_file_that_cannot_be_read_changes_nothing(
    client: Client, spm: SimpleNamespace, cast: SimpleNamespace, content: bytes
) -> None:
    client.force_login(cast.perencana)
    before = PelayananSpm.objects.count()
    url = reverse("exchange:spm_impor", args=["contoh", 2024])
    file = SimpleUploadedFile("spm.xlsx", content)
    page = client.post(url, {"jenis": "spm_pelayanan", "berkas": file}, follow=True).content.decode()
    assert any(word in page for word in ("kosong", "bukan Excel", "rusak"))
    assert PelayananSpm.objects.count() == before


def test_sasaran_of_another_source_is_kept_beside(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    rows = [
        ["Kecamatan/Desa", "Balita", "Lansia"],
        ["Mawar", 1100, 1200],
        ["Desa Hulu", 400, ""],
        ["Jumlah", 1100, 1200],
    ]
    upload = hand_in(rows, "spm_sasaran")
    assert found(upload) == [("B2", "sumber berbeda", "peringatan")]
    apply(upload, cast)
    mine = SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="balita", wilayah=None)
    assert dict(mine.values_list("jumlah", "dipakai")) == {1200: True, 1100: False}
    assert SasaranSpm.objects.get(wilayah=spm.desa[0]).jumlah == 400
    assert hand_in(rows, "spm_sasaran").summary["berubah"] == 0


def test_desa_of_one_name_belong_to_the_puskesmas_above_them(
    hand_in: Callable[..., Upload], spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    instansi = spm.tahun_kinerja.instansi
    desa = {
        (unit, nama): Wilayah.objects.create(
            instansi=instansi, unit=spm.units[unit], kunci=f"{unit}-{nama}", nama=nama, jenis="desa"
        )
        for unit, nama in (("mawar", "Sukamaju"), ("melati", "Sukamaju"), ("melati", "Melati"))
    }
    lost = hand_in([["Kecamatan/Desa", "Balita"], ["Sukamaju", 5]], "spm_sasaran")
    assert found(lost) == [("A2", "unit", "salah")]
    assert "Puskesmas Mawar, Puskesmas Melati" in told(lost)
    rows = [["Mawar", 1200], ["Sukamaju", 70], ["Melati", 600], ["Sukamaju", 50], ["Melati", 40]]
    upload = hand_in([["Kecamatan/Desa", "Balita"], *rows], "spm_sasaran")
    assert found(upload) == []
    apply(upload, cast)
    stated = dict(SasaranSpm.objects.filter(wilayah__in=desa.values()).values_list("wilayah__kunci", "jumlah"))
    assert stated == {"mawar-Sukamaju": 70, "melati-Sukamaju": 50, "melati-Melati": 40}


def test_sasaran_that_does_not_add_up_is_said(hand_in: Callable[..., Upload], spm: SimpleNamespace) -> None:
    SasaranSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, kelompok="balita", jumlah=2500, metode="penetapan", sumber="SK", dipakai=True
    )
    rows = [["Puskesmas", "Balita"], ["Mawar", 1100], ["Mawar", 3], ["Melati", "lima"], ["Total", 9]]
    rules = {rule for _, rule, _ in found(hand_in(rows, "spm_sasaran"))}
    assert rules == {"sumber berbeda", "baris ganda", "nilai", "jumlah berbeda", "jumlah daerah"}


def test_what_goes_out_comes_back_unchanged(spm: SimpleNamespace, client: Client, cast: SimpleNamespace) -> None:
    Submission.objects.filter(form="spm").update(state=Submission.State.DRAF)
    client.force_login(cast.perencana)
    for name, jenis, options in (("spm-pelayanan", "spm_pelayanan", {}), ("spm-sasaran", "spm_sasaran", SUMBER)):
        content = client.get(reverse("exchange:ekspor", args=["contoh", 2024, name])).content
        upload = receive_upload(
            by=cast.perencana,
            tahun_kinerja=spm.tahun_kinerja,
            jenis=jenis,
            nama="kembali.xlsx",
            stream=SimpleUploadedFile("kembali.xlsx", content),
            options=options,
        )
        upload.refresh_from_db()
        assert [one for one in upload.findings if one["severity"] == "salah"] == []
        if jenis == "spm_pelayanan":
            assert (upload.summary["berubah"], upload.summary["sama"]) == (0, 12 * 9)


@pytest.mark.parametrize(
    ("teks", "month"),
    [("1", 1), ("Agustus", 8), ("agt", 8), ("Nopember", 11), ("Brumaire", None), ("13", None), ("2024-03", 3)],
)
def test_months_by_name(teks: str, month: int | None) -> None:
    result = find_month(teks, 2024)
    assert result == month if month else str(result).startswith("Bulan")


@pytest.mark.parametrize("person", ["outsider", "inspektorat"])
def test_who_does_not_import_is_refused(
    client: Client, cast: SimpleNamespace, tahun_kinerja: TahunKinerja, person: str
) -> None:
    client.force_login(getattr(cast, person))
    url = reverse("exchange:spm_impor", args=["contoh", 2024])
    assert client.get(url).status_code == 403
    assert client.post(url, {"jenis": "spm_pelayanan"}).status_code == 403


def test_an_operator_hands_in_the_rows_of_the_own_unit_only(
    hand_in: Callable[..., Upload], client: Client, spm: SimpleNamespace, cast: SimpleNamespace
) -> None:
    Submission.objects.filter(form="spm").update(state=Submission.State.DRAF)
    client.force_login(spm.operator)
    url = reverse("exchange:spm_impor", args=["contoh", 2024])
    page = client.get(url).content.decode()
    assert "Unggah pelayanan" in page
    assert "Unggah sasaran" not in page
    file = SimpleUploadedFile("dua.csv", b"Puskesmas;Layanan;Januari\nMawar;Balita;91\nMelati;Balita;61\n")
    client.post(url, {"jenis": "spm_pelayanan", "berkas": file})
    upload = Upload.objects.get(created_by=spm.operator)
    assert found(upload) == [("C3", "hak", "salah")]
    assert "Puskesmas Melati" in told(upload)
    file = SimpleUploadedFile("sasaran.csv", b"Puskesmas;Balita\nMawar;5\n")
    assert client.post(url, {"jenis": "spm_sasaran", **SUMBER, "berkas": file}).status_code == 403
    assert hand_in([HEAD, ["Mawar", "Balita", 91]], by=spm.operator).findings == []


def test_the_page_takes_a_file_and_asks_for_the_source(
    client: Client, cast: SimpleNamespace, spm: SimpleNamespace
) -> None:
    client.force_login(cast.perencana)
    url = reverse("exchange:spm_impor", args=["contoh", 2024])
    assert "Belum ada berkas" in client.get(url).content.decode()
    file = SimpleUploadedFile("sasaran.csv", b"Puskesmas;Balita\nMawar;5\n")
    lacking = client.post(
        url, {"jenis": "spm_sasaran", "metode": "penetapan", "sumber": "SK", "berkas": file}, follow=True
    )
    assert "nomor keputusannya" in lacking.content.decode()
    file.seek(0)
    place = client.post(url, {"jenis": "spm_sasaran", **SUMBER, "berkas": file}).headers["Location"]
    assert "Pendataan keluarga" in client.get(place).content.decode()
