"""Pages under pengukuran/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "measurement"
urlpatterns: list[URLPattern] = []
