"""Login, and the regulations that every figure rests on: pages that belong to no office."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


class Login(LoginView):
    """The login page; a demo also shows its accounts, any other installation none."""

    template_name = "web/login.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = getattr(settings, "DEMO_ACCOUNTS", ()) if settings.DEMO else ()
        password = getattr(settings, "DEMO_PASSWORD", "") if settings.DEMO else ""
        return super().get_context_data(demo_accounts=accounts, demo_password=password, **kwargs)


def regulasi(request: HttpRequest) -> HttpResponse:
    return render(request, "web/regulasi.html")


def regulasi_pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    raise Http404(f"Paket aturan {pack_id} tidak ada.")
