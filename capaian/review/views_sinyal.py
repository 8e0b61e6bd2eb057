"""Questions about the figures of a year, for who verifies or reviews them, and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from capaian.organisations.permissions import Office, Permission, Scope, require_office
from capaian.review.signals import CHECKED, NOT_CHECKED, Asked, answer_prefix, find_asked, read_questions
from capaian.rules.periods import Period
from capaian.rules.signals import TITLES
from capaian.web.navigation import office_url
from capaian.workflow.actions import MAX_COMMENT, add_comment
from capaian.workflow.checks import clean_text
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_key
from capaian.workflow.queries_sheets import OFFICE

_STATUSES = ("belum_dijawab", "dijawab")
# The longest kind of question leaves this much of a comment to its answer.
MAX_ANSWER = MAX_COMMENT - max(len(answer_prefix(kode)) for kode in TITLES)


@dataclass(frozen=True)
class Shown:
    """A question as it is drawn: where its figure is, and the key of the next answer to it."""

    asked: Asked
    unit_nama: str
    place: str
    url: str
    request_key: UUID


@require_GET
def sinyal(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Everything that stands out, grouped by kind, with what was looked at and what was not."""
    office, scope = _require_verifier(request, instansi, tahun)
    year = read_questions(office.tahun_kinerja, scope)
    status = request.GET.get("status", "")
    status = status if status in _STATUSES else ""
    groups = [
        (title, [_shown(office, one) for one in found if status in ("", one.status)]) for title, found in year.groups
    ]
    context = {
        "groups": [(title, found) for title, found in groups if found],
        "total": len(year.asked),
        "answered": year.answered,
        "open": len(year.asked) - year.answered,
        "status": status,
        "checked": CHECKED,
        "not_checked": NOT_CHECKED,
        "most": MAX_ANSWER,
    }
    return render(request, "review/sinyal.html", context)


@require_POST
def sinyal_jawab(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Write the answer to a question as a remark on its figure; a fragment for htmx, else back to the list."""
    office, scope = _require_verifier(request, instansi, tahun)
    kode, subject = request.POST.get("kode", ""), request.POST.get("objek", "")
    unit = request.POST.get("unit", "")
    year = read_questions(office.tahun_kinerja, scope)
    asked = find_asked(year, kode, subject, unit)
    if asked is None:
        raise Http404("Pertanyaan ini tidak ada (lagi): angkanya mungkin sudah diperbaiki. Muat ulang halaman.")
    try:
        request_key = UUID(request.POST.get("request_key", ""))
    except ValueError:
        return HttpResponseBadRequest("Permintaan ini tidak lengkap; muat ulang halaman.")
    text = clean_text(request.POST.get("jawaban", ""))
    error = "" if 0 < len(text) <= MAX_ANSWER else f"Jawaban ditulis dengan 1 sampai {MAX_ANSWER} huruf."
    if not error:
        add_comment(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            unit=asked.unit,
            subject=subject,
            text=answer_prefix(kode) + text,
            request_key=request_key,
        )
    if not request.htmx:  # type: ignore[attr-defined]
        (messages.error if error else messages.success)(request, error or "Jawaban disimpan.")
        return redirect("review:sinyal", instansi=instansi, tahun=tahun)
    if not error:
        asked = find_asked(read_questions(office.tahun_kinerja, scope), kode, subject, unit) or asked
    context = {"one": _shown(office, asked), "most": MAX_ANSWER, "error": error, "typed": text if error else ""}
    return render(request, "review/sinyal_satu.html", context)


@require_GET
def sinyal_lembar(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """A fragment for the sheet of a unit: what stands out in its period; nothing for who does not verify it."""
    office, scope = _require_verifier(request, instansi, tahun)
    key = sheet_key(office, form, unit, periode)
    unit_id = key.unit.pk if key.unit else None
    if not scope.covers(unit_id):
        raise PermissionDenied(office.refusal(Permission.VERIFY, key.unit))
    year = read_questions(office.tahun_kinerja, scope)
    found = [
        _shown(office, one)
        for one in year.asked
        if (one.unit.pk if one.unit else None) == unit_id
        and one.periode == periode
        and one.is_money == (form == Form.ANGGARAN)
    ]
    return render(request, "review/sinyal_lembar.html", {"found": found})


def _require_verifier(request: HttpRequest, instansi: str, tahun: int) -> tuple[Office, Scope]:
    """The office for who verifies or reviews somewhere in it, and the units of which they may see the questions."""
    office = require_office(request, instansi, tahun, somewhere=True)
    scope = office.scope(Permission.VERIFY) | office.scope(Permission.REVIEW)
    if scope.is_empty:
        raise PermissionDenied(office.refusal(Permission.VERIFY))
    return office, scope


def _shown(office: Office, asked: Asked) -> Shown:
    year = office.tahun_kinerja
    facts: dict[str, Any] = {"kunci": year.instansi.kunci, "tahun": year.tahun}
    if asked.is_money and not asked.periode:
        url = office_url("budget:anggaran", facts)
    else:
        form = Form.ANGGARAN if asked.is_money else Form.KINERJA
        unit = asked.unit.kunci if asked.unit else OFFICE
        url = office_url("workflow:lembar", facts, form=form.value, unit=unit, periode=asked.periode)
    place = Period(year.tahun, asked.periode or None).label
    return Shown(asked, str(asked.unit or year.instansi), place, url, uuid4())
