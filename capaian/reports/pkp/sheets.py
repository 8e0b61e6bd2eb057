"""The workbooks of PKP: every score as an exact number, every mean as a formula that a spreadsheet computes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from capaian.documents.sheets import Sheet, SheetCell, SheetColumn, SheetRow, cell_name
from capaian.reports.formats import DASH, proper
from capaian.reports.pkp.parts import answer_words, policy_words, status_words
from capaian.reports.pkp.snapshot import PkpSnapshot
from capaian.rules.instrumen.hasil import HasilInstrumen, is_flat, leaves, takes_part
from capaian.rules.instrumen.model import Butir, Instrumen, Kebijakan, Kelompok
from capaian.rules.instrumen.reached import reached_of, target_sasaran_of
from capaian.rules.instrumen.skor import Isian
from capaian.rules.numbers import mean

NILAI = "Nilai"
_NOTE = (
    "Nilai kelompok adalah rumus atas nilai di bawahnya; butir yang belum terisi dan yang tidak berlaku tidak ikut "
    "dirata-ratakan."
)


@dataclass(frozen=True)
class TreeRow:
    """A group or an item on a sheet: its row from 0, and how deep it stands."""

    node: Butir | Kelompok
    row: int
    depth: int


class Tree:
    """The instrument line by line as a sheet has it, and the formula of each group over the lines below it."""

    def __init__(self, instrumen: Instrumen, kebijakan: Kebijakan) -> None:
        self.kebijakan = kebijakan
        self.rows: list[TreeRow] = []
        self._add(instrumen.akar, 0)
        self.at = {one.node.kode: one.row for one in self.rows}

    def _add(self, group: Kelompok, depth: int) -> None:
        self.rows.append(TreeRow(group, len(self.rows), depth))
        for child in group.isi:
            if isinstance(child, Kelompok):
                self._add(child, depth + 1)
            else:
                self.rows.append(TreeRow(child, len(self.rows), depth + 1))

    def formula(self, group: Kelompok, column: int) -> str:
        """How a spreadsheet joins the group in a column; empty where that is more than a mean or a sum."""
        if group.agregasi == "jumlah_bobot" or (group.pilihan and self.kebijakan.skor == "kelompok"):
            return ""
        cells = _ranges([self.at[kode] for kode in self._joined(group)], column)
        if not cells:
            return ""
        if group.agregasi == "jumlah":
            return f'IF(COUNT({cells})=0,"",SUM({cells}))'
        scale = f"/{group.maksimum}*100" if group.agregasi == "persen_maksimum" else ""
        return f'IF(COUNT({cells})=0,"",AVERAGE({cells}){scale})'

    def _joined(self, group: Kelompok) -> list[str]:
        """The kode of what is joined: the children, or where the mean is flat the items below."""
        found = leaves(group, self.kebijakan) if is_flat(group, self.kebijakan) else group.isi
        return [child.kode for child in found if takes_part(child, self.kebijakan)]


def _ranges(rows: Sequence[int], column: int) -> str:
    """The cells of rows in a column, neighbours as one range: `E7:E9,E12`."""
    parts: list[tuple[int, int]] = []
    for row in rows:
        if parts and parts[-1][1] == row - 1:
            parts[-1] = (parts[-1][0], row)
        else:
            parts.append((row, row))
    return ",".join(
        cell_name(first, column) if first == last else f"{cell_name(first, column)}:{cell_name(last, column)}"
        for first, last in parts
    )


def exact(value: Decimal | None) -> str:
    """A value as a cell keeps it: as many digits as a spreadsheet has."""
    return "" if value is None else f"{value.normalize():.15g}" if value else "0"


def score_cell(tree: Tree, one: Butir | Kelompok, hasil: HasilInstrumen, column: int) -> SheetCell:
    """The score of an item as a number, or why there is none; a group as its formula with the value that we have."""
    if isinstance(one, Kelompok):
        found = hasil.kelompok[one.kode]
        return SheetCell(number=exact(found.nilai), formula=tree.formula(one, column))
    score = hasil.butir[one.kode]
    if score.nilai is not None:
        return SheetCell(number=exact(score.nilai))
    return SheetCell(DASH if score.status == "tidak_berlaku" else "", tone="muted")


def unit_sheets(snapshot: PkpSnapshot) -> tuple[Sheet, ...]:
    """The workbook of a Puskesmas: the whole instrument with its figures, and the policies."""
    tree = Tree(snapshot.instrumen, snapshot.judged.kebijakan)
    columns = (
        SheetColumn("No", 7),
        SheetColumn("Indikator", 60),
        SheetColumn("Satuan", 14),
        SheetColumn("Target", 14),
        SheetColumn("Sasaran", 12, 0),
        SheetColumn("Target sasaran", 12),
        SheetColumn("Realisasi", 18, 0),
        SheetColumn("Persen riil", 12),
        SheetColumn("Nilai", 10),
        SheetColumn("Keterangan", 40),
    )
    rows = tuple(_unit_row(snapshot, tree, one) for one in tree.rows)
    title = f"Penilaian Kinerja {snapshot.nama} Tahun {snapshot.tahun}"
    notes = (_NOTE, "Persen riil adalah rumus realisasi dibagi sasaran dalam satuan target.")
    whole = snapshot.hasil.label or "belum ada kelas"
    subtitle = f"{snapshot.instrumen.nama}. Tingkat kinerja: {whole}."
    return (
        Sheet(NILAI, title, columns, rows, subtitle, notes, frozen=2),
        policy_sheet(snapshot.judged.instrumen, policy_words(snapshot.judged)),
    )


_SASARAN, _REALISASI, _RIIL, _SCORE = 4, 6, 7, 8


def _unit_row(snapshot: PkpSnapshot, tree: Tree, line: TreeRow) -> SheetRow:
    one = line.node
    score = score_cell(tree, one, snapshot.hasil, _SCORE)
    name = SheetCell(proper(one.nama) if isinstance(one, Kelompok) else one.nama, indent=line.depth)
    if isinstance(one, Kelompok):
        found = snapshot.hasil.kelompok[one.kode]
        kelas = found.kelas.label if found.kelas else ""
        blank = (SheetCell(),) * 6
        return SheetRow((SheetCell(one.nomor), name, *blank, score, SheetCell(kelas)), "group")
    isian = snapshot.isian.get(one.kode)
    note = " ".join((status_words(snapshot.score(one)), *snapshot.score(one).catatan)).strip()
    cells = (SheetCell(one.nomor), name, SheetCell(one.satuan), SheetCell(one.target))
    return SheetRow((*cells, *_figures(one, isian, line.row), score, SheetCell(note)))


def _figures(one: Butir, isian: Isian | None, row: int) -> tuple[SheetCell, ...]:
    """Sasaran, T × S, realisasi and the share; what was answered otherwise stands where the realisasi does."""
    if isian is None or isian.is_empty or isian.tidak_berlaku:
        return (SheetCell(),) * 4
    if one.masukan != "pembilang_penyebut" or isian.nilai.strip():
        return (SheetCell(), SheetCell(), SheetCell(answer_words(one, isian)), SheetCell())
    reached = reached_of(one, isian)
    formula = f"{cell_name(row, _REALISASI)}/{cell_name(row, _SASARAN)}*{one.pengali}" if reached is not None else ""
    return (
        SheetCell(number=exact(isian.sasaran)),
        SheetCell(number=exact(target_sasaran_of(one, isian))),
        SheetCell(number=exact(isian.realisasi)),
        SheetCell(number=exact(reached), formula=formula),
    )


def policy_sheet(instrumen: Instrumen, policies: Sequence[tuple[str, str]], remarks: Sequence[str] = ()) -> Sheet:
    """How it was computed, and what is to be said about it."""
    columns = (SheetColumn("Hal", 28), SheetColumn("Keterangan", 100))
    rows = [
        ("Instrumen", instrumen.nama),
        ("Dasar", f"{instrumen.citation.instrumen}, {instrumen.citation.tempat}"),
        *policies,
        *(("Catatan", one) for one in (*instrumen.catatan, *remarks)),
    ]
    body = tuple(SheetRow((SheetCell(name), SheetCell(words))) for name, words in rows)
    return Sheet("Kebijakan dan catatan", "Kebijakan Penghitungan dan Catatan", columns, body)


def values_sheet(
    instrumen: Instrumen,
    kebijakan: Kebijakan,
    units: Sequence[tuple[str, HasilInstrumen]],
    counted: int,
    title: str,
) -> Sheet:
    """Every score of every Puskesmas: the instrument down, the Puskesmas across, the `counted` first ones averaged."""
    tree = Tree(instrumen, kebijakan)
    columns = (
        SheetColumn("No", 7),
        SheetColumn("Indikator", 52),
        *(SheetColumn(name, 8, is_vertical=True) for name, _ in units),
        SheetColumn("Rata-rata", 10),
    )
    rows = tuple(_values_row(tree, one, units, counted) for one in tree.rows)
    notes = (_NOTE, f"Rata-rata adalah atas {counted} Puskesmas pertama, sejauh mempunyai nilai.")
    return Sheet(NILAI, title, columns, rows, instrumen.nama, notes, frozen=2)


def _values_row(tree: Tree, line: TreeRow, units: Sequence[tuple[str, HasilInstrumen]], counted: int) -> SheetRow:
    one = line.node
    cells = [score_cell(tree, one, hasil, 2 + at) for at, (_, hasil) in enumerate(units)]
    known = [value for _, hasil in units[:counted] if (value := value_of(hasil, one)) is not None]
    span = f"{cell_name(line.row, 2)}:{cell_name(line.row, 1 + counted)}"
    whole = SheetCell(number=exact(mean(known)), formula=f"AVERAGE({span})") if known else SheetCell()
    name = SheetCell(proper(one.nama) if isinstance(one, Kelompok) else one.nama, indent=line.depth)
    return SheetRow((SheetCell(one.nomor), name, *cells, whole), "group" if isinstance(one, Kelompok) else "body")


def value_of(hasil: HasilInstrumen, one: Butir | Kelompok) -> Decimal | None:
    """The unrounded value of a group or an item."""
    return hasil.kelompok[one.kode].nilai if isinstance(one, Kelompok) else hasil.butir[one.kode].nilai
