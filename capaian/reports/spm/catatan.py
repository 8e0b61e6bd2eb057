"""The annex on data: sources that state different numbers, and figures of other documents beside ours."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Column, Heading, Row, Table, text
from capaian.reports.formats import DASH, count, plain
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.spm.models import SasaranSpm, TercetakSpm

_TONE = {"terbaca": "", "ragu": "warn", "tidak_terbaca": "bad"}


def data_notes(snapshot: SpmSnapshot) -> Iterator[Block]:
    """The annex; nothing where no source contradicts another and no other document is kept."""
    if not snapshot.conflicts and not snapshot.printed:
        return
    yield Heading(1, "CATATAN DATA", "LAMPIRAN")
    if snapshot.conflicts:
        yield Heading(2, "Sumber Sasaran yang Berbeda", "A.")
        yield text(
            "Untuk kelompok berikut lebih dari satu sumber menyebut jumlah yang tidak sama. Yang dipakai ditandai; "
            "yang lain disimpan dan tidak dihitung."
        )
        yield _conflicts(snapshot)
    if snapshot.printed:
        yield Heading(2, "Angka yang Tercetak dalam Dokumen Lain", "B." if snapshot.conflicts else "A.")
        yield text(
            "Angka berikut dikutip seperti tercetak dan tidak dipakai dalam hitungan. Yang tidak terbaca tidak ditebak."
        )
        yield _printed(snapshot)


def _conflicts(snapshot: SpmSnapshot) -> Table:
    methods = dict(SasaranSpm.Metode.choices)
    columns = (
        Column("Kelompok", "left", 2),
        Column("Tempat", "left", 2),
        Column("Sumber", "left", 3.4),
        Column("Metode", "left", 2),
        Column("Jumlah", "right", 1.2),
        Column("Dipakai", "center", 0.9),
    )
    rows = [
        Row(
            (
                Cell(one.kelompok.nama),
                Cell(one.tempat),
                Cell(row.sumber),
                Cell(str(methods[row.metode])),
                Cell(count(row.jumlah)),
                Cell("Ya" if row.dipakai else "Tidak", bold=row.dipakai),
            )
        )
        for one in snapshot.conflicts
        for row in one.rows
    ]
    return Table(columns, tuple(rows), caption="Sasaran menurut Sumber", font_size="small")


def _printed(snapshot: SpmSnapshot) -> Table:
    names = {one.kode: one.nama_pendek for one in snapshot.layanan}
    what, legible = dict(TercetakSpm.Besaran.choices), dict(TercetakSpm.Terbaca.choices)
    columns = (
        Column("Pelayanan", "left", 1.8),
        Column("Besaran", "left", 1.6),
        Column("Tercetak", "right", 1.5),
        Column("Dibaca sebagai", "right", 1.4),
        Column("Keterbacaan", "left", 1.2),
        Column("Sumber", "left", 3),
    )
    rows = [
        Row(
            (
                Cell(names.get(one.layanan, one.butir or "Seluruhnya")),
                Cell(str(what[one.besaran])),
                Cell(one.teks or DASH),
                Cell(plain(one.nilai.normalize() if one.nilai is not None else None)),
                Cell(str(legible[one.terbaca]), tone=_TONE[one.terbaca]),  # type: ignore[arg-type]
                Cell(one.sumber),
            )
        )
        for one in snapshot.printed
    ]
    return Table(columns, tuple(rows), caption="Angka SPM yang Tercetak", font_size="small")
