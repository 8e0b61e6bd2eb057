"""How often a minute what costs much, or could be used to flood others, may be asked for.

Counted in the cache: per process, forgotten with it. It holds back a script that runs wild and a robot; against a flood
from many addresses stands the proxy. The login counts for itself (`settings`, axes).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from capaian.web.address import client_address

WINDOW_SECONDS: Final = 60


@dataclass(frozen=True)
class Limit:
    """So many requests a minute of one account, or, where nobody logs in, of one address; only those that change."""

    most: int
    reading: bool = False


# An office may stand behind one address, so what is public is generous; what a person does by hand is far below these.
_UPLOAD, _WORDS, _PUBLIC = Limit(60), Limit(60), Limit(1200, reading=True)
LIMITS: Final[dict[str, Limit]] = {
    "exchange:unggah": _UPLOAD,
    "exchange:impor": _UPLOAD,
    "exchange:spm_impor": _UPLOAD,
    "exchange:skm_impor": _UPLOAD,
    "exchange:instrumen_unggah": _UPLOAD,
    "exchange:terapkan": _UPLOAD,
    "measurement:bukti": _UPLOAD,
    "reports:laporan_buat": Limit(20),
    "workflow:komentar": _WORDS,
    "review:sinyal_jawab": _WORDS,
    "organisations:akun_baru": Limit(60),
    "organisations:akun_lama": Limit(60),
    **{
        f"reports:{name}": _PUBLIC
        for name in (
            *("publik", "publik_instansi", "publik_tahun", "publik_indikator"),
            *("publik_json", "publik_xlsx", "publik_unduh"),
        )
    },
    # How often one address may answer, beyond how often it may look, is counted where the answer is kept.
    "skm:isi": _PUBLIC,
    "skm:terima_kasih": _PUBLIC,
    "skm:hasil_publik": _PUBLIC,
}


class RateLimits:
    """Answers 429, with when to try again, before the view has done anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        limit = LIMITS.get(name)
        if limit is None or (request.method != "POST" and not limit.reading):
            return None
        now = time.time()
        # What is public knows nobody: no session is read for it, so that caches may keep it.
        who = f"address:{client_address(request)}" if limit.reading else f"account:{request.user.pk}"
        group = "publik" if limit.reading else name
        if count_in_window(f"{group}:{who}", now) <= limit.most:
            return None
        if not limit.reading:
            # For the audit trail, which writes it down.
            request.refusal = f"Lebih dari {limit.most} kali dalam satu menit."  # type: ignore[attr-defined]
        return _refuse(request, WINDOW_SECONDS - int(now % WINDOW_SECONDS))


def count_in_window(who: str, now: float) -> int:
    """How many times `who` has been counted in this minute, this time included."""
    key = f"limit:{who}:{int(now // WINDOW_SECONDS)}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:
        # It was forgotten between the two.
        return 1


def _refuse(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
