"""What every row must hold to before it is stored, on every database: SQLite by itself would take anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import models

# Characters that stand for nothing on a page: PostgreSQL refuses the first, no encoding knows the surrogates.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")


class RowRefused(ValueError):
    """A row that cannot be stored; the message names the row, the field, what is wrong and what fits."""


def clean_text(text: str) -> str:
    """What a person typed or pasted, without characters that cannot be seen; every line end as one newline."""
    return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def check_row(row: models.Model, names: Iterable[str], key: Iterable[str]) -> None:
    """Hold the named fields of a row to the type, length, digits, range and choices of their columns.

    Raises `RowRefused` with every problem, the row named by its natural key.
    """
    problems = list(_problems(row, names))
    if problems:
        who = f"{row._meta.verbose_name} {' / '.join(str(getattr(row, name)) for name in key)}"
        raise RowRefused("\n".join(f"{who[:120]}: {problem}" for problem in problems))


def _problems(row: models.Model, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        field = row._meta.get_field(name)
        if not isinstance(field, models.Field) or field.is_relation or isinstance(field, models.JSONField):
            continue
        value = getattr(row, name)
        if isinstance(value, str) and (found := _INVISIBLE.search(value)):
            yield f"{field.verbose_name} memuat karakter yang tidak tampak (U+{ord(found[0]):04X}). Hapus karakter itu."
        if value in field.empty_values:
            continue
        try:
            field.clean(value, row)
        except ValidationError as error:
            yield f"{field.verbose_name}: {' '.join(error.messages)}"
