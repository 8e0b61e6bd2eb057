"""Pages of the measurement: pengukuran/…, indikator/…, jejak/…, bukti/…"""

from __future__ import annotations

from django.urls import path

from capaian.measurement import views, views_bukti, views_pengukuran, views_sumber

app_name = "measurement"
_SHEET = "bukti/<slug:form>/<slug:unit>/<int:periode>/"
urlpatterns = [
    path("rencana-aksi/usulan/", views.rencana_aksi_usulan, name="rencana_aksi_usulan"),
    path("pengukuran/", views_pengukuran.pengukuran, name="pengukuran"),
    path("pengukuran/realisasi/", views_pengukuran.realisasi, name="realisasi"),
    path("pengukuran/sumber/", views_sumber.sumber, name="sumber"),
    path("pengukuran/sumber/<slug:sumber>/jejak/", views_sumber.jejak_sumber, name="jejak_sumber"),
    path("indikator/<path:kunci>/", views.indikator, name="indikator"),
    path("analisis/<path:kunci>/", views.analisis, name="analisis"),
    path("jejak-peringkat/<path:kunci>/", views.jejak_peringkat, name="jejak_peringkat"),
    path("jejak/<int:capaian_id>/", views.jejak, name="jejak"),
    path("jejak-gabungan/<int:periode>/<path:kunci>/", views.jejak_gabungan, name="jejak_gabungan"),
    path("bukti/aturan/", views_bukti.aturan_bukti, name="aturan_bukti"),
    path("bukti/<int:pk>/berkas/", views_bukti.bukti_berkas, name="bukti_berkas"),
    path("bukti/<int:pk>/hapus/", views_bukti.bukti_hapus, name="bukti_hapus"),
    path(_SHEET, views_bukti.bukti_lembar, name="bukti_lembar"),
    path(f"{_SHEET}<path:kunci>/", views_bukti.bukti, name="bukti"),
]
