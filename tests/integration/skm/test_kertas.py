"""The grid of paper sheets: what fits is kept, what does not comes back, each sheet counts once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from capaian.organisations.models import Membership
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def url(name: str, survei: Survei, **more: int) -> str:
    return reverse(f"skm:{name}", kwargs={"instansi": "contoh", "tahun": 2024, "survei_id": survei.pk, **more})


def grid(*rows: str, keys: tuple[str, ...] = (), **more: str) -> dict[str, object]:
    """Rows of digits in the order of the unsur, a dot where nothing was ticked."""
    data: dict[str, object] = {"tanggal": "2024-08-01", "baris": [str(n) for n in range(1, len(rows) + 1)], **more}
    for number, digits in enumerate(rows, start=1):
        data[f"kunci-{number}"] = keys[number - 1] if keys else str(uuid4())
        for unsur, digit in zip(UNSUR, digits, strict=False):
            data[f"{unsur}-{number}"] = "" if digit == "." else digit
    return data


def test_sheets_are_saved_and_blanks_stay_blank(login: Callable[[str], Client], survei: Survei) -> None:
    data = grid("434343434", "1.2......", "", **{"umur-1": "30-39", "saran-2": "Hubungi 08123456789"})
    response = login("operator").post(url("kertas", survei), data, follow=True)
    assert "2 lembar disimpan" in response.content.decode()
    first, second = JawabanSkm.objects.order_by("pk")
    assert (first.persyaratan, first.prosedur, first.umur, first.sumber) == (4, 3, "30-39", "kertas")
    assert (second.prosedur, second.waktu, second.saran) == (None, 2, "Hubungi [nomor dihapus]")
    entry = AuditEntry.objects.get(action="skm.enter_kertas")
    assert entry.after == {"jawaban": 2}


def test_a_wrong_row_holds_back_itself_only(login: Callable[[str], Client], survei: Survei) -> None:
    response = login("operator").post(url("kertas", survei), grid("444444444", "5333.....", **{"umur-2": "60"}))
    page = response.content.decode()
    assert response.status_code == 422
    assert "1 lembar disimpan; 1 belum" in page
    assert "jawaban &quot;5&quot; tidak dikenal" in page
    assert 'name="persyaratan-1" value="5"' in page
    assert JawabanSkm.objects.count() == 1


def test_the_same_rows_sent_again_count_once(login: Callable[[str], Client], survei: Survei) -> None:
    client, data = login("operator"), grid("444444444", "333333333", keys=(str(uuid4()), str(uuid4())))
    answers = [
        client.post(url("kertas", survei), data, headers={"accept": "application/json"}).json() for _ in range(2)
    ]
    assert [len(one["tersimpan"]) for one in answers] == [2, 2]
    assert answers[1]["jumlah"] == JawabanSkm.objects.count() == 2


@pytest.mark.parametrize("day", ["2025-01-02", "kemarin", ""])
def test_a_day_outside_of_the_survey_keeps_what_was_typed(
    login: Callable[[str], Client], survei: Survei, day: str
) -> None:
    response = login("operator").post(url("kertas", survei), grid("444444444") | {"tanggal": day})
    assert response.status_code == 422
    assert 'name="sarana-1" value="4"' in response.content.decode()
    assert not JawabanSkm.objects.exists()


def test_into_a_closed_survey_nothing_goes(login: Callable[[str], Client], survei: Survei) -> None:
    Survei.objects.update(status="ditutup")
    client = login("operator")
    assert "Simpan lembar" not in client.get(url("kertas", survei)).content.decode()
    answer = client.post(url("kertas", survei), grid("444444444"), headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert "Muat ulang" in answer.json()["pesan"]
    assert not JawabanSkm.objects.exists()


def test_a_sheet_is_corrected_and_removed_and_the_trail_knows(
    login: Callable[[str], Client], survei: Survei, cast: SimpleNamespace
) -> None:
    client = login("operator")
    client.post(url("kertas", survei), grid("444444444"))
    sheet = JawabanSkm.objects.get()
    assert 'value="4"' in client.get(url("kertas_ubah", survei, jawaban_id=sheet.pk)).content.decode()
    assert client.post(url("kertas_ubah", survei, jawaban_id=sheet.pk), grid(".........")).status_code == 422
    client.post(url("kertas_ubah", survei, jawaban_id=sheet.pk), grid("144444444", **{"saran-1": "rahasia"}))
    sheet.refresh_from_db()
    assert sheet.persyaratan == 1
    entry = AuditEntry.objects.get(action="skm.change_kertas")
    assert (entry.before["persyaratan"], entry.after["persyaratan"], entry.by) == (4, 1, cast.operator)
    assert "rahasia" not in str(entry.after)
    client.post(url("kertas_hapus", survei, jawaban_id=sheet.pk))
    assert not JawabanSkm.objects.exists()


def test_what_came_in_online_is_nobodys_to_change(login: Callable[[str], Client], survei: Survei) -> None:
    online = JawabanSkm.objects.create(survei=survei, waktu=1, sumber="daring", tanggal=survei.mulai)
    client = login("perencana")
    assert client.get(url("kertas_ubah", survei, jawaban_id=online.pk)).status_code == 404
    assert client.post(url("kertas_hapus", survei, jawaban_id=online.pk)).status_code == 404
    assert JawabanSkm.objects.exists()


def test_another_unit_and_an_outsider_are_refused(
    client: Client, survei: Survei, units: SimpleNamespace, cast: SimpleNamespace
) -> None:
    Membership.objects.filter(user=cast.operator).update(unit=units.melati)
    for person in (cast.operator, cast.outsider, cast.keuangan):
        client.force_login(person)
        assert client.post(url("kertas", survei), grid("444444444")).status_code == 403
    assert not JawabanSkm.objects.exists()
