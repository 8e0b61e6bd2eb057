"""Reading the worksheet of an AKIP evaluation: its criteria, with the three tiers side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from capaian.assessments.actions_lke import mark_of
from capaian.assessments.models import BuktiPenilaian, Keluarga, Penilaian
from capaian.assessments.queries import Active, active, isian_by_penilaian
from capaian.assessments.queries_akip import Official, official_of, remarks_of, year_before
from capaian.assessments.tiers import RIGHTS, TIERS, Tingkat, within
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Office
from capaian.rules.instrumen.hasil import HasilInstrumen, evaluate
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.skor import Isian
from capaian.rules.lke import EVALUATOR_GRADES, MET, UNMET, Saran, suggest_grade
from capaian.rules.numbers import HUNDRED, divide, round_half_up

NOTHING = Isian()


@dataclass(frozen=True)
class Tier:
    """One tier as it stands: what was answered, what that makes, and whether the person may write it now.

    `waits` says why nobody can write it yet, or any more; empty while it is open.
    """

    tingkat: Penilaian.Tingkat
    penilaian: Penilaian | None
    answers: Mapping[str, Isian]
    hasil: HasilInstrumen | None
    waits: str
    can_write: bool

    @property
    def label(self) -> str:
        return str(self.tingkat.label)

    @property
    def within(self) -> str:
        """The name within a sentence."""
        return within(self.label)

    @property
    def is_closed(self) -> bool:
        return bool(self.penilaian and self.penilaian.selesai_pada)


@dataclass(frozen=True)
class AnswerCell:
    """The answer of one tier to a criterion or sub-component, as a page shows it."""

    label: str
    nilai: str
    catatan: str
    teks: str
    differs: bool
    is_written: bool
    mark: str = ""
    error: str = ""


@dataclass(frozen=True)
class Line:
    """A criterion, or the grade of a sub-component, over the tiers."""

    kode: str
    nomor: str
    nama: str
    choices: tuple[tuple[str, str], ...]
    cells: tuple[AnswerCell, ...]
    satuan: str = ""
    bukti: tuple[BuktiPenilaian, ...] = ()

    @property
    def written(self) -> AnswerCell | None:
        """The cell that the person may write."""
        return next((one for one in self.cells if one.is_written), None)

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What the other tiers noted, with whose note it is."""
        return [(cell.label, cell.catatan) for cell in self.cells if cell.catatan and not cell.is_written]


@dataclass(frozen=True)
class Value:
    """A value of a group in one tier: as shown, in percent of its weight, and how it came (grade, printed)."""

    tingkat: str
    tampil: Decimal | None = None
    persen: Decimal | None = None
    jawaban: str = ""
    is_provisional: bool = False
    catatan: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A sub-component with its criteria; `grade` is its own line where it is graded as a whole."""

    group: Kelompok
    komponen: str
    lines: tuple[Line, ...]
    grade: Line | None
    values: tuple[Value, ...]
    saran: Saran | None

    @property
    def is_off(self) -> bool:
        """Whether the grade that the person gives differs from the one that the criteria suggest."""
        cell = self.grade.written if self.grade else None
        if cell is None or self.saran is None or not (cell.nilai and self.saran.kode):
            return False
        # What lies beyond all criteria met is never suggested, and needs its reason anyway.
        return cell.nilai != self.saran.kode and not (self.saran.kode == MET and cell.nilai in EVALUATOR_GRADES)


@dataclass(frozen=True)
class ComponentRow:
    """A component (or the whole): its weight, its value in each tier, last year's, and the change since."""

    group: Kelompok
    bobot: Decimal
    values: tuple[Value, ...]
    lalu: Decimal | None
    selisih: Decimal | None


@dataclass(frozen=True)
class Worksheet:
    """Everything that the page of an evaluation shows; `sumber` is the report that its values were taken from."""

    judged: Active
    tiers: tuple[Tier, ...]
    components: tuple[ComponentRow, ...]
    total: ComponentRow
    sections: tuple[Section, ...]
    last: Official | None
    notes: tuple[str, ...]
    sumber: str = ""
    sections_by_kode: Mapping[str, Section] = field(default_factory=dict)

    @property
    def written(self) -> Tier | None:
        """The tier that the person may write now."""
        return next((one for one in self.tiers if one.can_write), None)

    @property
    def tier_rows(self) -> list[tuple[Tier, Value]]:
        """Each tier with what the whole makes in it."""
        return list(zip(self.tiers, self.total.values, strict=True))

    @property
    def printed(self) -> bool:
        return bool(self.sumber)

    @property
    def by_group(self) -> bool:
        return self.judged.kebijakan.skor == "kelompok"

    @property
    def has_answers(self) -> bool:
        return any(one.answers for one in self.tiers)

    @property
    def final(self) -> Tier:
        return self.tiers[-1]


