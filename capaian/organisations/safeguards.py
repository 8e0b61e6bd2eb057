"""What an office is kept from doing to itself: raising oneself, losing its last admin, reaching into another office."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from capaian.organisations.models import Dated, Denial, Instansi, Membership, TahunKinerja
from capaian.organisations.permissions import in_force, office_of, require_right
from capaian.organisations.roles import Permission

_Role = Membership.Role


class PeopleRefused(ValueError):
    """A change of accounts or roles that is not made; the message says why and what to do instead."""


def require_manager(by: User | None, instansi: Instansi) -> None:
    """Raises `PermissionDenied` for who may not manage the people of the office; None is the system itself.

    Rights do not differ from year to year: the year only carries the office to the question.
    """
    require_right(by, TahunKinerja(instansi=instansi), Permission.MANAGE_PEOPLE)


def lock_office(instansi: Instansi) -> None:
    """One change of people at a time, so that two admins cannot take the last admin away together."""
    Instansi.objects.select_for_update(no_key=True).get(pk=instansi.pk)


def refuse_own_account(by: User | None, user: User, what: str) -> None:
    """Four eyes: what raises a person's rights is given by another. Raises `PeopleRefused`."""
    if by is not None and by.pk == user.pk:
        raise PeopleRefused(
            f"{what} untuk akun sendiri tidak dapat dilakukan. Mintalah admin lain; bila belum ada, beri dahulu "
            "seorang pegawai peran Admin."
        )


def require_whole_account(by: User | None, user: User, today: date) -> None:
    """The account itself is touched only by who manages every office in which the person has a role, now or later.

    Otherwise an admin could come into another office with the password that they have set. Raises `PermissionDenied`.
    """
    if by is None:
        return
    offices = Instansi.objects.filter(memberships__in=open_memberships(user, today)).distinct()
    for instansi in offices:
        if not office_of(by, TahunKinerja(instansi=instansi)).allows(Permission.MANAGE_PEOPLE):
            raise PermissionDenied(
                "Orang ini juga berperan di instansi lain, maka sandi dan status akunnya tidak dapat diubah dari sini. "
                "Peran di instansi ini tetap dapat diakhiri; untuk akunnya, hubungi pengelola sistem."
            )


def open_memberships(user: User, today: date) -> QuerySet[Membership]:
    """The roles of a person that have not ended."""
    return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), user=user)


def keep_an_admin(instansi: Instansi, user: User, today: date) -> None:
    """Refuse to take the office's last admin away: nobody could give a role any more. Raises `PeopleRefused`.

    Call it only where the person loses the right; what counts is another active admin of the whole office.
    """
    admins = Membership.objects.filter(
        in_force(today), instansi=instansi, role=_Role.ADMIN, unit=None, user__is_active=True
    )
    if not admins.filter(user=user).exists():
        return
    # Also a denial that begins later: who counts here must stay able.
    denied = Denial.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), instansi=instansi, permission=Permission.MANAGE_PEOPLE.name
    )
    lasting = admins.filter(ends_on=None).exclude(user=user).exclude(user__in=denied.values("user"))
    if not lasting.exists():
        raise PeopleRefused(
            f"{user.get_username()} adalah admin terakhir {instansi}. Beri dahulu orang lain peran Admin tanpa tanggal "
            "akhir, baru kemudian ubah yang ini."
        )


def check_days(starts_on: date | None, ends_on: date | None) -> None:
    """Raises `PeopleRefused` for an end before the beginning."""
    if starts_on and ends_on and ends_on < starts_on:
        raise PeopleRefused("Tanggal sampai mendahului tanggal mulai. Periksa kedua tanggal.")


def end_now(row: Dated, today: date) -> None:
    """Let something dated have held until yesterday; what begins today or later never held and goes."""
    if row.starts_on is not None and row.starts_on >= today:
        row.delete()
        return
    row.ends_on = today - timedelta(days=1)
    row.save(update_fields=["ends_on"])
