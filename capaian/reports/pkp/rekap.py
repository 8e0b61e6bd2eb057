"""Rekapitulasi PKP: all Puskesmas with class and rank, whom to reward and whom to coach, and what most of them lack."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Chart, Column, Document, Heading, Paragraph, Row, Run, Table, text
from capaian.documents.charts import Series, bar_option
from capaian.organisations.models import TahunKinerja
from capaian.reports.formats import DASH, joined, proper
from capaian.reports.pkp.parts import (
    bands_of,
    class_cell,
    number_and_name,
    part_tone,
    policy_words,
    radar_groups,
    score_tone,
    short_name,
    signature,
    value,
    with_unit,
)
from capaian.reports.pkp.rekap_sheets import rekap_sheets
from capaian.reports.pkp.rekap_snapshot import RekapSnapshot, UnitRow, below_target, remarks, take_rekap
from capaian.reports.pkp.snapshot import parts_of
from capaian.reports.spm.parts import in_sentence
from capaian.rules.instrumen.model import Kelompok
from capaian.workflow.models import Submission

_MOST_ITEMS = 25


def build_rekap_pkp(tahun_kinerja: TahunKinerja, unit: None = None) -> Document:
    """The recap of a district. Raises `ReportError` as `take_rekap`."""
    return _document(take_rekap(tahun_kinerja))


def _document(snapshot: RekapSnapshot) -> Document:
    daerah = snapshot.office.daerah
    title = "REKAPITULASI PENILAIAN KINERJA PUSKESMAS"
    blocks: list[Block] = [Heading(1, f"{title}\n{daerah.upper()}\nTAHUN {snapshot.tahun}"), _summary(snapshot)]
    parts = [
        ("Hasil dan Peringkat", _ranking(snapshot)),
        ("Sebaran Kelas", _classes(snapshot)),
        ("Penghargaan dan Pembinaan", _rewards(snapshot)),
        ("Nilai Menurut Kelompok", _heat(snapshot)),
        ("Indikator yang Paling Banyak Belum Tercapai", _items(snapshot)),
        ("Kelengkapan", _completeness(snapshot)),
        ("Kebijakan dan Catatan", _policies(snapshot)),
    ]
    for letter, (heading, found) in zip("ABCDEFG", parts, strict=True):
        blocks += [Heading(2, heading, f"{letter}."), *found]
    blocks.append(
        text("Demikian rekapitulasi ini disusun sebagai dasar pemeringkatan, penghargaan, dan pembinaan Puskesmas.")
    )
    pimpinan = snapshot.office.pimpinan.upper()
    signing = pimpinan if daerah.upper() in pimpinan else f"{pimpinan}\n{daerah.upper()}"
    blocks.append(signature(snapshot.office.tempat, snapshot.tahun, signing))
    return Document(
        title=f"{title} {daerah.upper()} TAHUN {snapshot.tahun}",
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        footer=f"Rekapitulasi PKP {snapshot.tahun} · {snapshot.office.nama}",
        orientation="landscape",
        metadata={"subject": "Rekapitulasi Penilaian Kinerja Puskesmas"},
        sheets=rekap_sheets(snapshot),
    )


def _summary(snapshot: RekapSnapshot) -> Paragraph:
    instrumen = snapshot.instrumen
    total = len(snapshot.rows) + len(snapshot.silent)
    runs = [
        Run(f"{len(snapshot.verified)} dari {total} Puskesmas sudah terverifikasi dan diperingkat", bold=True),
        Run(f" menurut {instrumen.nama}. "),
    ]
    counts = [(band.label, len(snapshot.of_class(band.kode))) for band in bands_of(snapshot.instrumen)]
    if counts:
        basis = "Dari yang terverifikasi" if snapshot.verified else "Sementara, dari yang sudah terisi"
        runs.append(Run(f"{basis}: {joined([f'{number} {label}' for label, number in counts])}. "))
    means = [
        f"{in_sentence(proper(part.nama))} {with_unit(part, snapshot.mean_of(part))}" for part in parts_of(instrumen)
    ]  # fmt: skip
    runs.append(Run(f"Rata-rata {joined(means)}."))
    return Paragraph(tuple(runs))


def _ranking(snapshot: RekapSnapshot) -> Iterator[Block]:
    parts = parts_of(snapshot.instrumen)
    columns = [Column("Peringkat", "center", 1), Column("Puskesmas", "left", 3)]
    for part in parts:
        columns += [Column("Nilai", "right", 1, proper(part.nama)), Column("Kelas", "left", 1.1, proper(part.nama))]
    columns += [Column("Tingkat kinerja", "left", 1.5), Column("Status", "left", 1.5), Column("Terisi", "right", 1.2)]
    rows = [_ranked_row(snapshot, row, parts) for row in snapshot.rows]
    last = [Cell("Rata-rata", colspan=2, align="center")]
    for part in parts:
        last += [Cell(value(snapshot.mean_of(part))), Cell("")]
    rows.append(Row((*last, Cell(""), Cell(""), Cell("")), role="total"))
    caption = f"Nilai, Kelas, dan Peringkat Puskesmas Tahun {snapshot.tahun}"
    yield Table(tuple(columns), tuple(rows), caption=caption, font_size="small")
    yield text(_order_words(snapshot), "note")


def _ranked_row(snapshot: RekapSnapshot, row: UnitRow, parts: tuple[Kelompok, ...]) -> Row:
    instrumen, hasil = snapshot.instrumen, row.hasil
    shared = " (seri)" if row.place and row.place.seri else ""
    cells = [Cell(DASH if row.nomor is None else f"{row.nomor}{shared}"), Cell(row.nama)]
    for part in parts:
        found = hasil.kelompok[part.kode]
        kelas = found.kelas.kode or "" if found.kelas else ""
        flag = "*" if found.kelas and found.kelas.flags else ""
        shown = class_cell(instrumen, kelas, found.kelas.label if found.kelas else DASH)
        cells += [Cell(f"{value(found.nilai)}{flag}"), shown]
    root = hasil.kelompok[instrumen.akar.kode]
    state = str(Submission.State(row.state).label)
    cells += [
        class_cell(instrumen, hasil.kelas, hasil.label or "Belum ada"),
        Cell(state if row.is_verified else f"{state}, sementara", tone="" if row.is_verified else "muted"),
        Cell(f"{root.terjawab} dari {root.berlaku}"),
    ]
    return Row(tuple(cells))


def _order_words(snapshot: RekapSnapshot) -> str:
    instrumen = snapshot.instrumen
    names = [
        "kelas" if kode == "kelas" else in_sentence(proper(instrumen.groups[kode].nama)) for kode in instrumen.peringkat
    ]
    order = f"Peringkat diurutkan menurut {', lalu '.join(names)}; " if names else ""
    return (
        f"{order}yang sama dalam semuanya berperingkat sama. Puskesmas yang belum terverifikasi tidak diperingkat. "
        "Tanda * berarti nilainya jatuh di celah atau di dua pita batas kelas; lihat bagian G."
    )


def _classes(snapshot: RekapSnapshot) -> Iterator[Block]:
    bands, parts = bands_of(snapshot.instrumen), parts_of(snapshot.instrumen)
    if not bands:
        yield text("Instrumen ini tidak menetapkan kelas.")
        return
    columns = (Column("Penilaian", "left", 3), *(Column(band.label, "right", 1) for band in bands),
               Column("Tanpa kelas", "right", 1))  # fmt: skip
    rows, counted = [], []
    for part in parts:
        kinds = [row.hasil.kelompok[part.kode].kelas for row in snapshot.counted]
        counted.append((proper(part.nama), [one.kode if one else None for one in kinds]))
    counted.append(("Tingkat kinerja", [row.hasil.kelas or None for row in snapshot.counted]))
    for name, kodes in counted:
        numbers = [kodes.count(band.kode) for band in bands]
        cells = (Cell(name), *(Cell(str(one)) for one in (*numbers, len(kodes) - sum(numbers))))
        rows.append(Row(cells, role="total" if name == counted[-1][0] else "body"))
    yield Table(columns, tuple(rows), caption=f"Banyaknya Puskesmas Menurut Kelas Tahun {snapshot.tahun}")
    yield from _class_chart(snapshot, counted)


def _class_chart(snapshot: RekapSnapshot, counted: list[tuple[str, list[str | None]]]) -> Iterator[Chart]:
    names = [name for name, _ in counted]
    bands = bands_of(snapshot.instrumen)
    series = [Series(band.label, tuple(kodes.count(band.kode) for _, kodes in counted)) for band in bands]
    data = (("Penilaian", *(one.name for one in series)),
            *((name, *(str(one.values[at]) for one in series)) for at, name in enumerate(names)))  # fmt: skip
    whole = ", ".join(f"{one.name} {one.values[-1]}" for one in series)
    option = bar_option(names, series, horizontal=True, stacked=True, axis="Puskesmas")
    alt = f"Batang banyaknya Puskesmas menurut kelas; tingkat kinerja: {whole}."
    yield Chart(option, f"Sebaran Kelas Puskesmas Tahun {snapshot.tahun}", alt, "", 30 + 11 * len(names), "", data)


def _rewards(snapshot: RekapSnapshot) -> Iterator[Block]:
    """Whom the ranking is for: reward by rank within the best class, coaching for the worst."""
    bands = bands_of(snapshot.instrumen)
    if not bands:
        yield text("Tanpa kelas tidak ada daftar penghargaan dan pembinaan.")
        return
    if not snapshot.verified:
        yield text("Belum ada Puskesmas yang terverifikasi, sehingga belum ada yang diusulkan mendapat penghargaan.")
        return
    yield text(
        f"{snapshot.instrumen.citation.instrumen} menjadikan hasil penilaian dasar pemeringkatan dan pemberian "
        f"penghargaan atau sanksi. Diusulkan mendapat penghargaan: Puskesmas terverifikasi berkelas {bands[0].label}, "
        f"menurut peringkat; dibina: yang berkelas {bands[-1].label}."
    )
    best, worst = snapshot.of_class(bands[0].kode), snapshot.of_class(bands[-1].kode)
    if best:
        yield _listed(snapshot, best, f"Usulan Penghargaan: Puskesmas Berkelas {bands[0].label}", with_worst=False)
    else:
        yield text(f"Tidak ada Puskesmas berkelas {bands[0].label}.")
    leaders = [f"{band.label}: {found[0].nama}" for band in bands if (found := snapshot.of_class(band.kode))]
    yield text(f"Peringkat teratas setiap kelas, {'; '.join(leaders)}." if leaders else "Belum ada yang berkelas.")
    if worst:
        yield _listed(snapshot, worst, f"Pembinaan: Puskesmas Berkelas {bands[-1].label}", with_worst=True)
    else:
        yield text(f"Tidak ada Puskesmas berkelas {bands[-1].label}.")


def _listed(snapshot: RekapSnapshot, rows: tuple[UnitRow, ...], caption: str, *, with_worst: bool) -> Table:
    parts = parts_of(snapshot.instrumen)
    columns = (
        Column("Peringkat", "center", 1),
        Column("Puskesmas", "left", 3),
        *(Column(proper(part.nama), "right", 1.2) for part in parts),
        *((Column("Yang menentukan", "left", 3), Column("Kelompok terlemah", "left", 4)) if with_worst else ()),
    )
    body = []
    for row in rows:
        cells = [Cell(DASH if row.nomor is None else str(row.nomor)), Cell(row.nama)]
        cells += [Cell(value(row.hasil.kelompok[part.kode].nilai)) for part in parts]
        if with_worst:
            cells += [Cell(_deciding(row, parts)), Cell(_weakest(snapshot, row))]
        body.append(Row(tuple(cells)))
    return Table(columns, tuple(body), caption=caption, font_size="small")


def _deciding(row: UnitRow, parts: tuple[Kelompok, ...]) -> str:
    """The parts that are in the class of the whole."""
    found = [part for part in parts if (kelas := row.hasil.kelompok[part.kode].kelas) and kelas.kode == row.hasil.kelas]
    return joined([proper(part.nama) for part in found]) or DASH


def _weakest(snapshot: RekapSnapshot, row: UnitRow) -> str:
    groups = radar_groups(snapshot.instrumen, snapshot.judged.kebijakan)
    known = [(nilai / one.best, one) for one in groups if (nilai := row.hasil.kelompok[one.kode].nilai) is not None]
    lowest = sorted(known, key=lambda pair: pair[0])[:2]
    return joined([f"{proper(one.nama)} ({value(row.hasil.kelompok[one.kode].nilai)})" for _, one in lowest])


def _heat(snapshot: RekapSnapshot) -> Iterator[Block]:
    groups = radar_groups(snapshot.instrumen, snapshot.judged.kebijakan)
    columns = (Column("Puskesmas", "left", 2.8), *(Column(short_name(one), "right", 1.2) for one in groups))
    rows = []
    for row in snapshot.rows:
        values = [(one, row.hasil.kelompok[one.kode].nilai) for one in groups]
        cells = [Cell(value(nilai), tone=part_tone(snapshot.judged, one, nilai)) for one, nilai in values]
        rows.append(Row((Cell(row.nama if row.is_verified else f"{row.nama} (sementara)"), *cells)))
    means = [(one, snapshot.mean_of(one)) for one in groups]
    last = [Cell(value(nilai), tone=part_tone(snapshot.judged, one, nilai)) for one, nilai in means]
    rows.append(Row((Cell("Rata-rata"), *last), role="total"))
    yield Table(columns, tuple(rows), caption=f"Nilai Menurut Puskesmas dan Kelompok Tahun {snapshot.tahun}",
                font_size="tiny")  # fmt: skip


def _items(snapshot: RekapSnapshot) -> Iterator[Block]:
    found = below_target(snapshot)
    if not found:
        yield text("Semua indikator yang bernilai sudah bernilai penuh di semua Puskesmas.")
        return
    shown = found[:_MOST_ITEMS]
    yield text(
        f"{len(found)} indikator belum bernilai penuh di sedikitnya satu Puskesmas; {len(shown)} yang terbanyak:"
    )
    columns = (
        Column("No", "left", 0.7),
        Column("Indikator", "left", 4.6),
        Column("Kelompok", "left", 3),
        Column("Belum penuh", "right", 1.3),
        Column("Rata-rata", "right", 1),
        Column("Terendah", "left", 2.2),
    )
    rows = []
    for one in shown:
        above = snapshot.instrumen.groups[snapshot.instrumen.parents[one.item.kode]]
        cells = (
            Cell(one.item.nomor),
            Cell(number_and_name(one.item)),
            Cell(proper(above.nama)),
            Cell(f"{one.below} dari {one.scored}"),
            Cell(value(one.mean), tone=score_tone(one.item, one.mean)),
            Cell(one.least),
        )
        rows.append(Row(cells))
    caption = f"Indikator yang Paling Banyak Belum Bernilai Penuh Tahun {snapshot.tahun}"
    yield Table(columns, tuple(rows), caption=caption, font_size="small")


def _completeness(snapshot: RekapSnapshot) -> Iterator[Block]:
    if snapshot.silent:
        yield text(f"Belum mengisi sama sekali ({len(snapshot.silent)} Puskesmas): {joined(snapshot.silent)}.")
    if snapshot.provisional:
        named = [f"{row.nama} ({str(Submission.State(row.state).label).lower()})" for row in snapshot.provisional]
        yield text(f"Belum terverifikasi ({len(named)} Puskesmas), tidak diperingkat: {joined(named)}.")
    if not snapshot.silent and not snapshot.provisional:
        yield text("Semua Puskesmas sudah mengisi dan terverifikasi.")
    root = snapshot.instrumen.akar.kode
    open_rows = [row for row in snapshot.verified if row.hasil.kelompok[root].is_provisional]
    if open_rows:
        named = [
            f"{row.nama} ({row.hasil.kelompok[root].terjawab} dari {row.hasil.kelompok[root].berlaku})"
            for row in open_rows
        ]
        yield text(f"Terverifikasi dengan butir yang belum bernilai: {joined(named)}.")


def _policies(snapshot: RekapSnapshot) -> Iterator[Block]:
    rows = tuple(Row((Cell(name), Cell(words))) for name, words in policy_words(snapshot.judged))
    columns = (Column("Hal", "left", 1.6), Column("Kebijakan", "left", 5))
    yield Table(columns, rows, caption="Kebijakan Penghitungan yang Dipakai", font_size="small")
    notes = remarks(snapshot)
    if notes:
        yield text("Catatan atas kelas:")
        said = tuple(Row((Cell(name), Cell(words))) for name, words in notes)
        columns = (Column("Puskesmas", "left", 1.6), Column("Catatan", "left", 5))
        yield Table(columns, said, caption="Nilai di Batas Kelas dan Kelas Campuran", font_size="small")
    else:
        yield text("Tidak ada nilai di celah atau di dua pita, dan tidak ada kelas campuran.")
