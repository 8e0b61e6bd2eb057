"""Reading the PKP of a district: each Puskesmas with its values, class and rank, and what one is compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capaian.assessments.models import Hasil, Keluarga, Penilaian
from capaian.assessments.queries import Active, active, pkp_units, stored_hasil
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.rules.instrumen.hasil import classify_part
from capaian.rules.instrumen.model import Bagian, Butir, Instrumen, Kelompok
from capaian.rules.instrumen.peringkat import Peringkat, Peserta, rank
from capaian.rules.numbers import HUNDRED, divide, mean, with_kernel_digits
from capaian.workflow.models import Form, Submission
from capaian.workflow.transitions import COUNTED

# The tones of the heat map, best first (`spm/peta.css`).
_TONES = (4, 3, 0)
NO_TONE = -1
# A mean over fewer would tell one Puskesmas what another has.
FEWEST_OF_MEAN = 3
# A radar needs three corners.
FEWEST_CORNERS = 3
_MOST_OF_NAME = 36
_COMMON = ("indikator ", "upaya ", "pelayanan ", "pencegahan dan pengendalian ")


@dataclass(frozen=True)
class Cell:
    """The value of a group of a unit, as it is shown: the word and tone of its class, and whether it is provisional."""

    group: Kelompok
    row: Hasil | None
    word: str
    tone: int

    @property
    def tampil(self) -> Decimal | None:
        return self.row.tampil if self.row else None

    @property
    def is_provisional(self) -> bool:
        """Whether items that apply are not answered yet."""
        return self.row is not None and self.row.tampil is not None and self.row.terjawab < self.row.berlaku


@dataclass(frozen=True)
class RecapRow:
    """A Puskesmas: its values, the class of the whole, its rank (None: not ranked), and where its sheet is."""

    unit: UnitKerja
    cells: Sequence[Cell]
    kelas: str
    label: str
    tone: int
    state: str
    is_counted: bool
    peringkat: Peringkat[int] | None
    remarks: Sequence[str]
    terjawab: int
    berlaku: int

    @property
    def nomor(self) -> int | None:
        return self.peringkat.nomor if self.peringkat else None


@dataclass(frozen=True)
class Recap:
    """The table of a district; `is_whole` says whether the person sees all of it, and hence ranks."""

    judged: Active
    groups: Sequence[Kelompok]
    rows: Sequence[RecapRow]
    is_whole: bool

    @property
    def verified(self) -> int:
        return sum(1 for row in self.rows if row.is_counted)

    @property
    def ranked(self) -> int:
        return sum(1 for row in self.rows if row.nomor)

    @property
    def by_class(self) -> list[tuple[str, int]]:
        """How many of those that are ranked are in each class, best first."""
        counts = Counter(row.kelas for row in self.rows if row.nomor)
        return [(label, counts[kode]) for kode, label in class_labels(self.judged.instrumen).items()]

    @property
    def remarked(self) -> int:
        """How many have a class with a remark; what is not filled yet is told elsewhere."""
        return sum(1 for row in self.rows if row.kelas and row.remarks)


def recap(office: Office, judged: Active, groups: Sequence[Kelompok], *, everyone: bool = False) -> Recap:
    """The Puskesmas that a person may see, ranked by their verified sheets, with `everyone` by all that have results.

    Four queries, whatever the number of units.
    """
    year, scope = office.tahun_kinerja, office.scope(Permission.VIEW)
    units = [unit for unit in pkp_units(year) if scope.covers(unit.pk)]
    stored = stored_hasil(year, judged.versi, kelompok=_wanted(judged.instrumen, groups))
    states = sheet_states(year)
    is_whole = office.allows_everywhere(Permission.VIEW)
    ranked = _ranked(judged, units, stored, states, everyone) if is_whole else {}
    rows = [_row(judged, unit, stored.get(unit.pk, {}), states, groups, ranked.get(unit.pk)) for unit in units]
    places = {unit.pk: number for number, unit in enumerate(units)}
    rows.sort(key=lambda row: (row.nomor is None, row.nomor or 0, places[row.unit.pk]))
    return Recap(judged, groups, rows, is_whole)


def sheet_states(year: TahunKinerja) -> dict[int | None, str]:
    """Where the sheet of each unit is, by unit id; nothing of those that nobody has touched. One query."""
    rows = Submission.objects.filter(tahun_kinerja=year, form=Form.PKP, periode=0).order_by()
    return dict(rows.values_list("unit", "state"))


def class_labels(instrumen: Instrumen) -> dict[str, str]:
    """The classes of the whole, best first: kode and name."""
    return {band.kode: band.label for part in instrumen.klasifikasi[:1] for band in part.skala.bands}


def tone_of(instrumen: Instrumen, kelas: str) -> int:
    """The tone of a class, the best green and the worst red; `NO_TONE` where there is none."""
    order = list(class_labels(instrumen))
    if kelas not in order:
        return NO_TONE
    at, last = order.index(kelas), max(len(order) - 1, 1)
    return _TONES[round(at * (len(_TONES) - 1) / last)]


def part_of(instrumen: Instrumen, kode: str) -> Bagian | None:
    """The classified part that a group is, or belongs to."""
    parts = {part.kelompok: part for part in instrumen.klasifikasi}
    above: str | None = kode
    while above is not None and above not in parts:
        above = instrumen.parents.get(above)
    return parts.get(above) if above else None


@with_kernel_digits
def group_class(judged: Active, group: Kelompok, nilai: Decimal | None) -> tuple[str, str]:
    """Kode and name of the class that a group's unrounded value would have in the scale of its part; empty for none.

    Only the parts are classified by the document; below them the scale shows where the strong and weak groups are.
    """
    part = part_of(judged.instrumen, group.kode)
    if part is None or nilai is None:
        return "", ""
    # Below a percentage of the best stand groups of 0 to 10: their values are read in the unit of the part.
    found = classify_part(
        part, divide(nilai * judged.instrumen.groups[part.kelompok].best, group.best), judged.kebijakan
    )
    return found.kode or "", found.label


def cell_of(judged: Active, group: Kelompok, row: Hasil | None) -> Cell:
    """The value of a group as a cell."""
    kode, label = group_class(judged, group, row.nilai if row else None)
    return Cell(group, row, label, tone_of(judged.instrumen, kode))


def shown_groups(instrumen: Instrumen, kode: str = "") -> list[Kelompok]:
    """The columns of the recap: the classified parts (the groups below the root where none is), or those of a group."""
    if kode:
        return child_groups(instrumen.groups[kode])
    parts = [instrumen.groups[part.kelompok] for part in instrumen.klasifikasi]
    return parts or child_groups(instrumen.akar)


def child_groups(group: Kelompok) -> list[Kelompok]:
    """The groups right below a group."""
    return [child for child in group.isi if isinstance(child, Kelompok)]


def detail_groups(instrumen: Instrumen) -> list[Kelompok]:
    """The groups that the recap can be opened by: the parts and those right below them that hold several groups."""
    found = []
    for part in shown_groups(instrumen):
        found += [one for one in (part, *child_groups(part)) if len(child_groups(one)) > 1]
    return found


def radar_groups(instrumen: Instrumen) -> list[tuple[str, list[Kelompok]]]:
    """The spider charts, each with a title and its corners: all efforts, and the programmes of the largest of them.

    Corners are the groups right below the parts, or a part itself that holds none.
    """
    corners = [one for part in shown_groups(instrumen) for one in (child_groups(part) or [part])]
    found = [("Semua bagian", corners)]
    inner = [one for one in corners if len(child_groups(one)) >= FEWEST_CORNERS]
    if inner:
        largest = max(inner, key=lambda one: len(list(one.items())))
        found.append((largest.nama, child_groups(largest)))
    return [(title, groups) for title, groups in found if len(groups) >= FEWEST_CORNERS]


def short_name(group: Kelompok) -> str:
    """The name of a group where there is little room: without the words that many begin with, then cut."""
    name = group.nama
    for words in _COMMON:
        if len(name) > _MOST_OF_NAME and name.casefold().startswith(words):
            name = name[len(words) :]
    name = f"{name[:1].upper()}{name[1:]}"
    return name if len(name) <= _MOST_OF_NAME else f"{name[:_MOST_OF_NAME].rsplit(' ', 1)[0]} …"


@with_kernel_digits
def share_of(one: Butir | Kelompok, value: Decimal | None) -> Decimal | None:
    """A value as a percentage of the best that its item or group can have, so that different units fit into a chart."""
    return None if value is None else divide(value * HUNDRED, one.best)


@dataclass(frozen=True)
class DistrictMean:
    """The mean of each group over the verified Puskesmas, by kode; empty where there are too few to show one."""

    count: int
    values: Mapping[str, Decimal]


@with_kernel_digits
def district_mean(year: TahunKinerja, judged: Active, kode: Collection[str]) -> DistrictMean:
    """The mean of groups over the units whose sheet is verified, unrounded. Two queries."""
    states = sheet_states(year)
    counted = [pk for pk, state in states.items() if state in COUNTED]
    if len(counted) < FEWEST_OF_MEAN:
        return DistrictMean(len(counted), {})
    stored = stored_hasil(year, judged.versi, kelompok=kode)
    values: dict[str, list[Decimal]] = {}
    for pk in counted:
        for row in stored.get(pk, {}).values():
            if row.nilai is not None:
                values.setdefault(row.kelompok, []).append(row.nilai)
    known = {one: mean(found) for one, found in values.items() if len(found) >= FEWEST_OF_MEAN}
    return DistrictMean(len(counted), known)


def year_before(year: TahunKinerja, unit: UnitKerja, judged: Active) -> tuple[str, dict[str, Hasil]]:
    """The stored results of a unit of the year before by group, and by which version of the instrument. One query.

    Nothing for another instrument: what its kode name need not be the same.
    """
    rows = Hasil.objects.filter(
        penilaian__tahun_kinerja__tahun=year.tahun - 1,
        penilaian__tahun_kinerja__instansi=year.instansi_id,
        penilaian__unit=unit,
        penilaian__tingkat=Penilaian.Tingkat.MANDIRI,
        penilaian__versi__pengaturan__tahun_kinerja__tahun=year.tahun - 1,
        penilaian__versi__pengaturan__tahun_kinerja__instansi=year.instansi_id,
        penilaian__versi__instrumen=judged.versi.instrumen_id,
    ).select_related("penilaian__versi__instrumen")
    found = {row.kelompok: row for row in rows}
    versi = str(next(iter(found.values())).penilaian.versi) if found else ""
    return versi, found


def named_item(judged: Active, kode: str) -> Butir | Kelompok | None:
    """The item or group of a kode."""
    return judged.instrumen.items.get(kode) or judged.instrumen.groups.get(kode)


def judged_by(year: TahunKinerja) -> Active | None:
    """What judges the Puskesmas of a year; None where nothing is chosen. One query."""
    return active(year, Keluarga.PKP)


def _wanted(instrumen: Instrumen, groups: Sequence[Kelompok]) -> set[str]:
    compared = {one for one in instrumen.peringkat if one in instrumen.groups}
    parts = {part.kelompok for part in instrumen.klasifikasi}
    return {instrumen.akar.kode, *compared, *parts, *(one.kode for one in groups)}


def _ranked(
    judged: Active,
    units: Sequence[UnitKerja],
    stored: Mapping[int | None, Mapping[str, Hasil]],
    states: Mapping[int | None, str],
    everyone: bool,
) -> dict[int, Peringkat[int]]:
    root = judged.instrumen.akar.kode
    able = [
        Peserta(unit.pk, stored[unit.pk][root].kelas, {kode: row.nilai for kode, row in stored[unit.pk].items()})
        for unit in units
        if root in stored.get(unit.pk, {}) and (everyone or states.get(unit.pk) in COUNTED)
    ]
    return {one.kunci: one for one in rank(able, judged.instrumen)}


def _row(
    judged: Active,
    unit: UnitKerja,
    stored: Mapping[str, Hasil],
    states: Mapping[int | None, str],
    groups: Sequence[Kelompok],
    peringkat: Peringkat[int] | None,
) -> RecapRow:
    root = stored.get(judged.instrumen.akar.kode)
    labels = class_labels(judged.instrumen)
    kelas = root.kelas if root else ""
    parts = [stored[part.kelompok] for part in judged.instrumen.klasifikasi if part.kelompok in stored]
    remarks = [note for row in (*parts, *([root] if root else [])) for note in row.catatan]
    return RecapRow(
        unit=unit,
        cells=[cell_of(judged, group, stored.get(group.kode)) for group in groups],
        kelas=kelas,
        label=labels.get(kelas, ""),
        tone=tone_of(judged.instrumen, kelas),
        state=states.get(unit.pk, "draf" if root and root.terjawab else "belum"),
        is_counted=states.get(unit.pk) in COUNTED,
        peringkat=peringkat,
        remarks=list(dict.fromkeys(remarks)) if root and root.terjawab else [],
        terjawab=sum(row.terjawab for row in parts),
        berlaku=sum(row.berlaku for row in parts),
    )
