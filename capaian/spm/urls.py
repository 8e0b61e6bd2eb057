"""The pages of SPM, under /<instansi>/<tahun>/spm/."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "spm"
urlpatterns: list[URLPattern] = []
