"""The documents of SPM of a Puskesmas or the district: the eight forms, the monev of a quarter, the yearly report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.organisations.permissions import Permission, require_office
from capaian.reports.build import page_of
from capaian.reports.models import ReportVersion
from capaian.reports.spm.forms import form_names
from capaian.reports.spm.forms.names import ALL, SLUGS, form_file_name
from capaian.reports.versions import CONTENT_TYPES, spm_parts
from capaian.reports.views_laporan import ask_for, asked_quarter, kind_answer, page_context
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.spm.queries import spm_rules, spm_units
from capaian.workflow.jobs import sweep

_PAGE = "spm"


@require_GET
def spm(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which forms and reports of SPM can be taken home, for the district or a Puskesmas?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(ReportVersion, timezone.now())
    year = office.tahun_kinerja
    units = spm_units(year)
    unit, exists = chosen_unit(request, office, units)
    names = form_names(spm_rules(year).standar)
    context = {
        **page_context(office, unit, _PAGE),
        "exists": exists,
        "kunci": unit_key(unit),
        "forms": [(kode, names[kode], slug) for slug, kode in SLUGS.items()],
        "all": ALL,
        "kinds": spm_parts(office, unit) if exists else [],
        "versi": unit_choice(request, office, units, unit),
    }
    return render(request, "reports/spm.html", context)


@require_GET
def spm_formulir(request: HttpRequest, instansi: str, tahun: int, unit: str, formulir: str) -> HttpResponse:
    """One of the eight forms, or all of them (`lengkap`), as a workbook of the data as they stand now."""
    # Spreadsheet engines are heavy, and pages need none.
    from capaian.reports.spm.forms.files import form_file

    office = require_office(request, instansi, tahun, somewhere=True)
    place, year = named_unit(office, unit), office.tahun_kinerja
    if formulir != ALL and formulir not in SLUGS:
        raise Http404(f"Tidak ada formulir {formulir}; yang ada: {', '.join([*SLUGS, ALL])}.")
    content = form_file(year, place, formulir, timezone.localdate())
    response = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{form_file_name(year, place, formulir)}"'
    return response


@require_POST
def spm_buat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Ask for a version of one of the two reports, of the unit that the form names, else of the district."""
    office = require_office(request, instansi, tahun, Permission.GENERATE_REPORT, somewhere=True)
    unit = named_unit(office, request.POST.get("unit") or unit_key(None), Permission.GENERATE_REPORT)
    jenis = request.POST.get("jenis", "")
    if jenis not in ReportVersion.Jenis.values or page_of(jenis) != _PAGE:
        raise Http404(f"Jenis laporan {jenis} bukan laporan SPM.")
    notice = ask_for(request, office, jenis, asked_quarter(request.POST.get("periode", "0")), unit)
    if not request.htmx and not notice:  # type: ignore[attr-defined]
        place = reverse("reports:spm", kwargs={"instansi": instansi, "tahun": tahun})
        return redirect(f"{place}?unit={unit_key(unit)}")
    return kind_answer(request, office, jenis, notice, unit)
