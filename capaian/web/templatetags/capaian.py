"""The components of a page: filters that print as Indonesian documents do, and tags for what every screen repeats.

Loaded into every template. Everything here formats; nothing is computed (docs/explanation/screens.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from capaian.rules.numbers import format_number, format_percent, format_rupiah
from capaian.web.navigation import office_url

register = template.Library()

NOTHING = "–"
Number = Decimal | int | None


# --- filters ---------------------------------------------------------------------------------------------------------


@register.filter
def angka(value: Number, decimals: int | None = None) -> str:
    """`1.234,56`; with `decimals` rounded half up, otherwise every digit; a dash for nothing."""
    return NOTHING if _is_nothing(value) else format_number(value, decimals)  # type: ignore[arg-type]


@register.filter
def persen(value: Number, decimals: int = 2) -> str:
    """`102,11%` from 102.11; a dash for nothing."""
    return NOTHING if _is_nothing(value) else format_percent(value, decimals)  # type: ignore[arg-type]


@register.filter
def rupiah(value: Number) -> str:
    """`Rp 862.583.197.457`; a dash for nothing."""
    return NOTHING if _is_nothing(value) else format_rupiah(value)  # type: ignore[arg-type]


_UNITS = (
    (10**12, "triliun", "T"),
    (10**9, "miliar", "M"),
    (10**6, "juta", "jt"),
)


@register.filter
def rupiah_singkat(value: Number, style: str = "kata") -> str:
    """`Rp 862,6 miliar`, or `Rp 862,6 M` with style "huruf"; for reading, never for adding up."""
    if _is_nothing(value):
        return NOTHING
    amount = Decimal(value)  # type: ignore[arg-type]
    for size, word, letter in _UNITS:
        if abs(amount) >= size:
            sign = "-" if amount < 0 else ""
            return f"{sign}Rp {format_number(abs(amount) / size, 1)} {letter if style == 'huruf' else word}"
    return format_rupiah(amount)


@register.filter
def tanggal(value: date | datetime | None, style: str = "") -> str:
    """`24 November 2026`; with "jam" also the time of the office; a dash for nothing."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        if style == "jam":
            return date_format(value, "j F Y, H.i")
    return date_format(value, "j F Y")


@register.filter
def item(mapping: Mapping[Any, Any] | None, key: object) -> Any:
    """The value of a mapping under a key that is itself a variable; empty when there is none."""
    return (mapping or {}).get(key, "")


@register.filter
def words(name: str) -> str:
    """A key as words: `predikat_setempat` is "Predikat setempat"."""
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


@register.filter
def input_name(name: str) -> str:
    """The name of a step's input, with the letter of a formula said in words."""
    said = {"T": "T (target)", "R": "R (realisasi)"}
    return said.get(str(name), str(name))


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field in the look of the site."""
    kinds = {"checkbox": "form-check-input", "select": "form-select"}
    look = kinds.get(field.widget_type, "form-control")
    return field.as_widget(attrs={"class": f"{look} is-invalid" if field.errors else look})


def _is_nothing(value: object) -> bool:
    return value is None or value == ""


# --- icons and status ------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the sprite; the word beside it carries the meaning."""
    return _icon(name, css, static("vendor/bootstrap-icons/sprite.svg"))


@lru_cache(maxsize=512)
def _icon(name: str, css: str, sprite: str) -> SafeString:
    """Drawn once: a large sheet has more than a thousand of a few."""
    return format_html(
        '<svg class="bi {}" aria-hidden="true" width="16" height="16"><use href="{}#{}"></use></svg>', css, sprite, name
    )


class StatusLook(NamedTuple):
    """How a status is shown: its word, its icon, and a tone (good, bad, warn, info, muted)."""

    word: str
    icon: str
    tone: str


