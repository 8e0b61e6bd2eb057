"""The approved versions of a sheet, and what each correction changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from capaian.workflow.forms import SheetKey, form_definition
from capaian.workflow.models import SubmissionVersion
from capaian.workflow.queries import submission_of
from capaian.workflow.transitions import EDITABLE

Cells = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A value that two versions of a sheet state differently; empty where one of them does not state it."""

    nama: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionRow:
    """An approved version, latest first, and what the one after it (or the present sheet) says differently."""

    version: SubmissionVersion
    followed_by: str
    differences: tuple[Difference, ...]


def version_history(key: SheetKey, today: date) -> list[VersionRow]:
    """Every approved version of a sheet with what came after it. The form's own queries and three."""
    submission = submission_of(key)
    stored = list(submission.versions.select_related("approved_by").order_by("nomor")) if submission.pk else []
    if not stored:
        return []
    following: list[tuple[str, Cells]] = [(f"versi {one.nomor}", one.cells) for one in stored[1:]]
    sheet = form_definition(key.form).read(key, today)
    present = [{"kunci": row.kunci, "nama": row.nama, "teks": row.teks} for row in sheet.rows]
    following.append(
        ("isian sekarang (sedang diperbaiki)" if submission.state in EDITABLE else "isian sekarang", present)
    )
    rows = [
        VersionRow(version, label, differences(version.cells, cells))
        for version, (label, cells) in zip(stored, following, strict=True)
    ]
    return rows[::-1]


def differences(before: Cells, after: Cells) -> tuple[Difference, ...]:
    """The values that differ, in the order of the later one; what it no longer has comes last."""
    old = {cell["kunci"]: cell for cell in before}
    new = {cell["kunci"]: cell for cell in after}
    return tuple(
        Difference((new.get(kunci) or old[kunci])["nama"], *texts)
        for kunci in dict.fromkeys([*new, *old])
        if len(set(texts := (_text(old, kunci), _text(new, kunci)))) > 1
    )


def _text(cells: Mapping[str, Mapping[str, Any]], kunci: str) -> str:
    return str(cells[kunci]["teks"]) if kunci in cells else ""
