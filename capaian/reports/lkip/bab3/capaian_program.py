"""Bab III B: the indicators of program, kegiatan and sub kegiatan: counted, listed, and explained by the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from capaian.documents.blocks import Cell, Row, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    number_column,
    numbered,
    para,
    row,
    status_cell,
    sumber,
    table,
)
from capaian.reports.snapshot import Measured, NodeRow, Snapshot
from capaian.rules.kesehatan import compute_rate
from capaian.rules.numbers import round_half_up
from capaian.rules.trace import Computed

_TITLES = {
    "program": "Indikator program",
    "kegiatan": "Indikator kegiatan",
    "sub_kegiatan": "Indikator sub kegiatan",
    "lain": "Indikator di luar program",
}
_COUNTED = (
    number_column("Pembilang", 0.85),
    number_column("Penyebut", 0.9),
    number_column("Hasil hitung (%)", 0.75),
    number_column("Realisasi", 0.9),
)
_DIFFERING = (
    "* Realisasi yang dilaporkan berbeda dari pembilang ÷ penyebut pada No {}; keduanya dicantumkan apa adanya dan "
    "capaian dihitung dari realisasi yang dilaporkan."
)


def capaian_program(s: Snapshot) -> Blocks:
    """Counts by level, then one table for each level."""
    tallies = facts.level_tallies(s)
    if not tallies:
        return []
    sections = [(title, _level(s, jenis)) for jenis, title in _TITLES.items()]
    sections.append(("Penjelasan indikator", _explanations(s)))
    return [*_summary(s), *numbered(sections)]


def _summary(s: Snapshot) -> Blocks:
    tallies = facts.all_tallies(s)
    columns = (
        column("Tingkat", 2.2),
        number_column("Indikator"),
        number_column("Tercapai"),
        number_column("Belum tercapai"),
        number_column("Belum dapat dinilai"),
        number_column("Tercapai (%)"),
        number_column("Rata-rata capaian (%)", 1.1),
    )
    rows = [
        row(
            one.label,
            str(one.jumlah),
            str(one.tercapai),
            str(one.tidak_tercapai),
            str(one.tanpa_nilai),
            formats.DASH if one.tanpa_nilai == one.jumlah else formats.points(one.persen_tercapai),
            Cell(formats.points(one.rata_rata), bold=True),
        )
        for one in tallies
    ]
    source = sumber(s, "ringkasan")
    said = " ".join(f"{sentences.tallied(one)} {sentences.average(one)}".strip() for one in facts.level_tallies(s))
    return [
        text(
            "Capaian sasaran didukung oleh capaian program, kegiatan, dan sub kegiatan. Rata-rata capaian setiap "
            "tingkat adalah rata-rata sederhana capaian indikator yang dapat dihitung."
        ),
        para(f"{said} Ringkasannya pada {{tabel-ringkasan}} dan {{gambar-ringkasan}}."),
        *table(f"Ringkasan Capaian menurut Tingkat Tahun {s.tahun}", "tabel-ringkasan", columns, rows, source=source),
        *charts.tallies(tallies, s.tahun, "gambar-ringkasan", source),
    ]


def _level(s: Snapshot, jenis: str) -> Blocks:
    nodes = [node for node in s.nodes if node.jenis == jenis and node.indikator]
    if not nodes:
        return []
    tally = facts.tally("", _TITLES[jenis][:1].lower() + _TITLES[jenis][1:], facts.indicators_of(s, jenis))
    anchor = f"tabel-capaian-{jenis.replace('_', '-')}"
    past = _past_year(s, nodes)
    failed = [one for node in nodes for one in node.indikator if one.status == "tidak_tercapai"]
    said = f"{sentences.tallied(tally)} Capaian setiap indikator disajikan pada {{{anchor}}}."
    if 0 < len(failed) <= 6:
        listed = [f"{one.nama} ({formats.percent(one.tampil, one.desimal)})" for one in failed]
        said += f" Yang belum mencapai target adalah {formats.joined(listed)}."
    columns = (
        column("Program" if jenis == "program" else "Kegiatan" if jenis == "kegiatan" else "Sub kegiatan", 2.3),
        column("Indikator", 2.6),
        column("Satuan", 0.9, "center"),
        *([number_column(f"Realisasi {past}", 0.8)] if past else []),
        number_column("Target", 0.8),
        number_column("Realisasi", 0.8),
        number_column("Capaian (%)", 0.8),
        column("Status", 1.1, "center"),
    )
    rows = [line for node in nodes for line in _node(node, past)]
    title = _TITLES[jenis].replace("Indikator", "Capaian Indikator")
    caption = f"{_title_case(title)} Tahun {s.tahun}"
    source = sumber(s, "indikator_program" if jenis == "program" else "kinerja_anggaran")
    body = table(caption, anchor, columns, rows, source=source, size="small")
    if jenis != "program":
        return [para(said), *body]
    failed.sort(key=lambda one: one.tampil or 0)
    shown = f"Indikator Program yang Belum Mencapai Target Tahun {s.tahun}"
    drawn = charts.indicator_bars(failed, shown, "gambar-program", source)
    seen = (
        [para("Indikator program yang belum mencapai target diperbandingkan pada {gambar-program}.")] if drawn else []
    )
    return [para(said), *body, *seen, *drawn]


def _title_case(title: str) -> str:
    return " ".join(word if word == "di" else word[:1].upper() + word[1:] for word in title.split())


def _past_year(s: Snapshot, nodes: Sequence[NodeRow]) -> int | None:
    """Last year, where any of these indicators has a realisasi for it."""
    years = {point.tahun for node in nodes for one in node.indikator for point in one.history if point.realisasi}
    return s.tahun - 1 if s.tahun - 1 in years else None


def _node(node: NodeRow, past: int | None) -> list[Row]:
    rows = []
    height = len(node.indikator)
    for number, one in enumerate(node.indikator):
        lead = [Cell(node.nama, rowspan=height)] if number == 0 else []
        rows.append(Row((*lead, *_measured(one, past))))
    return rows


def _measured(one: Measured, past: int | None) -> tuple[Cell, ...]:
    history = {point.tahun: point.realisasi for point in one.history}
    return row(
        one.nama,
        one.satuan or formats.DASH,
        *([history.get(past) or formats.DASH] if past else []),
        one.target or formats.DASH,
        one.realisasi or formats.DASH,
        Cell(formats.points(one.tampil, one.desimal), bold=True, trace=one.kunci),
        status_cell(one),
    ).cells


def _explanations(s: Snapshot) -> Blocks:
    """What the office says about single indicators, with numerator, denominator and their quotient where known."""
    told = [one for node in s.nodes for one in node.indikator if one.uraian and (not _is_low(s, one) or one.pembilang)]
    if not told:
        return []
    counted = any(one.pembilang is not None for one in told)
    differing = [number for number, one in enumerate(told, start=1) if differs(one)]
    rows = [_explained(number, one, counted) for number, one in enumerate(told, start=1)]
    columns = (
        column("No", 0.45, "center"),
        column("Indikator", 2.1),
        *(_COUNTED if counted else ()),
        number_column("Capaian (%)", 0.8),
        column("Penjelasan", 3.0),
    )
    caption = f"Penjelasan Capaian Indikator Tahun {s.tahun}"
    body = table(caption, "tabel-penjelasan", columns, rows, source=sumber(s, "penjelasan"), size="small")
    lead = para("Penjelasan atas capaian indikator disajikan pada {tabel-penjelasan}.")
    return [lead, *body, *([text(_DIFFERING.format(_listed(differing)), "note")] if differing else [])]


def _explained(number: int, one: Measured, counted: bool) -> Row:
    quotient = quotient_of(one)
    tone: Literal["", "warn"] = "warn" if differs(one) else ""
    parts = (
        formats.plain(one.pembilang),
        formats.plain(one.penyebut),
        Cell(formats.points(quotient.tampil if quotient else None), tone=tone),
        Cell(formats.with_unit(one.realisasi, one.satuan) or formats.DASH, tone=tone),
    )
    return row(
        f"{number}*" if differs(one) else str(number),
        one.nama,
        *(parts if counted else ()),
        formats.points(one.tampil, one.desimal),
        " ".join(one.uraian.split()),
    )


def quotient_of(one: Measured) -> Computed | None:
    """Pembilang ÷ penyebut in percent, for an indicator that is a percentage and has both."""
    if one.satuan.strip() != "%" or one.pembilang is None or one.penyebut is None:
        return None
    return compute_rate(one.pembilang, one.penyebut)


def differs(one: Measured) -> bool:
    """Whether the realisasi is another figure than its quotient, at the decimals that the realisasi is printed with."""
    quotient = quotient_of(one)
    if quotient is None or quotient.nilai is None or one.value is None:
        return False
    decimals = len(one.realisasi.partition(",")[2].rstrip("%"))
    return round_half_up(quotient.nilai, decimals) != one.value


def _listed(numbers: Sequence[int]) -> str:
    return formats.joined([str(number) for number in numbers])


def _is_low(s: Snapshot, one: Measured) -> bool:
    return one.tampil is not None and one.tampil < s.office.ambang_rendah
