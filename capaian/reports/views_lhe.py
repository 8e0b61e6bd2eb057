"""The report of the AKIP evaluation: its page, and asking for it; evaluators may, and whoever makes reports."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.assessments.queries_akip import official_of
from capaian.organisations.permissions import Permission, require_office
from capaian.reports.models import ReportVersion
from capaian.reports.versions import kind_parts
from capaian.reports.views_laporan import ask_for, kind_answer, page_context
from capaian.workflow.jobs import sweep

_PAGE = "lhe"


@require_GET
def lhe(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which report of the evaluation can be signed and sent?"""
    office = require_office(request, instansi, tahun)
    sweep(ReportVersion, timezone.now())
    official = official_of(office.tahun_kinerja)
    context = {
        **page_context(office, None, _PAGE),
        "official": official,
        "kinds": kind_parts(office, ReportVersion.Jenis.LHE) if official else [],
    }
    return render(request, "reports/lhe.html", context)


@require_POST
def lhe_buat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Ask for a version."""
    office = require_office(request, instansi, tahun)
    if not page_context(office, None, _PAGE)["may_generate"]:
        raise PermissionDenied(office.refusal(Permission.GENERATE_REPORT))
    jenis = request.POST.get("jenis", "")
    if jenis != ReportVersion.Jenis.LHE:
        raise Http404(f"Jenis laporan {jenis} bukan laporan hasil evaluasi.")
    notice = ask_for(request, office, jenis, 0, None)
    if not request.htmx and not notice:  # type: ignore[attr-defined]
        return redirect("reports:lhe", instansi=instansi, tahun=tahun)
    return kind_answer(request, office, jenis, notice)
