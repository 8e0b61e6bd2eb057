"""The pages of recommendations: under /<instansi>/<tahun>/penilaian/rekomendasi/."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.assessments.views_rekomendasi import (
    rekomendasi,
    rekomendasi_baru,
    rekomendasi_langkah,
    rekomendasi_lapor,
    rekomendasi_rencana,
    rekomendasi_rinci,
    rekomendasi_ubah,
)

_ONE = "rekomendasi/<int:pk>/"
rekomendasi_urls: list[URLPattern] = [
    path("rekomendasi/", rekomendasi, name="rekomendasi"),
    path("rekomendasi/baru/", rekomendasi_baru, name="rekomendasi_baru"),
    path(_ONE, rekomendasi_rinci, name="rekomendasi_rinci"),
    path(f"{_ONE}ubah/", rekomendasi_ubah, name="rekomendasi_ubah"),
    path(f"{_ONE}rencana/", rekomendasi_rencana, name="rekomendasi_rencana"),
    path(f"{_ONE}lapor/", rekomendasi_lapor, name="rekomendasi_lapor"),
    path(f"{_ONE}langkah/", rekomendasi_langkah, name="rekomendasi_langkah"),
]
