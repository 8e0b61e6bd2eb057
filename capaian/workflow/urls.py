"""Pages of the units' forms: the lists over all of them, and one sheet under isian/<form>/<unit>/<periode>/…"""

from __future__ import annotations

from django.urls import path

from capaian.workflow import views, views_audit, views_jadwal, views_komentar, views_tugas

app_name = "workflow"
_SHEET = "<slug:form>/<slug:unit>/<int:periode>/"
urlpatterns = [
    path("tugas/", views_tugas.tugas, name="tugas"),
    path("tugas/jumlah/", views_tugas.tugas_jumlah, name="tugas_jumlah"),
    path("pelaporan/", views_tugas.pelaporan, name="pelaporan"),
    path("jadwal/", views_jadwal.jadwal, name="jadwal"),
    path("jadwal/unit/", views_jadwal.jadwal_unit, name="jadwal_unit"),
    path("komentar/", views_komentar.komentar, name="komentar"),
    path("komentar/<int:pk>/selesai/", views_komentar.komentar_selesai, name="komentar_selesai"),
    path("audit/", views_audit.audit, name="audit"),
    path("audit/unduh/", views_audit.audit_unduh, name="audit_unduh"),
    path("riwayat/", views_audit.riwayat, name="riwayat"),
    path(_SHEET, views.lembar, name="lembar"),
    path(f"{_SHEET}simpan/", views.lembar_simpan, name="lembar_simpan"),
    path(f"{_SHEET}langkah/", views.lembar_langkah, name="lembar_langkah"),
    path(f"{_SHEET}versi/", views.lembar_versi, name="lembar_versi"),
]
