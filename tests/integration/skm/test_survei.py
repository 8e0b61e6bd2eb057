"""Looking after surveys: their list, their draft, the steps of their life, who may do which for which unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capaian.organisations.models import Membership
from capaian.skm.actions import SurveiRefused, close_survei, open_survei, reopen_survei, withdraw_survei
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.skm.questions import questions_of, usual_question
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def url(name: str, survei: Survei | None = None) -> str:
    where: dict[str, Any] = {"instansi": "contoh", "tahun": 2024}
    return reverse(f"skm:{name}", kwargs=where | ({"survei_id": survei.pk} if survei else {}))


def draft(**more: Any) -> dict[str, Any]:
    """What the form of a draft sends."""
    return {
        "nama": "SKM semester II",
        "unit": "-",
        "mulai": "2024-07-01",
        "sampai": "2024-12-31",
        "populasi": "5.000",
        "layanan": "Poli umum\nFarmasi\nPoli umum\n",
        "is_gratis": "1",
        "unsur": list(UNSUR),
        "alasan_unsur": "",
    } | more


def test_a_survey_is_written_and_says_how_many_answers_it_needs(login: Callable[[str], Client]) -> None:
    client = login("perencana")
    response = client.post(url("survei_baru"), draft(), follow=True)
    made = Survei.objects.get()
    assert (made.status, made.layanan, made.unsur, made.pertanyaan) == (
        "draf",
        ["Poli umum", "Farmasi"],
        list(UNSUR),
        {},
    )
    # Krejcie and Morgan: 357 of 5,000 (regulations 3.4).
    assert "dari sampel 357" in response.content.decode()
    assert "Survei dibuka" not in response.content.decode()
    assert AuditEntry.objects.filter(action="skm.save_survei").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"nama": ""}, "Beri survei ini nama"),
        ({"unit": "tidak-ada"}, "Pilih unit yang disurvei"),
        ({"sampai": "2024-06-30"}, "mendahului tanggal mulai"),
        ({"mulai": "1 Juli"}, "bukan tanggal"),
        ({"populasi": "banyak"}, "bilangan bulat"),
        ({"populasi": "0"}, "bilangan bulat mulai 1"),
        ({"populasi": "9" * 5000}, "bilangan bulat"),
        ({"populasi": "²"}, "bilangan bulat"),
        ({"unsur": ["waktu"]}, "Tulis mengapa tidak semua dari sembilan unsur"),
        ({"unsur": []}, "Pilih sekurang-kurangnya satu unsur"),
        ({"teks-waktu": "", **{f"jawaban-waktu-{n}": f"j{n}" for n in range(1, 5)}}, "tulis pertanyaannya"),
        ({"teks-waktu": "Cepat?", **{f"jawaban-waktu-{n}": "Ya" for n in range(1, 5)}}, "harus berbeda"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(login: Callable[[str], Client], wrong: dict[str, Any], said: str) -> None:
    response = login("perencana").post(url("survei_baru"), draft(**wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Farmasi" in page
    assert not Survei.objects.exists()


def test_the_same_name_twice_for_a_unit_is_refused(login: Callable[[str], Client], survei: Survei) -> None:
    response = login("perencana").post(url("survei_baru"), draft(nama=survei.nama, unit="mawar"))
    assert response.status_code == 422
    assert "sudah mempunyai survei dengan nama itu" in response.content.decode()


def test_own_words_are_kept_and_usual_ones_are_not(login: Callable[[str], Client]) -> None:
    own = {"teks-waktu": "Berapa lama?", **{f"jawaban-waktu-{n}": f"Sebutan {n}" for n in range(1, 5)}}
    usual = usual_question("biaya", is_free=True)
    shown = {"teks-biaya": usual.teks, **{f"jawaban-biaya-{n}": one for n, one in enumerate(usual.jawaban, 1)}}
    # "Gratis" was taken away after the question about cost had been drawn for a free service.
    login("perencana").post(url("survei_baru"), draft(**own, **shown, is_gratis=""))
    made = Survei.objects.get()
    assert list(made.pertanyaan) == ["waktu"]
    asked = {one.unsur: one for one in questions_of(made)}
    assert asked["waktu"].jawaban == ("Sebutan 1", "Sebutan 2", "Sebutan 3", "Sebutan 4")
    assert asked["biaya"] == usual_question("biaya", is_free=False)
    assert usual.jawaban[-1] == "Tidak, gratis"


def test_from_draft_to_closed_and_open_again(
    survei: Survei, cast: SimpleNamespace, today: Callable[[str], None]
) -> None:
    today("2024-08-01T09:00:00+07:00")
    survei.status = "draf"
    survei.save()
    opened = open_survei(by=cast.perencana, survei=survei)
    # Its questions stay as they were asked, whatever a later release proposes.
    assert set(opened.pertanyaan) == set(UNSUR)
    JawabanSkm.objects.create(survei=survei, waktu=3, sumber="daring", tanggal=date(2024, 8, 1))
    with pytest.raises(SurveiRefused, match="sudah dijawab"):
        withdraw_survei(by=cast.perencana, survei=survei)
    close_survei(by=cast.perencana, survei=survei)
    with pytest.raises(SurveiRefused, match="Muat ulang"):
        close_survei(by=cast.perencana, survei=survei)
    with pytest.raises(SurveiRefused, match="alasan"):
        reopen_survei(by=cast.perencana, survei=survei, reason=" ")
    reopen_survei(by=cast.perencana, survei=survei, reason="Lembar Posyandu menyusul", sampai=date(2024, 9, 30))
    survei.refresh_from_db()
    assert (survei.status, survei.sampai) == ("dibuka", date(2024, 9, 30))
    told = list(
        AuditEntry.objects.filter(action__contains="_survei").order_by("number").values_list("action", "reason")
    )
    assert told == [
        ("skm.open_survei", ""),
        ("skm.close_survei", ""),
        ("skm.reopen_survei", "Lembar Posyandu menyusul"),
    ]


def test_a_survey_that_is_only_printed_is_not_opened(survei: Survei, login: Callable[[str], Client]) -> None:
    Survei.objects.update(status="ditutup")
    survei.nrr_tercetak.create(unsur="waktu", teks="3,5", nilai="3.5")
    client = login("perencana")
    page = client.get(url("kelola", survei)).content.decode()
    assert "dibaca dari laporan tercetak" in page
    assert "Buka kembali" not in page
    response = client.post(url("langkah", survei), {"langkah": "buka_kembali", "alasan": "Coba"})
    assert response.status_code == 422
    assert "hanya hasil tercetak" in response.content.decode()


def test_a_survey_whose_days_are_over_is_not_opened(
    survei: Survei, cast: SimpleNamespace, today: Callable[[str], None]
) -> None:
    today("2025-01-01T00:30:00+07:00")
    survei.status = "draf"
    survei.save()
    with pytest.raises(SurveiRefused, match="berakhir 31 Desember 2024"):
        open_survei(by=cast.perencana, survei=survei)


def test_an_operator_looks_after_the_surveys_of_the_own_unit_only(
    client: Client, survei: Survei, units: SimpleNamespace, cast: SimpleNamespace
) -> None:
    Membership.objects.filter(user=cast.operator).update(unit=units.melati)
    client.force_login(cast.operator)
    assert survei.nama not in client.get(url("survei")).content.decode()
    assert client.get(url("kelola", survei)).status_code == 403
    assert client.post(url("langkah", survei), {"langkah": "tutup"}).status_code == 403
    with pytest.raises(PermissionDenied):
        close_survei(by=cast.operator, survei=survei)
    page = client.get(url("survei_baru")).content.decode()
    assert "Puskesmas Melati" in page
    assert "Puskesmas Mawar" not in page
    assert client.post(url("survei_baru"), draft(unit="mawar")).status_code == 422
    assert client.post(url("survei_baru"), draft(unit="melati")).status_code == 302


def test_an_outsider_sees_nothing(login: Callable[[str], Client], survei: Survei) -> None:
    client = login("outsider")
    for name in ("survei", "survei_baru"):
        assert client.get(url(name)).status_code == 403
    for name in ("kelola", "survei_ubah", "poster", "qr", "kertas"):
        assert client.get(url(name, survei)).status_code == 403


def test_the_list_asks_the_database_the_same_however_many_surveys_there_are(
    login: Callable[[str], Client], survei: Survei
) -> None:
    client = login("perencana")
    client.get(url("survei"))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url("survei"))
        return len(queries)

    one = asked()
    for number in range(9):
        Survei.objects.create(
            tahun_kinerja=survei.tahun_kinerja,
            nama=f"Lain {number}",
            mulai=survei.mulai,
            sampai=survei.sampai,
            unsur=list(UNSUR),
            tautan=f"lain{number}",
            populasi=900,
        )
    assert asked() == one <= 12


def test_the_poster_and_the_code_carry_the_address_of_the_outside(
    login: Callable[[str], Client], survei: Survei, settings: Any
) -> None:
    client = login("perencana")
    poster = client.get(url("poster", survei)).content.decode()
    assert "testserver/s/mawar24" in poster
    assert "http://" not in poster.split("<strong>")[2]
    at_home = client.get(url("qr", survei))
    assert at_home["Content-Type"] == "image/svg+xml"
    settings.SITE_URL = "https://capaian.contoh.go.id"
    assert "capaian.contoh.go.id/s/mawar24" in client.get(url("poster", survei)).content.decode()
    assert client.get(url("qr", survei)).content != at_home.content


def test_a_survey_that_is_open_is_not_edited(login: Callable[[str], Client], survei: Survei) -> None:
    response = login("perencana").post(url("survei_ubah", survei), draft(nama="Lain"), follow=True)
    assert "Hanya draf yang dapat diubah" in response.content.decode()
    survei.refresh_from_db()
    assert survei.nama == "SKM Mawar"


def test_a_draft_is_removed_and_an_open_survey_is_not(login: Callable[[str], Client], survei: Survei) -> None:
    client = login("perencana")
    assert client.post(url("langkah", survei), {"langkah": "hapus"}).status_code == 422
    client.post(url("langkah", survei), {"langkah": "tarik"})
    client.post(url("langkah", survei), {"langkah": "hapus"})
    assert not Survei.objects.exists()
