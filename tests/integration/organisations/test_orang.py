"""Orang dan peran: accounts by the admin, roles for units and days, denials, and what the admin is kept from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.actions import end_role, grant_role
from capaian.organisations.actions_people import create_account, deny, reset_password
from capaian.organisations.models import Account, Denial, Membership, TahunKinerja
from capaian.organisations.permissions import office_of
from capaian.organisations.roles import Permission
from capaian.organisations.safeguards import PeopleRefused
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
At = Callable[..., str]
TODAY = timezone.localdate
NEW = {"username": "bidan.utara", "name": "Petugas Utara", "email": "utara@contoh.example", "role": "operator"}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def password_in(page: str) -> str:
    return re.search(r'<code class="one-time">((?:\w{4}-){3}\w{4})</code>', page)[1]  # type: ignore[index]


def addresses(at: At, user: User) -> list[tuple[str, str]]:
    role = user.memberships.first()
    return [
        ("get", at("orang")),
        ("get", at("akun_baru")),
        ("post", at("akun_baru")),
        ("post", at("akun_lama")),
        ("get", at("akun", user.pk)),
        *(("post", at(name, user.pk)) for name in ("akun_data", "akun_sandi", "akun_peran", "akun_larangan")),
        *(("post", at("akun_tindakan", user.pk, one)) for one in ("nonaktif", "aktif", "buka-kunci", "dua-langkah")),
        ("post", at("peran_akhiri", user.pk, role.pk)),
        ("post", at("larangan_akhiri", user.pk, 1)),
    ]


@pytest.mark.parametrize("who", ["outsider", "newcomer", "perencana", "kepala", "operator", "publik"])
def test_only_the_admin_comes_here(login: Login, cast: SimpleNamespace, at: At, who: str) -> None:
    client = login(who)
    before = AuditEntry.objects.exclude(outcome="refused").count()
    for method, address in addresses(at, cast.keuangan):
        assert getattr(client, method)(address).status_code == 403, address
    assert AuditEntry.objects.exclude(outcome="refused").count() == before


def test_the_list_shows_roles_days_and_accounts(
    login: Login, cast: SimpleNamespace, units: SimpleNamespace, at: At
) -> None:
    grant_role(by=cast.admin, user=cast.newcomer, instansi=units.utara.instansi, role="operator", unit=units.utara)
    Membership.objects.filter(user=cast.keuangan).update(ends_on=TODAY() - timedelta(days=1))
    Authenticator.objects.create(user=cast.kepala, type="totp", data={})
    AccessAttempt.objects.create(username="perencana", ip_address="10.0.0.1", failures_since_start=5, user_agent="x")
    page = text(login("admin").get(at("orang")))
    rows = {re.search(r">([\w.]+)</a>", row)[1]: row for row in page.split("<tr>")[2:]}  # type: ignore[index]
    assert "Puskesmas utara" in rows["newcomer"]
    assert "Berakhir" in rows["keuangan"]
    assert "Tidak aktif" in rows["keuangan"]
    assert "Terkunci sementara" in rows["perencana"]
    assert "Tidak</span>" in rows["perencana"]
    assert "Tidak</span>" not in rows["kepala"]
    assert "outsider" not in rows


def test_the_list_costs_the_same_for_many(
    login: Login, cast: SimpleNamespace, at: At, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    instansi = cast.admin.memberships.get().instansi
    users = User.objects.bulk_create(User(username=f"p{number}") for number in range(60))
    Membership.objects.bulk_create(Membership(user=user, instansi=instansi, role="keuangan") for user in users)
    client = login("admin")
    client.get(at("orang"))
    with django_assert_max_num_queries(12):
        assert "p59" in text(client.get(at("orang")))


# --- accounts --------------------------------------------------------------------------------------------------------


def test_an_account_with_its_first_role_and_a_password_shown_once(
    login: Login, units: SimpleNamespace, at: At, client: Client
) -> None:
    response = login("admin").post(at("akun_baru"), {**NEW, "unit": units.utara.pk})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    password = password_in(text(response))
    user = User.objects.get(username="bidan.utara")
    assert user.check_password(password)
    assert Account.objects.get(user=user).must_change_password
    assert not user.is_staff
    assert list(user.memberships.values_list("role", "unit__kunci")) == [("operator", "utara")]
    assert password not in str(list(AuditEntry.objects.values()))
    fresh = Client()
    assert fresh.post(reverse("web:login"), {"login": "bidan.utara", "password": password}).status_code == 302
    assert fresh.get("/contoh/2024/").url == reverse("account_change_password")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"username": "Perencana"}, "sudah dipakai"),
        ({"username": "ada spasi"}, "nama pengguna"),
        ({"username": ""}, "tidak boleh kosong"),
        ({"email": "bukan surel"}, "email"),
        ({"email": "DIPAKAI@contoh.example"}, "sudah dipakai akun lain"),
        ({"unit": ""}, "Pilih unit kerjanya"),
        ({"role": "kepala"}, "Kosongkan unit kerjanya"),
        ({"starts_on": "2024-05-02", "ends_on": "2024-05-01"}, "mendahului"),
        ({"starts_on": "kemarin"}, "tanggal"),
        ({"unit": "99999"}, "pilihan"),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_typed_is_lost(
    login: Login, cast: SimpleNamespace, units: SimpleNamespace, at: At, changed: dict[str, str], why: str
) -> None:
    User.objects.filter(pk=cast.keuangan.pk).update(email="dipakai@contoh.example")
    people = User.objects.count()
    response = login("admin").post(at("akun_baru"), {**NEW, "unit": units.utara.pk, **changed})
    assert response.status_code == 422
    assert why in text(response)
    assert "Petugas Utara" in text(response)
    assert User.objects.count() == people


def test_the_same_account_sent_twice_is_made_once(login: Login, units: SimpleNamespace, at: At) -> None:
    client = login("admin")
    answers = [client.post(at("akun_baru"), {**NEW, "unit": units.utara.pk}).status_code for _ in range(2)]
    assert answers == [200, 422]
    assert User.objects.filter(username="bidan.utara").count() == 1


def test_a_role_for_an_account_of_another_office(login: Login, cast: SimpleNamespace, at: At) -> None:
    client = login("admin")
    response = client.post(at("akun_lama"), {"lama-username": "outsider", "lama-role": "inspektorat"})
    assert response.url == at("akun", cast.outsider.pk)
    assert cast.outsider.memberships.count() == 2
    assert client.post(at("akun_lama"), {"lama-username": "siapa", "lama-role": "kepala"}).status_code == 422


def test_a_reset_password_ends_sessions_and_is_not_reset_again_by_a_form_sent_twice(
    login: Login, cast: SimpleNamespace, at: At
) -> None:
    theirs = Client()
    theirs.force_login(cast.kepala)
    client = login("admin")
    mark = re.search(r'name="tanda" value="(\w+)"', text(client.get(at("akun", cast.kepala.pk))))[1]  # type: ignore[index]
    password = password_in(text(client.post(at("akun_sandi", cast.kepala.pk), {"tanda": mark})))
    again = client.post(at("akun_sandi", cast.kepala.pk), {"tanda": mark}, follow=True)
    assert "sudah berubah sejak halaman ini dibuka" in text(again)
    cast.kepala.refresh_from_db()
    assert cast.kepala.check_password(password)
    assert theirs.get("/contoh/2024/").status_code == 302
    assert AuditEntry.objects.filter(action="organisations.reset_password", outcome="done").count() == 1


def test_deactivating_and_reactivating(login: Login, cast: SimpleNamespace, at: At) -> None:
    theirs = Client()
    theirs.force_login(cast.kepala)
    client = login("admin")
    off, on = (at("akun_tindakan", cast.kepala.pk, name) for name in ("nonaktif", "aktif"))
    assert "dinonaktifkan" in text(client.post(off, follow=True))
    assert theirs.get("/contoh/2024/").status_code == 302
    assert "sudah dinonaktifkan" in text(client.post(off, follow=True))
    assert "aktif lagi" in text(client.post(on, follow=True))
    done = AuditEntry.objects.filter(subject="kepala", outcome="done").order_by("pk")
    names = ["organisations.deactivate_account", "organisations.activate_account"]
    assert list(done.values_list("action", flat=True)) == names


def test_unlocking_and_resetting_the_second_step(login: Login, cast: SimpleNamespace, at: At) -> None:
    AccessAttempt.objects.create(username="kepala", ip_address="10.0.0.1", failures_since_start=5, user_agent="x")
    AccessAttempt.objects.create(username="perencana", ip_address="10.0.0.1", failures_since_start=5, user_agent="x")
    Authenticator.objects.create(user=cast.kepala, type="totp", data={})
    client = login("admin")
    assert "Buka kunci" in text(client.get(at("akun", cast.kepala.pk)))
    client.post(at("akun_tindakan", cast.kepala.pk, "buka-kunci"))
    client.post(at("akun_tindakan", cast.kepala.pk, "dua-langkah"))
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["perencana"]
    assert not Authenticator.objects.exists()
    assert client.post(at("akun_tindakan", cast.kepala.pk, "hapus")).status_code == 404


def test_name_and_email(login: Login, cast: SimpleNamespace, at: At) -> None:
    client = login("admin")
    client.post(at("akun_data", cast.kepala.pk), {"name": "Kepala Contoh", "email": "kepala@contoh.example"})
    cast.kepala.refresh_from_db()
    assert (cast.kepala.first_name, cast.kepala.email) == ("Kepala Contoh", "kepala@contoh.example")
    response = client.post(at("akun_data", cast.keuangan.pk), {"name": "X", "email": "Kepala@Contoh.example"})
    assert response.status_code == 422


# --- roles and denials -----------------------------------------------------------------------------------------------


def test_a_role_holds_on_its_days_in_its_unit(
    login: Login, cast: SimpleNamespace, units: SimpleNamespace, at: At, tahun_kinerja: TahunKinerja
) -> None:
    starts, ends = TODAY() + timedelta(days=2), TODAY() + timedelta(days=4)
    values = {"role": "operator", "unit": units.utara.pk, "starts_on": starts, "ends_on": ends}
    client = login("admin")
    for _ in range(2):
        assert client.post(at("akun_peran", cast.inspektorat.pk), values).status_code == 302
    assert cast.inspektorat.memberships.filter(role="operator").count() == 1
    assert AuditEntry.objects.filter(action="organisations.grant_role").count() == 1
    right = Permission.RECORD_REALISASI
    days = [TODAY() + timedelta(days=number) for number in (1, 2, 4, 5)]
    offices = [office_of(cast.inspektorat, tahun_kinerja, day) for day in days]
    assert [office.allows(right, units.utara.pk) for office in offices] == [False, True, True, False]
    assert not any(office.allows(right, units.selatan.pk) for office in offices)


def test_a_role_ends_now_and_only_once(login: Login, cast: SimpleNamespace, at: At) -> None:
    client = login("admin")
    role = cast.kepala.memberships.get()
    address = at("peran_akhiri", cast.kepala.pk, role.pk)
    assert "Peran diakhiri" in text(client.post(address, follow=True))
    assert "sudah berakhir" in text(client.post(address, follow=True))
    role.refresh_from_db()
    assert role.ends_on == TODAY() - timedelta(days=1)
    client.force_login(cast.kepala)
    assert client.get("/contoh/2024/").status_code == 403


def test_a_role_of_another_office_is_out_of_reach(login: Login, cast: SimpleNamespace, at: At) -> None:
    grant_role(by=cast.admin, user=cast.outsider, instansi=cast.admin.memberships.get().instansi, role="inspektorat")
    theirs = cast.outsider.memberships.get(role="perencana")
    client = login("admin")
    client.post(at("peran_akhiri", cast.outsider.pk, theirs.pk))
    theirs.refresh_from_db()
    assert theirs.ends_on is None
    for address in (at("akun_sandi", cast.outsider.pk), at("akun_tindakan", cast.outsider.pk, "nonaktif")):
        response = client.post(address)
        assert response.status_code == 403
        assert "instansi lain" in text(response)
    cast.outsider.refresh_from_db()
    assert cast.outsider.is_active


def test_four_eyes_for_an_own_account(login: Login, cast: SimpleNamespace, at: At) -> None:
    client = login("admin")
    response = client.post(at("akun_peran", cast.admin.pk), {"role": "kepala"})
    assert "Memberi peran untuk akun sendiri tidak dapat dilakukan" in text(response)
    for address in (at("akun_sandi", cast.admin.pk), at("akun_tindakan", cast.admin.pk, "nonaktif")):
        assert "untuk akun sendiri tidak dapat dilakukan" in text(client.post(address, follow=True))
    assert list(cast.admin.memberships.values_list("role", flat=True)) == ["admin"]
    refused = AuditEntry.objects.filter(by=cast.admin, outcome="refused", action="organisations.grant_role")
    assert refused.count() == 1


def test_the_last_admin_stays(login: Login, cast: SimpleNamespace, at: At) -> None:
    instansi = cast.admin.memberships.get().instansi
    client = login("admin")
    role = cast.admin.memberships.get()
    address = at("peran_akhiri", cast.admin.pk, role.pk)
    assert "admin terakhir" in text(client.post(address, follow=True))
    denial = {"permission": "MANAGE_PEOPLE", "reason": "uji"}
    assert "admin terakhir" in text(client.post(at("akun_larangan", cast.admin.pk), denial))
    for ends_on, remains in ((TODAY(), True), (None, False)):
        grant_role(by=cast.admin, user=cast.kepala, instansi=instansi, role="admin", ends_on=ends_on)
        client.post(address)
        role.refresh_from_db()
        assert (role.ends_on is None) is remains


def test_an_admin_who_is_denied_from_next_week_on_is_no_other_admin(cast: SimpleNamespace) -> None:
    office = cast.admin.memberships.get().instansi
    grant_role(by=None, user=cast.kepala, instansi=office, role="admin")
    denial = {"by": None, "instansi": office, "permission": Permission.MANAGE_PEOPLE, "unit": None, "reason": "Cuti"}
    deny(user=cast.kepala, starts_on=TODAY() + timedelta(days=7), **denial)
    with pytest.raises(PeopleRefused, match="admin terakhir"):
        deny(user=cast.admin, **denial)


def test_a_second_admin_may_be_deactivated_and_the_last_not(cast: SimpleNamespace, login: Login, at: At) -> None:
    instansi = cast.admin.memberships.get().instansi
    grant_role(by=None, user=cast.kepala, instansi=instansi, role="admin")
    client = login("kepala")
    assert "dinonaktifkan" in text(client.post(at("akun_tindakan", cast.admin.pk, "nonaktif"), follow=True))
    with pytest.raises(PeopleRefused, match="admin terakhir"):
        end_role(by=None, membership=cast.kepala.memberships.get(role="admin"), today=TODAY())


def test_a_denial_wins_and_is_given_back(
    login: Login, cast: SimpleNamespace, at: At, tahun_kinerja: TahunKinerja
) -> None:
    client = login("admin")
    values = {"permission": "WRITE_RENCANA", "reason": "sedang diperiksa"}
    assert client.post(at("akun_larangan", cast.perencana.pk), {"permission": "WRITE_RENCANA"}).status_code == 422
    for _ in range(2):
        client.post(at("akun_larangan", cast.perencana.pk), values)
    denial = Denial.objects.get()
    assert not office_of(cast.perencana, tahun_kinerja).can_plan
    assert "sedang diperiksa" in text(client.get(at("akun", cast.perencana.pk)))
    client.post(at("larangan_akhiri", cast.perencana.pk, denial.pk))
    assert office_of(cast.perencana, tahun_kinerja).can_plan


# --- whatever door ---------------------------------------------------------------------------------------------------


def test_actions_ask_for_the_right_themselves(cast: SimpleNamespace) -> None:
    instansi = cast.admin.memberships.get().instansi
    for who in (cast.perencana, cast.outsider, cast.newcomer):
        with pytest.raises(PermissionDenied):
            grant_role(by=who, user=cast.keuangan, instansi=instansi, role="kepala")
        with pytest.raises(PermissionDenied):
            create_account(by=who, instansi=instansi, username="baru")
        with pytest.raises(PermissionDenied):
            reset_password(by=who, instansi=instansi, user=cast.keuangan, mark="")
    assert not AuditEntry.objects.filter(outcome="done").exists()
