"""`capaian admin`: the way in on a fresh installation, where no account exists, and back in for who is locked out."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from capaian.cli.main import main
from capaian.organisations.models import Account, TahunKinerja

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def password_in(said: str) -> str:
    return re.search(r"Sandi sekali pakai: (\S+)", said)[1]  # type: ignore[index]


def test_the_first_admin(tahun_kinerja: TahunKinerja, capsys: pytest.CaptureFixture[str]) -> None:
    assert not User.objects.exists()
    assert main(["admin", "create", "--username", "kepegawaian", "--office", "contoh"]) == 0
    user = User.objects.get()
    assert user.check_password(password_in(capsys.readouterr().out))
    assert list(user.memberships.values_list("role", "instansi__kunci", "unit")) == [("admin", "contoh", None)]
    assert Account.objects.get(user=user).must_change_password
    assert not user.is_superuser


def test_what_does_not_exist_or_exists_already(tahun_kinerja: TahunKinerja, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "create", "--username", "a", "--office", "entah"]) == 2
    assert "yang ada: contoh" in capsys.readouterr().err
    main(["admin", "create", "--username", "a", "--office", "contoh"])
    assert main(["admin", "create", "--username", "A", "--office", "contoh"]) == 1
    assert "sudah dipakai" in capsys.readouterr().err
    assert main(["admin", "reset", "--username", "b", "--office", "contoh"]) == 2
    assert User.objects.count() == 1


def test_a_way_back_in(tahun_kinerja: TahunKinerja, capsys: pytest.CaptureFixture[str]) -> None:
    main(["admin", "create", "--username", "a", "--office", "contoh"])
    first = password_in(capsys.readouterr().out)
    user = User.objects.get()
    Authenticator.objects.create(user=user, type="totp", data={})
    AccessAttempt.objects.create(username="a", ip_address="10.0.0.1", failures_since_start=5, user_agent="x")
    assert main(["admin", "reset", "--username", "a", "--office", "contoh"]) == 0
    second = password_in(capsys.readouterr().out)
    user.refresh_from_db()
    assert first != second
    assert user.check_password(second)
    assert not Authenticator.objects.exists()
    assert not AccessAttempt.objects.exists()
