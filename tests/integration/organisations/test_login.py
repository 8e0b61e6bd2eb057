"""The door: who comes in and how, who is locked out, what is written down, and what must be done first."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from capaian.organisations.models import Account, Delegation, Membership, TahunKinerja
from capaian.workflow.chains import verify_chain
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
PASSWORD = "kuda-laut-biru-7"
OTHER = "awan-teduh-siang-3"
BERANDA = "/contoh/2024/"


@pytest.fixture
def perencana(cast: SimpleNamespace) -> User:
    user: User = cast.perencana
    user.email = "perencana@contoh.example"
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client: Client, login: str = "perencana", password: str = PASSWORD, **extra: str) -> HttpResponse:
    return client.post(reverse("web:login"), {"login": login, "password": password, **extra})


def code_of(user: User) -> str:
    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def activate_totp(client: Client) -> list[str]:
    """Set up the second step as a person does; the recovery codes that are shown."""
    place = reverse("mfa_activate_totp")
    client.post(f"{reverse('account_reauthenticate')}?next={place}", {"password": PASSWORD})
    secret = re.search(r'totp-secret">(\w+)<', client.get(place).content.decode())[1]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post(place, {"code": code})
    assert response.url == reverse("mfa_view_recovery_codes")
    return re.findall(r"<code>(\d{8})</code>", client.get(response.url).content.decode())


def actions() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("number").values_list("action", "subject", "outcome"))


@pytest.mark.parametrize("typed", ["perencana", "Perencana", "perencana@contoh.example", "PERENCANA@contoh.example"])
def test_user_name_or_email_in_any_case(client: Client, perencana: User, typed: str) -> None:
    assert enter(client, typed).url == reverse("reports:home")
    assert client.get(BERANDA).status_code == 200
    assert actions() == [("organisations.login", "perencana", "done")]


def test_the_page_asked_for_comes_after_the_login_and_no_foreign_one(client: Client, perencana: User) -> None:
    assert enter(client, next="/contoh/2023/").url == "/contoh/2023/"
    client.post(reverse("web:logout"))
    assert enter(client, next="https://jahat.example/").url == reverse("reports:home")


def test_unknown_and_known_names_get_the_same_answer(client: Client, perencana: User) -> None:
    said = [
        enter(client, name, "salah-salah-salah").content.decode() for name in ("perencana", "tidak-ada", "a@b.example")
    ]
    texts = [re.sub(r'value="[^"]*"', "", page) for page in said]
    assert "tidak cocok" in texts[0]
    assert texts[0] == texts[1] == texts[2]


def test_what_was_typed_is_kept_nowhere(client: Client, perencana: User) -> None:
    enter(client, "rahasia-di-kotak-salah", "sandi-yang-diketik")
    enter(client, "perencana", "sandi-yang-diketik")
    kept = [str(row) for model in (AccessAttempt, AuditEntry) for row in model.objects.values()]
    assert len(kept) == 4
    assert not any("rahasia" in row or "sandi-yang" in row for row in kept)
    assert actions() == [
        ("organisations.login", "akun tidak dikenal", "refused"),
        ("organisations.login", "perencana", "refused"),
    ]


def test_five_failures_lock_this_name_from_this_address_for_a_while(client: Client, perencana: User) -> None:
    answers = [enter(client, "perencana@contoh.example" if odd % 2 else "perencana", "salah") for odd in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "15 menit" in answers[-1].content.decode()
    assert enter(client).status_code == 429
    assert enter(client, "keuangan", "salah").status_code == 200
    assert enter(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302
    assert actions().count(("organisations.lockout", "perencana", "refused")) == 1
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=16))
    assert enter(client).status_code == 302


def test_a_name_without_account_is_locked_alike(client: Client, perencana: User) -> None:
    for _ in range(4):
        enter(client, "tidak-ada", "salah")
    assert enter(client, "tidak-ada", "salah").status_code == 429
    assert not AccessAttempt.objects.filter(username__contains="tidak-ada").exists()


def test_only_our_own_proxies_are_believed_about_the_address(
    client: Client, perencana: User, settings: Settings
) -> None:
    for number in range(5):
        enter(Client(headers={"X-Forwarded-For": f"10.0.0.{number}"}), password="salah")
    assert enter(client).status_code == 429
    settings.PROXY_COUNT = 1
    assert enter(Client(headers={"X-Forwarded-For": "203.0.113.7, 10.0.0.77"})).status_code == 302


def test_an_inactive_account_is_told_only_to_who_knows_its_password(client: Client, perencana: User) -> None:
    User.objects.filter(pk=perencana.pk).update(is_active=False)
    assert enter(client, password="salah").status_code == 200
    response = client.post(reverse("web:login"), {"login": "perencana", "password": PASSWORD}, follow=True)
    assert "dinonaktifkan" in response.content.decode()
    assert client.get(BERANDA).status_code == 302


def test_nobody_signs_up_and_nothing_else_of_allauth_is_there(client: Client, login: Login) -> None:
    for path in (
        "/signup/",
        "/akun/signup/",
        "/accounts/signup/",
        "/akun/email/",
        "/masuk/oidc/",
        "/akun/sandi/reset/",
    ):
        assert client.get(path).status_code == 404, path


# --- password --------------------------------------------------------------------------------------------------------


def change(client: Client, new: str, old: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def test_a_first_password_is_changed_before_anything_else(client: Client, perencana: User) -> None:
    Account.objects.create(user=perencana, must_change_password=True)
    enter(client)
    for page in (BERANDA, reverse("mfa_index"), reverse("web:regulasi")):
        assert client.get(page).url == reverse("account_change_password")
    fragment = client.get(BERANDA, headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == reverse("account_change_password")
    assert "berlaku sementara" in client.get(reverse("account_change_password")).content.decode()
    assert change(client, OTHER).status_code == 302
    assert client.get(BERANDA).status_code == 200
    assert ("organisations.change_password", "perencana", "done") in actions()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("pendek-1", "terlalu pendek"),
        ("perencana-baru1", "mirip"),
        ("password123", "umum"),
        ("73519280465", "angka"),
        (PASSWORD, "sama dengan yang lama"),
    ],
)
def test_passwords_that_are_refused_in_words(client: Client, perencana: User, new: str, why: str) -> None:
    enter(client)
    response = change(client, new)
    assert why in response.content.decode()
    perencana.refresh_from_db()
    assert perencana.check_password(PASSWORD)


def test_an_account_without_a_password_is_told_who_gives_it_one(login: Login) -> None:
    response = login("keuangan").get(reverse("account_change_password"))
    assert response.status_code == 403
    assert "Atur ulang sandi" in response.content.decode()


def test_other_sessions_end_when_the_password_changes(client: Client, perencana: User) -> None:
    elsewhere = Client()
    enter(elsewhere)
    enter(client)
    before = client.cookies["sessionid"].value
    change(client, OTHER)
    assert client.cookies["sessionid"].value != before
    assert client.get(BERANDA).status_code == 200
    assert elsewhere.get(BERANDA).status_code == 302


def test_the_session_is_another_after_the_login_and_gone_after_the_logout(client: Client, perencana: User) -> None:
    client.get(reverse("web:login"))
    client.session.save()
    before = client.cookies.get("sessionid")
    enter(client)
    assert before is None or client.cookies["sessionid"].value != before.value
    client.post(reverse("web:logout"))
    assert client.get(BERANDA).status_code == 302
    assert actions()[-1] == ("organisations.logout", "perencana", "done")


def test_a_session_ends_so_long_after_the_last_page(
    client: Client, perencana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client)
    client.get(BERANDA)
    later = time.time() + 4 * 3600
    monkeypatch.setattr("capaian.web.middleware.time.time", lambda: later)
    response = client.get(BERANDA)
    assert response.cookies["sessionid"]["max-age"] == 8 * 3600
    assert client.get(BERANDA).cookies.get("sessionid") is None


# --- second step -----------------------------------------------------------------------------------------------------


def test_second_step_by_app_and_by_recovery_code(client: Client, perencana: User) -> None:
    enter(client)
    codes = activate_totp(client)
    assert len(codes) == 10
    assert codes[0] not in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert decrypt(Authenticator.objects.get(type="totp").data["secret"]) not in str(Authenticator.objects.values())
    for code in (code_of(perencana), codes[0]):
        cache.clear()
        client.post(reverse("web:logout"))
        assert enter(client).url == reverse("mfa_authenticate")
        assert client.get(BERANDA).status_code == 302
        assert client.post(reverse("mfa_authenticate"), {"code": code}).url == reverse("reports:home")
        assert client.get(BERANDA).status_code == 200
    client.post(reverse("web:logout"))
    enter(client)
    assert "tidak cocok" in client.post(reverse("mfa_authenticate"), {"code": codes[0]}).content.decode()
    assert ("organisations.second_step", "perencana", "done") in actions()


def test_wrong_codes_count_as_wrong_passwords_do(client: Client, perencana: User) -> None:
    enter(client)
    activate_totp(client)
    client.post(reverse("web:logout"))
    enter(client)
    place = reverse("mfa_authenticate")
    assert [client.post(place, {"code": "000000"}).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert client.post(place, {"code": code_of(perencana)}).status_code == 429
    assert enter(Client()).status_code == 429
    refused = AuditEntry.objects.filter(subject="perencana", outcome="refused")
    assert set(refused.values_list("reason", flat=True)) >= {"kode verifikasi tidak cocok"}
    assert verify_chain("sistem").is_whole


def test_a_secret_of_another_installation_fits_no_code(client: Client, perencana: User, settings: Settings) -> None:
    enter(client)
    activate_totp(client)
    code = code_of(perencana)
    client.post(reverse("web:logout"))
    settings.SECRET_KEY = "lain"
    cache.clear()
    enter(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_turning_back_between_the_steps(client: Client, perencana: User) -> None:
    enter(client)
    activate_totp(client)
    client.post(reverse("web:logout"))
    enter(client)
    assert client.post(reverse("web:logout")).url == reverse("web:login")
    assert client.get(reverse("mfa_authenticate")).url == reverse("web:login")


def test_a_role_can_require_the_second_step(client: Client, perencana: User, settings: Settings) -> None:
    settings.REQUIRE_TOTP = ["perencana"]
    enter(client)
    assert client.get(BERANDA).url == reverse("mfa_activate_totp")
    activate_totp(client)
    assert client.get(BERANDA).status_code == 200
    place = reverse("mfa_deactivate_totp")
    assert "mewajibkan" in client.get(place).content.decode()
    client.post(place)
    assert Authenticator.objects.filter(user=perencana, type="totp").exists()
    settings.REQUIRE_TOTP = ["kepala"]
    assert client.post(place).url == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=perencana).exists()


def test_a_role_that_is_lent_requires_the_second_step_too(
    client: Client, perencana: User, cast: SimpleNamespace, settings: Settings
) -> None:
    settings.REQUIRE_TOTP = ["kepala"]
    today = timezone.localdate()
    instansi = Membership.objects.get(user=perencana).instansi
    days = {"starts_on": today, "ends_on": today}
    Delegation.objects.create(instansi=instansi, giver=cast.kepala, receiver=perencana, reason="cuti", **days)
    enter(client)
    assert client.get(BERANDA).url == reverse("mfa_activate_totp")


def test_an_ended_role_requires_nothing(client: Client, perencana: User, settings: Settings) -> None:
    settings.REQUIRE_TOTP = ["perencana"]
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Membership.objects.filter(user=perencana).update(ends_on=yesterday)
    enter(client)
    assert client.get(reverse("web:regulasi")).status_code == 200


# --- settings --------------------------------------------------------------------------------------------------------


def test_no_account_exists_without_being_made(client: Client, tahun_kinerja: TahunKinerja, settings: Settings) -> None:
    assert not User.objects.exists()
    for username in (*settings.DEMO_ACCOUNTS, "root", "administrator"):
        assert enter(client, username, settings.DEMO_PASSWORD).status_code == 200, username


def test_headers_of_every_page(login: Login) -> None:
    headers = login("perencana").get(BERANDA).headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
