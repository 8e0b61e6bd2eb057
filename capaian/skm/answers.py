"""One respondent's answers as they come in, through whichever door: the form, the paper grid, a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from capaian.skm.compute import unsur_names
from capaian.skm.guards import without_contacts
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.skm.questions import HIGHEST, LOWEST
from capaian.workflow.checks import clean_text

MOST_SARAN: Final = 1000
PROFILE: Final[dict[str, list[tuple[str, str]]]] = {
    "jenis_kelamin": JawabanSkm.JenisKelamin.choices,
    "umur": JawabanSkm.Umur.choices,
    "pendidikan": JawabanSkm.Pendidikan.choices,
    "pekerjaan": JawabanSkm.Pekerjaan.choices,
}
PROFILE_LABELS: Final = {
    "jenis_kelamin": "Jenis kelamin",
    "umur": "Kelompok umur",
    "pendidikan": "Pendidikan terakhir",
    "pekerjaan": "Pekerjaan",
    "layanan": "Jenis layanan",
}
# Under which names an answer is kept.
NAMES: Final = (*UNSUR, *PROFILE_LABELS, "saran")


@dataclass(frozen=True)
class Answer:
    """What one respondent said: by asked unsur 1 to 4 or None, a coarse profile by code, a suggestion."""

    nilai: Mapping[str, int | None]
    profil: Mapping[str, str] = field(default_factory=dict)
    saran: str = ""

    @property
    def filled(self) -> list[int]:
        return [one for one in self.nilai.values() if one is not None]

    @property
    def is_empty(self) -> bool:
        return not self.filled

    @property
    def is_straight(self) -> bool:
        """Whether every question got the same answer."""
        return len(self.filled) == len(self.nilai) > 1 and len(set(self.filled)) == 1

    @property
    def blank(self) -> list[str]:
        """The unsur that were asked and not answered."""
        return [unsur for unsur, one in self.nilai.items() if one is None]

    def values(self) -> dict[str, Any]:
        """By column of `JawabanSkm`, also those that were not asked."""
        return {
            **{unsur: self.nilai.get(unsur) for unsur in UNSUR},
            **{name: self.profil.get(name, "") for name in PROFILE_LABELS},
            "saran": self.saran,
        }


@dataclass(frozen=True)
class Sheet:
    """An answer that was not given online: its key, by which it counts once, and the day it was filled."""

    request_key: UUID
    tanggal: date
    answer: Answer


def read_answer(survei: Survei, texts: Mapping[str, str]) -> tuple[Answer, dict[str, str]]:
    """The answer that these texts give, and by name what is wrong in them; what is wrong is left out of the answer.

    The profile is taken by its codes and by its words.
    """
    errors: dict[str, str] = {}
    names = unsur_names()
    nilai = {unsur: _value(names[unsur], unsur, texts, errors) for unsur in UNSUR if unsur in survei.unsur}
    offered = {**PROFILE, "layanan": [(one, one) for one in survei.layanan]}
    profil = {name: _choice(name, choices, texts, errors) for name, choices in offered.items()}
    return Answer(nilai, profil, _saran(texts.get("saran", ""), errors)), errors


def _saran(text: str, errors: dict[str, str]) -> str:
    said = clean_text(text)
    if len(said) > MOST_SARAN:
        errors["saran"] = f"Saran ini {len(said)} huruf; paling banyak {MOST_SARAN}. Ringkaslah."
    # Cut first: looking for contacts takes time by the square of the length, and anybody can send megabytes.
    return without_contacts(said[:MOST_SARAN])


def _value(nama: str, unsur: str, texts: Mapping[str, str], errors: dict[str, str]) -> int | None:
    teks = texts.get(unsur, "").strip()
    if not teks:
        return None
    if teks in {str(one) for one in range(LOWEST, HIGHEST + 1)}:
        return int(teks)
    errors[unsur] = (
        f'{nama}: jawaban "{teks[:20]}" tidak dikenal. Kuesioner SKM (PermenPANRB 14/2017) hanya menerima '
        f"{LOWEST} sampai {HIGHEST}; perbaiki, atau kosongkan bila tidak dijawab."
    )
    return None


def _choice(name: str, choices: list[tuple[str, str]], texts: Mapping[str, str], errors: dict[str, str]) -> str:
    teks = " ".join(texts.get(name, "").split())
    if not teks:
        return ""
    for code, label in choices:
        if teks.casefold() in (str(code).casefold(), str(label).casefold()):
            return str(code)
    offered = "; ".join(str(label) for _, label in choices) or "tidak ada, karena survei ini tidak menanyakannya"
    errors[name] = f'{PROFILE_LABELS[name]}: "{teks[:40]}" tidak ada dalam pilihan ({offered}).'
    return ""
