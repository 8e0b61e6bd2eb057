"""`capaian admin`: the first admin of an office on a fresh installation, and a way back in for one locked out."""

from __future__ import annotations

import argparse

from django.contrib.auth.models import User

from capaian.cli.errors import BadUse
from capaian.organisations.actions import create_account_with_role
from capaian.organisations.actions_people import password_mark, reset_password, reset_second_step, unlock
from capaian.organisations.models import Instansi, Membership
from capaian.workflow.audit import audited


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("admin", help="buat admin pertama sebuah instansi, atau pulihkan akunnya")
    what = parser.add_subparsers(dest="what", required=True, metavar="TINDAKAN")
    create = what.add_parser("create", help="akun baru berperan Admin, dengan sandi sekali tampil")
    create.set_defaults(run=run_create)
    reset = what.add_parser("reset", help="sandi baru sekali tampil; kunci dan verifikasi dua langkah dilepas")
    reset.set_defaults(run=run_reset)
    for one in (create, reset):
        one.add_argument("--username", required=True, help="nama pengguna")
        one.add_argument("--office", required=True, help="kunci instansi, mis. balangan")


def run_create(options: argparse.Namespace) -> int:
    """Later accounts are made on the site, where each change is another person's."""
    instansi = _office(options.office)
    user, password = create_account_with_role(
        by=None, instansi=instansi, username=options.username, role=Membership.Role.ADMIN
    )
    _show(f"Akun {user.get_username()} dibuat, admin {instansi}.", password)
    return 0


def run_reset(options: argparse.Namespace) -> int:
    instansi = _office(options.office)
    user = User.objects.filter(username=options.username, memberships__instansi=instansi).distinct().first()
    if user is None:
        raise BadUse(f"Tidak ada akun {options.username} dengan peran di {instansi}. Periksa ejaannya.")
    _show(f"Akun {user.get_username()} dipulihkan.", _reset(instansi, user))
    return 0


@audited()
def _reset(instansi: Instansi, user: User) -> str:
    unlock(by=None, instansi=instansi, user=user)
    reset_second_step(by=None, instansi=instansi, user=user)
    return reset_password(by=None, instansi=instansi, user=user, mark=password_mark(user))


def _office(kunci: str) -> Instansi:
    instansi = Instansi.objects.filter(kunci=kunci).first()
    if instansi is None:
        known = ", ".join(Instansi.objects.values_list("kunci", flat=True)) or "belum ada satu pun"
        raise BadUse(
            f"Instansi {kunci} tidak ada; yang ada: {known}. Muat datanya dahulu dengan `capaian load FOLDER`."
        )
    return instansi


def _show(done: str, password: str) -> None:
    print(f"{done}\nSandi sekali pakai: {password}\nSandi ini tidak disimpan di mana pun; saat masuk harus diganti.")
