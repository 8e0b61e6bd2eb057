"""The pages of SPM: under /<instansi>/<tahun>/spm/, and the recap over offices, /spm/rekap/<tahun>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from capaian.spm.views_alokasi import alokasi
from capaian.spm.views_instrumen import barthel, instrumen, skilas
from capaian.spm.views_kalkulator import kalkulator, sasaran_jejak
from capaian.spm.views_kebutuhan import kebutuhan, kebutuhan_jejak
from capaian.spm.views_layanan import layanan
from capaian.spm.views_monev import monev, monev_awal, monev_layanan
from capaian.spm.views_pengaturan import pengaturan
from capaian.spm.views_peta import jejak, jejak_indeks, peta, unit
from capaian.spm.views_rekap import rekap
from capaian.spm.views_rencana import rencana
from capaian.spm.views_sasaran import sasaran, sasaran_pakai, sasaran_unit

app_name = "spm"
_OF_OFFICE: list[URLPattern] = [
    path("", peta, name="peta"),
    path("unit/<slug:unit>/", unit, name="unit"),
    path("layanan/<slug:layanan>/", layanan, name="layanan"),
    path("jejak/indeks/<int:triwulan>/<slug:unit>/", jejak_indeks, name="jejak_indeks"),
    path("jejak/<slug:layanan>/<int:triwulan>/<slug:unit>/", jejak, name="jejak"),
    path("sasaran/", sasaran, name="sasaran"),
    path("sasaran/unit/<slug:unit>/", sasaran_unit, name="sasaran_unit"),
    path("sasaran/pakai/<int:pk>/", sasaran_pakai, name="sasaran_pakai"),
    path("sasaran/jejak/<int:pk>/", sasaran_jejak, name="sasaran_jejak"),
    path("sasaran/kalkulator/<slug:kode>/", kalkulator, name="kalkulator"),
    path("kebutuhan/", kebutuhan, name="kebutuhan"),
    path("kebutuhan/jejak/<slug:unit>/<str:butir>/", kebutuhan_jejak, name="kebutuhan_jejak"),
    path("rencana/", rencana, name="rencana"),
    path("alokasi/", alokasi, name="alokasi"),
    path("pengaturan/", pengaturan, name="pengaturan"),
    path("instrumen/", instrumen, name="instrumen"),
    path("instrumen/barthel/", barthel, name="barthel"),
    path("instrumen/skilas/", skilas, name="skilas"),
    path("monev/", monev_awal, name="monev_awal"),
    path("monev/<slug:unit>/<int:triwulan>/", monev, name="monev"),
    path("monev/<slug:unit>/<int:triwulan>/<slug:layanan>/", monev_layanan, name="monev_layanan"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("spm/rekap/<int:tahun>/", rekap, name="rekap"),
    path("<slug:instansi>/<int:tahun>/spm/", include(_OF_OFFICE)),
]
