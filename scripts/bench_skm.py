"""A waiting room answers, `python scripts/bench_skm.py`: 50 respondents at once, then 50,000 answers are counted.

Every respondent opens the public form, thinks for a moment and sends it, some of them twice; each comes from an address
of its own, as telephones do. Afterwards every answer must be stored, once, as it was sent. Then as many answers as a
large district has in years are written into another survey and counted. The database that the settings name must be
empty.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench_site import ROOT, p95, site

RESPONDENTS, TWICE = 50, 5
# How many forms each sends, and the seconds from form to form: far quicker than persons are, and without any pause.
PACES = {"a form every 3 to 9 s each": (8, 3.0, 9.0), "no pause at all": (8, 0.0, 0.0)}
ANSWERS, RUNS = 50_000, 10
TAUTAN = "bench"
Row = tuple[str, str]
_KEY = re.compile(r'name="formulir" value="([^"]+)"')


@dataclass
class Tally:
    """What the respondents saw: milliseconds by kind of request, what went wrong, and the answers that were taken."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    sent: list[tuple[int, ...]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Respondent:
    """One telephone: its address, its connection, its opinion."""

    def __init__(self, host: str, number: int, tally: Tally) -> None:
        self._connection = http.client.HTTPConnection(host, timeout=60)
        self._address, self._tally = f"10.0.{number // 250}.{number % 250 + 1}", tally
        self._choose = random.Random(number)  # noqa: S311 - what somebody thinks of a service

    def answer(self, unsur: tuple[str, ...], pause: tuple[float, float]) -> None:
        page, _ = self._ask("open the form", "GET", "")
        time.sleep(self._choose.uniform(*pause))
        found = _KEY.search(page)
        if not found:
            return
        values = tuple(self._choose.randint(1, 4) for _ in unsur)
        # The time of a bench is shorter than that of a person who reads.
        form = {"formulir": found[1], "yakin": "1", **dict(zip(unsur, map(str, values), strict=True))}
        body = urllib.parse.urlencode(form)
        for _ in range(2 if self._choose.randrange(TWICE) == 0 else 1):
            _, status = self._ask("send the form", "POST", body)
        if status == 303:
            with self._tally.lock:
                self._tally.sent.append(values)

    def _ask(self, kind: str, method: str, body: str) -> tuple[str, int]:
        headers = {"X-Forwarded-For": self._address, "Content-Type": "application/x-www-form-urlencoded"}
        started = time.perf_counter()
        try:
            self._connection.request(method, f"/s/{TAUTAN}/", body or None, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except OSError as error:
            self._tally.faults.append(f"{kind}: {error!r}")
            self._connection.close()
            return "", 0
        with self._tally.lock:
            self._tally.times.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
        if response.status not in (200, 303):
            self._tally.faults.append(f"{kind}: {response.status}")
        return text, response.status


def waiting_room(host: str) -> Iterator[Row]:
    """Let everybody answer at once, at each pace, and yield what was measured."""
    from capaian.skm.models import UNSUR, JawabanSkm

    sent: list[tuple[int, ...]] = []
    faults: list[str] = []
    for pace, (each, least, most) in PACES.items():
        tally = Tally()
        lasted = _sit(host, tally, UNSUR, each, (least, most))
        yield f"{RESPONDENTS} respondents at once, {pace}", f"{lasted:.0f} s"
        for kind, times in tally.times.items():
            yield (
                f"{kind}, {pace}",
                f"median {statistics.median(times):.0f}, p95 {p95(times):.0f} ms ({len(times)} requests)",
            )
        sent += tally.sent
        faults += tally.faults
    yield "errors", str(len(faults)) + "".join(f"; {one}" for one in faults[:3])
    stored = sorted(JawabanSkm.objects.filter(survei__tautan=TAUTAN).values_list(*UNSUR))
    kept = "each as it was sent" if stored == sorted(sent) else "NOT as they were sent"
    yield "afterwards", f"{len(stored)} answers stored for {len(sent)} sent, {kept}"


def _sit(host: str, tally: Tally, unsur: tuple[str, ...], each: int, pause: tuple[float, float]) -> float:
    """Seconds until everybody has answered so many times."""

    def answer(number: int) -> None:
        one = Respondent(host, number, tally)
        time.sleep(pause[1] * number / RESPONDENTS)
        for _ in range(each):
            one.answer(unsur, pause)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(RESPONDENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def counting() -> Row:
    """Count many answers of one survey, as its result does."""
    from capaian.skm.compute import aggregate
    from capaian.skm.models import UNSUR, JawabanSkm

    survei = make_survei("banyak")
    choose = random.Random(1)  # noqa: S311 - made-up answers
    JawabanSkm.objects.bulk_create(
        (
            JawabanSkm(
                survei=survei, sumber="impor", tanggal=survei.mulai, **{one: choose.randint(1, 4) for one in UNSUR}
            )
            for _ in range(ANSWERS)
        ),
        batch_size=2000,
    )
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        counted = aggregate([survei.pk])[survei.pk].responden
        times.append((time.perf_counter() - started) * 1000)
    return (
        f"count {counted:,} answers",
        f"median {statistics.median(times):.0f}, most {max(times):.0f} ms ({RUNS} times)",
    )


def make_survei(tautan: str) -> Any:
    """A survey that is open today."""
    from django.utils import timezone

    from capaian.organisations.models import Instansi, TahunKinerja
    from capaian.skm.models import UNSUR, Survei

    place, _ = Instansi.objects.get_or_create(kunci="bench", nama="Dinas Kesehatan Bench", daerah="Bench")
    year, _ = TahunKinerja.objects.get_or_create(instansi=place, tahun=2024)
    day = timezone.localdate()
    return Survei.objects.create(
        tahun_kinerja=year, nama=tautan, mulai=day, sampai=day + timedelta(days=1), unsur=list(UNSUR),
        status=Survei.Status.DIBUKA, tautan=tautan,
    )  # fmt: skip


def main() -> int:
    """Print the rows as JSON; 1 where a request failed or an answer is missing."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-skm-") as folder:
        os.environ |= {"CAPAIAN_VAR": folder, "CAPAIAN_DEMO": "1", "CAPAIAN_PROXIES": "1"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
        sys.path[:0] = [str(ROOT)]
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        make_survei(TAUTAN)
        with site() as host:
            rows = list(waiting_room(host))
        rows.append(counting())
    print(json.dumps(rows, indent=1))
    return int(("errors", "0") not in rows or any("NOT" in text for _, text in rows))


if __name__ == "__main__":
    sys.exit(main())
