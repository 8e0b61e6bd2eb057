"""The words of printed figures: keys of tables and indicators said as a reader of the document knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template

register = template.Library()
# tabel_2_3:iku.aki:target, the last two parts optional; tw1 is a quarter.
_FIGURE = re.compile(r"\btabel_([a-z0-9_]+?)(?::([^:\s]+))?(?::(\w+))?(?=[\s),;.]|$)")
_KEYED = re.compile(r"^[a-z]+\.[a-z0-9_]+ (?=\S)")
_WORD = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_QUARTER = re.compile(r"^tw([1-4])$")


@register.filter
def figure_words(text: str, names: Mapping[str, str] | None = None) -> str:
    """`sama dengan tabel_2_2:iku.aki:target` is "sama dengan Tabel 2.2, Angka Kematian Ibu, target"."""

    def say(found: re.Match[str]) -> str:
        number, key, column = found.groups()
        parts = [f"Tabel {number.replace('_', '.')}", (names or {}).get(key, key), (column or "").replace("_", " ")]
        return ", ".join(part for part in parts if part)

    said = _FIGURE.sub(say, _KEYED.sub("", str(text)))
    said = _QUARTER.sub(r"triwulan \1", said)
    return _WORD.sub(lambda word: word.group().replace("_", " "), said)
