"""Laporan: make a report, watch it being made, read it on the page, take it home; earlier versions stay."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.documents.blocks import Document
from capaian.documents.html import render_html
from capaian.documents.layout import plan
from capaian.measurement.models import Capaian
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.planning.models import Dokumen
from capaian.reports.actions import read_file, request_once, unchanged_version
from capaian.reports.build import LAPORAN, PAGES, QUARTERLY, page_of
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.reports.versions import CONTENT_TYPES, PENDING, file_name, kind_parts, visible_versions
from capaian.workflow.jobs import enqueue, sweep

_QUARTERS = ((1, "Triwulan I"), (2, "Triwulan II"), (3, "Triwulan III"), (4, "Triwulan IV"))
# A worker looks for work twice a second; one that has not begun by then is probably not running.
_WORKER_MISSING = timedelta(seconds=20)


@require_GET
def laporan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Every kind of report with its versions."""
    office = require_office(request, instansi, tahun)
    sweep(ReportVersion, timezone.now())
    return render(request, "reports/laporan.html", {"kinds": kind_parts(office), **page_context(office, None)})


@require_POST
def laporan_buat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Ask for a version. What is ready and has not changed since is offered first; `paksa` makes one anyway."""
    office = require_office(request, instansi, tahun, Permission.GENERATE_REPORT)
    jenis, periode = request.POST.get("jenis", ""), asked_quarter(request.POST.get("periode", "0"))
    if jenis not in ReportVersion.Jenis.values or page_of(jenis) != LAPORAN:
        raise Http404(f"Jenis laporan {jenis} tidak ada di halaman ini.")
    notice = ask_for(request, office, jenis, periode, None)
    if not request.htmx and not notice:  # type: ignore[attr-defined]
        return redirect("reports:laporan", instansi=instansi, tahun=tahun)
    return kind_answer(request, office, jenis, notice)


def ask_for(
    request: HttpRequest, office: Office, jenis: str, periode: int, unit: UnitKerja | None
) -> dict[str, object]:
    """Queue a version, unless one is pending; the notice of one that would say the same, else nothing."""
    year = office.tahun_kinerja
    periode = (periode or 4) if jenis in QUARTERLY else 0
    pending = year.report_versions.filter(jenis=jenis, periode=periode, unit=unit, state__in=PENDING)
    if pending.exists():
        return {}
    same = None if request.POST.get("paksa") else _unchanged(office, jenis, periode, unit)
    if same:
        return {"unchanged": same, "periode": periode}
    by = request.user
    version = request_once(by=by, tahun_kinerja=year, jenis=jenis, periode=periode, unit=unit)  # type: ignore[arg-type]
    if version:
        enqueue(version)
    return {}


def page_context(office: Office, unit: UnitKerja | None, page: str = LAPORAN) -> dict[str, object]:
    """What the parts of a page about kinds of reports need: for whom they are, who may ask, and where.

    `page` is the URL name of the page; one asks at the address of the same name with `_buat`.
    """
    place = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}
    return {
        "quarters": _QUARTERS,
        "unit": unit,
        "may_generate": office.allows(Permission.GENERATE_REPORT, unit.pk if unit else None)
        # Evaluators write the report of their own evaluation.
        or (page == PAGES[ReportVersion.Jenis.LHE] and office.allows(Permission.EVALUATE)),
        "ask_url": reverse(f"reports:{page}_buat", kwargs=place),
    }


def asked_quarter(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4") else 0


def _unchanged(office: Office, jenis: str, periode: int, unit: UnitKerja | None) -> ReportVersion | None:
    try:
        return unchanged_version(office.tahun_kinerja, jenis, periode, unit)
    except ReportError:
        # The job will say why it cannot be made, where everybody can read it.
        return None


def kind_answer(
    request: HttpRequest, office: Office, jenis: str, extra: dict[str, object], unit: UnitKerja | None = None
) -> HttpResponse:
    """The part of the page about one kind; the whole page around it for a browser without scripts."""
    page = page_of(jenis)
    context = {**page_context(office, unit, page), **extra}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, f"reports/{page}.html", {"kinds": kind_parts(office, jenis, unit), **context})
    context["kind"] = kind_parts(office, jenis, unit)[0]
    return render(request, "reports/laporan/kind.html", context)


@require_GET
def laporan_kemajuan(request: HttpRequest, instansi: str, tahun: int, version_id: int) -> HttpResponse:
    """How far a job is, asked again and again; when it has ended, the whole part about its kind."""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(ReportVersion, timezone.now())
    version = get_object_or_404(visible_versions(office), pk=version_id)
    if version.state in PENDING:
        waiting = version.state == ReportVersion.State.QUEUED and timezone.now() - version.created_at > _WORKER_MISSING
        return render(request, "reports/laporan/progress.html", {"version": version, "worker_missing": waiting})
    response = kind_answer(request, office, version.jenis, {}, version.unit)
    response["HX-Retarget"], response["HX-Reswap"] = f"#laporan-{version.jenis}", "outerHTML"
    return response


@require_GET
def preview(request: HttpRequest, instansi: str, tahun: int, version_id: int) -> HttpResponse:
    """A ready version as a page, with its table of contents beside it."""
    office = require_office(request, instansi, tahun, somewhere=True)
    version = _ready(office, version_id)
    document = Document.from_dict(version.blocks or {})
    headings = enumerate(plan(document).headings(4), start=1)
    context = {
        "version": version,
        "page": page_of(version.jenis),
        "row": kind_row(office, version),
        "html": render_html(document),
        "contents": [
            (f"doc-bagian-{number}", one.level, f"{one.number} {one.text}".replace("\n", " ").strip())
            for number, one in headings
            if one.level <= 2
        ],
    }
    return render(request, "reports/preview.html", context)


def kind_row(office: Office, version: ReportVersion) -> object:
    """The row of a version as the list shows it."""
    rows = kind_parts(office, version.jenis, version.unit)[0].rows
    return next(row for row in rows if row.version.pk == version.pk)


@require_GET
def download(request: HttpRequest, instansi: str, tahun: int, version_id: int, fmt: str) -> HttpResponse:
    """A file of a ready version, the same at every download."""
    office = require_office(request, instansi, tahun, somewhere=True)
    version = _ready(office, version_id)
    if fmt not in version.files or fmt not in CONTENT_TYPES:
        raise Http404(f"Versi ini tidak mempunyai berkas {fmt}.")
    response = HttpResponse(read_file(version, fmt), content_type=CONTENT_TYPES[fmt])
    response["Content-Disposition"] = f'attachment; filename="{file_name(version, fmt)}"'
    return response


def _ready(office: Office, version_id: int) -> ReportVersion:
    ready = visible_versions(office).filter(state=ReportVersion.State.READY).defer(None).defer("publication__figures")
    return get_object_or_404(ready.select_related("tahun_kinerja__instansi", "unit"), pk=version_id)


@require_GET
def laporan_jejak(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """From an indicator named in a document to the trace of its capaian of the year."""
    office = require_office(request, instansi, tahun)
    found = Capaian.objects.filter(
        dokumen__tahun_kinerja=office.tahun_kinerja, indikator__kunci=kunci, tahun=tahun, tahun_target=tahun, periode=0
    ).exclude(dokumen__jenis=Dokumen.Jenis.RENSTRA)
    capaian = found.first()
    if capaian is None:
        raise Http404(f"Belum ada capaian untuk {kunci} pada tahun {tahun}.")
    place = {"instansi": instansi, "tahun": tahun, "capaian_id": capaian.pk}
    return redirect(reverse("measurement:jejak", kwargs=place))
