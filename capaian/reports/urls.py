"""The way in (home, choice of office and year), Beranda, and laporan/…"""

from __future__ import annotations

from django.urls import path

from capaian.reports import views, views_laporan

_LAPORAN = "<slug:instansi>/<int:tahun>/laporan/"

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("pilih/", views.pilih, name="pilih"),
    path("<slug:instansi>/<int:tahun>/", views.beranda, name="beranda"),
    path(_LAPORAN, views_laporan.laporan, name="laporan"),
    path(f"{_LAPORAN}buat/", views_laporan.laporan_buat, name="laporan_buat"),
    path(f"{_LAPORAN}jejak/<path:kunci>/", views_laporan.laporan_jejak, name="laporan_jejak"),
    path(f"{_LAPORAN}<int:version_id>/", views_laporan.preview, name="preview"),
    path(f"{_LAPORAN}<int:version_id>/kemajuan/", views_laporan.laporan_kemajuan, name="laporan_kemajuan"),
    path(f"{_LAPORAN}<int:version_id>/unduh/<slug:fmt>/", views_laporan.download, name="download"),
]
