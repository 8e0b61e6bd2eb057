"""Writing accounts, and what is taken from a person or lent by one: denials and delegations."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Final

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from capaian.organisations.models import Account, Delegation, Denial, Instansi, Membership, UnitKerja
from capaian.organisations.permissions import in_force
from capaian.organisations.roles import Permission
from capaian.organisations.safeguards import (
    PeopleRefused,
    check_days,
    end_now,
    keep_an_admin,
    lock_office,
    open_memberships,
    refuse_own_account,
    require_manager,
    require_whole_account,
)
from capaian.workflow.audit import audited, record_audit, record_refusal
from capaian.workflow.checks import check_row, clean_text

# Read aloud or from a slip of paper: no letter that looks like a digit. 16 of 31 signs are 79 bits.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_UNIQUE: Final = "sudah dipakai akun lain"


def one_time_password() -> str:
    """A password to be shown once and changed at the first login: `k7dm-…`, four groups of four."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def password_mark(user: User) -> str:
    """A mark of the password that an account has now, by which a form sent twice is known."""
    return salted_hmac("capaian.password_mark", user.password).hexdigest()[:24]


# --- accounts --------------------------------------------------------------------------------------------------------


@audited()
def create_account(*, by: User | None, instansi: Instansi, username: str, name: str = "", email: str = "") -> str:
    """Make an account with a password that is returned, shown once and changed at the first login.

    It has no right yet: `actions.grant_role` gives one. Raises `PermissionDenied` for who may not manage people, and
    `PeopleRefused` for a name or e-mail that another account has or that no account can have.
    """
    require_manager(by, instansi)
    username, name, email = clean_text(username), clean_text(name), clean_text(email)
    user = User(username=username, first_name=name, email=User.objects.normalize_email(email))
    if not username:
        raise PeopleRefused("Nama pengguna belum diisi.")
    check_row(user, ["username", "first_name"], ["username"])
    if User.objects.filter(username__iexact=username).exists():
        raise PeopleRefused(f"Nama pengguna {username} {_UNIQUE}. Pilih nama lain, atau beri peran kepada akun itu.")
    _check_email(user)
    password = one_time_password()
    user.set_password(password)
    user.save()
    Account.objects.create(user=user, must_change_password=True)
    facts = {"nama": name, "surel": user.email}
    record_audit(by=by, action="organisations.create_account", subject=username, instansi=instansi, after=facts)
    return password


def _check_email(user: User) -> None:
    if not user.email:
        return
    try:
        validate_email(user.email)
    except ValidationError as error:
        raise PeopleRefused(f"Surel {user.email} tidak dapat dipakai: {' '.join(error.messages)}") from error
    if User.objects.filter(email__iexact=user.email).exclude(pk=user.pk).exists():
        raise PeopleRefused(f"Surel {user.email} {_UNIQUE}. Setiap akun memakai surel sendiri.")


@audited()
def change_account(*, by: User | None, instansi: Instansi, user: User, name: str, email: str) -> bool:
    """Change the name and e-mail of an account. False if nothing is different."""
    require_manager(by, instansi)
    require_whole_account(by, user, timezone.localdate())
    before = {"nama": user.first_name, "surel": user.email}
    user.first_name, user.email = clean_text(name), User.objects.normalize_email(clean_text(email))
    after = {"nama": user.first_name, "surel": user.email}
    if after == before:
        return False
    check_row(user, ["first_name"], ["username"])
    _check_email(user)
    user.save(update_fields=["first_name", "email"])
    _record(by, instansi, user, "change_account", before=before, after=after)
    return True


@audited()
def reset_password(*, by: User | None, instansi: Instansi, user: User, mark: str) -> str:
    """A new password for an account, returned to be shown once; its sessions end and its owner must change it.

    `mark` is `password_mark` of the password when the page was opened. Raises `PeopleRefused` where the password is
    another one since then, so that a form sent twice does not take away the password that was just shown.
    """
    require_manager(by, instansi)
    refuse_own_account(by, user, "Mengatur ulang sandi")
    require_whole_account(by, user, timezone.localdate())
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not constant_time_compare(mark, password_mark(user)):
        raise PeopleRefused(
            f"Sandi {user.get_username()} sudah berubah sejak halaman ini dibuka; tidak ada yang dilakukan lagi. "
            "Bila sandi sementaranya hilang, buka halaman orang ini dan atur ulang sekali lagi."
        )
    password = one_time_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    Account.objects.update_or_create(user=user, defaults={"must_change_password": True})
    AccessAttempt.objects.filter(username=user.get_username()).delete()
    _record(by, instansi, user, "reset_password")
    return password


@audited()
def set_active(*, by: User | None, instansi: Instansi, user: User, active: bool, today: date) -> bool:
    """Let an account in or no longer; its roles stay as they are. False if it is so already."""
    require_manager(by, instansi)
    refuse_own_account(by, user, "Menonaktifkan atau mengaktifkan akun")
    require_whole_account(by, user, today)
    if user.is_active == active:
        return False
    for office in Instansi.objects.filter(memberships__in=open_memberships(user, today)).distinct().order_by("pk"):
        lock_office(office)
        if not active:
            keep_an_admin(office, user, today)
    user.is_active = active
    user.save(update_fields=["is_active"])
    _record(by, instansi, user, "activate_account" if active else "deactivate_account")
    return True


@audited()
def unlock(*, by: User | None, instansi: Instansi, user: User) -> bool:
    """Forget the failed logins of an account, from all addresses. False if there were none."""
    require_manager(by, instansi)
    removed, _ = AccessAttempt.objects.filter(username=user.get_username()).delete()
    if removed:
        _record(by, instansi, user, "unlock_account")
    return bool(removed)


