"""The busiest minute of the year, `python scripts/bench_quarter.py`: 60 units hand in their grids, 100 people browse.

Each unit opens its sheets of two quarters (122 cells), saves them (in pieces of at most 40 cells, as the page does) and
submits them; it begins at its own moment of the minute. Each of the browsing people opens a page every ten seconds.
Afterwards every cell that was sent must be stored, every sheet submitted, and the audit chain whole. The database that
the settings name must be empty.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bench_site import CAPAIAN, ROOT, p95, session_of, site

UNITS, BROWSERS, MINUTE, THINK, CHUNK = 60, 100, 60.0, 10.0, 40
# The last units begin so that they can end within the minute.
LAST_START = 50.0
OFFICE = f"simulasi-{UNITS}"
TAHUN, QUARTERS = 2024, (1, 2)
BROWSED = ("isian/tugas/", "isian/pelaporan/", "pengukuran/", "perencanaan/", "rencana-aksi/")
Row = tuple[str, str]


@dataclass
class Tally:
    """What the clients saw: milliseconds by kind of request, and everything that was not as it should be."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    sent: dict[tuple[int, str, int, str], str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, started: float) -> None:
        with self.lock:
            self.times.setdefault(kind, []).append((time.perf_counter() - started) * 1000)


class Client:
    """One person with a session, over one connection that is kept."""

    def __init__(self, host: str, session: str, tally: Tally) -> None:
        self._connection = http.client.HTTPConnection(host, timeout=60)
        self._session, self._token, self._tally = session, "c" * 32, tally

    def get(self, kind: str, path: str) -> None:
        self._ask(kind, "GET", path, None, {})

    def post(self, kind: str, path: str, body: str, content: str) -> bytes:
        return self._ask(kind, "POST", path, body, {"Content-Type": content, "X-CSRFToken": self._token})

    def _ask(self, kind: str, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        cookie = f"sessionid={self._session}; csrftoken={self._token}"
        started = time.perf_counter()
        try:
            self._connection.request(method, path, body, {"Cookie": cookie, "Accept-Encoding": "gzip", **headers})
            response = self._connection.getresponse()
            answer = response.read()
        except OSError as error:
            self._tally.faults.append(f"{method} {path}: {error!r}")
            self._connection.close()
            return b""
        self._tally.add(kind, started)
        if response.status not in (200, 302):
            self._tally.faults.append(f"{method} {path}: {response.status}")
        return answer


@dataclass(frozen=True)
class Work:
    """What one operator sends: by quarter the path of the sheet and its cells."""

    session: str
    unit_id: int
    sheets: tuple[tuple[int, str, list[dict[str, str]]], ...]


def busiest_minute(host: str) -> Iterator[Row]:
    """Load the site at `host`, whose database this process shares, and yield what was measured."""
    works, sessions = _prepare()
    tally = Tally()
    stop = threading.Event()
    people = [threading.Thread(target=_browse, args=(host, one, number, tally, stop)) for number, one in sessions]
    units = [threading.Thread(target=_fill, args=(host, work, number, tally)) for number, work in enumerate(works)]
    started = time.perf_counter()
    for thread in [*people, *units]:
        thread.start()
    for thread in units:
        thread.join()
    lasted = time.perf_counter() - started
    stop.set()
    for thread in people:
        thread.join()
    cells = sum(len(cells) for work in works for _, _, cells in work.sheets)
    sheets = len(works) * len(QUARTERS)
    yield f"{len(works)} units, {cells} cells in {sheets} sheets, {BROWSERS} browsing", f"{lasted:.0f} s"
    every = [one for times in tally.times.values() for one in times]
    for kind, times in {**tally.times, "all requests": every}.items():
        yield kind, f"median {statistics.median(times):.0f}, p95 {p95(times):.0f} ms ({len(times)} requests)"
    yield "errors", str(len(tally.faults)) + "".join(f"; {one}" for one in tally.faults[:3])
    yield "afterwards", _account(tally, sheets)


def _prepare() -> tuple[list[Work], list[tuple[int, str]]]:
    from capaian.organisations.models import Membership, TahunKinerja
    from capaian.workflow.forms import SheetKey, form_definition

    year = TahunKinerja.objects.select_related("instansi").get(instansi__kunci=OFFICE, tahun=TAHUN)
    form = form_definition("kinerja")
    works, sessions = [], []
    operators = Membership.objects.filter(
        instansi=year.instansi, role=Membership.Role.OPERATOR, unit__jenis="puskesmas"
    )
    for one in operators.select_related("user", "unit").order_by("unit__urutan")[:UNITS]:
        sheets = []
        for periode in QUARTERS:
            key = SheetKey(year, "kinerja", one.unit, periode)
            rows = form.read(key, date.today()).rows  # noqa: DTZ011 - any day after the year will do
            cells = [{"kunci": row.kunci, "teks": _value(row.kunci, row.target), "base": row.teks} for row in rows]
            sheets.append((periode, f"/{OFFICE}/{TAHUN}/isian/kinerja/{one.unit.kunci}/{periode}/", cells))
        works.append(Work(session_of(one.user), one.unit_id, tuple(sheets)))
        sessions.append(one.user)
    everybody = list(dict.fromkeys(one.user for one in Membership.objects.filter(instansi=year.instansi)))
    return works, [(number, session_of(everybody[number % len(everybody)])) for number in range(BROWSERS)]


def _value(kunci: str, target: str) -> str:
    """Something that fits the form of the target."""
    if kunci.endswith("#penyebut"):
        return "400"
    return {"ya": "ya", "ada": "ada"}.get(target.strip().casefold(), "37")


def _fill(host: str, work: Work, number: int, tally: Tally) -> None:
    time.sleep(LAST_START * number / UNITS)
    client = Client(host, work.session, tally)
    for periode, path, cells in work.sheets:
        client.get("a unit opens its sheet", path)
        for first in range(0, len(cells), CHUNK):
            part = cells[first : first + CHUNK]
            answer = client.post(
                f"a unit saves up to {CHUNK} cells", f"{path}simpan/", json.dumps({"cells": part}), "application/json"
            )
            _check(answer, part, work.unit_id, periode, tally)
        form = urllib.parse.urlencode({"langkah": "ajukan"})
        client.post("a unit submits its sheet", f"{path}langkah/", form, "application/x-www-form-urlencoded")


def _check(answer: bytes, part: list[dict[str, str]], unit_id: int, periode: int, tally: Tally) -> None:
    import gzip

    try:
        body = gzip.decompress(answer) if answer[:2] == b"\x1f\x8b" else answer
        outcomes = json.loads(body)["cells"]
    except (ValueError, KeyError, OSError) as error:
        tally.faults.append(f"unit {unit_id}, quarter {periode}: no answer ({error!r})")
        return
    with tally.lock:
        for cell, outcome in zip(part, outcomes, strict=True):
            if outcome["status"] not in ("saved", "same"):
                tally.faults.append(f"{cell['kunci']}: {outcome['status']} {outcome['message']}")
            tally.sent[unit_id, cell["kunci"], periode, ""] = outcome["teks"]


def _browse(host: str, session: str, number: int, tally: Tally, stop: threading.Event) -> None:
    client = Client(host, session, tally)
    choose = random.Random(number)  # noqa: S311 - which page is opened next
    stop.wait(THINK * number / BROWSERS)
    while not stop.is_set():
        client.get("somebody browses", f"/{OFFICE}/{TAHUN}/{choose.choice(BROWSED)}")
        stop.wait(THINK)


def _account(tally: Tally, sheets: int) -> str:
    from capaian.measurement.models import RealisasiUnit
    from capaian.workflow.chains import verify_chain
    from capaian.workflow.models import Submission

    stored = {}
    for row in RealisasiUnit.objects.filter(indikator__instansi__kunci=OFFICE).select_related("indikator"):
        kunci = f"{row.indikator.kunci}#{row.komponen}" if row.komponen else row.indikator.kunci
        stored[row.unit_id, kunci, row.periode, ""] = row.teks
    submitted = Submission.objects.filter(tahun_kinerja__instansi__kunci=OFFICE, state="diajukan").count()
    chain = verify_chain(OFFICE)
    missing = sum(1 for key, teks in tally.sent.items() if stored.get(key) != teks)
    return (
        f"{len(tally.sent) - missing} of {len(tally.sent)} cells stored as sent, {submitted} of {sheets} sheets in,"
        f" chain of {chain.length} entries {'whole' if chain.is_whole else chain.problem}"
    )


def main() -> int:
    """Print the rows as JSON; 1 where a request failed."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-quarter-") as folder:
        os.environ |= {"CAPAIAN_VAR": folder, "CAPAIAN_DEMO": "1"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
        sys.path[:0] = [str(ROOT)]
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        load = [*CAPAIAN, "load", "simulasi", "--puskesmas", str(UNITS), "--kosong", "--akun"]
        subprocess.run(load, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with site() as host:
            rows = list(busiest_minute(host))
    print(json.dumps(rows))
    return int(not any(row == ("errors", "0") for row in rows))


if __name__ == "__main__":
    sys.exit(main())
