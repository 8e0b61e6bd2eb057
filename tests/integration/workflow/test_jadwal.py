"""The schedule: set for all units at once or not at all, extended for one with its reason, and refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from capaian.organisations.models import Membership, UnitKerja
from capaian.workflow.models import AuditEntry, Deadline

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/isian/jadwal/"


@pytest.fixture
def unit(plan: SimpleNamespace, cast: SimpleNamespace) -> UnitKerja:
    found = UnitKerja.objects.create(
        instansi=plan.tahun_kinerja.instansi, kunci="pkm", nama="Puskesmas Mawar", jenis="puskesmas"
    )
    plan.stunting.pelapor, plan.stunting.gabungan = "puskesmas", "jumlah"
    plan.stunting.save()
    Membership.objects.filter(user=cast.operator).update(unit=found)
    return found


def dates(form: str = "kinerja", periode: int = 1, unit: UnitKerja | None = None) -> tuple[date | None, date | None]:
    row = Deadline.objects.get(form=form, periode=periode, unit=unit)
    return row.starts_on, row.ends_on


def test_all_dates_are_set_at_once_and_written_down(login: Login, plan: SimpleNamespace) -> None:
    body = {
        "mulai-kinerja-1": "2024-04-01", "sampai-kinerja-1": "2024-04-15", "dasar-kinerja-1": "/",
        "mulai-anggaran-0": "", "sampai-anggaran-0": "2025-01-31", "dasar-anggaran-0": "/",
    }  # fmt: skip
    client = login("perencana")
    assert client.post(URL, body).status_code == 302
    assert dates() == (date(2024, 4, 1), date(2024, 4, 15))
    assert dates("anggaran", 0) == (None, date(2025, 1, 31))
    assert AuditEntry.objects.filter(action="workflow.set_deadline").count() == 2
    page = client.get(URL).content.decode()
    assert 'name="sampai-kinerja-1" value="2024-04-15"' in page
    # Saved again without a change nothing is written.
    again = body | {"dasar-kinerja-1": "2024-04-01/2024-04-15", "dasar-anggaran-0": "/2025-01-31"}
    assert client.post(URL, again).status_code == 302
    assert AuditEntry.objects.filter(action="workflow.set_deadline").count() == 2


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2024-04-15", "2024-04-01", "Tanggal penutupan mendahului tanggal pembukaan"),
        ("15 April", "", "bukan tanggal"),
        ("2024-02-30", "", "bukan tanggal"),
    ],
)
def test_a_wrong_date_stores_nothing_and_keeps_what_was_typed(
    login: Login, plan: SimpleNamespace, starts: str, ends: str, said: str
) -> None:
    body = {
        "mulai-kinerja-1": starts, "sampai-kinerja-1": ends, "dasar-kinerja-1": "/",
        "mulai-kinerja-2": "2024-07-01", "dasar-kinerja-2": "/",
    }  # fmt: skip
    response = login("perencana").post(URL, body)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Belum ada yang disimpan" in page
    assert f'value="{starts}"' in page
    assert 'value="2024-07-01"' in page
    assert not Deadline.objects.exists()


def test_two_planners_do_not_overwrite_each_other(login: Login, plan: SimpleNamespace) -> None:
    Deadline.objects.create(tahun_kinerja=plan.tahun_kinerja, form="kinerja", periode=1, ends_on=date(2024, 4, 20))
    body = {"mulai-kinerja-1": "", "sampai-kinerja-1": "2024-04-10", "dasar-kinerja-1": "/"}
    client = login("perencana")
    response = client.post(URL, body)
    assert "Orang lain sudah mengubahnya menjadi tidak ditentukan sampai 20 April 2024" in response.content.decode()
    assert dates() == (None, date(2024, 4, 20))
    # What the person now sees is their base: sent again it is their decision.
    assert 'name="dasar-kinerja-1" value="/2024-04-20"' in response.content.decode()
    assert client.post(URL, body | {"dasar-kinerja-1": "/2024-04-20"}).status_code == 302
    assert dates() == (None, date(2024, 4, 10))


def test_more_time_for_one_unit_opens_its_sheet(login: Login, plan: SimpleNamespace, unit: UnitKerja) -> None:
    today = timezone.localdate()
    Deadline.objects.create(
        tahun_kinerja=plan.tahun_kinerja,
        form="kinerja",
        periode=1,
        starts_on=today - timedelta(days=9),
        ends_on=today - timedelta(days=1),
    )
    sheet = "/contoh/2024/isian/kinerja/pkm/1/"
    assert "Mintalah perpanjangan" in login("operator").get(sheet).content.decode()
    until = today + timedelta(days=2)
    body = {"unit": "pkm", "formulir": "kinerja", "periode": "1", "sampai": until.isoformat(), "alasan": "Banjir"}
    assert login("perencana").post(f"{URL}unit/", body).status_code == 302
    assert dates(unit=unit) == (today - timedelta(days=9), until)
    assert AuditEntry.objects.get(action="workflow.set_deadline").reason == "Banjir"
    assert "Mintalah perpanjangan" not in login("operator").get(sheet).content.decode()
    assert "Banjir" in login("operator").get(URL).content.decode()
    login("perencana").post(f"{URL}unit/", body | {"hapus": "1"})
    assert not Deadline.objects.filter(unit=unit).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": ""}, "Pilih unit"),
        ({"sampai": ""}, "Isi tanggal"),
        ({"sampai": "2024-04-20"}, "Perpanjangan harus sesudah penutupan umum, 20 April 2024"),
        ({"alasan": " "}, "Tulis alasan"),
    ],
)
def test_an_extension_that_is_none_is_refused_in_words(
    login: Login, plan: SimpleNamespace, unit: UnitKerja, change: dict[str, str], said: str
) -> None:
    Deadline.objects.create(tahun_kinerja=plan.tahun_kinerja, form="kinerja", periode=1, ends_on=date(2024, 4, 20))
    body = {"unit": "pkm", "formulir": "kinerja", "periode": "1", "sampai": "2024-05-01", "alasan": "Banjir"}
    response = login("perencana").post(f"{URL}unit/", body | change)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Deadline.objects.filter(unit=unit).exists()


def test_others_read_it_and_outsiders_do_not(login: Login, plan: SimpleNamespace) -> None:
    page = login("pemegang_program").get(URL).content.decode()
    assert "Yang mengatur jadwal ialah perencana" in page
    assert "Simpan jadwal" not in page
    assert "isian/jadwal/" not in page
    assert login("perencana").get("/contoh/2024/").content.decode().count("isian/jadwal/") == 1
    body = {"sampai-kinerja-1": "2024-04-15", "dasar-kinerja-1": "/"}
    for name in ("pemegang_program", "operator", "kepala", "admin", "outsider"):
        assert login(name).post(URL, body).status_code == 403, name
        assert login(name).post(f"{URL}unit/", {}).status_code == 403, name
    assert login("outsider").get(URL).status_code == 403
    assert not Deadline.objects.exists()


def test_a_reason_is_kept_without_signs_that_nobody_sees(login: Login, plan: SimpleNamespace, unit: UnitKerja) -> None:
    body = {"unit": "pkm\0", "formulir": "kinerja", "periode": "1", "sampai": "2024-05-01", "alasan": "Ban\0jir"}
    assert login("perencana").post(f"{URL}unit/", body).status_code == 302
    assert Deadline.objects.get(unit=unit).reason == "Banjir"
    assert AuditEntry.objects.get(action="workflow.set_deadline").reason == "Banjir"
