"""Recommendations of evaluations: the list with ages and states, one with its history, and the steps of both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_rekomendasi import (
    MAX_TEXT,
    FollowUp,
    RekomendasiInput,
    confirm_rekomendasi,
    link_rekomendasi,
    mark_of_reports,
    mark_of_row,
    record_tindak_lanjut,
    reopen_rekomendasi,
    save_rekomendasi,
    save_rencana_aksi,
)
from capaian.assessments.models import Keluarga, Rekomendasi, TindakLanjut
from capaian.assessments.queries import active
from capaian.assessments.queries_rekomendasi import (
    periods_of,
    rekomendasi_of,
    repeated_by,
    rows_of,
    seen_by,
    summarise,
)
from capaian.assessments.views_lke import read_day
from capaian.measurement.bukti_actions import BuktiRefused
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.instrumen.model import Kelompok

_NAMES = ("uraian", "hasil", "kelompok", "penanggung_jawab", "waktu", "unit", "tenggat")


@require_GET
def rekomendasi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which recommendations of evaluations are still open, since when, and who has to act?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    rows = rekomendasi_of(office, timezone.localdate())
    context = {
        "rows": rows,
        "summary": summarise(rows),
        "states": sorted({one.badge for one in rows}),
        "units": sorted({one.pelaksana for one in rows}),
        "may_evaluate": office.allows(Permission.EVALUATE),
    }
    return render(request, "assessments/rekomendasi.html", context)


@require_http_methods(["GET", "POST"])
def rekomendasi_baru(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Write a recommendation of the evaluation of this year."""
    office = require_office(request, instansi, tahun, Permission.EVALUATE)
    return _form(request, office, None)


