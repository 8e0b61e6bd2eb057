"""Laporan Pengukuran Kinerja: what was planned, reached and spent up to a quarter, and why."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Run,
    Signature,
    Table,
    text,
)
from capaian.documents.grid import without_empty_columns
from capaian.reports.errors import ReportError
from capaian.reports.formats import DASH, STATUS, TONE, VERSI, money, percent, points, proper, rupiah
from capaian.reports.parts import place_and_date, signing_head
from capaian.reports.snapshot import Measured, NodeRow, Quarter, Snapshot
from capaian.rules.efisiensi import compute_serapan
from capaian.rules.numbers import format_number
from capaian.rules.periods import ROMAN

EMPTY = "belum diisi"
_LAST = 4


def build_pengukuran(snapshot: Snapshot, triwulan: int) -> Document:
    """The measurement up to a quarter (1–4): per indicator against the quarter and against the year, money per node.

    Rows without realisasi say so. Raises `ReportError` for a year without indicators or for another quarter.
    """
    if not 1 <= triwulan <= _LAST:
        raise ReportError(f"Triwulan {triwulan} tidak ada; pilih 1 sampai 4.")
    indikator = _all(snapshot)
    if not indikator:
        raise ReportError(
            f"Laporan pengukuran {snapshot.tahun} belum dapat disusun: belum ada indikator dengan target untuk tahun "
            "ini. Isi indikator dan target pada halaman Perencanaan, lalu buat lagi."
        )
    roman = ROMAN[triwulan - 1]
    title = f"LAPORAN PENGUKURAN KINERJA TRIWULAN {roman}"
    blocks: list[Block] = [
        Heading(1, f"{title}\n{snapshot.office.nama.upper()}\nTAHUN {snapshot.tahun}"),
        _summary(snapshot, indikator, triwulan),
    ]
    if snapshot.iku:
        blocks += [Heading(2, "Indikator Kinerja Utama", "A."), _iku_table(snapshot, triwulan)]
    blocks += [Heading(2, "Program, Kegiatan, dan Sub Kegiatan", "B."), *_node_part(snapshot, triwulan)]
    blocks += [Heading(2, "Penjelasan dan Tindak Lanjut", "C."), *_factors(indikator)]
    blocks.append(Signature((signing_head(snapshot, place_and_date(snapshot)),)))
    return Document(
        title=f"{title} TAHUN {snapshot.tahun} {snapshot.office.nama.upper()}",
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        footer=f"Pengukuran Kinerja Triwulan {roman} {snapshot.tahun} · {snapshot.office.nama}",
        orientation="landscape",
    )


def _all(snapshot: Snapshot) -> list[Measured]:
    """Every indicator with a target for the year, those of sasaran first."""
    nodes = (one for node in snapshot.nodes for one in node.indikator)
    return [one for one in (*snapshot.iku, *nodes) if one.target]


def _quarter(one: Measured, triwulan: int) -> Quarter:
    return one.quarters[triwulan - 1] if one.quarters else Quarter("", "", "")


def _summary(snapshot: Snapshot, indikator: list[Measured], triwulan: int) -> Paragraph:
    """One paragraph whose figures are counted from the very rows of the tables below."""
    quarters = [_quarter(one, triwulan) for one in indikator]
    measured = [quarter for quarter in quarters if quarter.score]
    reached = [quarter for quarter in measured if quarter.score and quarter.score.status == "tercapai"]
    spent, is_year = _spent(snapshot, triwulan)
    serapan = compute_serapan(snapshot.pagu, spent)
    when = "sampai akhir tahun" if is_year else f"sampai triwulan {ROMAN[triwulan - 1]}"
    runs = [Run(f"Dari {format_number(len(indikator))} indikator yang bertarget pada tahun {snapshot.tahun}, ")]
    if measured:
        runs += [
            Run(f"{format_number(len(measured))} sudah terisi", bold=True),
            Run(f" sampai triwulan {ROMAN[triwulan - 1]} dan "),
            Run(f"{format_number(len(reached))} tercapai", bold=True),
            Run(f"; {format_number(len(indikator) - len(measured))} {EMPTY}. "),
        ]
    else:
        runs += [Run("belum ada yang terisi", bold=True), Run(f" sampai triwulan {ROMAN[triwulan - 1]}. ")]
    if spent is None:
        runs.append(Run(f"Realisasi anggaran {EMPTY}; pagu {rupiah(snapshot.pagu)}."))
    else:
        runs.append(
            Run(
                f"Realisasi anggaran {when} {rupiah(spent)} dari pagu {rupiah(snapshot.pagu)}, "
                f"serapan {percent(serapan.tampil)}."
            )
        )
    return Paragraph(tuple(runs))


def _spent(snapshot: Snapshot, triwulan: int) -> tuple[int | None, bool]:
    """What the office spent up to the quarter, and whether that is the year's figure (no quarter was entered)."""
    amounts = [_spent_on(node, triwulan) for node in snapshot.nodes if node.depth == 0]
    known = [amount for amount, _ in amounts if amount is not None]
    return (sum(known), any(is_year for _, is_year in amounts)) if known else (None, False)


