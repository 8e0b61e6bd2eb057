"""Uploads as the pages show them: which kinds there are, who sees which, findings by worksheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from capaian.exchange.guard import Limits, inspect_workbook
from capaian.exchange.kinds import UploadKind
from capaian.exchange.models import Upload
from capaian.organisations.permissions import Office, Permission

SEVERITIES: Final = ("salah", "konflik", "peringatan")
# What a browser shows at once; the workbook of findings has them all.
MOST_SHOWN: Final = 500


@dataclass(frozen=True)
class KindEntry:
    """A kind of upload: how it is checked and applied, how much a file may hold, and what is looked at first."""

    kind: UploadKind
    limits: Limits
    inspect: Callable[[Path, Limits], None]


_kinds: dict[str, KindEntry] = {}


def register_kind(
    jenis: str, kind: UploadKind, limits: Limits, inspect: Callable[[Path, Limits], None] = inspect_workbook
) -> None:
    """Make known how a kind of upload is checked and applied; called when the app is ready.

    `inspect` raises `FileRefused` for a file that nothing must parse.
    """
    _kinds[jenis] = KindEntry(kind, limits, inspect)


def kind_entry(jenis: str) -> KindEntry:
    """Raises `KeyError` for a kind that is not registered."""
    return _kinds[jenis]


def visible_uploads(office: Office, user: User) -> QuerySet[Upload]:
    """What a person sees of an office year's uploads: their own; of others only who imports for the whole office."""
    rows = office.tahun_kinerja.uploads.select_related("created_by", "applied_by").defer("findings", "summary")
    if office.allows_everywhere(Permission.IMPORT):
        return rows
    return rows.filter(created_by=user)


@dataclass(frozen=True)
class FindingRow:
    """A finding with its number, by which the answer to a conflict names it, and what was chosen when applying."""

    number: int
    finding: dict[str, str]
    chosen: str = ""


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one worksheet, errors first and then in the order of its rows."""

    sheet: str
    rows: list[FindingRow]


def finding_groups(upload: Upload) -> list[FindingGroup]:
    """Findings by worksheet, those about the file itself first."""
    groups: dict[str, list[FindingRow]] = {}
    decided = upload.options.get("terapkan", {}).get("pilihan", {})
    for number, one in enumerate(upload.findings[:MOST_SHOWN]):
        chosen = decided.get(f"{one['sheet']}!{one['cell']}", {}).get("pakai", "")
        groups.setdefault(one["sheet"], []).append(FindingRow(number, one, chosen))
    return [FindingGroup(sheet, rows) for sheet, rows in groups.items()]


def sorted_findings(findings: Sequence[Any]) -> list[dict[str, str]]:
    """Findings as stored: the file first, then worksheet by worksheet, each in the order of its rows."""
    order = {sheet: number for number, sheet in enumerate(dict.fromkeys(one.sheet for one in findings))}
    ranked = sorted(findings, key=lambda one: (one.sheet != "", order[one.sheet], _row_of(one.cell), one.cell))
    return [one.to_dict() for one in ranked]


def _row_of(cell: str) -> int:
    digits = "".join(sign for sign in cell if sign.isdigit())
    return int(digits) if digits else 0


def severity_counts(findings: Sequence[dict[str, str]]) -> dict[str, int]:
    """How many findings of each severity."""
    counted = Counter(one["severity"] for one in findings)
    return {name: counted[name] for name in SEVERITIES}


def applied_before(upload: Upload) -> Upload | None:
    """The last time that the same content was applied to the same year, if it was."""
    same = Upload.objects.filter(
        ~Q(pk=upload.pk), tahun_kinerja=upload.tahun_kinerja, checksum=upload.checksum, jenis=upload.jenis
    )
    return same.filter(applied_at__isnull=False).select_related("applied_by").order_by("-applied_at").first()
