"""Reading the achievement of SPM over a district and over districts: the heat map, a Puskesmas whole, the recap.

Everything here comes from stored results (`CapaianSpm`); nothing is computed but means and sums of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission, Scope
from capaian.rules.numbers import HUNDRED, divide, round_half_up, with_kernel_digits
from capaian.rules.spm.indeks import DECIMALS, IndeksSpm, compute_daerah
from capaian.rules.spm.pace import expected_percent
from capaian.rules.spm.standar import Layanan, Standar
from capaian.spm.models import CapaianSpm, SasaranSpm
from capaian.spm.queries import TRIWULAN, SpmRules, spm_rules, spm_units
from capaian.workflow.models import Form, Submission
from capaian.workflow.transitions import COUNTED

CAKUPAN, INDEKS = "cakupan", "indeks"
# How a cell is coloured, 5 the best: by category of the index, or by coverage against the even pace of the year.
_KATEGORI = ("belum_tuntas", "tuntas_muda", "tuntas_pratama", "tuntas_madya", "tuntas_utama", "tuntas_paripurna")
_NOTHING = ("Belum ada", -1)
# What share of the pace, in percent, is reached: these only choose a word and a colour for what is behind.
_BEHIND = ((80, "Sedikit tertinggal", 3), (50, "Tertinggal", 2), (0, "Jauh tertinggal", 0))


@dataclass(frozen=True)
class HeatCell:
    """The achievement of a service at a place: the number shown (percent), its word and its tone (5 best, -1 none)."""

    layanan: Layanan
    row: CapaianSpm | None
    nilai: Decimal | None
    word: str
    tone: int
    conflict: bool = False

    @property
    def exceeds(self) -> bool:
        """Whether more were served than are owed the service: the sasaran is an estimate, or persons count twice."""
        return self.row is not None and self.row.penerima is not None and self.row.penerima > HUNDRED


@dataclass(frozen=True)
class HeatRow:
    """A Puskesmas (None the office) with its twelve cells, its index, and where its reports of the period stand."""

    unit: UnitKerja | None
    cells: Sequence[HeatCell]
    daerah: IndeksSpm
    state: str = ""
    verified: int = 0


@dataclass(frozen=True)
class HeatMap:
    """The map of a period; `office` is None for who does not see the whole office.

    `verified` of `owing` reports are verified; a report is the form of a unit for a quarter.
    """

    rules: SpmRules
    triwulan: int
    rows: Sequence[HeatRow]
    office: HeatRow | None
    verified: int
    owing: int

    @property
    def is_empty(self) -> bool:
        return not self.rows and not (self.office and any(cell.row for cell in self.office.cells))

    @property
    def complete(self) -> int:
        """How many services of the district reach 100 %."""
        cells = self.office.cells if self.office else ()
        return sum(1 for one in cells if one.row and one.row.penerima is not None and one.row.penerima >= HUNDRED)

    @property
    def states(self) -> list[tuple[str, int]]:
        """The states of the reports and how many units have each, in the order of the way they take."""
        found = Counter(row.state for row in self.rows if row.state)
        return [(state, found[state]) for state in ("belum", *Submission.State.values) if found[state]]


def heat_map(office: Office, triwulan: int, mode: str) -> HeatMap:
    """The map that a person may see. Five queries, whatever the number of units."""
    year, scope = office.tahun_kinerja, office.scope(Permission.VIEW)
    rules = spm_rules(year)
    units = [unit for unit in spm_units(year) if scope.covers(unit.pk)]
    stored = _stored(year, scope, triwulan)
    states = _states(year, scope)
    conflicts = sasaran_conflicts(year, scope)

    def row(unit: UnitKerja | None) -> HeatRow:
        own = stored.get(unit.pk if unit else None, {})
        differing = conflicts.get(unit.pk if unit else None, frozenset())
        cells = [
            heat_cell(rules.standar, one, own.get(one.kode), triwulan, mode, conflict=one.kelompok in differing)
            for one in rules.standar.layanan
        ]
        mine = states.get(unit.pk, {}) if unit else {}
        verified = sum(1 for quarter in _quarters(triwulan) if mine.get(quarter) in COUNTED)
        state = mine.get(triwulan, "belum") if unit and triwulan else ""
        return HeatRow(unit, cells, district_index(rules.standar, own), state, verified)

    rows = [row(unit) for unit in units]
    whole = row(None) if scope.covers(None) else None
    owing = len(rows) * len(_quarters(triwulan))
    return HeatMap(rules, triwulan, rows, whole, sum(one.verified for one in rows), owing)


def heat_cell(
    standar: Standar, layanan: Layanan, row: CapaianSpm | None, triwulan: int, mode: str, *, conflict: bool = False
) -> HeatCell:
    """A result as a cell of the map, by coverage or by index."""
    nilai = (row.indeks if mode == INDEKS else row.penerima) if row else None
    if row is None or nilai is None:
        return HeatCell(layanan, row, None, *_NOTHING, conflict)
    word, tone = kategori_look(standar, row.kategori) if mode == INDEKS else coverage_look(nilai, triwulan)
    return HeatCell(layanan, row, nilai, word, tone, conflict)


def coverage_look(penerima: Decimal, triwulan: int) -> tuple[str, int]:
    """Word and tone of a coverage (percent) against the even pace of the year (`rules.spm.pace`)."""
    expected = expected_percent(triwulan)
    if penerima >= HUNDRED:
        return ("Melebihi sasaran" if penerima > HUNDRED else "Terpenuhi"), 5
    if penerima >= expected:
        return "Sesuai laju", 4
    return next((word, tone) for share, word, tone in _BEHIND if penerima * HUNDRED >= expected * share)


def kategori_look(standar: Standar, kode: str) -> tuple[str, int]:
    """Word and tone of a category of the index; none where there is no index."""
    if not kode:
        return _NOTHING
    return kategori_label(standar, kode), _KATEGORI.index(kode) if kode in _KATEGORI else -1


def kategori_label(standar: Standar, kode: str) -> str:
    """The printed name of a category, the kode itself where the scale has it no longer."""
    bands = standar.penerapan.scale("kategori").bands
    return next((band.label for band in bands if band.kode == kode), kode)


def district_index(standar: Standar, results: Mapping[str, CapaianSpm], *, traced: bool = False) -> IndeksSpm:
    """The mean index over the services of a place, out of its stored results; with its trace only where asked."""
    known = {one.nama_pendek: results.get(one.kode) for one in standar.layanan}
    return compute_daerah({name: row.indeks if row else None for name, row in known.items()}, standar, traced=traced)


def default_period(tahun: int, today: date) -> int:
    """The period to open a page at: the quarter that today lies in, the year where it is over."""
    return 0 if today.year > tahun else (today.month + 2) // 3 if today.year == tahun else 1


def sasaran_conflicts(year: TahunKinerja, scope: Scope) -> dict[int | None, frozenset[str]]:
    """The target groups of which another source states another number, by unit (None the office). One query."""
    stated: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    rows = scope.narrow(SasaranSpm.objects.filter(tahun_kinerja=year, wilayah=None)).order_by()
    for unit_id, kelompok, jumlah in rows.values_list("unit", "kelompok", "jumlah"):
        stated[unit_id, kelompok].add(jumlah)
    found: dict[int | None, set[str]] = defaultdict(set)
    for (place, kelompok), numbers in stated.items():
        if len(numbers) > 1:
            found[place].add(kelompok)
    return {unit_id: frozenset(groups) for unit_id, groups in found.items()}


def unit_capaian(year: TahunKinerja, unit: UnitKerja | None) -> dict[tuple[str, int], CapaianSpm]:
    """All results of a unit, or of the office, by service and quarter (0 the year). One query."""
    rows = CapaianSpm.objects.filter(tahun_kinerja=year, unit=unit)
    return {(row.layanan, row.triwulan): row for row in rows}


def unit_states(year: TahunKinerja, unit: UnitKerja, form: Form) -> dict[int, str]:
    """Where the reports of a unit stand, by quarter. One query."""
    rows = Submission.objects.filter(tahun_kinerja=year, unit=unit, form=form).order_by()
    return dict(rows.values_list("periode", "state"))


def _stored(year: TahunKinerja, scope: Scope, triwulan: int) -> dict[int | None, dict[str, CapaianSpm]]:
    found: dict[int | None, dict[str, CapaianSpm]] = defaultdict(dict)
    rows = CapaianSpm.objects.filter(tahun_kinerja=year, triwulan=triwulan).defer("catatan", "dasar")
    for row in scope.narrow(rows):
        found[row.unit_id][row.layanan] = row
    return found


def _states(year: TahunKinerja, scope: Scope) -> dict[int | None, dict[int, str]]:
    found: dict[int | None, dict[int, str]] = defaultdict(dict)
    rows = scope.narrow(Submission.objects.filter(tahun_kinerja=year, form=Form.SPM)).order_by()
    for unit_id, periode, state in rows.values_list("unit", "periode", "state"):
        found[unit_id][periode] = state
    return found


def _quarters(triwulan: int) -> Sequence[int]:
    return (triwulan,) if triwulan else TRIWULAN


# --- the recap over offices -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RecapCell:
    """A service over offices: persons (sums over those that state both), the index summed over `count` offices."""

    layanan: str
    sasaran: int
    terlayani: int
    indeks_sum: Decimal
    count: int

    @property
    @with_kernel_digits
    def penerima(self) -> Decimal | None:
        """Coverage in percent, two decimals; None without a sasaran."""
        if not self.sasaran:
            return None
        return round_half_up(divide(Decimal(self.terlayani) * HUNDRED, Decimal(self.sasaran)), DECIMALS)

    @property
    @with_kernel_digits
    def indeks(self) -> Decimal | None:
        """The mean of the offices' indices, two decimals; None where no office has one."""
        return round_half_up(divide(self.indeks_sum, Decimal(self.count)), DECIMALS) if self.count else None