def _spent_on(node: NodeRow, triwulan: int) -> tuple[int | None, bool]:
    """The money of a node at the end of the quarter; the fourth quarter of a year stated as a whole is the year."""
    if node.realisasi_triwulan and node.realisasi_triwulan[triwulan - 1] is not None:
        return node.realisasi_triwulan[triwulan - 1], False
    return (node.realisasi, True) if triwulan == _LAST else (None, False)


def _columns(triwulan: int, first: tuple[Column, ...]) -> tuple[Column, ...]:
    roman = ROMAN[triwulan - 1]
    return (
        *first,
        Column("Satuan", "left", 1.2),
        Column("Target tahun", "right", 1.1),
        Column("Target", "right", 0.9, f"Triwulan {roman}"),
        Column("Realisasi", "right", 1.05, f"Triwulan {roman}"),
        Column(f"Realisasi s.d. TW {roman}", "right", 1.1),
        Column(f"s.d. TW {roman}", "right", 0.95, "Capaian (%)"),
        Column("thd. tahun", "right", 0.95, "Capaian (%)"),
        Column("Status", "left", 1.15),
    )


def _measure_cells(one: Measured, triwulan: int) -> tuple[Cell, ...]:
    quarter = _quarter(one, triwulan)
    status = quarter.score.status if quarter.score else ""
    filled = quarter.realisasi or (quarter.sampai if quarter.score else "")
    return (
        Cell(one.satuan),
        Cell(one.target or DASH),
        Cell(quarter.target or DASH),
        Cell(quarter.realisasi or (DASH if filled else EMPTY), tone="" if filled else "muted"),
        Cell(quarter.sampai or DASH),
        Cell(points(quarter.score.tampil if quarter.score else None)),
        Cell(points(quarter.score_tahun.tampil if quarter.score_tahun else None)),
        Cell(STATUS[status] if status else EMPTY.capitalize(), tone=TONE[status] if status else "muted"),  # type: ignore[arg-type]
    )


def _iku_table(snapshot: Snapshot, triwulan: int) -> Table:
    first = (Column("No", "center", 0.45), Column("Sasaran Strategis", "left", 2.6), Column("Indikator", "left", 2.8))
    rows = []
    previous = None
    for number, one in enumerate(snapshot.iku, start=1):
        sasaran = "" if one.sasaran == previous else one.sasaran
        previous = one.sasaran
        rows.append(Row((Cell(str(number)), Cell(sasaran), Cell(one.nama), *_measure_cells(one, triwulan))))
    caption = f"Pengukuran Indikator Kinerja Utama sampai Triwulan {ROMAN[triwulan - 1]} Tahun {snapshot.tahun}"
    whole = Table(_columns(triwulan, first), tuple(rows), caption=caption, font_size="small")
    return _filled(snapshot, triwulan, whole)


def _filled(snapshot: Snapshot, triwulan: int, table: Table) -> Table:
    """While nothing at all has been measured, the table without its columns of results; else both tables look alike."""
    measured = any(_quarter(one, triwulan).score for one in _all(snapshot))
    return table if measured else without_empty_columns(table)


