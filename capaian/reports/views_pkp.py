"""The documents of PKP: the report of a Puskesmas in seven chapters, and the recap of the district with its ranking."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.assessments.queries import pkp_units
from capaian.organisations.permissions import Permission, require_office
from capaian.reports.build import page_of
from capaian.reports.models import ReportVersion
from capaian.reports.versions import pkp_parts
from capaian.reports.views_laporan import ask_for, kind_answer, page_context
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.workflow.jobs import sweep

_PAGE = "pkp"


@require_GET
def pkp(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which report of a Puskesmas, or which recap of the district, can be taken home?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(ReportVersion, timezone.now())
    units = pkp_units(office.tahun_kinerja)
    unit, exists = chosen_unit(request, office, units)
    context = {
        **page_context(office, unit, _PAGE),
        "exists": exists and bool(units),
        "has_units": bool(units),
        "kinds": pkp_parts(office, unit) if exists and units else [],
        "seen": [] if unit else [one for one in units if office.allows(Permission.VIEW, one.pk)],
        "versi": unit_choice(request, office, units, unit),
    }
    return render(request, "reports/pkp.html", context)


@require_POST
def pkp_buat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Ask for a version: the report of the unit that the form names, else the recap of the district."""
    office = require_office(request, instansi, tahun, Permission.GENERATE_REPORT, somewhere=True)
    unit = named_unit(office, request.POST.get("unit") or unit_key(None), Permission.GENERATE_REPORT)
    jenis = request.POST.get("jenis", "")
    wanted = ReportVersion.Jenis.PKP if unit else ReportVersion.Jenis.PKP_REKAP
    if jenis not in ReportVersion.Jenis.values or page_of(jenis) != _PAGE or jenis != wanted:
        raise Http404(f"Laporan {jenis} tidak ada di halaman ini: untuk satu Puskesmas pkp, untuk semua pkp_rekap.")
    notice = ask_for(request, office, jenis, 0, unit)
    if not request.htmx and not notice:  # type: ignore[attr-defined]
        place = reverse("reports:pkp", kwargs={"instansi": instansi, "tahun": tahun})
        return redirect(f"{place}?unit={unit_key(unit)}")
    return kind_answer(request, office, jenis, notice, unit)
