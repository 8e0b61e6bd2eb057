"""The plan of a Puskesmas about its weakest items: who writes it, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_rencana import MOST, Plan, write_rencana
from capaian.assessments.models import Hasil, Jawaban
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.policy import StateRefused

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
URL = "/contoh/2024/penilaian/pkp/mawar/rencana/"
PLAN = "Kader belum terlatih. Pelatihan Maret; bidan koordinator."


@pytest.fixture
def short(pkp: SimpleNamespace) -> SimpleNamespace:
    """Mawar lacks 40 children of a1 and its structure is not complete; a2 is full, and b1 does not apply."""
    key = SheetKey(pkp.tahun_kinerja, "pkp", pkp.units["mawar"], 0)
    answers = {"a1#sasaran": "200", "a1#realisasi": "120", "a2#sasaran": "50", "a2#realisasi": "50", "m1": "7"}
    write_sheet(by=None, key=key, changes=[Change(*one) for one in answers.items()], today=date(2025, 1, 10))
    pkp.key = key
    return pkp


def plan_of(kode: str) -> str:
    return Jawaban.objects.get(butir=kode).catatan


def test_the_weakest_come_first_with_what_they_lack(client: Client, short: SimpleNamespace) -> None:
    client.force_login(short.operator)
    page = client.get(reverse("assessments:pkp_rencana", kwargs={"instansi": "contoh", "tahun": 2024, "unit": "mawar"}))
    assert [row.item.kode for row in page.context["rows"]] == ["m1", "a1"]
    assert "Tambah 40: dari 120 menjadi 160" in page.content.decode()


def test_a_plan_is_stored_audited_and_changes_no_result(client: Client, short: SimpleNamespace) -> None:
    before = list(Hasil.objects.order_by("kelompok").values_list("kelompok", "nilai"))
    Submission.objects.update_or_create(**short.key.place, defaults={"state": Submission.State.TERVERIFIKASI})
    client.force_login(short.operator)
    answer = client.post(URL, {"rencana-a1": f" {PLAN}\r\nEvaluasi Juni. ", "semula-a1": "", "rencana-m1": ""})
    assert answer.status_code == 302
    assert plan_of("a1") == f"{PLAN}\nEvaluasi Juni."
    assert AuditEntry.objects.filter(action="assessments.write_rencana").count() == 1
    assert list(Hasil.objects.order_by("kelompok").values_list("kelompok", "nilai")) == before
    # Saved again as it is shown, nothing changes.
    client.post(URL, {"rencana-a1": f"{PLAN}\r\nEvaluasi Juni.", "semula-a1": f"{PLAN}\r\nEvaluasi Juni."})
    assert AuditEntry.objects.filter(action="assessments.write_rencana").count() == 1


def test_what_another_wrote_meanwhile_stays_and_what_was_typed_is_shown(client: Client, short: SimpleNamespace) -> None:
    Jawaban.objects.filter(butir="a1").update(catatan="Rencana rekan.")
    client.force_login(short.operator)
    answer = client.post(URL, {"rencana-a1": PLAN, "semula-a1": "", "rencana-m1": "Susun SK.", "semula-m1": ""})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert PLAN in page
    assert "orang lain menulis: &quot;Rencana rekan.&quot;" in page
    assert (plan_of("a1"), plan_of("m1")) == ("Rencana rekan.", "Susun SK.")
    # Seen now, it may be replaced.
    assert client.post(URL, {"rencana-a1": PLAN, "semula-a1": "Rencana rekan."}).status_code == 302
    assert plan_of("a1") == PLAN


@pytest.mark.parametrize(("kode", "teks", "why"), [("a1", "x" * (MOST + 1), "paling panjang"), ("c1", PLAN, "belum")])
def test_what_cannot_be_stored_is_told(short: SimpleNamespace, kode: str, teks: str, why: str) -> None:
    place = {"tahun_kinerja": short.tahun_kinerja, "unit": short.units["mawar"]}
    refused = write_rencana(by=None, **place, plans={kode: Plan(teks, "")})
    assert why in refused[kode]
    assert not Jawaban.objects.exclude(catatan="").exists()


def test_a_locked_year_and_a_sheet_without_answers_are_refused(short: SimpleNamespace) -> None:
    with pytest.raises(PenilaianRefused, match="belum diisi"):
        write_rencana(by=None, tahun_kinerja=short.tahun_kinerja, unit=short.units["melati"], plans={})
    Submission.objects.update_or_create(**short.key.place, defaults={"state": Submission.State.TERKUNCI})
    with pytest.raises(StateRefused, match="terkunci"):
        write_rencana(
            by=None, tahun_kinerja=short.tahun_kinerja, unit=short.units["mawar"], plans={"a1": Plan(PLAN, "")}
        )


def test_others_read_and_outsiders_are_refused(login: Callable[[str], Client], short: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403
    reader = login("kepala")
    page = reader.get(URL)
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert reader.post(URL, {"rencana-a1": PLAN, "semula-a1": ""}).status_code == 403
    with pytest.raises(PermissionDenied):
        write_rencana(by=short.operator, tahun_kinerja=short.tahun_kinerja, unit=short.units["melati"], plans={})
