"""Ears at the door: what Django, allauth and axes announce becomes an entry of the audit trail or a counted failure."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa import signals as mfa
from axes import signals as axes  # noqa: F401 - its receivers come first: a failure is counted, then written down
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from capaian.organisations import actions_login as actions
from capaian.organisations.login import LOCK_MINUTES, tried_name

_STEP = "step"
_CHANGES = {
    mfa.authenticator_added: "diaktifkan",
    mfa.authenticator_removed: "dimatikan",
    mfa.authenticator_reset: "kode pemulihan dibuat baru",
}


@receiver(user_logged_in)
def on_login(user: User, **kwargs: Any) -> None:
    actions.record_login(user=user)


@receiver(user_logged_out)
def on_logout(user: User | AnonymousUser | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        actions.record_logout(user=user)


@receiver(user_login_failed)
def on_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    # While somebody is locked out axes counts no further try, and the trail need not be flooded by them.
    if request is None or getattr(request, "axes_failures_since_start", None) is None:
        return
    user = User.objects.filter(username=tried_name(request, credentials)).first()
    actions.record_failed_login(user=user, step=credentials.get(_STEP, "kata sandi"))
    if request.axes_locked_out:  # type: ignore[attr-defined]
        actions.record_lockout(user=user, minutes=LOCK_MINUTES)


@receiver(mfa.authentication_failed)
def on_wrong_code(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code counts as a wrong password does."""
    credentials = {"username": user.get_username(), _STEP: "kode verifikasi"}
    user_login_failed.send(sender=sender, credentials=credentials, request=request)


@receiver(list(_CHANGES))
def on_second_step(signal: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    # Setting up makes two authenticators, the app and its recovery codes; one entry says it.
    if authenticator.type == "totp" or signal is mfa.authenticator_reset:
        actions.record_second_step(user=user, change=_CHANGES[signal])


@receiver(password_changed)
def on_password(request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session.pop("duty", None)
    actions.password_changed(user=user)
