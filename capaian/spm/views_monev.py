"""Monev of a quarter: what holds a service back, what is done about it, and who has not reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.spm.standar import Layanan
from capaian.spm.actions import MAX_TEXT, SpmRefused, save_monev
from capaian.spm.places import named_unit, unit_key
from capaian.spm.queries import TRIWULAN, spm_rules, spm_units
from capaian.spm.queries_monev import read_monev
from capaian.web.components import Choice, ContextChoice
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_url, unit_name
from capaian.workflow.policy import StateRefused, may_write
from capaian.workflow.queries import deadline_of, submission_of
from capaian.workflow.queries_sheets import OFFICE, period_label
from capaian.workflow.refusals import note_sheet_refusal

_TEXTS = ("permasalahan", "solusi")


@require_GET
def monev_awal(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """The monev that concerns this person: of the office, else of the first own Puskesmas, in the quarter to report."""
    office = require_office(request, instansi, tahun, somewhere=True)
    units = spm_units(office.tahun_kinerja)
    own = next((one for one in units if office.allows(Permission.VIEW, one.pk)), None)
    if not units or (own is None and not office.allows(Permission.VIEW)):
        return render(request, "spm/monev.html", {"monev": None})
    unit = OFFICE if office.allows(Permission.VIEW) else unit_key(own)
    return redirect("spm:monev", instansi=instansi, tahun=tahun, unit=unit, triwulan=_quarter_on(tahun))


@require_GET
def monev(request: HttpRequest, instansi: str, tahun: int, unit: str, triwulan: int) -> HttpResponse:
    """Which services are behind, why, what is done about it, and who has not reported yet?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = _key(office, unit, triwulan)
    units = [one for one in spm_units(office.tahun_kinerja) if office.allows(Permission.VIEW, one.pk)]
    lock = _lock(office, key)
    found = read_monev(key)
    tabs = [(period_label(one), _url(replace(key, periode=one)), one == triwulan) for one in TRIWULAN]
    context = {
        "monev": found,
        "lagging": sum(1 for row in found.units if row.due),
        "handed_in": len(found.units) - len(found.silent),
        "key": key,
        "unit": unit,
        "unit_nama": unit_name(key),
        "lock": lock,
        "can_write": _has_right(office, key) and not lock,
        "state": submission_of(key).state,
        "sheet_url": sheet_url("lembar", key) if key.unit else "",
        "tabs": tabs,
        "periode": ContextChoice(
            "Periode", period_label(triwulan), tuple(Choice(label, url, active) for label, url, active in tabs)
        ),
        "versi": _unit_choice(office, key, units),
        "max_text": MAX_TEXT,
    }
    return render(request, "spm/monev.html", context)


@require_http_methods(["GET", "POST"])
def monev_layanan(
    request: HttpRequest, instansi: str, tahun: int, unit: str, triwulan: int, layanan: str
) -> HttpResponse:
    """Problem and solution of one service as a fragment: shown, as a form (`?ubah=1`), saved."""
    writes = request.method == "POST" or bool(request.GET.get("ubah"))
    office = require_office(request, instansi, tahun, somewhere=True)
    key = _key(office, unit, triwulan, Permission.RECORD_REALISASI if writes else Permission.VIEW)
    service = _service(office, layanan)
    context: dict[str, Any] = {"key": key, "unit": unit, "max_text": MAX_TEXT, "edits": writes}
    if request.method == "POST":
        context |= _save(request, key, service)
    lock = _lock(office, key)
    can_write = _has_right(office, key) and not lock
    # What was typed stays in its form even where the sheet has been closed meanwhile.
    context["edits"] = bool(context.get("error")) or (context["edits"] and can_write)
    found = read_monev(key)
    one = next(one for one in found.services if one.layanan.kode == service.kode)
    context |= {"one": one, "due": len(found.due), "can_write": can_write, "lock": lock}
    return render(request, "spm/parts/monev_teks.html", context)


def _save(request: HttpRequest, key: SheetKey, layanan: Layanan) -> dict[str, Any]:
    """What the fragment says after saving: that it is saved, or why not with what was typed."""
    typed = {name: request.POST.get(name, "") for name in _TEXTS}
    try:
        save_monev(by=request.user, key=key, layanan=layanan.kode, today=timezone.localdate(), **typed)  # type: ignore[arg-type]
    except StateRefused as refusal:
        note_sheet_refusal(request, key, "spm.save_monev", str(refusal))
        return {"error": str(refusal), "typed": typed}
    except SpmRefused as refusal:
        return {"error": str(refusal), "typed": typed}
    return {"saved": True, "edits": False}


def _key(office: Office, unit: str, triwulan: int, permission: Permission = Permission.VIEW) -> SheetKey:
    if triwulan not in TRIWULAN:
        raise Http404("Monev SPM dibuat per triwulan; pilih triwulan 1 sampai 4.")
    return SheetKey(office.tahun_kinerja, Form.SPM.value, named_unit(office, unit, permission), triwulan)


def _service(office: Office, kode: str) -> Layanan:
    found = spm_rules(office.tahun_kinerja).standar.by_kode.get(kode)
    if found is None:
        raise Http404(f"Tidak ada jenis pelayanan {kode} dalam standar tahun ini.")
    return found


def _lock(office: Office, key: SheetKey) -> str:
    """Why nobody can write now; empty while the sheet of the quarter is open, which an office has not."""
    today = timezone.localdate()
    if key.unit is None:
        return key.not_begun(today)
    return key.not_begun(today) or may_write(submission_of(key), deadline_of(key), today).reason


def _has_right(office: Office, key: SheetKey) -> bool:
    return office.allows(Permission.RECORD_REALISASI, key.unit.pk if key.unit else None)


def _unit_choice(office: Office, key: SheetKey, units: list[Any]) -> ContextChoice:
    whole = [None] if office.allows(Permission.VIEW) else []
    choices = [
        Choice(str(one) if one else "Seluruh kabupaten/kota", _url(replace(key, unit=one)), one == key.unit)
        for one in (*whole, *units)
    ]
    return ContextChoice("Unit", next((one.label for one in choices if one.active), unit_name(key)), tuple(choices))


def _url(key: SheetKey) -> str:
    year = key.tahun_kinerja
    place = {"instansi": year.instansi.kunci, "tahun": year.tahun, "unit": unit_key(key.unit), "triwulan": key.periode}
    return reverse("spm:monev", kwargs=place)


def _quarter_on(tahun: int) -> int:
    """The quarter to report now: the last one that has ended, in a past year the fourth."""
    today = timezone.localdate()
    return max((today.month - 1) // 3, 1) if today.year == tahun else len(TRIWULAN)
