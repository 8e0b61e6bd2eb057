"""Whether this person may do this here: roles in force, delegations and denials, and each refusal in words.

Whether the thing itself allows it now (its state, its deadline) is the other question: `workflow.policy`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from capaian.organisations.models import Denial, Membership, TahunKinerja, UnitKerja
from capaian.organisations.roles import ALLOWED, Permission

__all__ = ["Office", "Permission", "Scope", "held_by", "in_force", "office_of", "require_office", "require_right"]

M = TypeVar("M", bound=Model)
User = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True)
class Scope:
    """The units that a right covers, by id; `units` None is the whole office, the office itself included."""

    units: frozenset[int] | None = frozenset()
    denied: frozenset[int] = frozenset()

    def covers(self, unit_id: int | None) -> bool:
        """Whether the right holds for a unit; None asks for the office itself."""
        if unit_id is not None and unit_id in self.denied:
            return False
        return self.units is None or (unit_id is not None and unit_id in self.units)

    def __or__(self, other: Scope) -> Scope:
        """What either covers."""
        if self.units is None and other.units is None:
            return Scope(None, self.denied & other.denied)
        if self.units is None or other.units is None:
            whole, part = (self, other) if self.units is None else (other, self)
            return Scope(None, whole.denied - ((part.units or frozenset()) - part.denied))
        return Scope((self.units - self.denied) | (other.units - other.denied))

    @property
    def is_empty(self) -> bool:
        return self.units is not None and not self.units - self.denied

    @property
    def is_whole(self) -> bool:
        return self.units is None and not self.denied

    def narrow(self, rows: QuerySet[M], unit: str = "unit") -> QuerySet[M]:
        """The rows that the right covers, by the path `unit` to their unit; null there is the office itself."""
        if self.units is not None:
            return rows.filter(**{f"{unit}__in": self.units - self.denied})
        if self.denied:
            return rows.filter(~Q(**{f"{unit}__in": self.denied}) | Q(**{f"{unit}__isnull": True}))
        return rows


_NOTHING = Scope()


@dataclass(frozen=True)
class Office:
    """The office year that a page is about and what the person before it may do there, and for which units."""

    tahun_kinerja: TahunKinerja
    roles: tuple[str, ...]
    scopes: Mapping[Permission, Scope] = field(default_factory=dict)

    def scope(self, permission: Permission) -> Scope:
        return self.scopes.get(permission, _NOTHING)

    def allows(self, permission: Permission, unit_id: int | None = None) -> bool:
        """Whether the right holds for a unit, or for the office itself."""
        return self.scope(permission).covers(unit_id)

    def allows_somewhere(self, permission: Permission) -> bool:
        return not self.scope(permission).is_empty

    def allows_everywhere(self, permission: Permission) -> bool:
        """Whether the right holds for the office and each of its units: a single unit that is denied says no."""
        return self.scope(permission).is_whole

    def refusal(self, permission: Permission, unit: UnitKerja | None = None) -> str:
        """Why the right is refused, and who can give it."""
        instansi = self.tahun_kinerja.instansi
        if not self.roles:
            what = f"Akun ini tidak berhak {permission.value}."
        elif self.allows_somewhere(permission):
            what = f"Akun ini tidak berhak {permission.value} untuk {unit or 'seluruh instansi'}."
        else:
            roles = ", ".join(str(Membership.Role(role).label) for role in self.roles).lower()
            what = f"Akun ini (peran: {roles}) tidak berhak {permission.value}."
        return f"{what} Mintalah admin {instansi.nama} menambahkan peran yang sesuai."

    @property
    def can_plan(self) -> bool:
        return self.allows_somewhere(Permission.WRITE_RENCANA)

    @property
    def can_record(self) -> bool:
        return self.allows_somewhere(Permission.RECORD_REALISASI)

    @property
    def can_fill(self) -> bool:
        """Whether there is a form that the person may fill, of whatever kind."""
        return self.can_record or self.allows_somewhere(Permission.RECORD_ANGGARAN)

    @property
    def can_write_analisis(self) -> bool:
        return self.allows_somewhere(Permission.WRITE_ANALISIS)

    @property
    def can_generate(self) -> bool:
        return self.allows_somewhere(Permission.GENERATE_REPORT)

    @property
    def can_review(self) -> bool:
        return self.allows_somewhere(Permission.REVIEW)

    @property
    def can_ask(self) -> bool:
        """Whether what stands out in the figures is shown to the person: who verifies or reviews them."""
        return self.can_review or self.allows_somewhere(Permission.VERIFY)

    @property
    def can_view_all(self) -> bool:
        """Whether the figures of the whole office are open to the person, not only those of some units."""
        return self.allows_everywhere(Permission.VIEW)

    @property
    def can_import(self) -> bool:
        return self.allows_somewhere(Permission.IMPORT)

    @property
    def can_import_spm(self) -> bool:
        """Whether files of SPM are taken from the person: of the whole office, or of the unit that they fill."""
        return self.can_import or self.can_record

    @property
    def can_manage_people(self) -> bool:
        return self.allows_somewhere(Permission.MANAGE_PEOPLE)

    @property
    def can_view_audit(self) -> bool:
        return self.allows_somewhere(Permission.VIEW_AUDIT)

    @property
    def can_publish(self) -> bool:
        return self.allows_somewhere(Permission.PUBLISH)

    @property
    def can_set_deadlines(self) -> bool:
        return self.allows_somewhere(Permission.SET_DEADLINES)


def in_force(today: date, prefix: str = "") -> Q:
    """The condition that a dated row (`organisations.models.Dated`), reached by `prefix`, holds on a day."""
    start, end = f"{prefix}starts_on", f"{prefix}ends_on"
    return (Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": today})) & (
        Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": today})
    )


def held_by(user: User, today: date) -> QuerySet[Membership]:
    """The roles by which a person acts today: own ones, and those of people who delegate to them in that office."""
    lent = Q(
        in_force(today, "user__delegations_given__"),
        user__delegations_given__receiver=user.pk,
        user__delegations_given__instansi=F("instansi"),
    )
    return Membership.objects.filter(Q(user=user.pk) | lent).filter(in_force(today), user__is_active=True).distinct()


def office_of(user: User | None, tahun_kinerja: TahunKinerja, today: date | None = None) -> Office:
    """What a person may do in an office today: own roles, those delegated to them, less what is denied.

    Two queries; a third where a right is for a unit and the units below it.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Office(tahun_kinerja, ())
    today = today or timezone.localdate()
    instansi = tahun_kinerja.instansi_id
    memberships = list(held_by(user, today).filter(instansi=instansi).order_by("pk"))
    roles = tuple(dict.fromkeys(one.role for one in memberships))
    if not roles:
        return Office(tahun_kinerja, ())
    people = {user.pk, *(one.user_id for one in memberships)}
    denials = list(Denial.objects.filter(in_force(today), user__in=people, instansi=instansi))
    has_units = any(one.unit_id for one in memberships) or any(one.unit_id for one in denials)
    below = _subtrees(instansi) if has_units else {}
    return Office(tahun_kinerja, roles, _scopes(memberships, denials, below, user.pk))