@dataclass(frozen=True)
class RecapRow:
    """A province, or an office of one: how many offices and Puskesmas, and its services by kode.

    `verified` is the largest number of Puskesmas whose reports are in a result, added over the offices.
    """

    kunci: str
    nama: str
    offices: int
    puskesmas: int
    verified: int
    cells: Mapping[str, RecapCell]

    @property
    @with_kernel_digits
    def indeks(self) -> Decimal | None:
        """The mean of the services' mean indices, two decimals."""
        known = [one.indeks for one in self.cells.values() if one.indeks is not None]
        return round_half_up(divide(sum(known, Decimal(0)), Decimal(len(known))), DECIMALS) if known else None


def national_recap(
    tahun: int, triwulan: int = 0, instansi: Collection[int] | None = None, provinsi: str = ""
) -> list[RecapRow]:
    """The results of offices by province, or of one province by office. Two queries, added up by the database.

    `instansi` are the ids of the offices that may be seen; None is all of them.
    """
    place = "tahun_kinerja__instansi__"
    rows = CapaianSpm.objects.filter(unit=None, triwulan=triwulan, tahun_kinerja__tahun=tahun)
    if instansi is not None:
        rows = rows.filter(tahun_kinerja__instansi__in=instansi)
    if provinsi:
        rows = rows.filter(tahun_kinerja__instansi__provinsi=provinsi)
    key = f"{place}kunci" if provinsi else f"{place}provinsi"
    cells = _recap_cells(rows.order_by().values_list(key, "layanan"))
    offices = rows.order_by().values_list(f"{place}provinsi", f"{place}kunci", f"{place}nama")
    units = offices.annotate(Max("unit_total"), Max("unit_dihitung"))
    return sorted(_recap_rows(cells, units, by_office=bool(provinsi)), key=lambda row: row.nama)


