"""Verifying the chains of the audit trail: every hash is recomputed, and what does not fit is named with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from capaian.organisations.models import Instansi
from capaian.workflow.audit import SYSTEM_CHAIN, entry_hash
from capaian.workflow.models import AuditChain, AuditEntry


@dataclass(frozen=True)
class ChainReport:
    """What verifying a chain found: how far it is whole, its head there, and what does not fit first, in words."""

    name: str
    length: int
    head: str
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.problem


def verify_chain(name: str) -> ChainReport:
    """Recompute every hash of a chain from its first entry to the stored end; stops at the first that does not fit."""
    end = AuditChain.objects.filter(name=name).first() or AuditChain(name=name)
    owner = None if name == SYSTEM_CHAIN else Instansi.objects.filter(kunci=name).values_list("pk", flat=True).first()
    number, previous = 0, ""
    for entry in _entries(name).iterator(chunk_size=2000):
        problem = _misfit(entry, number + 1, previous, end)
        if not problem and owner is not None and entry.instansi_id != owner:
            problem = f"Entri nomor {entry.number} dilepas dari instansinya, sehingga tidak tampak di halamannya."
        if problem:
            return ChainReport(name, number, previous, problem)
        number, previous = entry.number, entry.hash
    return ChainReport(name, number, previous, _end_problem(number, previous, end))


def verify_all() -> Iterator[ChainReport]:
    """Every chain of which a trace is left in either table, by name."""
    names = set(AuditChain.objects.values_list("name", flat=True))
    for name in sorted(names | set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())):
        yield verify_chain(name)


def _entries(name: str) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(chain=name).order_by("number")


def _misfit(entry: AuditEntry, number: int, previous: str, end: AuditChain) -> str:
    """What is wrong with the entry that stands where `number` should, or an empty text."""
    if entry.number != number:
        gone = f"nomor {number}" if entry.number == number + 1 else f"nomor {number} sampai {entry.number - 1}"
        return f"Entri {gone} hilang: sesudah nomor {number - 1} langsung nomor {entry.number}."
    if entry.hash == entry_hash(entry, previous):
        return ""
    where = f"Entri nomor {number} (id {entry.pk})"
    if number == end.length + 1:
        return f"{where} disisipkan di akhir; rantai ini dicatat berakhir di nomor {end.length}."
    if original := _original_number(entry):
        return f"{where} dipindahkan: isinya utuh, tetapi dicatat sebagai nomor {original}."
    if _follows(entry.chain, number + 1, number, previous):
        return f"{where} disisipkan: entri sesudahnya, bukan yang ini, bersambung dengan nomor {number - 1}."
    return f"{where} telah diubah, atau entri sebelum itu dihapus dan nomornya dirapatkan."


def _end_problem(number: int, head: str, end: AuditChain) -> str:
    if number < end.length:
        return f"Entri nomor {number + 1} sampai {end.length} hilang dari akhir rantai."
    if number > end.length:
        return f"Entri nomor {end.length + 1} sampai {number} disisipkan di akhir; dicatat berakhir di {end.length}."
    return "" if head == end.head else f"Sidik akhir rantai pada nomor {number} telah diubah."


def _follows(chain: str, stored: int, number: int, previous: str) -> bool:
    """Whether the entry stored under one number fits as another: then something was put before it."""
    entry = AuditEntry.objects.filter(chain=chain, number=stored).first()
    return entry is not None and entry.hash == _hash_as(entry, number, previous)


def _original_number(entry: AuditEntry) -> int:
    """The number under which an entry was written, where it fits there now; 0 where it fits nowhere.

    The entry before it then may itself have changed places with this one.
    """
    before: dict[int, str] = {0: ""}
    for number, hash_ in _entries(entry.chain).values_list("number", "hash").iterator(chunk_size=2000):
        before[number] = hash_
    for number in before:
        for neighbour in (number - 1, number):
            if neighbour in before and entry.hash == _hash_as(entry, number, before[neighbour]):
                return number
    return 0


def _hash_as(entry: AuditEntry, number: int, previous: str) -> str:
    stored, entry.number = entry.number, number
    try:
        return entry_hash(entry, previous)
    finally:
        entry.number = stored
