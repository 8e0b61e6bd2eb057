"""`capaian`: the command line. It parses, calls the same actions as the site, prints, and exits 0, 1 or 2.

0 is done, 1 findings or rows with errors, 2 bad use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import django

from capaian.cli.errors import UserError, unreadable
from capaian.cli.parser import speak_indonesian


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
    django.setup()
    # The commands import models, so they are imported only after Django is ready.
    from capaian.cli import admin, backup, check, demo, digest, hitung, instrumen, load, report, restore, serve, spm

    speak_indonesian()
    parser = argparse.ArgumentParser(
        prog="capaian", description="Akuntabilitas kinerja dinas kesehatan, dari rencana sampai laporan."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="PERINTAH")
    for module in (demo, admin, serve, load, report, spm, instrumen, check, hitung, digest, backup, restore):
        module.add_parser(commands)
    return _run(parser.parse_args(argv))


def _run(options: argparse.Namespace) -> int:
    """Run the command that was parsed; what the person can put right is said in words, with its exit code."""
    from django.db.utils import OperationalError, ProgrammingError

    from capaian.exchange.samples.problem import SampleNotFound
    from capaian.reports.errors import ReportError

    try:
        return int(options.run(options))
    except BrokenPipeError:
        # The reader of our output has seen enough; say nothing more to it, also not on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except UserError as error:
        return _say(options, str(error), error.code)
    except SampleNotFound as error:
        return _say(options, str(error), 2)
    except (ReportError, ValueError) as error:
        return _say(options, str(error), 1)
    except OSError as error:
        return _say(options, f"{error.filename or 'Berkas'} {unreadable(error)}.", 1)
    except (OperationalError, ProgrammingError) as error:
        return _say(options, _database_trouble(error), 1)


def _say(options: argparse.Namespace, message: str, code: int) -> int:
    print(f"capaian {options.command}: {message}", file=sys.stderr)
    return code


def _database_trouble(error: Exception) -> str:
    """What to do: make the tables where SQLite or PostgreSQL say that there are none, else look at the address."""
    said = f"{error} {error.__cause__!r}"
    if any(words in said for words in ("no such table", "unable to open database file", "UndefinedTable")):
        return "Basis data belum disiapkan; jalankan `make demo` atau `python manage.py migrate`."
    return f"Basis data tidak dapat dipakai ({error}). Periksa CAPAIAN_DATABASE_URL."
