"""Hak saya and Pelimpahan: what one may do and why, and what one lends while away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.actions import grant_role
from capaian.organisations.actions_people import delegate, deny
from capaian.organisations.explain import rights_of
from capaian.organisations.models import Delegation, Denial, Membership, TahunKinerja
from capaian.organisations.permissions import office_of
from capaian.organisations.queries import offices_of
from capaian.organisations.roles import Permission
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
At = Callable[..., str]


def days(start: int, end: int) -> tuple[date, date]:
    today = timezone.localdate()
    return today + timedelta(days=start), today + timedelta(days=end)


def lend(giver: object, receiver: object, tahun_kinerja: TahunKinerja, start: int = 0, end: int = 3) -> Delegation:
    starts_on, ends_on = days(start, end)
    return delegate(
        by=giver,  # type: ignore[arg-type]
        instansi=tahun_kinerja.instansi,
        receiver=receiver,  # type: ignore[arg-type]
        starts_on=starts_on,
        ends_on=ends_on,
        reason="cuti besar",
        today=timezone.localdate(),
    )


@pytest.mark.parametrize("name", ["hak_saya", "pelimpahan"])
@pytest.mark.parametrize("who", ["outsider", "newcomer", "publik"])
def test_who_has_no_right_here_is_refused(login: Login, at: At, name: str, who: str) -> None:
    assert login(who).get(at(name)).status_code == 403
    assert login(who).post(at("pelimpahan_akhiri", 1)).status_code == 403


def test_rights_with_their_reason(
    login: Login, cast: SimpleNamespace, units: SimpleNamespace, at: At, tahun_kinerja: TahunKinerja
) -> None:
    instansi = tahun_kinerja.instansi
    grant_role(by=cast.admin, user=cast.newcomer, instansi=instansi, role="operator", unit=units.utara)
    deny(
        by=cast.admin,
        instansi=instansi,
        user=cast.newcomer,
        permission=Permission.COMMENT,
        unit=None,
        reason="komentar menyinggung",
    )
    lend(cast.inspektorat, cast.newcomer, tahun_kinerja)
    lines = {line.right: line for line in rights_of(cast.newcomer, tahun_kinerja, timezone.localdate())}
    fill = lines[Permission.RECORD_REALISASI.value]
    assert (fill.where, fill.reasons) == ("Puskesmas utara", ("peran Operator di Puskesmas utara",))
    review = lines[Permission.REVIEW.value]
    assert review.where == "seluruh instansi"
    assert review.reasons[0].startswith("dilimpahkan oleh inspektorat (Inspektorat), sampai ")
    comment = lines[Permission.COMMENT.value]
    assert not comment.is_allowed
    assert comment.against == ("dilarang: komentar menyinggung",)
    assert lines[Permission.APPROVE.value].roles == ("Kepala dinas",)
    client = login("newcomer")
    page = client.get(at("hak_saya")).content.decode()
    assert "komentar menyinggung" in page
    assert "Peran diberikan oleh admin." in page


def test_hak_saya_agrees_with_what_is_asked_everywhere(
    cast: SimpleNamespace, units: SimpleNamespace, tahun_kinerja: TahunKinerja
) -> None:
    today = timezone.localdate()
    for role in Membership.Role.values:
        user = getattr(cast, role)
        office = office_of(user, tahun_kinerja, today)
        shown = {line.right: line.is_allowed for line in rights_of(user, tahun_kinerja, today)}
        assert shown == {one.value: office.allows_somewhere(one) for one in Permission}


def test_hak_saya_costs_few_queries(
    login: Login, at: At, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    client.get(at("hak_saya"))
    with django_assert_max_num_queries(14):
        client.get(at("hak_saya"))


def test_a_colleague_acts_while_one_is_away(
    login: Login, cast: SimpleNamespace, at: At, tahun_kinerja: TahunKinerja
) -> None:
    starts_on, ends_on = days(0, 5)
    values = {"receiver": cast.keuangan.pk, "starts_on": starts_on, "ends_on": ends_on, "reason": "cuti tahunan"}
    client = login("kepala")
    assert cast.outsider.username not in client.get(at("pelimpahan")).content.decode()
    for _ in range(2):
        assert client.post(at("pelimpahan"), values).status_code == 302
    [given] = Delegation.objects.all()
    assert AuditEntry.objects.filter(action="organisations.delegate").count() == 1
    assert office_of(cast.keuangan, tahun_kinerja).allows(Permission.APPROVE)
    assert not office_of(cast.keuangan, tahun_kinerja, ends_on + timedelta(days=1)).allows(Permission.APPROVE)
    assert client.post(at("pelimpahan_akhiri", given.pk)).status_code == 302
    assert not office_of(cast.keuangan, tahun_kinerja).allows(Permission.APPROVE)
    assert "sudah berakhir" in client.post(at("pelimpahan_akhiri", given.pk), follow=True).content.decode()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"receiver": "outsider"}, "pilihan"),
        ({"receiver": "kepala"}, "pilihan"),
        ({"reason": " "}, "tidak boleh kosong"),
        ({"ends_on": "2001-01-01", "starts_on": "2000-01-01"}, "sudah lewat"),
        ({"starts_on": "2999-01-01"}, "mendahului"),
        ({"ends_on": ""}, "tidak boleh kosong"),
    ],
)
def test_a_wrong_delegation_is_refused_in_words(
    login: Login, cast: SimpleNamespace, at: At, changed: dict[str, str], why: str
) -> None:
    starts_on, ends_on = days(0, 5)
    values = {"receiver": "keuangan", "starts_on": starts_on, "ends_on": ends_on, "reason": "dinas luar", **changed}
    values["receiver"] = getattr(cast, str(values["receiver"])).pk
    response = login("kepala").post(at("pelimpahan"), values)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Delegation.objects.exists()


def test_only_the_giver_and_an_admin_end_it(
    login: Login, cast: SimpleNamespace, at: At, tahun_kinerja: TahunKinerja
) -> None:
    given = lend(cast.kepala, cast.keuangan, tahun_kinerja)
    address = at("pelimpahan_akhiri", given.pk)
    assert login("perencana").post(address).status_code == 302
    assert login("keuangan").post(address).status_code == 403
    assert office_of(cast.keuangan, tahun_kinerja).allows(Permission.APPROVE)
    assert "cuti besar" not in login("perencana").get(at("pelimpahan")).content.decode()
    assert "cuti besar" in login("admin").get(at("pelimpahan")).content.decode()
    login("admin").post(address)
    assert not office_of(cast.keuangan, tahun_kinerja).allows(Permission.APPROVE)


def test_offices_are_those_of_roles_in_force_and_of_what_is_lent(
    cast: SimpleNamespace, tahun_kinerja: TahunKinerja
) -> None:
    assert [one.instansi.kunci for one in offices_of(cast.kepala)] == ["contoh"]
    Membership.objects.filter(user=cast.keuangan).update(ends_on=days(-1, -1)[0])
    assert offices_of(cast.keuangan) == []
    grant_role(by=None, user=cast.newcomer, instansi=tahun_kinerja.instansi, role="publik")
    lend(cast.kepala, cast.newcomer, tahun_kinerja)
    assert [one.roles for one in offices_of(cast.newcomer)] == [("Kepala dinas", "Publik")]
    # A delegation lends what the giver may do in that office, not what they may do elsewhere.
    assert [one.instansi.kunci for one in offices_of(cast.newcomer)] == ["contoh"]


def test_who_is_denied_one_unit_does_not_see_the_whole_office(
    login: Callable[[str], Client], cast: SimpleNamespace, tahun_kinerja: TahunKinerja
) -> None:
    unit = tahun_kinerja.instansi.unit_kerja.create(kunci="pkm", nama="Puskesmas A", jenis="puskesmas")
    client = login("kepala")
    assert client.get("/contoh/2024/anggaran/").status_code == 200
    Denial.objects.create(
        instansi=tahun_kinerja.instansi, user=cast.kepala, unit=unit, permission="VIEW", reason="Keluarga kepala unit"
    )
    assert client.get("/contoh/2024/anggaran/").status_code == 403
    assert client.get("/contoh/2024/pengukuran/").status_code == 200
