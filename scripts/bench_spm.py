"""SPM of the whole country, `python scripts/postgres.py --durable -- python scripts/bench_spm.py`.

Fills offices × 20 Puskesmas × 12 services × 12 months × years by SQL, with the stored results that come of them, then
measures the recap by province and the heat map of one district (median and p95 of 20), with one year in the database
and with all. The figures are made up; the queries and the view are those of the site. The database that the settings
name must be an empty PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from bench_site import ROOT, p95

PUSKESMAS, PROVINCES, REPEATS = 20, 38, 20
LAST_YEAR = 2026
Row = tuple[str, str]

# Each statement fills one year, `%(tahun)s`; the services come as the array `%(layanan)s`.
_YEAR = """
INSERT INTO organisations_tahunkinerja (instansi_id, tahun, narasi)
SELECT id, %(tahun)s, '{}' FROM organisations_instansi"""
_SERVED = """
INSERT INTO spm_pelayananspm (tahun_kinerja_id, unit_id, layanan, triwulan, bulan, terlayani, asal)
SELECT t.id, u.id, l, (b + 2) / 3, b, 20 + (u.id * 7 + b * 3 + length(l)) %% 60, 'isian'
FROM organisations_tahunkinerja t JOIN organisations_unitkerja u USING (instansi_id),
     unnest(%(layanan)s::text[]) l, generate_series(1, 12) b
WHERE t.tahun = %(tahun)s"""
_SASARAN = """
INSERT INTO spm_sasaranspm (tahun_kinerja_id, unit_id, kelompok, jumlah, metode, sumber, nomor_keputusan, keterangan,
                            rumus, dipakai, is_loaded)
SELECT t.id, u.id, k, 600, 'proyeksi', 'Proyeksi', '', '', '{}', true, false
FROM organisations_tahunkinerja t JOIN organisations_unitkerja u USING (instansi_id), unnest(%(kelompok)s::text[]) k
WHERE t.tahun = %(tahun)s"""
_STATES = """
INSERT INTO workflow_submission (tahun_kinerja_id, form, unit_id, periode, state, since, reason, versi)
SELECT t.id, 'spm', u.id, q, 'terverifikasi', now(), '', 1
FROM organisations_tahunkinerja t JOIN organisations_unitkerja u USING (instansi_id), generate_series(1, 4) q
WHERE t.tahun = %(tahun)s"""
_RESULTS = """
INSERT INTO spm_capaianspm (tahun_kinerja_id, unit_id, layanan, triwulan, sasaran, terlayani, penerima, mutu, indeks,
                            kategori, unit_dihitung, unit_total, catatan, dasar)
SELECT p.tahun_kinerja_id, p.unit_id, p.layanan, q, 600, sum(p.terlayani), round(sum(p.terlayani) / 6.0, 2), 80,
       least(99, round(sum(p.terlayani) / 7.5 + 16, 2)), 'tuntas_muda', 0, 0, '[]', %(dasar)s::jsonb
FROM spm_pelayananspm p JOIN organisations_tahunkinerja t ON t.id = p.tahun_kinerja_id, generate_series(0, 4) q
WHERE t.tahun = %(tahun)s AND (q = 0 OR p.triwulan <= q)
GROUP BY p.tahun_kinerja_id, p.unit_id, p.layanan, q"""
_OF_OFFICES = """
INSERT INTO spm_capaianspm (tahun_kinerja_id, unit_id, layanan, triwulan, sasaran, terlayani, penerima, mutu, indeks,
                            kategori, unit_dihitung, unit_total, catatan, dasar)
SELECT c.tahun_kinerja_id, NULL, c.layanan, c.triwulan, sum(c.sasaran), sum(c.terlayani),
       round(sum(c.terlayani) * 100.0 / sum(c.sasaran), 2), 80, round(avg(c.indeks), 2), 'tuntas_muda', 20, 20, '[]',
       %(dasar)s::jsonb
