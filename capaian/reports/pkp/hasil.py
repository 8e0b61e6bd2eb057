"""Bab IV: the scores with their class, the radar, and the results of every printed table."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.assessments.queries_pkp import FEWEST_OF_MEAN
from capaian.documents.blocks import Block, Cell, Chart, Column, Heading, PageBreak, Paragraph, Row, Run, Table, text
from capaian.reports.formats import DASH, plain, proper
from capaian.reports.pkp.parts import (
    answer_words,
    band_words,
    bands_of,
    class_cell,
    label_of,
    own_values,
    radar_chart,
    radar_groups,
    score_tone,
    status_words,
    value,
    with_unit,
)
from capaian.reports.pkp.snapshot import PkpSnapshot, parts_of
from capaian.reports.pkp.tables import Line, PrintedTable, printed_tables
from capaian.reports.pkp.target import caption_of, heading_row
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.reached import reached_of, target_sasaran_of
from capaian.workflow.models import Submission


def bab4(snapshot: PkpSnapshot) -> Iterator[Block]:
    """First what it all comes to, then how."""
    yield Heading(1, "HASIL KINERJA TAHUNAN", "BAB IV")
    yield Heading(2, "Tingkat Kinerja", "A.")
    yield summary(snapshot)
    yield scores_table(snapshot)
    yield from _remarks(snapshot)
    yield from radar(snapshot)
    yield PageBreak("landscape")
    yield Heading(2, "Hasil Setiap Indikator", "B.")
    yield text(
        "Target sasaran adalah target dikali sasaran. Persen riil adalah realisasi dibagi sasaran dalam satuan "
        "target. Nilai kelompok adalah rata-rata butir yang berlaku dan terisi di bawahnya."
    )
    for table in printed_tables(snapshot.instrumen):
        yield _results(snapshot, table)
    yield PageBreak("portrait")


def summary(snapshot: PkpSnapshot) -> Paragraph:
    """The class and the rank in a sentence, with how far the sheet is."""
    hasil = snapshot.hasil
    known = bool(hasil.kelas)
    runs = [Run(f"Tingkat kinerja {snapshot.nama} tahun {snapshot.tahun}: ")]
    runs.append(Run(hasil.label if known or hasil.label else "belum dapat ditetapkan", bold=True))
    runs.append(Run(". "))
    place = snapshot.place
    if place is not None and place.nomor is not None:
        shared = ", seri" if place.seri else ""
        runs.append(Run(f"Peringkat {place.nomor} dari {snapshot.counted} Puskesmas yang terverifikasi{shared}. "))
    if not snapshot.is_verified:
        state = str(Submission.State(snapshot.state).label).lower()
        runs.append(Run(f"Hasil ini sementara: formulir masih {state}, sehingga belum diperingkat. "))
    open_items = [one for one in hasil.butir.values() if one.status in ("kosong", "salah")]
    if open_items:
        runs.append(Run(f"{len(open_items)} butir belum bernilai, sehingga nilai kelompoknya masih dapat berubah. "))
    else:
        runs.append(Run("Semua butir yang berlaku sudah bernilai. "))
    return Paragraph(tuple(runs))


def scores_table(snapshot: PkpSnapshot) -> Table:
    """The parts that decide the class: value, class, and the scale that it was read by."""
    instrumen, hasil = snapshot.instrumen, snapshot.hasil
    scales = {part.kelompok: part.skala for part in instrumen.klasifikasi}
    bands = bands_of(instrumen)
    columns = (
        Column("Bagian", "left", 3),
        Column("Nilai", "right", 1),
        Column("Kelas", "left", 1.3),
        *(Column(band.label, "center", 1.1, "Ambang tercetak") for band in bands),
        Column("Terisi", "right", 1.2),
    )
    rows = []
    for part in parts_of(instrumen):
        found, scale = hasil.kelompok[part.kode], scales.get(part.kode)
        printed = [Cell(band_words(band)) for band in scale.bands] if scale else [Cell(DASH)] * len(bands)
        kelas = found.kelas.kode or "" if found.kelas else ""
        filled = f"{found.terjawab} dari {found.berlaku}"
        missing = found.kelas.label if found.kelas else "Belum ada kelas"
        cells = (Cell(proper(part.nama)), Cell(value(found.nilai)), class_cell(instrumen, kelas, missing))
        rows.append(Row((*cells, *printed, Cell(filled))))
    whole = label_of(instrumen, hasil.kelas) if hasil.kelas else hasil.label or "Belum ada kelas"
    last = Cell(whole, colspan=len(bands) + 2)
    rows.append(Row((Cell("Tingkat kinerja", colspan=2), last), role="total"))
    return Table(columns, tuple(rows), caption=f"Nilai dan Kelas Tahun {snapshot.tahun}", font_size="small")


def _remarks(snapshot: PkpSnapshot) -> Iterator[Block]:
    """What the classes say of holes, overlaps and mixed classes."""
    instrumen, hasil = snapshot.instrumen, snapshot.hasil
    for part in parts_of(instrumen):
        found = hasil.kelompok[part.kode]
        for note in found.kelas.notes if found.kelas else ():
            yield text(f"{proper(part.nama)}: {note}", "note")
    for note in hasil.catatan:
        yield text(note, "note")


def radar(snapshot: PkpSnapshot) -> list[Chart]:
    """The own groups beside the mean of the verified units and those of last year."""
    corners = radar_groups(snapshot.instrumen, snapshot.judged.kebijakan)
    rings = [(f"{snapshot.nama} {snapshot.tahun}", own_values(snapshot.hasil.kelompok))]
    if snapshot.counted >= FEWEST_OF_MEAN:
        rings.append((f"Rata-rata {snapshot.counted} Puskesmas terverifikasi", dict(snapshot.peers)))
    if snapshot.before:
        rings.append((f"{snapshot.nama} {snapshot.before.tahun}", snapshot.before.values))
    caption = f"Nilai Kelompok {snapshot.nama} Tahun {snapshot.tahun}, Persen dari Nilai Terbaik"
    return radar_chart(corners, rings, caption)


def _results(snapshot: PkpSnapshot, table: PrintedTable) -> Table:
    make = _graded_row if table.nilai else _row
    columns = _graded_columns() if table.nilai else _columns()
    rows = [make(snapshot, line, len(columns)) for line in table.lines]
    for top in table.tops:
        found = snapshot.hasil.kelompok.get(top.kode)
        if found is not None and len(table.tops) == 1:
            name = Cell(proper(top.nama), colspan=len(columns) - 2)
            rows.append(Row((name, Cell(with_unit(top, found.nilai)), Cell(_answered(snapshot, top))), role="total"))
    return Table(columns, tuple(rows), caption=caption_of(table, "Hasil", snapshot.tahun), font_size="small")


def _columns() -> tuple[Column, ...]:
    return (
        Column("No", "left", 0.7),
        Column("Indikator", "left", 4.4),
        Column("Satuan", "left", 1.2),
        Column("Target", "right", 1.1),
        Column("Sasaran", "right", 1.1),
        Column("Target sasaran", "right", 1.1),
        Column("Realisasi", "right", 1.1),
        Column("Persen riil", "right", 1.1),
        Column("Kinerja (%)", "right", 1.1),
        Column("Keterangan", "left", 2.6),
    )


def _graded_columns() -> tuple[Column, ...]:
    return (
        Column("No", "left", 0.6),
        Column("Indikator", "left", 4),
        Column("Target", "left", 2),
        Column("Jawaban", "left", 4),
        Column("Nilai", "right", 0.9),
        Column("Keterangan", "left", 2.6),
    )


def _row(snapshot: PkpSnapshot, line: Line, width: int) -> Row:
    one = line.node
    if isinstance(one, Kelompok):
        return _group_row(snapshot, line, width)
    isian, score = snapshot.isian.get(one.kode), snapshot.score(one)
    counted = one.masukan == "pembilang_penyebut" and isian is not None and not isian.nilai.strip()
    if counted and isian is not None:
        needed = target_sasaran_of(one, isian)
        figures = (plain(isian.sasaran), value(needed), plain(isian.realisasi), value(reached_of(one, isian)))
    else:
        figures = (DASH, DASH, answer_words(one, isian), DASH)
    return Row(
        (
            Cell(one.nomor),
            Cell(one.nama),
            Cell(one.satuan or DASH),
            Cell(one.target or DASH),
            *map(Cell, figures),
            Cell(value(score.nilai), tone=score_tone(one, score.nilai)),
            Cell(_note(snapshot, one), tone="" if score.nilai is not None else "muted"),
        )
    )


def _graded_row(snapshot: PkpSnapshot, line: Line, width: int) -> Row:
    one = line.node
    if isinstance(one, Kelompok):
        return _group_row(snapshot, line, width)
    score = snapshot.score(one)
    return Row(
        (
            Cell(one.nomor),
            Cell(one.nama),
            Cell(one.target or DASH),
            Cell(answer_words(one, snapshot.isian.get(one.kode))),
            Cell(value(score.nilai), tone=score_tone(one, score.nilai)),
            Cell(_note(snapshot, one), tone="" if score.nilai is not None else "muted"),
        )
    )


def _group_row(snapshot: PkpSnapshot, line: Line, width: int) -> Row:
    """The heading of a group with its value."""
    one = line.node
    found = snapshot.hasil.kelompok.get(one.kode)
    if found is None or not isinstance(one, Kelompok):
        return heading_row(line, width)
    name = Cell(proper(one.nama), colspan=width - 3, indent=line.depth)
    return Row((Cell(one.nomor), name, Cell(value(found.nilai)), Cell(_answered(snapshot, one))), role="group")


def _answered(snapshot: PkpSnapshot, group: Kelompok) -> str:
    found = snapshot.hasil.kelompok[group.kode]
    if found.berlaku == 0:
        return "Tidak berlaku"
    return "" if not found.is_provisional else f"{found.terjawab} dari {found.berlaku} terisi"


def _note(snapshot: PkpSnapshot, item: Butir) -> str:
    score = snapshot.score(item)
    words = status_words(score)
    notes = " ".join(score.catatan)
    if score.status == "tidak_berlaku":
        return notes or words
    return f"{words}. {notes}".strip(". ") + "." if words and notes else words or notes
