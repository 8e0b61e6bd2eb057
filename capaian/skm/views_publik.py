"""The public form of a survey: by its secret address, without login, cookie or script, for a telephone first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from capaian.skm.actions_jawaban import Phase, Taken, phase_of, take_answer
from capaian.skm.answers import MOST_SARAN, NAMES, PROFILE, PROFILE_LABELS, Answer, read_answer
from capaian.skm.guards import TRAP, Stamp, is_trapped, new_stamp, read_stamp, too_many
from capaian.skm.models import JawabanSkm, Survei
from capaian.skm.questions import LOWEST, questions_of
from capaian.web.components import cached_part

_CLOSED_STATUS: Final = {Phase.HIDDEN: 404, Phase.NOT_YET: 404, Phase.OVER: 410}
# Stands for the stamp in the form that is kept; nobody can write it into a question.
_STAMP_HERE: Final = secrets.token_hex(16)
_USED: Final = (
    "Formulir ini sudah pernah dikirim, dan jawabannya sudah dihitung. Bila Anda orang lain yang memakai perangkat "
    "yang sama, tekan Kirim sekali lagi."
)
_STALE: Final = "Formulir ini sudah terlalu lama terbuka. Isian Anda tetap ada di bawah; tekan Kirim sekali lagi."
_TRAPPED: Final = "Ada kolom tersembunyi yang ikut terisi, biasanya oleh program. Tekan Kirim sekali lagi."
_EMPTY: Final = "Belum ada pertanyaan yang dijawab. Pilih jawaban, lalu tekan Kirim."
_FAST: Final = (
    "Semua pertanyaan dijawab sama dalam waktu sangat singkat. Bila memang itu penilaian Anda, tekan Kirim sekali lagi."
)


@dataclass(frozen=True)
class Objection:
    """Why a form comes back with everything that was filled in it, instead of being counted."""

    message: str
    status: int = 422
    fresh: bool = False
    confirms: bool = False
    retry_after: int = 0


# No cookie, hence no token of Django's: the form carries its own signed key, and does nothing in anybody's name.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def isi(request: HttpRequest, tautan: str) -> HttpResponse:
    """How satisfied are you with this service? Nine questions, answered once for each form."""
    survei = _find(tautan)
    today = timezone.localdate()
    phase = phase_of(survei, today) if survei else Phase.HIDDEN
    if survei is None or phase is not Phase.OPEN:
        return _closed(survei, phase)
    if request.method != "POST":
        return _blank_form(survei)
    texts = {name: request.POST.get(name, "") for name in (*NAMES, TRAP, "formulir", "yakin")}
    stamp = read_stamp(survei, texts["formulir"])
    answer, errors = read_answer(survei, texts)
    objection = _objection(request, survei, texts, stamp, answer, errors)
    if objection is None and stamp is not None:
        taken = take_answer(survei=survei, request_key=stamp.request_key, answer=answer, today=today)
        if taken is None:
            return _closed(survei, Phase.OVER)
        if taken is not Taken.OTHER:
            return _thanks(tautan)
        objection = Objection(_USED, 409, fresh=True)
    elif objection is None:
        return _thanks(tautan)
    keep = None if objection.fresh or stamp is None else stamp.request_key
    return _form(survei, texts, new_stamp(survei, keep), objection, errors, answer)


@login_not_required
@never_cache
@require_safe
def terima_kasih(request: HttpRequest, tautan: str) -> HttpResponse:
    """It is counted; who it was is not known."""
    survei = _find(tautan)
    if survei is None or survei.status == Survei.Status.DRAF:
        return _closed(None, Phase.HIDDEN)
    context = {"survei": survei, "is_open": phase_of(survei, timezone.localdate()) is Phase.OPEN}
    return HttpResponse(render_to_string("skm/terima_kasih.html", context))


def _find(tautan: str) -> Survei | None:
    return Survei.objects.select_related("tahun_kinerja__instansi", "unit").filter(tautan=tautan).first()


def _objection(
    request: HttpRequest,
    survei: Survei,
    texts: Mapping[str, str],
    stamp: Stamp | None,
    answer: Answer,
    errors: Mapping[str, str],
) -> Objection | None:
    """What stands between this form and being counted; None where nothing does, or where it was counted long ago."""
    wait = too_many(request)
    if wait:
        message = (
            f"Terlalu banyak jawaban dari jaringan ini. Tunggu {wait} detik, lalu tekan Kirim lagi; isian Anda tetap "
            "ada."
        )
        return Objection(message, 429, retry_after=wait)
    if stamp is None:
        return Objection(_STALE, fresh=True)
    if stamp.is_stale and not JawabanSkm.objects.filter(survei=survei, request_key=stamp.request_key).exists():
        return Objection(_STALE, fresh=True)
    if is_trapped(texts):
        return Objection(_TRAPPED)
    if errors:
        return Objection("Ada isian yang belum benar; lihat keterangannya di bawah.")
    if answer.is_empty:
        return Objection(_EMPTY)
    return None if texts["yakin"] else _doubt(answer, stamp)


def _doubt(answer: Answer, stamp: Stamp) -> Objection | None:
    """What is asked about once, and then taken as it is."""
    if stamp.is_fast and answer.is_straight:
        return Objection(_FAST, confirms=True)
    if answer.blank:
        message = (
            f"{len(answer.blank)} pertanyaan belum dijawab. Jawablah bila bisa; bila memang tidak Anda alami, biarkan "
            "kosong dan tekan Kirim sekali lagi."
        )
        return Objection(message, confirms=True)
    return None


def _blank_form(survei: Survei) -> HttpResponse:
    """The form as most people open it: drawn once for each state of its survey, with a stamp of its own each time."""
    shown = [survei.nama, survei.sampai, survei.unsur, survei.pertanyaan, survei.layanan, survei.is_gratis]
    place = [survei.unit.nama if survei.unit else "", survei.tahun_kinerja.instansi.nama, static("skm/isi.css")]
    mark = hashlib.sha256(repr([*shown, *place]).encode("utf-8", "surrogatepass")).hexdigest()
    page = cached_part("skm", survei.pk, mark, build=lambda: _form(survei, {}, _STAMP_HERE).content.decode())
    return HttpResponse(page.replace(_STAMP_HERE, new_stamp(survei)))


def _form(
    survei: Survei,
    texts: Mapping[str, str],
    stamp: str,
    objection: Objection | None = None,
    errors: Mapping[str, str] | None = None,
    answer: Answer | None = None,
) -> HttpResponse:
    wrong = errors or {}
    blank = set(answer.blank) if answer and objection else set()
    questions = [
        {
            "tanya": one,
            "jawaban": [(str(value), label) for value, label in enumerate(one.jawaban, start=LOWEST)],
            "dipilih": texts.get(one.unsur, ""),
            "salah": wrong.get(one.unsur) or ("Belum dijawab." if one.unsur in blank else ""),
        }
        for one in questions_of(survei)
    ]
    context = {
        "survei": survei,
        "questions": questions,
        "profile": _profile(survei, texts, wrong),
        "saran": texts.get("saran", ""),
        "saran_salah": wrong.get("saran", ""),
        "most_saran": MOST_SARAN,
        "stamp": stamp,
        "trap": TRAP,
        "objection": objection,
        "wrong": [one for one in questions if one["salah"]],
    }
    response = HttpResponse(render_to_string("skm/isi.html", context), status=objection.status if objection else 200)
    if objection and objection.retry_after:
        response["Retry-After"] = str(objection.retry_after)
    return response


def _profile(survei: Survei, texts: Mapping[str, str], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    offered = {**PROFILE, **({"layanan": [(one, one) for one in survei.layanan]} if survei.layanan else {})}
    return [
        {
            "nama": name,
            "label": PROFILE_LABELS[name],
            "pilihan": choices,
            "dipilih": texts.get(name, ""),
            "salah": wrong.get(name, ""),
        }
        for name, choices in offered.items()
    ]


def _closed(survei: Survei | None, phase: Phase) -> HttpResponse:
    """A page that says why there is nothing to answer; of a draft not even that it exists."""
    shown = None if phase is Phase.HIDDEN else survei
    context = {"survei": shown, "phase": str(phase)}
    return HttpResponse(render_to_string("skm/tutup.html", context), status=_CLOSED_STATUS[phase])


def _thanks(tautan: str) -> HttpResponse:
    # 303: going back or loading again asks for a page, and sends nothing twice.
    return HttpResponseRedirect(reverse("skm:terima_kasih", kwargs={"tautan": tautan}), status=303)
