"""Recommendations over the years: how long one stands open, and whether a new one says what an earlier one said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from capaian.rules.numbers import divide, with_kernel_digits

K = TypeVar("K")
# Two recommendations that share two thirds of their meaningful words ask for the same in other words. The three of
# Balangan's LHE, each written anew, scored 0,76 to 0,95; different demands on the same report at most 0,63.
SIMILAR = Decimal("0.65")
_QUARTERS = 4
_WORD = re.compile(r"[a-z0-9]+")
# Words that any recommendation has, and that say nothing about what is asked for.
_EMPTY = frozenset(
    """ada adalah agar akan antara antaranya atas atau bagi bahwa baik belum berdasarkan dalam dan dapat dari demi
    dengan di diharapkan disarankan guna hal harus hendaknya ini itu juga kepada ke ketika lebih maka maupun melalui
    mengenai
    menjadi merekomendasikan oleh pada para perlu pula sebagai secara sehingga serta setiap seluruh segera sudah supaya
    tahun telah tentang terhadap tersebut tiap tidak untuk yaitu yang""".split()  # noqa: SIM905 - read as a text
)
# Affixes that turn one word into another of the same meaning: `menyusun`, `disusun`, `penyusunan`.
_BEFORE = re.compile(r"^(?:meng|mem|men|me|peng|pem|pen|per|ber|ter|di|ke|se)(?=[a-z]{4})")
_AFTER = re.compile(r"(?<=[a-z]{4})(?:kan|nya|an|i)$")


def meaningful_words(text: str) -> frozenset[str]:
    """The words of a recommendation without those that say nothing, each without its affixes."""
    return frozenset(_root(word) for word in _WORD.findall(text.casefold()) if len(word) > 1 and word not in _EMPTY)


@with_kernel_digits
def similarity(one: str, other: str) -> Decimal:
    """How much of the words of two recommendations is shared, 0 to 1: twice the shared ones over all of both (Dice).

    Errors: none; a text without meaningful words is like nothing. Source: design, repeated recommendations.
    """
    first, second = meaningful_words(one), meaningful_words(other)
    if not first or not second:
        return Decimal(0)
    return divide(Decimal(2 * len(first & second)), Decimal(len(first) + len(second)))


def find_repeated(text: str, earlier: Iterable[tuple[K, str]]) -> tuple[K, Decimal] | None:
    """The earlier recommendation that a new one most likely repeats, with how alike they are; None below `SIMILAR`.

    `earlier` pairs a key with its text; of equally alike ones the first wins.
    """
    scored = [(key, similarity(text, other)) for key, other in earlier]
    best = max(scored, key=lambda one: one[1], default=None)
    return best if best and best[1] >= SIMILAR else None


def quarters_between(since: date, until: date) -> int:
    """Whole quarters from the quarter of one day to that of another; never below 0."""
    passed = (until.year - since.year) * _QUARTERS + (until.month - 1) // 3 - (since.month - 1) // 3
    return max(passed, 0)


def age_words(since: date, until: date) -> str:
    """How long a recommendation stands: `baru`, `3 triwulan`, `sudah 2 tahun`, `sudah 1 tahun 2 triwulan`."""
    years, rest = divmod(quarters_between(since, until), _QUARTERS)
    if not years:
        return f"{rest} triwulan" if rest else "baru"
    return f"sudah {years} tahun" + (f" {rest} triwulan" if rest else "")


def _root(word: str) -> str:
    stem = _AFTER.sub("", _BEFORE.sub("", word))
    # `menyusun` loses its s to the prefix, `memakai` its p: the rest is compared without its first sound.
    return stem.removeprefix("y")
