"""Pages under reviu/."""

from __future__ import annotations

from django.urls import path

from capaian.review import views, views_sinyal

app_name = "review"
urlpatterns = [
    path("", views.kesesuaian, name="kesesuaian"),
    path("tercetak/", views.tercetak, name="tercetak"),
    path("pertanyaan/", views_sinyal.sinyal, name="sinyal"),
    path("pertanyaan/jawab/", views_sinyal.sinyal_jawab, name="sinyal_jawab"),
    path("pertanyaan/<slug:form>/<slug:unit>/<int:periode>/", views_sinyal.sinyal_lembar, name="sinyal_lembar"),
]
