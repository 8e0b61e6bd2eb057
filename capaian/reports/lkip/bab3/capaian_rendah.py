"""Bab III D: every indicator and every node of money under the threshold, with the reason that the office gives."""

from __future__ import annotations

from capaian.documents.blocks import Row, text
from capaian.reports import facts, formats
from capaian.reports.lkip.parts import Blocks, column, number_column, numbered, para, row, sumber, table
from capaian.reports.snapshot import Iku, Measured, NodeRow, Snapshot

_REFERRED = "Lihat analisis indikator ini pada bagian A."


def capaian_rendah(s: Snapshot) -> Blocks:
    ambang = formats.percent(s.office.ambang_rendah, 0)
    return numbered(
        [
            (f"Capaian kinerja di bawah {ambang}", _indicators(s, ambang)),
            (f"Serapan anggaran di bawah {ambang}", _nodes(s, ambang)),
        ]
    )


def _indicators(s: Snapshot, ambang: str) -> Blocks:
    found = facts.low_indicators(s)
    if not found:
        return [text(f"Tidak ada indikator dengan capaian di bawah {ambang}.")] if s.iku else []
    rows = [
        row(
            str(number),
            one.nama,
            node.nama if node else "Indikator Kinerja Utama",
            formats.with_unit(one.target, one.satuan),
            formats.with_unit(one.realisasi, one.satuan),
            formats.points(one.tampil, one.desimal),
            reason(one),
        )
        for number, (node, one) in enumerate(found, start=1)
    ]
    columns = (
        column("No", 0.4, "center"),
        column("Indikator", 1.7),
        column("Program/kegiatan", 1.7),
        number_column("Target", 0.9),
        number_column("Realisasi", 0.9),
        number_column("Capaian (%)", 0.9),
        column("Analisis", 3.0),
    )
    caption = f"Indikator dengan Capaian di Bawah {ambang} Tahun {s.tahun}"
    said = f"Terdapat {len(found)} indikator dengan capaian di bawah {ambang} ({{tabel-capaian-rendah}})."
    source = sumber(s, "analisis_rendah")
    body = table(caption, "tabel-capaian-rendah", columns, rows, source=source, size="small")
    return [para(said), *body, *_untold(rows)]


def reason(one: Measured) -> str:
    """What the office wrote about the indicator; an IKU's whole analysis is referred to, not repeated."""
    if isinstance(one, Iku):
        return _REFERRED
    return " ".join(one.uraian.split()) or formats.DASH


def _nodes(s: Snapshot, ambang: str) -> Blocks:
    found = facts.low_nodes(s)
    if not found:
        return [text(f"Tidak ada kegiatan dengan serapan di bawah {ambang}.")] if s.realisasi is not None else []
    rows = [_node(number, node) for number, node in enumerate(found, start=1)]
    columns = (
        column("No", 0.4, "center"),
        column("Kegiatan/sub kegiatan", 2.3),
        number_column("Pagu (Rp)", 1.25),
        number_column("Realisasi (Rp)", 1.25),
        number_column("Serapan (%)", 0.8),
        column("Analisis", 3.0),
    )
    caption = f"Kegiatan dan Sub Kegiatan dengan Serapan di Bawah {ambang} Tahun {s.tahun}"
    said = (
        f"Terdapat {len(found)} kegiatan atau sub kegiatan dengan serapan di bawah {ambang} ({{tabel-serapan-rendah}})."
    )
    source = sumber(s, "analisis_rendah")
    body = table(caption, "tabel-serapan-rendah", columns, rows, source=source, size="small")
    return [para(said), *body, *_untold(rows)]


def _node(number: int, node: NodeRow) -> Row:
    return row(
        str(number),
        node.nama,
        formats.money(node.pagu),
        formats.money(node.realisasi),
        formats.points(node.tampil),
        " ".join(node.analisis.split()) or formats.DASH,
    )


def _untold(rows: list[Row]) -> Blocks:
    """How many rows no analysis has been written for, said once."""
    count = sum(line.cells[-1].text == formats.DASH for line in rows)
    return [text(f"Analisis belum diisi pada {count} baris tabel di atas.", "note")] if count else []
