"""The pages of the AKIP evaluation: under /<instansi>/<tahun>/penilaian/lke/."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.assessments.views_lke import (
    lke,
    lke_buka,
    lke_bukti,
    lke_bukti_hapus,
    lke_data,
    lke_jejak,
    lke_simpan,
    lke_tercetak,
    lke_tutup,
)

lke_urls: list[URLPattern] = [
    path("lke/", lke, name="lke"),
    path("lke/simpan/<str:bagian>/", lke_simpan, name="lke_simpan"),
    path("lke/tutup/", lke_tutup, name="lke_tutup"),
    path("lke/buka/", lke_buka, name="lke_buka"),
    path("lke/data/", lke_data, name="lke_data"),
    path("lke/tercetak/", lke_tercetak, name="lke_tercetak"),
    path("lke/jejak/<slug:tingkat>/<str:kode>/", lke_jejak, name="lke_jejak"),
    path("lke/bukti/<str:kode>/", lke_bukti, name="lke_bukti"),
    path("lke/bukti/<int:pk>/hapus/", lke_bukti_hapus, name="lke_bukti_hapus"),
]
