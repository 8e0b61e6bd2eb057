"""The forms of the door, in Indonesian, and held to the lockout: also codes are counted and refused."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "placeholder": "", "autofocus": True}


class Login(LoginForm):
    """User name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Nama pengguna atau surel"
        self.fields["password"].label = "Kata sandi"
        self.fields["login"].max_length = 254  # as long as an e-mail can be
        attributes = {"autocapitalize": "none", "autocomplete": "username", "placeholder": "", "autofocus": True}
        self.fields["login"].widget.attrs |= attributes
        self.fields["password"].widget.attrs["placeholder"] = ""


class ChangePassword(ChangePasswordForm):
    """The present password, and a new one twice; the new one is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "Kata sandi sekarang", "password1": "Kata sandi baru", "password2": "Ulangi yang baru"}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["placeholder"] = ""
        self.fields["password1"].help_text = (
            "Sekurang-kurangnya 12 karakter, bukan angka saja, bukan sandi yang umum dipakai, dan tidak mirip nama "
            "Anda. Beberapa kata yang tidak berhubungan mudah diingat dan sulit ditebak."
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("password1") and cleaned["password1"] == cleaned.get("oldpassword"):
            self.add_error("password1", "Kata sandi baru sama dengan yang lama. Pilih yang lain.")
        return cleaned


class Reauthenticate(ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Kata sandi"
        self.fields["password"].widget.attrs |= {"placeholder": "", "autofocus": True}


class _Counted:
    """A code is not even looked at where failures have locked the person out from this address."""

    user: Any

    def clean_code(self) -> str:
        credentials = {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(context.request, credentials):
            context.request.axes_locked_out = True
            raise forms.ValidationError("Terlalu banyak percobaan yang gagal.")
        return super().clean_code()  # type: ignore[misc]


def _label(form: forms.Form, label: str) -> None:
    form.fields["code"].label = label
    form.fields["code"].widget.attrs |= _CODE


class Code(_Counted, AuthenticateForm):
    """The second step of the login: a code of the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, "Kode dari aplikasi, atau kode pemulihan")


class ReauthenticateCode(_Counted, ReauthenticateCodeForm):
    """A code again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, "Kode dari aplikasi, atau kode pemulihan")


class ActivateTotp(ActivateTOTPForm):
    """The first code of an app that was just set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, "Kode yang ditampilkan aplikasi")
