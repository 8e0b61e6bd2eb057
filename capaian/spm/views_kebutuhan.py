"""What the services need: goods by service with shortage and cost, staff once, for a Puskesmas or the district."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number, format_rupiah
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.spm.queries_kebutuhan import (
    Item,
    district_item,
    district_needs,
    district_staff,
    find_butir,
    find_profesi,
    read_needs,
    unit_item,
    unit_needs,
    unit_staff,
)
from capaian.web.components import render_trace
from capaian.workflow.forms import SheetKey, form_definitions
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_url


@require_GET
def kebutuhan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What is missing to serve everybody to standard, and what does it cost?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    data = read_needs(office.tahun_kinerja)
    unit, exists = chosen_unit(request, office, data.units)
    is_owing = unit is None or unit in data.units
    needs = district_needs(data) if unit is None else unit_needs(data, unit)
    context = {
        "unit": unit,
        "kunci": unit_key(unit),
        "rules": data.rules,
        "needs": needs,
        "has_units": bool(data.units) and exists and is_owing,
        "versi": unit_choice(request, office, data.units, unit),
        "form_url": _form_url(office, unit),
    }
    return render(request, "spm/kebutuhan.html", context)


@require_GET
def kebutuhan_jejak(request: HttpRequest, instansi: str, tahun: int, unit: str, butir: str) -> HttpResponse:
    """Where does the need of this item come from?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    place = named_unit(office, unit)
    data = read_needs(office.tahun_kinerja)
    standar = data.rules.standar
    found, staff = find_butir(standar, butir), find_profesi(standar, butir)
    if found is not None:
        item = district_item(data, found) if place is None else unit_item(data, place.pk, found)
    elif staff is not None:
        item = district_staff(data, staff) if place is None else unit_staff(data, place.pk, staff)
    else:
        raise Http404(f"Tidak ada butir mutu {butir} pada {standar.pack.judul}.")
    return render_trace(
        request,
        item.hasil.trace.to_dict(),
        title=item.nama,
        subtitle=str(place or office.tahun_kinerja.instansi),
        result=_result(item),
        basis=standar.pack.id,
        remarks=item.hasil.catatan,
        back_url=f"{reverse('spm:kebutuhan', args=[instansi, tahun])}?unit={unit}",
    )


def _result(item: Item) -> str:
    if item.hasil.biaya:
        return format_rupiah(item.hasil.biaya)
    if item.hasil.selisih is not None:
        return f"selisih {format_number(item.hasil.selisih)} {item.satuan}"
    return "" if item.hasil.jumlah is None else f"{format_number(item.hasil.jumlah)} {item.satuan}"


def _form_url(office: Office, unit: UnitKerja | None) -> str:
    """The form where needs, stock and prices are stated; empty where it is not there, or not for this person."""
    if not office.allows(Permission.VIEW, unit.pk if unit else None):
        return ""
    if Form.SPM_KEBUTUHAN.value not in {one.kode for one in form_definitions()}:
        return ""
    return sheet_url("lembar", SheetKey(office.tahun_kinerja, Form.SPM_KEBUTUHAN.value, unit, 0))