def _node_part(snapshot: Snapshot, triwulan: int) -> Iterator[Block]:
    first = (Column("Program / Kegiatan / Sub Kegiatan dan indikatornya", "left", 5.0),)
    rows = [row for node in snapshot.nodes for row in _node_rows(node, triwulan, len(_columns(triwulan, first)))]
    until = f"sampai Triwulan {ROMAN[triwulan - 1]} Tahun {snapshot.tahun}"
    if rows:
        caption = f"Pengukuran Kinerja {until}"
        yield _filled(snapshot, triwulan, Table(_columns(triwulan, first), tuple(rows), caption, font_size="small"))
    yield _money_table(snapshot, triwulan, f"Realisasi Anggaran {until}")
    if _spent(snapshot, triwulan)[1]:
        yield text("Realisasi anggaran hanya diisi untuk setahun; angka setahun dipakai untuk triwulan IV.", "note")


def _node_rows(node: NodeRow, triwulan: int, width: int) -> Iterator[Row]:
    lines = [one for one in node.indikator if one.target]
    if not lines:
        return
    name = f"{node.kode} {proper(node.nama)}".strip()
    yield Row((Cell(name, colspan=width, indent=node.depth),), role="group")
    for one in lines:
        yield Row((Cell(proper(one.nama), indent=node.depth + 1), *_measure_cells(one, triwulan)))


def _money_table(snapshot: Snapshot, triwulan: int, caption: str) -> Table:
    columns = (
        Column("Kode", "left", 1.6),
        Column("Program / Kegiatan / Sub Kegiatan", "left", 6),
        Column(f"Pagu {VERSI.get(snapshot.versi, '')} (Rp)".replace("  ", " "), "right", 1.9),
        Column("Realisasi (Rp)", "right", 1.9),
        Column("Sisa (Rp)", "right", 1.9),
        Column("Serapan (%)", "right", 1.1),
    )
    rows = []
    for node in snapshot.nodes:
        if node.pagu is None and node.realisasi is None:
            continue
        amounts = _money_cells(node.pagu, _spent_on(node, triwulan)[0], bold=node.depth == 0)
        name = Cell(proper(node.nama), indent=node.depth, bold=node.depth == 0)
        rows.append(Row((Cell(node.kode, bold=node.depth == 0), name, *amounts)))
    total = _money_cells(snapshot.pagu, _spent(snapshot, triwulan)[0], bold=True)
    rows.append(Row((Cell("Jumlah", colspan=2, align="center"), *total), role="total"))
    return without_empty_columns(Table(columns, tuple(rows), caption=caption, font_size="small"))


def _money_cells(pagu: int | None, spent: int | None, *, bold: bool) -> tuple[Cell, ...]:
    serapan = compute_serapan(pagu, spent).tampil
    sisa = pagu - spent if pagu is not None and spent is not None else None
    return (
        Cell(money(pagu), bold=bold),
        Cell(
            money(spent) if spent is not None else EMPTY,
            bold=bold and spent is not None,
            tone="" if spent is not None else "muted",
        ),
        Cell(money(sisa), bold=bold),
        Cell(points(serapan), bold=bold),
    )


def _factors(indikator: list[Measured]) -> Iterator[Block]:
    """What was written about indicators: why, what stood in the way, what is being done."""
    told = [one for one in indikator if one.uraian or one.penghambat or one.tindak_lanjut]
    if not told:
        yield text("Belum ada penjelasan yang ditulis untuk indikator tahun ini.", "note")
        return
    parts = [
        ("Penjelasan", 3.4, [one.uraian for one in told]),
        ("Faktor penghambat", 3.0, [_listed(one.penghambat) for one in told]),
        ("Tindak lanjut", 3.0, [_listed(one.tindak_lanjut) for one in told]),
    ]
    # A column in which nobody wrote anything is left out.
    parts = [part for part in parts if any(part[2])]
    columns = (Column("Indikator", "left", 2.2), *(Column(head, "left", width) for head, width, _ in parts))
    rows = tuple(
        Row((Cell(proper(one.nama)), *(Cell(texts[place]) for _, _, texts in parts))) for place, one in enumerate(told)
    )
    yield Table(columns, rows, caption="Penjelasan Capaian dan Rencana Tindak Lanjut", font_size="small")


def _listed(items: tuple[str, ...]) -> str:
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)) if len(items) > 1 else "".join(items)