STATUS: dict[str, StatusLook] = {
    "tercapai": StatusLook("Tercapai", "check-circle-fill", "good"),
    "tidak_tercapai": StatusLook("Tidak tercapai", "x-circle-fill", "bad"),
    "tidak_terdefinisi": StatusLook("Tidak terdefinisi", "question-circle", "warn"),
    "belum_ada": StatusLook("Belum ada", "dash-circle", "muted"),
    "rendah": StatusLook("Rendah", "exclamation-triangle-fill", "warn"),
    "sama": StatusLook("Sama", "check-circle-fill", "good"),
    "beda": StatusLook("Berbeda", "exclamation-triangle-fill", "bad"),
    "tidak_dihitung": StatusLook("Tidak dapat dihitung", "question-circle", "muted"),
    "tertulis": StatusLook("Tertulis", "check-circle-fill", "good"),
    "ditafsirkan": StatusLook("Ditafsirkan", "info-circle-fill", "warn"),
    "berlaku": StatusLook("Berlaku", "check-circle-fill", "good"),
    "tidak_berlaku": StatusLook("Tidak berlaku", "clock-history", "muted"),
    "terpakai": StatusLook("Terpakai", "check-circle-fill", "good"),
    "sebagian": StatusLook("Sebagian", "info-circle-fill", "warn"),
    "belum": StatusLook("Belum", "dash-circle", "muted"),
    "draf": StatusLook("Draf", "pencil", "muted"),
    "diajukan": StatusLook("Diajukan", "hourglass-split", "info"),
    "dikembalikan": StatusLook("Dikembalikan", "exclamation-triangle-fill", "warn"),
    "terverifikasi": StatusLook("Terverifikasi", "clipboard-check", "info"),
    "disetujui": StatusLook("Disetujui", "check-circle-fill", "good"),
    "terkunci": StatusLook("Terkunci", "lock-fill", "good"),
    "dibuka": StatusLook("Dibuka", "unlock", "good"),
    "ditutup": StatusLook("Ditutup", "lock-fill", "muted"),
    "terbit": StatusLook("Terbit", "send-check", "good"),
    "aktif": StatusLook("Aktif", "check-circle-fill", "good"),
    "tidak_aktif": StatusLook("Tidak aktif", "dash-circle", "muted"),
    "nonaktif": StatusLook("Dinonaktifkan", "x-circle-fill", "bad"),
    "akun_terkunci": StatusLook("Terkunci sementara", "lock-fill", "warn"),
    "berakhir": StatusLook("Berakhir", "clock-history", "muted"),
    "nanti": StatusLook("Belum mulai", "hourglass-split", "info"),
    "bukti_sesudah": StatusLook("Sesudah periode", "exclamation-triangle-fill", "warn"),
    "bukti_sebelum": StatusLook("Sebelum periode", "clock-history", "info"),
    "bukti_tanpa_tanggal": StatusLook("Tanpa tanggal", "question-circle", "muted"),
    "dijawab": StatusLook("Dijawab", "chat-square-text", "good"),
    "belum_dijawab": StatusLook("Belum dijawab", "question-circle", "warn"),
    "salah": StatusLook("Salah", "x-circle-fill", "bad"),
    "konflik": StatusLook("Pilih nilai", "question-circle", "warn"),
    "peringatan": StatusLook("Periksa", "info-circle-fill", "muted"),
    "janggal": StatusLook("Sangat janggal", "exclamation-triangle-fill", "bad"),
    "baik": StatusLook("Baik", "check-circle-fill", "good"),
    "rusak": StatusLook("Rusak", "x-circle-fill", "bad"),
    "rek_selesai": StatusLook("Selesai", "check-circle-fill", "good"),
    "rek_menunggu": StatusLook("Menunggu konfirmasi", "hourglass-split", "info"),
    "rek_tidak_dapat": StatusLook("Diajukan tidak dapat", "question-circle", "warn"),
    "rek_proses": StatusLook("Dalam proses", "clock-history", "info"),
    "rek_belum": StatusLook("Belum ditindaklanjuti", "dash-circle", "muted"),
    "queued": StatusLook("Menunggu", "hourglass-split", "muted"),
    "running": StatusLook("Sedang dibuat", "hourglass-split", "info"),
    "ready": StatusLook("Siap", "check-circle-fill", "good"),
    "failed": StatusLook("Gagal", "x-circle-fill", "bad"),
}


@register.simple_tag
def status_badge(status: str, label: str = "") -> SafeString:
    """A status by word, icon and colour. `label` replaces the word; an unknown status is shown as it is, in grey."""
    look = STATUS.get(status, StatusLook(status, "dash-circle", "muted"))
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>', look.tone, icon(look.icon), label or look.word
    )


# --- figures with a trace --------------------------------------------------------------------------------------------


@register.simple_tag
def figure(text: str, url: str = "", label: str = "", css: str = "") -> SafeString:
    """A figure that opens its trace from `url` in the side panel; plain text where there is no trace.

    `label` says to a screen reader what the figure is ("Capaian Angka Kematian Ibu").
    """
    if not url:
        return format_html('<span class="num {}">{}</span>', css, text)
    return format_html(
        '<button type="button" class="figure-trace {}" hx-get="{}" hx-target="#jejak-isi"'
        ' title="Lihat jejak hitung"><span class="num">{}</span>{}<span class="visually-hidden">{}: '
        "lihat jejak hitung</span></button>",
        css,
        url,
        text,
        icon("calculator"),
        label,
    )


