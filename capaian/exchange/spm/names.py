"""Who and what a text names: a Puskesmas, a service, a month. A near match is offered, never taken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from capaian.exchange.mapping import header_key
from capaian.organisations.models import UnitKerja
from capaian.rules.periods import BULAN
from capaian.rules.spm.standar import Layanan, Standar

_PREFIX = re.compile(r"^(?:blud\s+)?(?:uptd?\s+)?(?:puskesmas|pkm)\s+", re.IGNORECASE)
# The one code of e-SPM that a source gives (regulations 5.3).
_ESPM: Final = {"ki78": "ibu_hamil"}
# Other ways in which months are written, in their order.
_WAYS: Final = (
    "jan",
    "feb peb pebruari",
    "mar mrt",
    "apr",
    "mei",
    "jun",
    "jul",
    "agu ags agt agust",
    "sep sept",
    "okt",
    "nov nop nopember",
    "des",
)
_MONTHS: Final = {
    word: number
    for number, (name, ways) in enumerate(zip(BULAN, _WAYS, strict=True), start=1)
    for word in (name.lower(), str(number), f"{number:02d}", *ways.split())
}
_YEAR = re.compile(r"\b(20[0-9]{2})\b")


@dataclass(frozen=True)
class Unknown:
    """A text that names nothing here, with the nearest name that there is, empty without one."""

    teks: str
    nearest: str

    def message(self, what: str) -> str:
        """The problem and what to do, in words."""
        hint = f' Yang terdekat: "{self.nearest}".' if self.nearest else ""
        return f'{what} "{self.teks[:60]}" tidak dikenal.{hint} Perbaiki namanya di berkas; tidak ada yang ditebak.'


class Names:
    """Texts by which things are called, compared by letters and digits only."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self.titles = {kunci: names[0] for kunci, names in known.items()}
        self.by_text = {header_key(name): kunci for kunci, names in known.items() for name in names if header_key(name)}

    def find(self, teks: str) -> str | Unknown:
        """The key of what a text names."""
        text = header_key(teks)
        if text in self.by_text:
            return self.by_text[text]
        near = get_close_matches(text, list(self.by_text), 1, 0.7)
        return Unknown(teks, self.titles[self.by_text[near[0]]] if near else "")


def unit_names(units: list[UnitKerja]) -> Names:
    """Puskesmas by key, full name, and name without the word Puskesmas."""
    return Names({one.kunci: (one.nama, one.kunci, _PREFIX.sub("", one.nama)) for one in units})


def layanan_names(standar: Standar, words: Mapping[str, Sequence[str]]) -> Names:
    """Services by kode, names, statement of recipients, name of the sub kegiatan, e-SPM code, and other `words`.

    `words` are those by which a file of sasaran heads the groups: `Lansia`, `Bumil`; an office edits them.
    """
    return Names({one.kode: (*_called(one), *words.get(one.kode, ())) for one in standar.layanan})


def _called(one: Layanan) -> tuple[str, ...]:
    codes = tuple(code for code, kode in _ESPM.items() if kode == one.kode)
    return (one.nama_pendek, one.kode, one.nama, one.penerima, one.sub_kegiatan, one.indikator, *codes)


def find_month(teks: str, tahun: int) -> int | str:
    """The month of a text (`3`, `Mar`, `Maret 2024`, `2024-03`); a message in words where there is none in the year."""
    year = _YEAR.search(teks)
    if year and int(year[1]) != tahun:
        return f'Bulan "{teks[:40]}" bukan bulan tahun {tahun}. Unggah pada tahunnya sendiri, atau perbaiki bulannya.'
    word = _YEAR.sub("", teks).strip(" -/.").lower()
    return _MONTHS.get(word) or f'Bulan "{teks[:40]}" tidak ada. Tulis nama bulan, atau angka 1 sampai 12.'
