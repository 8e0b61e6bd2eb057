"""The recap over offices: sums by province, and only of offices that the person may see whole."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.models import Denial, Instansi, Membership, TahunKinerja
from capaian.organisations.permissions import Permission, office_of
from capaian.organisations.queries import seen_whole
from capaian.spm.models import CapaianSpm
from capaian.spm.queries_peta import national_recap

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/spm/rekap/2024/"


@pytest.fixture
def offices() -> list[Instansi]:
    """Two offices in Jawa, one in Papua: balita served 50 of 100, 90 of 300, and 10 of 40."""
    found = []
    for kunci, provinsi, served, owed, indeks in (
        ("kudus", "Jawa", 50, 100, "60.00"),
        ("pati", "Jawa", 90, 300, "41.01"),
        ("nabire", "Papua", 10, 40, None),
    ):
        instansi = Instansi.objects.create(kunci=kunci, nama=f"Dinkes {kunci.title()}", daerah=kunci, provinsi=provinsi)
        CapaianSpm.objects.create(
            tahun_kinerja=TahunKinerja.objects.create(instansi=instansi, tahun=2024),
            layanan="balita",
            triwulan=0,
            sasaran=owed,
            terlayani=served,
            indeks=indeks and Decimal(indeks),
            unit_total=5,
            unit_dihitung=3,
        )
        found.append(instansi)
    return found


def test_the_address() -> None:
    assert reverse("spm:rekap", args=[2024]) == URL


def test_provinces_are_sums_of_their_offices(offices: list[Instansi]) -> None:
    jawa, papua = national_recap(2024)
    assert (jawa.nama, jawa.offices, jawa.puskesmas, jawa.verified) == ("Jawa", 2, 10, 6)
    # (50 + 90) ÷ (100 + 300); (60.00 + 41.01) ÷ 2 = 50.505, half up
    assert (jawa.cells["balita"].penerima, jawa.cells["balita"].indeks) == (Decimal("35.00"), Decimal("50.51"))
    assert (papua.cells["balita"].penerima, papua.cells["balita"].indeks, papua.indeks) == (
        Decimal("25.00"),
        None,
        None,
    )
    assert national_recap(2023) == national_recap(2024, 1) == []


def test_a_province_opens_its_offices(offices: list[Instansi]) -> None:
    assert [(row.kunci, row.puskesmas) for row in national_recap(2024, provinsi="Jawa")] == [("kudus", 5), ("pati", 5)]


def test_an_office_without_sasaran_adds_to_neither_side(offices: list[Instansi]) -> None:
    CapaianSpm.objects.filter(tahun_kinerja__instansi=offices[0]).update(sasaran=None)
    assert national_recap(2024)[0].cells["balita"].penerima == Decimal("30.00")


def test_only_offices_seen_whole_are_in_it(client: Client, offices: list[Instansi]) -> None:
    user = get_user_model().objects.create_user("pusat")
    unit = offices[1].unit_kerja.create(kunci="p", nama="P", jenis="puskesmas")
    Membership.objects.create(user=user, instansi=offices[0], role="inspektorat")
    Membership.objects.create(user=user, instansi=offices[1], unit=unit, role="operator")
    Membership.objects.create(user=user, instansi=offices[2], role="publik")
    assert seen_whole(user) == {offices[0].pk}
    client.force_login(user)
    html = client.get(URL).content.decode()
    assert "1 instansi, 5 Puskesmas" in html
    assert 'data-value="50.00"' in html
    assert "Papua" not in html
    inside = client.get(f"{URL}?provinsi=Jawa").content.decode()
    assert "/kudus/2024/spm/?tw=0" in inside
    assert "pati" not in inside


def test_seen_whole_agrees_with_the_rights_of_each_office(
    cast: SimpleNamespace, spm: SimpleNamespace, offices: list[Instansi]
) -> None:
    Denial.objects.create(
        user=cast.kepala, instansi=spm.tahun_kinerja.instansi, unit=spm.units["mawar"], permission="VIEW", reason="x"
    )
    for user in (*vars(cast).values(), spm.operator):
        rights = {
            year.instansi_id
            for year in TahunKinerja.objects.all()
            if office_of(user, year).allows_everywhere(Permission.VIEW)
        }
        assert seen_whole(user) == rights, user


def test_who_has_no_role_is_refused_and_who_has_a_unit_gets_an_explanation(
    login: Login, client: Client, spm: SimpleNamespace
) -> None:
    assert login("newcomer").get(URL).status_code == 403
    client.force_login(spm.operator)
    assert "Belum ada hasil SPM" in client.get(URL).content.decode()
    assert login("perencana").get("/spm/rekap/1990/").status_code == 404


def test_the_outsider_sees_nothing_of_the_office(login: Login, spm: SimpleNamespace) -> None:
    assert "1 instansi" in login("perencana").get(URL).content.decode()
    assert "Belum ada hasil SPM" in login("outsider").get(URL).content.decode()


def test_the_queries_do_not_grow(
    login: Login, offices: list[Instansi], spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)
