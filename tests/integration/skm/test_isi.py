"""The public form: counted once, nothing kept of who answers, everything that was filled kept until it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from capaian.skm import answers, guards
from capaian.skm.guards import new_stamp, without_contacts
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ADDRESS = "/s/mawar24/"
THANKS = "/s/mawar24/terima-kasih/"
MOST_BYTES = 30_000


@pytest.fixture(autouse=True)
def in_august(today: Callable[[str], None]) -> None:
    today("2024-08-01T09:00:00+07:00")


def stamp_of(page: str) -> str:
    found = re.search(r'name="formulir" value="([^"]+)"', page)
    assert found
    return found[1]


def filled(stamp: str, **more: str) -> dict[str, str]:
    """Nine answers that are not all the same."""
    return {"formulir": stamp, **dict.fromkeys(UNSUR, "3"), "waktu": "2", **more}


def test_a_visitor_answers_without_login_cookie_or_script(client: Client, survei: Survei) -> None:
    page = client.get(ADDRESS)
    text = page.content.decode()
    assert "Puskesmas Mawar" in text
    assert "Tanpa nama" in text
    assert text.count("<legend>") == 11
    assert "<script" not in text
    response = client.post(
        ADDRESS, filled(stamp_of(text), jenis_kelamin="p", layanan="Farmasi", saran="Antreannya panjang"), follow=True
    )
    assert response.redirect_chain == [(THANKS, 303)]
    assert not page.cookies
    assert not client.cookies
    kept = JawabanSkm.objects.get()
    assert (kept.waktu, kept.sarana, kept.jenis_kelamin, kept.umur) == (2, 3, "p", "")
    assert (kept.layanan, kept.saran, kept.sumber, kept.tanggal) == (
        "Farmasi", "Antreannya panjang", "daring", date(2024, 8, 1)
    )  # fmt: skip
    assert not AuditEntry.objects.exists()


def test_the_form_weighs_less_than_thirty_kilobytes_with_its_style(client: Client, survei: Survei) -> None:
    from django.contrib.staticfiles import finders

    style = finders.find("skm/isi.css")
    assert isinstance(style, str)
    with open(style, "rb") as file:
        weight = len(client.get(ADDRESS).content) + len(file.read())
    assert weight < MOST_BYTES


def test_every_form_has_a_key_of_its_own_and_shows_what_the_survey_asks_now(client: Client, survei: Survei) -> None:
    first, second = (client.get(ADDRESS).content.decode() for _ in range(2))
    assert stamp_of(first) != stamp_of(second)
    Survei.objects.update(pertanyaan={"waktu": {"teks": "Lamakah <b>?", "jawaban": ["Ya", "Agak", "Tidak", "Cepat"]}})
    assert "Lamakah &lt;b&gt;?" in client.get(ADDRESS).content.decode()


def test_what_is_sent_twice_counts_once(client: Client, survei: Survei) -> None:
    sent = filled(new_stamp(survei))
    assert client.post(ADDRESS, sent).status_code == 303
    assert client.post(ADDRESS, sent).status_code == 303
    assert JawabanSkm.objects.count() == 1


def test_another_person_at_the_same_form_is_asked_and_not_lost(client: Client, survei: Survei) -> None:
    sent = filled(new_stamp(survei))
    client.post(ADDRESS, sent)
    again = client.post(ADDRESS, {**sent, "sarana": "1"})
    text = again.content.decode()
    assert again.status_code == 409
    assert "sudah pernah dikirim" in text
    assert 'name="sarana" value="1" checked' in text
    assert client.post(ADDRESS, {**sent, "sarana": "1", "formulir": stamp_of(text)}).status_code == 303
    assert sorted(JawabanSkm.objects.values_list("sarana", flat=True)) == [1, 3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"waktu": "5"}, "hanya menerima 1 sampai 4"),
        ({"waktu": "baik"}, "hanya menerima 1 sampai 4"),
        ({"umur": "muda"}, "tidak ada dalam pilihan"),
        ({"layanan": "Kantin"}, "tidak ada dalam pilihan"),
        ({"saran": "a" * 1001}, "paling banyak 1000"),
        ({"situs_web": "http://iklan.example"}, "kolom tersembunyi"),
        ({"formulir": "palsu:tanda"}, "terlalu lama terbuka"),
        (dict.fromkeys(UNSUR, ""), "Belum ada pertanyaan yang dijawab"),
    ],
)
def test_what_does_not_fit_comes_back_with_words_and_everything_else(
    client: Client, survei: Survei, wrong: dict[str, str], said: str
) -> None:
    response = client.post(ADDRESS, filled(new_stamp(survei), pekerjaan="asn") | wrong)
    text = response.content.decode()
    assert response.status_code == 422
    assert said in text
    assert '<option value="asn" selected>' in text
    assert not JawabanSkm.objects.exists()


def test_megabytes_of_a_suggestion_are_cut_before_they_are_searched(
    client: Client, survei: Survei, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []
    monkeypatch.setattr(answers, "without_contacts", lambda text: searched.append(len(text)) or text)
    assert client.post(ADDRESS, filled(new_stamp(survei), saran="a" * 2_000_000)).status_code == 422
    assert searched == [answers.MOST_SARAN]


def test_a_form_of_another_survey_is_none(client: Client, survei: Survei) -> None:
    other = Survei.objects.create(
        tahun_kinerja=survei.tahun_kinerja, nama="Lain", mulai=survei.mulai, sampai=survei.sampai, unsur=list(UNSUR),
        status="dibuka", tautan="lain",
    )  # fmt: skip
    assert client.post(ADDRESS, filled(new_stamp(other))).status_code == 422


def test_blank_answers_are_asked_about_once_and_then_taken(client: Client, survei: Survei) -> None:
    response = client.post(ADDRESS, filled(new_stamp(survei), pengaduan=""))
    text = response.content.decode()
    assert response.status_code == 422
    assert "1 pertanyaan belum dijawab" in text
    assert 'href="#t-pengaduan"' in text
    assert 'name="yakin" value="1"' in text
    assert client.post(ADDRESS, filled(stamp_of(text), pengaduan="", yakin="1")).status_code == 303
    assert JawabanSkm.objects.get().pengaduan is None


def test_all_the_same_in_a_moment_is_asked_about_and_slowly_it_is_not(
    client: Client, survei: Survei, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = dict.fromkeys(UNSUR, "4")
    response = client.post(ADDRESS, filled(new_stamp(survei), **same))
    assert response.status_code == 422
    assert "dalam waktu sangat singkat" in response.content.decode()
    stamp = new_stamp(survei)
    later = guards.time.time() + 5
    monkeypatch.setattr(guards.time, "time", lambda: later)
    assert client.post(ADDRESS, filled(stamp, **same)).status_code == 303


def test_a_form_of_yesterday_gets_a_new_key_and_keeps_its_answers(
    client: Client, survei: Survei, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, counted = new_stamp(survei), new_stamp(survei)
    client.post(ADDRESS, filled(counted))
    later = guards.time.time() + guards.LIFETIME_SECONDS + 1
    monkeypatch.setattr(guards.time, "time", lambda: later)
    response = client.post(ADDRESS, filled(old))
    text = response.content.decode()
    assert response.status_code == 422
    assert 'name="waktu" value="2" checked' in text
    assert client.post(ADDRESS, filled(stamp_of(text))).status_code == 303
    # The one that was counted yesterday is not counted again.
    assert client.post(ADDRESS, filled(counted)).status_code == 303
    assert JawabanSkm.objects.count() == 2


def test_one_address_answers_as_often_as_a_waiting_room_and_not_as_a_script(client: Client, survei: Survei) -> None:
    for _ in range(guards.MOST_A_MINUTE):
        assert client.post(ADDRESS, filled(new_stamp(survei))).status_code == 303
    sent = filled(new_stamp(survei), saran="Tetap ada")
    refused = client.post(ADDRESS, sent)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 60
    assert "Tetap ada" in refused.content.decode()
    assert not AuditEntry.objects.exists()
    cache.clear()
    assert client.post(ADDRESS, sent).status_code == 303
    assert JawabanSkm.objects.count() == guards.MOST_A_MINUTE + 1


@pytest.mark.parametrize(
    ("moment", "status", "code", "said"),
    [
        # The days are those of Jakarta: 30 June, 17:30 in Greenwich, is 1 July there.
        ("2024-06-30T16:30:00+00:00", "dibuka", 404, "belum dibuka"),
        ("2024-06-30T17:30:00+00:00", "dibuka", 200, "Dibuka sampai 31 Desember 2024"),
        ("2024-12-31T16:30:00+00:00", "dibuka", 200, "Dibuka sampai 31 Desember 2024"),
        ("2024-12-31T17:30:00+00:00", "dibuka", 410, "berakhir pada 31 Desember 2024"),
        ("2024-08-01T02:00:00+00:00", "ditutup", 410, "sudah berakhir"),
        ("2024-08-01T02:00:00+00:00", "terbit", 410, "sudah berakhir"),
        ("2024-08-01T02:00:00+00:00", "draf", 404, "Tidak ada survei di alamat ini"),
    ],
)
def test_outside_of_its_days_the_page_says_why(
    client: Client, survei: Survei, today: Callable[[str], None], moment: str, status: str, code: int, said: str
) -> None:
    today(moment)
    Survei.objects.update(status=status)
    page = client.get(ADDRESS)
    assert (page.status_code, said in page.content.decode()) == (code, True)
    sent = client.post(ADDRESS, filled(new_stamp(survei)))
    assert (sent.status_code == 303) is (code == 200) is JawabanSkm.objects.exists()


def test_an_unknown_address_is_a_friendly_page(client: Client, db: None) -> None:
    page = client.get("/s/tidakada/")
    assert page.status_code == 404
    assert "Pindai lagi" in page.content.decode()
    assert client.get("/s/tidakada/terima-kasih/").status_code == 404


def test_an_answer_that_meets_the_closing_is_not_counted(
    client: Client, survei: Survei, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The survey is closed between the look at the page and the writing."""
    from capaian.skm import actions_jawaban

    real = actions_jawaban._shared

    def closed_first(one: Survei) -> Survei:
        Survei.objects.update(status="ditutup")
        return real(one)

    monkeypatch.setattr(actions_jawaban, "_shared", closed_first)
    assert client.post(ADDRESS, filled(new_stamp(survei))).status_code == 410
    assert not JawabanSkm.objects.exists()


