"""Answers from workbooks: the template comes back filled, every fault has its cell, nothing goes in by halves."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from capaian.exchange.actions import receive_upload, request_apply
from capaian.exchange.models import Upload
from capaian.exchange.skm.template import HEAD_ROW
from capaian.organisations.models import Membership
from capaian.skm.models import UNSUR, JawabanSkm, Survei

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
HEAD = [
    "U1", "U2 Prosedur", "Waktu penyelesaian", "Biaya/tarif", "U5", "U6", "U7",
    # The questionnaire that numbers these two the other way round.
    "U8 Sarana dan prasarana", "U9 Penanganan pengaduan",
]  # fmt: skip


@pytest.fixture
def hand_in(survei: Survei, cast: SimpleNamespace) -> Callable[..., Upload]:
    """Check a workbook; its check has run when it comes back."""

    def receive(rows: Sequence[Sequence[Any]] | bytes, by: Any = None) -> Upload:
        content = io.BytesIO(rows) if isinstance(rows, bytes) else io.BytesIO()
        if not isinstance(rows, bytes):
            book = Workbook()
            for row in rows:
                book.active.append(row)
            book.save(content)
        upload = receive_upload(
            by=by or cast.perencana,
            tahun_kinerja=survei.tahun_kinerja,
            jenis=Upload.Jenis.SKM_JAWABAN,
            nama="jawaban.xlsx",
            stream=SimpleUploadedFile("jawaban.xlsx", content.getvalue()),
            options={"survei": survei.pk},
        )
        upload.refresh_from_db()
        return upload

    return receive


def apply(upload: Upload, cast: SimpleNamespace) -> Upload:
    request_apply(by=cast.perencana, upload=upload)
    upload.refresh_from_db()
    return upload


def found(upload: Upload) -> list[tuple[str, str, str]]:
    return [(one["cell"], one["rule"], one["severity"]) for one in upload.findings]


def test_the_template_is_filled_and_comes_in(
    login: Callable[[str], Client], survei: Survei, cast: SimpleNamespace, hand_in: Callable[..., Upload]
) -> None:
    client = login("operator")
    place = {"instansi": "contoh", "tahun": 2024, "survei_id": survei.pk}
    book = load_workbook(io.BytesIO(client.get(reverse("exchange:skm_templat", kwargs=place)).content))
    sheet = book["Jawaban"]
    titles = [cell.value for cell in sheet[HEAD_ROW]]
    assert titles[:3] == ["Tanggal", "U1 Persyaratan", "U2 Sistem, mekanisme, dan prosedur"]
    assert titles[8:10] == ["U8 Penanganan pengaduan, saran, dan masukan", "U9 Sarana dan prasarana"]
    answers = ["2024-09-02", *"123412341", "Perempuan", "30–39 tahun", "SMA/SMK", "lainnya", "farmasi", "Baik"]
    for column, value in enumerate(answers, start=1):
        sheet.cell(HEAD_ROW + 1, column, value)
    filled = io.BytesIO()
    book.save(filled)
    upload = hand_in(filled.getvalue())
    assert (found(upload), upload.summary["berubah"], JawabanSkm.objects.count()) == ([], 1, 0)
    apply(upload, cast)
    kept = JawabanSkm.objects.get()
    assert [getattr(kept, unsur) for unsur in UNSUR] == [1, 2, 3, 4, 1, 2, 3, 4, 1]
    assert (kept.jenis_kelamin, kept.umur, kept.pendidikan, kept.pekerjaan) == ("p", "30-39", "sma", "lain")
    assert (kept.layanan, kept.tanggal, kept.sumber) == ("Farmasi", date(2024, 9, 2), "impor")


def test_unsur_are_known_by_name_and_not_by_place(cast: SimpleNamespace, hand_in: Callable[..., Upload]) -> None:
    apply(hand_in([HEAD, [4, 4, 4, 4, 4, 4, 4, 1, 2]]), cast)
    kept = JawabanSkm.objects.get()
    assert (kept.sarana, kept.pengaduan) == (1, 2)


def test_every_fault_has_its_cell_and_nothing_goes_in(cast: SimpleNamespace, hand_in: Callable[..., Upload]) -> None:
    head = [*HEAD, "Kelompok umur", "Tanggal"]
    upload = hand_in(
        [
            ["Rekap survei"],
            head,
            [4, 3, 4, 3, 4, 3, 4, 3, 4],
            [],
            [5, 3, 3, 3, 3, 3, 3, 3, 3],
            [3, 3.5, 3, 3, 3, 3, 3, 3, 3],
            ["#REF!", 3, 3, 3, 3, 3, 3, 3, 3],
            [3, 3, 3, 3, 3, 3, 3, 3, 3, "remaja"],
            [3, 3, 3, 3, 3, 3, 3, 3, 3, "", date(2023, 1, 1)],
            [3, 3, 3, 3, 3, 3, 3, 3, 3, "", "awal bulan"],
            ["", "", "", "", "", "", "", "", "", "30–39 tahun"],
        ]
    )
    assert sorted(found(upload)) == [
        ("A4", "baris kosong", "peringatan"),
        ("A5", "skala 1–4", "salah"),
        ("A7", "rumus rusak", "salah"),
        ("B6", "skala 1–4", "salah"),
        ("J11", "jawaban kosong", "salah"),
        ("J8", "pilihan", "salah"),
        ("K10", "tanggal", "salah"),
        ("K9", "tanggal", "salah"),
    ]
    assert upload.summary["berubah"] == 0
    with pytest.raises(ValueError, match="7 masalah"):
        request_apply(by=cast.perencana, upload=upload)
    # Also where somebody asks for the right rows alone.
    request_apply(by=cast.perencana, upload=upload, partial=True)
    upload.refresh_from_db()
    assert "Belum diterapkan: 7 masalah" in upload.summary["penolakan"]
    assert not JawabanSkm.objects.exists()


@pytest.mark.parametrize(
    ("rows", "rule", "said"),
    [
        ([["Nama", "Nilai"], ["a", 1]], "judul kolom", "Tidak ada judul kolom unsur yang dikenal"),
        ([[*HEAD[:7], "U8", "U9"], [4] * 9], "judul kolom", "menukar pengaduan dan sarana"),
        ([HEAD], "isi", "Tidak ada lembar yang diisi"),
    ],
)
def test_a_file_that_is_none_says_so(
    hand_in: Callable[..., Upload], rows: list[list[Any]], rule: str, said: str
) -> None:
    upload = hand_in(rows)
    assert upload.findings[0]["rule"] == rule
    assert said in upload.findings[0]["message"]


def test_the_same_file_counts_once_also_when_it_was_saved_anew(
    cast: SimpleNamespace, hand_in: Callable[..., Upload]
) -> None:
    rows = [HEAD, *([4, 3, 4, 3, 4, 3, 4, 3, number] for number in (1, 2, 3, 4, 4, 4))]
    apply(hand_in(rows), cast)
    again = hand_in(rows)
    assert (again.summary["berubah"], again.summary["sama"], again.findings) == (0, 6, [])
    apply(again, cast)
    assert JawabanSkm.objects.count() == 6
    # With a sheet added it is another file; that most of it is known is asked about.
    longer = hand_in([*rows, [1, 1, 1, 1, 1, 1, 1, 1, 1]])
    assert [one["rule"] for one in longer.findings] == ["lembar ganda"]
    assert "6 dari 7 lembar" in longer.findings[0]["message"]


def test_a_file_of_an_unsur_that_is_not_asked_is_refused(survei: Survei, hand_in: Callable[..., Upload]) -> None:
    Survei.objects.update(unsur=["persyaratan", "prosedur", "waktu"])
    upload = hand_in([HEAD[:4], [4, 4, 4, 4]])
    assert found(upload) == [("D2", "unsur", "salah")]


def test_into_a_closed_survey_nothing_is_imported(
    survei: Survei, cast: SimpleNamespace, hand_in: Callable[..., Upload]
) -> None:
    upload = hand_in([HEAD, [4] * 9])
    Survei.objects.update(status="ditutup")
    apply(upload, cast)
    assert upload.applied_at is None
    assert "Muat ulang" in upload.summary["penolakan"]
    assert hand_in([HEAD, [3] * 9]).findings[0]["rule"] == "survei"


def test_pages_and_uploads_are_for_who_looks_after_the_survey(
    client: Client, survei: Survei, units: SimpleNamespace, cast: SimpleNamespace, hand_in: Callable[..., Upload]
) -> None:
    place = {"instansi": "contoh", "tahun": 2024, "survei_id": survei.pk}
    client.force_login(cast.operator)
    assert "Unduh templat" in client.get(reverse("exchange:skm_impor", kwargs=place)).content.decode()
    Membership.objects.filter(user=cast.operator).update(unit=units.melati)
    for person in (cast.operator, cast.outsider, cast.keuangan):
        client.force_login(person)
        for name in ("skm_impor", "skm_templat"):
            assert client.get(reverse(f"exchange:{name}", kwargs=place)).status_code == 403
        with pytest.raises(PermissionDenied):
            hand_in([HEAD, [4] * 9], by=person)
