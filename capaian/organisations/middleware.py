"""What a person must do before anything else: change the first password, set up the second step of the login."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from capaian.organisations.login import duty_of

_SESSION_KEY: Final = "duty"
_ASK_AGAIN_SECONDS: Final = 300
# Where each duty is done, and the pages on the way there.
_PLACE: Final = {"password": "account_change_password", "totp": "mfa_activate_totp"}
_OPEN: Final = {
    "password": {"account_change_password"},
    "totp": {
        "mfa_activate_totp",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    },
}
_ALWAYS_OPEN: Final = {"web:login", "web:logout", "account_login", "account_logout"}


class DutiesFirst:
    """Leads a person with a duty to it, whatever page they asked for.

    The answer is kept in the session for five minutes, so that a page costs no query for it; who has a duty is asked
    about at every page, and so goes on as soon as it is done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or match.view_name in _ALWAYS_OPEN or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated:
            return None
        duty = _current_duty(request)
        if not duty or match.view_name in _OPEN[duty]:
            return None
        place = reverse(_PLACE[duty])
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(place)
        return redirect(place)


def _current_duty(request: HttpRequest) -> str:
    now = int(time.time())
    duty, asked_at = request.session.get(_SESSION_KEY, ("", 0))
    if duty or now - asked_at >= _ASK_AGAIN_SECONDS:
        duty = duty_of(request.user)
        request.session[_SESSION_KEY] = (duty, now)
    return str(duty)
