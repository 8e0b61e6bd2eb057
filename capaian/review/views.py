"""Reviu: where what was printed differs from what the same inputs give."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capaian.organisations.permissions import Permission, require_office
from capaian.review import queries
from capaian.review.models import FiguraTercetak

PAGE_SIZE = 100


@require_GET
def kesesuaian(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    office = require_office(request, instansi, tahun, Permission.REVIEW)
    tables = queries.table_counts(office.tahun_kinerja)
    tabel, status = request.GET.get("tabel", ""), request.GET.get("status", "")
    tabel = tabel if any(one.tabel == tabel for one in tables) else ""
    status = status if status in FiguraTercetak.Status.values else ""
    found = queries.figures(office.tahun_kinerja, tabel=tabel, status=status)
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "counts": queries.status_counts(office.tahun_kinerja, tabel=tabel),
        "tables": tables,
        "tabel": tabel,
        "names": queries.indikator_names(office.tahun_kinerja),
        "status": status,
    }
    return render(request, "review/kesesuaian.html", context)


@require_GET
def tercetak(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """A fragment: what was printed differently about the indicator or node `kunci`; empty when nothing was."""
    office = require_office(request, instansi, tahun)
    figures = queries.differing(office.tahun_kinerja, request.GET.get("kunci", ""))
    return render(request, "review/tercetak.html", {"figures": figures})
