"""The way in (home, choice of office and year), Beranda, and laporan/…"""

from __future__ import annotations

from django.urls import path

from capaian.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("pilih/", views.pilih, name="pilih"),
    path("<slug:instansi>/<int:tahun>/", views.beranda, name="beranda"),
]
