"""Write tests/data/release_0.1.zip: an archive of a database as the release before the working year made it.

    python scripts/upgrade_fixture.py [COMMIT]

The code of COMMIT makes the tables, loads Metro's sample, adds an account with a role and records two figures, so that
the audit trail has entries without a chain; the present code writes the archive from that database. To be run again
only when another earlier release becomes the one that offices come from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "tests/data/release_0.1.zip"
COMMIT = "b731b2f"
PEOPLE = """
from datetime import date
from django.contrib.auth.models import User
from capaian.measurement.actions import record_realisasi
from capaian.organisations.models import Membership, TahunKinerja
from capaian.planning.models import Indikator

user = User.objects.create_user("perencana", password="kata-sandi-contoh")
year = TahunKinerja.objects.get(instansi__kunci="metro", tahun=2024)
Membership.objects.create(user=user, instansi=year.instansi, role="perencana")
for number, indikator in enumerate(Indikator.objects.filter(target__tahun=2024).distinct().order_by("pk")[:2], start=1):
    record_realisasi(by=user, indikator=indikator, tahun=2024, periode=1, teks=str(number), today=date(2025, 1, 15))
"""


def main() -> int:
    """Make the archive and say how large it is."""
    commit = sys.argv[1] if len(sys.argv) > 1 else COMMIT
    with tempfile.TemporaryDirectory(prefix="capaian-upgrade-") as name:
        old = Path(name, "old")
        old.mkdir()
        code = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
        subprocess.run(["tar", "-x", "-C", str(old)], input=code, check=True)  # noqa: S607
        environment = os.environ | {"CAPAIAN_VAR": f"{name}/var", "DJANGO_SETTINGS_MODULE": "capaian.config.settings"}
        environment.pop("CAPAIAN_DATABASE_URL", None)
        python = [sys.executable]
        for arguments in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["-m", "capaian", "load", "metro_2024"],
            ["manage.py", "shell", "-c", PEOPLE],
        ):
            subprocess.run([*python, *arguments], cwd=old, env=environment | {"PYTHONPATH": str(old)}, check=True)
        subprocess.run([*python, "-m", "capaian", "backup", str(TARGET)], cwd=ROOT, env=environment, check=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
