"""What the linter of instruments finds, and where in the printed document it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok

# `material` can change a score or a class; `minor` cannot, but makes the document hard to follow.
Severity = Literal["material", "minor"]


@dataclass(frozen=True)
class Temuan:
    """One doubtful place: the rule, how much it matters, our kode, the printed table and number, words, what to do."""

    rule: str
    severity: Severity
    kode: str
    tabel: str
    nomor: str
    nama: str
    message: str
    remedy: str

    @property
    def place(self) -> str:
        """Where it is printed, in words."""
        table = f"Tabel {self.tabel}" if self.tabel[:1].isdigit() else self.tabel
        named = " · ".join(part for part in (table, f"{self.nomor} {self.nama}".strip()) if part)
        return f"{named} [{self.kode}]".strip()


def found(
    instrumen: Instrumen, at: Butir | Kelompok, rule: str, severity: Severity, message: str, remedy: str
) -> Temuan:
    """A finding at an item or a group; table and numbers of the groups above complete its own."""
    way: list[Butir | Kelompok] = [at]
    while (parent := instrumen.parents.get(way[0].kode)) is not None:
        way.insert(0, instrumen.groups[parent])
    tabel = next((one.tabel for one in reversed(way) if one.tabel), "")
    nomor = " ".join(one.nomor for one in way if one.nomor)
    return Temuan(rule, severity, at.kode, tabel, nomor, at.nama, message, remedy)
