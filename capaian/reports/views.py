"""The way in, and Beranda: how is the year going, what is red, why, what is being done?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from capaian.budget import queries as budget
from capaian.budget.models import Pagu
from capaian.organisations.models import Membership
from capaian.organisations.permissions import require_office
from capaian.organisations.queries import OfficeChoice, offices_of
from capaian.reports import queries
from capaian.reports.publication import published_offices
from capaian.web.components import cached_part, context_choice
from capaian.workflow.queries import data_version


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the Beranda of the person's first office that has data, in its latest year."""
    offices = offices_of(request.user)
    if not offices:
        raise PermissionDenied(
            "Akun ini belum diberi peran di instansi mana pun. Mintalah perencana instansi Anda menambahkannya; "
            "setelah itu halaman ini langsung terbuka."
        )
    inside = [choice for choice in offices if set(choice.roles) != {Membership.Role.PUBLIK.label}]
    if not inside:
        return _to_what_is_public(offices)
    for choice in inside:
        if choice.tahun:
            return redirect("reports:beranda", instansi=choice.instansi.kunci, tahun=choice.tahun[0])
    return redirect("reports:pilih")


def _to_what_is_public(offices: list[OfficeChoice]) -> HttpResponse:
    """An account of the public sees what everybody sees: its office's page, or all pages before that office has one."""
    published = {office.instansi.pk for office in published_offices()}
    for choice in offices:
        if choice.instansi.pk in published:
            return redirect("reports:publik_instansi", instansi=choice.instansi.kunci)
    return redirect("reports:publik")


@require_GET
def pilih(request: HttpRequest) -> HttpResponse:
    """Every office and year of the person; a choice leads to the page that one came from, where it exists there."""
    page = request.GET.get("halaman", "")
    rows = [
        (choice, [(tahun, _same_page(page, choice.instansi.kunci, tahun)) for tahun in choice.tahun])
        for choice in offices_of(request.user)
    ]
    return render(request, "reports/pilih.html", {"rows": rows})


def _same_page(view_name: str, instansi: str, tahun: int) -> str:
    place = {"instansi": instansi, "tahun": tahun}
    try:
        return reverse(view_name, kwargs=place)
    except NoReverseMatch:
        return reverse("reports:beranda", kwargs=place)


@require_GET
def beranda(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How is the year going? Who acts for a unit only is led to what waits for them there."""
    office = require_office(request, instansi, tahun, somewhere=True)
    if not office.can_view_all:
        return redirect("workflow:tugas", instansi=instansi, tahun=tahun)
    year = office.tahun_kinerja
    versions = budget.versions(year)
    asked = request.GET.get("versi", "")
    versi = asked if asked in versions else (versions or [""])[-1]

    def build() -> str:
        context = {
            "beranda": queries.beranda(year, budget.read_budget(year), versi),
            "ambang": year.instansi.ambang_rendah,
            "tahun_kinerja": year,
        }
        return render_to_string("reports/beranda/content.html", context, request)

    context = {
        "content": cached_part("beranda", year.pk, data_version(year.instansi), versi, build=build),
        "versi": context_choice(request, "Versi", "versi", [(v, Pagu.Versi(v).label) for v in versions], versi),
    }
    return render(request, "reports/beranda.html", context)
