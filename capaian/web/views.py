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
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_accounts": settings.DEMO_ACCOUNTS, "demo_password": settings.DEMO_PASSWORD}
        return context


def regulasi(request: HttpRequest) -> HttpResponse:
    return render(request, "web/regulasi.html")


def regulasi_pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    raise Http404(f"Paket aturan {pack_id} tidak ada.")
