"""Addresses of the results: below the surveys of an office year, and for everybody `/hasil-skm/<tautan>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.skm import views_hasil, views_rekap

_ONE = "<int:survei_id>/"
RESULTS: list[URLPattern] = [
    path("rekap/", views_rekap.rekap, name="rekap"),
    path("rekap/jejak/", views_rekap.rekap_jejak, name="rekap_jejak"),
    path("pengaturan/", views_rekap.pengaturan, name="pengaturan"),
    path(f"{_ONE}hasil/", views_hasil.hasil, name="hasil"),
    path(f"{_ONE}hasil/jejak/", views_hasil.hasil_jejak, name="hasil_jejak"),
    path(f"{_ONE}hasil/terbit/", views_hasil.terbit, name="terbit"),
    path(f"{_ONE}rencana/", views_hasil.rencana, name="rencana"),
    path(f"{_ONE}saran/", views_hasil.saran, name="saran"),
]
PUBLIC: list[URLPattern] = [path("hasil-skm/<slug:tautan>/", views_hasil.hasil_publik, name="hasil_publik")]
