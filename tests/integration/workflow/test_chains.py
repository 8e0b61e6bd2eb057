"""What is done to the audit trail behind the program's back is named: which entry, and what happened to it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection

from capaian.cli.main import main
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.workflow.audit import audited, entry_hash, record_audit
from capaian.workflow.chains import verify_all, verify_chain
from capaian.workflow.models import AuditChain, AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def chain(tahun_kinerja: TahunKinerja) -> str:
    """Six entries of one office, written in two transactions, and two of no office."""
    for names in ("abc", "def"):
        with audited():
            for name in names:
                record_audit(by=None, action="uji.catat", subject=name, instansi=tahun_kinerja.instansi)
    record_audit(by=None, action="uji.catat", subject="x")
    record_audit(by=None, action="uji.catat", subject="y")
    return tahun_kinerja.instansi.kunci


def sql(text: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def entry(chain: str, number: int) -> AuditEntry:
    return AuditEntry.objects.get(chain=chain, number=number)


def renumber(pk: int, number: int) -> None:
    sql("UPDATE workflow_auditentry SET number = %s WHERE id = %s", number, pk)


def test_untouched_chains_are_whole(chain: str) -> None:
    reports = {report.name: report for report in verify_all()}
    assert {name: (report.length, report.problem) for name, report in reports.items()} == {
        "contoh": (6, ""),
        "sistem": (2, ""),
    }
    assert reports["contoh"].head == entry(chain, 6).hash


def changed(chain: str) -> str:
    sql("UPDATE workflow_auditentry SET subject = 'lain' WHERE chain = %s AND number = 3", chain)
    return f"Entri nomor 3 (id {entry(chain, 3).pk}) telah diubah"


def changed_after(chain: str) -> str:
    sql("UPDATE workflow_auditentry SET after = %s WHERE chain = %s AND number = 6", '{"teks": "9"}', chain)
    return f"Entri nomor 6 (id {entry(chain, 6).pk}) telah diubah"


def moved_in_time(chain: str) -> str:
    sql("UPDATE workflow_auditentry SET at = '2020-01-01 00:00:00' WHERE chain = %s AND number = 1", chain)
    return f"Entri nomor 1 (id {entry(chain, 1).pk}) telah diubah"


def gone_in_the_middle(chain: str) -> str:
    sql("DELETE FROM workflow_auditentry WHERE chain = %s AND number IN (3, 4)", chain)
    return "Entri nomor 3 sampai 4 hilang: sesudah nomor 2 langsung nomor 5."


def gone_and_closed_up(chain: str) -> str:
    sql("DELETE FROM workflow_auditentry WHERE chain = %s AND number = 3", chain)
    for number in (4, 5, 6):
        renumber(entry(chain, number).pk, number - 1)
    return "atau entri sebelum itu dihapus dan nomornya dirapatkan."


def gone_at_the_end(chain: str) -> str:
    sql("DELETE FROM workflow_auditentry WHERE chain = %s AND number > 4", chain)
    return "Entri nomor 5 sampai 6 hilang dari akhir rantai."


def gone_altogether(chain: str) -> str:
    sql("DELETE FROM workflow_auditentry WHERE chain = %s", chain)
    return "Entri nomor 1 sampai 6 hilang dari akhir rantai."


def forged(chain: str, number: int, hash_: str = "") -> AuditEntry:
    made = AuditEntry(
        chain=chain,
        number=number,
        instansi=Instansi.objects.get(kunci=chain),
        action="uji.catat",
        subject="sisipan",
        hash=hash_,
    )
    AuditEntry.objects.bulk_create([made])
    return made


def inserted_in_the_middle(chain: str) -> str:
    for number in (6, 5, 4, 3):
        renumber(entry(chain, number).pk, number + 1)
    return f"Entri nomor 3 (id {forged(chain, 3).pk}) disisipkan"


def inserted_at_the_end(chain: str) -> str:
    return f"Entri nomor 7 (id {forged(chain, 7).pk}) disisipkan di akhir"


def inserted_with_a_true_hash(chain: str) -> str:
    made = forged(chain, 7)
    good = entry_hash(AuditEntry.objects.get(pk=made.pk), entry(chain, 6).hash)
    sql("UPDATE workflow_auditentry SET hash = %s WHERE id = %s", good, made.pk)
    return "Entri nomor 7 sampai 7 disisipkan di akhir; dicatat berakhir di 6."


def swap(chain: str, one: int, other: int) -> str:
    first, second = entry(chain, one).pk, entry(chain, other).pk
    renumber(first, 99)
    renumber(second, one)
    renumber(first, other)
    return f"Entri nomor {one} (id {second}) dipindahkan: isinya utuh, tetapi dicatat sebagai nomor {other}."


def swapped_neighbours(chain: str) -> str:
    return swap(chain, 2, 3)


def swapped_far(chain: str) -> str:
    return swap(chain, 2, 5)


def hidden(chain: str) -> str:
    sql("UPDATE workflow_auditentry SET instansi_id = NULL WHERE chain = %s AND number = 4", chain)
    return "Entri nomor 4 dilepas dari instansinya"


def head_changed(chain: str) -> str:
    AuditChain.objects.filter(name=chain).update(head="0" * 64)
    return "Sidik akhir rantai pada nomor 6 telah diubah."


TAMPERING = [
    changed, changed_after, moved_in_time, gone_in_the_middle, gone_and_closed_up, gone_at_the_end, gone_altogether,
    inserted_in_the_middle, inserted_at_the_end, inserted_with_a_true_hash, swapped_neighbours, swapped_far, hidden,
    head_changed,
]  # fmt: skip


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_tampering_is_named(chain: str, tamper: Callable[[str], str]) -> None:
    said = tamper(chain)
    report = verify_chain(chain)
    assert not report.is_whole
    assert said in report.problem
    assert verify_chain("sistem").is_whole


def test_the_command_says_length_and_head(chain: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--audit"]) == 0
    out = capsys.readouterr().out
    assert "contoh" in out
    assert "6 entri" in out
    assert entry(chain, 6).hash in out


def test_the_command_ends_in_1_with_the_place(chain: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = changed(chain)
    assert main(["check", "--audit", "--json"]) == 1
    found = {one["chain"]: one for one in json.loads(capsys.readouterr().out)}
    assert said in found["contoh"]["problem"]
    assert found["contoh"]["length"] == 2
    assert found["sistem"] == {
        "chain": "sistem",
        "length": 2,
        "head": entry("sistem", 2).hash,
        "whole": True,
        "problem": "",
    }


@pytest.mark.parametrize("arguments", [["check"], ["check", "balangan_2024", "--audit"]])
def test_the_command_wants_a_sample_or_the_audit(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "--audit" in capsys.readouterr().err
