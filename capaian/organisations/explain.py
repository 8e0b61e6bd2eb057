"""What a person may do in an office and why, right by right: roles, delegations and denials in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User

from capaian.organisations.models import Delegation, Denial, Membership, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, held_by, in_force, office_of, rights_denied
from capaian.organisations.roles import ALLOWED, Permission

_MANY = 3


@dataclass(frozen=True)
class RightLine:
    """One right: where it holds, whence it comes, what stands against it, and which roles would give it."""

    right: str
    where: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        return bool(self.where)


def rights_of(user: User, tahun_kinerja: TahunKinerja, today: date) -> list[RightLine]:
    """Every right in the order of the table, allowed or not. Seven queries."""
    instansi = tahun_kinerja.instansi
    office = office_of(user, tahun_kinerja, today)
    held = list(held_by(user, today).filter(instansi=instansi).select_related("unit", "user"))
    lent = Delegation.objects.filter(in_force(today), instansi=instansi, receiver=user)
    until = {one.giver_id: one.ends_on for one in lent}
    people = {user.pk, *(one.user_id for one in held)}
    rows = Denial.objects.filter(in_force(today), instansi=instansi, user__in=people).select_related("unit", "user")
    denials = list(rows)
    units = {unit.pk: unit for unit in instansi.unit_kerja.all()}
    return [
        RightLine(
            right=permission.value,
            where=_where(office, permission, units),
            reasons=tuple(_source(one, user, until) for one in held if permission in ALLOWED[one.role]),
            against=tuple(_denied(one, user) for one in denials if permission in rights_denied(one)),
            roles=tuple(str(Membership.Role(role).label) for role, allowed in ALLOWED.items() if permission in allowed),
        )
        for permission in Permission
    ]


def _where(office: Office, permission: Permission, units: dict[int, UnitKerja]) -> str:
    scope = office.scope(permission)
    if scope.is_empty:
        return ""
    if scope.units is None:
        missing = _names(scope.denied, units)
        return f"seluruh instansi, kecuali {missing}" if missing else "seluruh instansi"
    return _names(scope.units - scope.denied, units)


def _names(ids: frozenset[int], units: dict[int, UnitKerja]) -> str:
    names = [unit.nama for pk, unit in units.items() if pk in ids]
    more = f" dan {len(names) - _MANY} unit lain" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more


def _source(one: Membership, user: User, until: dict[int, date | None]) -> str:
    place = f" di {one.unit.nama}" if one.unit else ""
    if one.user_id == user.pk:
        end = f", sampai {one.ends_on:%d-%m-%Y}" if one.ends_on else ""
        return f"peran {one.get_role_display()}{place}{end}"
    end_of_loan = until.get(one.user_id)
    end = f", sampai {end_of_loan:%d-%m-%Y}" if end_of_loan else ""
    giver = one.user.get_full_name() or one.user.get_username()
    return f"dilimpahkan oleh {giver} ({one.get_role_display()}{place}){end}"


def _denied(one: Denial, user: User) -> str:
    place = f" untuk {one.unit.nama}" if one.unit else ""
    whose = "" if one.user_id == user.pk else f" bagi {one.user.get_username()}, maka tidak dapat dilimpahkan"
    return f"dilarang{place}{whose}: {one.reason}"
