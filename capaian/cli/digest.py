"""`capaian digest`: the daily e-mail of what waits for each person; for a timer, once a day."""

from __future__ import annotations

import argparse
from smtplib import SMTPException

from django.utils import timezone

from capaian.cli.errors import BadUse, UserError
from capaian.organisations.models import Instansi
from capaian.workflow.digest import Letter, letters, send


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("digest", help="kirim ringkasan harian lewat surel")
    parser.add_argument("--dry-run", action="store_true", help="tampilkan surelnya saja, tidak mengirim")
    parser.add_argument("--office", help="hanya instansi dengan kunci ini")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run again on the same day it sends only what was not sent; exit code 1 when a letter was not taken."""
    if options.office and not Instansi.objects.filter(kunci=options.office).exists():
        raise BadUse(f"tidak ada instansi dengan kunci {options.office}.")
    today = timezone.localdate()
    if options.dry_run:
        for letter in letters(today, options.office):
            _show(letter)
        return 0
    sent, before, failed = 0, 0, []
    for letter in letters(today, options.office):
        try:
            if send(letter, today):
                sent += 1
            else:
                before += 1
        except (SMTPException, OSError) as error:
            failed.append(f"akun {letter.user.get_username()}: {type(error).__name__}")
    print(f"{sent} ringkasan dikirim, {before} sudah dikirim hari ini.")
    if failed:
        raise UserError(
            f"{len(failed)} ringkasan tidak diterima server surel ({'; '.join(failed[:3])}). Periksa "
            "CAPAIAN_EMAIL_URL; jalankan lagi untuk mengirim yang tertinggal."
        )
    return 0


def _show(letter: Letter) -> None:
    print(f"Kepada: {letter.user.email}\nPerihal: {letter.subject}\n\n{letter.text}\n{'-' * 72}")
