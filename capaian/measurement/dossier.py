"""Reading one indicator whole: definition, targets by document, history, quarters, comparators, details, changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from capaian.documents.charts import Series, bar_option, line_option, pie_option
from capaian.measurement.models import Analisis, Capaian, Faktor, Pembanding, Realisasi, Rincian, SumberRealisasi
from capaian.measurement.quarters import annual_value
from capaian.measurement.queries import measured_targets, pembanding_by_indikator
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.models import Dokumen, Indikator, Node
from capaian.planning.queries import (
    DokumenTarget,
    QuarterPlan,
    differing_targets,
    quarter_plans,
    read_number,
    year_indikator,
)
from capaian.rules.numbers import format_number
from capaian.rules.perbandingan import Change, Ranked, compare_years, own_area, rank
from capaian.rules.periods import ROMAN
from capaian.rules.triwulan import QUARTERS
from capaian.workflow.models import AuditEntry

HISTORY_LENGTH = 30


@dataclass(frozen=True)
class PeriodRow:
    """A year or a quarter of an indicator: what was planned, what was reached, and the stored capaian."""

    label: str
    tahun: int
    periode: int
    target: str
    realisasi: str
    keterangan: str
    capaian: Capaian | None
    change: Change | None = None

    @property
    def numbers(self) -> tuple[Decimal | None, Decimal | None]:
        return read_number(self.target), read_number(self.realisasi)


@dataclass(frozen=True)
class Comparison:
    """The comparators of a year: ranked kabupaten/kota, and the province and nation beside them."""

    ranked: tuple[Ranked, ...]
    others: tuple[Pembanding, ...]
    own: Ranked | None
    daerah: str

    @property
    def chart(self) -> dict[str, Any]:
        known = [(one.nama, one.nilai) for one in self.ranked if one.nilai is not None]
        known += [(one.wilayah, one.nilai) for one in self.others if one.nilai is not None]
        option = bar_option(
            [name for name, _ in known], [Series("", tuple(value for _, value in known))], horizontal=True
        )
        return option

    @property
    def chart_height(self) -> int:
        return 60 + 24 * (len(self.ranked) + len(self.others))


@dataclass(frozen=True)
class RincianView:
    """A supporting data set as a table, with its chart where it has one."""

    rincian: Rincian
    columns: list[str]
    rows: list[list[str]]
    option: dict[str, Any] | None


@dataclass(frozen=True)
class TargetYear:
    """What the documents say about one year; `differing` where they contradict each other."""

    tahun: int
    targets: list[DokumenTarget]
    differing: bool


def find_indikator(tahun_kinerja: TahunKinerja, kunci: str) -> Indikator | None:
    """An indicator of the year by its key, with everything that it belongs to."""
    related = ("sasaran__tujuan", "tujuan", "node__induk__induk", "penanggung_jawab", "node__penanggung_jawab")
    found = year_indikator(tahun_kinerja).filter(kunci=kunci).select_related(*related).first()
    if found is not None:
        found.instansi = tahun_kinerja.instansi
    return found


def place_of(indikator: Indikator) -> list[tuple[str, str]]:
    """Where an indicator stands in the plan, from the top: (level, name)."""
    if indikator.node is None:
        sasaran = indikator.sasaran
        tujuan = sasaran.tujuan if sasaran else indikator.tujuan
        place = [("Tujuan", tujuan.uraian)] if tujuan else []
        return [*place, ("Sasaran", sasaran.uraian)] if sasaran else place
    place = []
    node: Node | None = indikator.node
    while node is not None:
        place.append((node.get_jenis_display(), str(node)))
        node = node.induk
    return place[::-1]


def target_years(tahun_kinerja: TahunKinerja, indikator: Indikator) -> list[TargetYear]:
    """All targets of an indicator by year, from every document of the office year. One query."""
    by_year: dict[int, list[DokumenTarget]] = defaultdict(list)
    rows = indikator.target.filter(dokumen__tahun_kinerja=tahun_kinerja).select_related("dokumen")
    for row in rows.order_by("tahun", "dokumen__pk"):
        by_year[row.tahun].append(DokumenTarget(row.dokumen, row.tahun, row.teks, row.satuan))
    return [
        TargetYear(tahun, targets, bool(differing_targets(targets, tahun)))
        for tahun, targets in sorted(by_year.items())
    ]


def history(
    tahun_kinerja: TahunKinerja, indikator: Indikator
) -> tuple[list[PeriodRow], list[PeriodRow], list[Capaian]]:
    """The years, the quarters of this year, and the capaian against the renstra. Five queries."""
    year = tahun_kinerja.tahun
    reached: dict[int, dict[int, Realisasi]] = defaultdict(dict)
    for row in indikator.realisasi.filter(tahun__lte=year):
        reached[row.tahun][row.periode] = row
    targets = {row.tahun: row.teks for row in measured_targets(tahun_kinerja, Q(indikator=indikator))}
    stored = list(
        Capaian.objects.filter(indikator=indikator, dokumen__tahun_kinerja=tahun_kinerja)
        .select_related("dokumen")
        .defer("jejak")
    )
    own = {(row.tahun, row.periode): row for row in stored if row.tahun == row.tahun_target}
    renstra = [row for row in stored if row.dokumen.jenis == Dokumen.Jenis.RENSTRA and row.tahun_target > row.tahun]
    years = _year_rows(indikator, targets, reached, own, year)
    quarters = quarter_plans(tahun_kinerja, [indikator]).get(indikator.pk, QuarterPlan()).quarters
    parts = []
    for number in range(1, QUARTERS + 1):
        value = reached[year].get(number)
        label, teks = f"Triwulan {ROMAN[number - 1]}", value.teks if value else ""
        note = value.keterangan if value else ""
        parts.append(PeriodRow(label, year, number, quarters[number - 1], teks, note, own.get((year, number))))
    return years, parts, renstra


def _year_rows(
    indikator: Indikator,
    targets: dict[int, str],
    reached: dict[int, dict[int, Realisasi]],
    capaian: dict[tuple[int, int], Capaian],
    until: int,
) -> list[PeriodRow]:
    rows: list[PeriodRow] = []
    for tahun in sorted(year for year in {*targets, *reached, until} if year <= until):
        periods = {periode: row.teks for periode, row in reached.get(tahun, {}).items()}
        teks = annual_value(periods, indikator.sifat).value.text
        stated = reached.get(tahun, {}).get(0)
        change = compare_years(read_number(rows[-1].realisasi), read_number(teks), indikator.arah) if rows else None  # type: ignore[arg-type]
        note = stated.keterangan if stated else "Gabungan triwulan" if teks else ""
        rows.append(
            PeriodRow(str(tahun), tahun, 0, targets.get(tahun, ""), teks, note, capaian.get((tahun, 0)), change)
        )
    return rows


def trend_option(rows: list[PeriodRow]) -> dict[str, Any] | None:
    """Realisasi against target over the years; nothing to draw with fewer than two years of numbers."""
    drawn = [row for row in rows if any(value is not None for value in row.numbers)]
    if len([row for row in drawn if row.numbers[1] is not None]) < 2:
        return None
    series = [
        Series("Realisasi", tuple(row.numbers[1] for row in drawn)),
        Series("Target", tuple(row.numbers[0] for row in drawn), role="target"),
    ]
    return line_option([row.label for row in drawn], series, from_zero=False)


def comparison(tahun_kinerja: TahunKinerja, indikator: Indikator) -> Comparison | None:
    """How the office stands among the comparators of the year. One query."""
    rows = pembanding_by_indikator(tahun_kinerja, indikator).get(indikator.pk)
    if not rows:
        return None
    areas = [(row.wilayah, row.nilai) for row in rows if row.jenis == Pembanding.Jenis.KAB_KOTA]
    ranked = rank(areas, indikator.arah)  # type: ignore[arg-type]
    name = own_area(tahun_kinerja.instansi.daerah, [one.nama for one in ranked])
    own = next((one for one in ranked if one.nama == name), None)
    others = tuple(row for row in rows if row.jenis != Pembanding.Jenis.KAB_KOTA)
    return Comparison(ranked, others, own, tahun_kinerja.instansi.daerah)


def rincian_views(tahun_kinerja: TahunKinerja, indikator: Indikator) -> list[RincianView]:
    """The supporting data sets of an indicator, each a table: categories down, series across. Two queries."""
    sets = indikator.rincian.filter(tahun_kinerja=tahun_kinerja).prefetch_related("nilai")
    return [_rincian_view(one) for one in sets]


def _rincian_view(rincian: Rincian) -> RincianView:
    values = list(rincian.nilai.all())
    series = list(dict.fromkeys(value.seri for value in values))
    categories = list(dict.fromkeys(value.kategori for value in values))
    cells = {(value.kategori, value.seri): value for value in values}

    def text(kategori: str, seri: str) -> str:
        value = cells.get((kategori, seri))
        if value is None:
            return "–"
        return format_number(value.nilai) if value.nilai is not None else value.keterangan or "–"

    columns = ["Uraian", *(seri or rincian.satuan or "Nilai" for seri in series)]
    rows = [[kategori, *(text(kategori, seri) for seri in series)] for kategori in categories]
    return RincianView(rincian, columns, rows, _rincian_option(rincian, categories, series, cells))


def _rincian_option(
    rincian: Rincian, categories: list[str], series: list[str], cells: dict[tuple[str, str], Any]
) -> dict[str, Any] | None:
    drawn = [
        Series(
            seri, tuple(cells[kategori, seri].nilai if (kategori, seri) in cells else None for kategori in categories)
        )
        for seri in series
    ]
    if not any(value is not None for one in drawn for value in one.values):
        return None
    if rincian.bentuk == "pie":
        return pie_option(categories, drawn[0].values)
    if rincian.bentuk == "line":
        return line_option(categories, drawn)
    long = max(len(kategori) for kategori in categories) > 14 or len(categories) > 8
    return bar_option(categories, drawn, horizontal=long) if rincian.bentuk == "bar" else None


@dataclass(frozen=True)
class AnalisisView:
    """What the office says about an indicator, its factors by kind in the order of the report."""

    uraian: str
    penunjang: list[Faktor]
    penghambat: list[Faktor]
    tindak_lanjut: list[Faktor]

    @property
    def is_empty(self) -> bool:
        return not (self.uraian or self.penunjang or self.penghambat or self.tindak_lanjut)


def analisis_view(tahun_kinerja: TahunKinerja, indikator: Indikator) -> AnalisisView:
    """The analysis of an indicator in a year. Two queries."""
    analisis = Analisis.objects.filter(tahun_kinerja=tahun_kinerja, indikator=indikator).first()
    factors = list(analisis.faktor.select_related("program").order_by("jenis", "urutan")) if analisis else []
    by_jenis = {jenis: [one for one in factors if one.jenis == jenis] for jenis in Faktor.Jenis.values}
    return AnalisisView(analisis.uraian if analisis else "", **by_jenis)


_WORDS = {
    "measurement.record_realisasi": "Realisasi diisi",
    "measurement.record_realisasi_unit": "Laporan unit diisi",
    "measurement.collect_realisasi": "Dihitung dari laporan unit",
    "measurement.save_analisis": "Analisis ditulis",
    "measurement.choose_source": "Sumber nilai dipilih",
    "measurement.drop_source": "Sumber nilai dilepas",
    "measurement.take_source": "Diambil dari sumbernya",
}


@dataclass(frozen=True)
class ChangeRow:
    """One change of an indicator in words."""

    entry: AuditEntry
    what: str
    before: str
    after: str


def changes(tahun_kinerja: TahunKinerja, indikator: Indikator, units: Iterable[UnitKerja] = ()) -> list[ChangeRow]:
    """The last changes of an indicator, latest first, with those of what `units` reported of it. One query."""
    year = tahun_kinerja.tahun
    office = Q(subject__startswith=f"{indikator.kunci} {year}/") | Q(subject=f"{indikator.kunci} {year} analisis")
    names = {unit.kunci: unit.nama for unit in units}
    parts = [Q(subject__contains=f" {indikator.kunci} {year}/"), Q(subject__contains=f" {indikator.kunci}#")]
    own = Q(unit_kunci__in=names, action="measurement.record_realisasi_unit") & (parts[0] | parts[1])
    entries = AuditEntry.objects.filter(
        office | own if names else office, instansi=tahun_kinerja.instansi, outcome=AuditEntry.Outcome.DONE
    ).select_related("by")
    return [_change_row(entry, names) for entry in entries[:HISTORY_LENGTH]]


def _change_row(entry: AuditEntry, names: Mapping[str, str]) -> ChangeRow:
    period = entry.subject.rpartition("/")[2]
    where = {"0": ", setahun"}.get(period, f", TW {ROMAN[int(period) - 1]}" if period in ("1", "2", "3", "4") else "")
    if entry.action == "measurement.record_realisasi_unit":
        part = entry.subject.partition("#")[2].partition(" ")[0]
        where += f" ({', '.join(filter(None, (names[entry.unit_kunci], part)))})"
    return ChangeRow(entry, f"{_WORDS.get(entry.action, entry.action)}{where}", _said(entry.before), _said(entry.after))


def _said(facts: Any) -> str:
    if not facts:
        return "kosong"
    if "teks" in facts:
        return str(facts["teks"])
    if "sumber" in facts:
        return str(SumberRealisasi.Sumber(facts["sumber"]).label)
    count = len(facts.get("faktor", []))
    return f"{count} faktor" + (", dengan uraian" if facts.get("uraian") else ", tanpa uraian")
