"""Every role at every address with every method: `tests/data/access_matrix.yaml` says what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from capaian.organisations.models import Delegation, Denial, Membership
from capaian.organisations.roles import ALLOWED, Permission
from capaian.reports.models import Publication, ReportVersion
from capaian.workflow.models import Comment
from tests.integration.access import ADDRESSES, FIXED, FORMS, QUERIES, UNIT_OF, address, make_world

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
MATRIX = yaml.safe_load(Path(__file__).parents[1].joinpath("data/access_matrix.yaml").read_text())
ROUTES: dict[str, dict[str, str]] = MATRIX["routes"]
METHODS = ("GET", "POST")
ROLES = tuple(Membership.Role.values)
# The names of objects: where one is in an address, it must be looked for within the office year.
OBJECTS = {name for name in ADDRESSES if not name.startswith("reports:publik")} | set(QUERIES)
# These end what is not there by saying so; that nothing was ended is asked of the rows.
ENDINGS = {"organisations:pelimpahan_akhiri", "organisations:peran_akhiri", "organisations:larangan_akhiri"}


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", one


SITE = dict(patterns(get_resolver()))


def names_in(name: str) -> tuple[str, ...]:
    """What the address of a route names."""
    converters = get_resolver().reverse_dict if ":" not in name else None
    del converters
    return tuple(SITE_NAMES[name])


def _names() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def walk(resolver: URLResolver, space: str, above: set[str]) -> None:
        for one in resolver.url_patterns:
            names = above | set(one.pattern.converters)
            if isinstance(one, URLResolver):
                walk(one, f"{space}{one.namespace}:" if one.namespace else space, names)
            else:
                found[f"{space}{one.name}"] = names

    walk(get_resolver(), "", set())
    return found


SITE_NAMES = _names()


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
    for name, names in SITE_NAMES.items():
        if name in ROUTES and names - known and not name.startswith("reports:publik_instansi"):
            assert name in ADDRESSES or name in FIXED, f"{name} names {names - known}: add it to tests/integration/access.py"


# --- asking ----------------------------------------------------------------------------------------------------------


def call(client: Client, method: str, name: str, of: SimpleNamespace, instansi: str = "contoh") -> HttpResponseBase:
    """Ask once and undo what came of it."""
    place = address(name, instansi, of, names=tuple(SITE_NAMES[name]))
    query = QUERIES.get(name, lambda of: {})(of)
    with transaction.atomic():
        if method == "GET":
            response = client.get(f"{place}?{urlencode(query)}" if query else place)
        elif name in ("workflow:lembar_simpan", "measurement:realisasi"):
            cell = {"kunci": of.indikator.kunci, "teks": "1", "base": None}
            response = client.post(place, {"cells": [cell]}, content_type="application/json")
        else:
            response = client.post(place, FORMS.get(name, lambda of: {})(of))
        transaction.set_rollback(True)
    if response.streaming:
        response.close()
    return response


def outcome(response: HttpResponseBase) -> str:
    """The family of an answer: `login`, `refused` (403), `absent` (404), `method` (405) or `served`."""
    status = response.status_code
    if status == 302 and response["Location"].startswith("/masuk/"):
        return "login"
    known = {403: "refused", 404: "absent", 405: "method"}
    assert status < 500, f"{status}"
    return known.get(status, "served")


def allowed(role: str, said: str, unit: str | None) -> bool:
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


def served(name: str, role: str, response: HttpResponseBase, said: str) -> bool:
    """Whether the answer is the one of a person who may: pages before the next step of a login lead back to it."""
    found = outcome(response)
    return found == "served" or (said == "public" and name == "mfa_authenticate" and found == "login")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_the_matrix_says(client: Client, world: SimpleNamespace, role: str) -> None:
    client.force_login(getattr(world.cast, role))
    wrong = []
    for name, methods in ROUTES.items():
        for method in METHODS:
            for of in (world.utara, world.selatan) if name in OBJECTS else (world.utara,):
                client.force_login(getattr(world.cast, role)) if "logout" in name else None
                response = call(client, method, name, of)
                found, said = outcome(response), methods.get(method)
                if said is None:
                    fits = found == "method"
                elif allowed(role, said, of.unit.kunci):
                    fits = served(name, role, response, said)
                else:
                    fits = found in ("refused", "absent")
                if not fits:
                    wrong.append(f"{method} {name} of {of.unit.kunci}: {said or 'no method'}, yet {response.status_code}")
        if "logout" in name:
            client.force_login(getattr(world.cast, role))
    assert not wrong, f"{role}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", ["outsider", "newcomer"])
def test_who_has_no_role_here_gets_nothing_of_the_office(client: Client, world: SimpleNamespace, who: str) -> None:
    client.force_login(getattr(world.cast, who))
    wrong = []
    for name, methods in ROUTES.items():
        for method, said in methods.items():
            if said in ("public", "account") or (said == "member" and who == "outsider"):
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
            fits = found in ("served", "login") if said == "public" else found in ("login", "method")
            if said not in (None, "public") and found != "login":
                fits = False
            if not fits:
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
        if "POST" in methods:
            response = call(client, "POST", name, world.utara)
            assert response.status_code == 403, f"{name} took a form without a CSRF token: {response.status_code}"


def test_only_reading_is_asked_by_get() -> None:
    """What has no page of its own answers no GET; what has one must change nothing by it (the rows are compared)."""
    for name in ("terapkan", "lembar_simpan", "akun_sandi", "bukti_hapus", "laporan_buat", "realisasi"):
        route = next(methods for key, methods in ROUTES.items() if key.endswith(f":{name}"))
        assert set(route) == {"POST"}
    assert settings.CSRF_COOKIE_SAMESITE == settings.SESSION_COOKIE_SAMESITE == "Lax"
