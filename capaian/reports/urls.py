"""The way in (home, choice of office and year), Beranda, laporan/…, and what is open to everybody: publik/…"""

from __future__ import annotations

from django.urls import path

from capaian.reports import (
    views,
    views_laporan,
    views_lhe,
    views_pkp,
    views_publik,
    views_publikasi,
    views_skm,
    views_spm,
)

_LAPORAN = "<slug:instansi>/<int:tahun>/laporan/"
# Before the pages of offices, whose addresses begin with the key of an office.
_PUBLIK = "publik/<slug:instansi>/<int:tahun>/"

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("pilih/", views.pilih, name="pilih"),
    path("publik/", views_publik.publik, name="publik"),
    path("publik/<slug:instansi>/", views_publik.publik_instansi, name="publik_instansi"),
    path(_PUBLIK, views_publik.publik_tahun, name="publik_tahun"),
    path(f"{_PUBLIK}indikator.json", views_publik.publik_json, name="publik_json"),
    path(f"{_PUBLIK}indikator.xlsx", views_publik.publik_xlsx, name="publik_xlsx"),
    path(f"{_PUBLIK}indikator/<path:kunci>/", views_publik.publik_indikator, name="publik_indikator"),
    path(f"{_PUBLIK}laporan/<int:publication_id>/<slug:fmt>/", views_publik.publik_unduh, name="publik_unduh"),
    path("<slug:instansi>/<int:tahun>/", views.beranda, name="beranda"),
    path(_LAPORAN, views_laporan.laporan, name="laporan"),
    path(f"{_LAPORAN}buat/", views_laporan.laporan_buat, name="laporan_buat"),
    path(f"{_LAPORAN}spm/", views_spm.spm, name="spm"),
    path(f"{_LAPORAN}spm/buat/", views_spm.spm_buat, name="spm_buat"),
    path(f"{_LAPORAN}spm/formulir/<slug:unit>/<slug:formulir>/", views_spm.spm_formulir, name="spm_formulir"),
    path(f"{_LAPORAN}lhe/", views_lhe.lhe, name="lhe"),
    path(f"{_LAPORAN}lhe/buat/", views_lhe.lhe_buat, name="lhe_buat"),
    path(f"{_LAPORAN}skm/", views_skm.skm, name="skm"),
    path(f"{_LAPORAN}skm/buat/", views_skm.skm_buat, name="skm_buat"),
    path(f"{_LAPORAN}pkp/", views_pkp.pkp, name="pkp"),
    path(f"{_LAPORAN}pkp/buat/", views_pkp.pkp_buat, name="pkp_buat"),
    path(f"{_LAPORAN}jejak/<path:kunci>/", views_laporan.laporan_jejak, name="laporan_jejak"),
    path(f"{_LAPORAN}<int:version_id>/", views_laporan.preview, name="preview"),
    path(f"{_LAPORAN}<int:version_id>/kemajuan/", views_laporan.laporan_kemajuan, name="laporan_kemajuan"),
    path(f"{_LAPORAN}<int:version_id>/publikasi/", views_publikasi.publikasi, name="publikasi"),
    path(f"{_LAPORAN}<int:version_id>/unduh/<slug:fmt>/", views_laporan.download, name="download"),
]
