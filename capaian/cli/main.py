"""`capaian`: the command line. It parses, calls the same actions as the site, prints, and exits 0, 1 or 2.

0 is done, 1 findings or rows with errors, 2 bad use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import django
from django.db.utils import OperationalError, ProgrammingError

from capaian.cli.errors import UserError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
    django.setup()
    # The commands import models, so they are imported only after Django is ready.
    from capaian.cli import check, demo, hitung, load, report, serve

    parser = argparse.ArgumentParser(
        prog="capaian", description="Akuntabilitas kinerja dinas kesehatan, dari rencana sampai laporan."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="PERINTAH")
    for module in (demo, serve, load, report, check, hitung):
        module.add_parser(commands)
    options = parser.parse_args(argv)
    try:
        return int(options.run(options))
    except (UserError, ValueError) as error:
        print(f"capaian {options.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output has seen enough; say nothing more to it, also not on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"capaian {options.command}: {error.filename or 'berkas'}: {error.strerror}.", file=sys.stderr)
        return 1
    except (OperationalError, ProgrammingError) as error:
        remedy = "Periksa CAPAIAN_DATABASE_URL, lalu siapkan tabelnya: python manage.py migrate"
        print(f"capaian {options.command}: basis data tidak dapat dipakai ({error}). {remedy}", file=sys.stderr)
        return 1
