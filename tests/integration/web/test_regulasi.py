"""Regulasi: every pack readable, with its citations, the holes of its scales, its cases and its coverage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from capaian.rules.packs import list_packs, load_coverage, load_pack

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


def test_list_names_every_pack_and_coverage_line(login: Login) -> None:
    html = login("publik").get(reverse("web:regulasi")).content.decode()
    for pack_id in list_packs():
        assert reverse("web:regulasi_pack", args=[pack_id]) in html
    for line in load_coverage()["instrumen"]:
        assert line["id"] in html


@pytest.mark.parametrize("pack_id", list_packs())
def test_pack_shows_every_parameter_with_its_place(login: Login, pack_id: str) -> None:
    response = login("publik").get(reverse("web:regulasi_pack", args=[pack_id]))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count('class="card card-body parameter"') == len(load_pack(pack_id).names())


def test_holes_of_a_scale_are_warned_of(login: Login) -> None:
    html = login("publik").get(reverse("web:regulasi_pack", args=["capaian/permendagri_86_2017"])).content.decode()
    assert "berlubang antara T dan ST" in html
    assert "naik kelas begitu melebihi batas atas" in html


def test_numbers_are_printed_with_a_comma_and_codes_are_not(login: Login) -> None:
    client = login("publik")
    assert "90,5" in client.get(reverse("web:regulasi_pack", args=["capaian/permendagri_86_2017"])).content.decode()
    nomenclature = next(pack_id for pack_id in list_packs() if pack_id.startswith("nomenklatur/"))
    assert "1.02.01" in client.get(reverse("web:regulasi_pack", args=[nomenclature])).content.decode()


def test_unknown_pack_is_not_found(login: Login) -> None:
    assert login("publik").get(reverse("web:regulasi_pack", args=["capaian/tidak_ada"])).status_code == 404


def test_anonymous_is_sent_to_login(client: Client) -> None:
    assert client.get(reverse("web:regulasi")).status_code == 302
