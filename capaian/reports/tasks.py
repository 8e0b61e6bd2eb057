"""The background job behind a report. Started by a worker: `python -m django db_worker --interval 0.5`."""

from __future__ import annotations

from django_tasks import task

from capaian.reports.actions import generate_report


@task()
def make_report(version_id: int) -> None:
    """Make one requested version; asking twice does no harm."""
    generate_report(version_id)
