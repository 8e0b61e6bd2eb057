"""Excel for a survey: its template, and handing in the filled one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from capaian.exchange.actions import receive_upload
from capaian.exchange.models import Upload
from capaian.exchange.sheets.book import CONTENT_TYPE
from capaian.exchange.skm.template import write_template
from capaian.exchange.uploads import visible_uploads
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.skm.models import Survei
from capaian.skm.views_survei import find_survei, place_of
from capaian.workflow.storage import FileRefused

_RECENT = 20


@require_http_methods(["GET", "POST"])
def skm_impor(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """How do sheets that were typed in Excel get in?"""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    if request.method == "POST":
        return _receive(request, office, found)
    uploads = visible_uploads(office, request.user).filter(  # type: ignore[arg-type]
        jenis=Upload.Jenis.SKM_JAWABAN, options__survei=found.pk
    )
    is_open = found.status == Survei.Status.DIBUKA
    return render(
        request, "exchange/skm_impor.html", {"found": found, "uploads": uploads[:_RECENT], "is_open": is_open}
    )


@require_GET
def skm_templat(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """The workbook to fill."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    response = HttpResponse(write_template(found), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="Jawaban-survei-{found.pk}.xlsx"'
    return response


def _receive(request: HttpRequest, office: Office, found: Survei) -> HttpResponse:
    place: dict[str, Any] = place_of(office)
    file, refused = request.FILES.get("berkas"), ""
    if file is None:
        refused = "Pilih dahulu berkasnya, lalu unggah."
    else:
        try:
            upload = receive_upload(
                by=request.user,  # type: ignore[arg-type]
                tahun_kinerja=office.tahun_kinerja,
                jenis=Upload.Jenis.SKM_JAWABAN,
                nama=file.name or "",
                stream=file,
                options={"survei": found.pk},
            )
        except FileRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("exchange:unggahan", upload_id=upload.pk, **place)
    messages.error(request, refused)
    return redirect("exchange:skm_impor", survei_id=found.pk, **place)
