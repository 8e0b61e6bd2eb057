"""The cells of the heat map. Drawn by code: a map has hundreds, and a template takes three times as long for each."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from capaian.spm.models import CapaianSpm
from capaian.spm.places import unit_key
from capaian.spm.queries_peta import HeatCell, HeatRow
from capaian.web.templatetags.capaian import angka, figure, icon

register = template.Library()

_EXCEEDS = "di atas 100%"
_CONFLICT = "sasaran bersumber beda"


@register.simple_tag
def heat_cells(row: HeatRow, triwulan: int, instansi: str, tahun: int) -> SafeString:
    """The cells of a Puskesmas or of the office: number, tone, and in words what the tone and the flags mean.

    Each number opens its trace; the last cell is the index over all services.
    """
    place = {"instansi": instansi, "tahun": tahun, "triwulan": triwulan, "unit": unit_key(row.unit)}
    # One address taken apart, instead of one made for each cell.
    before, after = reverse("spm:jejak", kwargs={**place, "layanan": "0-0"}).split("0-0")
    flags = {one: _flag(*one) for one in ((False, False), (False, True), (True, False), (True, True))}
    cells = format_html_join(
        "",
        '<td class="heat heat-{}" data-value="{}">{}</td>',
        (
            (
                cell.tone if cell.tone >= 0 else "none",
                _raw(cell.nilai),
                _content(cell, f"{before}{cell.layanan.kode}{after}", flags[cell.exceeds, cell.conflict]),
            )
            for cell in row.cells
        ),
    )
    return cells + _index_cell(row, reverse("spm:jejak_indeks", kwargs=place))


def _content(cell: HeatCell, trace: str, flags: SafeString) -> SafeString:
    if cell.row is None:
        return format_html('<span>–<span class="visually-hidden"> belum ada</span>{}</span>', flags)
    return format_html(
        '<button type="button" hx-get="{}" hx-target="#jejak-isi" title="{}"><span class="num">{}</span>'
        '<span class="visually-hidden"> {}, {}</span>{}</button>',
        trace,
        _title(cell, cell.row),
        angka(cell.nilai, 1),
        cell.layanan.nama_pendek,
        cell.word,
        flags,
    )


def _title(cell: HeatCell, row: CapaianSpm) -> str:
    of_units = f"; {row.unit_dihitung} dari {row.unit_total} Puskesmas terverifikasi" if row.unit_total else ""
    return f"{cell.layanan.nama_pendek}: {angka(row.terlayani)} dari {angka(row.sasaran)} orang; {cell.word}{of_units}"


def _flag(exceeds: bool, conflict: bool) -> SafeString:
    found = mark_safe("")
    for holds, name, words in ((exceeds, "caret-up-fill", _EXCEEDS), (conflict, "question-circle", _CONFLICT)):
        if holds:
            found += format_html('{}<span class="visually-hidden">, {}</span>', icon(name), words)
    return found


def _index_cell(row: HeatRow, trace: str) -> SafeString:
    nilai = row.daerah.nilai
    return format_html(
        '<td class="num" data-value="{}">{}<small class="heat-word">{}</small></td>',
        _raw(nilai),
        figure(angka(nilai, 2), "" if nilai is None else trace, "Indeks SPM"),
        row.daerah.label,
    )


def _raw(value: Decimal | None) -> str:
    """The number as the page sorts by it."""
    return "" if value is None else str(value)
