"""Rights against an obvious reading of the rules, on generated offices: units in trees, days, loans and denials.

The reading asks each question anew for one day, one right and one unit, walking up the tree; it shares no code with
`organisations.permissions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from capaian.organisations.models import Delegation, Denial, Instansi, Membership, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Scope, office_of
from capaian.organisations.roles import ALLOWED, Permission

pytestmark = [pytest.mark.generative, pytest.mark.django_db]

# --- the algebra of scopes -------------------------------------------------------------------------------------------

UNITS = range(6)
# What a scope can be asked: every unit, and the office itself.
QUESTIONS = (*UNITS, None)
SCOPES = st.builds(
    Scope,
    st.none() | st.frozensets(st.sampled_from(UNITS)),
    st.frozensets(st.sampled_from(UNITS)),
)


def covered(scope: Scope) -> set[int | None]:
    """A scope as the plain set of what it covers."""
    whole = set(QUESTIONS) if scope.units is None else set(scope.units)
    return whole - scope.denied


@given(SCOPES)
def test_a_scope_covers_its_units_less_the_denied(scope: Scope) -> None:
    assert {one for one in QUESTIONS if scope.covers(one)} == covered(scope)
    assert scope.is_empty == (scope.units is not None and not covered(scope))
    assert scope.is_whole == (covered(scope) == set(QUESTIONS))


@given(SCOPES, SCOPES, SCOPES)
def test_either_of_two_scopes_is_the_union_of_sets(first: Scope, second: Scope, third: Scope) -> None:
    assert covered(first | second) == covered(first) | covered(second)
    assert covered(first | second) == covered(second | first)
    assert covered((first | second) | third) == covered(first | (second | third))


# --- offices ---------------------------------------------------------------------------------------------------------

PEOPLE, DAYS = range(3), range(3)
START = date(2024, 1, 1)
DAY = st.none() | st.sampled_from(DAYS)
# Few of them, so that a role, a loan and a denial often meet in one right.
PERMISSIONS = (Permission.VERIFY, Permission.APPROVE)
ROLES = (Membership.Role.PERENCANA, Membership.Role.KEPALA, Membership.Role.OPERATOR)


@dataclass(frozen=True)
class World:
    """Rows by number: the parent of each unit, roles, loans, denials. A unit None is the office itself."""

    parents: tuple[int | None, ...]
    roles: tuple[tuple[int, str, int | None, int | None, int | None], ...]
    loans: tuple[tuple[int, int, int, int], ...]
    denials: tuple[tuple[int, Permission, int | None, int | None, int | None], ...]
    inactive: frozenset[int]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    size = draw(st.integers(1, 3))
    parents = [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]
    unit = st.none() | st.integers(0, size - 1)
    person, role = st.sampled_from(PEOPLE), st.sampled_from(ROLES)
    span = st.tuples(DAY, DAY).map(lambda days: days if None in days else tuple(sorted(days)))  # type: ignore[type-var]
    held = st.tuples(person, role, unit, span).map(lambda row: (*row[:3], *row[3]))
    roles = draw(st.lists(held, min_size=1, max_size=5, unique_by=lambda row: row[:3]))
    loan = st.tuples(person, person, st.tuples(*[st.sampled_from(DAYS)] * 2).map(sorted))
    loans = [(giver, receiver, *days) for giver, receiver, days in draw(st.lists(loan, min_size=1, max_size=4))]
    denial = st.tuples(person, st.sampled_from(PERMISSIONS), unit, span).map(lambda row: (*row[:3], *row[3]))
    return World(
        tuple(parents),
        tuple(roles),
        tuple(row for row in loans if row[0] != row[1]),
        tuple(draw(st.lists(denial, min_size=1, max_size=3))),
        draw(st.frozensets(person, max_size=1)),
    )


def holds(start: int | None, end: int | None, day: int) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def upwards(world: World, unit: int | None) -> Iterator[int]:
    while unit is not None:
        yield unit
        unit = world.parents[unit]


def reaches(world: World, place: int | None, unit: int | None) -> bool:
    """Whether what is said for a place counts for a unit: the office for all, a unit for itself and those below."""
    return place is None or place in upwards(world, unit)


def denied(world: World, person: int, right: Permission, unit: int | None, day: int) -> bool:
    return any(
        who == person and what is right and holds(start, end, day) and reaches(world, place, unit)
        for who, what, place, start, end in world.denials
    )


def own(world: World, person: int, right: Permission, unit: int | None, day: int) -> bool:
    return (
        person not in world.inactive
        and any(
            who == person and right in ALLOWED[role] and holds(start, end, day) and reaches(world, place, unit)
            for who, role, place, start, end in world.roles
        )
        and not denied(world, person, right, unit, day)
    )


def may(world: World, person: int, right: Permission, unit: int | None, day: int) -> bool:
    if person in world.inactive or denied(world, person, right, unit, day):
        return False
    givers = [giver for giver, receiver, start, end in world.loans if receiver == person and holds(start, end, day)]
    return any(own(world, who, right, unit, day) for who in (person, *givers))


def on(day: int | None) -> date | None:
    return None if day is None else START + timedelta(days=day)


class TestOffices(TestCase):
    """On a database, since the days are compared there."""

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(worlds(), st.sampled_from(DAYS))
    def test_the_rights_are_those_of_the_obvious_reading(self, world: World, day: int) -> None:
        year, users, units = build(world)
        questions = (*range(len(units)), None)
        for person in PEOPLE:
            office = office_of(users[person], year, on(day))
            for right in PERMISSIONS:
                allowed = {one for one in questions if office.allows(right, None if one is None else units[one].pk)}
                expected = {one for one in questions if may(world, person, right, one, day)}
                assert allowed == expected, (person, right)
                rows = office.scope(right).narrow(UnitKerja.objects.filter(instansi=year.instansi), "pk")
                assert {unit.pk for unit in rows} == {units[one].pk for one in expected if one is not None}


def build(world: World) -> tuple[TahunKinerja, list[User], list[UnitKerja]]:
    """The rows of a world; another office lends and gives, which must count for nothing here."""
    instansi, other = (Instansi.objects.create(kunci=kunci, nama=kunci) for kunci in ("ini", "lain"))
    users = [User.objects.create(username=f"p{one}", is_active=one not in world.inactive) for one in PEOPLE]
    units: list[UnitKerja] = []
    for number, parent in enumerate(world.parents):
        induk = None if parent is None else units[parent]
        units.append(
            UnitKerja.objects.create(instansi=instansi, kunci=f"u{number}", nama="u", jenis="bidang", induk=induk)
        )

    def days(start: int | None, end: int | None) -> dict[str, date | None]:
        return {"starts_on": on(start), "ends_on": on(end)}

    def at(place: int | None) -> UnitKerja | None:
        return None if place is None else units[place]

    for who, role, place, start, end in world.roles:
        Membership.objects.create(user=users[who], instansi=instansi, role=role, unit=at(place), **days(start, end))
    for giver, receiver, start, end in world.loans:
        Delegation.objects.create(
            instansi=instansi, giver=users[giver], receiver=users[receiver], reason="x", **days(start, end)
        )
    for who, right, place, start, end in world.denials:
        Denial.objects.create(
            instansi=instansi, user=users[who], permission=right.name, unit=at(place), reason="x", **days(start, end)
        )
    Membership.objects.create(user=users[0], instansi=other, role="perencana")
    Membership.objects.create(user=users[1], instansi=other, role="kepala")
    Delegation.objects.create(instansi=other, giver=users[1], receiver=users[0], reason="x", **days(0, 9))
    return TahunKinerja.objects.create(instansi=instansi, tahun=2024), users, units
