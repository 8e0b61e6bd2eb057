"""The workbook of the recap: the ranking, every score of every Puskesmas with means as formulas, what most lack."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.sheets import Sheet, SheetCell, SheetColumn, SheetRow, cell_name
from capaian.reports.formats import DASH, proper
from capaian.reports.pkp.parts import bands_of, class_tone, label_of, policy_words
from capaian.reports.pkp.rekap_snapshot import RekapSnapshot, UnitRow, below_target, remarks
from capaian.reports.pkp.sheets import NILAI, Tree, exact, policy_sheet, values_sheet
from capaian.reports.pkp.snapshot import parts_of
from capaian.rules.numbers import mean
from capaian.workflow.models import Submission

_FIRST_PART = 3
# In the sheet of scores the Puskesmas stand across, after number and name of the indicator.
_FIRST_UNIT = 2


def rekap_sheets(snapshot: RekapSnapshot) -> tuple[Sheet, ...]:
    """Ranking, scores, items and policies."""
    units = [(row.nama if row.is_verified else f"{row.nama} (sementara)", row.hasil) for row in snapshot.rows]
    title = f"Nilai Setiap Indikator Menurut Puskesmas Tahun {snapshot.tahun}"
    notes = [f"{name}: {words}" for name, words in remarks(snapshot)]
    return (
        _ranking(snapshot),
        values_sheet(snapshot.instrumen, snapshot.judged.kebijakan, units, len(snapshot.counted), title),
        _items(snapshot),
        policy_sheet(snapshot.instrumen, policy_words(snapshot.judged), notes),
    )


def _ranking(snapshot: RekapSnapshot) -> Sheet:
    parts = parts_of(snapshot.instrumen)
    columns = (
        SheetColumn("Peringkat", 10, 0),
        SheetColumn("Puskesmas", 34),
        SheetColumn("Status", 16),
        *(SheetColumn(proper(part.nama), 14) for part in parts),
        SheetColumn("Tingkat kinerja", 18, 0),
    )
    tree = Tree(snapshot.instrumen, snapshot.judged.kebijakan)
    body = [_ranked(snapshot, tree, at, row) for at, row in enumerate(snapshot.rows)]
    title = f"Rekapitulasi Penilaian Kinerja Puskesmas {snapshot.office.daerah} Tahun {snapshot.tahun}"
    who = "terverifikasi" if snapshot.verified else "yang sudah terisi"
    notes = (f"Rata-rata dan banyaknya adalah atas {len(snapshot.counted)} Puskesmas {who}.",)
    rows = (*body, _means(snapshot), *_counts(snapshot, len(columns) - 1))
    return Sheet("Peringkat", title, columns, rows, snapshot.instrumen.nama, notes, frozen=2)


def _ranked(snapshot: RekapSnapshot, tree: Tree, at: int, row: UnitRow) -> SheetRow:
    """A Puskesmas, its values taken from the sheet of scores."""
    state = str(Submission.State(row.state).label)
    values = [
        SheetCell(
            number=exact(nilai),
            formula=cell_name(tree.at[part.kode], _FIRST_UNIT + at, NILAI) if nilai is not None else "",
        )
        for part in parts_of(snapshot.instrumen)
        for nilai in (row.hasil.kelompok[part.kode].nilai,)
    ]
    kelas = label_of(snapshot.instrumen, row.hasil.kelas) if row.hasil.kelas else row.hasil.label or DASH
    place = SheetCell(DASH) if row.nomor is None else SheetCell(number=str(row.nomor))
    tone = class_tone(snapshot.instrumen, row.hasil.kelas)
    return SheetRow((place, SheetCell(row.nama), SheetCell(state), *values, SheetCell(kelas, tone=tone)))


def _means(snapshot: RekapSnapshot) -> SheetRow:
    cells = [SheetCell(), SheetCell("Rata-rata"), SheetCell()]
    for at, part in enumerate(parts_of(snapshot.instrumen), start=_FIRST_PART):
        known = [nilai for row in snapshot.counted if (nilai := row.hasil.kelompok[part.kode].nilai) is not None]
        span = f"{cell_name(0, at)}:{cell_name(len(snapshot.counted) - 1, at)}"
        cells.append(SheetCell(number=exact(mean(known)), formula=f"AVERAGE({span})") if known else SheetCell())
    return SheetRow((*cells, SheetCell()), "total")


def _counts(snapshot: RekapSnapshot, column: int) -> Iterator[SheetRow]:
    """How many are in each class, counted in the column of classes."""
    span = f"{cell_name(0, column)}:{cell_name(len(snapshot.counted) - 1, column)}"
    blank = (SheetCell(),) * (column - 2)
    for band in bands_of(snapshot.instrumen):
        number = str(sum(1 for row in snapshot.counted if row.hasil.kelas == band.kode))
        count = SheetCell(number=number, formula=f'COUNTIF({span},"{band.label}")')
        yield SheetRow((SheetCell(), SheetCell(f"Banyaknya {band.label}"), *blank, count))


def _items(snapshot: RekapSnapshot) -> Sheet:
    columns = (
        SheetColumn("No", 7),
        SheetColumn("Indikator", 60),
        SheetColumn("Kelompok", 40),
        SheetColumn("Belum penuh", 12, 0),
        SheetColumn("Bernilai", 12, 0),
        SheetColumn("Rata-rata", 12),
        SheetColumn("Terendah", 30),
    )
    rows = []
    for one in below_target(snapshot):
        above = snapshot.instrumen.groups[snapshot.instrumen.parents[one.item.kode]]
        numbers = (SheetCell(number=str(one.below)), SheetCell(number=str(one.scored)),
                   SheetCell(number=exact(one.mean)))  # fmt: skip
        names = (SheetCell(one.item.nomor), SheetCell(one.item.nama), SheetCell(proper(above.nama)))
        rows.append(SheetRow((*names, *numbers, SheetCell(one.least))))
    title = f"Indikator yang Belum Bernilai Penuh Tahun {snapshot.tahun}"
    return Sheet("Indikator", title, columns, tuple(rows), snapshot.instrumen.nama, frozen=2)
