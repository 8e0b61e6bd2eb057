"""Typing in paper sheets: a grid of sheets by unsur, saved in batches; and correcting or removing one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from capaian.organisations.permissions import Office, Permission, require_office
from capaian.skm.actions import SurveiRefused
from capaian.skm.actions_jawaban import change_kertas, enter_answers, remove_kertas
from capaian.skm.answers import MOST_SARAN, NAMES, PROFILE, PROFILE_LABELS, Answer, Sheet, read_answer
from capaian.skm.compute import unsur_names
from capaian.skm.forms import parse_day
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.skm.views_survei import find_survei, place_of

# So many empty rows come with the page; with scripts more come by themselves.
_EMPTY_ROWS: Final = 10
_MOST_ROWS: Final = 500
_PER_PAGE: Final = 50
# Heads of narrow columns; their full names are read out at each cell.
_SHORT: Final = {"jenis_kelamin": "Kelamin", "umur": "Umur", "pendidikan": "Pendidikan", "layanan": "Layanan"}


@dataclass
class Row:
    """A row of the grid: its number and key, what was typed, and by name what is wrong with it."""

    nomor: int
    kunci: str
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    answer: Answer | None = None

    @property
    def is_empty(self) -> bool:
        return not any(self.texts.get(name) for name in NAMES)


@require_http_methods(["GET", "POST"])
def kertas(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """How do the sheets from the box get in, quickly and without losing one?"""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    if request.method == "POST":
        return _save(request, office, found)
    return render(request, "skm/kertas.html", _context(request, found, _new_rows(0), _usual_day(found).isoformat()))


def _save(request: HttpRequest, office: Office, found: Survei) -> HttpResponse:
    """Keep the rows that fit; those that do not come back with the reason, as they were typed."""
    rows = [row for row in _typed_rows(request.POST, found) if not row.is_empty]
    day, refusal = parse_day(request.POST.get("tanggal", ""))
    good = [row for row in rows if not row.errors]
    saved = 0
    if day is None:
        refusal = refusal or "Isi tanggal pengisian lembarnya."
    elif good:
        try:
            saved = _enter(request, found, good, day)
        except SurveiRefused as refused:
            refusal = str(refused)
    left = rows if refusal else [row for row in rows if row.errors]
    for number, row in enumerate(left, start=1):
        row.nomor = number
    if "application/json" in request.headers.get("Accept", ""):
        return _answer_json(found, refusal, [] if refusal else good, left)
    if not left and not refusal:
        messages.success(request, f"{saved} lembar disimpan." if rows else "Tidak ada lembar yang diisi.")
        return redirect("skm:kertas", **place_of(office), survei_id=found.pk)
    shown = [*left, *_new_rows(len(left))]
    context = _context(
        request, found, shown, request.POST.get("tanggal", ""), refusal=refusal, saved=saved, left=len(left)
    )
    return render(request, "skm/kertas.html", context, status=422)


def _enter(request: HttpRequest, found: Survei, rows: Iterable[Row], day: date) -> int:
    sheets = [Sheet(UUID(row.kunci), day, row.answer) for row in rows if row.answer]
    return enter_answers(by=request.user, survei=found, sheets=sheets, sumber=JawabanSkm.Sumber.KERTAS)  # type: ignore[arg-type]


def _answer_json(found: Survei, refusal: str, good: list[Row], left: list[Row]) -> HttpResponse:
    return JsonResponse(
        {
            "tersimpan": [row.kunci for row in good],
            "salah": {row.kunci: row.errors for row in left if row.errors},
            "pesan": refusal,
            "jumlah": found.jawaban.filter(sumber=JawabanSkm.Sumber.KERTAS).count(),
        },
        status=409 if refusal else 200,
    )


@require_http_methods(["GET", "POST"])
def kertas_ubah(request: HttpRequest, instansi: str, tahun: int, survei_id: int, jawaban_id: int) -> HttpResponse:
    """Correct one sheet."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    jawaban = _sheet(found, jawaban_id)
    tanggal, refusal = jawaban.tanggal.isoformat(), ""
    row = Row(1, str(jawaban.request_key), _stored(jawaban))
    if request.method == "POST":
        tanggal = request.POST.get("tanggal", "")
        row = _typed_row(request.POST, found, "1", 1)
        refusal = _change(request, jawaban, row, tanggal)
        if not refusal and not row.errors:
            messages.success(request, "Lembar diperbaiki.")
            return redirect("skm:kertas", **place_of(office), survei_id=found.pk)
    context = {
        **_columns(found),
        "found": found,
        "jawaban": jawaban,
        "rows": [row],
        "tanggal": tanggal,
        "refusal": refusal,
    }
    return render(request, "skm/kertas_ubah.html", context, status=422 if refusal or row.errors else 200)


