"""The pages of own instruments, under penilaian/instrumen/, and of filling them, under penilaian/isi/."""

from __future__ import annotations

from django.urls import URLPattern, path

from capaian.assessments.views_instrumen import (
    instrumen,
    instrumen_ambil,
    instrumen_banding,
    instrumen_baru,
    instrumen_langkah,
    instrumen_pilih,
    instrumen_temuan,
    instrumen_versi,
)
from capaian.assessments.views_instrumen_kepala import instrumen_kelas, instrumen_kepala
from capaian.assessments.views_instrumen_ubah import instrumen_butir, instrumen_susun
from capaian.assessments.views_isi import isi, isi_unit

_VERSI = "instrumen/<int:versi_id>/"
instrumen_urls: list[URLPattern] = [
    path("instrumen/", instrumen, name="instrumen"),
    path("instrumen/ambil/", instrumen_ambil, name="instrumen_ambil"),
    path("instrumen/baru/", instrumen_baru, name="instrumen_baru"),
    path(_VERSI, instrumen_versi, name="instrumen_versi"),
    path(f"{_VERSI}langkah/", instrumen_langkah, name="instrumen_langkah"),
    path(f"{_VERSI}banding/", instrumen_banding, name="instrumen_banding"),
    path(f"{_VERSI}temuan/", instrumen_temuan, name="instrumen_temuan"),
    path(f"{_VERSI}pilih/", instrumen_pilih, name="instrumen_pilih"),
    path(f"{_VERSI}kepala/", instrumen_kepala, name="instrumen_kepala"),
    path(f"{_VERSI}kelas/", instrumen_kelas, name="instrumen_kelas"),
    path(f"{_VERSI}butir/", instrumen_butir, name="instrumen_butir"),
    path(f"{_VERSI}susun/", instrumen_susun, name="instrumen_susun"),
    path("isi/", isi, name="isi"),
    path("isi/<int:versi_id>/<slug:unit>/", isi_unit, name="isi_unit"),
]
