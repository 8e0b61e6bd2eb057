"""What a report says when the data do not allow it."""

from __future__ import annotations


class ReportError(Exception):
    """A document cannot be made; the message (Indonesian) says why and what to do."""