def test_only_the_asked_unsur_are_shown_and_taken(client: Client, survei: Survei) -> None:
    Survei.objects.update(unsur=["waktu", "sarana"])
    page = client.get(ADDRESS).content.decode()
    assert "1 dari 2" in page
    assert 'name="biaya"' not in page
    client.post(ADDRESS, filled(stamp_of(page)))
    kept: dict[str, Any] = JawabanSkm.objects.values(*UNSUR).get()
    assert {unsur for unsur in UNSUR if kept[unsur] is not None} == {"waktu", "sarana"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hubungi 081234567890 ya", "Hubungi [nomor dihapus] ya"),
        ("Hubungi 0812-3456-7890", "Hubungi [nomor dihapus]"),
        ("NIK 3318 0101 0190 0001", "NIK [nomor dihapus]"),
        ("surel budi.santoso@contoh.go.id", "surel [surel dihapus]"),
        # Hours and years are no telephone.
        ("Buka 08.00-12.00 sejak 2023-2024", "Buka 08.00-12.00 sejak 2023-2024"),
        ("Antre 3 jam, loket 2", "Antre 3 jam, loket 2"),
    ],
)
def test_what_tells_who_wrote_it_is_blotted_out(said: str, kept: str) -> None:
    assert without_contacts(said) == kept
