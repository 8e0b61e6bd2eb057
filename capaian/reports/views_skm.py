"""The report of the satisfaction survey: of the office with all its units, or of one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_office
from capaian.reports.models import ReportVersion
from capaian.reports.versions import kind_parts
from capaian.reports.views_laporan import ask_for, kind_answer, page_context
from capaian.skm.models import Survei
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.workflow.jobs import sweep

_PAGE = "skm"


@require_GET
def skm(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which report of the survey can be taken home, of the office or of a unit?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(ReportVersion, timezone.now())
    units = _surveyed(office.tahun_kinerja)
    unit, exists = chosen_unit(request, office, units)
    has_surveys = office.tahun_kinerja.survei.exclude(status=Survei.Status.DRAF).exists()
    context = {
        **page_context(office, unit, _PAGE),
        "exists": exists and has_surveys,
        "has_surveys": has_surveys,
        "kinds": kind_parts(office, ReportVersion.Jenis.SKM, unit) if exists and has_surveys else [],
        "seen": [] if unit else [one for one in units if office.allows(Permission.VIEW, one.pk)],
        "versi": unit_choice(request, office, units, unit),
    }
    return render(request, "reports/skm.html", context)


@require_POST
def skm_buat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Ask for a version, of the unit that the form names, else of the office with all its units."""
    office = require_office(request, instansi, tahun, Permission.GENERATE_REPORT, somewhere=True)
    unit = named_unit(office, request.POST.get("unit") or unit_key(None), Permission.GENERATE_REPORT)
    jenis = request.POST.get("jenis", "")
    if jenis != ReportVersion.Jenis.SKM:
        raise Http404(f"Jenis laporan {jenis} bukan laporan SKM.")
    notice = ask_for(request, office, jenis, 0, unit)
    if not request.htmx and not notice:  # type: ignore[attr-defined]
        place = reverse("reports:skm", kwargs={"instansi": instansi, "tahun": tahun})
        return redirect(f"{place}?unit={unit_key(unit)}")
    return kind_answer(request, office, jenis, notice, unit)


def _surveyed(year: TahunKinerja) -> list[UnitKerja]:
    """The units that have a survey which was opened. One query."""
    surveys = year.survei.exclude(status=Survei.Status.DRAF).filter(unit__isnull=False)
    return list(year.instansi.unit_kerja.filter(pk__in=surveys.values("unit")).order_by("urutan", "pk"))
