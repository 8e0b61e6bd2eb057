"""The public pages: what an office has published, without a login, the same for everybody, kept by caches.

They read `publication` only. No request reaches their templates, so nothing about a person can.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from capaian.reports.actions import read_file
from capaian.reports.publication import (
    Edition,
    PublishedOffice,
    PublishedYear,
    percent,
    published_file,
    published_office,
    published_offices,
    state_of,
    trend,
    trend_numbers,
)
from capaian.reports.publication_export import as_data, as_workbook
from capaian.reports.publication_figures import Figure
from capaian.reports.versions import CONTENT_TYPES, file_name
from capaian.web.components import cached_part

_NOTHING: Final = "Tidak ada yang diterbitkan di alamat ini. Lihat daftar instansi di /publik/."
# Short, so that what is withdrawn is soon gone from every cache.
_FRESH_SECONDS: Final = 60

View = Callable[..., HttpResponse]


def _etag(request: HttpRequest, *args: object, **kwargs: object) -> str:
    return f'"{_mark(request)}"'


def _last_modified(request: HttpRequest, *args: object, **kwargs: object) -> datetime | None:
    return state_of()[1]


def _mark(request: HttpRequest) -> str:
    # The style sheet's name carries its hash: a new release makes new pages.
    return state_of(request.path, static("reports/publik.css"))[0]


def public_page(view: View) -> View:
    """A page for everybody: no login, read only, with ETag, Last-Modified and a short Cache-Control."""

    @login_not_required
    @require_safe
    @cache_control(public=True, max_age=_FRESH_SECONDS)
    @condition(etag_func=_etag, last_modified_func=_last_modified)
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return page


@public_page
def publik(request: HttpRequest) -> HttpResponse:
    """Every office that has published something."""
    return _page(request, "reports/publik.html", lambda: {"offices": published_offices()})


@public_page
def publik_instansi(request: HttpRequest, instansi: str) -> HttpResponse:
    """What one office has published, by year."""
    return _page(request, "reports/publik_instansi.html", lambda: {"found": _office(instansi)})


@public_page
def publik_tahun(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """One year: its reports, and its indicators as they stood when they were published."""

    def build() -> dict[str, Any]:
        year = _year(_office(instansi), tahun)
        levels = list(dict.fromkeys(figure["tingkat"] for figure in year.figures))
        groups = [(level, [_row(one) for one in year.figures if one["tingkat"] == level]) for level in levels]
        return {"year": year, "groups": groups, "counts": _counts(year)}

    return _page(request, "reports/publik_tahun.html", build)


@public_page
def publik_indikator(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """One indicator with its trace, limits, basis and published years."""

    def build() -> dict[str, Any]:
        office = _office(instansi)
        year = _year(office, tahun)
        figure = year.figure(kunci)
        if figure is None:
            raise Http404(_NOTHING)
        points = trend(office, kunci, tahun)
        return {
            "year": year,
            "edition": year.shown,
            "figure": figure,
            "percent": percent(figure),
            "computed": date.fromisoformat(figure["dihitung"]) if figure["dihitung"] else None,
            "points": points,
            "line": trend_numbers(points),
        }

    return _page(request, "reports/publik_indikator.html", build)


@public_page
def publik_json(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """The indicators of a year for machines."""
    year, edition = _measured(instansi, tahun)
    return JsonResponse(as_data(year, edition), json_dumps_params={"ensure_ascii": False})


@public_page
def publik_xlsx(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """The indicators of a year as a workbook with all rows."""
    year, edition = _measured(instansi, tahun)
    return _attachment(as_workbook(year, edition), "xlsx", f"Indikator-{instansi}-{tahun}.xlsx")


@public_page
def publik_unduh(request: HttpRequest, instansi: str, tahun: int, publication_id: int, fmt: str) -> HttpResponse:
    """A file of exactly the version that was published."""
    version = published_file(instansi, tahun, publication_id)
    if version is None or fmt not in version.files or fmt not in CONTENT_TYPES:
        raise Http404(_NOTHING)
    return _attachment(read_file(version, fmt), fmt, file_name(version, fmt))


def _page(request: HttpRequest, template: str, build: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page, rendered once for each state of what is published; without the request, hence without a person."""
    return HttpResponse(cached_part("publik", _mark(request), build=lambda: render_to_string(template, build())))


def _attachment(content: bytes, fmt: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[fmt])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _office(kunci: str) -> PublishedOffice:
    office = published_office(kunci)
    if office is None:
        raise Http404(_NOTHING)
    return office


def _year(office: PublishedOffice, tahun: int) -> PublishedYear:
    year = next((one for one in office.years if one.tahun == tahun), None)
    if year is None:
        raise Http404(_NOTHING)
    return year


def _measured(instansi: str, tahun: int) -> tuple[PublishedYear, Edition]:
    year = _year(_office(instansi), tahun)
    if year.shown is None:
        raise Http404(_NOTHING)
    return year, year.shown


def _row(figure: Figure) -> dict[str, Any]:
    return {**figure, "persen": percent(figure)}


def _counts(year: PublishedYear) -> list[tuple[str, int]]:
    statuses = [one["status"] for one in year.figures]
    return [(status, statuses.count(status)) for status in dict.fromkeys(sorted(statuses))]