def require_office(
    request: HttpRequest,
    instansi: str,
    tahun: int,
    permission: Permission = Permission.VIEW,
    *,
    somewhere: bool = False,
) -> Office:
    """The office year named in a URL, for a person who may do `permission` in the whole of it.

    The first line of every view. With `somewhere` a right for a single unit is enough: the view then shows and takes
    only what `Office.scope` covers. Raises `Http404` for an office year that does not exist and `PermissionDenied`,
    with the reason in words, for a person without the right; the frame offers the page to the request as `office`.
    """
    tahun_kinerja = (
        TahunKinerja.objects.select_related("instansi").filter(instansi__kunci=instansi, tahun=tahun).first()
    )
    if tahun_kinerja is None:
        raise Http404(f"Tidak ada data {instansi} tahun {tahun}.")
    office = office_of(request.user, tahun_kinerja)
    if office.roles:
        # Also on the page of a refusal, so that its frame leads back to what the person may see.
        request.office = office  # type: ignore[attr-defined]
    if not (office.allows_somewhere(permission) if somewhere else office.allows_everywhere(permission)):
        raise PermissionDenied(office.refusal(permission))
    return office


def require_right(
    user: User | None, tahun_kinerja: TahunKinerja, permission: Permission, unit: UnitKerja | None = None
) -> None:
    """The same question for an action, whatever door it was called through; None is the system itself.

    `unit` None asks for the office itself. Raises `PermissionDenied` with the reason in words.
    """
    if user is None:
        return
    office = office_of(user, tahun_kinerja)
    if not office.allows(permission, unit.pk if unit else None):
        raise PermissionDenied(office.refusal(permission, unit))


def rights_denied(denial: Denial) -> frozenset[Permission]:
    """What a denial takes away: its right, and with looking all that is done with what one looks at.

    Whoever saves, verifies or comments is answered with figures. Accounts are looked after without any.
    """
    right = Permission[denial.permission]
    return frozenset(Permission) - {Permission.MANAGE_PEOPLE} if right is Permission.VIEW else frozenset({right})


def _scopes(
    memberships: Iterable[Membership],
    denials: Iterable[Denial],
    below: Mapping[int, frozenset[int]],
    user_id: int,
) -> dict[Permission, Scope]:
    """Rights from roles; what a giver is denied they cannot lend, and what the person is denied wins over all."""
    found: dict[Permission, Scope] = {}
    denied: dict[tuple[int, Permission], list[Denial]] = defaultdict(list)
    for denial in denials:
        for permission in rights_denied(denial):
            denied[denial.user_id, permission].append(denial)
    for one in memberships:
        units = None if one.unit_id is None else below[one.unit_id]
        for permission in ALLOWED[one.role]:
            lent = _less(Scope(units), denied[one.user_id, permission], below)
            found[permission] = found.get(permission, _NOTHING) | lent
    return {permission: _less(scope, denied[user_id, permission], below) for permission, scope in found.items()}


def _less(scope: Scope, denials: Iterable[Denial], below: Mapping[int, frozenset[int]]) -> Scope:
    for denial in denials:
        scope = _NOTHING if denial.unit_id is None else Scope(scope.units, scope.denied | below[denial.unit_id])
    return scope


def _subtrees(instansi_id: int) -> dict[int, frozenset[int]]:
    """Each unit of an office with all units below it, itself included. One query."""
    parents = dict(UnitKerja.objects.filter(instansi=instansi_id).values_list("pk", "induk"))
    found: dict[int, set[int]] = {unit: {unit} for unit in parents}
    for unit, parent in parents.items():
        while parent is not None and unit not in found[parent]:
            found[parent].add(unit)
            parent = parents[parent]
    return {unit: frozenset(units) for unit, units in found.items()}
