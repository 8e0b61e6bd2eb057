"""The entry grid and the request that saves its cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.grid import current_quarter, read_grid
from capaian.measurement.models import Realisasi
from capaian.organisations.actions import grant_role

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/pengukuran/"
SAVE = "/contoh/2024/pengukuran/realisasi/"


def save(client: Client, *cells: tuple[int, int, str], tw: int = 1) -> Any:
    body = {"tw": tw, "cells": [{"indikator": pk, "periode": p, "teks": teks} for pk, p, teks in cells]}
    response: HttpResponse = client.post(SAVE, body, content_type="application/json")
    return response.json() if response.status_code == 200 else response


def test_urls() -> None:
    assert reverse("measurement:pengukuran", args=["contoh", 2024]) == URL
    assert reverse("measurement:realisasi", args=["contoh", 2024]) == SAVE


@pytest.mark.parametrize("url", [URL, SAVE])
def test_anonymous_is_sent_to_login(client: Client, plan: SimpleNamespace, url: str) -> None:
    assert client.get(url).status_code == 302


def test_outsider_is_refused(login: Login, plan: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403
    assert save(login("outsider"), (plan.berkas.pk, 1, "6")).status_code == 403
    assert not Realisasi.objects.exists()


def test_grid_offers_cells_to_those_who_fill(
    login: Login, plan: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = login("pemegang_program")
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_max_num_queries(12):
        html = client.get(URL, {"tw": "2"}).content.decode()
    assert html.count('class="cell num"') == 4 * 5  # four indicators with a target, four quarters and the year
    assert "indikator terisi untuk triwulan II" in html
    assert "belum mempunyai target 2024" in html
    assert "js/grid.js" in html


def test_others_read_and_are_told_why(login: Login, plan: SimpleNamespace) -> None:
    html = login("kepala").get(URL).content.decode()
    assert 'class="cell num"' not in html
    assert "js/grid.js" not in html
    assert "peran Anda (kepala dinas) tidak berhak mengisi realisasi" in html


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "publik"])
def test_saving_needs_the_right(login: Login, plan: SimpleNamespace, role: str) -> None:
    assert save(login(role), (plan.berkas.pk, 1, "6")).status_code == 403
    assert not Realisasi.objects.exists()


def test_a_block_is_saved_cell_by_cell(login: Login, plan: SimpleNamespace) -> None:
    answer = save(
        login("perencana"), (plan.berkas.pk, 1, "6"), (plan.berkas.pk, 2, "1.234"), (plan.ibu.pk, 2, "1"), tw=2
    )
    good, bad, other = answer["cells"]
    assert (good["ok"], bad["ok"], other["ok"]) == (True, False, True)
    assert bad["readings"] == [["1.234", "1234"], ["1,234", "1,2340"]]
    rows = {row["indikator"]: row for row in answer["rows"]}
    assert rows[plan.berkas.pk]["joined"] == "6"
    assert "42,86%" in rows[plan.berkas.pk]["tahun"]
    assert "100,00%" in rows[plan.ibu.pk]["triwulan"]
    assert rows[plan.ibu.pk]["status"] == "tercapai"
    assert "/contoh/2024/jejak/" in rows[plan.ibu.pk]["triwulan"]


def test_an_indicator_of_another_office_is_not_found(login: Login, plan: SimpleNamespace) -> None:
    answer = save(login("perencana"), (999_999, 1, "6"))
    assert answer["cells"][0]["message"].startswith("Indikator ini tidak ada lagi")


@pytest.mark.parametrize("body", ["", "{}", '{"cells": [{"indikator": "x"}]}', '{"cells": 3}', "[]"])
def test_a_broken_request_is_refused(login: Login, plan: SimpleNamespace, body: str) -> None:
    assert login("perencana").post(SAVE, body, content_type="application/json").status_code == 400


def test_progress_counts_what_is_filled(login: Login, plan: SimpleNamespace) -> None:
    save(login("perencana"), (plan.berkas.pk, 1, "6"), (plan.jkn.pk, 1, "90"))
    grid = read_grid(plan.tahun_kinerja, date(2024, 5, 1))
    assert (grid.filled(1), grid.filled(2), grid.fillable) == (2, 0, 4)
    assert [column.is_open for column in grid.columns] == [True, True, False, False, True]


def test_the_grid_opens_at_the_quarter_of_today() -> None:
    assert current_quarter(2024, date(2024, 5, 1)) == 2
    assert current_quarter(2024, date(2026, 5, 1)) == 4
    assert current_quarter(2024, date(2023, 5, 1)) == 1


def test_a_whole_office_stays_in_budget(
    client: Client, cast: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    year = load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja
    grant_role(by=None, user=cast.perencana, instansi=year.instansi, role="perencana")
    client.force_login(cast.perencana)
    client.get("/balangan/2024/pengukuran/")
    with django_assert_max_num_queries(12):
        assert client.get("/balangan/2024/pengukuran/").status_code == 200
