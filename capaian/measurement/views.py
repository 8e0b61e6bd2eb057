"""Pages of the measurement: an indicator whole, its analysis, and the traces behind its figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.measurement import dossier
from capaian.measurement.access import find_seen, require_seen
from capaian.measurement.actions import propose_rencana_aksi, save_analisis
from capaian.measurement.collected import HEADS, joined_periods, unit_rows
from capaian.measurement.compute import capaian_rule
from capaian.measurement.forms import AnalisisForm
from capaian.measurement.models import Capaian, Faktor
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.planning.models import Node
from capaian.rules.capaian_forms import FORMULAS
from capaian.rules.perbandingan import rank_trace
from capaian.rules.periods import ROMAN
from capaian.web.components import render_trace
from capaian.web.navigation import office_url
from capaian.web.templatetags.capaian import persen
from capaian.workflow.page import period_name


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


@require_GET
def indikator(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """One indicator whole: what it is, what was promised, what was reached, how others stand, and why."""
    office = require_office(request, instansi, tahun, somewhere=True)
    seen = find_seen(office, kunci)
    tahun_kinerja, found = office.tahun_kinerja, seen.indikator
    years, quarters, renstra = dossier.history(tahun_kinerja, found)
    rule = capaian_rule(found, tahun_kinerja.instansi)
    units = unit_rows(office, found)
    context = {
        "indikator": found,
        "place": dossier.place_of(found),
        "unit": seen.unit,
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
        # These may hold figures of other units.
        "rincian": dossier.rincian_views(tahun_kinerja, found) if seen.is_answering else [],
        "unit_heads": HEADS,
        "unit_rows": units,
        "joined": joined_periods(tahun_kinerja, found) if office.can_view_all else (),
        "analisis": dossier.analisis_view(tahun_kinerja, found),
        "can_write_analisis": office.allows(Permission.WRITE_ANALISIS, seen.unit_id),
        "changes": dossier.changes(tahun_kinerja, found, [row.unit for row in units]),
    }
    return render(request, "measurement/indikator.html", context)


@require_http_methods(["GET", "POST"])
def analisis(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """The analysis as a fragment: shown, as a form (`?ubah=1`), one more row (`?baris=jenis`), saved."""
    office = require_office(request, instansi, tahun, somewhere=True)
    seen = find_seen(office, kunci)
    found, may_write = seen.indikator, office.allows(Permission.WRITE_ANALISIS, seen.unit_id)
    if (request.method == "POST" or request.GET) and not may_write:
        raise PermissionDenied(office.refusal(Permission.WRITE_ANALISIS, seen.unit))
    if request.GET.get("baris") in Faktor.Jenis.values:
        return render(
            request, "measurement/parts/faktor_row.html", {"jenis": request.GET["baris"], "programs": _programs(office)}
        )
    shown = dossier.analisis_view(office.tahun_kinerja, found)
    context: dict[str, Any] = {"indikator": found, "analisis": shown, "can_write_analisis": may_write}
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


@require_GET
def jejak(request: HttpRequest, instansi: str, tahun: int, capaian_id: int) -> HttpResponse:
    """The trace of one capaian, frozen with its pack when it was computed."""
    office = require_office(request, instansi, tahun, somewhere=True)
    capaian = get_object_or_404(
        Capaian.objects.select_related("indikator", "dokumen"),
        pk=capaian_id,
        indikator__instansi=office.tahun_kinerja.instansi,
    )
    require_seen(office, capaian.indikator)
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
        if capaian.periode or not office.can_view_all
        else f"{office_url('review:tercetak', place)}?kunci={capaian.indikator.kunci}",
        back_url=reverse("measurement:indikator", kwargs=back),
    )


@require_GET
def jejak_gabungan(request: HttpRequest, instansi: str, tahun: int, periode: int, kunci: str) -> HttpResponse:
    """How the office's value of a period was made of what its units reported, or in the part that it was taken from."""
    office = require_office(request, instansi, tahun)
    indikator = find_seen(office, kunci).indikator
    found = indikator.realisasi.filter(tahun=tahun, periode=periode, jejak__isnull=False).first()
    if found is None:
        raise Http404("Nilai ini diketik; tidak ada jejak hitungnya.")
    made_of = "dari laporan unit" if indikator.pelapor else "diambil dari bagian yang menghitungnya"
    return render_trace(
        request,
        found.jejak,
        title=indikator.nama,
        subtitle=f"Realisasi {tahun}, {period_name(periode)}, {made_of}",
        result=found.teks,
        remarks=[found.keterangan],
        back_url=reverse("measurement:indikator", kwargs={"instansi": instansi, "tahun": tahun, "kunci": kunci}),
    )


@require_GET
def jejak_peringkat(request: HttpRequest, instansi: str, tahun: int, kunci: str) -> HttpResponse:
    """The trace of the office's rank among the kabupaten/kota."""
    office = require_office(request, instansi, tahun, somewhere=True)
    indikator = find_seen(office, kunci).indikator
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
