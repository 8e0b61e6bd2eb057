"""The daily e-mail: to whom, with what, once a day, and nothing when there is nothing."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.utils import timezone

from capaian.cli.main import main
from capaian.organisations.models import Account, Delegation, Membership, UnitKerja
from capaian.workflow.audit import record_audit
from capaian.workflow.models import AuditChain, Deadline, Digest, Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def district(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """Two Puskesmas whose Triwulan I closed yesterday: of one it came back, the other has not begun."""
    instansi = plan.tahun_kinerja.instansi
    plan.mawar, plan.melati = (
        UnitKerja.objects.create(instansi=instansi, kunci=name.lower(), nama=f"Puskesmas {name}", jenis="puskesmas")
        for name in ("Mawar", "Melati")
    )
    plan.stunting.pelapor, plan.stunting.gabungan = "puskesmas", "jumlah"
    plan.stunting.save()
    today = timezone.localdate()
    Deadline.objects.create(
        tahun_kinerja=plan.tahun_kinerja, form="kinerja", periode=1, ends_on=today - timedelta(days=1)
    )
    Submission.objects.create(
        tahun_kinerja=plan.tahun_kinerja, form="kinerja", unit=plan.mawar, periode=1, state="dikembalikan",
        reason="Angka tertukar & <keliru>",
    )  # fmt: skip
    for name, unit in (("operator", plan.mawar), ("kepala_unit", plan.melati)):
        Membership.objects.filter(user=getattr(cast, name)).update(unit=unit)
    User.objects.filter(username__in=["operator", "kepala_unit", "keuangan"]).update(email="x@contoh.example")
    plan.cast, plan.today = cast, today
    return plan


def test_each_gets_what_is_theirs_and_who_has_nothing_gets_nothing(
    district: SimpleNamespace, mailoutbox: list[EmailMessage], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["digest"]) == 0
    assert "2 ringkasan dikirim, 0 sudah dikirim hari ini." in capsys.readouterr().out
    operator, kepala_unit = mailoutbox
    assert operator.subject == "Capaian Dinkes Contoh: 1 hal menunggu Anda"
    assert operator.from_email == "capaian@localhost"
    assert "Alasan: Angka tertukar & <keliru>" in operator.body
    assert "/contoh/2024/isian/kinerja/mawar/1/" in operator.body
    assert "Melati" not in operator.body
    assert "Puskesmas Melati (terlambat 1 hari)" in kepala_unit.body
    assert "sidik" not in operator.body


def test_a_second_run_of_the_day_sends_nothing_twice(
    district: SimpleNamespace, mailoutbox: list[EmailMessage], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["digest"])
    User.objects.filter(username="perencana").update(email="p@contoh.example")
    assert main(["digest", "--office", "contoh"]) == 0
    assert "1 ringkasan dikirim, 2 sudah dikirim hari ini." in capsys.readouterr().out
    assert len(mailoutbox) == 3
    # The planner is told numbers: two units owe it, neither has handed in.
    assert "2 dari 2 unit, lewat batas waktu" in mailoutbox[-1].body
    Digest.objects.update(day=district.today - timedelta(days=1))
    main(["digest"])
    assert len(mailoutbox) == 6


def test_what_the_server_did_not_take_is_sent_by_the_next_run(
    district: SimpleNamespace,
    mailoutbox: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(self: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected("x@contoh.example")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert main(["digest"]) == 1
    said = capsys.readouterr().err
    assert "2 ringkasan tidak diterima server surel" in said
    assert "x@contoh.example" not in said
    assert main(["digest"]) == 0
    assert len(mailoutbox) == 2


def test_a_dry_run_prints_and_sends_nothing(
    district: SimpleNamespace, mailoutbox: list[EmailMessage], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["digest", "--dry-run"]) == 0
    assert "Perihal: Capaian Dinkes Contoh" in capsys.readouterr().out
    assert not mailoutbox
    assert not Digest.objects.exists()


def test_who_declined_left_or_is_inactive_gets_none(district: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    Account.objects.create(user=district.cast.operator, wants_digest=False)
    Membership.objects.filter(user=district.cast.kepala_unit).update(ends_on=district.today - timedelta(days=1))
    assert main(["digest"]) == 0
    assert not mailoutbox


def test_who_stands_in_gets_what_was_lent(district: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(username="newcomer").update(email="n@contoh.example")
    User.objects.filter(username="operator").update(email="")
    Delegation.objects.create(
        instansi=district.tahun_kinerja.instansi, giver=district.cast.operator, receiver=district.cast.newcomer,
        starts_on=district.today, ends_on=district.today, reason="Cuti",
    )  # fmt: skip
    main(["digest"])
    assert "Angka tertukar" in next(mail for mail in mailoutbox if mail.to == ["n@contoh.example"]).body


def test_the_inspektorat_gets_the_head_of_the_audit_trail(
    district: SimpleNamespace, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(username="inspektorat").update(email="i@contoh.example")
    record_audit(by=None, action="uji.catat", subject="x", instansi=district.tahun_kinerja.instansi)
    main(["digest"])
    (mail,) = (mail for mail in mailoutbox if mail.to == ["i@contoh.example"])
    assert mail.subject == "Capaian Dinkes Contoh: ringkasan hari ini"
    head = AuditChain.objects.get(name="contoh")
    assert head.head in mail.body
    assert f"berakhir di nomor {head.length}" in mail.body


def test_an_unknown_office_is_bad_use(district: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", "--office", "tidak-ada"]) == 2
    assert "tidak-ada" in capsys.readouterr().err
