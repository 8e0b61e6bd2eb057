"""Reading one service of SPM over a district or of one Puskesmas: months, quality, problems, money, printed figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.rules.numbers import HUNDRED, divide, format_number, round_half_up, with_kernel_digits
from capaian.rules.spm.indeks import DECIMALS, ItemMutu
from capaian.rules.spm.jendela import Bulan, counted_months
from capaian.rules.spm.standar import Layanan
from capaian.spm.compute import quality_items, read_year
from capaian.spm.models import CapaianSpm, MonevSpm, PelayananSpm, SasaranSpm, TercetakSpm
from capaian.spm.queries import TRIWULAN, SpmRules
from capaian.spm.queries_peta import HeatCell, heat_cell

_SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_BESARAN = TercetakSpm.Besaran
# Which figure of ours a printed one is laid beside.
_OURS = {
    _BESARAN.SASARAN.value: "sasaran",
    _BESARAN.TERLAYANI.value: "terlayani",
    _BESARAN.PERSEN_PENERIMA.value: "penerima",
    _BESARAN.PERSEN_MUTU.value: "mutu",
}


@dataclass(frozen=True)
class Month:
    """A month that counts: persons newly served (None where nothing was reported), and served up to its end."""

    bulan: Bulan
    baru: int | None
    sampai: int | None

    @property
    def label(self) -> str:
        return f"{_SHORT[self.bulan.bulan - 1]} {self.bulan.tahun % 100:02}"


@dataclass(frozen=True)
class UnitResult:
    """A Puskesmas with its result of the period, as a cell."""

    unit: UnitKerja
    cell: HeatCell
    conflict: bool

    @property
    def unserved(self) -> int | None:
        row = self.cell.row
        if row is None or row.sasaran is None or row.terlayani is None:
            return None
        return max(row.sasaran - row.terlayani, 0)


@dataclass(frozen=True)
class Printed:
    """A printed figure beside ours; `selisih` is printed less ours, None where one of them is not there."""

    figure: TercetakSpm
    ours: Decimal | None

    @property
    def selisih(self) -> Decimal | None:
        nilai = self.figure.nilai
        return None if nilai is None or self.ours is None else nilai - self.ours


@dataclass(frozen=True)
class Quality:
    """A quality item as reported, with its share in percent, two decimals, at most 100."""

    item: ItemMutu

    @property
    @with_kernel_digits
    def indeks(self) -> Decimal | None:
        need, there = self.item.kebutuhan, self.item.tersedia
        if not need or there is None:
            return None
        return round_half_up(min(divide(there * HUNDRED, need), HUNDRED), DECIMALS)

    @property
    def selisih(self) -> Decimal | None:
        """Need less stock: what is missing, negative where there is more than needed."""
        need, there = self.item.kebutuhan, self.item.tersedia
        return None if need is None or there is None else need - there


def months_of(rules: SpmRules, layanan: Layanan, rows: QuerySet[PelayananSpm]) -> list[Month]:
    """The months that count for a service, with what `rows` report of them; a quarter stands in its last month that
    counts for its year: of a school year the second quarter in May.

    One query. Empty where nothing is reported by month or quarter.
    """
    jendela = rules.jendela(layanan)
    months = counted_months(jendela, rules.tahun)
    lasts = {one: counted_months(jendela, rules.tahun, one)[-1].bulan for one in (1, 2)} | {3: 9, 4: 12}
    found: dict[Bulan, int] = defaultdict(int)
    summed = rows.filter(layanan=layanan.kode, triwulan__in=TRIWULAN).order_by()
    for tahun, triwulan, bulan, jumlah in summed.values_list("tahun_kinerja__tahun", "triwulan", "bulan").annotate(
        Sum("terlayani")
    ):
        found[Bulan(tahun, bulan or lasts[triwulan])] += jumlah
    reported = [one for one in months if one in found]
    if not reported:
        return []
    result, so_far = [], 0
    for one in months:
        so_far += found.get(one, 0)
        result.append(Month(one, found.get(one), so_far if one <= reported[-1] else None))
    return result


def reports_of(office: Office, place: UnitKerja | None) -> QuerySet[PelayananSpm]:
    """What the units, or one, reported in the year and the one before; of the office also what it states itself."""
    year = office.tahun_kinerja
    rows = PelayananSpm.objects.filter(
        tahun_kinerja__instansi=year.instansi_id, tahun_kinerja__tahun__in=[year.tahun - 1, year.tahun]
    )
    return rows.filter(unit=place) if place else office.scope(Permission.VIEW).narrow(rows)


def results_of(office: Office, rules: SpmRules, layanan: Layanan, triwulan: int) -> list[UnitResult]:
    """The results of the units that a person may see, the lowest coverage first, none last. Two queries."""
    scope = office.scope(Permission.VIEW)
    rows = CapaianSpm.objects.filter(
        tahun_kinerja=office.tahun_kinerja, layanan=layanan.kode, triwulan=triwulan, unit__isnull=False
    )
    known = {row.unit_id: row for row in scope.narrow(rows).defer("catatan", "dasar")}
    stated = scope.narrow(_stated(office.tahun_kinerja, layanan).filter(unit__isnull=False)).select_related("unit")
    sources: dict[int, list[SasaranSpm]] = defaultdict(list)
    for one in stated.order_by("unit__urutan", "unit"):
        sources[one.unit_id or 0].append(one)
    found = []
    for unit_id, statements in sources.items():
        cell = heat_cell(rules.standar, layanan, known.get(unit_id), triwulan, "cakupan")
        differing = len({one.jumlah for one in statements}) > 1
        found.append(UnitResult(statements[0].unit, cell, differing))  # type: ignore[arg-type]
    return sorted(found, key=lambda one: (one.cell.nilai is None, one.cell.nilai or 0))


def sources_of(year: TahunKinerja, layanan: Layanan, place: UnitKerja | None) -> list[SasaranSpm]:
    """What the sources say of the denominator of a place, where they differ; the one in use first. One query."""
    rows = list(_stated(year, layanan).filter(unit=place).order_by("-dipakai", "pk"))
    return rows if len({row.jumlah for row in rows}) > 1 else []


def _stated(year: TahunKinerja, layanan: Layanan) -> QuerySet[SasaranSpm]:
    return SasaranSpm.objects.filter(tahun_kinerja=year, wilayah=None, kelompok=layanan.kelompok)


def quality_of(year: TahunKinerja, layanan: Layanan, place: UnitKerja | None, triwulan: int) -> list[Quality]:
    """The quality items of a service, as its index counts them, what falls short most first. Eight queries."""
    data = read_year(year, [place] if place else None)
    items = [Quality(one) for one in quality_items(data, place.pk if place else None, layanan, triwulan)]
    return sorted(items, key=lambda one: (one.indeks is None, one.indeks or 0))


def monev_of(office: Office, layanan: Layanan, place: UnitKerja | None, triwulan: int) -> list[MonevSpm]:
    """Problems and solutions of a quarter (0: of all), of one unit or all that may be seen. One query."""
    rows = MonevSpm.objects.filter(tahun_kinerja=office.tahun_kinerja, layanan=layanan.kode).select_related("unit")
    rows = rows.filter(unit=place) if place else office.scope(Permission.VIEW).narrow(rows)
    if triwulan:
        rows = rows.filter(triwulan=triwulan)
    return list(rows.order_by("-triwulan", "unit__urutan"))


def printed_of(year: TahunKinerja, layanan: Layanan, place: UnitKerja | None) -> list[Printed]:
    """What documents printed of a service of a place, beside our result of the year. Two queries."""
    figures = TercetakSpm.objects.filter(
        tahun_kinerja=year, layanan=layanan.kode, unit=place, butir="", besaran__in=list(_OURS)
    )
    own = CapaianSpm.objects.filter(tahun_kinerja=year, layanan=layanan.kode, unit=place, triwulan=0).first()
    return [Printed(one, _ours(own, one.besaran)) for one in figures]


def _ours(own: CapaianSpm | None, besaran: str) -> Decimal | None:
    value = getattr(own, _OURS[besaran]) if own else None
    return None if value is None else Decimal(value)


def trend_rows(months: Sequence[Month], sasaran: int | None) -> list[Sequence[str]]:
    """The months as rows of text: newly served, so far, and in percent of the sasaran."""
    return [
        (
            one.label,
            "–" if one.baru is None else format_number(one.baru),
            "–" if one.sampai is None else format_number(one.sampai),
            _share(one.sampai, sasaran),
        )
        for one in months
    ]


@with_kernel_digits
def _share(served: int | None, sasaran: int | None) -> str:
    if served is None or not sasaran:
        return "–"
    return f"{format_number(round_half_up(divide(Decimal(served) * HUNDRED, Decimal(sasaran)), DECIMALS), DECIMALS)}%"


def by_quarter(stored: Mapping[tuple[str, int], CapaianSpm], layanan: Layanan) -> list[tuple[int, CapaianSpm]]:
    """The results of the quarters of a service, and of the year (0), that there are."""
    return [(one, stored[layanan.kode, one]) for one in (*TRIWULAN, 0) if (layanan.kode, one) in stored]
