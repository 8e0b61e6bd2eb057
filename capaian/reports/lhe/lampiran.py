"""The annexes: the worksheet with its three tiers, and the five columns of recommendations and their follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capaian.assessments.queries_lke import Line, Section
from capaian.assessments.queries_rekomendasi import RekomendasiRow
from capaian.documents.blocks import Block, Cell, Column, Heading, Row, Table, text
from capaian.reports.formats import DASH, long_date, plain
from capaian.reports.lhe.snapshot import LheSnapshot


def annexes(s: LheSnapshot) -> Iterator[Block]:
    """Both annexes, on wide pages."""
    yield Heading(1, f"LEMBAR KERJA EVALUASI AKIP\n{s.office.nama.upper()}\nTAHUN {s.tahun}", "LAMPIRAN I")
    if s.sheet.printed:
        yield text("Nilai diambil dari laporan tercetak; kriterianya tidak dinilai pada lembar kerja ini.", "note")
        yield _values(s)
    else:
        yield _worksheet(s)
    yield Heading(1, f"TINDAK LANJUT LAPORAN HASIL EVALUASI\n{s.office.nama.upper()}", "LAMPIRAN II")
    if s.rekomendasi:
        yield follow_up_table(s.rekomendasi, "Rekomendasi dan Tindak Lanjut", "tabel-tindak-lanjut")
    else:
        yield text("Tidak ada rekomendasi.")


def follow_up_table(rows: Sequence[RekomendasiRow], caption: str, anchor: str, *, ages: bool = False) -> Table:
    """Result, recommendation, plan, time and state of each recommendation; with `ages` also of which year it is."""
    columns = (
        Column("No", "center", 0.4),
        Column("Hasil evaluasi", "left", 2.2),
        Column("Rekomendasi", "left", 2.6),
        Column("Rencana aksi tindak lanjut", "left", 2.6),
        Column("Waktu pelaksanaan", "left", 1.4),
        Column("Status/progres penyelesaian", "left", 2.2),
    )
    found = tuple(
        Row((Cell(str(number)), *map(Cell, _cells(one, ages=ages)))) for number, one in enumerate(rows, start=1)
    )
    return Table(columns, found, caption=caption, anchor=anchor, font_size="small")


def _cells(one: RekomendasiRow, *, ages: bool) -> tuple[str, ...]:
    row = one.rekomendasi
    deadline = f"paling lambat {long_date(row.tenggat.isoformat())}" if row.tenggat else ""
    said = one.terakhir.uraian if one.terakhir else ""
    result = row.hasil or one.komponen or DASH
    return (
        f"{result} (atas kinerja {row.tahun_kinerja.tahun}, {one.umur})" if ages else result,
        row.uraian,
        row.rencana_aksi or DASH,
        row.waktu or deadline or DASH,
        f"{one.keadaan}{f': {said}' if said else ''}",
    )


def _values(s: LheSnapshot) -> Table:
    """The values of a printed report by component and sub-component."""
    columns = (
        Column("No", "center", 0.6),
        Column("Komponen/subkomponen", "left", 5),
        Column("Bobot", "right", 1),
        Column("Jawaban", "center", 1),
        Column("Nilai", "right", 1),
    )
    rows = []
    for komponen in s.sheet.components:
        value = komponen.values[s.place]
        cells = (komponen.group.nomor, komponen.group.nama, plain(komponen.bobot), "", plain(value.tampil, 2))
        rows.append(Row(tuple(map(Cell, cells)), "group"))
        for section in s.sheet.sections:
            own = section.values[s.place]
            if section.komponen == komponen.group.nama and own.tampil is not None:
                cells = (section.group.nomor, section.group.nama, plain(section.group.bobot), own.jawaban,
                         plain(own.tampil, 2))  # fmt: skip
                rows.append(Row(tuple(map(Cell, cells))))
    total = (plain(s.sheet.total.bobot), s.official.predikat()[0], plain(s.sheet.total.values[s.place].tampil, 2))
    rows.append(Row((Cell(s.sheet.total.group.nama, colspan=2), *map(Cell, total)), "total"))
    return Table(columns, tuple(rows), caption="Nilai Komponen dan Subkomponen", anchor="tabel-lembar")


def _worksheet(s: LheSnapshot) -> Table:
    """Every criterion with the answers of the three tiers, below its sub-component with grade and value."""
    columns = (
        Column("No", "center", 0.6),
        Column("Komponen, subkomponen, kriteria", "left", 5.4),
        Column("Bobot", "right", 0.8),
        *(Column(one.label, "center", 1.2) for one in s.sheet.tiers),
        Column("Nilai", "right", 0.9),
        Column("Catatan", "left", 2.6),
    )
    rows = []
    for komponen in s.sheet.components:
        value = komponen.values[s.place]
        head = (
            komponen.group.nomor,
            komponen.group.nama,
            plain(komponen.bobot),
            "",
            "",
            "",
            plain(value.tampil, 2),
            "",
        )
        rows.append(Row(tuple(map(Cell, head)), "group"))
        for section in s.sheet.sections:
            if section.komponen == komponen.group.nama:
                rows += _section_rows(s, section)
    figures = ["" if one.tampil is None else plain(one.tampil, 2) for one in s.sheet.total.values]
    last = (
        plain(s.sheet.total.bobot),
        *figures,
        plain(s.sheet.total.values[s.place].tampil, 2),
        s.official.predikat()[0],
    )
    rows.append(Row((Cell(s.sheet.total.group.nama, colspan=2), *map(Cell, last)), "total"))
    return Table(columns, tuple(rows), caption="Lembar Kerja Evaluasi", anchor="tabel-lembar", font_size="tiny")


def _section_rows(s: LheSnapshot, section: Section) -> Iterator[Row]:
    group, value = section.group, section.values[s.place]
    answers = tuple(one.nilai for one in section.grade.cells) if section.grade else ("", "", "")
    note = _note(s, section.grade) if section.grade else ""
    cells = (group.nomor, group.nama, plain(group.bobot), *answers, plain(value.tampil, 2), note)
    yield Row(tuple(Cell(one, bold=True) for one in cells))
    for line in section.lines:
        said = tuple(one.teks or DASH for one in line.cells)
        yield Row((Cell(line.nomor), Cell(line.nama, indent=1), Cell(""), *map(Cell, said), Cell(""),
                   Cell(_note(s, line))))  # fmt: skip


def _note(s: LheSnapshot, line: Line) -> str:
    """The latest note of an evaluator."""
    written = [one.catatan for one in line.cells[1 : s.place + 1] if one.catatan]
    return written[-1] if written else ""