@dataclass(frozen=True)
class Typed:
    """What was sent and refused, by kode: it stays on the page with why."""

    nilai: Mapping[str, str] = field(default_factory=dict)
    catatan: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def read_worksheet(office: Office, typed: Typed | None = None) -> Worksheet | None:
    """The worksheet of a year as this person sees it; None where the office has chosen no instrument.

    The number of queries does not grow with the criteria.
    """
    year = office.tahun_kinerja
    judged = active(year, Keluarga.LKE)
    if judged is None:
        return None
    tiers = _tiers(office, judged)
    last = official_of(year_before(year))
    sections = tuple(_sections(judged, tiers, _bukti(tiers), typed or Typed()))
    return Worksheet(
        judged,
        tiers,
        tuple(_component(judged, tiers, last, one) for one in judged.instrumen.akar.isi if isinstance(one, Kelompok)),
        _component(judged, tiers, last, judged.instrumen.akar),
        sections,
        last,
        tuple(_remarks(year, judged, tiers)),
        next((said for one in tiers if (said := one.answers.get(judged.instrumen.akar.kode, NOTHING).catatan)), ""),
        {one.group.kode: one for one in sections},
    )


def _tiers(office: Office, judged: Active) -> tuple[Tier, ...]:
    stored = Penilaian.objects.filter(tahun_kinerja=office.tahun_kinerja, versi=judged.versi, unit=None)
    rows = {Tingkat(one.tingkat): one for one in stored}
    answers = isian_by_penilaian([one.pk for one in rows.values()])
    found: list[Tier] = []
    for place, tingkat in enumerate(TIERS):
        row = rows.get(tingkat)
        given = answers.get(row.pk, {}) if row else {}
        waits = _waits(rows, place)
        may = office.allows(RIGHTS[tingkat]) and not waits and not any(one.can_write for one in found)
        hasil = evaluate(judged.instrumen, given, (), judged.kebijakan) if row else None
        found.append(Tier(tingkat, row, given, hasil, waits, may))
    return tuple(found)


def _waits(rows: Mapping[Penilaian.Tingkat, Penilaian], place: int) -> str:
    """Why a tier cannot be written; the same order as `actions_lke` holds to."""
    row = rows.get(TIERS[place])
    if row is not None and row.selesai_pada:
        return "Sudah ditutup."
    former = next((rows[one] for one in reversed(TIERS[:place]) if one in rows), None)
    if former is not None and not former.selesai_pada:
        return f"Menunggu {within(former.get_tingkat_display())} ditutup."
    if row is None and any(one in rows for one in TIERS[place + 1 :]):
        return "Tidak diisi."
    return ""


def _bukti(tiers: tuple[Tier, ...]) -> Mapping[str, list[BuktiPenilaian]]:
    found: dict[str, list[BuktiPenilaian]] = defaultdict(list)
    ids = [one.penilaian.pk for one in tiers if one.penilaian]
    for row in BuktiPenilaian.objects.filter(penilaian__in=ids).select_related("penilaian", "by"):
        found[row.butir].append(row)
    return found


def _sections(
    judged: Active, tiers: tuple[Tier, ...], bukti: Mapping[str, list[BuktiPenilaian]], typed: Typed
) -> list[Section]:
    """The groups that hold criteria, in printed order."""
    found = []
    for komponen in judged.instrumen.akar.isi:
        if not isinstance(komponen, Kelompok):
            continue
        for group in komponen.groups():
            items = [one for one in group.isi if isinstance(one, Butir)]
            if items:
                found.append(_section(judged, tiers, komponen, group, items, bukti, typed))
    return found


def _section(
    judged: Active,
    tiers: tuple[Tier, ...],
    komponen: Kelompok,
    group: Kelompok,
    items: list[Butir],
    bukti: Mapping[str, list[BuktiPenilaian]],
    typed: Typed,
) -> Section:
    graded = bool(group.pilihan) and judged.kebijakan.skor == "kelompok"
    lines = tuple(
        _line(tiers, one.kode, one.nomor, one.nama, _item_choices(one, graded=graded), bukti, typed, one.satuan)
        for one in items
    )
    grade, saran = None, None
    if graded:
        choices = tuple((one.kode, one.kode) for one in group.pilihan)
        grade = _line(tiers, group.kode, group.nomor, group.nama, choices, bukti, typed)
        saran = _saran(lines, tiers)
    return Section(group, komponen.nama, lines, grade, tuple(_value(one, group) for one in tiers), saran)


