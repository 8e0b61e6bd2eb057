"""Pages of the money."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from capaian.budget import page, queries
from capaian.budget.models import Pagu
from capaian.budget.queries import BudgetRow, BudgetTotal, PendapatanRow
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import require_office
from capaian.rules.numbers import format_rupiah
from capaian.rules.trace import Step, Trace
from capaian.web.components import cached_part, context_choice, render_trace
from capaian.web.navigation import office_url
from capaian.web.templatetags.capaian import persen
from capaian.workflow.queries import data_version


@require_GET
def anggaran(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """The money of the year as a tree, in one version or two side by side, by kind, source and revenue."""
    office = require_office(request, instansi, tahun)
    year = office.tahun_kinerja
    versions = queries.versions(year)
    versi, banding = _chosen_versions(request, versions)

    def build() -> str:
        return render_to_string("budget/parts/content.html", _content(year, versions, versi, banding), request)

    context = {
        "content": cached_part("anggaran", year.pk, data_version(year.instansi), versi, banding, build=build),
        "versi": context_choice(request, "Versi", "versi", [(v, Pagu.Versi(v).label) for v in versions], versi),
        "banding": banding,
    }
    return render(request, "budget/anggaran.html", context)


def _content(year: TahunKinerja, versions: list[str], versi: str, banding: str) -> dict[str, object]:
    ambang = year.instansi.ambang_rendah
    data = queries.read_budget(year, (versi, banding))
    rows = data.tree(versi)
    return {
        "rows": rows,
        "total": queries.total(rows),
        "ambang": ambang,
        "versi_kunci": versi,
        "versi_label": Pagu.Versi(versi).label if versi else "",
        "findings": page.findings(rows),
        "banding_choices": [(v, Pagu.Versi(v).label) for v in versions if v != versi],
        "pendapatan": queries.pendapatan_groups(year),
        "sumber_dana": year.sumber_dana.all(),
        "status_words": page.STATUS_WORDS.items(),
        **(_comparison(rows, data.tree(banding), versi, banding) if banding else _tree(rows, versi, ambang)),
    }


def _chosen_versions(request: HttpRequest, versions: list[str]) -> tuple[str, str]:
    """The version shown, the last one by default, and the one it is compared with, if any."""
    asked, banding = request.GET.get("versi", ""), request.GET.get("banding", "")
    versi = asked if asked in versions else (versions or [""])[-1]
    return versi, banding if banding in versions and banding != versi else ""


def _tree(rows: list[BudgetRow], versi: str, ambang: Decimal) -> dict[str, object]:
    table, total = page.belanja_table(rows)
    charts = (page.serapan_chart(rows), page.belanja_chart(table) or page.money_chart(rows))
    return {
        "tree_rows": page.tree_rows(rows, versi, ambang),
        "belanja_table": table,
        "belanja_total": total,
        "belanja_kinds": [kind.label for kind in page.BELANJA],
        "charts": [chart for chart in charts if chart],
    }


def _comparison(rows: list[BudgetRow], before: list[BudgetRow], versi: str, banding: str) -> dict[str, object]:
    old, new = queries.total(before).pagu, queries.total(rows).pagu
    change = new - old if new is not None and old is not None else None
    return {
        "banding": banding,
        "banding_label": Pagu.Versi(banding).label,
        "compare_rows": page.compare_rows(rows, before),
        "banding_total": old,
        "change": page.signed(change),
        "change_percent": page.change_percent(change, old),
    }


@require_GET
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
        back_url=office_url("budget:anggaran", place),
    )


@require_GET
def jejak_pendapatan(request: HttpRequest, instansi: str, tahun: int, jenis: str, pk: int = 0) -> HttpResponse:
    """The trace of the percentage of one revenue, or of the sum of its kind when none is named."""
    office = require_office(request, instansi, tahun)
    group = next((one for one in queries.pendapatan_groups(office.tahun_kinerja) if one.jenis == jenis), None)
    candidates = [] if group is None else group.rows if pk else [group.jumlah]
    row = next((one for one in candidates if one.pk == (pk or None)), None)
    if group is None or row is None:
        raise Http404("Pendapatan itu tidak ada pada tahun ini.")
    sums = Trace() if pk else _revenue_sums(group.rows)
    return render_trace(
        request,
        (sums + row.money.trace).to_dict(),
        title=f"Pendapatan: {row.nama}",
        subtitle=f"{group.judul}, tahun {tahun}",
        result=persen(row.money.tampil),
        remarks=row.money.catatan,
        back_url=office_url("budget:anggaran", {"kunci": instansi, "tahun": tahun}),
    )


def _revenue_sums(rows: list[PendapatanRow]) -> Trace:
    target = tuple((row.nama, format_rupiah(row.target)) for row in rows)
    realisasi = tuple((row.nama, format_rupiah(row.realisasi)) for row in rows)
    totals = sum(row.target for row in rows), sum(row.realisasi for row in rows)
    return Trace(
        (
            Step("Jumlah target", "jumlah baris", target, format_rupiah(totals[0])),
            Step("Jumlah realisasi", "jumlah baris", realisasi, format_rupiah(totals[1])),
        )
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
