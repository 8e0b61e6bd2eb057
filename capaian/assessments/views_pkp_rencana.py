"""The plan of a Puskesmas: what is to be done about the items that are below their target."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_rencana import MOST, Plan, write_rencana
from capaian.assessments.queries import Active
from capaian.assessments.queries_sheet import read_unit
from capaian.assessments.sheet import score_words
from capaian.assessments.views_pkp import required_place
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_office
from capaian.rules.instrumen.hasil import evaluate
from capaian.rules.instrumen.model import Butir
from capaian.rules.instrumen.terbaik import best_answer
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.page import sheet_url
from capaian.workflow.policy import StateRefused, explain_lock
from capaian.workflow.queries import submission_of

# A page of more is a list, not a plan; what has a plan is always shown.
SHOWN = 15
ALL = "semua"


@dataclass(frozen=True)
class PlanRow:
    """An item below its full score: what it has, what it lacks, the stored plan, and what a person typed that was
    not stored, with the reason.
    """

    item: Butir
    nilai: str
    lacking: str
    stored: str
    typed: str = ""
    error: str = ""

    @property
    def teks(self) -> str:
        return self.typed if self.error else self.stored


@require_http_methods(["GET", "POST"])
def pkp_rencana(request: HttpRequest, instansi: str, tahun: int, unit: str) -> HttpResponse:
    """What will this Puskesmas do about its weakest items? Printed as Bab VI of its report."""
    office = require_office(request, instansi, tahun, somewhere=True)
    judged, place = required_place(office, unit)
    year, refused, typed = office.tahun_kinerja, {}, _typed(request)
    everything = (request.POST or request.GET).get("tampil") == ALL
    if request.method == "POST":
        try:
            refused = write_rencana(by=request.user, tahun_kinerja=year, unit=place, plans=typed)  # type: ignore[arg-type]
        except (PenilaianRefused, StateRefused) as refusal:
            refused = {kode: str(refusal) for kode, plan in typed.items() if plan.teks.strip() != plan.base.strip()}
        if not refused:
            messages.success(request, "Rencana pemecahan disimpan; tercetak pada Bab VI laporan PKP.")
            back = redirect("assessments:pkp_rencana", instansi=instansi, tahun=tahun, unit=place.kunci)
            back["Location"] += f"?tampil={ALL}" if everything else ""
            return back
    rows = plan_rows(year, judged, place, refused, typed)
    shown = [row for at, row in enumerate(rows) if everything or at < SHOWN or row.stored or row.error]
    submission = submission_of(SheetKey(year, Form.PKP.value, place, 0))
    lock = explain_lock(submission) if submission.state == Submission.State.TERKUNCI else ""
    context = {
        "unit": place,
        "rows": shown,
        "more": len(rows) - len(shown),
        "total": len(rows),
        "written": sum(1 for row in rows if row.stored),
        "everything": everything,
        "most": MOST,
        "refused": len(refused),
        "lock": lock,
        "can_write": not lock and office.allows(Permission.WRITE_ANALISIS, place.pk),
        "sheet_url": sheet_url("lembar", SheetKey(year, Form.PKP.value, place, 0)),
    }
    return render(request, "assessments/pkp_rencana.html", context, status=409 if refused else 200)


def _typed(request: HttpRequest) -> dict[str, Plan]:
    """The texts of the form by item, as `rencana-<kode>` with what was seen there as `semula-<kode>`."""
    posted = request.POST
    return {
        name.removeprefix("rencana-"): Plan(
            str(posted[name]).replace("\r\n", "\n"),
            str(posted.get(f"semula-{name.removeprefix('rencana-')}", "")).replace("\r\n", "\n"),
        )
        for name in posted
        if name.startswith("rencana-")
    }


def plan_rows(
    year: TahunKinerja, judged: Active, place: UnitKerja, refused: dict[str, str], typed: dict[str, Plan]
) -> list[PlanRow]:
    """The items below their full score, worst first."""
    unit = read_unit(year, place, judged)
    hasil = evaluate(judged.instrumen, unit.answers, unit.sifat, judged.kebijakan)
    found = []
    for item in judged.instrumen.items.values():
        score, isian = hasil.butir[item.kode], unit.answers.get(item.kode)
        if score.nilai is None or score.nilai >= item.best or isian is None:
            continue
        best = best_answer(item, isian)
        row = PlanRow(
            item,
            score_words(score),
            best.words if best else "",
            isian.catatan.strip(),
            typed[item.kode].teks if item.kode in typed else "",
            refused.get(item.kode, ""),
        )
        found.append((score.nilai / item.best, row))
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]
