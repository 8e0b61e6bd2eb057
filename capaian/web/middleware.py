"""Login before every page, also for htmx, and the office year that a person last looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect


class LoginRequired(LoginRequiredMiddleware):
    """Sends an anonymous person to the login page; a fragment request moves the whole page there."""

    # htmx follows a header, where a redirect would put the login page into the fragment.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if not request.htmx:  # type: ignore[attr-defined]
            return super().handle_no_permission(request, view_func)
        current = urlsplit(request.htmx.current_url or "/").path  # type: ignore[attr-defined]
        login = resolve_url(self.get_login_url(view_func))
        return HttpResponseClientRedirect(f"{login}?{urlencode({self.redirect_field_name: current})}")


_TOUCH_SECONDS = 300


def keep_session(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let a session end so many hours after the last page, not after the login.

    A session in use is written again at most every five minutes, not with every page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        # Who brings no session is not asked for one: what everybody may see can be cached.
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if has_session and now - request.session.get("seen", 0) >= _TOUCH_SECONDS:
            request.session["seen"] = now
        return get_response(request)

    return middleware


def forbid_devices(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Tell the browser that no page of ours, nor anything in it, uses a device or sensor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=()"
        )
        return response

    return middleware


def keep_private(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let no cache on the way keep an answer that does not ask for it, and the browser ask again before it shows it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer "not found" to an address with a NUL in it, which no key holds and PostgreSQL does not take."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in unquote(request.get_full_path()):
            raise Http404("Alamat ini memuat karakter yang tidak sah. Periksa ejaannya, atau mulai dari beranda.")
        return get_response(request)

    return middleware


def remember_office(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep the office year of the last page in the session, so that pages without one (Regulasi) keep their frame."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        office = getattr(request, "office", None)
        if office is not None and response.status_code == 200:
            fact = describe_office(office)
            if request.session.get("office") != fact:
                request.session["office"] = fact
        return response

    return middleware


def describe_office(office: object) -> dict[str, object]:
    """What the frame shows of an office year (`organisations.permissions.Office`), as plain data."""
    tahun_kinerja = office.tahun_kinerja  # type: ignore[attr-defined]
    instansi = tahun_kinerja.instansi
    return {
        "kunci": instansi.kunci,
        "nama": instansi.nama,
        "singkatan": instansi.singkatan or instansi.nama,
        "tahun": tahun_kinerja.tahun,
        "can_view_all": office.can_view_all,  # type: ignore[attr-defined]
        "can_review": office.can_review,  # type: ignore[attr-defined]
        "can_ask": office.can_ask,  # type: ignore[attr-defined]
        "can_fill": office.can_fill,  # type: ignore[attr-defined]
        "can_set_deadlines": office.can_set_deadlines,  # type: ignore[attr-defined]
        "can_view_audit": office.can_view_audit,  # type: ignore[attr-defined]
        "can_manage_people": office.can_manage_people,  # type: ignore[attr-defined]
    }