def _item_choices(item: Butir, *, graded: bool) -> tuple[tuple[str, str], ...]:
    if not graded:
        return tuple((one.kode, one.kode) for one in item.pilihan)
    return ((MET, "Terpenuhi"), (UNMET, "Tidak"))


def _saran(lines: tuple[Line, ...], tiers: tuple[Tier, ...]) -> Saran:
    """The grade that the criteria suggest: those of the tier that is written, else of the highest with answers."""
    place = next((number for number, one in enumerate(tiers) if one.can_write), None)
    if place is None:
        place = next((number for number in reversed(range(len(tiers))) if tiers[number].answers), 0)
    given = [one.cells[place].nilai for one in lines]
    answered = [nilai for nilai in given if nilai in (MET, UNMET)]
    return suggest_grade(answered.count(MET), len(answered), len(lines))


def _line(
    tiers: tuple[Tier, ...],
    kode: str,
    nomor: str,
    nama: str,
    choices: tuple[tuple[str, str], ...],
    bukti: Mapping[str, list[BuktiPenilaian]],
    typed: Typed,
    satuan: str = "",
) -> Line:
    cells, before = [], ""
    said = dict(choices)
    for tier in tiers:
        stored = tier.answers.get(kode, NOTHING)
        nilai, catatan, error = stored.nilai, stored.catatan, ""
        if tier.can_write and kode in typed.errors:
            nilai, catatan, error = typed.nilai[kode], typed.catatan[kode], typed.errors[kode]
        differs = bool(before and stored.nilai and stored.nilai != before)
        before = stored.nilai or before
        mark = mark_of(stored.nilai, stored.catatan)
        cells.append(
            AnswerCell(tier.label, nilai, catatan, said.get(nilai, nilai), differs, tier.can_write, mark, error)
        )
    return Line(kode, nomor, nama, choices, tuple(cells), satuan, tuple(bukti.get(kode, ())))


def _value(tier: Tier, group: Kelompok) -> Value:
    """The points of a group in a tier, and in percent of its weight."""
    if tier.hasil is None:
        return Value(tier.tingkat.value)
    found = tier.hasil.kelompok[group.kode]
    if found.nilai is None:
        return Value(tier.tingkat.value, is_provisional=found.is_provisional)
    best = group.maksimum if group.bobot is None else group.bobot
    points = divide(found.nilai * best, group.maksimum)
    percent = divide(found.nilai * HUNDRED, group.maksimum)
    return Value(
        tier.tingkat.value,
        round_half_up(points, 2),
        round_half_up(percent, 2),
        found.jawaban,
        found.is_provisional,
        found.catatan,
    )


def _component(judged: Active, tiers: tuple[Tier, ...], last: Official | None, group: Kelompok) -> ComponentRow:
    values = tuple(_value(one, group) for one in tiers)
    best = group.maksimum if group.bobot is None else group.bobot
    before = _before(judged, last, group)
    now = next((one.tampil for one in reversed(values) if one.tampil is not None), None)
    comparable = last is not None and _weight(last, group) == best
    change = now - before if now is not None and before is not None and comparable else None
    return ComponentRow(group, best, values, before, change)


def _before(judged: Active, last: Official | None, group: Kelompok) -> Decimal | None:
    same = _same_group(last, group)
    row = last.rows.get(same.kode) if last and same else None
    return row.tampil if row else None


def _weight(last: Official, group: Kelompok) -> Decimal | None:
    same = _same_group(last, group)
    return None if same is None else same.maksimum if same.bobot is None else same.bobot


def _same_group(last: Official | None, group: Kelompok) -> Kelompok | None:
    """The group of last year's worksheet that bears the same first word; the whole is the whole."""
    if last is None:
        return None
    akar = last.judged.instrumen.akar
    if group.bobot is None:
        return akar
    first = group.nama.split()[0]
    return next((one for one in akar.isi if isinstance(one, Kelompok) and one.nama.split()[0] == first), None)


def _remarks(tahun_kinerja: TahunKinerja, judged: Active, tiers: tuple[Tier, ...]) -> list[str]:
    """The remarks on the highest tier that has answers."""
    shown = next((one for one in reversed(tiers) if one.answers and one.hasil), None)
    if shown is None or shown.hasil is None:
        return []
    return remarks_of(tahun_kinerja, judged, shown.answers, shown.hasil)
