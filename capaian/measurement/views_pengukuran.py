"""The overview of the office's entry: every indicator with its cells, and the request that saves them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from capaian.measurement import grid
from capaian.measurement.models import Capaian
from capaian.organisations.models import Membership, UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.planning.models import Indikator
from capaian.planning.queries import year_indikator
from capaian.planning.units import responsible_units
from capaian.rules.periods import ROMAN
from capaian.web.components import context_choice
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, Outcome, SheetKey
from capaian.workflow.models import Form
from capaian.workflow.policy import StateRefused
from capaian.workflow.views import answer_cell, read_changes

_CELL = re.compile(r"c(\d{1,19})-([0-4])")
_NO_RIGHT = (
    "Halaman ini hanya dapat dibaca: peran Anda ({roles}) tidak berhak mengisi realisasi. "
    "Yang mengisi ialah operator, perencana, dan pemegang program."
)
_GONE = "Indikator ini tidak ada lagi pada tahun ini; muat ulang halaman."


@require_GET
def pengukuran(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How far is every indicator, and which are not filled yet? A person of a unit sees what that unit answers for."""
    office = require_office(request, instansi, tahun, somewhere=True)
    today = timezone.localdate()
    table = grid.read_grid(office.tahun_kinerja, today, office)
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
        "sheets": grid.sheet_links(office, table, triwulan),
        "sees_all": office.can_view_all,
        "can_record": table.is_editable,
        "why_not": "" if office.can_record else _NO_RIGHT.format(roles=_roles(office)),
    }
    return render(request, "measurement/pengukuran.html", context)


def _roles(office: Office) -> str:
    return ", ".join(Membership.Role(role).label for role in office.roles).lower()


@require_POST
def realisasi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Save cells of the overview, JSON in and out. Each cell stands for itself: one mistake loses no other value."""
    office = require_office(request, instansi, tahun, Permission.RECORD_REALISASI, somewhere=True)
    try:
        changes = read_changes(request.body)
        triwulan = int(json.loads(request.body).get("tw", 4))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        return HttpResponseBadRequest(f"Permintaan tidak terbaca: {error}")
    known = _known(office, changes)
    outcomes = _write(request, office, known, changes)
    ok = {match[1] for one in outcomes if one.ok and (match := _CELL.fullmatch(one.kunci))}
    saved = [one for one in known.values() if str(one.pk) in ok]
    return JsonResponse(
        {"cells": [answer_cell(one) for one in outcomes], "rows": _drawn(request, office, saved, triwulan)}
    )


def _known(office: Office, changes: Sequence[Change]) -> dict[int, Indikator]:
    """The indicators of the year that the cells name, by id. One query."""
    named = {int(match[1]) for one in changes if (match := _CELL.fullmatch(one.kunci))}
    wanted = {pk for pk in named if pk <= BigIntegerField.MAX_BIGINT}
    return {one.pk: one for one in year_indikator(office.tahun_kinerja).filter(pk__in=wanted)}


def _write(
    request: HttpRequest, office: Office, known: Mapping[int, Indikator], changes: Sequence[Change]
) -> list[Outcome]:
    """Store the cells sheet by sheet, since each sheet has its own state; one outcome for each, in order."""
    units = responsible_units(office.tahun_kinerja)
    found: dict[int, Outcome] = {}
    sheets: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for number, change in enumerate(changes):
        match = _CELL.fullmatch(change.kunci)
        indikator = known.get(int(match[1])) if match else None
        if indikator is None or match is None:
            found[number] = Outcome(change.kunci, Outcome.REFUSED, message=_GONE)
        elif indikator.pelapor:
            found[number] = Outcome(change.kunci, Outcome.REFUSED, message=grid.COLLECTED)
        else:
            sheets[units[indikator.pk], int(match[2])].append(number)
    by_pk = UnitKerja.objects.in_bulk([unit for unit, _ in sheets if unit is not None])
    for (unit, periode), numbers in sheets.items():
        key = SheetKey(office.tahun_kinerja, Form.KINERJA.value, by_pk[unit] if unit else None, periode)
        found |= dict(zip(numbers, _write_sheet(request, key, known, [changes[one] for one in numbers]), strict=True))
    return [found[number] for number in range(len(changes))]


def _write_sheet(
    request: HttpRequest, key: SheetKey, known: Mapping[int, Indikator], changes: Sequence[Change]
) -> list[Outcome]:
    """Store the cells of one sheet; where it is closed to this person or now, each is refused with the reason."""
    named = [replace(one, kunci=known[int(one.kunci[1:].partition("-")[0])].kunci) for one in changes]
    try:
        outcomes = write_sheet(by=request.user, key=key, changes=named, today=timezone.localdate())  # type: ignore[arg-type]
    except (StateRefused, PermissionDenied) as refusal:
        return [Outcome(one.kunci, Outcome.REFUSED, message=str(refusal)) for one in changes]
    return [replace(outcome, kunci=one.kunci) for outcome, one in zip(outcomes, changes, strict=True)]


def _drawn(request: HttpRequest, office: Office, saved: Sequence[Indikator], triwulan: int) -> list[dict[str, Any]]:
    """The rows that were saved, with their capaian as HTML and the year's value joined from quarters. Two queries."""
    joined = grid.joined_values(saved, office.tahun_kinerja.tahun)
    capaian = grid.capaian_by_indikator(office.tahun_kinerja, saved)
    rows = []
    for one in saved:
        found = capaian.get(one.pk, {})
        rows.append(
            {
                "id": one.pk,
                "status": found[triwulan].status if triwulan in found else Capaian.Status.BELUM_ADA,
                "parts": {
                    "triwulan": _capaian_html(request, office, one, found.get(triwulan)),
                    "tahun": _capaian_html(request, office, one, found.get(0)),
                },
                "placeholders": {f"c{one.pk}-0": joined[one.pk]},
            }
        )
    return rows


def _capaian_html(request: HttpRequest, office: Office, indikator: Indikator, capaian: Capaian | None) -> str:
    desimal = office.tahun_kinerja.instansi.desimal if indikator.desimal is None else indikator.desimal
    context = {"capaian": capaian, "desimal": desimal, "nama": indikator.nama}
    return render_to_string("measurement/parts/capaian.html", context, request)
