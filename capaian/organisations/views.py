"""What each person may do here and why, and what they lend to whom while away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.organisations.actions_people import delegate, end_delegation
from capaian.organisations.explain import rights_of
from capaian.organisations.forms import DelegationForm
from capaian.organisations.people import admins_of, delegations_of, held
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.organisations.safeguards import PeopleRefused


def person(request: HttpRequest) -> User:
    """The account before the page; the middleware has asked for a login."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


@require_GET
def hak_saya(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What may I do here, by which role or loan, and who gives me what I may not?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    today = timezone.localdate()
    lines = rights_of(person(request), office.tahun_kinerja, today)
    context = {
        "allowed": [line for line in lines if line.is_allowed],
        "refused": [line for line in lines if not line.is_allowed],
        "admins": admins_of(office.tahun_kinerja.instansi, today),
    }
    return render(request, "organisations/hak_saya.html", context)


@require_http_methods(["GET", "POST"])
def pelimpahan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """To whom do I lend what I may do while I am away? An admin also sees what others have lent."""
    office = require_office(request, instansi, tahun, somewhere=True)
    place, today, user = office.tahun_kinerja.instansi, timezone.localdate(), person(request)
    form = DelegationForm(request.POST or None, instansi=place, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            given = delegate(by=user, instansi=place, today=today, **values)
        except PeopleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Wewenang Anda dilimpahkan kepada {given.receiver.get_username()}.")
            return redirect("organisations:pelimpahan", instansi, tahun)
    status = 422 if request.method == "POST" else 200
    return render(request, "organisations/pelimpahan.html", _delegations(office, user) | {"form": form}, status=status)


def _delegations(office: Office, user: User) -> dict[str, object]:
    place, today = office.tahun_kinerja.instansi, timezone.localdate()
    sees_all = office.allows(Permission.MANAGE_PEOPLE)
    rows = held(delegations_of(place, None if sees_all else user), today)
    return {"rows": rows, "sees_all": sees_all, "me": user}


@require_POST
def pelimpahan_akhiri(request: HttpRequest, instansi: str, tahun: int, delegation_id: int) -> HttpResponse:
    """End a delegation now: its giver, or an admin."""
    office = require_office(request, instansi, tahun, somewhere=True)
    user = person(request)
    sees_all = office.allows(Permission.MANAGE_PEOPLE)
    rows = delegations_of(office.tahun_kinerja.instansi, None if sees_all else user)
    found = rows.filter(pk=delegation_id).first()
    if found is None:
        # It may have been ended before it began, by a form that was sent twice.
        messages.info(request, "Pelimpahan itu sudah berakhir.")
    elif end_delegation(by=user, delegation=found, today=timezone.localdate()):
        messages.success(request, f"Pelimpahan kepada {found.receiver.get_username()} diakhiri.")
    else:
        messages.info(request, "Pelimpahan itu sudah berakhir.")
    return redirect("organisations:pelimpahan", instansi, tahun)
