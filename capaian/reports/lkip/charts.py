"""The figures of the LKIP: one Chart block each, from the same values and texts as the tables beside them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from capaian.documents.blocks import Chart
from capaian.documents.charts import Series, bar_option, line_option, pie_option
from capaian.reports import formats
from capaian.reports.facts import Standing, Tally
from capaian.reports.snapshot import Iku, Measured, NodeRow, Rincian
from capaian.rules.kesehatan import compute_rate

_HIGHLIGHT = "#D9902F"
_QUIET = "#8FB3B5"
_WIDER = "#4F6D7A"
_MAX_PIE = 6
_DENSE = 15
_HIGHEST_MM = 205
_LEGEND_MM = 7


def trend(iku: Measured, anchor: str, source: str) -> list[Chart]:
    """Realisasi over the years as a line, the targets dashed; nothing below two years with numbers."""
    known = [point for point in iku.history if point.value is not None]
    if len(known) < 2:
        return []
    series = [Series("Realisasi", tuple(p.value for p in known), tuple(p.realisasi for p in known))]
    if any(point.target_value is not None for point in known):
        targets = tuple(point.target_value for point in known)
        series.append(Series("Target", targets, tuple(point.target for point in known), role="target"))
    years = [str(point.tahun) for point in known]
    option = line_option(years, series, axis=iku.satuan, from_zero=_far_from_level(known))
    data = [("Tahun", "Target", "Realisasi")]
    data += [(str(p.tahun), p.target or formats.DASH, p.realisasi) for p in known]
    first, last, name = known[0], known[-1], formats.short_name(iku.nama)
    alt = f"Garis realisasi {name} dari {first.realisasi} ({first.tahun}) sampai {last.realisasi} ({last.tahun})."
    caption = f"Tren {name} Tahun {first.tahun}–{last.tahun}"
    return [Chart(option, caption, alt, anchor, 58, source, tuple(data))]


def _far_from_level(points: Sequence[Any]) -> bool:
    """Whether the axis may begin at zero: not where all values lie within a tenth of each other."""
    values = [value for p in points for value in (p.value, p.target_value) if value is not None]
    return min(values) == max(values) or min(values) <= max(values) * Decimal("0.8")


def capaian_bars(rows: Sequence[Iku], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Capaian of every IKU as lying bars."""
    known = [iku for iku in rows if iku.tampil is not None]
    if not known:
        return []
    texts = tuple(formats.percent(iku.tampil, iku.desimal) for iku in known)
    option = bar_option(
        [wrapped(formats.short_name(iku.nama)) for iku in known],
        [Series("Capaian", tuple(iku.tampil for iku in known), texts)],
        horizontal=True,
        axis="%",
    )
    _colour(option, [_QUIET if iku.status == "tercapai" else _HIGHLIGHT for iku in known])
    data = [("Indikator", "Capaian"), *((iku.nama, text) for iku, text in zip(known, texts, strict=True))]
    alt = f"Batang capaian {len(known)} indikator kinerja utama; yang belum mencapai target berwarna jingga."
    height = _lying_height([wrapped(formats.short_name(iku.nama)) for iku in known])
    return [Chart(option, f"Capaian Indikator Kinerja Utama Tahun {tahun}", alt, anchor, height, source, tuple(data))]


def comparison(iku: Iku, place: Standing, caption: str, anchor: str, source: str) -> list[Chart]:
    """Areas as lying bars from best to worst, the own area and the wider ones in other colours."""
    areas = [(one.nama, one.nilai, one is place.own) for one in place.ranked if one.nilai is not None]
    wider = [(one.wilayah, one.nilai) for one in place.wider if one.nilai is not None]
    if len(areas) + len(wider) < 2:
        return []
    names = [name for name, _, _ in areas] + [name for name, _ in wider]
    values = tuple([value for _, value, _ in areas] + [value for _, value in wider])
    texts = tuple(formats.rate(value) for value in values)
    option = bar_option(names, [Series(formats.short_name(iku.nama), values, texts)], horizontal=True, axis=iku.satuan)
    _colour(option, [_HIGHLIGHT if own else _QUIET for _, _, own in areas] + [_WIDER] * len(wider))
    own = f"; {place.own.nama} diberi warna lain" if place.own else ""
    alt = f"Batang {formats.short_name(iku.nama)} menurut daerah, terurut dari yang terbaik{own}."
    data = [("Daerah", iku.satuan or "Nilai"), *zip(names, texts, strict=True)]
    height = _lying_height(names, dense=len(names) > _DENSE)
    return [Chart(option, caption, alt, anchor, height, source, tuple(data))]


