"""Instruments of the office's own, filled by a unit: scores at once, nothing stored that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capaian.assessments.actions import choose_instrumen
from capaian.assessments.actions_instrumen import create_instrumen, publish_versi
from capaian.assessments.actions_isi import isian_mark
from capaian.assessments.models import Hasil, Jawaban, Penilaian, VersiInstrumen
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.rules.instrumen.skor import Isian
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
EMPTY = isian_mark(None)
TREE: dict[str, Any] = {
    "kode": "inm",
    "nama": "Mutu",
    "agregasi": "rata_rata",
    "isi": [
        {
            "kode": "tangan",
            "nama": "Kepatuhan kebersihan tangan",
            "penilaian": "capaian",
            "masukan": "pembilang_penyebut",
            "target": "80",
            "arah": "naik",
        },
        {
            "kode": "alur",
            "nama": "Alur pelayanan",
            "penilaian": "pilihan",
            "maksimum": "100",
            "pilihan": [{"kode": "ada", "nilai": "100", "teks": "ada dan dipakai"}, {"kode": "tidak", "nilai": "0"}],
        },
    ],
}


@pytest.fixture
def units(tahun_kinerja: TahunKinerja) -> dict[str, UnitKerja]:
    make = tahun_kinerja.instansi.unit_kerja.create
    return {kunci: make(kunci=kunci, nama=f"Puskesmas {kunci}", jenis="puskesmas") for kunci in ("utara", "selatan")}


@pytest.fixture
def versi(tahun_kinerja: TahunKinerja) -> VersiInstrumen:
    draft = create_instrumen(by=None, tahun_kinerja=tahun_kinerja, nama="INM", keluarga="lain")
    rujukan = {"instrumen": "Permenkes 30/2022", "tempat": "Lampiran", "dasar": "tertulis", "catatan": ""}
    draft.definisi = {**draft.definisi, "akar": TREE, "rujukan": rujukan}
    draft.save()
    base = draft.changed_at.isoformat()
    made = publish_versi(by=None, tahun_kinerja=tahun_kinerja, versi=draft, base=base, catatan="Pertama")
    choose_instrumen(by=None, tahun_kinerja=tahun_kinerja, versi=made)
    return made


@pytest.fixture
def operator(cast: SimpleNamespace, units: dict[str, UnitKerja], login: Login) -> Client:
    """Who fills for `utara` only."""
    Membership.objects.filter(user=cast.operator).update(unit=units["utara"])
    return login("operator")


def url(versi: VersiInstrumen, unit: str) -> str:
    return reverse("assessments:isi_unit", args=["contoh", 2024, versi.pk, unit])


def form(**values: str) -> dict[str, str]:
    return {
        "dasar-tangan": EMPTY,
        "dasar-alur": EMPTY,
        **{name.replace("_", "-"): text for name, text in values.items()},
    }


def test_a_unit_fills_and_sees_its_value(operator: Client, versi: VersiInstrumen, units: dict[str, UnitKerja]) -> None:
    sent = form(realisasi_tangan="60", sasaran_tangan="100", nilai_alur="ada")
    assert operator.post(url(versi, "utara"), sent).status_code == 302
    # 60 of 100 against 80: 75; with 100 for the flow the mean is 87.5.
    assert Hasil.objects.get(kelompok="inm").tampil == Decimal("87.5")
    penilaian = Penilaian.objects.get()
    assert (penilaian.unit, penilaian.tahun_evaluasi) == (units["utara"], 2024)
    page = operator.get(url(versi, "utara")).content.decode()
    assert "87,50" in page
    assert AuditEntry.objects.get(action="assessments.record_jawaban").after == {"tangan": "60 dari 100", "alur": "ada"}
    listed = operator.get(reverse("assessments:isi", args=["contoh", 2024])).content.decode()
    assert "Puskesmas utara" in listed
    assert "Puskesmas selatan" not in listed


def test_nothing_is_stored_while_one_answer_does_not_fit(operator: Client, versi: VersiInstrumen) -> None:
    for wrong, said in (
        (form(nilai_alur="entah"), "tidak ada; pilih ada, tidak"),
        (form(realisasi_tangan="1.234", sasaran_tangan="100", nilai_alur="ada"), "dapat dibaca"),
        (form(realisasi_tangan="-3", sasaran_tangan="100", nilai_alur="ada"), "harus 0 atau lebih"),
        (form(keluar_alur="ya"), "Tulis alasan"),
    ):
        response = operator.post(url(versi, "utara"), wrong)
        assert response.status_code == 422
        assert said in response.content.decode()
    assert not Jawaban.objects.exists()


def test_what_does_not_apply_leaves_the_mean_and_half_an_answer_is_no_zero(
    operator: Client, versi: VersiInstrumen
) -> None:
    sent = form(realisasi_tangan="60", keluar_alur="ya", catatan_alur="Tidak ada rawat jalan")
    assert operator.post(url(versi, "utara"), sent).status_code == 302
    assert Hasil.objects.get(kelompok="inm").nilai is None
    assert "sasaran belum ada" in operator.get(url(versi, "utara")).content.decode()


def test_two_people_in_one_answer_are_told(operator: Client, versi: VersiInstrumen) -> None:
    operator.post(url(versi, "utara"), form(nilai_alur="ada"))
    second = operator.post(url(versi, "utara"), form(nilai_alur="tidak"))
    assert second.status_code == 422
    assert "Sudah diubah orang lain menjadi" in second.content.decode()
    assert Jawaban.objects.get().nilai == "ada"
    again = form(nilai_alur="tidak") | {"dasar-alur": isian_mark(Isian("ada"))}
    assert operator.post(url(versi, "utara"), again).status_code == 302
    emptied = form() | {"dasar-alur": isian_mark(Isian("tidak"))}
    assert operator.post(url(versi, "utara"), emptied).status_code == 302
    assert not Jawaban.objects.exists()


def test_others_are_refused_and_an_instrument_that_was_not_chosen_is_absent(
    operator: Client, login: Login, versi: VersiInstrumen, tahun_kinerja: TahunKinerja
) -> None:
    assert operator.post(url(versi, "selatan"), form(nilai_alur="ada")).status_code == 403
    assert operator.get(url(versi, "selatan")).status_code == 403
    assert login("outsider").get(url(versi, "utara")).status_code == 403
    assert login("kepala").post(url(versi, "utara"), form(nilai_alur="ada")).status_code == 403
    other = create_instrumen(by=None, tahun_kinerja=tahun_kinerja, nama="Lain", keluarga="lain")
    assert login("perencana").get(url(other, "utara")).status_code == 404


def test_an_address_that_is_none_leads_back_to_the_list(operator: Client, versi: VersiInstrumen) -> None:
    page = reverse("assessments:isi", args=["contoh", 2024])
    for query in ("?versi=²&unit=utara", f"?versi={versi.pk}&unit=a/b"):
        assert operator.get(page + query).status_code == 200
    assert operator.get(f"{page}?versi={versi.pk}&unit=utara").url == url(versi, "utara")  # type: ignore[attr-defined]


def test_a_form_of_many_items_comes_in_whole(operator: Client, versi: VersiInstrumen) -> None:
    many = {f"catatan-b{number}": "" for number in range(1500)}
    assert operator.post(url(versi, "utara"), form(nilai_alur="ada") | many).status_code == 302
    assert Jawaban.objects.get().nilai == "ada"
