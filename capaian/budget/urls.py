"""Pages under anggaran/."""

from __future__ import annotations

from django.urls import path

from capaian.budget import views

app_name = "budget"
urlpatterns = [
    path("", views.anggaran, name="anggaran"),
    path("jejak-pendapatan/<slug:jenis>/", views.jejak_pendapatan, name="jejak_pendapatan"),
    path("jejak-pendapatan/<slug:jenis>/<int:pk>/", views.jejak_pendapatan, name="jejak_pendapatan"),
    path("jejak/<slug:versi>/", views.jejak, name="jejak"),
    path("jejak/<slug:versi>/<str:kunci>/", views.jejak, name="jejak"),
]
