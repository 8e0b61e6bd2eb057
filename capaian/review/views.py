"""Reviu: where what was printed differs from what the same inputs give."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from capaian.organisations.permissions import Permission, require_office


def kesesuaian(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    require_office(request, instansi, tahun, Permission.REVIEW)
    return render(request, "review/kesesuaian.html")


def tercetak(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    require_office(request, instansi, tahun)
    return render(request, "review/tercetak.html")
