"""Looking after surveys: which there are, how far each is, its address and poster, and the steps of its life."""

from __future__ import annotations

import io
from typing import Any, Final

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.organisations.permissions import Office, Permission, require_office
from capaian.skm.actions import (
    SurveiRefused,
    close_survei,
    missing_names,
    open_survei,
    remove_survei,
    reopen_survei,
    save_survei,
    withdraw_survei,
)
from capaian.skm.forms import SurveiForm, parse_day
from capaian.skm.models import Survei
from capaian.skm.queries_survei import counts_by_source, survey_row, survey_rows, total_of
from capaian.skm.questions import questions_of

_LOCAL: Final = ("http://127.0.0.1", "http://localhost")
_DONE: Final = {
    "buka": "Survei dibuka; formulirnya dapat diisi dari alamat dan kode QR di bawah.",
    "tarik": "Survei kembali menjadi draf.",
    "tutup": "Survei ditutup; hasilnya dihitung.",
    "buka_kembali": "Survei dibuka kembali.",
    "hapus": "Draf survei dihapus.",
}


@require_GET
def survei(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which surveys run, and do they have enough answers?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    rows = survey_rows(office.tahun_kinerja, office.scope(Permission.VIEW), timezone.localdate())
    can_manage = office.allows_somewhere(Permission.MANAGE_SURVEI)
    return render(request, "skm/survei.html", {"rows": rows, "can_manage": can_manage})


@require_http_methods(["GET", "POST"])
def survei_baru(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Write a new survey."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    return _edit(request, office, None)


@require_http_methods(["GET", "POST"])
def survei_ubah(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """Change a survey that is still a draft."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    if found.status != Survei.Status.DRAF:
        messages.error(
            request, "Hanya draf yang dapat diubah. Tarik dahulu surveinya menjadi draf selama belum ada jawaban."
        )
        return redirect("skm:kelola", instansi=instansi, tahun=tahun, survei_id=survei_id)
    return _edit(request, office, found)


def _edit(request: HttpRequest, office: Office, found: Survei | None) -> HttpResponse:
    form = SurveiForm(office, found)
    if request.method == "POST":
        form.fill(request.POST)
        try:
            given = form.given()
            saved = save_survei(by=request.user, tahun_kinerja=office.tahun_kinerja, given=given, survei=found)  # type: ignore[arg-type]
        except SurveiRefused as refused:
            form.errors = refused.errors
        else:
            messages.success(request, "Draf survei disimpan. Periksa, lalu buka surveinya.")
            return redirect("skm:kelola", **place_of(office), survei_id=saved.pk)
    return render(request, "skm/survei_ubah.html", {"form": form, "found": found}, status=422 if form.errors else 200)


@require_GET
def kelola(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """How far is this survey, and what is to be done next?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = find_survei(office, survei_id, Permission.VIEW)
    return render(request, "skm/kelola.html", _kelola(request, office, found))


def _kelola(request: HttpRequest, office: Office, found: Survei, **more: Any) -> dict[str, Any]:
    counts = counts_by_source(found)
    return {
        "found": found,
        "row": survey_row(found, total_of(counts), timezone.localdate()),
        "counts": counts,
        "questions": questions_of(found),
        "missing": missing_names(found),
        "address": public_address(request, found),
        "can_manage": office.allows(Permission.MANAGE_SURVEI, found.unit_id),
        "is_printed": bool(found.responden_tercetak) or found.nrr_tercetak.exists(),
        **more,
    }


@require_POST
def langkah(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """Open, close, reopen, withdraw or remove."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    step = request.POST.get("langkah", "")
    try:
        _take(request, found, step)
    except SurveiRefused as refused:
        context = _kelola(request, office, found, errors=refused.errors, alasan=request.POST.get("alasan", ""))
        return render(request, "skm/kelola.html", context, status=422)
    messages.success(request, _DONE[step])
    if step == "hapus":
        return redirect("skm:survei", **place_of(office))
    return redirect("skm:kelola", **place_of(office), survei_id=survei_id)


def _take(request: HttpRequest, found: Survei, step: str) -> None:
    by: Any = request.user
    plain = {"buka": open_survei, "tarik": withdraw_survei, "tutup": close_survei, "hapus": remove_survei}
    if step == "buka_kembali":
        sampai, wrong = parse_day(request.POST.get("sampai", ""))
        if wrong:
            raise SurveiRefused({"sampai": wrong})
        reopen_survei(by=by, survei=found, reason=request.POST.get("alasan", ""), sampai=sampai)
    elif step in plain:
        plain[step](by=by, survei=found)
    else:
        raise SurveiRefused("Pilih langkahnya pada halaman ini.")


@require_GET
def qr(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """The QR code of the public address as an SVG to put into a poster of one's own."""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = find_survei(office, survei_id, Permission.VIEW)
    response = HttpResponse(_qr_code(public_address(request, found)), content_type="image/svg+xml")
    if "unduh" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="qr-survei-{found.pk}.svg"'
    return response


@require_GET
def poster(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """A page of A4 for the wall of the waiting room."""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = find_survei(office, survei_id, Permission.VIEW)
    address = public_address(request, found)
    context = {"found": found, "address": address, "typed": address.split("://", 1)[-1].rstrip("/")}
    return render(request, "skm/poster.html", context)


def find_survei(office: Office, survei_id: int, permission: Permission) -> Survei:
    """A survey of the office year. Raises `Http404`, and `PermissionDenied` without the right for its unit."""
    found = office.tahun_kinerja.survei.select_related("tahun_kinerja__instansi", "unit").filter(pk=survei_id).first()
    if found is None:
        raise Http404("Survei ini tidak ada pada tahun ini. Lihat daftar survei.")
    if not office.allows(permission, found.unit_id):
        raise PermissionDenied(office.refusal(permission, found.unit))
    return found


def public_address(request: HttpRequest, found: Survei) -> str:
    """The address for everybody: under the name by which the office is known outside, where that is set."""
    path = reverse("skm:isi", kwargs={"tautan": found.tautan})
    if settings.SITE_URL.startswith(_LOCAL):
        return request.build_absolute_uri(path)
    return f"{settings.SITE_URL}{path}"


def place_of(office: Office) -> dict[str, Any]:
    """How an office year is named in addresses."""
    return {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}


def _qr_code(address: str) -> bytes:
    """As SVG; a quarter of it may be hidden or dirty, as on a poster that hangs for months."""
    drawn = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    return drawn.getvalue()
