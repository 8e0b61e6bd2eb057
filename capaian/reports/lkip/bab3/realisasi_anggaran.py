"""Bab III C: the money by program, kegiatan and sub kegiatan and by belanja; other views have their own modules."""

from __future__ import annotations

from dataclasses import replace

from capaian.documents.blocks import Cell, Row
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.bab3 import pendapatan
from capaian.reports.lkip.bab3.anggaran_sasaran import by_indicator, by_sasaran, efisiensi
from capaian.reports.lkip.bab3.pagu_versi import by_version
from capaian.reports.lkip.bab3.sumber_dana import sumber_dana
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    items,
    landscape,
    lead_in,
    missing,
    number_column,
    numbered,
    para,
    row,
    sumber_pagu,
    table,
    total_row,
)
from capaian.reports.snapshot import Measured, NodeRow, Snapshot

_BELANJA = (("pegawai", "Pegawai"), ("barang_jasa", "Barang dan Jasa"), ("modal", "Modal"))


def realisasi_anggaran(s: Snapshot) -> Blocks:
    """The whole section; PermenPANRB 53/2014 asks for it, so its absence is said."""
    if s.pagu is None or s.realisasi is None:
        return [missing("realisasi anggaran", s.tahun)]
    sections = [
        (_program_title(s), _by_program(s)),
        ("Anggaran menurut sasaran strategis", by_sasaran(s)),
        ("Anggaran menurut indikator sasaran dan pemetaan kegiatan", by_indicator(s)),
        ("Efektivitas dan efisiensi anggaran", efisiensi(s)),
        ("Pemanfaatan menurut sumber dana", sumber_dana(s)),
        ("Pendapatan", pendapatan.blocks(s)),
        # What needs wide pages stands together at the end: each turn of the page costs the rest of one.
        ("Perubahan pagu anggaran", by_version(s)),
        ("Realisasi menurut program, kegiatan, dan sub kegiatan", _tree(s)),
    ]
    return numbered(sections)


def _by_program(s: Snapshot) -> Blocks:
    nodes = facts.roots(s)
    columns = (
        column("No", 0.4, "center"),
        column("Program", 2.6),
        number_column("Pagu (Rp)", 1.5),
        number_column("Realisasi (Rp)", 1.5),
        number_column("Serapan (%)", 0.8),
        number_column("Sisa (Rp)", 1.4),
    )
    rows = [
        row(
            str(number),
            node.nama,
            formats.money(node.pagu),
            formats.money(node.realisasi),
            formats.points(node.tampil),
            formats.money(node.sisa),
        )
        for number, node in enumerate(nodes, start=1)
    ]
    total = facts.sum_money(nodes)
    sums = (formats.money(total.pagu), formats.money(total.realisasi), formats.points(total.serapan))
    rows.append(total_row("Jumlah", 2, *sums, formats.money(total.sisa)))
    caption = f"Realisasi Anggaran menurut Program Tahun {s.tahun}"
    drawn = [
        *charts.pagu_bars(nodes, s.tahun, "gambar-pagu-program", sumber_pagu(s, "realisasi_belanja")),
        *charts.serapan_bars(nodes, s.tahun, "gambar-serapan", sumber_pagu(s, "realisasi_belanja")),
    ]
    seen = "Besaran anggaran dan tingkat serapan antarprogram tampak pada {gambar-pagu-program} dan {gambar-serapan}."
    return [
        para(f"{_total_sentence(s)} Rinciannya menurut program disajikan pada {{tabel-program}}."),
        *table(caption, "tabel-program", columns, rows, source=sumber_pagu(s, "realisasi_belanja"), size="small"),
        *([para(seen)] if drawn else []),
        *drawn,
        *_by_belanja(s, nodes),
        *_kendala(s),
    ]


def _program_title(s: Snapshot) -> str:
    kinds = " dan jenis belanja" if any(kind for node in s.nodes for kind, _ in node.belanja) else ""
    return f"Realisasi menurut program{kinds}"


def _by_belanja(s: Snapshot, nodes: list[NodeRow]) -> Blocks:
    """How the spending divides over the kinds of belanja, where that is known: for each program, then as a whole."""
    if not any(kind for node in nodes for kind, _ in node.belanja):
        return []
    columns = (
        column("No", 0.4, "center"),
        column("Program", 2.6),
        *(number_column(f"{label} (Rp)", 1.4) for _, label in _BELANJA),
        number_column("Jumlah (Rp)", 1.5),
    )
    rows = [
        row(str(number), node.nama, *_belanja([node]), formats.money(node.realisasi))
        for number, node in enumerate(nodes, start=1)
    ]
    rows.append(total_row("Jumlah", 2, *_belanja(nodes), formats.money(facts.sum_money(nodes).realisasi)))
    caption = f"Realisasi Anggaran menurut Program dan Jenis Belanja Tahun {s.tahun}"
    amounts = [(label, _spent_on(kind, nodes)) for kind, label in _BELANJA]
    drawn = charts.belanja_pie(amounts, s.tahun, "gambar-belanja", sumber_pagu(s, "realisasi_belanja"))
    seen = "{tabel-belanja}" + (" dan {gambar-belanja}" if drawn else "")
    return [
        para(f"Susunan realisasi menurut jenis belanja disajikan pada {seen}."),
        *table(caption, "tabel-belanja", columns, rows, source=sumber_pagu(s, "realisasi_belanja"), size="small"),
        *drawn,
    ]


