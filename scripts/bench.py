"""`make bench`: wall time and peak memory of the commands a user waits for, each in a process and folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MANAGE = (sys.executable, "manage.py")
CAPAIAN = (sys.executable, "-m", "capaian")
# In this order: each builds on what the one before it left in the folder.
COMMANDS = {
    "migrate": (*MANAGE, "migrate", "--verbosity", "0"),
    "start": (*MANAGE, "check"),
    "demo": (*CAPAIAN, "demo"),
    "demo again": (*CAPAIAN, "demo"),
    "load": (*CAPAIAN, "load", "balangan_2024"),
    "lkip": (*CAPAIAN, "report", "lkip", "balangan", "2024"),
    "check": (*CAPAIAN, "check", "balangan_2024"),
}


def measure(command: tuple[str, ...], environment: dict[str, str]) -> tuple[int, float, float]:
    """Exit code, seconds, and peak megabytes of one command (the largest process under it)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> int:
    """Print one line per command; 1 if a command failed."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="capaian-bench-") as folder:
        environment = os.environ | {"CAPAIAN_VAR": folder, "CAPAIAN_OUT": f"{folder}/out", "CAPAIAN_DEMO": "1"}
        environment.pop("CAPAIAN_DATABASE_URL", None)
        print(f"{'command':<12} {'s':>7} {'MB':>6}")
        for name, command in COMMANDS.items():
            code, seconds, megabytes = measure(command, environment)
            failed |= code != 0
            print(f"{name:<12} {seconds:>7.2f} {megabytes:>6.0f}{'' if code == 0 else f'  exit {code}'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
