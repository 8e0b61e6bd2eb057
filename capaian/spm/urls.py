"""The pages of SPM, under /<instansi>/<tahun>/spm/."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.spm.views_alokasi import alokasi
from capaian.spm.views_kebutuhan import kebutuhan, kebutuhan_jejak
from capaian.spm.views_monev import monev, monev_awal, monev_layanan
from capaian.spm.views_pengaturan import pengaturan
from capaian.spm.views_rencana import rencana
from capaian.spm.views_sasaran import sasaran, sasaran_pakai, sasaran_unit

app_name = "spm"
urlpatterns: list[URLPattern] = [
    path("sasaran/", sasaran, name="sasaran"),
    path("sasaran/unit/<slug:unit>/", sasaran_unit, name="sasaran_unit"),
    path("sasaran/pakai/<int:pk>/", sasaran_pakai, name="sasaran_pakai"),
    path("kebutuhan/", kebutuhan, name="kebutuhan"),
    path("kebutuhan/jejak/<slug:unit>/<str:butir>/", kebutuhan_jejak, name="kebutuhan_jejak"),
    path("rencana/", rencana, name="rencana"),
    path("alokasi/", alokasi, name="alokasi"),
    path("pengaturan/", pengaturan, name="pengaturan"),
    path("monev/", monev_awal, name="monev_awal"),
    path("monev/<slug:unit>/<int:triwulan>/", monev, name="monev"),
    path("monev/<slug:unit>/<int:triwulan>/<slug:layanan>/", monev_layanan, name="monev_layanan"),
]
