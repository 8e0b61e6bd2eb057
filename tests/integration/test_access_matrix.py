"""Every role at every address with every method: `tests/data/access_matrix.yaml` says what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLResolver, get_resolver

from capaian.organisations.models import Delegation, Denial, Membership
from capaian.organisations.roles import ALLOWED, Permission
from capaian.reports.models import Publication, ReportVersion
from capaian.workflow.models import AuditEntry, Comment
from tests.integration.access import ADDRESSES, FIXED, FORMS, QUERIES, UNIT_OF, address, make_world

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
MATRIX = yaml.safe_load(Path(__file__).parents[1].joinpath("data/access_matrix.yaml").read_text())
ROUTES: dict[str, dict[str, str]] = MATRIX["routes"]
METHODS = ("GET", "POST")
ROLES = tuple(Membership.Role.values)
# The names of objects: where one is in an address, it must be looked for within the office year.
PUBLIC = {name for name, methods in ROUTES.items() if set(methods.values()) == {"public"}}
OBJECTS = {name for name in ADDRESSES if not name.startswith("reports:publik")} - PUBLIC | set(QUERIES)
# Knows nobody, hence has no cookie to hold a token; what it takes carries a signed key of its own instead.
SIGNED = {"skm:isi"}
# These end what is not there by saying so; that nothing was ended is asked of the rows.
ENDINGS = {"organisations:pelimpahan_akhiri", "organisations:peran_akhiri", "organisations:larangan_akhiri"}


def _walk(
    resolver: URLResolver, space: str = "", above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, set[str]]]:
    """Every address of the site by its full name, with the names that stand in it."""
    for one in resolver.url_patterns:
        names = above | set(one.pattern.converters)
        if isinstance(one, URLResolver):
            yield from _walk(one, f"{space}{one.namespace}:" if one.namespace else space, names)
        else:
            yield f"{space}{one.name}", names


SITE = dict(_walk(get_resolver()))


@pytest.fixture
def world(cast: SimpleNamespace, plan: SimpleNamespace) -> SimpleNamespace:
    return make_world(cast, plan)


# --- the table itself ------------------------------------------------------------------------------------------------


def test_every_address_of_the_site_is_in_the_matrix() -> None:
    missing = sorted(set(SITE) - set(ROUTES) - set(MATRIX["with_oidc"]))
    assert not missing, (
        f"No entry for {', '.join(missing)}: write in tests/data/access_matrix.yaml who may call it with which method, "
        "and in tests/integration/access.py (ADDRESSES, QUERIES, FORMS) an object for what its address names."
    )
    assert not sorted(set(ROUTES) - set(SITE)), "The matrix names addresses that the site has not (any more)."


def test_the_matrix_agrees_with_the_table_of_roles() -> None:
    from_code = {right.name: {role for role in ROLES if right in ALLOWED[role]} for right in Permission}
    assert {right: set(roles) for right, roles in MATRIX["rights"].items()} == from_code


def test_what_an_address_names_can_be_named() -> None:
    known = {"instansi", "tahun"}
    for name, names in SITE.items():
        if name in ROUTES and names - known and not name.startswith("reports:publik_instansi"):
            assert name in ADDRESSES or name in FIXED, (
                f"{name} names {names - known}: add it to tests/integration/access.py"
            )


# --- asking ----------------------------------------------------------------------------------------------------------


def call(
    client: Client, method: str, name: str, of: SimpleNamespace, instansi: str = "contoh", *, undo: bool = True
) -> HttpResponseBase:
    """Ask once, and undo what came of it."""
    place = address(name, instansi, of, names=tuple(SITE[name]))
    query = QUERIES.get(name, lambda of: {})(of)
    with transaction.atomic():
        if method == "GET":
            response = client.get(f"{place}?{urlencode(query)}" if query else place)
        elif name in ("workflow:lembar_simpan", "measurement:realisasi"):
            cell = {"kunci": of.indikator.kunci, "teks": "1", "base": None}
            response = client.post(place, {"cells": [cell]}, content_type="application/json")
        else:
            response = client.post(place, FORMS.get(name, lambda of: {})(of))
        transaction.set_rollback(undo)
    if response.streaming:
        # Read to its end it closes by itself, without the database connection of the test.
        list(response.streaming_content)
    return response


def outcome(response: HttpResponseBase) -> str:
    """The family of an answer: `login`, `refused` (403), `absent` (404), `method` (405) or `served`."""
    status = response.status_code
    if status == 302 and response["Location"].startswith("/masuk/"):
        return "login"
    known = {403: "refused", 404: "absent", 405: "method"}
    assert status < 500, f"{status}"
    return known.get(status, "served")


def allowed(role: str, said: str, unit: str) -> bool:
    """What the matrix says about a role; `unit` is the unit of the object asked for."""
    if said in ("public", "account", "member"):
        return True
    if said == "uploader":
        return role in MATRIX["rights"]["IMPORT"] or (role == "operator" and unit == "utara")
    wanted, reach = said.rsplit(" ", 1)
    if not any(role in MATRIX["rights"][one] for one in wanted.split(" | ")):
        return False
    own = UNIT_OF.get(role)
    return own is None or reach == "anywhere" or (reach == "here" and own == unit)


def fits(role: str, said: str | None, unit: str, found: str) -> bool:
    """Whether an answer is what the matrix says."""
    if said is None:
        return found == "method"
    said, _, may_be_empty = said.partition(" if ")
    if not allowed(role, said, unit):
        return found in ("refused", "absent")
    # Logging out leads to the login, and so does a step of a login that is not under way.
    return found == "served" or (said == "public" and found == "login") or (bool(may_be_empty) and found == "absent")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_matrix_says(client: Client, world: SimpleNamespace, role: str) -> None:
    wrong = []
    for name, methods in ROUTES.items():
        # Anew for each, since one of them logs out.
        client.force_login(getattr(world.cast, role))
        for method in METHODS:
            for of in (world.utara, world.selatan) if name in OBJECTS else (world.utara,):
                response = call(client, method, name, of)
                said, unit = methods.get(method), of.unit.kunci
                if not fits(role, said, unit, outcome(response)):
                    wrong.append(f"{method} {name} of {unit}: {said or 'no method'}, yet {response.status_code}")
    assert not wrong, f"{role}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", ["outsider", "newcomer"])
def test_who_has_no_role_here_gets_nothing_of_the_office(client: Client, world: SimpleNamespace, who: str) -> None:
    client.force_login(getattr(world.cast, who))
    wrong = []
    for name, methods in ROUTES.items():
        for method, said in methods.items():
            if said.startswith(("public", "account")) or (said == "member" and who == "outsider"):
                continue
            response = call(client, method, name, world.selatan)
            if outcome(response) not in ("refused", "absent"):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_who_has_not_logged_in_is_led_to_the_login(client: Client, world: SimpleNamespace) -> None:
    wrong = []
    for name, methods in ROUTES.items():
        for method in METHODS:
            response = call(client, method, name, world.utara)
            said, found = methods.get(method), outcome(response)
            # An address that does not know the method may say so before it asks who is there.
            expected = {
                "public": ("served", "login"),
                "public if any": ("served", "absent"),
                None: ("method", "login"),
            }.get(said, ("login",))
            if found not in expected:
                wrong.append(f"{method} {name}: {said}, yet {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("who", "office"), [("perencana", "contoh"), ("admin", "contoh"), ("outsider", "tetangga")])
def test_an_object_of_another_office_does_not_exist_under_this_ones_address(
    client: Client, world: SimpleNamespace, who: str, office: str
) -> None:
    """Whoever may do everything here finds nothing of the office beside by its number or its key."""
    client.force_login(getattr(world.cast, who))
    strange = world.elsewhere if office == "contoh" else world.selatan
    before = fingerprint(strange)
    wrong = []
    for name in sorted(OBJECTS - {"exchange:template_pilih"}):
        for method in ROUTES[name]:
            response = call(client, method, name, strange, office)
            found = outcome(response)
            quiet = name in ENDINGS and response.status_code == 302
            if found not in ("refused", "absent") and not quiet:
                wrong.append(f"{method} {name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert fingerprint(strange) == before


def test_what_another_office_published_is_not_under_this_ones_address(client: Client, world: SimpleNamespace) -> None:
    for name in ("reports:publik_indikator", "reports:publik_unduh"):
        assert outcome(call(client, "GET", name, world.utara)) == "served"
        assert outcome(call(client, "GET", name, world.elsewhere)) == "absent"


def fingerprint(of: SimpleNamespace) -> list[Any]:
    """The rows that a request for an object could have touched."""
    rows = [
        (Membership, of.membership),
        (Denial, of.denial),
        (Delegation, of.delegation),
        (Comment, of.comment),
        (ReportVersion, of.version),
        (Publication, of.publication),
    ]
    return [model.objects.filter(pk=one.pk).values().first() for model, one in rows]


@pytest.mark.parametrize("role", ["perencana", "admin"])
def test_nothing_changes_without_the_token_of_the_form(world: SimpleNamespace, role: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(world.cast, role))
    for name, methods in ROUTES.items():
        if "POST" in methods and name not in SIGNED:
            response = call(client, "POST", name, world.utara)
            assert response.status_code == 403, f"{name} took a form without a CSRF token: {response.status_code}"


@pytest.mark.parametrize("role", ["perencana", "admin"])
def test_reading_changes_nothing(client: Client, world: SimpleNamespace, role: str) -> None:
    client.force_login(getattr(world.cast, role))
    done = AuditEntry.objects.filter(outcome=AuditEntry.Outcome.DONE)
    before = fingerprint(world.utara), done.count()
    for name, methods in ROUTES.items():
        if "GET" in methods:
            call(client, "GET", name, world.utara, undo=False)
    assert (fingerprint(world.utara), done.count()) == before
