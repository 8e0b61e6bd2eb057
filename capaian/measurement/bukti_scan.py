"""Asking the virus scanner of the installation (`CAPAIAN_SCAN_COMMAND`) about a file before it is kept."""

from __future__ import annotations

import logging
import shlex
import subprocess
from pathlib import Path
from typing import Final

from django.conf import settings

from capaian.measurement.models import BuktiDukung
from capaian.workflow.storage import FileRefused

TIMEOUT_SECONDS: Final = 60
_CLEAN, _INFECTED = 0, 1
_log = logging.getLogger(__name__)


class FileInfected(FileRefused):
    """A file in which the scanner found something harmful."""


def scan(path: Path) -> BuktiDukung.Pindai:
    """What the scanner says of a file; without a scanner the file is not scanned.

    The command runs without a shell, its `{path}` replaced by the place of the file. Raises `FileInfected`, and
    `FileRefused` for a file that the scanner could not judge where scanning is required.
    """
    if not settings.SCAN_COMMAND:
        return BuktiDukung.Pindai.TIDAK_DIPINDAI
    code, said = _run([part.replace("{path}", str(path)) for part in shlex.split(settings.SCAN_COMMAND)])
    if code == _CLEAN:
        return BuktiDukung.Pindai.BERSIH
    if code == _INFECTED:
        raise FileInfected("Pemindai virus menemukan isi berbahaya dalam berkas ini; berkas tidak disimpan.")
    _log.error("The virus scanner could not judge a file (exit %s): %s", code, said)
    if settings.SCAN_REQUIRED:
        raise FileRefused(
            "Berkas ini tidak dapat dipindai: pemindai virus tidak menjawab semestinya, sehingga berkas tidak "
            "disimpan. Coba lagi nanti; bila berulang, hubungi admin."
        )
    return BuktiDukung.Pindai.TIDAK_DIPINDAI


def _run(command: list[str]) -> tuple[int | None, str]:
    """The exit code of a command and what it said; None where it did not start or did not end in time."""
    try:
        done = subprocess.run(  # noqa: S603 - the command is the operator's own setting, and no shell reads it
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, type(error).__name__
    return done.returncode, (done.stderr or done.stdout)[-300:].decode("utf-8", "replace").strip()