def serapan_bars(nodes: Sequence[NodeRow], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Serapan of the programmes as lying bars."""
    known = [node for node in nodes if node.tampil is not None]
    if len(known) < 2:
        return []
    names = [wrapped(program(node.nama), 38) for node in known]
    texts = tuple(formats.percent(node.tampil) for node in known)
    series = [Series("Serapan", tuple(node.tampil for node in known), texts)]
    option = bar_option(names, series, horizontal=True, axis="%")
    data = [("Program", "Serapan"), *zip(names, texts, strict=True)]
    alt = f"Batang serapan anggaran {len(known)} program."
    caption = f"Serapan Anggaran menurut Program Tahun {tahun}"
    return [Chart(option, caption, alt, anchor, _lying_height(names), source, tuple(data))]


def belanja_pie(amounts: Sequence[tuple[str, int]], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Spending by kind of belanja."""
    known = [(label, amount) for label, amount in amounts if amount]
    if len(known) < 2:
        return []
    values = [Decimal(amount) for _, amount in known]
    texts = [_share(value, values) for value in values]
    names = [label for label, _ in known]
    data = (("Jenis belanja", "Realisasi (Rp)"), *((name, text) for name, text in zip(names, texts, strict=True)))
    option = pie_option(names, values, texts)
    caption = f"Realisasi menurut Jenis Belanja Tahun {tahun} (Rp)"
    return [Chart(option, caption, "Lingkaran realisasi menurut jenis belanja.", anchor, 62, source, data)]


def target_bars(
    rows: Sequence[tuple[str, int, int]], caption: str, anchor: str, source: str, head: tuple[str, str, str]
) -> list[Chart]:
    """Two amounts of rupiah side by side for each name; `head` names the three columns."""
    if len(rows) < 2:
        return []
    names = [wrapped(name, 38) for name, _, _ in rows]
    series = [
        Series(head[1], tuple(one for _, one, _ in rows), tuple(formats.money(one) for _, one, _ in rows)),
        Series(head[2], tuple(two for _, _, two in rows), tuple(formats.money(two) for _, _, two in rows)),
    ]
    option = bar_option(names, series, horizontal=True, axis="Rp", axis_format="@ringkas")
    height = _lying_height(names, bars=2)
    option["xAxis"]["splitNumber"] = 3  # "200 miliar" is wide: more marks would run into each other
    data = (head, *((name, formats.money(one), formats.money(two)) for name, one, two in rows))
    alt = f"Batang berpasangan {head[1].lower()} dan {head[2].lower()} untuk {len(rows)} baris."
    return [Chart(option, caption, alt, anchor, height, source, data)]


def indicator_bars(rows: Sequence[Measured], caption: str, anchor: str, source: str) -> list[Chart]:
    """Capaian of several indicators as lying bars, in the order given."""
    known = [one for one in rows if one.tampil is not None]
    if len(known) < 2:
        return []
    names = [wrapped(one.nama, 40) for one in known]
    texts = tuple(formats.percent(one.tampil, one.desimal) for one in known)
    series = [Series("Capaian", tuple(one.tampil for one in known), texts)]
    option = bar_option(names, series, horizontal=True, axis="%")
    _colour(option, [_QUIET if one.status == "tercapai" else _HIGHLIGHT for one in known])
    option["legend"]["show"] = False
    data = (("Indikator", "Capaian"), *((one.nama, text) for one, text in zip(known, texts, strict=True)))
    alt = f"Batang capaian {len(known)} indikator; yang belum mencapai target berwarna jingga."
    return [Chart(option, caption, alt, anchor, _lying_height(names), source, data)]


def pagu_bars(nodes: Sequence[NodeRow], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Pagu and realisasi of the programmes; bars, since their sizes differ by orders of magnitude."""
    rows = [(program(node.nama), node.pagu, node.realisasi or 0) for node in nodes if node.pagu]
    head = ("Program", "Pagu", "Realisasi")
    return target_bars(rows, f"Pagu dan Realisasi menurut Program Tahun {tahun}", anchor, source, head)


def tallies(rows: Sequence[Tally], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Indicators reached and not reached by level, stacked."""
    if not rows:
        return []
    parts = (
        ("Tercapai", [one.tercapai for one in rows]),
        ("Belum tercapai", [one.tidak_tercapai for one in rows]),
        ("Belum dapat dinilai", [one.tanpa_nilai for one in rows]),
    )
    series = [
        Series(name, tuple(v or None for v in values), tuple(str(v) if v else "" for v in values))
        for name, values in parts
        if any(values)
    ]
    names = [f"{one.label}\n({one.tercapai} dari {one.jumlah})" for one in rows]
    option = bar_option(names, series, horizontal=True, stacked=True, axis="indikator")
    data = [("Tingkat", *(name for name, _ in parts))]
    data += [(one.label, str(one.tercapai), str(one.tidak_tercapai), str(one.tanpa_nilai)) for one in rows]
    alt = "Batang bertumpuk jumlah indikator yang tercapai dan belum tercapai menurut tingkat."
    caption = f"Ketercapaian Indikator menurut Tingkat Tahun {tahun}"
    return [Chart(option, caption, alt, anchor, _lying_height(names) + _LEGEND_MM, source, tuple(data))]


def rincian(one: Rincian, anchor: str, source: str) -> list[Chart]:
    """A supporting data set as a figure: pie for the parts of a small whole, else bars; a target series is a line."""
    categories = list(dict.fromkeys(value.kategori for value in one.nilai))
    names = list(dict.fromkeys(value.seri for value in one.nilai))
    found = {(value.kategori, value.seri): value.nilai for value in one.nilai}
    if len(categories) < 2 or len(categories) > 16 or not any(v is not None for v in found.values()):
        return []
    alt = f"{one.judul}: {len(categories)} kategori."
    if one.bentuk == "pie" and len(names) == 1 and len(categories) <= _MAX_PIE:
        values = [found.get((category, names[0])) for category in categories]
        texts = [_share(value, values) for value in values]
        option = pie_option(categories, values, texts)
        return [Chart(option, one.judul, alt, anchor, 58, source, _rincian_data(one, categories, names, found))]
    sparse = len(found) < len(categories) * len(names)
    if sparse and len(names) > 1:
        labels = [f"{value.kategori} ({value.seri})" for value in one.nilai]
        series = [Series("", tuple(v.nilai for v in one.nilai), tuple(formats.plain(v.nilai) for v in one.nilai))]
        option = bar_option(labels, series, horizontal=True, axis=one.satuan)
        height = _lying_height(labels)
    else:
        series = [_rincian_series(name, categories, found, many=len(names) > 1) for name in names]
        lying = max(len(category) for category in categories) > 12 and len(categories) > 3
        option = bar_option(categories, series, horizontal=lying, axis=one.satuan)
        height = _lying_height(categories, bars=len(names)) if lying else 58
    return [Chart(option, one.judul, alt, anchor, height, source, _rincian_data(one, categories, names, found))]


Found = dict[tuple[str, str], Decimal | None]


def _rincian_series(name: str, categories: list[str], found: Found, *, many: bool) -> Series:
    values = tuple(found.get((category, name)) for category in categories)
    texts = tuple("" if value is None else formats.plain(value) for value in values)
    label = name[:1].upper() + name[1:] if many else ""
    return Series(label, values, texts, role="target" if name.casefold() == "target" else "")


def _rincian_data(one: Rincian, categories: list[str], names: list[str], found: Found) -> tuple[tuple[str, ...], ...]:
    head = ("Uraian", *(name or one.satuan or "Nilai" for name in names))
    return (
        head,
        *((category, *(formats.plain(found.get((category, name))) for name in names)) for category in categories),
    )


def _share(value: Decimal | None, values: Sequence[Decimal | None]) -> str:
    total = sum((v for v in values if v is not None), Decimal(0))
    if value is None or not total:
        return formats.plain(value)
    return f"{formats.plain(value)} ({formats.percent(compute_rate(value, total).tampil)})"


def _lying_height(names: Sequence[str], *, bars: int = 1, dense: bool = False) -> int:
    """How high (mm) lying bars are drawn: as much for each name as its lines or its bars need."""
    lines = max((name.count("\n") + 1 for name in names), default=1)
    each = 5.2 if dense else max(3.9 * lines + 1.4, 4.6 * bars + 2)
    return min(_HIGHEST_MM, round(20 + (_LEGEND_MM if bars > 1 else 0) + each * len(names)))


def program(name: str) -> str:
    """A program's name beside its bar: that it is a program, the axis says."""
    return name.removeprefix("Program ")


def wrapped(name: str, width: int = 30, lines: int = 3) -> str:
    """A name on a few lines beside a bar; what does not fit ends in dots."""
    return "\n".join(textwrap.wrap(name, width, max_lines=lines, placeholder=" …"))


def _colour(option: dict[str, Any], colours: Sequence[str]) -> None:
    """Give each bar of the only series its own colour."""
    for point, colour in zip(option["series"][0]["data"], colours, strict=True):
        point["itemStyle"] = {"color": colour}
