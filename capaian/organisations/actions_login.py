"""What happened at the door, into the audit trail: who came in or went, who failed, what changed of the second step.

Entries stand in the chain of the system, since a login belongs to no office. What was typed is never kept; a name only
where it is the name of an account.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from capaian.organisations.models import Account
from capaian.workflow.audit import audited, record_audit, record_refusal

_UNKNOWN = "akun tidak dikenal"


def record_login(*, user: User) -> None:
    """A person came in, with every step that their account asks for."""
    record_audit(by=user, action="organisations.login", subject=user.get_username())


def record_logout(*, user: User) -> None:
    record_audit(by=user, action="organisations.logout", subject=user.get_username())


def record_failed_login(*, user: User | None, step: str) -> None:
    """Somebody failed at the password or the code; who it was is not known, whose account it was perhaps."""
    subject = user.get_username() if user else _UNKNOWN
    record_refusal(by=None, action="organisations.login", subject=subject, reason=f"{step} tidak cocok")


def record_lockout(*, user: User | None, minutes: int) -> None:
    subject = user.get_username() if user else _UNKNOWN
    reason = f"terkunci {minutes} menit dari alamat itu karena terlalu banyak percobaan yang gagal"
    record_refusal(by=None, action="organisations.lockout", subject=subject, reason=reason)


def record_second_step(*, user: User, change: str) -> None:
    """The second step of an account was set up, taken away, or got new recovery codes, by its owner."""
    record_audit(by=user, action="organisations.second_step", subject=user.get_username(), after={"perubahan": change})


def record_oidc_link(*, user: User) -> None:
    """An identity of the OIDC issuer was joined to an account by its verified e-mail."""
    record_audit(by=user, action="organisations.oidc_link", subject=user.get_username())


def record_oidc_refusal() -> None:
    record_refusal(
        by=None, action="organisations.login", subject=_UNKNOWN, reason="tidak ada akun dengan surel terverifikasi itu"
    )


@audited()
def password_changed(*, user: User) -> Account:
    """The owner of an account has chosen a password: a first one that others knew is done with."""
    account, _ = Account.objects.update_or_create(user=user, defaults={"must_change_password": False})
    facts: dict[str, Any] = {"oleh": "pemilik akun"}
    record_audit(by=user, action="organisations.change_password", subject=user.get_username(), after=facts)
    return account
