"""Publishing a report and taking it back: what becomes public, what speaks against it, and why all the same."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from capaian.organisations.permissions import Permission, require_office
from capaian.reports.build import PAGES
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.reports.publication_actions import MAX_REASON, count_open_sheets, publish_report, withdraw_publication
from capaian.reports.publication_figures import MEASURING
from capaian.reports.versions import FORMAT_WORDS, publication_of, report_name, visible_versions


@require_http_methods(["GET", "POST"])
def publikasi(request: HttpRequest, instansi: str, tahun: int, version_id: int) -> HttpResponse:
    """The page of one ready version: publish it, or withdraw it once it is published."""
    office = require_office(request, instansi, tahun, Permission.PUBLISH)
    ready = visible_versions(office).filter(state=ReportVersion.State.READY).exclude(jenis__in=PAGES)
    version = get_object_or_404(ready.select_related("tahun_kinerja__instansi"), pk=version_id)
    error, reason = "", request.POST.get("alasan", "")
    if request.method == "POST":
        try:
            messages.success(request, _act(request, version, reason))
            return redirect("reports:laporan", instansi=instansi, tahun=tahun)
        except ReportError as refusal:
            error = str(refusal)
    open_sheets, owed = count_open_sheets(version)
    context = {
        "version": version,
        "name": f"{report_name(version)} v{version.nomor}",
        "publication": publication_of(version),
        "open_sheets": open_sheets,
        "owed": owed,
        "has_figures": version.jenis in MEASURING,
        "formats": [word for fmt, word in FORMAT_WORDS.items() if fmt in version.files],
        "error": error,
        "reason": reason,
        "max_reason": MAX_REASON,
    }
    return render(request, "reports/publikasi.html", context, status=422 if error else 200)


def _act(request: HttpRequest, version: ReportVersion, reason: str) -> str:
    """Do what the button says; the sentence that tells it. Raises `ReportError`."""
    what, by = request.POST.get("tindakan", ""), request.user
    if what == "terbitkan":
        publish_report(by=by, version=version, reason=reason)  # type: ignore[arg-type]
        return f"{report_name(version)} v{version.nomor} sekarang terbuka untuk umum."
    publication = publication_of(version)
    if what != "tarik" or publication is None:
        raise Http404("Tindakan ini tidak ada untuk versi ini.")
    withdraw_publication(by=by, publication=publication, reason=reason)  # type: ignore[arg-type]
    return f"{report_name(version)} v{version.nomor} ditarik; halaman publik menyebut alasannya."
