"""Pages under reviu/."""

from __future__ import annotations

from django.urls import path

from capaian.review import views

app_name = "review"
urlpatterns = [
    path("", views.kesesuaian, name="kesesuaian"),
    path("tercetak/", views.tercetak, name="tercetak"),
]
