"""An instrument as a workbook: take a version out, hand a changed one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from capaian.assessments.actions_instrumen import draft_mark
from capaian.assessments.views_instrumen import find_versi
from capaian.exchange.actions import receive_upload
from capaian.exchange.instrumen.write import write_instrumen
from capaian.exchange.models import Upload
from capaian.exchange.sheets.book import CONTENT_TYPE
from capaian.organisations.permissions import Permission, require_office
from capaian.workflow.storage import FileRefused


@require_GET
def instrumen_unduh(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """A version of an instrument as a workbook."""
    office = require_office(request, instansi, tahun)
    versi = find_versi(office, versi_id)
    response = HttpResponse(write_instrumen(versi, draft_mark(versi)), content_type=CONTENT_TYPE)
    name = f"instrumen-{versi.instrumen.kunci}-v{versi.nomor}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def instrumen_unggah(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Hand in the workbook of an instrument; what it changes is shown before anything is stored."""
    office = require_office(request, instansi, tahun, Permission.WRITE_INSTRUMEN)
    place: dict[str, Any] = {"instansi": instansi, "tahun": tahun}
    file = request.FILES.get("berkas")
    if file is None:
        messages.error(request, "Belum ada berkas yang dipilih. Pilih buku kerja instrumen (.xlsx), lalu unggah.")
        return redirect("assessments:instrumen", **place)
    try:
        upload = receive_upload(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            jenis=Upload.Jenis.INSTRUMEN,
            nama=file.name or "",
            stream=file,
        )
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:instrumen", **place)
    return redirect("exchange:unggahan", upload_id=upload.pk, **place)
