"""Pages of the money."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode

from capaian.budget import queries
from capaian.budget.models import Pagu
from capaian.budget.queries import BudgetRow, BudgetTotal
from capaian.organisations.permissions import require_office
from capaian.rules.numbers import format_rupiah
from capaian.rules.trace import Step, Trace
from capaian.web.components import render_trace
from capaian.web.navigation import office_url
from capaian.web.templatetags.capaian import persen


def jejak(request: HttpRequest, instansi: str, tahun: int, versi: str, kunci: str = "") -> HttpResponse:
    """The trace of the serapan of a node, or of the whole office year when no node is named."""
    office = require_office(request, instansi, tahun)
    if versi not in Pagu.Versi.values:
        raise Http404(f"Versi pagu {versi} tidak dikenal.")
    rows = queries.budget_tree(office.tahun_kinerja, versi)
    row: BudgetRow | BudgetTotal
    if kunci:
        row, parts = _with_children(rows, kunci)
        title = row.node.nama
    else:
        row, parts, title = queries.total(rows), [one for one in rows if one.depth == 0], "Seluruh anggaran"
    place = {"kunci": instansi, "tahun": tahun}
    return render_trace(
        request,
        (_sums(parts) + row.money.trace).to_dict(),
        title=f"Serapan: {title}",
        subtitle=f"Tahun {tahun}, pagu versi {Pagu.Versi(versi).label}",
        result=persen(row.money.tampil),
        remarks=row.money.catatan,
        printed_url=f"{office_url('review:tercetak', place)}?{urlencode({'kunci': kunci})}" if kunci else "",
        back_url=office_url("reports:beranda", place),
    )


def _with_children(rows: list[BudgetRow], kunci: str) -> tuple[BudgetRow, list[BudgetRow]]:
    """The row of a node and the rows directly under it; the tree is in depth-first order."""
    at = next((index for index, row in enumerate(rows) if row.node.kunci == kunci), None)
    if at is None:
        raise Http404(f"Kode {kunci} tidak ada pada tahun ini.")
    children = []
    for row in rows[at + 1 :]:
        if row.depth <= rows[at].depth:
            break
        if row.depth == rows[at].depth + 1:
            children.append(row)
    return rows[at], children


def _sums(parts: list[BudgetRow]) -> Trace:
    """What a roll-up adds together, amount by amount; nothing for a node without children."""
    if not parts:
        return Trace()
    pagu = tuple((_name(row), format_rupiah(row.pagu)) for row in parts if row.pagu is not None)
    realisasi = tuple((_name(row), format_rupiah(row.realisasi)) for row in parts if row.realisasi is not None)
    return Trace(
        tuple(
            Step(f"Jumlah {label} rinciannya", "jumlah baris di bawahnya", inputs, format_rupiah(total))
            for label, inputs, total in (
                ("pagu", pagu, sum(row.pagu or 0 for row in parts)),
                ("realisasi", realisasi, sum(row.realisasi or 0 for row in parts)),
            )
            if inputs
        )
    )


def _name(row: BudgetRow) -> str:
    return row.node.kode or row.node.nama
