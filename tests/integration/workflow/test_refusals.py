"""Every refused attempt stands in the audit trail with person, place and reason, and a robot does not fill it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from capaian.organisations.models import TahunKinerja
from capaian.workflow import refusals
from capaian.workflow.models import AuditEntry
from capaian.workflow.refusals import MOST_PER_PERSON, note_refusal

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


def refused() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).order_by("number"))


def test_a_closed_page_is_noted_with_person_place_and_reason(login: Login, cast: SimpleNamespace) -> None:
    response = login("outsider").get("/contoh/2024/anggaran/?versi=2", REMOTE_ADDR="192.0.2.7")
    assert response.status_code == 403
    (entry,) = refused()
    assert (entry.by, entry.instansi.kunci, entry.chain) == (cast.outsider, "contoh", "contoh")
    assert (entry.action, entry.subject) == ("budget.anggaran", "GET /contoh/2024/anggaran/")
    assert "tidak berhak melihat data instansi ini" in entry.reason
    assert entry.address == "192.0.2.7"


def test_a_page_of_a_unit_is_noted_under_that_unit(login: Login, tahun_kinerja: TahunKinerja) -> None:
    tahun_kinerja.instansi.unit_kerja.create(kunci="pkm", nama="Puskesmas", jenis="puskesmas")
    assert login("outsider").get("/contoh/2024/isian/kinerja/pkm/1/").status_code == 403
    assert [entry.unit_kunci for entry in refused()] == ["pkm"]


def test_a_form_without_its_token_is_noted_also_without_a_login(cast: SimpleNamespace) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/masuk/", {"login": "x", "password": "y"}).status_code == 403
    (entry,) = refused()
    assert (entry.by, entry.chain, entry.subject) == (None, "sistem", "POST /masuk/")
    assert "CSRF" in entry.reason
    strict.force_login(cast.perencana)
    assert strict.post("/contoh/2024/pengukuran/realisasi/").status_code == 403
    (of_office,) = [entry for entry in refused() if entry.chain == "contoh"]
    assert (of_office.by, of_office.action) == (cast.perencana, "measurement.realisasi")


def test_what_is_allowed_is_not_noted(login: Login) -> None:
    assert login("perencana").get("/contoh/2024/").status_code == 200
    assert login("perencana").get("/contoh/1999/").status_code == 404
    assert not refused()


def test_the_same_attempt_again_is_written_once(login: Login) -> None:
    for _ in range(5):
        assert login("outsider").get("/contoh/2024/anggaran/").status_code == 403
    login("outsider").get("/contoh/2024/laporan/")
    assert [entry.subject for entry in refused()] == ["GET /contoh/2024/anggaran/", "GET /contoh/2024/laporan/"]


def request_of(user: object) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_many_different_attempts_end_with_a_word_about_it(cast: SimpleNamespace) -> None:
    for number in range(MOST_PER_PERSON + 20):
        note_refusal(request_of(cast.outsider), action="uji.coba", subject=f"/{number}", reason="Ditolak.")
    note_refusal(request_of(cast.newcomer), action="uji.coba", subject="/1", reason="Ditolak.")
    entries = refused()
    assert len(entries) == MOST_PER_PERSON + 1
    assert "tidak dicatat satu per satu" in entries[MOST_PER_PERSON - 1].reason
    assert entries[-1].by == cast.newcomer


def test_without_a_writable_trail_the_answer_stays_a_refusal(login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**kwargs: object) -> None:
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(refusals, "record_refusal", full)
    assert login("outsider").get("/contoh/2024/anggaran/").status_code == 403


@override_settings(PROXY_COUNT=1)
def test_behind_a_proxy_the_address_is_what_the_proxy_wrote(login: Login) -> None:
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.4", "REMOTE_ADDR": "127.0.0.1"}
    login("outsider").get("/contoh/2024/anggaran/", **forwarded)
    assert [entry.address for entry in refused()] == ["198.51.100.4"]


def test_without_a_proxy_the_header_is_not_believed(login: Login) -> None:
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "REMOTE_ADDR": "192.0.2.1"}
    login("outsider").get("/contoh/2024/anggaran/", **forwarded)
    assert [entry.address for entry in refused()] == ["192.0.2.1"]


def test_a_step_that_the_state_refuses_is_noted(login: Login, plan: SimpleNamespace) -> None:
    place = "/contoh/2024/isian/kinerja/instansi/1/"
    assert login("perencana").post(f"{place}langkah/", {"langkah": "setujui"}).status_code == 403
    assert login("perencana").post(f"{place}langkah/", {"langkah": "kunci"}).status_code == 302
    last = refused()[-1]
    assert (last.action, last.subject) == ("workflow.kunci", "kinerja - 2024/1")
    assert "tidak dapat dikunci sekarang" in last.reason


def test_cells_of_a_locked_sheet_are_noted(login: Login, plan: SimpleNamespace) -> None:
    year = plan.tahun_kinerja
    year.submissions.create(form="kinerja", unit=None, periode=1, state="terkunci")
    body = {"cells": [{"kunci": plan.ibu.kunci, "teks": "1", "base": ""}]}
    url = "/contoh/2024/isian/kinerja/instansi/1/simpan/"
    answer = login("perencana").post(url, body, content_type="application/json")
    assert answer.status_code == 409
    (entry,) = refused()
    assert (entry.action, entry.subject) == ("workflow.write_sheet", "kinerja - 2024/1")
    assert entry.after == {"sel": [plan.ibu.kunci]}
    assert "terkunci sejak" in entry.reason
