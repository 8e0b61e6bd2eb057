"""Pages of the entry of a unit's form: isian/<form>/<unit>/<periode>/…"""

from __future__ import annotations

from django.urls import path

from capaian.workflow import views

app_name = "workflow"
_SHEET = "<slug:form>/<slug:unit>/<int:periode>/"
urlpatterns = [
    path(_SHEET, views.lembar, name="lembar"),
    path(f"{_SHEET}simpan/", views.lembar_simpan, name="lembar_simpan"),
    path(f"{_SHEET}langkah/", views.lembar_langkah, name="lembar_langkah"),
    path(f"{_SHEET}versi/", views.lembar_versi, name="lembar_versi"),
]
