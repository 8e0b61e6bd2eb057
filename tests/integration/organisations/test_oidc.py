"""Login at the government's OIDC issuer: into an account that an admin made with that verified e-mail, else nowhere."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from capaian.organisations.login import SocialAdapter
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def request_of(user: User | None = None) -> HttpRequest:
    request = RequestFactory().get("/masuk/oidc/kembali/")
    request.user, request.session = user or AnonymousUser(), SessionStore()
    return request


def arrival(email: str, *, verified: bool = True, uid: str = "s-1", process: str = "login") -> SocialLogin:
    """What allauth knows of a person when they come back from the issuer."""
    login = SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="oidc", uid=uid),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
    )
    login.state = {"process": process}
    return login


@pytest.fixture
def kepala(cast: SimpleNamespace, settings: Settings) -> User:
    app = {"provider_id": "oidc", "name": "SSO", "client_id": "c", "settings": {"server_url": "https://sso.example"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    user: User = cast.kepala
    user.email = "kepala@contoh.example"
    user.save()
    return user


def test_a_verified_email_leads_into_the_account_that_has_it(kepala: User) -> None:
    login = arrival("Kepala@contoh.example")
    SocialAdapter().pre_social_login(request_of(), login)
    assert login.user == kepala
    assert SocialAccount.objects.get().user == kepala
    assert list(AuditEntry.objects.values_list("action", "subject")) == [("organisations.oidc_link", "kepala")]
    assert kepala.memberships.count() == 1


@pytest.mark.parametrize("case", ["unknown", "not verified", "inactive", "logged in", "no e-mail", "two accounts"])
def test_everybody_else_is_refused_in_words_and_nothing_is_made(kepala: User, case: str) -> None:
    people = User.objects.count()
    login = arrival({"unknown": "orang@luar.example", "no e-mail": ""}.get(case, "kepala@contoh.example"))
    request = request_of(kepala if case == "logged in" else None)
    if case == "not verified":
        login.email_addresses[0].verified = False
    if case == "inactive":
        User.objects.filter(pk=kepala.pk).update(is_active=False)
    if case == "two accounts":
        User.objects.filter(username="keuangan").update(email="KEPALA@contoh.example")
    if case == "no e-mail":
        login.email_addresses = []
    with pytest.raises(ImmediateHttpResponse) as refused:
        SocialAdapter().pre_social_login(request, login)
    assert refused.value.response.status_code == 403
    assert "Belum ada akun untuk Anda" in refused.value.response.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (people, 0)
    assert list(AuditEntry.objects.values_list("outcome", flat=True)) == ["refused"]


def test_the_button_is_there_only_where_an_issuer_is_configured() -> None:
    asked = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "from django.conf import settings\n"
        "try: print(reverse('openid_connect_login', args=['oidc']))\n"
        "except NoReverseMatch: print('none')\n"
        "print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])\n"
    )
    issuer = {
        "CAPAIAN_OIDC_ISSUER": "https://sso.contoh.example/realms/pemda",
        "CAPAIAN_OIDC_CLIENT_ID": "capaian",
        "CAPAIAN_OIDC_SECRET": "rahasia",
    }
    for said, address, way in (({}, "none", False), (issuer, "/masuk/oidc/", True)):
        known = {name: value for name, value in os.environ.items() if not name.startswith("CAPAIAN_OIDC")}
        environment = {**known, **said, "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}
        found = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True)
        lines = found.stdout.splitlines()
        assert lines[0] == address, found.stderr
        assert ("'https://sso.contoh.example'" in lines[1]) is way
