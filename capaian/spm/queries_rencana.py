"""Reading the plan and the money of the services: RPJMD and renstra by year, allocations by source, and the budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from capaian.budget.queries import BudgetRow, budget_tree
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Renstra
from capaian.rules.spm.standar import Layanan
from capaian.spm.models import AlokasiSpm, RencanaSpm, TercetakSpm
from capaian.spm.queries import SpmRules, office_sasaran, used_sasaran

# A plan of five years, where the office has none that says which.
_YEARS = 5


@dataclass(frozen=True)
class PlanCell:
    """What a document plans for a service in a year: persons, and rupiah."""

    layanan: Layanan
    tahun: int
    target: int | None
    dana: int | None

    @property
    def name(self) -> str:
        return f"{self.layanan.kode}-{self.tahun}"


@dataclass(frozen=True)
class PlanRow:
    """A service with its years; `sasaran` is that of the year in sight (persons), which the target ought to be."""

    layanan: Layanan
    cells: Sequence[PlanCell]
    sasaran: int | None
    now: PlanCell | None

    @property
    def selisih(self) -> int | None:
        """Target less sasaran of the year in sight, in persons: SPM is owed to all, so it ought to be nothing."""
        target = self.now.target if self.now else None
        return None if target is None or self.sasaran is None else target - self.sasaran


@dataclass(frozen=True)
class Plan:
    """The plan of a document: its years, a row for each service, and the money by year in rupiah."""

    years: Sequence[int]
    rows: Sequence[PlanRow]
    dana: Sequence[int | None]

    @property
    def is_empty(self) -> bool:
        return not any(cell.target is not None or cell.dana is not None for row in self.rows for cell in row.cells)


def plan_of(rules: SpmRules, tahun_kinerja: TahunKinerja, dokumen: str) -> Plan:
    """What RPJMD or renstra plans, as this office year holds it. Three queries."""
    stored = {
        (row.layanan, row.tahun): row for row in RencanaSpm.objects.filter(tahun_kinerja=tahun_kinerja, dokumen=dokumen)
    }
    years = sorted({*_plan_years(tahun_kinerja), *(tahun for _, tahun in stored)})
    by_unit = used_sasaran(tahun_kinerja)
    rows = []
    for layanan in rules.standar.layanan:
        cells = [_plan_cell(layanan, tahun, stored.get((layanan.kode, tahun))) for tahun in years]
        now = next((cell for cell in cells if cell.tahun == tahun_kinerja.tahun), None)
        rows.append(PlanRow(layanan, cells, office_sasaran(by_unit, layanan.kelompok), now))
    money = [[row.cells[at].dana for row in rows] for at in range(len(years))]
    return Plan(years, rows, [_sum(column) for column in money])


def _plan_cell(layanan: Layanan, tahun: int, row: RencanaSpm | None) -> PlanCell:
    return PlanCell(layanan, tahun, row.target if row else None, row.dana if row else None)


def _plan_years(tahun_kinerja: TahunKinerja) -> range:
    tahun = tahun_kinerja.tahun
    renstra = Renstra.objects.filter(instansi=tahun_kinerja.instansi_id, awal__lte=tahun, akhir__gte=tahun).first()
    return range(renstra.awal, renstra.akhir + 1) if renstra else range(tahun, tahun + _YEARS)


# --- allocations ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MoneyRow:
    """The money of a service, whole rupiah: allocated by its sources, and in the budget of its sub kegiatan.

    `node` is None where the plan of the year has no node of that kode, or the person does not see the budget.
    """

    layanan: Layanan
    lines: Sequence[AlokasiSpm]
    node: BudgetRow | None
    dana: int | None
    puskesmas: int | None
    printed: Sequence[TercetakSpm]

    @property
    def alokasi(self) -> int | None:
        return _sum([line.alokasi for line in self.lines])

    @property
    def realisasi(self) -> int | None:
        return _sum([line.realisasi for line in self.lines])

    @property
    def pagu(self) -> int | None:
        return self.node.pagu if self.node else None

    @property
    def selisih_pagu(self) -> int | None:
        """Allocated less pagu of the sub kegiatan."""
        return None if self.alokasi is None or self.pagu is None else self.alokasi - self.pagu

    @property
    def selisih_realisasi(self) -> int | None:
        """Spent by the sources less spent by the sub kegiatan."""
        spent = self.node.realisasi if self.node else None
        return None if self.realisasi is None or spent is None else self.realisasi - spent

    @property
    def exceeds(self) -> bool:
        """Whether the units together have more than the district allocates."""
        return self.alokasi is not None and self.puskesmas is not None and self.puskesmas > self.alokasi


@dataclass(frozen=True)
class Money:
    """The money of the services of a unit or the office, with totals in rupiah; `printed` are printed totals."""

    rows: Sequence[MoneyRow]
    printed: Sequence[TercetakSpm]
    has_budget: bool

    @property
    def alokasi(self) -> int | None:
        return _sum([row.alokasi for row in self.rows])

    @property
    def realisasi(self) -> int | None:
        return _sum([row.realisasi for row in self.rows])

    @property
    def pagu(self) -> int | None:
        return _sum([row.pagu for row in self.rows])

    @property
    def spent(self) -> int | None:
        return _sum([row.node.realisasi if row.node else None for row in self.rows])

    @property
    def dana(self) -> int | None:
        return _sum([row.dana for row in self.rows])

    @property
    def puskesmas(self) -> int | None:
        return _sum([row.puskesmas for row in self.rows])

    @property
    def has_puskesmas(self) -> bool:
        return any(row.puskesmas is not None for row in self.rows)

    @property
    def has_printed(self) -> bool:
        return bool(self.printed) or any(row.printed for row in self.rows)

    @property
    def lines(self) -> list[AlokasiSpm]:
        return [line for row in self.rows for line in row.lines]

    @property
    def differing(self) -> list[MoneyRow]:
        """The services whose sources and budget do not say the same."""
        return [row for row in self.rows if row.selisih_pagu or row.selisih_realisasi or row.exceeds]


def money_of(rules: SpmRules, tahun_kinerja: TahunKinerja, unit: UnitKerja | None, *, budget: bool) -> Money:
    """The money of a unit or the office; with `budget` beside that of the sub kegiatan. At most seven queries."""
    lines: dict[str, list[AlokasiSpm]] = defaultdict(list)
    for row in AlokasiSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit).order_by("pk"):
        lines[row.layanan].append(row)
    printed: dict[str, list[TercetakSpm]] = defaultdict(list)
    stated = TercetakSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit, besaran=TercetakSpm.Besaran.ALOKASI)
    for figure in stated:
        printed[figure.layanan].append(figure)
    nodes = _nodes(tahun_kinerja) if budget and unit is None else {}
    dana = _planned(tahun_kinerja) if unit is None else {}
    below = _of_units(tahun_kinerja) if unit is None else {}
    rows = [
        MoneyRow(
            one,
            lines[one.kode],
            nodes.get(one.sub_kegiatan),
            dana.get(one.kode),
            below.get(one.kode),
            printed.get(one.kode, ()),
        )
        for one in rules.standar.layanan
    ]
    return Money(rows, printed.get("", ()), budget and unit is None)


def _nodes(tahun_kinerja: TahunKinerja) -> dict[str, BudgetRow]:
    """The nodes of the year by kode, with their money in the last version of the budget."""
    return {row.node.kode: row for row in budget_tree(tahun_kinerja) if row.node.kode}


def _planned(tahun_kinerja: TahunKinerja) -> Mapping[str, int]:
    """What renstra plans for the year, else RPJMD, in rupiah by service."""
    rows = RencanaSpm.objects.filter(tahun_kinerja=tahun_kinerja, tahun=tahun_kinerja.tahun, dana__isnull=False)
    found: dict[str, int] = {}
    for layanan, dana in rows.order_by("-dokumen").values_list("layanan", "dana"):
        if dana is not None:
            found.setdefault(layanan, dana)
    return found


def _of_units(tahun_kinerja: TahunKinerja) -> dict[str, int]:
    rows = AlokasiSpm.objects.filter(tahun_kinerja=tahun_kinerja, unit__isnull=False, alokasi__isnull=False)
    sums = rows.order_by().values_list("layanan").annotate(Sum("alokasi"))
    return dict(sums)


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
