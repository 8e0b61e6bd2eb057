"""The pages of assessments: under /<instansi>/<tahun>/penilaian/."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.assessments.urls_instrumen import instrumen_urls
from capaian.assessments.urls_lke import lke_urls
from capaian.assessments.urls_rekomendasi import rekomendasi_urls
from capaian.assessments.views_pkp import pkp, pkp_jejak, sifat
from capaian.assessments.views_pkp_rencana import pkp_rencana
from capaian.assessments.views_pkp_unit import pkp_unit

app_name = "assessments"
urlpatterns: list[URLPattern] = [
    path("pkp/", pkp, name="pkp"),
    path("pkp/<slug:unit>/", pkp_unit, name="pkp_unit"),
    path("pkp/<slug:unit>/rencana/", pkp_rencana, name="pkp_rencana"),
    path("pkp/<slug:unit>/jejak/<path:kode>/", pkp_jejak, name="pkp_jejak"),
    path("sifat/", sifat, name="sifat"),
    *instrumen_urls,
    *lke_urls,
    *rekomendasi_urls,
]
