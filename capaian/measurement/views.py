"""Pages of the measurement: the entry grid, an indicator whole, its analysis, and the trace behind a figure."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from capaian.measurement import dossier, grid
from capaian.measurement.actions import Recorded, propose_rencana_aksi, record_realisasi, save_analisis
from capaian.measurement.compute import capaian_rule
from capaian.measurement.entry import RealisasiRefused
from capaian.measurement.forms import AnalisisForm
from capaian.measurement.models import Capaian, Faktor
from capaian.organisations.models import Membership
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.planning.models import Indikator, Node
from capaian.planning.queries import year_indikator
from capaian.rules.capaian_forms import FORMULAS
from capaian.rules.perbandingan import rank_trace
from capaian.rules.periods import ROMAN
from capaian.web.components import context_choice, render_trace
from capaian.web.navigation import office_url
from capaian.web.templatetags.capaian import persen
from capaian.workflow.policy import StateRefused

MAX_CELLS = 200
_NO_RIGHT = (
    "Halaman ini hanya dapat dibaca: peran Anda ({roles}) tidak berhak mengisi realisasi. "
    "Yang mengisi ialah perencana dan pemegang program."
)


@require_POST
def rencana_aksi_usulan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Make a first rencana aksi out of the annual targets, then show it."""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA)
    try:
        propose_rencana_aksi(by=request.user, tahun_kinerja=office.tahun_kinerja)  # type: ignore[arg-type]
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, "Usulan target triwulan dibuat dari target tahunan. Periksa baris bertanda sebelum dipakai."
        )
    return redirect("planning:rencana_aksi", instansi=instansi, tahun=tahun)


