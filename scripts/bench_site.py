"""The site as an office runs it, for the benches that ask it over the line: its processes, and people logged in."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CAPAIAN = (sys.executable, "-m", "capaian")


@contextmanager
def site() -> Iterator[str]:
    """`capaian serve` on a free port of this machine; yields `127.0.0.1:port`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen(
        [*CAPAIAN, "serve", "--port", host.partition(":")[2]], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://{host}/masuk/", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield host
    finally:
        process.terminate()
        process.wait(timeout=30)


def session_of(user: Any) -> str:
    """The session of a person who has logged in before: what is measured is not the slowness of password hashes."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def p95(times: list[float]) -> float:
    """The time that 95 of 100 requests stay under."""
    return sorted(times)[int(len(times) * 0.95)]
