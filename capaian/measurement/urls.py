"""Pages under pengukuran/."""

from __future__ import annotations

from django.urls import path

from capaian.measurement import views

app_name = "measurement"
urlpatterns = [
    path("jejak/<int:capaian_id>/", views.jejak, name="jejak"),
]
