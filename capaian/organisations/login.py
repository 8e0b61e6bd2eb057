"""The door: what allauth and axes are told about our accounts.

Nobody signs up: an account is made by an admin (`actions_people.create_account`) or on the command line. A person of
the OIDC issuer comes in where an active account has their verified e-mail, and is refused in words otherwise.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes

from capaian.organisations.models import Account
from capaian.organisations.permissions import held_by
from capaian.web.address import client_address

LOCK_MINUTES: Final = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
Person = AbstractBaseUser | AnonymousUser


def duty_of(user: Person) -> str:
    """What the person must do first: "password", "totp", or nothing. At most three queries."""
    if Account.objects.filter(user=user.pk, must_change_password=True).exists():
        return "password"
    if needs_totp(user) and not has_totp(user):
        return "totp"
    return ""


def needs_totp(user: Person) -> bool:
    """Whether a role, held or lent, asks the person for a second step at login (`CAPAIAN_REQUIRE_TOTP`)."""
    if not settings.REQUIRE_TOTP:
        return False
    return held_by(user, timezone.localdate()).filter(role__in=settings.REQUIRE_TOTP).exists()


def has_totp(user: Person) -> bool:
    return bool(Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists())


def account_named(typed: str) -> User | None:
    """The account that somebody means who types a user name or an e-mail, upper or lower case."""
    return User.objects.filter(username__iexact=typed).first() or User.objects.filter(email__iexact=typed).first()


# --- allauth ---------------------------------------------------------------------------------------------------------


class AccountAdapter(DefaultAccountAdapter):
    """Login with user name or e-mail; no sign-up; one message for every pair that does not fit."""

    _MISMATCH = "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi."
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "enter_current_password": "Kata sandi sekarang tidak cocok. Periksa huruf besar dan kecil.",
        "incorrect_password": "Kata sandi tidak cocok. Periksa huruf besar dan kecil.",
        "incorrect_code": "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik keenam angkanya.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a key of the rate limit, nothing is bound to it

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(self.get_login_redirect_url(request))


class MfaAdapter(DefaultMFAAdapter):
    """The second step: secrets encrypted in the database, kept as long as a role requires them."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": "Peran Anda mewajibkan verifikasi dua langkah, maka tidak dapat dimatikan. "
        "Bila telepon Anda hilang, minta admin mengatur ulang verifikasi dua langkah Anda.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_totp(authenticator.user)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that nobody knows where the key of the installation is another, so that no code fits it."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"capaian.mfa:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SocialAdapter(DefaultSocialAccountAdapter):
    """Login at the OIDC issuer of the government: only into an account that the admin has made."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the person to their account at the first login; whoever has none is refused in words."""
        from capaian.organisations.actions_login import record_oidc_link, record_oidc_refusal

        if sociallogin.is_existing and sociallogin.state.get("process") != "connect":
            return
        user = None if request.user.is_authenticated else _owner_of(sociallogin.email_addresses)
        if user is None:
            record_oidc_refusal()
            request.refusal_noted = True  # type: ignore[attr-defined]
            raise ImmediateHttpResponse(render(request, "socialaccount/signup.html", status=403))
        sociallogin.connect(request, user)
        record_oidc_link(user=user)


def _owner_of(addresses: list[Any]) -> User | None:
    """The one active account with an e-mail that the issuer has verified."""
    verified = [address.email for address in addresses if address.verified is True]
    found = [user for email in verified for user in User.objects.filter(email__iexact=email, is_active=True)]
    return found[0] if len({user.pk for user in found}) == 1 else None


# --- axes ------------------------------------------------------------------------------------------------------------


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name failures are counted: the account's own, or a digest where there is no such account.

    What was typed there may be a password in the wrong box; it is kept nowhere.
    """
    said = credentials or {}
    typed = str(said.get("username") or said.get("email") or said.get("login") or request.POST.get("login", ""))[:254]
    known: dict[str, str] = request.__dict__.setdefault("capaian_tried", {})
    if typed not in known:
        account = account_named(typed) if typed else None
        digest = salted_hmac("capaian.tried_name", typed.lower()).hexdigest()
        known[typed] = account.get_username() if account else f"?{digest[:40]}"
    return known[typed]


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """The page of a person who failed too often, whether or not there is such an account."""
    return render(request, "account/locked.html", {"minutes": LOCK_MINUTES}, status=429)
