"""The page of one Puskesmas."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capaian.assessments.queries_pkp import (
    class_labels,
    district_mean,
    radar_groups,
    sheet_states,
    shown_groups,
    tone_of,
    year_before,
)
from capaian.assessments.queries_pkp_unit import lift_lines, part_line, radar_of, tree_lines
from capaian.assessments.queries_sheet import read_unit
from capaian.assessments.sheet import trace_urls
from capaian.assessments.views_pkp import policy_words, required_place
from capaian.organisations.permissions import require_office
from capaian.rules.instrumen.hasil import evaluate
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_url


@require_GET
def pkp_unit(request: HttpRequest, instansi: str, tahun: int, unit: str) -> HttpResponse:
    """How does this Puskesmas stand, where is it weak, and what would lift it by one class?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    judged, place = required_place(office, unit)
    year = office.tahun_kinerja
    answers = read_unit(year, place, judged)
    hasil = evaluate(judged.instrumen, answers.answers, answers.sifat, judged.kebijakan)
    radars = radar_groups(judged.instrumen)
    parts = shown_groups(judged.instrumen)
    corners = {one.kode for one in (*parts, *(one for _, groups in radars for one in groups))}
    mean, (versi_before, before) = district_mean(year, judged, corners), year_before(year, place, judged)
    root = hasil.kelompok[judged.instrumen.akar.kode]
    labels = class_labels(judged.instrumen)
    context = {
        "unit": place,
        "judged": judged,
        "hasil": hasil,
        "root": root,
        "tone": tone_of(judged.instrumen, hasil.kelas),
        "kelas_before": labels.get(before[judged.instrumen.akar.kode].kelas, "") if before else "",
        "versi_before": versi_before,
        "parts": [part_line(judged, hasil, one, mean, before) for one in parts],
        "mean": mean,
        "charts": [radar_of(hasil, mean, title, groups) for title, groups in radars] if root.terjawab else [],
        "lines": list(tree_lines(judged, hasil, answers, before, trace_urls(year, place.kunci))),
        "lifts": lift_lines(judged, hasil, answers) if root.terjawab else [],
        "state": sheet_states(year).get(place.pk, "draf" if root.terjawab else "belum"),
        "sheet_url": sheet_url("lembar", SheetKey(year, Form.PKP.value, place, 0)),
        "policies": policy_words(judged.kebijakan),
        "sifat": [judged.instrumen.sifat[kode] for kode in sorted(answers.sifat) if kode in judged.instrumen.sifat],
    }
    return render(request, "assessments/pkp_unit.html", context)
