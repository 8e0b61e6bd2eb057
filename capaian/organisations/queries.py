"""Reading offices and their years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils import timezone

from capaian.organisations.models import Denial, Instansi, UnitKerja
from capaian.organisations.permissions import held_by, in_force
from capaian.organisations.roles import ALLOWED, Permission


@dataclass(frozen=True)
class OfficeChoice:
    """An office that a person has a role in, with the years it has data for, latest first."""

    instansi: Instansi
    roles: tuple[str, ...]
    tahun: tuple[int, ...]


def offices_of(user: AbstractBaseUser | AnonymousUser, today: date | None = None) -> list[OfficeChoice]:
    """The offices in which a person has a role today, own or delegated, by name, with roles in words. Two queries."""
    if not user.is_authenticated:
        return []
    memberships = (
        held_by(user, today or timezone.localdate())
        .select_related("instansi", "unit")
        .prefetch_related("instansi__tahun_kinerja")
        .order_by("instansi__nama", "pk")
    )
    found: dict[int, OfficeChoice] = {}
    for one in memberships:
        known = found.get(one.instansi_id)
        role = f"{one.get_role_display()} {one.unit.nama}" if one.unit else str(one.get_role_display())
        roles = dict.fromkeys((*(known.roles if known else ()), role))
        tahun = tuple(sorted((year.tahun for year in one.instansi.tahun_kinerja.all()), reverse=True))
        found[one.instansi_id] = OfficeChoice(one.instansi, tuple(roles), tahun)
    return list(found.values())


def seen_whole(user: AbstractBaseUser | AnonymousUser, today: date | None = None) -> set[int]:
    """The ids of the offices that a person may look at whole today, as `permissions.require_office` asks. Two queries.

    An office where the person, or who lends the role, is denied the look at a single unit is none of them.
    """
    if not user.is_authenticated:
        return set()
    today = today or timezone.localdate()
    lookers = [role for role, rights in ALLOWED.items() if Permission.VIEW in rights]
    held = list(
        held_by(user, today).filter(unit=None, role__in=lookers).order_by().values_list("instansi", "user").distinct()
    )
    people = {user.pk, *(person for _, person in held)}
    denials = Denial.objects.filter(in_force(today), user__in=people, permission=Permission.VIEW.name)
    denied = set(denials.values_list("instansi", "user"))
    return {place for place, person in held if not {(place, person), (place, user.pk)} & denied}


def units_by_parent(instansi: Instansi) -> dict[int | None, list[UnitKerja]]:
    """The units of an office in their order, by the id of the unit above them (None at the top). One query."""
    found: dict[int | None, list[UnitKerja]] = defaultdict(list)
    for unit in instansi.unit_kerja.all():
        found[unit.induk_id].append(unit)
    return dict(found)
