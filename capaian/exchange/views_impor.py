"""Impor anggaran: hand in a file of pagu or realisasi; and which header words of such files mean which column."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
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
from capaian.spm.models import SasaranSpm
from capaian.workflow.storage import FileRefused

_RECENT = 20
_Jenis = Upload.Jenis
_MONEY = (_Jenis.PAGU.value, _Jenis.REALISASI_ANGGARAN.value)
_SPM = (_Jenis.SPM_PELAYANAN.value, _Jenis.SPM_SASARAN.value)
_INCOMPLETE = {
    "exchange:impor": "Pilih isi berkas, versi pagu atau periodenya, dan berkasnya, lalu unggah.",
    "exchange:spm_impor": "Isi metode, sumber, dan (untuk penetapan) nomor keputusannya, pilih berkasnya, lalu unggah.",
}


@require_http_methods(["GET", "POST"])
def impor(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Choose what the file holds, hand it in; what was handed in before."""
    office = require_office(request, instansi, tahun, Permission.IMPORT)
    if request.method == "POST":
        return _receive(request, office, "exchange:impor")
    context = {"versions": Pagu.Versi.choices, "periods": PERIOD_CHOICES, **_handed_in(request, office, _MONEY)}
    return render(request, "exchange/impor.html", context)


@require_http_methods(["GET", "POST"])
def spm_impor(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Hand in persons served or sasaran of many Puskesmas at once; what was handed in before.

    Who fills the form of a unit may hand in that unit's persons served; the rows of others are then findings.
    """
    office = require_office(request, instansi, tahun, somewhere=True)
    if not office.can_import_spm:
        raise PermissionDenied(office.refusal(Permission.IMPORT))
    if request.method == "POST":
        return _receive(request, office, "exchange:spm_impor")
    methods = [choice for choice in SasaranSpm.Metode.choices if choice[0] != SasaranSpm.Metode.TIDAK_DISEBUT]
    return render(request, "exchange/spm_impor.html", {"methods": methods, **_handed_in(request, office, _SPM)})


def _handed_in(request: HttpRequest, office: Office, jenis: tuple[str, ...]) -> dict[str, Any]:
    """The last files of some kinds, and the kinds with their names."""
    uploads = visible_uploads(office, request.user).filter(jenis__in=jenis)  # type: ignore[arg-type]
    return {"uploads": uploads[:_RECENT], "kinds": [(one, str(_Jenis(one).label)) for one in jenis]}


def _receive(request: HttpRequest, office: Office, page: str) -> HttpResponse:
    place: dict[str, Any] = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}
    file, options = request.FILES.get("berkas"), _options(request)
    if file is None or options is None:
        messages.error(request, _INCOMPLETE[page])
        return redirect(page, **place)
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
        return redirect(page, **place)
    return redirect("exchange:unggahan", upload_id=upload.pk, **place)


def _options(request: HttpRequest) -> dict[str, Any] | None:
    """The version or period that the file is for; None where none was chosen."""
    jenis = request.POST.get("jenis")
    if jenis == _Jenis.PAGU and request.POST.get("versi") in Pagu.Versi.values:
        return {"versi": request.POST["versi"]}
    if jenis == _Jenis.REALISASI_ANGGARAN and request.POST.get("periode") in {"0", "1", "2", "3", "4"}:
        return {"periode": int(request.POST["periode"])}
    if jenis == _Jenis.SPM_PELAYANAN:
        return {}
    if jenis == _Jenis.SPM_SASARAN:
        return _sasaran_options(request)
    return None


def _sasaran_options(request: HttpRequest) -> dict[str, Any] | None:
    """What all figures of a file of sasaran have in common; None where method, source or decree is missing."""
    found = {name: request.POST.get(name, "").strip() for name in ("metode", "sumber", "nomor_keputusan")}
    needs_decree = found["metode"] == SasaranSpm.Metode.PENETAPAN
    if found["metode"] not in SasaranSpm.Metode.values or not found["sumber"]:
        return None
    return None if needs_decree and not found["nomor_keputusan"] else found


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
        "kinds": [(one, str(_Jenis(one).label)) for one in mapped_kinds()],
        "refusal": refusal,
        "is_own": ColumnMapping.objects.filter(instansi=office.tahun_kinerja.instansi, jenis=jenis).exists(),
        "rows": [(name, LABELS[name], "\n".join(words), len(words) + 1) for name, words in columns.items()],
    }
    return render(request, "exchange/pemetaan.html", context)


def _typed(request: HttpRequest, jenis: str) -> dict[str, list[str]]:
    return {name: request.POST.get(f"kolom-{name}", "").splitlines() for name in shipped_columns(jenis)}