def _total_sentence(s: Snapshot) -> str:
    said = sentences.absorbed(f"Anggaran tahun {s.tahun}", s.pagu, s.realisasi, s.serapan)
    known = [node for node in facts.roots(s) if node.tampil is not None and node.pagu]
    if len(known) < 2:
        return said
    low = min(known, key=lambda node: node.tampil or 0)
    high = max(known, key=lambda node: node.tampil or 0)
    return (
        f"{said} Serapan tertinggi ada pada {high.nama} ({formats.percent(high.tampil)}) dan terendah pada "
        f"{low.nama} ({formats.percent(low.tampil)})."
    )


def _belanja(nodes: list[NodeRow]) -> list[str]:
    return [formats.money(_spent_on(kind, nodes)) for kind, _ in _BELANJA]


def _spent_on(kind: str, nodes: list[NodeRow]) -> int:
    return sum(amount for node in nodes for known, amount in node.belanja if known == kind)


def _kendala(s: Snapshot) -> Blocks:
    found = items(s.narasi.get("kendala_anggaran"))
    return [lead_in("Hal-hal yang menyebabkan anggaran tidak terserap seluruhnya:"), *found] if found else []


def _tree(s: Snapshot) -> Blocks:
    rows = [line for node in s.nodes for line in _node(node)]
    rows.append(
        total_row(
            "Jumlah",
            6,
            formats.money(s.pagu),
            formats.money(s.realisasi),
            formats.points(s.serapan),
            formats.money(_sisa(s)),
        )
    )
    columns = (
        column("Program/Kegiatan/Sub Kegiatan", 3.4),
        column("Indikator", 3.2),
        number_column("Target", 0.9, "Kinerja"),
        column("Satuan", 1.0, "center", "Kinerja"),
        number_column("Realisasi", 0.9, "Kinerja"),
        number_column("Capaian (%)", 0.8, "Kinerja"),
        number_column("Pagu (Rp)", 1.5, "Anggaran"),
        number_column("Realisasi (Rp)", 1.5, "Anggaran"),
        number_column("%", 0.65, "Anggaran"),
        number_column("Sisa (Rp)", 1.35),
    )
    caption = f"Realisasi Kinerja dan Anggaran menurut Program, Kegiatan, dan Sub Kegiatan Tahun {s.tahun}"
    wide = table(caption, "tabel-realisasi", columns, rows, source=sumber_pagu(s, "kinerja_anggaran"), size="tiny")
    lead = para(
        "Realisasi kinerja dan anggaran setiap program, kegiatan, dan sub kegiatan disajikan berdampingan pada "
        "{tabel-realisasi}. Pagu dan realisasi melekat pada program, kegiatan, atau sub kegiatan, sehingga satu angka "
        "berlaku untuk seluruh indikatornya."
    )
    return landscape([lead, *wide])


def _sisa(s: Snapshot) -> int | None:
    return None if s.pagu is None or s.realisasi is None else s.pagu - s.realisasi


def _node(node: NodeRow) -> list[Row]:
    """The lines of a node: name and money span its indicators."""
    height = max(1, len(node.indikator))
    bold = node.depth == 0
    name = Cell(node.nama, bold=bold, rowspan=height, indent=node.depth)
    figures = (
        formats.money(node.pagu),
        formats.money(node.realisasi),
        formats.points(node.tampil),
        formats.money(node.sisa),
    )
    money = tuple(Cell(figure, bold=bold, rowspan=height) for figure in figures)
    if not node.indikator:
        return [Row((replace(name, colspan=6), *money))]
    return [
        Row((name, *_measured(one), *money) if number == 0 else _measured(one))
        for number, one in enumerate(node.indikator)
    ]


def _measured(one: Measured) -> tuple[Cell, ...]:
    return (
        Cell(one.nama),
        Cell(one.target or formats.DASH),
        Cell(one.satuan or formats.DASH),
        Cell(one.realisasi or formats.DASH),
        Cell(formats.points(one.tampil, one.desimal), trace=one.kunci),
    )
