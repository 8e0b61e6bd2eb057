"""The letter: to whom, on what basis, what came out by component, what it means, and what is recommended."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.assessments.queries_lke import Section
from capaian.assessments.queries_rekomendasi import summarise
from capaian.documents.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    SignatureParty,
    Table,
    text,
)
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.formats import DASH, long_date, plain, points, signed
from capaian.reports.lhe.lampiran import annexes, follow_up_table
from capaian.reports.lhe.snapshot import LheSnapshot, take_lhe
from capaian.rules.instrumen.model import Kelompok

_OPEN = "...................."
_MEANING = {
    "AA": "akuntabilitas kinerjanya menjadi contoh bagi perangkat daerah lain",
    "A": "kinerja dikelola sampai ke unit terendah dan terus diperbaiki",
    "BB": "perencanaan, pengukuran, dan pelaporan kinerja berjalan dan sudah dimanfaatkan",
    "B": "sistem akuntabilitas kinerja berjalan, tetapi pemanfaatannya masih perlu diperluas",
    "CC": "sistem akuntabilitas kinerja ada, tetapi mutu dan pemanfaatannya masih perlu banyak perbaikan",
    "C": "sebagian sistem akuntabilitas kinerja ada, tetapi belum dapat diandalkan",
    "D": "sistem akuntabilitas kinerja belum ada atau belum dijalankan",
}


def build_lhe(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> Document:
    """The letter with its annexes; `unit` is always None, since the office as a whole is evaluated.

    Raises `ReportError` where nothing was evaluated yet.
    """
    snapshot = take_lhe(tahun_kinerja)
    title = f"Laporan Hasil Evaluasi Akuntabilitas Kinerja {snapshot.office.nama} Tahun {snapshot.tahun}"
    return Document(
        title=title,
        office=snapshot.office.nama,
        blocks=(*_letter(snapshot), PageBreak("landscape"), *annexes(snapshot)),
        footer=f"LHE AKIP {snapshot.tahun} · {snapshot.office.nama}",
        metadata={"subject": "Laporan Hasil Evaluasi AKIP"},
    )


def _letter(s: LheSnapshot) -> Iterator[Block]:
    yield Paragraph((Run(f"PEMERINTAH {s.office.daerah.upper()}", bold=True),), "center")
    yield Paragraph((Run("INSPEKTORAT DAERAH", bold=True),), "center")
    yield _head(s)
    yield text(f"Yth. {s.office.pimpinan} {s.office.daerah}")
    yield text(f"di {s.office.tempat}")
    if not s.official.is_final:
        yield text(f"Konsep: nilai di bawah ini dari {s.official.within}, belum hasil akhir.", "note")
    yield Heading(2, "Dasar", "A.")
    yield ListBlock(_basis(s), "number")
    yield Heading(2, "Hasil Evaluasi", "B.")
    yield from _result(s)
    yield Heading(2, "Catatan per Komponen", "C.")
    yield from _notes(s)
    yield Heading(2, "Rekomendasi", "D.")
    yield from _recommended(s)
    yield Heading(2, "Tindak Lanjut Rekomendasi Sebelumnya", "E.")
    yield from _followed_up(s)
    yield text(
        "Demikian hasil evaluasi ini disampaikan. Rencana aksi atas setiap rekomendasi agar ditetapkan dan kemajuannya "
        "dilaporkan setiap triwulan."
    )
    heading = f"{s.office.tempat}, {_day(s)}"
    yield Signature((SignatureParty(office=f"INSPEKTUR {s.office.daerah.upper()}", heading=heading),))


def _day(s: LheSnapshot) -> str:
    day = s.penilaian.tanggal_lhe
    return long_date(day.isoformat()) if day else f"{_OPEN} {s.penilaian.tahun_evaluasi}"


def _head(s: LheSnapshot) -> Table:
    columns = (Column("", width=1), Column("", "center", 0.2), Column("", width=6))
    rows = (
        ("Nomor", s.penilaian.nomor_lhe or _OPEN),
        ("Tanggal", _day(s)),
        ("Lampiran", "2 (dua) lampiran"),
        ("Hal", f"Laporan hasil evaluasi AKIP {s.office.nama} tahun {s.tahun}"),
    )
    return Table(columns, tuple(Row((Cell(label), Cell(":"), Cell(value))) for label, value in rows))


def _basis(s: LheSnapshot) -> tuple[str, ...]:
    instrumen = s.sheet.judged.instrumen
    return (
        "Peraturan Presiden Nomor 29 Tahun 2014 tentang Sistem Akuntabilitas Kinerja Instansi Pemerintah.",
        f"{instrumen.citation.instrumen}, dengan {instrumen.nama}.",
        f"Surat tugas Inspektur {s.office.daerah} Nomor {_OPEN}",
    )


def _result(s: LheSnapshot) -> Iterator[Block]:
    kode, label = s.official.predikat()
    total = s.official.total
    nilai = plain(total.tampil if total else None, 2)
    means = f", artinya {_MEANING[kode]}" if kode in _MEANING else ""
    yield Paragraph(
        (
            Run(f"Evaluasi tahun {s.penilaian.tahun_evaluasi} atas kinerja tahun {s.tahun} menghasilkan nilai "),
            Run(nilai, bold=True),
            Run(" dengan predikat "),
            Run(f"{kode or DASH} ({label or 'belum ada'})", bold=True),
            Run(f"{means}."),
        )
    )
    yield _components(s)
    for note in s.sheet.notes:
        yield text(note, "note")


def _components(s: LheSnapshot) -> Table:
    columns = (
        Column("No", "center", 0.5),
        Column("Komponen", "left", 4),
        Column("Bobot", "right", 1),
        Column(f"Nilai {s.tahun - 1}", "right", 1.1),
        Column(f"Nilai {s.tahun}", "right", 1.1),
        Column("Perubahan", "right", 1.1),
    )
    rows = []
    for number, row in enumerate((*s.sheet.components, s.sheet.total), start=1):
        is_total = row.group.bobot is None
        figures = (plain(row.bobot), plain(row.lalu, 2), plain(row.values[s.place].tampil, 2), signed(row.selisih, 2))
        name = Cell(row.group.nama, colspan=2) if is_total else Cell(row.group.nama)
        head = (name,) if is_total else (Cell(str(number)), name)
        rows.append(Row((*head, *map(Cell, figures)), "total" if is_total else "body"))
    caption = f"Nilai Akuntabilitas Kinerja {s.office.nama}"
    return Table(columns, tuple(rows), caption=caption, anchor="tabel-komponen", source=_source(s))


def _source(s: LheSnapshot) -> str:
    return f"Sumber: {s.sheet.judged.versi}, {s.official.within}"


def _notes(s: LheSnapshot) -> Iterator[Block]:
    said = False
    for komponen in s.sheet.components:
        notes = list(_notes_of(s, komponen.group))
        value = komponen.values[s.place]
        if value.tampil is not None:
            said = True
            share = f"{plain(value.tampil, 2)} dari {plain(komponen.bobot)} ({points(value.persen)}%)"
            yield Paragraph((Run(f"{komponen.group.nama}", bold=True), Run(f" memperoleh {share}.")))
        if notes:
            yield ListBlock(tuple(notes), "bullet")
    if not said:
        yield text("Belum ada catatan.")


def _notes_of(s: LheSnapshot, komponen: Kelompok) -> Iterator[str]:
    """What the evaluators noted below a component: in the tier that stands, else in the one before."""
    stated = s.tier.answers.get(komponen.kode)
    if stated and stated.catatan:
        yield stated.catatan
    for section in s.sheet.sections:
        if section.komponen == komponen.nama:
            yield from _section_notes(s, section)


def _section_notes(s: LheSnapshot, section: Section) -> Iterator[str]:
    for line in (*([section.grade] if section.grade else []), *section.lines):
        # The office's own notes are no findings of the evaluation.
        written = [one.catatan for one in line.cells[1 : s.place + 1] if one.catatan]
        if written:
            yield f"{section.group.nama}: {written[-1]}" if line is section.grade else f"{line.nama} {written[-1]}"


def _recommended(s: LheSnapshot) -> Iterator[Block]:
    if not s.rekomendasi:
        yield text("Tidak ada rekomendasi.")
        return
    yield text(f"Berdasarkan hasil tersebut, {s.office.nama} direkomendasikan:")
    again = [
        f" (mengulang rekomendasi tahun {one.rekomendasi.mengulang.tahun_kinerja.tahun})"
        if one.rekomendasi.mengulang
        else ""
        for one in s.rekomendasi
    ]
    yield ListBlock(
        tuple(f"{one.rekomendasi.uraian.rstrip('.')}{more}." for one, more in zip(s.rekomendasi, again, strict=True)),
        "number",
    )


def _followed_up(s: LheSnapshot) -> Iterator[Block]:
    if not s.sebelumnya:
        yield text("Tidak ada rekomendasi sebelumnya yang tercatat.")
        return
    counts = summarise(s.sebelumnya)
    yield text(
        f"Dari {counts.jumlah} rekomendasi sebelumnya, {counts.selesai} dinyatakan selesai, {counts.menunggu} menunggu "
        f"konfirmasi evaluator, dan {counts.terbuka} masih dikerjakan."
    )
    yield follow_up_table(s.sebelumnya, "Tindak Lanjut Rekomendasi Sebelumnya", "tabel-sebelumnya", ages=True)
