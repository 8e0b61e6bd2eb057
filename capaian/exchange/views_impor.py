"""Impor anggaran: hand in a file of pagu or realisasi; and which header words of such files mean which column."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from capaian.budget.models import Pagu
from capaian.exchange.actions import receive_upload
from capaian.exchange.mapping import LABELS, MappingRefused, columns_of, mapped_kinds, save_columns, shipped_columns
from capaian.exchange.models import ColumnMapping, Upload
from capaian.exchange.sheets.places import PERIOD_CHOICES
from capaian.exchange.uploads import visible_uploads
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.workflow.storage import FileRefused

_RECENT = 20
_Jenis = Upload.Jenis


@require_http_methods(["GET", "POST"])
def impor(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Choose what the file holds, hand it in; what was handed in before."""
    office = require_office(request, instansi, tahun, Permission.IMPORT)
    if request.method == "POST":
        return _receive(request, office)
    uploads = visible_uploads(office, request.user).filter(jenis__in=mapped_kinds())  # type: ignore[arg-type]
    context = {
        "versions": Pagu.Versi.choices,
        "periods": PERIOD_CHOICES,
        "uploads": uploads[:_RECENT],
        "kinds": _kinds(),
    }
    return render(request, "exchange/impor.html", context)


def _receive(request: HttpRequest, office: Office) -> HttpResponse:
    place: dict[str, Any] = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}
    file, options = request.FILES.get("berkas"), _options(request)
    if file is None or options is None:
        messages.error(request, "Pilih isi berkas, versi pagu atau periodenya, dan berkasnya, lalu unggah.")
        return redirect("exchange:impor", **place)
    try:
        upload = receive_upload(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            jenis=request.POST["jenis"],
            nama=file.name or "",
            stream=file,
            options=options,
        )
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("exchange:impor", **place)
    return redirect("exchange:unggahan", upload_id=upload.pk, **place)


def _options(request: HttpRequest) -> dict[str, Any] | None:
    """The version or period that the file is for; None where none was chosen."""
    jenis = request.POST.get("jenis")
    if jenis == _Jenis.PAGU and request.POST.get("versi") in Pagu.Versi.values:
        return {"versi": request.POST["versi"]}
    if jenis == _Jenis.REALISASI_ANGGARAN and request.POST.get("periode") in {"0", "1", "2", "3", "4"}:
        return {"periode": int(request.POST["periode"])}
    return None


@require_http_methods(["GET", "POST"])
def pemetaan(request: HttpRequest, instansi: str, tahun: int, jenis: str) -> HttpResponse:
    """The header words of one kind of file; an office edits its own copy, or takes the shipped ones back."""
    office = require_office(request, instansi, tahun, Permission.IMPORT)
    if jenis not in mapped_kinds():
        raise Http404(f"Berkas {jenis} tidak mempunyai pemetaan kolom.")
    columns, refusal = columns_of(office.tahun_kinerja.instansi, jenis), ""
    if request.method == "POST":
        wanted = None if request.POST.get("bawaan") else _typed(request, jenis)
        try:
            save_columns(
                by=request.user,  # type: ignore[arg-type]
                tahun_kinerja=office.tahun_kinerja,
                jenis=jenis,
                columns=wanted,
            )
        except MappingRefused as error:
            columns, refusal = wanted or columns, str(error)
        else:
            messages.success(request, "Pemetaan kolom disimpan; berlaku bagi berkas yang diunggah sesudah ini.")
            return redirect("exchange:pemetaan", instansi=instansi, tahun=tahun, jenis=jenis)
    context = {
        "jenis": jenis,
        "kinds": _kinds(),
        "refusal": refusal,
        "is_own": ColumnMapping.objects.filter(instansi=office.tahun_kinerja.instansi, jenis=jenis).exists(),
        "rows": [(name, LABELS[name], "\n".join(words), len(words) + 1) for name, words in columns.items()],
    }
    return render(request, "exchange/pemetaan.html", context)


def _typed(request: HttpRequest, jenis: str) -> dict[str, list[str]]:
    return {name: request.POST.get(f"kolom-{name}", "").splitlines() for name in shipped_columns(jenis)}


def _kinds() -> list[tuple[str, str]]:
    return [(jenis, str(_Jenis(jenis).label)) for jenis in mapped_kinds()]
