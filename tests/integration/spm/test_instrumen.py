"""Instrumen: Barthel and SKILAS are scored with their trace, incomplete forms have no score, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from capaian.organisations.models import TahunKinerja
from capaian.rules.packs import load_pack
from capaian.rules.spm.instrumen import barthel_butir
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
BASE = "/contoh/2024/spm/instrumen/"
PACK = load_pack("spm/permenkes_6_2024")
BEST = {one.kode: str(one.pilihan[-1].nilai) for one in barthel_butir(PACK)}


@pytest.mark.parametrize("path", ["", "barthel/", "skilas/"])
def test_the_outsider_is_refused(login: Login, cast: SimpleNamespace, path: str) -> None:
    assert reverse("spm:barthel", args=["contoh", 2024]) == f"{BASE}barthel/"
    client = login("outsider")
    assert client.get(BASE + path).status_code == 403
    assert client.get(BASE + path).status_code == 403


def test_the_list_leads_to_both_forms(login: Login) -> None:
    html = login("operator").get(BASE).content.decode()
    assert f'href="{BASE}barthel/"' in html
    assert f'href="{BASE}skilas/"' in html


@pytest.mark.parametrize(
    ("lower", "headline"),
    [
        ({}, "20 dari 20: Mandiri (A)"),
        ({"mandi": "0"}, "19 dari 20: Ketergantungan ringan (B)"),
        ({"berpindah": "0", "berjalan": "0", "wc": "0", "tangga": "1"}, "11 dari 20: Ketergantungan sedang (B)"),
        (dict.fromkeys(BEST, "0"), "0 dari 20: Ketergantungan total (C)"),
    ],
)
def test_barthel_is_scored_with_its_class(login: Login, lower: dict[str, str], headline: str) -> None:
    response = login("operator").post(f"{BASE}barthel/", BEST | lower)
    html = response.content.decode()
    assert response.status_code == 200
    assert headline in html
    assert "jumlah skor sepuluh butir" in html
    # What was answered stays on the form.
    assert html.count(" checked") == 10


def test_an_incomplete_form_has_no_score_and_keeps_its_answers(login: Login) -> None:
    answers = {name: value for name, value in BEST.items() if name != "mandi"}
    response = login("operator").post(f"{BASE}barthel/", answers)
    html = response.content.decode()
    assert response.status_code == 422
    assert "1 butir belum dijawab" in html
    assert "dari 20" not in html
    assert html.count(" checked") == 9
    assert html.count("belum dijawab</span>") == 1


@pytest.mark.parametrize("wrong", ["9", "dua", "-1", "1.5"])
def test_an_answer_that_there_is_not_is_refused_in_words(login: Login, wrong: str) -> None:
    response = login("operator").post(f"{BASE}barthel/", BEST | {"mandi": wrong})
    assert response.status_code == 422
    assert "pilih" in response.content.decode()


def test_one_tick_of_skilas_refers(login: Login) -> None:
    client = login("operator")
    html = client.post(f"{BASE}skilas/", {"tanda": ["lila", "sedih"]}).content.decode()
    assert "Rujuk ke Puskesmas" in html
    assert "Malnutrisi, Gejala depresi" in html
    assert html.count(" checked") == 2
    assert "Tidak perlu dirujuk" in client.post(f"{BASE}skilas/", {}).content.decode()
    assert client.post(f"{BASE}skilas/", {"tanda": ["kucing"]}).status_code == 422


def test_nothing_is_kept_of_the_person(login: Login) -> None:
    before = AuditEntry.objects.count()
    client = login("operator")
    client.post(f"{BASE}barthel/", BEST)
    client.post(f"{BASE}skilas/", {"tanda": ["lila"]})
    assert AuditEntry.objects.count() == before
    for path in ("barthel/", "skilas/"):
        assert " checked" not in client.get(BASE + path).content.decode()


def test_the_older_standard_has_no_forms(login: Login, tahun_kinerja: TahunKinerja) -> None:
    client = login("operator")
    older = BASE.replace("2024", "2023")
    assert "Belum ada instrumen" in client.get(older).content.decode()
    assert client.get(f"{older}barthel/").status_code == 404
