"""Where a request came from stands in every audit entry, and every 403 is an entry of its own."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from capaian.organisations.models import Instansi, UnitKerja
from capaian.web.address import client_address
from capaian.workflow.audit import origin
from capaian.workflow.refusals import note_refusal

_FORM_EXPIRED = "Tanda pengaman formulir (CSRF) tidak cocok."
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class AuditTrail:
    """Outside of all that may refuse. What a view did is rolled back by then, so that the entry stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin(client_address(request) or ""):
            response = self.get_response(request)
            too_often = response.status_code == 429 and hasattr(request, "refusal")
            if (response.status_code == 403 or too_often) and not getattr(request, "refusal_noted", False):
                self._note(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Keep the reason of a refusal; the answer is made by others."""
        if isinstance(exception, PermissionDenied):
            request.refusal = str(exception)  # type: ignore[attr-defined]

    def _note(self, request: HttpRequest) -> None:
        match = request.resolver_match
        kwargs = match.kwargs if match else {}
        instansi, unit = _place(kwargs.get("instansi"), kwargs.get("unit"))
        expired = "" if request.method in _SAFE else _FORM_EXPIRED
        note_refusal(
            request,
            action=match.view_name.replace(":", ".") if match and match.view_name else "web.refused",
            subject=f"{request.method} {request.path}",
            reason=getattr(request, "refusal", "") or expired,
            instansi=instansi,
            unit=unit,
        )


def _place(kunci: object, unit: object) -> tuple[Instansi | None, UnitKerja | None]:
    """The office and the unit that an address names, where there are such."""
    instansi = Instansi.objects.filter(kunci=kunci).first() if isinstance(kunci, str) else None
    if instansi is None or not isinstance(unit, str):
        return instansi, None
    return instansi, instansi.unit_kerja.filter(kunci=unit).first()
