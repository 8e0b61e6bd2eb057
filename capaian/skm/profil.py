"""Who answered a survey, as tables that name nobody: counts below five are hidden, and what would reveal them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models

from capaian.rules.numbers import divide
from capaian.skm.compute import FEWEST, count_profil
from capaian.skm.models import HasilSkm, JawabanSkm, Survei
from capaian.skm.results import FINAL

_TABLES: Final[tuple[tuple[str, str, type[models.TextChoices] | None], ...]] = (
    ("jenis_kelamin", "Jenis kelamin", JawabanSkm.JenisKelamin),
    ("umur", "Kelompok umur", JawabanSkm.Umur),
    ("pendidikan", "Pendidikan terakhir", JawabanSkm.Pendidikan),
    ("pekerjaan", "Pekerjaan", JawabanSkm.Pekerjaan),
    ("layanan", "Jenis layanan", None),
)
_UNSAID: Final = "Tidak disebut"


@dataclass(frozen=True)
class ProfilRow:
    """A group of respondents; `persons` is None where the count is hidden."""

    label: str
    persons: int | None
    persen: Decimal | None


@dataclass(frozen=True)
class ProfilTable:
    """The respondents by one trait; `hidden` says how many counts are not shown."""

    judul: str
    rows: tuple[ProfilRow, ...]
    total: int

    @property
    def hidden(self) -> int:
        return sum(1 for row in self.rows if row.persons is None)


def read_profil(survei: Survei) -> dict[str, Any]:
    """Who answered: as kept with the result of a closed survey, else counted now. Two queries at most."""
    if survei.status in FINAL:
        kept = HasilSkm.objects.filter(survei=survei).values_list("profil", flat=True).first()
        if kept:
            return dict(kept)
    return count_profil(survei)


def summed_profil(surveys: Sequence[Survei]) -> dict[str, dict[str, int]]:
    """Who answered closed surveys, all of them together: by trait value to persons. One query."""
    found: dict[str, dict[str, int]] = {}
    for profil in HasilSkm.objects.filter(survei__in=surveys).order_by().values_list("profil", flat=True):
        for name, counts in profil.items():
            if isinstance(counts, dict):
                summed = found.setdefault(name, {})
                for value, persons in counts.items():
                    summed[value] = summed.get(value, 0) + persons
    return found


def profil_tables(profil: Mapping[str, Any]) -> list[ProfilTable]:
    """A table for each trait that anybody stated."""
    found = []
    for name, judul, choices in _TABLES:
        counts: Mapping[str, int] = profil.get(name, {})
        if any(value for value in counts):
            found.append(_table(judul, counts, choices))
    return found


def hidden_counts(counts: Mapping[str, int]) -> set[str]:
    """Which counts are not shown: those from 1 to 4, and one more where these would follow from the total.

    They do where there is one, and where together they are so few, or so many, that each can be only one number.
    """
    small = {key for key, count in counts.items() if 0 < count < FEWEST}
    others = sorted((count, key) for key, count in counts.items() if count >= FEWEST)
    together = sum(counts[key] for key in small)
    follow = len(small) == 1 or together < FEWEST or together == (FEWEST - 1) * len(small)
    if small and follow and others:
        small.add(others[0][1])
    return small


def weeks(profil: Mapping[str, Any]) -> list[tuple[date, int | None]]:
    """How many answered in each week, by its Monday; small counts are hidden as in the tables."""
    counts = {str(monday): int(persons) for monday, persons in profil.get("minggu", ())}
    hidden = hidden_counts(counts)
    return [(date.fromisoformat(key), None if key in hidden else count) for key, count in sorted(counts.items())]


def _table(judul: str, counts: Mapping[str, int], choices: type[models.TextChoices] | None) -> ProfilTable:
    total, hidden = sum(counts.values()), hidden_counts(counts)
    order: Sequence[tuple[str, str]]
    order = [(str(value), str(label)) for value, label in choices.choices] if choices else _by_count(counts)
    named = [*order, ("", _UNSAID)] if counts.get("") else order
    rows = tuple(
        ProfilRow(
            label,
            None if key in hidden else counts.get(key, 0),
            None if key in hidden else divide(Decimal(100 * counts.get(key, 0)), Decimal(total)),
        )
        for key, label in named
    )
    return ProfilTable(judul, rows, total)


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(key, key) for key in sorted(counts, key=lambda key: (-counts[key], key)) if key]
