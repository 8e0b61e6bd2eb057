"""The rows of an uploaded file, kept exactly as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from capaian.exchange.models import Upload, UploadRow

Row = Sequence[Any]
_BATCH: Final = 2000


class RawRows:
    """Keeps the rows of a file as they were read, batch by batch."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.waiting = upload, []  # type: ignore[var-annotated]

    def __call__(self, sheet: str, number: int, row: Row) -> None:
        if any(cell not in ("", None) for cell in row):
            self.waiting.append(UploadRow(upload=self.upload, sheet=sheet[:60], nomor=number, cells=raw_cells(row)))
        if len(self.waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        UploadRow.objects.bulk_create(self.waiting, batch_size=_BATCH)
        self.waiting = []


def raw_cells(row: Row) -> list[Any]:
    """A row as it is kept: text and numbers as read, anything else as text."""
    return [cell if isinstance(cell, str | int | float) else str(cell) for cell in row]


def forget(sheet: str, number: int, row: Row) -> None:
    """The rows were kept when the file was checked."""
