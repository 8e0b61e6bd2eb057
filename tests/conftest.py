"""What every test may ask for. A component that is not here skips the test by name; with CI=true it fails it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from scripts.postgres import REMEDY, PostgresMissing, Server, postgres

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def missing(component: str, remedy: str) -> NoReturn:
    """Skip with a name and a remedy; where CI promises the component, its absence is a failure."""
    message = f"{component} is not here: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The one settings file, with folders of our own, plain static names and a password hash that costs nothing."""
    folder = tmp_path_factory.mktemp("var")
    (folder / "static").mkdir()
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        # Hashed names need collectstatic; without it the live server answers 404 and htmx silently does not load.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        VAR_DIR=folder,
        OUT_DIR=folder / "out",
        STATIC_ROOT=folder / "static",
        MEDIA_ROOT=folder / "media",
        STORAGES=storages,
        # Jobs run at once; the worker and its table have tests of their own.
        TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Tests write rows past the actions whose audit entries tell the cache that something changed."""
    cache.clear()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of a Chromium for Playwright's `executable_path`; start it with `--no-sandbox` when root."""
    names = [os.environ["CAPAIAN_CHROMIUM"]] if os.environ.get("CAPAIAN_CHROMIUM") else CHROMIUM_NAMES
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing("Chromium", "apt-get install chromium, or name one in CAPAIAN_CHROMIUM")
    # Playwright's synchronous interface runs an event loop in the test's thread, where Django would refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database URL of a PostgreSQL started for this session, gone afterwards."""
    try:
        with postgres() as server:
            yield server.url
    except PostgresMissing:
        missing("PostgreSQL", REMEDY)


@pytest.fixture
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL for one test, which may stop and start it."""
    try:
        with postgres() as server:
            yield server
    except PostgresMissing:
        missing("PostgreSQL", REMEDY)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL drops no database that somebody is connected to; a browser that was closed early leaves a thread."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
