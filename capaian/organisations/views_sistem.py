"""How the installation is, with figures: for admins; what everybody may know of it is at /sehat/ (`web.health`)."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capaian.organisations.permissions import Permission, require_office
from capaian.web.health import Finding, current_findings, overall
from capaian.web.release import release

# What a check calls its figures, in words.
FIGURES = {
    "milliseconds": "ms sampai basis data menjawab",
    "unapplied": "migrasi belum dijalankan",
    "oldest_job_seconds": "detik menunggu pekerjaan tertua",
    "silent_seconds": "detik sejak tanda hidup pekerja",
    "free_percent": "% ruang disk tersisa",
    "free_mb": "MB ruang disk tersisa",
    "age_hours": "jam umur cadangan terakhir",
    "entries": "entri jejak audit",
}


@require_safe
def sistem(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Is the installation well, which release is it, and what must I see to?"""
    require_office(request, instansi, tahun, Permission.MANAGE_PEOPLE)
    findings = current_findings()
    context = {
        "rows": [(finding, figures_in_words(finding)) for finding in findings],
        "overall": overall(findings),
        "release": release(),
        "database": connection.vendor,
        "database_version": ".".join(map(str, connection.get_database_version())),
        "now": timezone.localtime(),
    }
    return render(request, "organisations/sistem.html", context)


def figures_in_words(finding: Finding) -> list[tuple[int, str]]:
    """The figures of a check, each with what it counts."""
    return [(value, FIGURES[name]) for name, value in finding.figures.items()]
