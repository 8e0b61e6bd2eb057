"""Of allauth only what this site uses, under addresses of our own and the names by which allauth looks them up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from capaian.web.views import Login, PasswordChange

_STEP = "akun/dua-langkah/"

urlpatterns = [
    # The same pages as `web:login` and `web:logout`.
    path("masuk/", Login.as_view(), name="account_login"),
    path("keluar/", login_not_required(LogoutView.as_view()), name="account_logout"),
    path("masuk/nonaktif/", account.account_inactive, name="account_inactive"),
    path("masuk/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("akun/sandi/", PasswordChange.as_view(), name="account_change_password"),
    path("akun/konfirmasi/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/konfirmasi/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(_STEP, mfa.index, name="mfa_index"),
    path(f"{_STEP}aktifkan/", totp.activate_totp, name="mfa_activate_totp"),
    path(f"{_STEP}matikan/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{_STEP}kode-pemulihan/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{_STEP}kode-pemulihan/baru/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
if settings.OIDC_ISSUER:
    urlpatterns += [
        path("masuk/<str:provider_id>/", oidc.login, name="openid_connect_login"),
        path("masuk/<str:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
        path("masuk/oidc/batal/", social.login_cancelled, name="socialaccount_login_cancelled"),
        path("masuk/oidc/gagal/", social.login_error, name="socialaccount_login_error"),
    ]