FROM spm_capaianspm c JOIN organisations_tahunkinerja t ON t.id = c.tahun_kinerja_id WHERE t.tahun = %(tahun)s
GROUP BY c.tahun_kinerja_id, c.layanan, c.triwulan"""


def measure(offices: int, years: int) -> Iterator[Row]:
    """Fill the database year by year; measured after the first and after the last."""
    _make_offices(offices)
    for number in range(years):
        started = time.perf_counter()
        _fill(LAST_YEAR - number)
        yield f"year {number + 1} filled", f"{time.perf_counter() - started:.0f} s, {_counts()}"
        if number in (0, years - 1):
            yield from _reads(f"with {number + 1} year{'s' if number else ''}")


def _make_offices(offices: int) -> None:
    from capaian.organisations.models import Instansi, UnitKerja

    made = Instansi.objects.bulk_create(
        Instansi(kunci=f"kab-{one}", nama=f"Dinkes {one}", daerah=f"Kabupaten {one}", provinsi=f"P{one % PROVINCES:02}")
        for one in range(offices)
    )
    UnitKerja.objects.bulk_create(
        (
            UnitKerja(instansi=office, kunci=f"pkm-{one}", nama=f"Puskesmas {one}", jenis="puskesmas", urutan=one)
            for office in made
            for one in range(PUSKESMAS)
        ),
        batch_size=5000,
    )


def _fill(tahun: int) -> None:
    from django.db import connection

    from capaian.rules.spm.standar import standar_of

    standar = standar_of(tahun)
    values = {
        "tahun": tahun,
        "layanan": [one.kode for one in standar.layanan],
        "kelompok": sorted({one.kelompok for one in standar.layanan}),
        "dasar": json.dumps({"standar": f"{standar.pack.id} v{standar.pack.versi}", "indeks_mutu": "rata_rata_butir"}),
    }
    with connection.cursor() as cursor:
        # Every row refers to one just made: asking for each of them would be most of the time.
        cursor.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
        for statement in (_YEAR, _SERVED, _SASARAN, _STATES, _RESULTS, _OF_OFFICES):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")
        cursor.execute("RESET session_replication_role; RESET work_mem")


def _counts() -> str:
    from capaian.spm.models import CapaianSpm, PelayananSpm

    return f"{PelayananSpm.objects.count():,} months of service, {CapaianSpm.objects.count():,} results"


def _reads(when: str) -> Iterator[Row]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from capaian.organisations.models import Instansi, Membership
    from capaian.spm.queries_peta import national_recap

    rows = national_recap(LAST_YEAR)
    yield f"recap by province, {when}", f"{_times(lambda: national_recap(LAST_YEAR))}; {len(rows)} provinces"
    office = Instansi.objects.order_by("-pk").first()
    user, _ = get_user_model().objects.get_or_create(username="bench-spm")
    Membership.objects.get_or_create(user=user, instansi=office, role=Membership.Role.PERENCANA)
    client = Client()
    client.force_login(user)
    # Of the office's own side: the whole way of a request through the site, without the line.
    page = f"/{office.kunci}/{LAST_YEAR}/spm/" if office else ""
    for name, url in {
        "heat map of a district": f"{page}?tw=0",
        "service page": f"{page}layanan/balita/?tw=0",
        "page of the recap, own office": f"/spm/rekap/{LAST_YEAR}/",
    }.items():
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answers {answer.status_code}")
        yield f"{name}, {when}", _times(lambda url=url: client.get(url))  # type: ignore[misc]


def _times(work: Callable[[], object]) -> str:
    """Median and p95 in milliseconds after one time that warms the caches, and how much of it this process computed.

    The rest is the database, and on a busy machine the wait for a processor.
    """
    work()
    times, computed = [], []
    for _ in range(REPEATS):
        started, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - started) * 1000)
        computed.append((time.process_time() - cpu) * 1000)
    own = statistics.median(computed)
    return f"median {statistics.median(times):.0f}, p95 {p95(times):.0f} ms of {REPEATS}; {own:.0f} ms of its own"


def main() -> int:
    """Print the rows, each as a line of JSON, as they are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=514)
    parser.add_argument("--years", type=int, default=3)
    asked = parser.parse_args()
    if not os.environ.get("CAPAIAN_DATABASE_URL", "").startswith("postgres"):
        print("Run this on PostgreSQL: python scripts/postgres.py -- python scripts/bench_spm.py", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="capaian-bench-spm-") as folder:
        os.environ |= {"CAPAIAN_VAR": folder, "CAPAIAN_DEMO": "1"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
        sys.path[:0] = [str(ROOT)]
        import django
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        setup_test_environment()
        for row in measure(asked.offices, asked.years):
            print(json.dumps(row), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
