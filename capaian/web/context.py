"""What every page carries: the navigation in the order of the year and the office and year that it is about."""

from __future__ import annotations

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, object]:
    """Template context of the frame around a page; the page's own view puts `tahun_kinerja` in its context."""
    match = getattr(request, "resolver_match", None)
    return {"active_namespace": match.namespace if match else ""}