def _recap_cells(rows: object) -> dict[str, dict[str, RecapCell]]:
    both = Q(sasaran__isnull=False, terlayani__isnull=False)
    summed = rows.annotate(  # type: ignore[attr-defined]
        owed=Sum("sasaran", filter=both),
        served=Sum("terlayani", filter=both),
        total=Sum("indeks"),
        count=Count("indeks"),
    )
    found: dict[str, dict[str, RecapCell]] = defaultdict(dict)
    for key, layanan, sasaran, terlayani, indeks, count in summed:
        found[key][layanan] = RecapCell(layanan, sasaran or 0, terlayani or 0, indeks or Decimal(0), count)
    return found


def _recap_rows(
    cells: Mapping[str, Mapping[str, RecapCell]],
    offices: Iterable[tuple[str, str, str, int, int]],
    *,
    by_office: bool,
) -> list[RecapRow]:
    found: dict[str, RecapRow] = {}
    for provinsi, kunci, nama, total, verified in offices:
        key = kunci if by_office else provinsi
        known = found.get(key) or RecapRow(key, nama if by_office else provinsi, 0, 0, 0, cells[key])
        found[key] = RecapRow(
            key, known.nama, known.offices + 1, known.puskesmas + total, known.verified + verified, known.cells
        )
    return list(found.values())
