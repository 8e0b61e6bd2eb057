"""A part of a page is rendered once for each state of the data, and anew as soon as an action changed something."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.actions import record_realisasi
from capaian.organisations.actions import grant_role
from capaian.planning.models import Indikator
from capaian.web.components import cached_part

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_the_same_state_is_rendered_once_and_another_anew():
    made: list[int] = []

    def build() -> str:
        made.append(1)
        return "<p>x</p>"

    assert cached_part("uji", 1, 7, build=build) == cached_part("uji", 1, 7, build=build) == "<p>x</p>"
    cached_part("uji", 1, 8, build=build)
    assert len(made) == 2


def test_a_recorded_realisasi_is_on_beranda_at_once(client: Client, django_user_model):
    year = load_sample(sample=read_sample("metro_2024"), by=None).tahun_kinerja
    user = django_user_model.objects.create_user("perencana")
    grant_role(by=None, user=user, instansi=year.instansi, role="perencana")
    client.force_login(user)
    assert "73,19" not in client.get("/metro/2024/").content.decode()
    record_realisasi(
        by=user,
        indikator=Indikator.objects.get(kunci="iku.ahh"),
        tahun=2024,
        periode=4,
        teks="73,19",
        today=datetime.date(2025, 1, 31),
    )
    assert "73,19" in client.get("/metro/2024/").content.decode()
