"""Invented names of places: each is put together of two words and belongs to no office that exists."""

from __future__ import annotations

import random
from typing import Final

_FIRST: Final = ("Arga", "Banyu", "Cempaka", "Damar", "Giri", "Kenanga", "Lembah", "Puspa", "Randu", "Umbul")
_SECOND: Final = ("bening", "teduh", "rimbun", "sejuk", "hening", "lapang", "rindang", "wening", "sembada", "tenteram")
MOST: Final = len(_FIRST) * len(_SECOND)


def place_names(count: int, seed: int) -> list[str]:
    """Different names, always the same for a seed; `count` is at most `MOST`. A longer list begins with the shorter."""
    names = [first + second for first in _FIRST for second in _SECOND]
    random.Random(f"tempat/{seed}").shuffle(names)  # noqa: S311 - generated data, no secret
    return names[:count]