@audited()
def reset_second_step(*, by: User | None, instansi: Instansi, user: User) -> bool:
    """Take the second step of the login from an account whose owner has lost it. False if it had none."""
    require_manager(by, instansi)
    refuse_own_account(by, user, "Mengatur ulang verifikasi dua langkah")
    require_whole_account(by, user, timezone.localdate())
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        _record(by, instansi, user, "reset_second_step")
    return bool(removed)


# --- denials ---------------------------------------------------------------------------------------------------------


@audited()
def deny(
    *,
    by: User | None,
    instansi: Instansi,
    user: User,
    permission: Permission,
    unit: UnitKerja | None,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Denial:
    """Take a right from a person whatever their roles say, everywhere or in one unit; the same again is one denial."""
    require_manager(by, instansi)
    check_days(starts_on, ends_on)
    reason = clean_text(reason)
    if not reason:
        raise PeopleRefused("Larangan memerlukan alasan, sebab orang yang dilarang akan membacanya.")
    if unit is not None and unit.instansi_id != instansi.pk:
        raise PeopleRefused(f"Unit {unit} bukan bagian {instansi}. Pilih unit dari daftar.")
    lock_office(instansi)
    if permission is Permission.MANAGE_PEOPLE:
        keep_an_admin(instansi, user, timezone.localdate())
    found, created = Denial.objects.get_or_create(
        instansi=instansi,
        user=user,
        permission=permission.name,
        unit=unit,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if created:
        facts = {"hak": permission.value, "sampai": ends_on}
        _record(by, instansi, user, "deny", unit=unit, after=facts, reason=reason)
    return found


@audited()
def end_denial(*, by: User | None, denial: Denial, today: date) -> bool:
    """Give back what was denied, at once. False if it had ended. Nobody lifts a denial of their own."""
    require_manager(by, denial.instansi)
    refuse_own_account(by, denial.user, "Mencabut larangan")
    found = Denial.objects.select_for_update(no_key=True).filter(pk=denial.pk).first()
    if found is None or (found.ends_on is not None and found.ends_on < today):
        return False
    before = {"hak": Permission[found.permission].value, "alasan": found.reason, "sampai": found.ends_on}
    end_now(found, today)
    _record(by, found.instansi, found.user, "end_denial", unit=found.unit, before=before)
    return True


# --- delegations -----------------------------------------------------------------------------------------------------


@audited()
def delegate(
    *, by: User, instansi: Instansi, receiver: User, starts_on: date, ends_on: date, reason: str, today: date
) -> Delegation:
    """Lend all that a person may do in an office to a colleague, for the days of a leave.

    The same person and days again is one delegation. Raises `PeopleRefused` for who has no role to lend, a receiver
    outside the office, days that are over or in the wrong order, and a missing reason.
    """
    check_days(starts_on, ends_on)
    reason = clean_text(reason)
    if not reason:
        raise PeopleRefused("Pelimpahan memerlukan alasan, misalnya cuti tahunan atau dinas luar.")
    if ends_on < today:
        raise PeopleRefused("Tanggal sampai sudah lewat. Pilih hari ini atau sesudahnya.")
    if receiver.pk == by.pk:
        raise PeopleRefused("Wewenang tidak dapat dilimpahkan kepada diri sendiri. Pilih rekan Anda.")
    for person, who in ((by, "Anda"), (receiver, receiver.get_username())):
        held = Membership.objects.filter(in_force(today), user=person, instansi=instansi, user__is_active=True)
        if not held.exists():
            raise PeopleRefused(f"{who} tidak berperan di {instansi} hari ini, maka pelimpahan ini tidak dapat dibuat.")
    lock_office(instansi)
    days = {"starts_on": starts_on, "ends_on": ends_on}
    found = Delegation.objects.filter(instansi=instansi, giver=by, receiver=receiver, **days).first()
    if found is not None:
        return found
    facts = {"kepada": receiver.get_username(), "mulai": starts_on, "sampai": ends_on}
    _record(by, instansi, by, "delegate", after=facts, reason=reason)
    return Delegation.objects.create(instansi=instansi, giver=by, receiver=receiver, reason=reason, **days)


@audited()
def end_delegation(*, by: User, delegation: Delegation, today: date) -> bool:
    """End a delegation at once, by who gave it or by an admin. False if it had ended."""
    if by.pk != delegation.giver_id:
        require_manager(by, delegation.instansi)
    found = Delegation.objects.select_for_update(no_key=True).filter(pk=delegation.pk).first()
    if found is None or (found.ends_on is not None and found.ends_on < today):
        return False
    before = {"kepada": found.receiver.get_username(), "mulai": found.starts_on, "sampai": found.ends_on}
    end_now(found, today)
    _record(by, found.instansi, found.giver, "end_delegation", before=before)
    return True


# --- audit -----------------------------------------------------------------------------------------------------------


def record_people_refusal(*, by: User, instansi: Instansi, action: str, subject: str, reason: str) -> None:
    """What an admin tried and was kept from (`PeopleRefused`); outside the transaction that it undid."""
    record_refusal(by=by, action=f"organisations.{action}", subject=subject, reason=reason, instansi=instansi)


def _record(
    by: User | None,
    instansi: Instansi,
    user: User,
    action: str,
    *,
    unit: UnitKerja | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    record_audit(
        by=by,
        action=f"organisations.{action}",
        subject=user.get_username(),
        instansi=instansi,
        unit=unit,
        before=before,
        after=after,
        reason=reason,
    )
