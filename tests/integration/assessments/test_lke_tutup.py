"""Who has just given the first answers of a tier can close it without loading the page again."""

from __future__ import annotations

import pytest

from capaian.organisations.models import TahunKinerja
from tests.integration.assessments.test_lke import URL, Login, choose

pytestmark = pytest.mark.django_db


def test_the_first_answer_brings_the_button_that_closes(login: Login, tahun_kinerja: TahunKinerja) -> None:
    choose(tahun_kinerja)
    client = login("perencana")
    assert "Tutup penilaian mandiri" not in client.get(URL).content.decode()
    form = {"tingkat": "mandiri", "nilai-1a": "BB", "dasar-1a": ""}
    html = client.post(f"{URL}simpan/1a/", form, headers={"HX-Request": "true"}).content.decode()
    assert 'id="lke-tutup" hx-swap-oob="true"' in html
    assert "Tutup penilaian mandiri" in html
