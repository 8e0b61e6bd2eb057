"""Pages of the plan: perencanaan/…, rencana-aksi/…"""

from __future__ import annotations

from django.urls import path

from capaian.planning import views

app_name = "planning"
urlpatterns = [
    path("perencanaan/", views.perencanaan, name="perencanaan"),
    path("rencana-aksi/", views.rencana_aksi, name="rencana_aksi"),
]
