"""Excel both ways, under data/: templates, uploads with their preview, exports."""

from __future__ import annotations

from django.urls import path

from capaian.exchange import views, views_exports, views_impor, views_instrumen, views_skm

_UPLOAD = "unggahan/<int:upload_id>/"

app_name = "exchange"
urlpatterns = [
    path("unggah/", views.unggah, name="unggah"),
    path("templat/", views.template_pilih, name="template_pilih"),
    path("templat/<slug:form>/<slug:unit>/<int:periode>/", views_exports.template, name="template"),
    path(_UPLOAD, views.unggahan, name="unggahan"),
    path(f"{_UPLOAD}kemajuan/", views.unggahan_kemajuan, name="unggahan_kemajuan"),
    path(f"{_UPLOAD}terapkan/", views.terapkan, name="terapkan"),
    path(f"{_UPLOAD}bertanda/", views_exports.bertanda, name="bertanda"),
    path(f"{_UPLOAD}temuan/", views_exports.temuan, name="temuan"),
    path("impor/", views_impor.impor, name="impor"),
    path("impor-spm/", views_impor.spm_impor, name="spm_impor"),
    path("survei/<int:survei_id>/impor/", views_skm.skm_impor, name="skm_impor"),
    path("survei/<int:survei_id>/templat/", views_skm.skm_templat, name="skm_templat"),
    path("pemetaan/<slug:jenis>/", views_impor.pemetaan, name="pemetaan"),
    path("ekspor/<slug:jenis>/", views_exports.ekspor, name="ekspor"),
    path("instrumen/unggah/", views_instrumen.instrumen_unggah, name="instrumen_unggah"),
    path("instrumen/<int:versi_id>/", views_instrumen.instrumen_unduh, name="instrumen_unduh"),
]
