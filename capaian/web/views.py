"""Login, and the regulations that every figure rests on: pages that belong to no office."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from capaian.rules.packs import PackError, load_pack
from capaian.web import regulations


class Login(LoginView):
    """The login page; a demo also shows its accounts, any other installation none."""

    template_name = "web/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"oidc_name": settings.OIDC_ISSUER and settings.OIDC_NAME}
        if settings.DEMO:
            context |= {"demo_accounts": settings.DEMO_ACCOUNTS, "demo_password": settings.DEMO_PASSWORD}
        return context


class PasswordChange(PasswordChangeView):
    """The own password; an account without one gets its first from an admin, not from whoever sits before a session."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise PermissionDenied(
                "Akun ini tidak punya kata sandi, maka tidak ada yang dapat diganti. Minta admin instansi Anda menekan "
                "Atur ulang sandi; sesudah itu kata sandi sementaranya dapat Anda ganti di sini."
            )
        return super().dispatch(request, *args, **kwargs)


@require_GET
def regulasi(request: HttpRequest) -> HttpResponse:
    """The packs in use and what each instrument covers. Open to every account: regulations are public."""
    packs = regulations.pack_views(timezone.localdate())
    return render(request, "web/regulasi.html", {"packs": packs, "coverage": regulations.coverage_lines()})


@require_GET
def regulasi_pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack: each parameter with its citation, its scales with their holes, its worked cases."""
    try:
        pack = load_pack(pack_id)
    except PackError as error:
        raise Http404(str(error)) from error
    context = {
        "pack": pack,
        "in_force": pack.in_force(timezone.localdate()),
        "parameters": regulations.parameter_views(pack),
        "cases": regulations.case_rows(pack_id),
    }
    return render(request, "web/regulasi_pack.html", context)
