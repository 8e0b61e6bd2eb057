"""What every page carries: the navigation in the order of the year and the office and year that it is about."""

from __future__ import annotations

from django.http import HttpRequest

from capaian.web.middleware import describe_office
from capaian.web.navigation import build_navigation, office_url


def chrome(request: HttpRequest) -> dict[str, object]:
    """Template context of the frame: `office` (plain facts, or None), `navigation`, `pilih_url`, `home_url`.

    The office is the one of the page (`require_office`); a page without one keeps the office last looked at.
    A person without access gets no office, hence no links into it.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"office": None, "navigation": [], "pilih_url": "", "home_url": ""}
    match = getattr(request, "resolver_match", None)
    of_page = getattr(request, "office", None)
    office = describe_office(of_page) if of_page is not None else request.session.get("office")
    view_name = match.view_name if match else ""
    return {
        "office": office,
        "navigation": build_navigation(office, view_name),
        "pilih_url": office_url("reports:pilih", None),
        "home_url": office_url("reports:beranda", office) if office else office_url("reports:home", None),
        "view_name": view_name,
    }
