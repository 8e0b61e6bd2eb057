"""The import of 100,000 rows, measured: `python scripts/bench_import.py` prints its seconds and peak memory as JSON.

The database that the settings name must be empty. The file is written first; the steps measured are those that people
wait for: handing the file in (with its safety checks), checking it, applying it. The peak is that of this process.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 100_000
# What the issue allows.
MOST_SECONDS, MOST_MB = 30, 500
HEAD = [
    *("Tahun", "Kode SKPD", "Nama SKPD", "Kode Sub Unit", "Sub Unit", "Kode Program", "Nama Program", "Kode Kegiatan"),
    *("Nama Kegiatan", "Kode Sub Kegiatan", "Nama Sub Kegiatan", "Kode Akun", "Nama Akun", "Sumber Dana"),
    *("Nomor Dokumen", "Tanggal", "Pagu", "Realisasi", "Sisa", "Keterangan"),
]


def write_file(path: Path) -> int:
    """Write a realisasi file of `ROWS` account rows for the made-up office; the sum of its realisasi in rupiah."""
    import xlsxwriter
    from bench_office import TAHUN, _node_rows

    nodes = {row["kunci"]: row for row in _node_rows()}
    leaves = [row for row in nodes.values() if row["jenis"] == "sub_kegiatan"]
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Realisasi")
    sheet.write_row(0, 0, [f"LAPORAN REALISASI TAHUN ANGGARAN {TAHUN}"])
    sheet.write_row(2, 0, HEAD)
    total = 0
    for number in range(ROWS):
        sub = leaves[number % len(leaves)]
        kegiatan, program = nodes[sub["induk"]], nodes[nodes[sub["induk"]]["induk"]]
        account = ("5.1.01.03", "5.1.02.01", "5.2.02.10")[number % 3]
        amount = 100_000 + 7 * number
        total += amount
        row = [
            *(TAHUN, "1.02.0.00.0.00.01.0000", "Dinas Kesehatan", f"{number % 40:04}", f"Puskesmas {number % 40}"),
            *(program["kode"], program["nama"], kegiatan["kode"], kegiatan["nama"], sub["kode"], sub["nama"]),
            *(f"{account}.01.{number // len(leaves):04}", f"Belanja {number}", "PAD", f"DPA/{number}", "2024-06-30"),
            *(amount * 2, f"{amount:,}.00".replace(",", ";").replace(".", ",").replace(";", "."), amount, "-"),
        ]
        sheet.write_row(3 + number, 0, row)
    book.close()
    return total


def measure(path: Path, total: int) -> dict[str, float]:
    """Seconds of each step. Raises `AssertionError` unless every rupiah of the file is stored."""
    from bench_office import make_office
    from django.db.models import Sum

    from capaian.budget.models import RealisasiAnggaran
    from capaian.exchange.actions import process, receive_upload
    from capaian.exchange.models import Upload, UploadRow
    from capaian.workflow.jobs import run_job

    year = make_office()
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    with path.open("rb") as handle:
        upload = receive_upload(
            by=None,
            tahun_kinerja=year,
            jenis=Upload.Jenis.REALISASI_ANGGARAN,
            nama=path.name,
            stream=handle,
            options={"periode": 2},
        )
    seconds["receive"] = time.perf_counter() - start
    start = time.perf_counter()
    run_job(Upload, upload.pk, process)
    seconds["check"] = time.perf_counter() - start
    upload.refresh_from_db()
    _require(upload.state == "ready" and not upload.findings, f"{upload.error} {upload.findings[:3]}")
    _require(UploadRow.objects.count() >= ROWS, "raw rows are missing")
    start = time.perf_counter()
    _apply(upload)
    seconds["apply"] = time.perf_counter() - start
    stored = RealisasiAnggaran.objects.filter(periode=2).aggregate(total=Sum("jumlah"))["total"]
    _require(stored == total, f"{stored} is stored of {total}")
    return seconds


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise AssertionError(message)


def _apply(upload: Any) -> None:
    from django.contrib.auth.models import User

    from capaian.exchange.actions import process
    from capaian.exchange.models import Upload
    from capaian.organisations.models import Membership
    from capaian.workflow.jobs import queue_again, run_job

    user = User.objects.create_user("bench-import")
    Membership.objects.create(user=user, instansi=upload.tahun_kinerja.instansi, role=Membership.Role.KEUANGAN)
    order = {"by": user.pk, "pilihan": {}, "sebagian": False}
    queue_again(upload, options={**upload.options, "terapkan": order})
    run_job(Upload, upload.pk, process)
    upload.refresh_from_db()
    _require(bool(upload.applied_at), upload.summary.get("penolakan") or upload.error)


def main() -> int:
    """Print the measurement; 1 where it exceeds what is allowed."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-import-") as folder:
        os.environ["CAPAIAN_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        path = Path(folder, "realisasi.xlsx")
        total = write_file(path)
        seconds = measure(path, total)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": {name: round(one, 1) for name, one in seconds.items()}, "mb": round(megabytes)}))
    return 1 if sum(seconds.values()) > MOST_SECONDS or megabytes > MOST_MB else 0


if __name__ == "__main__":
    sys.exit(main())
