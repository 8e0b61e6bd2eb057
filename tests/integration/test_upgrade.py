"""From the release before this one: its data come in whole, its audit trail is chained, its pages open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from capaian.exchange.archive_restore import check_archive

ROOT = Path(__file__).resolve().parents[2]
# Made by scripts/upgrade_fixture.py.
ARCHIVE = ROOT / "tests/data/release_0.1.zip"
pytestmark = [pytest.mark.integration, pytest.mark.own_database, pytest.mark.django_db]
# What an office does after the upgrade: look at every page, and go on entering figures.
AFTERWARDS = """
import json
from datetime import date
from django.contrib.auth.models import User
from django.test import Client
from capaian.measurement.actions import record_realisasi
from capaian.measurement.models import Realisasi
from capaian.workflow.chains import verify_all
from capaian.workflow.models import AuditEntry

client = Client(headers={"host": "localhost"})
user = User.objects.get(username="perencana")
client.force_login(user)
pages = ("", "perencanaan/", "rencana-aksi/", "pengukuran/", "anggaran/", "laporan/", "reviu/")
opened = {page: client.get(f"/metro/2024/{page}").status_code for page in pages}
before = AuditEntry.objects.count()
figure = Realisasi.objects.order_by("pk").first()
record_realisasi(by=user, indikator=figure.indikator, tahun=2024, periode=1, teks="7", today=date(2025, 1, 15))
chains = [[report.length, report.is_whole] for report in verify_all()]
print(json.dumps({
    "opened": opened, "entries": [before, AuditEntry.objects.count()], "chains": chains,
    "password": user.check_password("kata-sandi-contoh"),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.sqlite3"
    server = str(request.getfixturevalue("postgres_url"))
    folder = server.partition("@/")[2].rpartition("/")[0]
    with psycopg.connect(f"host={folder} user=capaian dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS upgrade")
        connection.execute("CREATE DATABASE upgrade")
    return f"{server.rpartition('/')[0]}/upgrade"


def run(url: str, folder: Path, *arguments: str) -> str:
    environment = os.environ | {"CAPAIAN_DATABASE_URL": url, "CAPAIAN_VAR": str(folder / "var")}
    environment["CAPAIAN_STATICFILES"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_data_of_the_release_before_go_on(url: str, tmp_path: Path) -> None:
    manifest = check_archive(ARCHIVE)
    assert ("workflow", "0002_working_year") not in manifest.migrations
    restored = json.loads(run(url, tmp_path, "-m", "capaian", "restore", str(ARCHIVE), "--json"))
    rows = {table["label"]: table["restored"] for table in restored["tables"]}
    assert rows == {table.label: table.rows for table in manifest.tables}
    assert all(table["is_equal"] for table in restored["tables"])
    entries = rows["workflow.AuditEntry"]
    assert entries > 2
    assert sum(chain["length"] for chain in restored["chains"]) == entries
    assert {chain["problem"] for chain in restored["chains"]} == {""}
    run(url, tmp_path, "manage.py", "migrate", "--check")
    told = json.loads(run(url, tmp_path, "manage.py", "shell", "-v", "0", "-c", AFTERWARDS).splitlines()[-1])
    assert set(told["opened"].values()) == {200}, told["opened"]
    assert told["entries"] == [entries, entries + 1]
    assert told["chains"] == [[entries + 1, True]]
    assert told["password"]
