"""What a report says when the data do not allow it."""

from __future__ import annotations

from capaian.workflow.jobs import JobRefused


class ReportError(JobRefused):
    """A document cannot be made; the message (Indonesian) says why and what to do."""
