"""What an uploaded workbook can be. Each kind checks the whole file first, and applies it only as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.contrib.auth.models import User

from capaian.exchange.models import Upload

# Tells a waiting person where the work is: percent and step.
Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Finding:
    """One problem of an uploaded file: where it is, which rule asks for it, what is wrong and what to do.

    `severity` is `salah` (nothing is applied while it stands), `konflik` (somebody stored `theirs` since the template
    was made; the person chooses) or `peringatan` (worth a look, refuses nothing). `cell` is `D14`, empty for a sheet.
    """

    sheet: str
    cell: str
    rule: str
    message: str
    severity: str = "salah"
    value: str = ""
    theirs: str = ""

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    """What a check found: rows read, every finding, and counts of what would change."""

    rows: int
    findings: Sequence[Finding] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)


class UploadKind(Protocol):
    """How one kind of upload is checked and applied. Neither keeps anything of its own between the two."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """Read the whole file and find all problems; writes nothing but the raw rows."""
        ...

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Apply everything in the caller's transaction and return the counts; raises `ValueError` with the reason."""
        ...
