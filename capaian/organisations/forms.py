"""The forms of accounts, roles, denials and delegations. What they hold is checked again by the actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User

from capaian.organisations.models import Instansi, Membership, UnitKerja
from capaian.organisations.people import colleagues_of
from capaian.organisations.roles import UNIT_ROLES, Permission

_UNIT_NEEDED = " dan ".join(str(Membership.Role(role).label) for role in sorted(UNIT_ROLES, reverse=True))


class DateInput(forms.DateInput):
    """The browser's own date field, which speaks the language of its user and sends ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def date_field(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput(), input_formats=["%Y-%m-%d", "%d-%m-%Y"])


class PersonForm(forms.Form):
    """Name and e-mail of an account."""

    name = forms.CharField(label="Nama", max_length=150)
    email = forms.EmailField(
        label="Surel",
        required=False,
        help_text="Untuk ringkasan tugas, dan untuk masuk lewat akun pemerintah daerah bila dipasang.",
    )


class RoleForm(forms.Form):
    """A role, its unit where it has one, and its days."""

    role = forms.ChoiceField(label="Peran", choices=Membership.Role.choices)
    unit = forms.ModelChoiceField(
        UnitKerja.objects.none(),
        label="Unit kerja",
        required=False,
        empty_label="Seluruh instansi",
        help_text=f"Wajib untuk {_UNIT_NEEDED}; berlaku juga untuk unit di bawahnya.",
    )
    starts_on = date_field("Mulai")
    ends_on = date_field("Sampai")

    def __init__(self, *args: Any, instansi: Instansi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = instansi.unit_kerja.all()  # type: ignore[attr-defined]


class NewAccountForm(RoleForm, PersonForm):
    """An account with its first role."""

    username = forms.CharField(
        label="Nama pengguna",
        max_length=150,
        help_text="Huruf, angka, titik, garis; tanpa spasi. Tidak dapat diubah sesudahnya.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ["username", "name", "email", "role", "unit", "starts_on", "ends_on"]


class KnownAccountForm(RoleForm):
    """A role for an account that exists, for instance in another office."""

    username = forms.CharField(
        label="Nama pengguna", max_length=150, widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )
    field_order = ["username", "role", "unit", "starts_on", "ends_on"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        self.user = User.objects.filter(username=username).first()
        if self.user is None:
            raise forms.ValidationError(
                "Tidak ada akun dengan nama pengguna itu. Periksa ejaannya, atau buat akun baru."
            )
        return username


class DenialForm(forms.Form):
    """A right that is taken away, with the reason that its owner will read."""

    permission = forms.ChoiceField(label="Hak", choices=[(one.name, one.value) for one in Permission])
    denied_unit = forms.ModelChoiceField(
        UnitKerja.objects.none(), label="Unit kerja", required=False, empty_label="Seluruh instansi"
    )
    until = date_field("Sampai")
    reason = forms.CharField(label="Alasan", max_length=300, help_text="Dibaca oleh orang yang dilarang.")

    def __init__(self, *args: Any, instansi: Instansi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["denied_unit"].queryset = instansi.unit_kerja.all()  # type: ignore[attr-defined]


class DelegationForm(forms.Form):
    """To whom, for which days, why."""

    receiver = forms.ModelChoiceField(User.objects.none(), label="Kepada", empty_label="Pilih rekan")
    starts_on = date_field("Mulai", required=True)
    ends_on = date_field("Sampai", required=True)
    reason = forms.CharField(label="Alasan", max_length=300, help_text="Misalnya cuti tahunan, sakit, dinas luar.")

    def __init__(self, *args: Any, instansi: Instansi, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiver: Any = self.fields["receiver"]
        receiver.queryset = colleagues_of(instansi, user, today)
        receiver.label_from_instance = name_of


def name_of(user: User) -> str:
    """`Nama (nama.pengguna)`, or the user name alone."""
    name = user.get_full_name()
    return f"{name} ({user.get_username()})" if name else user.get_username()