def _change(request: HttpRequest, jawaban: JawabanSkm, row: Row, tanggal: str) -> str:
    """Why it was not changed; empty where it was, or where the row says itself what is wrong."""
    day, refusal = parse_day(tanggal)
    if row.errors or row.answer is None:
        return refusal
    if row.answer.is_empty:
        return "Lembar tanpa satu jawaban pun tidak dihitung. Hapus saja lembarnya."
    if day is None:
        return refusal or "Isi tanggal pengisian lembarnya."
    try:
        change_kertas(by=request.user, jawaban=jawaban, tanggal=day, answer=row.answer)  # type: ignore[arg-type]
    except SurveiRefused as refused:
        return str(refused)
    return ""


@require_POST
def kertas_hapus(request: HttpRequest, instansi: str, tahun: int, survei_id: int, jawaban_id: int) -> HttpResponse:
    """Take one sheet out again."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    try:
        remove_kertas(by=request.user, jawaban=_sheet(found, jawaban_id))  # type: ignore[arg-type]
        messages.success(request, "Lembar dihapus.")
    except SurveiRefused as refused:
        messages.error(request, str(refused))
    return redirect("skm:kertas", **place_of(office), survei_id=found.pk)


def _sheet(found: Survei, jawaban_id: int) -> JawabanSkm:
    row = found.jawaban.select_related("survei").filter(pk=jawaban_id, sumber=JawabanSkm.Sumber.KERTAS).first()
    if row is None:
        raise Http404("Lembar ini tidak ada pada survei ini; mungkin sudah dihapus.")
    return row


def _context(request: HttpRequest, found: Survei, rows: list[Row], tanggal: str, **more: Any) -> dict[str, Any]:
    sheets = found.jawaban.filter(sumber=JawabanSkm.Sumber.KERTAS).order_by("-pk")
    page = Paginator(sheets, _PER_PAGE).get_page(request.GET.get("page"))
    asked = [unsur for unsur in UNSUR if unsur in found.unsur]
    return {
        **_columns(found),
        "found": found,
        "rows": rows,
        "tanggal": tanggal,
        "page": page,
        "entered": [(one, [getattr(one, unsur) for unsur in asked]) for one in page],
        "is_open": found.status == Survei.Status.DIBUKA,
        **more,
    }


def _columns(found: Survei) -> dict[str, Any]:
    names = unsur_names()
    offered = {**PROFILE, **({"layanan": [(one, one) for one in found.layanan]} if found.layanan else {})}
    return {
        "unsur": [(unsur, f"U{number}", names[unsur]) for number, unsur in enumerate(UNSUR, 1) if unsur in found.unsur],
        "profile": [
            (name, PROFILE_LABELS[name], _SHORT.get(name, PROFILE_LABELS[name]), choices)
            for name, choices in offered.items()
        ],
        "most_saran": MOST_SARAN,
    }


def _new_rows(before: int) -> list[Row]:
    return [Row(number, str(uuid4())) for number in range(before + 1, max(before + 1, _EMPTY_ROWS) + 1)]


def _typed_rows(data: QueryDict, found: Survei) -> list[Row]:
    numbers = data.getlist("baris")[:_MOST_ROWS]
    return [_typed_row(data, found, one, place) for place, one in enumerate(numbers, start=1)]


def _typed_row(data: QueryDict, found: Survei, number: str, place: int) -> Row:
    texts = {name: data.get(f"{name}-{number}", "").strip() for name in NAMES}
    answer, errors = read_answer(found, texts)
    row = Row(place, _key(data.get(f"kunci-{number}", "")), texts, errors, answer)
    if not row.is_empty and not errors and answer.is_empty:
        row.errors[""] = "Lembar ini tidak memuat satu jawaban pun. Isi jawabannya, atau kosongkan barisnya."
    return row


def _key(text: str) -> str:
    """The key that the row was sent with, so that it counts once; a new one where that is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


def _stored(jawaban: JawabanSkm) -> dict[str, str]:
    return {name: "" if getattr(jawaban, name) is None else str(getattr(jawaban, name)) for name in NAMES}


def _usual_day(found: Survei) -> date:
    return max(found.mulai, min(found.sampai, timezone.localdate()))
