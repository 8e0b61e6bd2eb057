"""Remarks on one figure or sheet: read, add, resolve; in the side drawer or as a page of its own."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.workflow.actions import add_comment, resolve_comment
from capaian.workflow.checks import clean_text
from capaian.workflow.models import Comment
from capaian.workflow.queries_sheets import OFFICE, period_label, sheet_of


@require_http_methods(["GET", "POST"])
def komentar(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What was said about this figure, and what do I have to say?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    values = request.POST if request.method == "POST" else request.GET
    unit = named_unit(office, clean_text(values.get("unit", OFFICE)))
    subject = named_subject(office, values.get("objek", ""))
    text, error = "", ""
    if request.method == "POST":
        text = values.get("teks", "")
        try:
            add_comment(
                by=request.user,  # type: ignore[arg-type]
                tahun_kinerja=office.tahun_kinerja,
                unit=unit,
                subject=subject,
                text=text,
                request_key=_request_key(values.get("kunci_permintaan", "")),
            )
        except ValueError as refusal:
            error = str(refusal)
        else:
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect(_url(office, unit, subject))
            text = ""
    return _page(request, office, unit, subject, text=text, error=error)


@require_POST
def komentar_selesai(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Mark a remark as dealt with."""
    office = require_office(request, instansi, tahun, somewhere=True)
    rows = Comment.objects.filter(tahun_kinerja=office.tahun_kinerja).select_related("unit", "tahun_kinerja__instansi")
    comment = get_object_or_404(office.scope(Permission.VIEW).narrow(rows), pk=pk)
    resolve_comment(by=request.user, comment=comment)  # type: ignore[arg-type]
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, "Komentar ditandai selesai.")
        return redirect(_url(office, comment.unit, comment.subject))
    return _page(request, office, comment.unit, comment.subject)


def named_unit(office: Office, kunci: str) -> UnitKerja | None:
    """The unit that a page is asked about, None for the office itself, if this person may see what is its own."""
    unit = None if kunci == OFFICE else office.tahun_kinerja.instansi.unit_kerja.filter(kunci=kunci).first()
    if unit is None and kunci != OFFICE:
        raise Http404("Tidak ada unit dengan kunci itu pada instansi ini.")
    if not office.allows(Permission.VIEW, unit.pk if unit else None):
        raise PermissionDenied(office.refusal(Permission.VIEW, unit))
    return unit


def named_subject(office: Office, subject: str) -> str:
    """Raises `Http404` for what is no subject of a figure or sheet of this year."""
    year = office.tahun_kinerja.tahun
    if len(subject) > 200 or sheet_of(subject) is None or f" {year}/" not in subject or "\0" in subject:
        raise Http404("Objek ini bukan angka atau isian tahun ini. Buka komentar dari halaman isian.")
    return subject


def _request_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ValueError("Formulir komentar ini tidak lengkap; muat ulang halaman, lalu kirim lagi.") from error


def _page(
    request: HttpRequest, office: Office, unit: UnitKerja | None, subject: str, *, text: str = "", error: str = ""
) -> HttpResponse:
    rows = Comment.objects.filter(tahun_kinerja=office.tahun_kinerja, unit=unit, subject=subject)
    form, periode = sheet_of(subject) or ("", 0)
    comments = list(rows.select_related("by", "resolved_by"))
    context = {
        "comments": comments,
        "open_count": sum(one.resolved_at is None for one in comments),
        "subject": subject,
        "unit": unit.kunci if unit else OFFICE,
        "unit_nama": str(unit or office.tahun_kinerja.instansi),
        "form": form,
        "periode_number": periode,
        "label": period_label(periode),
        "can_comment": office.allows(Permission.COMMENT, unit.pk if unit else None),
        "request_key": uuid4(),
        "text": text,
        "error": error,
    }
    if request.htmx:  # type: ignore[attr-defined]
        # htmx puts only a success into the page, and the refusal with the typed text belongs there.
        return render(request, "workflow/parts/komentar.html", context)
    return render(request, "workflow/komentar.html", context, status=422 if error else 200)


def _url(office: Office, unit: UnitKerja | None, subject: str) -> str:
    year = office.tahun_kinerja
    place = reverse("workflow:komentar", kwargs={"instansi": year.instansi.kunci, "tahun": year.tahun})
    return f"{place}?{urlencode({'objek': subject, 'unit': unit.kunci if unit else OFFICE})}"
