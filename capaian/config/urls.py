"""The map of the site: pages of an office year are under /<instansi>/<tahun>/, each app with its own name space."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

_OFFICE = "<slug:instansi>/<int:tahun>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("capaian.web.urls")),
    path("", include("capaian.organisations.urls_login")),
    path("", include("capaian.reports.urls")),
    path(_OFFICE, include("capaian.organisations.urls")),
    path(_OFFICE, include("capaian.planning.urls")),
    path(f"{_OFFICE}isian/", include("capaian.workflow.urls")),
    path(_OFFICE, include("capaian.measurement.urls")),
    path(f"{_OFFICE}anggaran/", include("capaian.budget.urls")),
    path("", include("capaian.spm.urls")),
    path("", include("capaian.skm.urls")),
    path(f"{_OFFICE}penilaian/", include("capaian.assessments.urls")),
    path(f"{_OFFICE}data/", include("capaian.exchange.urls")),
    path(f"{_OFFICE}reviu/", include("capaian.review.urls")),
]

# A database that is away or busy is no fault of the page: 503, and it comes back by itself.
handler500 = "capaian.web.unavailable.server_error"
