"""Reading a workbook once in a process that may die of it, before the worker reads it.

The reader is native code: over a damaged .xls, or a cell in the last corner of a sheet, it asks for hundreds of
gigabytes and takes its whole process with it, which no `except` sees.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from capaian.workflow.storage import FileRefused

BROKEN: Final = "Isi berkas ini rusak dan tidak dapat dibaca. Simpan lagi dari Excel, lalu unggah."
# 200.000 rows of 40 columns stay below; bytes of address space.
_MEMORY: Final = 2 * 1024**3
_SECONDS: Final = 120
_READ: Final = """
import resource, sys
limit, seconds = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    sheet = book.get_sheet_by_name(name)
    sheet.start, sheet.merged_cell_ranges
"""


def survive_reading(path: Path) -> None:
    """Raises `FileRefused` for a workbook over which the reader fails, dies, or wants too much memory or time."""
    command = [sys.executable, "-I", "-c", _READ, str(path), str(_MEMORY), str(_SECONDS)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=2 * _SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise FileRefused(BROKEN) from error
    if ended.returncode:
        raise FileRefused(
            f"{BROKEN} Bila Excel membukanya, hapus baris dan kolom kosong di luar tabel: lembarnya mungkin terpakai "
            "sampai sudut terakhir."
        )
