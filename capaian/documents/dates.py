"""The date of a document: from its metadata, so that rendering does not depend on the day."""

from __future__ import annotations

from datetime import UTC, datetime

from capaian.documents.blocks import Document


def document_date(document: Document) -> datetime:
    """The date that the file's properties carry: `metadata["date"]` as ISO date or time, else 1 January 2000.

    A time without zone is UTC. Raises `ValueError` when the text is no ISO date.
    """
    given = datetime.fromisoformat(document.metadata.get("date", "2000-01-01"))
    return given if given.tzinfo else given.replace(tzinfo=UTC)