@register.inclusion_tag("web/components/steps.html")
def trace_steps(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The steps of a trace: label, formula, inputs, result, legal basis."""
    return {"steps": steps}


@register.inclusion_tag("web/components/citation.html")
def citation(data: Mapping[str, str] | Any) -> dict[str, Any]:
    """A legal basis (`Citation` or its dict): instrument, place, and whether the text says so or we interpret it."""
    return {"citation": data}


# --- page parts ------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def office_link(context: Context, name: str, **kwargs: object) -> str:
    """The address of a page of the office year in sight, or empty where that page does not exist (yet)."""
    return office_url(name, context.get("office"), **kwargs)


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """One breadcrumb; the last one has no `url` and is the page itself."""
    if url:
        return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, label)
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)


@register.inclusion_tag("web/components/empty.html")
def empty_state(
    title: str, text: str = "", url: str = "", action: str = "", icon_name: str = "table"
) -> dict[str, str]:
    """Nothing to show: says so, says what to do next, and offers the way there."""
    return {"title": title, "text": text, "url": url, "action": action, "icon_name": icon_name}


@register.inclusion_tag("web/components/progress.html")
def progress(value: int, text: str = "") -> dict[str, Any]:
    """How far a long job is (0–100), in words too."""
    return {"value": value, "text": text}


@register.inclusion_tag("web/components/meter.html")
def share_bar(value: Number, threshold: Number = None, label: str = "") -> dict[str, Any]:
    """A percentage as a bar of 0–100 with an optional mark at a threshold; the number itself stands beside it."""
    shown = None if _is_nothing(value) else min(max(Decimal(value), Decimal(0)), Decimal(100))  # type: ignore[arg-type]
    low = shown is not None and threshold is not None and Decimal(value) < Decimal(threshold)  # type: ignore[arg-type]
    return {
        "width": "" if shown is None else f"{shown:.2f}",
        "mark": "" if threshold is None else f"{Decimal(threshold):.2f}",
        "tone": "low" if low else "ok",
        "label": label,
        "text": persen(value),
    }


# --- tables ----------------------------------------------------------------------------------------------------------


@register.simple_tag
def sort_th(label: str, kind: str = "text", css: str = "", title: str = "") -> SafeString:
    """A column head that sorts. `kind`: text, number or none; cells may carry the raw value in `data-value`."""
    numeric = "text-end" if kind == "number" else ""
    data = "" if kind == "none" else format_html(' data-sort="{}"', kind)
    hint = format_html(' title="{}"', title) if title else ""
    return format_html('<th scope="col" class="{} {}"{}{}>{}</th>', numeric, css, data, hint, label)


@register.inclusion_tag("web/components/table_filter.html")
def table_filter(
    table: str,
    placeholder: str = "Saring baris…",
    statuses: Iterable[str] | None = None,
    units: Iterable[object] | None = None,
) -> dict[str, Any]:
    """A filter over the rows of the table with id `table`: free text, and choices by `data-status` and `data-unit`."""
    words = [(status, STATUS[status].word if status in STATUS else status) for status in statuses or ()]
    return {"table": table, "placeholder": placeholder, "statuses": words, "units": [str(unit) for unit in units or ()]}


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list, keeping the other query parameters."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": list(numbers), "query": query.urlencode(), "gap": page.paginator.ELLIPSIS}


# --- charts ----------------------------------------------------------------------------------------------------------


@register.inclusion_tag("web/components/chart.html")
def chart(
    option: Mapping[str, Any],
    title: str,
    columns: Sequence[str] = (),
    rows: Sequence[Sequence[object]] = (),
    height: int = 280,
    source: str = "",
) -> dict[str, Any]:
    """A chart (`capaian.documents.charts` option) with its caption and the same data as a table.

    The page puts `{% chart_scripts %}` into its block `scripts`.
    """
    return {
        "option": json.dumps(option, ensure_ascii=False, default=_chart_number),
        "title": title,
        "columns": columns,
        "rows": rows,
        "height": height,
        "source": source,
    }


def _chart_number(value: object) -> float:
    # Only the position of a drawn point; the printed text comes with it.
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} in a chart option")


@register.simple_tag
def chart_scripts() -> SafeString:
    """The scripts that draw charts; only on pages that have one. ECharts itself comes with the first chart in sight."""
    return format_html(
        '<script src="{}" defer></script>\n<script src="{}" data-echarts="{}" defer></script>',
        static("js/chart-format.js"),
        static("js/charts.js"),
        static("vendor/echarts/echarts.min.js"),
    )


_WIDTH, _HEIGHT, _PAD = 120, 36, 4


@register.simple_tag
def trend_line(points: Sequence[tuple[object, Number]], label: str = "", unit: str = "") -> SafeString:
    """A small line over the years, drawn on the server. `points` are (year, value); a year without one has no dot.

    Screen readers get the values in words; fewer than two values draw nothing.
    """
    known = [(index, Decimal(value)) for index, (_, value) in enumerate(points) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    lowest, highest = min(value for _, value in known), max(value for _, value in known)
    span = highest - lowest or Decimal(1)
    step = Decimal(_WIDTH - 2 * _PAD) / max(len(points) - 1, 1)
    places = [
        (f"{_PAD + step * index:.1f}", f"{_HEIGHT - _PAD - (value - lowest) / span * (_HEIGHT - 2 * _PAD):.1f}")
        for index, value in known
    ]
    words = "; ".join(f"{year}: {angka(value)}{unit}" for year, value in points if value is not None)
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"></polyline>{}</svg>',
        _WIDTH,
        _HEIGHT,
        _WIDTH,
        _HEIGHT,
        f"{label}: {words}" if label else words,
        " ".join(f"{x},{y}" for x, y in places),
        format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="{}"></circle>',
            ((x, y, 3 if number == len(places) else 1.8) for number, (x, y) in enumerate(places, 1)),
        ),
    )
