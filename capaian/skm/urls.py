"""The pages of surveys: under /<instansi>/<tahun>/survei/, and for everybody the form, /s/<tautan>/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from capaian.skm.urls_hasil import PUBLIC, RESULTS
from capaian.skm.views_kertas import kertas, kertas_hapus, kertas_ubah
from capaian.skm.views_publik import isi, terima_kasih
from capaian.skm.views_survei import kelola, langkah, poster, qr, survei, survei_baru, survei_ubah

app_name = "skm"
_ONE = "<int:survei_id>/"
_OF_OFFICE: list[URLPattern] = [
    path("", survei, name="survei"),
    *RESULTS,
    path("baru/", survei_baru, name="survei_baru"),
    path(_ONE, kelola, name="kelola"),
    path(f"{_ONE}ubah/", survei_ubah, name="survei_ubah"),
    path(f"{_ONE}langkah/", langkah, name="langkah"),
    path(f"{_ONE}qr.svg", qr, name="qr"),
    path(f"{_ONE}poster/", poster, name="poster"),
    path(f"{_ONE}kertas/", kertas, name="kertas"),
    path(f"{_ONE}kertas/<int:jawaban_id>/", kertas_ubah, name="kertas_ubah"),
    path(f"{_ONE}kertas/<int:jawaban_id>/hapus/", kertas_hapus, name="kertas_hapus"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *PUBLIC,
    path("s/<slug:tautan>/", isi, name="isi"),
    path("s/<slug:tautan>/terima-kasih/", terima_kasih, name="terima_kasih"),
    path("<slug:instansi>/<int:tahun>/survei/", include(_OF_OFFICE)),
]
