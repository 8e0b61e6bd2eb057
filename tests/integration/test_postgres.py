"""The same code on PostgreSQL: SQLite is where an office starts, PostgreSQL is where a province ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.integration, pytest.mark.own_database]


def manage(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a process of its own, since the settings of this one are on SQLite."""
    environment = os.environ | {"CAPAIAN_DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_migrates_forwards_and_back(postgres_url: str) -> None:
    done = manage(postgres_url, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    # Unapplied migrations would exit 1.
    assert manage(postgres_url, "migrate", "--check").returncode == 0
    back = manage(postgres_url, "migrate", "exchange", "zero", "--verbosity", "0")
    assert back.returncode == 0, back.stderr


def test_deployment_checks_know_no_database_problem(postgres_url: str) -> None:
    done = manage(postgres_url, "check", "--database", "default")
    assert done.returncode == 0, done.stderr
