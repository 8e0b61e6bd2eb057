"""Estimates of the target groups: inputs, result with formula and doubts, and how it becomes a sasaran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.rules.spm.sasaran import CALCULATORS, Calculator, SasaranError
from capaian.rules.trace import Computed
from capaian.spm.actions import SpmRefused, record_sasaran
from capaian.spm.estimates import (
    exception_is_open,
    offered,
    pack_of,
    read_inputs,
    recomputed,
    remembered,
    to_store,
)
from capaian.spm.models import SasaranSpm
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.spm.queries import spm_rules
from capaian.spm.queries_sasaran import puskesmas
from capaian.spm.typed import TypedRefused
from capaian.web.components import render_trace

_SAVED = ("metode", "sumber", "nomor_keputusan", "tanggal_keputusan", "ditetapkan", "justifikasi")


@dataclass(frozen=True)
class InputField:
    """A field as it is drawn: its text, and what is wrong with it."""

    name: str
    label: str
    satuan: str
    required: bool
    text: str
    error: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of the inputs: the result, or why there is none; `errors` by name of the field."""

    hasil: Computed | None = None
    inputs: Mapping[str, Decimal | None] | None = None
    error: str = ""
    errors: Mapping[str, str] | None = None


@require_http_methods(["GET", "POST"])
def kalkulator(request: HttpRequest, instansi: str, tahun: int, kode: str) -> HttpResponse:
    """How many people may there be in this group, by which formula?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    calculator = _find(office, kode)
    units = puskesmas(office.tahun_kinerja)
    unit, exists = chosen_unit(request, office, units)
    right = Permission.RECORD_REALISASI if unit else Permission.WRITE_RENCANA
    is_post = request.method == "POST"
    if is_post and exists:
        named_unit(office, unit_key(unit), right)
    sent = request.POST if is_post else request.GET
    is_asked = is_post or "hitung" in request.GET
    texts = {one.nama: sent.get(one.nama, "").strip() for one in calculator.fields}
    if not is_asked and not any(texts.values()):
        texts = remembered(calculator, office.tahun_kinerja, unit)
    answer = _answer(office, calculator, texts) if is_asked else Answer()
    save_error = ""
    typed = {name: request.POST.get(name, "") for name in _SAVED}
    if is_post and exists and answer.hasil is not None:
        row = _save(request, office, unit, calculator, answer)
        if isinstance(row, SasaranSpm):
            messages.success(request, _stored_words(row))
            return redirect(f"{_unit_url(office, unit)}#k-{row.kelompok}")
        save_error = row
    context = _context(office, calculator, unit, answer, texts) | {
        "typed": typed if is_post else _proposed(calculator),
        "save_error": save_error,
        "versi": unit_choice(request, office, units, unit),
        "can_save": exists and office.allows(right, unit.pk if unit else None),
        "action": f"{request.path}?unit={unit_key(unit)}",
    }
    status = 422 if answer.error or save_error or (is_post and not exists) else 200
    return render(request, "spm/kalkulator.html", context, status=status)


@require_GET
def sasaran_jejak(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """By which formula was this sasaran calculated?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    rows = SasaranSpm.objects.select_related("unit", "wilayah")
    row = get_object_or_404(rows, pk=pk, tahun_kinerja=office.tahun_kinerja)
    named_unit(office, unit_key(row.unit))
    rules = spm_rules(office.tahun_kinerja)
    hasil = recomputed(row, rules)
    if hasil is None:
        raise Http404("Sasaran ini tidak dihitung dengan rumus; sumbernya tertulis pada barisnya.")
    notes = list(hasil.catatan)
    if hasil.tampil is not None and hasil.tampil != row.jumlah:
        notes.insert(0, f"Rumus memberi {format_number(hasil.tampil)}; yang tersimpan {format_number(row.jumlah)}.")
    if row.keterangan:
        notes.append(row.keterangan)
    return render_trace(
        request,
        hasil.trace.to_dict(),
        title=next((one.nama for one in rules.standar.kelompok if one.kode == row.kelompok), row.kelompok),
        subtitle=f"{row.unit or office.tahun_kinerja.instansi}, {row.sumber}",
        result=f"{format_number(row.jumlah)} orang",
        basis=pack_of(rules).id,
        remarks=notes,
        back_url=f"{_unit_url(office, row.unit)}#k-{row.kelompok}",
    )


def _find(office: Office, kode: str) -> Calculator:
    if kode not in CALCULATORS:
        raise Http404(f"Tidak ada perkiraan {kode}; yang ada: {', '.join(CALCULATORS)}.")
    return CALCULATORS[kode]


def _answer(office: Office, calculator: Calculator, texts: Mapping[str, str]) -> Answer:
    inputs, errors = read_inputs(calculator, texts)
    if errors:
        return Answer(error="Ada masukan yang belum dapat dibaca; perbaiki yang ditandai.", errors=errors)
    try:
        return Answer(offered(calculator, inputs, spm_rules(office.tahun_kinerja)), inputs)
    except SasaranError as error:
        return Answer(error=str(error))


def _context(
    office: Office, calculator: Calculator, unit: UnitKerja | None, answer: Answer, texts: Mapping[str, str]
) -> dict[str, object]:
    errors = answer.errors or {}
    fields = [
        InputField(one.nama, one.label, one.satuan, one.is_required, texts.get(one.nama, ""), errors.get(one.nama, ""))
        for one in calculator.fields
    ]
    rules = spm_rules(office.tahun_kinerja)
    return {
        "calculator": calculator,
        "calculators": CALCULATORS.values(),
        "kelompok": next(one for one in rules.standar.kelompok if one.kode == calculator.kelompok),
        "unit": unit,
        "kunci": unit_key(unit),
        "fields": fields,
        "hasil": answer.hasil,
        "steps": answer.hasil.trace.to_dict()["steps"] if answer.hasil else [],
        "error": answer.error,
        "may_decree": answer.hasil is not None and exception_is_open(answer.hasil),
        "metode": SasaranSpm.Metode.choices,
    }


def _proposed(calculator: Calculator) -> dict[str, str]:
    return {"metode": calculator.metode, "sumber": f"Perkiraan: {calculator.rumus}"}


def _save(
    request: HttpRequest, office: Office, unit: UnitKerja | None, calculator: Calculator, answer: Answer
) -> SasaranSpm | str:
    """The stored row, or why nothing was stored."""
    try:
        stated = to_store(calculator, answer.inputs or {}, answer.hasil, request.POST)
        return record_sasaran(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            unit=unit,
            stated=stated,
        )
    except (TypedRefused, SpmRefused) as error:
        return str(error)


def _stored_words(row: SasaranSpm) -> str:
    where = "dipakai" if row.dipakai else "disimpan di samping angka yang dipakai"
    return f"Sasaran {format_number(row.jumlah)} disimpan beserta rumusnya; {where}."


def _unit_url(office: Office, unit: UnitKerja | None) -> str:
    year = office.tahun_kinerja
    return reverse("spm:sasaran_unit", args=[year.instansi.kunci, year.tahun, unit_key(unit)])
