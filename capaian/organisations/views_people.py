"""The admin's pages: who works here with which role, an account and all that can be done about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.organisations import actions_people as actions
from capaian.organisations.actions import create_account_with_role, end_role, grant_role
from capaian.organisations.forms import DenialForm, KnownAccountForm, NewAccountForm, PersonForm, RoleForm, name_of
from capaian.organisations.models import Denial, Instansi, Membership
from capaian.organisations.people import Person, delegations_of, denials_of, held, people_of, person_of
from capaian.organisations.permissions import Permission, require_office
from capaian.organisations.safeguards import PeopleRefused
from capaian.organisations.views import person


def _office(request: HttpRequest, instansi: str, tahun: int) -> Instansi:
    return require_office(request, instansi, tahun, Permission.MANAGE_PEOPLE).tahun_kinerja.instansi


def _person(instansi: Instansi, user_id: int) -> Person:
    found = person_of(instansi, user_id, timezone.localdate())
    if found is None:
        raise Http404(f"Tidak ada orang dengan nomor itu di {instansi}. Mulai dari halaman Orang dan peran.")
    return found


@require_GET
def orang(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Who works here with which role, until when, and whose account needs something?"""
    office = _office(request, instansi, tahun)
    return render(request, "organisations/orang.html", {"people": people_of(office, timezone.localdate())})


