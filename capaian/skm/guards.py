"""What keeps the public form honest without knowing who answers.

Nothing of a respondent's device is stored: a form carries its own one-time key and the moment it was made, signed, and
addresses are counted in memory for a minute only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest

from capaian.skm.models import Survei
from capaian.web.address import client_address
from capaian.web.limits import WINDOW_SECONDS, count_in_window

# A Puskesmas has one address for its whole waiting room: so many answers a minute pass, a script does not.
MOST_A_MINUTE: Final = 60
# Whoever reads nine questions needs longer; all the same that fast is asked about, never refused.
FAST_SECONDS: Final = 4.0
LIFETIME_SECONDS: Final = 24 * 3600.0
# Hidden from persons and from screen readers; what fills in every field fills in this one.
TRAP: Final = "situs_web"
# A telephone or identity number: eight digits in a row, or ten in groups. Hours (08.00-12.00) and years stay.
_NUMBER: Final = re.compile(r"\d(?:[ .\-/()]{0,2}\d){9,}|\d{8,}")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SIGNER: Final = signing.Signer(salt="capaian.skm.formulir")


@dataclass(frozen=True)
class Stamp:
    """What a form carries: the key under which it is counted once, and its age in seconds."""

    request_key: UUID
    age: float

    @property
    def is_stale(self) -> bool:
        """Whether the form has lain open for so long that a new one is due."""
        return self.age > LIFETIME_SECONDS

    @property
    def is_fast(self) -> bool:
        return self.age < FAST_SECONDS


def new_stamp(survei: Survei, request_key: UUID | None = None) -> str:
    """The signed text for a form of this survey: a new key, or the one of a form that is shown again."""
    key = request_key or uuid4()
    return _SIGNER.sign(f"{survei.pk}.{key.hex}.{int(time.time() * 1000)}")


def read_stamp(survei: Survei, text: str) -> Stamp | None:
    """What the form of this survey carried; None for a text that we did not sign, or signed for another survey."""
    try:
        survey, key, made = _SIGNER.unsign(text).split(".")
    except signing.BadSignature:
        return None
    if survey != str(survei.pk):
        return None
    return Stamp(UUID(hex=key), time.time() - int(made) / 1000)


def too_many(request: HttpRequest) -> int:
    """How many seconds to wait because of too many answers from one address; 0 where there are not."""
    now = time.time()
    count = count_in_window(f"skm:{client_address(request)}", now)
    return 0 if count <= MOST_A_MINUTE else WINDOW_SECONDS - int(now % WINDOW_SECONDS)


def is_trapped(data: Mapping[str, str]) -> bool:
    """Whether the field that no person sees was filled."""
    return bool(data.get(TRAP, "").strip())


def without_contacts(text: str) -> str:
    """A suggestion without what tells who wrote it: long numbers and e-mail addresses are blotted out.

    Masked and not refused: the suggestion counts, and somebody at a counter should not have to write it twice.
    """
    return _EMAIL.sub("[surel dihapus]", _NUMBER.sub("[nomor dihapus]", text))
