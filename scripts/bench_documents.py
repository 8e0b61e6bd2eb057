"""Time and memory of the renderers on an invented report: 60 tables, 15 charts, about a hundred pages.

    python scripts/bench_documents.py

Each renderer runs once, cold, in a process of its own; then .docx and PDF after one another in one process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RENDERERS = ("docx", "pdf", "html", "text", "xlsx")


def main(names: list[str]) -> int:
    """Print a line for each renderer; with names, render those in this process."""
    if names:
        _measure(names)
        return 0
    for group in (*((name,) for name in RENDERERS), ("docx", "pdf")):
        subprocess.run([sys.executable, __file__, *group], cwd=ROOT, check=True)
    return 0


def _measure(names: list[str]) -> None:
    sys.path.insert(0, str(ROOT))
    from tests.unit.documents.sample import large_document

    document = large_document()
    started, started_cpu = time.perf_counter(), time.process_time()
    for name in names:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        size = len(_renderer(name)(document))
        print(f"{name:5} {_since(begun, begun_cpu)}  {size / 1024:7.0f} kB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{'+'.join(names)} together {_since(started, started_cpu)}, peak {peak} MB")


def _since(begun: float, begun_cpu: float) -> str:
    # On a machine that others use too, only the second figure says something.
    return f"{time.perf_counter() - begun:5.2f} s ({time.process_time() - begun_cpu:5.2f} s of processor)"


def _renderer(name: str) -> Callable[..., bytes | str]:
    from importlib import import_module

    renderer: Callable[..., bytes | str] = getattr(import_module(f"capaian.documents.{name}"), f"render_{name}")
    return renderer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
