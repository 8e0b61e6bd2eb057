"""Who did what, when and from where: the audit trail as a list, a workbook, and the history of one figure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from capaian.documents.xlsx_rows import write_rows
from capaian.organisations.permissions import Permission, require_office
from capaian.workflow.models import AuditEntry
from capaian.workflow.queries_audit import (
    COLUMNS,
    action_words,
    changes_in_words,
    filter_choices,
    filtered,
    read_filter,
    sheet_row,
    visible_entries,
)
from capaian.workflow.views_komentar import named_subject, named_unit

PER_PAGE = 50
# The history of one figure; what is older is in the audit trail itself.
MOST_OF_FIGURE = 100


@require_GET
def audit(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Who changed or tried what, when, and from where?"""
    office = require_office(request, instansi, tahun, Permission.VIEW_AUDIT, somewhere=True)
    rows, wish = visible_entries(office), read_filter(request.GET)
    page = Paginator(filtered(rows, wish), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "entries": _drawn(page),
        "wish": wish,
        "query": query.urlencode(),
        "is_part": not office.allows_everywhere(Permission.VIEW_AUDIT),
        **filter_choices(rows),
    }
    return render(request, "workflow/audit.html", context)


@require_GET
def audit_unduh(request: HttpRequest, instansi: str, tahun: int) -> FileResponse:
    """All entries that fit the filter, as .xlsx."""
    office = require_office(request, instansi, tahun, Permission.VIEW_AUDIT, somewhere=True)
    entries = filtered(visible_entries(office), read_filter(request.GET))
    # Closed, and thereby removed, when the answer has been sent.
    handle = tempfile.TemporaryFile()  # noqa: SIM115
    write_rows(handle, name="Jejak audit", columns=COLUMNS, rows=map(sheet_row, entries.iterator(chunk_size=2000)))
    handle.seek(0)
    name = f"jejak-audit-{instansi}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(handle, as_attachment=True, filename=name)


@require_GET
def riwayat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What happened to this one figure?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    unit = named_unit(office, request.GET.get("unit", "instansi"))
    subject = named_subject(office, request.GET.get("objek", ""))
    entries = visible_entries(office, Permission.VIEW).filter(subject=subject)
    if unit is not None:
        entries = entries.filter(unit_kunci=unit.kunci)
    context = {
        "entries": _drawn(entries[:MOST_OF_FIGURE]),
        "subject": subject,
        "unit_nama": str(unit or office.tahun_kinerja.instansi),
    }
    template = "workflow/parts/riwayat.html" if request.htmx else "workflow/riwayat.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _drawn(entries: Iterable[AuditEntry]) -> list[dict[str, object]]:
    return [
        {"entry": entry, "action": action_words(entry.action), "changes": list(changes_in_words(entry))}
        for entry in entries
    ]