def pengukuran(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """The quarterly entry grid: what was reached, cell by cell, and the capaian at once."""
    office = require_office(request, instansi, tahun)
    today = timezone.localdate()
    table = grid.read_grid(office.tahun_kinerja, today)
    asked = request.GET.get("tw", "")
    triwulan = int(asked) if asked in {"1", "2", "3", "4"} else grid.current_quarter(tahun, today)
    options = [(number, f"Triwulan {ROMAN[number - 1]}") for number in range(1, 5)]
    filled, fillable = table.filled(triwulan), table.fillable
    context = {
        "grid": table,
        "triwulan": triwulan,
        "label": f"triwulan {ROMAN[triwulan - 1]}",
        "roman": ROMAN[triwulan - 1],
        "periode": context_choice(request, "Periode", "tw", options, triwulan),
        "filled": filled,
        "fillable": fillable,
        "share": filled * 100 // fillable if fillable else 0,
        "levels": list(dict.fromkeys(row.level for row in table.rows)),
        "units": sorted({row.unit for row in table.rows if row.unit}),
        "statuses": [(status.value, status.label) for status in Capaian.Status],
        "can_record": office.can_record,
        "why_not": "" if office.can_record else _NO_RIGHT.format(roles=_roles(office)),
    }
    return render(request, "measurement/pengukuran.html", context)


def _roles(office: Office) -> str:
    return ", ".join(Membership.Role(role).label for role in office.roles).lower()


@require_POST
def realisasi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Save cells of the grid, JSON in and out. Each cell stands for itself: one mistake loses no other value."""
    office = require_office(request, instansi, tahun, Permission.RECORD_REALISASI)
    try:
        cells, triwulan = _read_cells(request.body)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        return HttpResponseBadRequest(f"Permintaan tidak terbaca: {error}")
    wanted = {cell["indikator"] for cell in cells if abs(cell["indikator"]) <= BigIntegerField.MAX_BIGINT}
    known = {one.pk: one for one in year_indikator(office.tahun_kinerja).filter(pk__in=wanted)}
    answers: list[dict[str, Any]] = []
    recorded: dict[int, Recorded] = {}
    for cell in cells:
        answers.append(_save_cell(request, known, tahun, cell, recorded))
    joined = grid.joined_values([known[pk] for pk in recorded], tahun)
    rows = [
        {
            "indikator": pk,
            "joined": joined[pk],
            "status": result.capaian[triwulan].status if triwulan in result.capaian else Capaian.Status.BELUM_ADA,
            "triwulan": _capaian_html(request, office, known[pk], result.capaian.get(triwulan)),
            "tahun": _capaian_html(request, office, known[pk], result.capaian.get(0)),
        }
        for pk, result in recorded.items()
    ]
    return JsonResponse({"cells": answers, "rows": rows})


def _read_cells(body: bytes) -> tuple[list[dict[str, Any]], int]:
    data = json.loads(body)
    cells = [
        {"indikator": int(cell["indikator"]), "periode": int(cell["periode"]), "teks": str(cell["teks"])}
        for cell in data["cells"]
    ]
    if len(cells) > MAX_CELLS:
        raise ValueError(f"paling banyak {MAX_CELLS} sel sekali simpan")
    return cells, int(data.get("tw", 4))


def _save_cell(
    request: HttpRequest,
    known: dict[int, Indikator],
    tahun: int,
    cell: dict[str, Any],
    recorded: dict[int, Recorded],
) -> dict[str, Any]:
    answer: dict[str, Any] = {"indikator": cell["indikator"], "periode": cell["periode"], "ok": False, "readings": []}
    indikator = known.get(cell["indikator"])
    if indikator is None:
        return {**answer, "message": "Indikator ini tidak ada lagi pada tahun ini; muat ulang halaman."}
    try:
        result = record_realisasi(
            by=request.user,  # type: ignore[arg-type]
            indikator=indikator,
            tahun=tahun,
            periode=cell["periode"],
            teks=cell["teks"],
            today=timezone.localdate(),
        )
    except RealisasiRefused as refusal:
        return {**answer, "message": str(refusal), "readings": [list(reading) for reading in refusal.readings]}
    except StateRefused as refusal:
        return {**answer, "message": str(refusal)}
    recorded[indikator.pk] = result
    return {**answer, "ok": True, "teks": result.teks}


def _capaian_html(request: HttpRequest, office: Office, indikator: Indikator, capaian: Capaian | None) -> str:
    desimal = office.tahun_kinerja.instansi.desimal if indikator.desimal is None else indikator.desimal
    context = {"capaian": capaian, "desimal": desimal, "nama": indikator.nama}
    return render_to_string("measurement/parts/capaian.html", context, request)


def indikator(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """One indicator whole: what it is, what was promised, what was reached, how others stand, and why."""
    office = require_office(request, instansi, tahun)
    tahun_kinerja = office.tahun_kinerja
    found = _indikator(office, kunci)
    years, quarters, renstra = dossier.history(tahun_kinerja, found)
    rule = capaian_rule(found, tahun_kinerja.instansi)
    context = {
        "indikator": found,
        "place": dossier.place_of(found),
        "unit": found.penanggung_jawab or (found.node.penanggung_jawab if found.node else None),
        "rule": rule,
        "formula": FORMULAS[rule.rumus],
        "rumus_is_own": bool(found.rumus),
        "targets": dossier.target_years(tahun_kinerja, found),
        "years": years,
        "this_year": next((row for row in years if row.tahun == tahun), None),
        "quarters": quarters if any(row.target or row.realisasi for row in quarters) else [],
        "renstra": renstra,
        "trend": dossier.trend_option(years),
        "comparison": dossier.comparison(tahun_kinerja, found),
        "rincian": dossier.rincian_views(tahun_kinerja, found),
        "analisis": dossier.analisis_view(tahun_kinerja, found),
        "changes": dossier.changes(tahun_kinerja, found),
    }
    return render(request, "measurement/indikator.html", context)


@require_http_methods(["GET", "POST"])
def analisis(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """The analysis as a fragment: shown, as a form (`?ubah=1`), one more row (`?baris=jenis`), saved."""
    wanted = Permission.WRITE_ANALISIS if request.method == "POST" or request.GET else Permission.VIEW
    office = require_office(request, instansi, tahun, wanted)
    found = _indikator(office, kunci)
    if request.GET.get("baris") in Faktor.Jenis.values:
        return render(
            request, "measurement/parts/faktor_row.html", {"jenis": request.GET["baris"], "programs": _programs(office)}
        )
    shown = dossier.analisis_view(office.tahun_kinerja, found)
    context: dict[str, Any] = {"indikator": found, "analisis": shown}
    if request.method == "GET" and not request.GET.get("ubah"):
        return render(request, "measurement/parts/analisis.html", context)
    programs = _programs(office)
    if request.method == "POST":
        form = AnalisisForm.read(request.POST, programs)
        if not form.errors:
            save_analisis(
                by=request.user,  # type: ignore[arg-type]
                tahun_kinerja=office.tahun_kinerja,
                indikator=found,
                uraian=form.uraian,
                faktor=form.faktor,
            )
            context |= {"analisis": dossier.analisis_view(office.tahun_kinerja, found), "saved": True}
            return render(request, "measurement/parts/analisis.html", context)
    else:
        form = AnalisisForm(shown.uraian, [_faktor_fields(one) for one in _factors(shown)])
    groups = [
        (jenis.value, jenis.label, [row for row in form.faktor if row["jenis"] == jenis.value])
        for jenis in Faktor.Jenis
    ]
    context |= {"form": form, "groups": groups, "programs": programs}
    return render(request, "measurement/parts/analisis_form.html", context)


def _indikator(office: Office, kunci: str) -> Indikator:
    found = dossier.find_indikator(office.tahun_kinerja, kunci)
    if found is None:
        raise Http404(f"Tidak ada indikator {kunci} pada tahun {office.tahun_kinerja.tahun}.")
    return found


def _programs(office: Office) -> list[Node]:
    return list(office.tahun_kinerja.nodes.filter(jenis=Node.Jenis.PROGRAM).order_by("urutan"))


def _factors(view: dossier.AnalisisView) -> list[Faktor]:
    return [*view.penunjang, *view.penghambat, *view.tindak_lanjut]


def _faktor_fields(faktor: Faktor) -> dict[str, Any]:
    return {
        "jenis": faktor.jenis,
        "program": faktor.program,
        "indikator_pendukung": faktor.indikator_pendukung,
        "uraian": faktor.uraian,
    }


def jejak(request: HttpRequest, instansi: str, tahun: int, capaian_id: int) -> HttpResponse:
    """The trace of one capaian, frozen with its pack when it was computed."""
    office = require_office(request, instansi, tahun)
    capaian = get_object_or_404(
        Capaian.objects.select_related("indikator", "dokumen"),
        pk=capaian_id,
        indikator__instansi=office.tahun_kinerja.instansi,
    )
    place = {"kunci": instansi, "tahun": tahun}
    until = f" sampai triwulan {ROMAN[capaian.periode - 1]}" if capaian.periode else ""
    back = {"instansi": instansi, "tahun": tahun, "kunci": capaian.indikator.kunci}
    return render_trace(
        request,
        capaian.jejak,
        title=capaian.indikator.nama,
        subtitle=f"Capaian {capaian.tahun}{until}; target {capaian.tahun_target} dari {capaian.dokumen.nama}",
        result=persen(capaian.tampil) if capaian.tampil is not None else capaian.get_status_display(),
        status=capaian.status,
        basis=capaian.pack_id,
        remarks=capaian.catatan,
        printed_url=""
        if capaian.periode
        else f"{office_url('review:tercetak', place)}?kunci={capaian.indikator.kunci}",
        back_url=reverse("measurement:indikator", kwargs=back),
    )


def jejak_peringkat(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """The trace of the office's rank among the kabupaten/kota."""
    office = require_office(request, instansi, tahun)
    indikator = _indikator(office, kunci)
    found = dossier.comparison(office.tahun_kinerja, indikator)
    if found is None or found.own is None:
        raise Http404("Indikator ini tidak punya peringkat pada tahun ini.")
    return render_trace(
        request,
        rank_trace(found.ranked, found.own.nama, indikator.arah).to_dict(),  # type: ignore[arg-type]
        title=indikator.nama,
        subtitle=f"Peringkat {found.own.nama} menurut nilai tahun {tahun}",
        result=f"{found.own.peringkat or '–'} dari {len(found.ranked)}",
        back_url=reverse("measurement:indikator", kwargs={"instansi": instansi, "tahun": tahun, "kunci": kunci}),
    )
