"""The page of a sheet: filling it, moving it from state to state, and its approved versions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from capaian.organisations.permissions import Office, require_office
from capaian.workflow import page, versions
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import Change, Outcome, Sheet, SheetKey
from capaian.workflow.policy import StateRefused
from capaian.workflow.queries_sheets import OFFICE
from capaian.workflow.refusals import note_sheet_refusal
from capaian.workflow.transitions import BY_NAME

MAX_CELLS = 200
# What is kept of a key that somebody sent to a locked sheet.
MAX_KUNCI = 120


@require_GET
def lembar(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """What must this unit fill for the period, what is missing, and what happens with it next?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = page.sheet_key(office, form, unit, periode)
    return render(request, "workflow/isian.html", _context(request, office, key))


@require_POST
def lembar_simpan(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """Save cells of a sheet, JSON in and out. Each cell stands for itself: one mistake loses no other value."""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = page.sheet_key(office, form, unit, periode)
    try:
        changes = read_changes(request.body)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        return HttpResponseBadRequest(f"Permintaan tidak terbaca: {error}")
    try:
        outcomes = write_sheet(by=request.user, key=key, changes=changes, today=timezone.localdate())  # type: ignore[arg-type]
    except StateRefused as refusal:
        cells = {"sel": [change.kunci[:MAX_KUNCI] for change in changes]}
        note_sheet_refusal(request, key, "workflow.write_sheet", str(refusal), cells)
        return JsonResponse({"message": str(refusal)}, status=409)
    context = _context(request, office, key)
    return JsonResponse(
        {
            "cells": [answer_cell(one) for one in outcomes],
            "rows": _drawn(context["page"].sheet, outcomes),
            "panel": render_to_string("workflow/parts/isian_keadaan.html", context, request),
        }
    )


@require_POST
def lembar_langkah(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """Take the sheet one step on its way, with a reason where the step needs one."""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = page.sheet_key(office, form, unit, periode)
    way = BY_NAME.get(request.POST.get("langkah", ""))
    if way is None:
        return HttpResponseBadRequest("Langkah ini tidak dikenal; muat ulang halaman isian.")
    reason, sejak = request.POST.get("alasan", ""), request.POST.get("sejak", "")
    try:
        seen = datetime.fromisoformat(sejak) if sejak else None
    except ValueError:
        return HttpResponseBadRequest("Permintaan ini tidak lengkap; muat ulang halaman isian.")
    try:
        advance(
            by=request.user,  # type: ignore[arg-type]
            key=key,
            transition=way.name,
            reason=reason,
            seen=seen,
            today=timezone.localdate(),
        )
    except StateRefused as refusal:
        note_sheet_refusal(request, key, f"workflow.{way.name}", str(refusal))
        kept = f' Alasan yang Anda tulis: "{reason}".' if reason.strip() else ""
        messages.error(request, f"{refusal}{kept}")
    else:
        messages.success(request, f"Isian {page.unit_name(key)} untuk {page.period_name(periode)} {way.done}.")
    return redirect(page.sheet_url("lembar", key))


@require_GET
def lembar_versi(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """What was approved, and what did each correction change?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = page.sheet_key(office, form, unit, periode)
    context = {
        "key": key,
        "versions": versions.version_history(key, timezone.localdate()),
        "unit_nama": page.unit_name(key),
        "label": page.period_name(periode),
        "sheet_url": page.sheet_url("lembar", key),
    }
    return render(request, "workflow/isian_versi.html", context)


def _context(request: HttpRequest, office: Office, key: SheetKey) -> dict[str, Any]:
    return {
        "page": page.read_page(office, key, request.user, timezone.localdate()),
        "key": key,
        "unit": key.unit.kunci if key.unit else OFFICE,
        "label": page.period_name(key.periode),
        "periode": page.period_choice(key),
    }


def read_changes(body: bytes) -> list[Change]:
    """The cells that a grid sends. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    cells = json.loads(body)["cells"]
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise ValueError(f"paling banyak {MAX_CELLS} sel sekali simpan")
    changes = [Change(clean_text(str(cell["kunci"])), str(cell["teks"]), _base(cell)) for cell in cells]
    if len({one.kunci for one in changes}) < len(changes):
        # Each would be told "saved", and only the last is.
        raise ValueError("satu sel dikirim dua kali")
    return changes


def _base(cell: dict[str, object]) -> str | None:
    return None if cell.get("base") is None else str(cell["base"])


def answer_cell(outcome: Outcome) -> dict[str, Any]:
    """What became of a cell, for the grid."""
    return {
        "kunci": outcome.kunci,
        "status": outcome.status,
        "teks": outcome.teks,
        "message": outcome.message,
        "readings": [list(reading) for reading in outcome.readings],
        "by": outcome.by,
        "at": _clock(outcome.at),
    }


def _clock(at: datetime | None) -> str:
    """`14.05` of today, else with the day."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return date_format(local, "H.i" if local.date() == timezone.localdate() else "j M Y H.i")


def _drawn(sheet: Sheet, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """The rows that were saved, and those whose results are made of them too, with their results as HTML."""
    saved = {one.kunci for one in outcomes if one.ok}
    groups = {row.kelompok for row in sheet.rows if row.kunci in saved} if sheet.joins_groups else set()
    rows = [row for row in sheet.rows if row.kunci in saved or row.kelompok in groups]
    # Without the request: a figure needs nothing of the frame, which would be built anew for each.
    template = get_template("workflow/parts/isian_hasil.html")
    return [{"id": row.kunci, "status": row.status, "parts": {"hasil": template.render({"row": row})}} for row in rows]
