"""The fixed cast: one person per role in one office, and an outsider who has a role elsewhere only."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from capaian.organisations.models import Instansi, Membership, TahunKinerja


def _office(kunci: str, nama: str) -> Instansi:
    return Instansi.objects.create(
        kunci=kunci,
        nama=f"Dinas Kesehatan {nama}",
        singkatan=f"Dinkes {nama}",
        daerah=nama,
        provinsi="Provinsi Contoh",
        kepala_daerah=f"Bupati {nama}",
        pimpinan="Kepala Dinas Kesehatan",
        tempat=nama,
    )


@pytest.fixture
def tahun_kinerja(db: None) -> TahunKinerja:
    """The office year `contoh/2024`, with an earlier year beside it and nothing in it yet."""
    instansi = _office("contoh", "Contoh")
    TahunKinerja.objects.create(instansi=instansi, tahun=2023)
    return TahunKinerja.objects.create(instansi=instansi, tahun=2024)


@pytest.fixture
def cast(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """Users by role name (`cast.perencana` …), `cast.outsider` of another office, `cast.newcomer` of none."""
    user_model = get_user_model()
    people = SimpleNamespace()
    for role in Membership.Role.values:
        user = user_model.objects.create_user(role)
        Membership.objects.create(user=user, instansi=tahun_kinerja.instansi, role=role)
        setattr(people, role, user)
    elsewhere = _office("tetangga", "Tetangga")
    TahunKinerja.objects.create(instansi=elsewhere, tahun=2024)
    people.outsider = user_model.objects.create_user("outsider")
    Membership.objects.create(user=people.outsider, instansi=elsewhere, role=Membership.Role.PERENCANA)
    people.newcomer = user_model.objects.create_user("newcomer")
    return people


@pytest.fixture
def login(client: Client, cast: SimpleNamespace) -> Callable[[str], Client]:
    """A client logged in as one of the cast: `login("perencana")`."""

    def as_person(name: str) -> Client:
        client.force_login(getattr(cast, name))
        return client

    return as_person