@require_http_methods(["GET", "POST"])
def rekomendasi_ubah(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Change a recommendation that is not done yet."""
    office = require_office(request, instansi, tahun, Permission.EVALUATE)
    return _form(request, office, get_object_or_404(seen_by(office), pk=pk))


@require_GET
def rekomendasi_rinci(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """What was recommended, what is done about it, and what did each quarter report?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    return _detail(request, office, get_object_or_404(seen_by(office), pk=pk))


@require_POST
def rekomendasi_rencana(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Write the plan of action."""
    office, row = _own_row(request, instansi, tahun, pk)
    plan = request.POST.get("rencana_aksi", "")
    return _step(
        request,
        office,
        row,
        lambda: save_rencana_aksi(
            by=request.user,  # type: ignore[arg-type]
            rekomendasi=row,
            rencana_aksi=plan,
            base=request.POST.get("dasar", ""),
        ),
        "Rencana aksi disimpan.",
        {"rencana_aksi": plan},
    )


@require_POST
def rekomendasi_lapor(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Report where the follow-up stands in a quarter."""
    office, row = _own_row(request, instansi, tahun, pk)
    typed = {name: request.POST.get(name, "") for name in ("periode", "status", "uraian", "tautan")}
    year, _, quarter = typed["periode"].partition("-")
    follow_up = FollowUp(
        int(year) if year.isdecimal() and len(year) <= 4 else 0,
        int(quarter) if quarter in ("1", "2", "3", "4") else 0,
        typed["status"],
        typed["uraian"],
        typed["tautan"],
        request.POST.get("dasar", ""),
    )
    return _step(
        request,
        office,
        row,
        lambda: record_tindak_lanjut(
            by=request.user,  # type: ignore[arg-type]
            rekomendasi=row,
            follow_up=follow_up,
            today=timezone.localdate(),
        ),
        "Tindak lanjut dilaporkan.",
        typed,
    )


@require_POST
def rekomendasi_langkah(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """A step of the evaluators: done, open again, repeats an earlier one."""
    office = require_office(request, instansi, tahun, Permission.EVALUATE)
    row = get_object_or_404(seen_by(office), pk=pk)
    who: dict[str, Any] = {"by": request.user, "rekomendasi": row}
    step = request.POST.get("langkah", "")
    if step == "selesai":
        return _step(request, office, row, lambda: confirm_rekomendasi(**who), "Dinyatakan selesai.", {})
    if step == "buka":
        reason = request.POST.get("alasan", "")
        return _step(request, office, row, lambda: reopen_rekomendasi(**who, reason=reason), "Dibuka kembali.", {})
    if step == "berulang":
        earlier = _earlier(office, request.POST.get("mengulang", ""))
        return _step(request, office, row, lambda: link_rekomendasi(**who, earlier=earlier), "Disimpan.", {})
    raise Http404("Langkah ini tidak dikenal; muat ulang halaman.")


def _own_row(request: HttpRequest, instansi: str, tahun: int, pk: int) -> tuple[Office, Rekomendasi]:
    """A recommendation that the person may follow up."""
    office = require_office(request, instansi, tahun, Permission.WRITE_ANALISIS, somewhere=True)
    row = get_object_or_404(seen_by(office), pk=pk)
    if not office.allows(Permission.WRITE_ANALISIS, row.unit_id):
        raise PermissionDenied(office.refusal(Permission.WRITE_ANALISIS, row.unit))
    return office, row


def _step(
    request: HttpRequest,
    office: Office,
    row: Rekomendasi,
    step: Callable[[], object],
    done: str,
    typed: dict[str, str],
) -> HttpResponse:
    """Take a step; refused, the page stays with what was typed and why."""
    try:
        step()
    except (PenilaianRefused, BuktiRefused) as refusal:
        return _detail(request, office, row, typed, str(refusal))
    messages.success(request, done)
    year = office.tahun_kinerja
    return redirect("assessments:rekomendasi_rinci", instansi=year.instansi.kunci, tahun=year.tahun, pk=row.pk)


def _detail(
    request: HttpRequest, office: Office, row: Rekomendasi, typed: dict[str, str] | None = None, error: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    may_evaluate = office.allows(Permission.EVALUATE)
    context = {
        # One is read and acted on as it stands now, whatever the year of the page.
        "row": rows_of(office.tahun_kinerja, [row], today, max(today.year, office.tahun_kinerja.tahun))[0],
        "rekomendasi": row,
        "reports": list(row.tindak_lanjut.all())[::-1],
        "periods": periods_of(row, today),
        "statuses": TindakLanjut.Status.choices,
        "mark": mark_of_row(row),
        "reports_mark": mark_of_reports(row),
        "may_evaluate": may_evaluate,
        "may_follow": office.allows(Permission.WRITE_ANALISIS, row.unit_id) and not row.selesai_pada,
        "repeats": repeated_by(row) if may_evaluate and not row.mengulang_id else None,
        "typed": typed or {},
        "error": error,
        "max_text": MAX_TEXT,
    }
    return render(request, "assessments/rekomendasi_rinci.html", context, status=422 if error else 200)


def _form(request: HttpRequest, office: Office, row: Rekomendasi | None) -> HttpResponse:
    """The form of a recommendation, stored when it was sent; refused, it stays with what was typed."""
    year = row.tahun_kinerja if row else office.tahun_kinerja
    typed = {name: request.POST.get(name, "") for name in _NAMES} if request.method == "POST" else _stored(row)
    base = request.POST.get("dasar", "") if request.method == "POST" else mark_of_row(row) if row else ""
    error = ""
    if request.method == "POST":
        try:
            stated = _stated(office, typed)
            saved = save_rekomendasi(by=request.user, tahun_kinerja=year, stated=stated, rekomendasi=row, base=base)  # type: ignore[arg-type]
        except PenilaianRefused as refusal:
            error = str(refusal)
            # What the person has now seen is what stands; sent once more, it replaces it.
            base = mark_of_row(Rekomendasi.objects.select_related("unit").get(pk=row.pk)) if row else ""
        else:
            place = office.tahun_kinerja
            messages.success(request, "Rekomendasi disimpan.")
            return redirect(
                "assessments:rekomendasi_rinci", instansi=place.instansi.kunci, tahun=place.tahun, pk=saved.pk
            )
    judged = active(year, Keluarga.LKE)
    groups = [one for one in judged.instrumen.akar.isi if isinstance(one, Kelompok)] if judged else []
    context = {
        "rekomendasi": row,
        "evaluated": year.tahun,
        "typed": typed,
        "dasar": base,
        "error": error,
        "groups": groups,
        "units": office.tahun_kinerja.instansi.unit_kerja.order_by("urutan", "pk"),
        "max_text": MAX_TEXT,
    }
    return render(request, "assessments/rekomendasi_ubah.html", context, status=422 if error else 200)


def _stored(row: Rekomendasi | None) -> dict[str, str]:
    if row is None:
        return dict.fromkeys(_NAMES, "")
    found = {name: str(getattr(row, name)) for name in _NAMES if name not in ("unit", "tenggat")}
    day: date | None = row.tenggat
    return found | {"unit": row.unit.kunci if row.unit else "", "tenggat": day.isoformat() if day else ""}


def _stated(office: Office, typed: dict[str, str]) -> RekomendasiInput:
    unit: UnitKerja | None = None
    if typed["unit"]:
        unit = office.tahun_kinerja.instansi.unit_kerja.filter(kunci=typed["unit"]).first()
        if unit is None:
            raise PenilaianRefused(f'Unit "{typed["unit"]}" tidak ada; pilih dari daftar.')
    plain = {name: typed[name] for name in _NAMES if name not in ("unit", "tenggat")}
    return RekomendasiInput(**plain, unit=unit, tenggat=read_day(typed["tenggat"], "Tenggat"))


def _earlier(office: Office, pk: str) -> Rekomendasi | None:
    if not pk:
        return None
    return get_object_or_404(seen_by(office), pk=int(pk) if pk.isdecimal() and len(pk) < 10 else 0)
