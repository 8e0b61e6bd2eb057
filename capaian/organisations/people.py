"""Reading the people of an office: who has which role until when, who is locked out, who lends to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from capaian.organisations.models import Dated, Delegation, Denial, Instansi, Membership
from capaian.organisations.permissions import in_force
from capaian.organisations.roles import Permission


@dataclass(frozen=True)
class Held:
    """A dated row of a person and how it stands today: "aktif", "nanti" or "berakhir"."""

    row: Dated
    state: str


@dataclass(frozen=True)
class Person:
    """An account as the office sees it: only the roles in this office, and what its owner has set up."""

    user: User
    roles: tuple[Held, ...]
    is_locked: bool
    has_second_step: bool

    @property
    def states(self) -> tuple[str, ...]:
        """What stands out about the account, as keys of `status_badge`; "aktif" where nothing does."""
        found = [*(["nonaktif"] if not self.user.is_active else []), *(["akun_terkunci"] if self.is_locked else [])]
        if not any(held.state == "aktif" for held in self.roles):
            found.append("tidak_aktif")
        return tuple(found) or ("aktif",)


def people_of(instansi: Instansi, today: date) -> list[Person]:
    """Everybody who has or had a role in the office, by name. Five queries, however many they are."""
    memberships: dict[int, list[Membership]] = defaultdict(list)
    for one in instansi.memberships.select_related("unit").order_by("pk"):
        memberships[one.user_id].append(one)
    users = User.objects.filter(pk__in=memberships).order_by("first_name", "username")
    locked = locked_names(user.username for user in users)
    step = set(Authenticator.objects.filter(user__in=memberships, type="totp").values_list("user", flat=True))
    return [Person(user, held(memberships[user.pk], today), user.username in locked, user.pk in step) for user in users]


def person_of(instansi: Instansi, user_id: int, today: date) -> Person | None:
    """One of them, or None for who never had a role in the office."""
    user = User.objects.filter(pk=user_id, memberships__instansi=instansi).distinct().first()
    if user is None:
        return None
    roles = instansi.memberships.filter(user=user).select_related("unit").order_by("pk")
    step = Authenticator.objects.filter(user=user, type="totp").exists()
    return Person(user, held(roles, today), user.username in locked_names([user.username]), step)


def locked_names(usernames: Iterable[str]) -> set[str]:
    """Those who failed so often from one address that they are refused there now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(username__in=list(usernames), attempt_time__gte=since)
    sums = recent.values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    return {one["username"] for one in sums if one["failures"] >= settings.AXES_FAILURE_LIMIT}


def held(rows: Iterable[Dated], today: date) -> tuple[Held, ...]:
    return tuple(Held(row, standing(row, today)) for row in rows)


def standing(row: Dated, today: date) -> str:
    """Whether a dated row holds today: "aktif", "nanti" (not yet) or "berakhir"."""
    if row.ends_on is not None and row.ends_on < today:
        return "berakhir"
    return "nanti" if row.starts_on is not None and row.starts_on > today else "aktif"


@dataclass(frozen=True)
class DenialLine:
    """A denial as it is read: the right in words, and how it stands."""

    denial: Denial
    right: str
    state: str


def denials_of(instansi: Instansi, user: User, today: date) -> list[DenialLine]:
    rows = instansi.denials.filter(user=user).select_related("unit").order_by("-pk")
    return [DenialLine(one, Permission[one.permission].value, standing(one, today)) for one in rows]


def delegations_of(instansi: Instansi, user: User | None = None) -> QuerySet[Delegation]:
    """The delegations of an office, latest first; with a person those that they gave or received."""
    rows = instansi.delegations.select_related("giver", "receiver")
    return rows if user is None else rows.filter(Q(giver=user) | Q(receiver=user))


def colleagues_of(instansi: Instansi, user: User, today: date) -> QuerySet[User]:
    """Who has a role in the office today and is not the person: those that one can delegate to."""
    roles = instansi.memberships.filter(in_force(today))
    return (
        User.objects.filter(memberships__in=roles, is_active=True).exclude(pk=user.pk).distinct().order_by("username")
    )


def admins_of(instansi: Instansi, today: date) -> list[User]:
    """Who gives roles in the office today."""
    roles = instansi.memberships.filter(in_force(today), role=Membership.Role.ADMIN, unit=None)
    return list(User.objects.filter(memberships__in=roles, is_active=True).distinct().order_by("username"))
