"""Reading offices and their years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from capaian.organisations.models import Instansi, Membership, UnitKerja


@dataclass(frozen=True)
class OfficeChoice:
    """An office that a person has a role in, with the years it has data for, latest first."""

    instansi: Instansi
    roles: tuple[str, ...]
    tahun: tuple[int, ...]


def offices_of(user: AbstractBaseUser | AnonymousUser) -> list[OfficeChoice]:
    """The offices of a person, by name, with roles in words. Two queries."""
    if not user.is_authenticated:
        return []
    memberships = (
        Membership.objects.filter(user_id=user.pk)
        .select_related("instansi")
        .prefetch_related("instansi__tahun_kinerja")
        .order_by("instansi__nama", "pk")
    )
    found: dict[int, OfficeChoice] = {}
    for membership in memberships:
        known = found.get(membership.instansi_id)
        roles = (*(known.roles if known else ()), membership.get_role_display())
        tahun = tuple(sorted((year.tahun for year in membership.instansi.tahun_kinerja.all()), reverse=True))
        found[membership.instansi_id] = OfficeChoice(membership.instansi, roles, tahun)
    return list(found.values())


def units_by_parent(instansi: Instansi) -> dict[int | None, list[UnitKerja]]:
    """The units of an office in their order, by the id of the unit above them (None at the top). One query."""
    found: dict[int | None, list[UnitKerja]] = defaultdict(list)
    for unit in instansi.unit_kerja.all():
        found[unit.induk_id].append(unit)
    return dict(found)
