"""What a person has to do, and who has not reported."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from capaian.organisations.permissions import Office, require_office
from capaian.rules.periods import Period
from capaian.web.components import context_choice
from capaian.workflow.forms import PERIODS
from capaian.workflow.queries_pelaporan import Row, reporting_matrix
from capaian.workflow.queries_sheets import period_label
from capaian.workflow.queries_tugas import remember_count, task_count, tasks_of

# What a group shows at once; the rest is in Pelaporan, which filters.
SHOWN = 50


@require_GET
def tugas(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What must I do now, and until when?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    user, today = _person(request), timezone.localdate()
    tasks = tasks_of(office, user, today)
    context = {"tasks": tasks, "tugas_count": remember_count(office, user, today, tasks), "most": SHOWN}
    return render(request, "workflow/tugas.html", context)


@require_GET
def tugas_jumlah(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How many things wait for me? A fragment of the top bar, fetched after the page, so that no page waits for it."""
    office = require_office(request, instansi, tahun, somewhere=True)
    count = task_count(office, _person(request), timezone.localdate())
    response = render(request, "workflow/parts/tugas_jumlah.html", {"tugas_count": count})
    response["Cache-Control"] = "private, max-age=20"
    return response


@require_GET
def pelaporan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Who has not reported for this period?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    today = timezone.localdate()
    periode = _period(request.GET.get("periode", ""), office, today)
    matrix = reporting_matrix(office, periode, today)
    status = request.GET.get("status", "")
    context = {
        "matrix": matrix,
        "rows": [row for row in matrix.rows if _fits(row, status)],
        "status": status,
        "kinds": list(dict.fromkeys(row.jenis for row in matrix.rows)),
        "missing": matrix.owed - matrix.handed_in,
        "share": matrix.handed_in * 100 // matrix.owed if matrix.owed else 0,
        "label": period_label(periode),
        "periode_number": periode,
        "periode": context_choice(
            request, "Periode", "periode", [(one, period_label(one)) for one in PERIODS], periode
        ),
        "is_part": not office.can_view_all,
    }
    return render(request, "workflow/pelaporan.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - require_office lets nobody else in
    return request.user


def _fits(row: Row, status: str) -> bool:
    states = row.states.split()
    if status == "belum":
        return any(cell and not cell.sheet.is_handed_in for cell in row.cells)
    return not status or status in states


def _period(text: str, office: Office, today: date) -> int:
    """The chosen period, else the last quarter that has begun."""
    if text in {str(one) for one in PERIODS}:
        return int(text)
    year = office.tahun_kinerja.tahun
    begun = [one for one in (1, 2, 3, 4) if not Period(year, one).is_future(today)]
    return begun[-1] if begun else 1