@never_cache
@require_http_methods(["GET", "POST"])
def akun_baru(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """A new account with its first role; its password is shown once, in the answer."""
    office = _office(request, instansi, tahun)
    form = NewAccountForm(request.POST or None, instansi=office)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = create_account_with_role(by=person(request), instansi=office, **form.cleaned_data)
        except (PeopleRefused, ValueError) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _show_password(request, _person(office, user.pk), password, is_new=True)
    context = {"form": form, "known": KnownAccountForm(instansi=office, prefix="lama")}
    return render(request, "organisations/akun_baru.html", context, status=422 if form.is_bound else 200)


@require_POST
def akun_lama(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """A role for an account that exists already."""
    office = _office(request, instansi, tahun)
    known = KnownAccountForm(request.POST, instansi=office, prefix="lama")
    if known.is_valid() and known.user is not None:
        values = {name: value for name, value in known.cleaned_data.items() if name != "username"}
        try:
            grant_role(by=person(request), user=known.user, instansi=office, **values)
        except PeopleRefused as refusal:
            known.add_error(None, str(refusal))
        else:
            messages.success(request, f"{known.user.get_username()} mendapat peran di {office}.")
            return redirect("organisations:akun", instansi, tahun, known.user.pk)
    context = {"form": NewAccountForm(instansi=office), "known": known}
    return render(request, "organisations/akun_baru.html", context, status=422)


@never_cache
@require_GET
def akun(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """What may this person do, how does their account stand, and what can I do about it?"""
    office = _office(request, instansi, tahun)
    return _show_account(request, office, _person(office, user_id))


def _show_account(
    request: HttpRequest, office: Instansi, shown: Person, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    today, user = timezone.localdate(), shown.user
    context: dict[str, Any] = {
        "shown": shown,
        "name": name_of(user),
        "is_self": user.pk == person(request).pk,
        "mark": actions.password_mark(user),
        "denials": denials_of(office, user, today),
        "delegations": held(delegations_of(office, user), today),
        "role_form": RoleForm(instansi=office),
        "denial_form": DenialForm(instansi=office),
        "person_form": PersonForm(initial={"name": user.first_name, "email": user.email}),
    }
    return render(request, "organisations/akun.html", context | bound, status=status)


@require_POST
def akun_peran(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """Give a role, or other days to one that the person has."""
    office = _office(request, instansi, tahun)
    shown = _person(office, user_id)
    form = RoleForm(request.POST, instansi=office)
    if form.is_valid():
        try:
            grant_role(by=person(request), user=shown.user, instansi=office, **form.cleaned_data)
        except PeopleRefused as refusal:
            _refused(request, office, "grant_role", shown.user.get_username(), refusal)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Peran disimpan.")
            return redirect("organisations:akun", instansi, tahun, user_id)
    return _show_account(request, office, shown, status=422, role_form=form)


@require_POST
def akun_larangan(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """Take a right away, whatever the roles say."""
    office = _office(request, instansi, tahun)
    shown = _person(office, user_id)
    form = DenialForm(request.POST, instansi=office)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.deny(
                by=person(request),
                instansi=office,
                user=shown.user,
                permission=Permission[said["permission"]],
                unit=said["denied_unit"],
                reason=said["reason"],
                ends_on=said["until"],
            )
        except PeopleRefused as refusal:
            _refused(request, office, "deny", shown.user.get_username(), refusal)
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Larangan disimpan dan langsung berlaku.")
            return redirect("organisations:akun", instansi, tahun, user_id)
    return _show_account(request, office, shown, status=422, denial_form=form)


@require_POST
def akun_data(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """Change the name and e-mail of an account."""
    office = _office(request, instansi, tahun)
    shown = _person(office, user_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            actions.change_account(by=person(request), instansi=office, user=shown.user, **form.cleaned_data)
        except (PeopleRefused, ValueError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Data akun disimpan.")
            return redirect("organisations:akun", instansi, tahun, user_id)
    return _show_account(request, office, _person(office, user_id), status=422, person_form=form)


@never_cache
@require_POST
def akun_sandi(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """A new temporary password, shown once in the answer."""
    office = _office(request, instansi, tahun)
    shown = _person(office, user_id)
    mark = request.POST.get("tanda", "")
    try:
        password = actions.reset_password(by=person(request), instansi=office, user=shown.user, mark=mark)
    except PeopleRefused as refusal:
        _refused(request, office, "reset_password", shown.user.get_username(), refusal)
        messages.error(request, str(refusal))
        return redirect("organisations:akun", instansi, tahun, user_id)
    return _show_password(request, shown, password, is_new=False)


def _show_password(request: HttpRequest, shown: Person, password: str, *, is_new: bool) -> HttpResponse:
    context = {"shown": shown, "name": name_of(shown.user), "password": password, "is_new": is_new}
    return render(request, "organisations/sandi_sementara.html", context)


# What an admin does to an account with one button: how it is called, and what is said when it is done or was done.
_DONE = {
    "nonaktif": ("Akun dinonaktifkan; sesinya berakhir.", "Akun ini sudah dinonaktifkan."),
    "aktif": ("Akun aktif lagi.", "Akun ini sudah aktif."),
    "buka-kunci": ("Kunci dibuka; orang ini dapat masuk lagi.", "Akun ini tidak terkunci."),
    "dua-langkah": (
        "Verifikasi dua langkah dilepas; orang ini masuk dengan kata sandi saja sampai memasangnya lagi.",
        "Akun ini tidak memakai verifikasi dua langkah.",
    ),
}


@require_POST
def akun_tindakan(request: HttpRequest, instansi: str, tahun: int, user_id: int, tindakan: str) -> HttpResponse:
    """Deactivate or reactivate an account, unlock it, or take its second step away."""
    office = _office(request, instansi, tahun)
    shown = _person(office, user_id)
    if tindakan not in _DONE:
        raise Http404("Tindakan itu tidak ada. Pilih dari tombol di halaman akun.")
    try:
        changed = _act(tindakan, {"by": person(request), "instansi": office, "user": shown.user})
    except PeopleRefused as refusal:
        _refused(request, office, tindakan, shown.user.get_username(), refusal)
        messages.error(request, str(refusal))
    else:
        done, was_done = _DONE[tindakan]
        (messages.success if changed else messages.info)(request, done if changed else was_done)
    return redirect("organisations:akun", instansi, tahun, user_id)


def _act(tindakan: str, whom: dict[str, Any]) -> bool:
    if tindakan == "buka-kunci":
        return actions.unlock(**whom)
    if tindakan == "dua-langkah":
        return actions.reset_second_step(**whom)
    return actions.set_active(**whom, active=tindakan == "aktif", today=timezone.localdate())


@require_POST
def peran_akhiri(request: HttpRequest, instansi: str, tahun: int, user_id: int, membership_id: int) -> HttpResponse:
    """End a role now."""
    office = _office(request, instansi, tahun)
    found = Membership.objects.filter(pk=membership_id, user=user_id, instansi=office).first()
    try:
        changed = found is not None and end_role(by=person(request), membership=found, today=timezone.localdate())
    except PeopleRefused as refusal:
        _refused(request, office, "end_role", str(found), refusal)
        messages.error(request, str(refusal))
    else:
        (messages.success if changed else messages.info)(
            request, "Peran diakhiri." if changed else "Peran itu sudah berakhir."
        )
    return _back(request, instansi, tahun, user_id)


@require_POST
def larangan_akhiri(request: HttpRequest, instansi: str, tahun: int, user_id: int, denial_id: int) -> HttpResponse:
    """Give back what was denied."""
    office = _office(request, instansi, tahun)
    found = Denial.objects.filter(pk=denial_id, user=user_id, instansi=office).first()
    try:
        changed = found is not None and actions.end_denial(by=person(request), denial=found, today=timezone.localdate())
    except PeopleRefused as refusal:
        _refused(request, office, "end_denial", str(found), refusal)
        messages.error(request, str(refusal))
    else:
        (messages.success if changed else messages.info)(
            request, "Larangan dicabut." if changed else "Larangan itu sudah berakhir."
        )
    return _back(request, instansi, tahun, user_id)


def _back(request: HttpRequest, instansi: str, tahun: int, user_id: int) -> HttpResponse:
    """To the account; to the list where its last trace in the office went with a role that had not begun."""
    if Membership.objects.filter(user=user_id, instansi__kunci=instansi).exists():
        return redirect("organisations:akun", instansi, tahun, user_id)
    return redirect("organisations:orang", instansi, tahun)


def _refused(request: HttpRequest, office: Instansi, action: str, subject: str, refusal: PeopleRefused) -> None:
    actions.record_people_refusal(
        by=person(request), instansi=office, action=action, subject=subject, reason=str(refusal)
    )
