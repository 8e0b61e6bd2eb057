"""Pages of the measurement: pengukuran/…, indikator/…, jejak/…"""

from __future__ import annotations

from django.urls import path

from capaian.measurement import views

app_name = "measurement"
urlpatterns = [
    path("rencana-aksi/usulan/", views.rencana_aksi_usulan, name="rencana_aksi_usulan"),
    path("pengukuran/", views.pengukuran, name="pengukuran"),
    path("pengukuran/realisasi/", views.realisasi, name="realisasi"),
    path("indikator/<path:kunci>/", views.indikator, name="indikator"),
    path("analisis/<path:kunci>/", views.analisis, name="analisis"),
    path("jejak-peringkat/<path:kunci>/", views.jejak_peringkat, name="jejak_peringkat"),
    path("jejak/<int:capaian_id>/", views.jejak, name="jejak"),
]
