"""One of the twelve services whole: what it is, how far it is, where it is behind, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capaian.documents.charts import Series, line_option
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.spm.standar import Layanan
from capaian.spm.places import chosen_unit, unit_choice, unit_key
from capaian.spm.queries import SpmRules, spm_rules, spm_units
from capaian.spm.queries_layanan import (
    Month,
    by_quarter,
    monev_of,
    months_of,
    printed_of,
    quality_of,
    reports_of,
    results_of,
    sources_of,
    trend_rows,
)
from capaian.spm.queries_peta import INDEKS, heat_cell, unit_capaian
from capaian.spm.queries_rencana import MoneyRow, money_of
from capaian.spm.views_peta import period_choice, period_words, read_period
from capaian.workflow.queries_sheets import period_label


@require_GET
def layanan(request: HttpRequest, instansi: str, tahun: int, layanan: str) -> HttpResponse:
    """How is this service doing, where is it behind, and what is missing?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    rules = spm_rules(office.tahun_kinerja)
    one = rules.standar.by_kode.get(layanan)
    if one is None:
        known = ", ".join(rules.standar.by_kode)
        raise Http404(f"Tidak ada jenis pelayanan SPM {layanan}; yang ada: {known}.")
    units = spm_units(office.tahun_kinerja)
    place, has_place = chosen_unit(request, office, units)
    triwulan = read_period(request, tahun)
    context = {
        "layanan": one,
        "rules": rules,
        "unit": place,
        "kunci": unit_key(place),
        "triwulan": triwulan,
        "label": period_words(triwulan),
        "periode": period_choice(request, triwulan),
        "versi": unit_choice(request, office, units, place),
        "neighbours": rules.standar.layanan,
        "has_place": has_place,
    }
    if has_place:
        context |= _figures(office, rules, one, place, triwulan)
    return render(request, "spm/layanan.html", context)


def _figures(office: Office, rules: SpmRules, one: Layanan, place: UnitKerja | None, triwulan: int) -> dict[str, Any]:
    year = office.tahun_kinerja
    stored = unit_capaian(year, place)
    row = stored.get((one.kode, triwulan))
    months = months_of(rules, one, reports_of(office, place))
    latest = stored.get((one.kode, 0)) or row
    sasaran = latest.sasaran if latest else None
    quality = quality_of(year, one, place, triwulan) if rules.standar.has_mutu else []
    return {
        "row": row,
        "cell": heat_cell(rules.standar, one, row, triwulan, "cakupan"),
        "indeks": heat_cell(rules.standar, one, row, triwulan, INDEKS),
        "quarters": [
            (period_label(tw), found, heat_cell(rules.standar, one, found, tw, "cakupan"))
            for tw, found in by_quarter(stored, one)
        ],
        "trend": _trend(months, sasaran),
        "trend_columns": ("Bulan", "Baru terlayani", "Sampai bulan itu", "Cakupan"),
        "trend_rows": trend_rows(months, sasaran),
        "results": [] if place else results_of(office, rules, one, triwulan),
        "quality": quality,
        "monev": monev_of(office, one, place, triwulan),
        "money": _money(office, rules, one, place),
        "printed": printed_of(year, one, place),
        "sources": sources_of(year, one, place),
    }


def _trend(months: Sequence[Month], sasaran: int | None) -> dict[str, Any] | None:
    """Persons served up to each month, beside the even pace to the sasaran; nothing to draw with fewer than two."""
    if sum(1 for one in months if one.sampai is not None) < 2:
        return None
    series = [Series("Terlayani sampai bulan itu", tuple(one.sampai for one in months))]
    if sasaran:
        pace = tuple(round(sasaran * number / len(months)) for number in range(1, len(months) + 1))
        series.append(Series("Laju rata menuju sasaran", pace, role="target"))
    return line_option([one.label for one in months], series, labels=False)


def _money(office: Office, rules: SpmRules, one: Layanan, place: UnitKerja | None) -> MoneyRow | None:
    """The money of the service; None where nothing is stated of it."""
    money = money_of(rules, office.tahun_kinerja, place, budget=office.allows_everywhere(Permission.VIEW))
    row = next(row for row in money.rows if row.layanan.kode == one.kode)
    return row if row.lines or row.node or row.dana else None
