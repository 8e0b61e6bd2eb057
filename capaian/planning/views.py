"""Pages of the plan: what was planned and promised, and how it is spread over the quarters."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import require_office
from capaian.planning import queries
from capaian.planning.models import Dokumen
from capaian.web.components import ContextChoice, context_choice

VIEWS = (("pohon", "Pohon rencana"), ("strategi", "Strategi dan arah kebijakan (T-C.26)"))


@require_GET
def perencanaan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What does the office want to reach, through which programmes, and what did each document promise?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    tahun_kinerja = office.tahun_kinerja
    shown = request.GET.get("tampilan", "pohon")
    tampilan = context_choice(request, "Tampilan", "tampilan", VIEWS, shown)
    if shown == "strategi":
        context = {
            "tampilan": tampilan,
            "strategi": queries.strategi_groups(tahun_kinerja),
            "renstra": queries.renstra_of(tahun_kinerja),
        }
        return render(request, "planning/perencanaan_strategi.html", context)
    dokumen_list = list(tahun_kinerja.dokumen.order_by("pk"))
    targets = queries.targets_by_indikator(tahun_kinerja)
    asked = request.GET.get("dokumen")
    dokumen = next((one for one in dokumen_list if one.kunci == asked), None)
    dokumen = dokumen or queries.default_dokumen(dokumen_list, targets)
    indikator = list(queries.year_indikator(tahun_kinerja).order_by("urutan"))
    goals = queries.goal_rows(tahun_kinerja, dokumen, targets, indikator)
    nodes = queries.node_rows(tahun_kinerja, dokumen, targets, indikator)
    context = {
        "tampilan": tampilan,
        "versi": _dokumen_choice(request, dokumen_list, dokumen),
        "dokumen": dokumen,
        "goals": goals,
        "nodes": nodes,
        "levels": list(dict.fromkeys(row.level for row in nodes)),
        "tahun_kinerja": tahun_kinerja,
    }
    return render(request, "planning/perencanaan.html", context)


@require_GET
def rencana_aksi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What must be reached in each quarter, with which money, and does the plan agree with itself?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    tahun_kinerja = office.tahun_kinerja
    dokumen_list = queries.rencana_aksi_dokumen(tahun_kinerja)
    asked = request.GET.get("dokumen")
    dokumen = next((one for one in dokumen_list if one.kunci == asked), dokumen_list[-1] if dokumen_list else None)
    rows = queries.rencana_aksi_rows(tahun_kinerja, dokumen) if dokumen else []
    context = {
        "dokumen": dokumen,
        "versi": _dokumen_choice(request, dokumen_list, dokumen),
        "rows": rows,
        "findings": Counter(finding.title for row in rows for finding in row.findings).most_common(),
        "total": sum(row.anggaran or 0 for row in rows if row.depth == 0),
        "has_target": dokumen is not None or _has_target(tahun_kinerja),
    }
    return render(request, "planning/rencana_aksi.html", context)


def _dokumen_choice(request: HttpRequest, dokumen_list: list[Dokumen], current: Dokumen | None) -> ContextChoice:
    options = [(one.kunci, f"{one.get_jenis_display()} · {one.versi}") for one in dokumen_list]
    return context_choice(request, "Dokumen dan versi", "dokumen", options, current.kunci if current else "")


def _has_target(tahun_kinerja: TahunKinerja) -> bool:
    return tahun_kinerja.dokumen.filter(target__tahun=tahun_kinerja.tahun).exists()
