"""The figures of the LKIP: one Chart block each, from the same values and texts as the tables beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from capaian.documents.blocks import Chart
from capaian.documents.charts import Series, bar_option, line_option, pie_option
from capaian.reports import formats
from capaian.reports.facts import Standing, Tally
from capaian.reports.snapshot import Iku, Measured, NodeRow, Rincian

_HIGHLIGHT = "#D9902F"
_QUIET = "#8FB3B5"
_WIDER = "#4F6D7A"
_MAX_PIE = 6


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
    first, last = known[0], known[-1]
    alt = f"Garis realisasi {iku.nama} dari {first.realisasi} ({first.tahun}) sampai {last.realisasi} ({last.tahun})."
    caption = f"Tren {iku.nama} Tahun {first.tahun}–{last.tahun}"
    return [Chart(option, caption, alt, anchor, 70, source, tuple(data))]


def _far_from_level(points: Sequence[Any]) -> bool:
    """Whether the axis may begin at zero: not where all values lie within a tenth of each other."""
    values = [value for p in points for value in (p.value, p.target_value) if value is not None]
    return not (max(values) > 0 and min(values) > max(values) * Decimal("0.8"))


def capaian_bars(rows: Sequence[Iku], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Capaian of every IKU as lying bars."""
    known = [iku for iku in rows if iku.tampil is not None]
    if not known:
        return []
    texts = tuple(formats.percent(iku.tampil, iku.desimal) for iku in known)
    option = bar_option(
        [short(iku.nama) for iku in known],
        [Series("Capaian", tuple(iku.tampil for iku in known), texts)],
        horizontal=True,
        axis="%",
    )
    _colour(option, [_QUIET if iku.status == "tercapai" else _HIGHLIGHT for iku in known])
    data = [("Indikator", "Capaian"), *((iku.nama, text) for iku, text in zip(known, texts, strict=True))]
    alt = f"Batang capaian {len(known)} indikator kinerja utama; yang belum mencapai target berwarna jingga."
    height = 30 + 11 * len(known)
    return [Chart(option, f"Capaian Indikator Kinerja Utama Tahun {tahun}", alt, anchor, height, source, tuple(data))]


def comparison(iku: Iku, place: Standing, caption: str, anchor: str, source: str) -> list[Chart]:
    """Areas as lying bars from best to worst, the own area and the wider ones in other colours."""
    areas = [(one.nama, one.nilai, one is place.own) for one in place.ranked if one.nilai is not None]
    wider = [(one.wilayah, one.nilai) for one in place.wider if one.nilai is not None]
    if len(areas) + len(wider) < 2:
        return []
    names = [name for name, _, _ in areas] + [name for name, _ in wider]
    values = tuple([value for _, value, _ in areas] + [value for _, value in wider])
    texts = tuple(formats.plain(value) for value in values)
    option = bar_option(names, [Series(short(iku.nama), values, texts)], horizontal=True, axis=iku.satuan)
    _colour(option, [_HIGHLIGHT if own else _QUIET for _, _, own in areas] + [_WIDER] * len(wider))
    own = f"; {place.own.nama} diberi warna lain" if place.own else ""
    alt = f"Batang {iku.nama} menurut daerah, terurut dari yang terbaik{own}."
    data = [("Daerah", iku.satuan or "Nilai"), *zip(names, texts, strict=True)]
    height = min(205, 26 + round(6.2 * len(names)))
    return [Chart(option, caption, alt, anchor, height, source, tuple(data))]


def serapan_bars(nodes: Sequence[NodeRow], tahun: int, anchor: str, source: str) -> list[Chart]:
    """Serapan of the programmes as lying bars."""
    known = [node for node in nodes if node.tampil is not None]
    if len(known) < 2:
        return []
    names = [short(formats.sentence_case(node.nama), 44) for node in known]
    texts = tuple(formats.percent(node.tampil) for node in known)
    series = [Series("Serapan", tuple(node.tampil for node in known), texts)]
    option = bar_option(names, series, horizontal=True, axis="%")
    data = [("Program", "Serapan"), *zip(names, texts, strict=True)]
    alt = f"Batang serapan anggaran {len(known)} program."
    caption = f"Serapan Anggaran menurut Program Tahun {tahun}"
    return [Chart(option, caption, alt, anchor, 30 + 12 * len(known), source, tuple(data))]


def pagu_pie(nodes: Sequence[NodeRow], tahun: int, anchor: str, source: str) -> list[Chart]:
    """How the pagu divides over the programmes, as bars: shares differ by orders of magnitude."""
    known = [node for node in nodes if node.pagu]
    if len(known) < 2:
        return []
    names = [short(formats.sentence_case(node.nama), 44) for node in known]
    pagu = Series("Pagu", tuple(node.pagu for node in known), tuple(formats.money(node.pagu) for node in known))
    spent = Series(
        "Realisasi", tuple(node.realisasi for node in known), tuple(formats.money(node.realisasi) for node in known)
    )
    option = bar_option(names, [pagu, spent], horizontal=True, axis="Rp", axis_format="@ringkas")
    rows = [(name, formats.money(n.pagu), formats.money(n.realisasi)) for name, n in zip(names, known, strict=True)]
    alt = f"Batang pagu dan realisasi {len(known)} program dalam rupiah."
    caption = f"Pagu dan Realisasi menurut Program Tahun {tahun}"
    data = (("Program", "Pagu (Rp)", "Realisasi (Rp)"), *rows)
    return [Chart(option, caption, alt, anchor, 38 + 16 * len(known), source, data)]


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
    option = bar_option([one.label for one in rows], series, horizontal=True, stacked=True, axis="indikator")
    data = [("Tingkat", *(name for name, _ in parts))]
    data += [(one.label, str(one.tercapai), str(one.tidak_tercapai), str(one.tanpa_nilai)) for one in rows]
    alt = "Batang bertumpuk jumlah indikator yang tercapai dan belum tercapai menurut tingkat."
    caption = f"Ketercapaian Indikator menurut Tingkat Tahun {tahun}"
    return [Chart(option, caption, alt, anchor, 34 + 12 * len(rows), source, tuple(data))]


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
        return [Chart(option, one.judul, alt, anchor, 70, source, _rincian_data(one, categories, names, found))]
    sparse = len(found) < len(categories) * len(names)
    if sparse and len(names) > 1:
        labels = [f"{value.kategori} ({value.seri})" for value in one.nilai]
        series = [Series("", tuple(v.nilai for v in one.nilai), tuple(formats.plain(v.nilai) for v in one.nilai))]
        option = bar_option(labels, series, horizontal=True, axis=one.satuan)
        height = 26 + 9 * len(labels)
    else:
        series = [_rincian_series(name, categories, found, many=len(names) > 1) for name in names]
        lying = max(len(category) for category in categories) > 12 and len(categories) > 3
        option = bar_option(categories, series, horizontal=lying, axis=one.satuan)
        height = 26 + (9 + 5 * (len(names) - 1)) * len(categories) if lying else 68
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
    return f"{formats.plain(value)} ({formats.percent(value * 100 / total)})"


def short(name: str, length: int = 38) -> str:
    """A name that fits beside a bar."""
    if len(name) <= length:
        return name
    return f"{name[:length].rsplit(' ', 1)[0]} …"


def _colour(option: dict[str, Any], colours: Sequence[str]) -> None:
    """Give each bar of the only series its own colour."""
    for point, colour in zip(option["series"][0]["data"], colours, strict=True):
        point["itemStyle"] = {"color": colour}
