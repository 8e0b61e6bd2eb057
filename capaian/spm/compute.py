"""Making the results of SPM out of what units reported: read once, computed by `rules`, returned as rows.

A unit's own result counts all that it entered. The office's joins only quarters whose report is verified, and says of
how many units it is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.spm.indeks import CaraMutu, IndeksSpm, ItemMutu, compute_indeks, compute_mutu, compute_penerima
from capaian.rules.spm.jendela import Reported, served_until
from capaian.rules.spm.kebutuhan import needed
from capaian.rules.spm.standar import Layanan
from capaian.rules.trace import Citation
from capaian.spm.models import KebutuhanSpm, MutuSpm, PelayananSpm
from capaian.spm.queries import PERIODE, SDM, TRIWULAN, SpmRules, office_sasaran, spm_rules, spm_units, used_sasaran
from capaian.workflow.models import Form, Submission
from capaian.workflow.transitions import COUNTED

_Quarter = tuple[int, int | None, int]  # year, unit id, quarter
_Needs = Mapping[str, Decimal | None]  # by kode of the item


@dataclass
class YearData:
    """What is stored of a year (and of the year before, for school years), by unit id; None is the office itself."""

    rules: SpmRules
    units: Sequence[UnitKerja]
    sasaran: Mapping[int | None, Mapping[str, int]]
    served: Mapping[tuple[int | None, str], list[Reported]]
    stated: Mapping[tuple[int | None, str], Decimal]
    stock: Mapping[tuple[int | None, str], Mapping[int, Decimal]]
    verified: Mapping[str, Collection[_Quarter]]
    names: Mapping[str, str] = field(default_factory=dict)

    def needs(self, unit_id: int | None) -> dict[str, Decimal | None]:
        """What a unit needs of every item: what it states, else what the standard asks for its sasaran."""
        groups = self.sasaran.get(unit_id, {})
        found: dict[str, Decimal | None] = {}
        for butir in self.rules.standar.butir:
            own, persons = self.stated.get((unit_id, butir.kode)), groups.get(butir.kelompok)
            if own is None and persons is not None and butir.faktor is not None:
                own = needed(butir.faktor, persons)
            found[butir.kode] = own
        for profesi in self.rules.standar.profesi:
            kode = f"{SDM}{profesi.kode}"
            found[kode] = self.stated.get((unit_id, kode))
        return found

    def item_kode(self, layanan: Layanan) -> list[str]:
        """The items that make the quality of a service, goods first, then staff."""
        standar = self.rules.standar
        staff = standar.profesi_layanan.get(layanan.kode, ())
        return [one.kode for one in standar.butir_of(layanan.kode)] + [f"{SDM}{kode}" for kode in staff]


def read_year(tahun_kinerja: TahunKinerja, units: Sequence[UnitKerja] | None = None) -> YearData:
    """Everything that results are made of: for all units with what of them is verified, or for some. Eight queries."""
    rules = spm_rules(tahun_kinerja)
    found = spm_units(tahun_kinerja) if units is None else list(units)
    years = _years(tahun_kinerja)
    mine = Q() if units is None else Q(unit__in=found)
    needs = KebutuhanSpm.objects.filter(mine, tahun_kinerja=tahun_kinerja, kebutuhan__isnull=False)
    return YearData(
        rules=rules,
        units=found,
        sasaran=used_sasaran(tahun_kinerja, units),
        served=_served(rules, years, mine),
        stated={
            (unit, butir): value
            for unit, butir, value in needs.values_list("unit", "butir", "kebutuhan")
            if value is not None
        },
        stock=_stocks(MutuSpm.objects.filter(mine, tahun_kinerja=tahun_kinerja)),
        verified=_verified(years) if units is None else {},
        names={one.kode: one.nama for one in rules.standar.butir}
        | {f"{SDM}{one.kode}": one.nama for one in rules.standar.profesi},
    )


def unit_results(data: YearData, unit_id: int | None, periods: Iterable[int] = PERIODE) -> Iterator[dict[str, Any]]:
    """The results of a unit, or with None of an office that reports for itself: rows for `CapaianSpm`."""
    needs = data.needs(unit_id)
    for layanan in data.rules.standar.layanan:
        for triwulan in periods:
            parts = _own(data, unit_id, needs, layanan, triwulan)
            if parts.is_stated:
                yield _row(data, unit_id, layanan, triwulan, parts)


def office_results(data: YearData, periods: Iterable[int] = PERIODE) -> Iterator[dict[str, Any]]:
    """The results of the office out of its units' verified reports; of its own figures where no unit owes any."""
    if not data.units:
        yield from unit_results(data, None, periods)
        return
    needs = {unit.pk: data.needs(unit.pk) for unit in data.units}
    for triwulan in periods:
        # Staff serve several services: each item is summed over the units once.
        items = _office_items(data, needs, triwulan)
        for layanan in data.rules.standar.layanan:
            parts = _joined(data, items, layanan, triwulan)
            if parts.is_stated:
                yield _with_units(_row(data, None, layanan, triwulan, parts), parts.counted, len(data.units))


def explain(data: YearData, unit_id: int | None, layanan: Layanan, triwulan: int) -> IndeksSpm:
    """The result of one service with its trace, made of what is stored now."""
    if unit_id is None and data.units:
        needs = {unit.pk: data.needs(unit.pk) for unit in data.units}
        parts = _joined(data, _office_items(data, needs, triwulan, data.item_kode(layanan)), layanan, triwulan)
    else:
        parts = _own(data, unit_id, data.needs(unit_id), layanan, triwulan)
    return _indeks(data, layanan, parts)


def quality_items(data: YearData, unit_id: int | None, layanan: Layanan, triwulan: int) -> Sequence[ItemMutu]:
    """The quality items of one service with need and stock, as its index counts them."""
    kode = data.item_kode(layanan)
    if unit_id is None and data.units:
        items = _office_items(data, {unit.pk: data.needs(unit.pk) for unit in data.units}, triwulan, kode)
        return [items[one] for one in kode]
    needs = data.needs(unit_id)
    return [_item(data, one, {unit_id: needs}, triwulan) for one in kode]


@dataclass(frozen=True)
class _Parts:
    """What the result of a service is made of: persons, and the quality items with need and stock."""

    sasaran: int | None
    terlayani: int | None
    items: Sequence[ItemMutu]
    counted: int = 0

    @property
    def is_stated(self) -> bool:
        """Whether anything was reported at all."""
        return self.terlayani is not None or any(one.tersedia is not None for one in self.items)


def _own(data: YearData, unit_id: int | None, needs: _Needs, layanan: Layanan, triwulan: int) -> _Parts:
    """What a unit entered itself, or the office for the whole district."""
    rows = data.served.get((unit_id, layanan.kode), ())
    return _Parts(
        data.sasaran.get(unit_id, {}).get(layanan.kelompok),
        served_until(rows, data.rules.jendela(layanan), data.rules.tahun, triwulan),
        [_item(data, kode, {unit_id: needs}, triwulan) for kode in data.item_kode(layanan)],
    )


def _joined(data: YearData, items: Mapping[str, ItemMutu], layanan: Layanan, triwulan: int) -> _Parts:
    """The sum over the units of their verified quarters so far; `counted` are those whose quarter itself is verified.

    So the figure of a later quarter is never below that of an earlier one, and says for how many units it is complete.
    """
    jendela, tahun = data.rules.jendela(layanan), data.rules.tahun
    verified = [_verified_rows(data, unit.pk, layanan) for unit in data.units]
    counted = sum(served_until(rows, jendela, tahun, triwulan) is not None for rows in verified)
    until = [served_until(rows, jendela, tahun, triwulan, is_carried=True) or 0 for rows in verified] if counted else []
    return _Parts(
        office_sasaran(data.sasaran, layanan.kelompok),
        sum(until) if counted else None,
        [items[kode] for kode in data.item_kode(layanan)],
        counted,
    )


def _office_items(
    data: YearData, needs: Mapping[int, _Needs], triwulan: int, kode: Iterable[str] | None = None
) -> dict[str, ItemMutu]:
    """The quality items over the units whose quality is verified, by kode: all, or some."""
    quarters = {pk: _verified_quarters(data, pk) for pk in needs}
    holders: dict[int | None, _Needs] = {
        pk: need for pk, need in needs.items() if (triwulan in quarters[pk] if triwulan else quarters[pk])
    }
    return {one: _item(data, one, holders, triwulan, quarters) for one in (data.names if kode is None else kode)}


def _served(rules: SpmRules, years: Mapping[int, int], mine: Q) -> dict[tuple[int | None, str], list[Reported]]:
    """What was reported in the year; of the year before only for services that count a school year. One query."""
    schools = [one.kode for one in rules.standar.layanan if rules.jendela(one) == "tahun_ajaran"]
    before = [pk for pk, tahun in years.items() if tahun != rules.tahun]
    rows = PelayananSpm.objects.filter(
        mine, Q(tahun_kinerja=rules.pengaturan.tahun_kinerja_id) | Q(tahun_kinerja__in=before, layanan__in=schools)
    )
    found: dict[tuple[int | None, str], list[Reported]] = defaultdict(list)
    for unit_id, layanan, year_id, triwulan, bulan, terlayani in rows.values_list(
        "unit", "layanan", "tahun_kinerja", "triwulan", "bulan", "terlayani"
    ):
        found[unit_id, layanan].append(Reported(years[year_id], triwulan, bulan, terlayani))
    return found


def _stocks(rows: QuerySet[MutuSpm]) -> dict[tuple[int | None, str], dict[int, Decimal]]:
    """What there is of each item of each unit, by quarter. One query."""
    found: dict[tuple[int | None, str], dict[int, Decimal]] = defaultdict(dict)
    for unit_id, butir, triwulan, tersedia in rows.values_list("unit", "butir", "triwulan", "tersedia"):
        found[unit_id, butir][triwulan] = tersedia
    return found


def _years(tahun_kinerja: TahunKinerja) -> dict[int, int]:
    """The year and the one before it, where the office has it, by id."""
    rows = TahunKinerja.objects.filter(
        instansi=tahun_kinerja.instansi_id, tahun__in=[tahun_kinerja.tahun - 1, tahun_kinerja.tahun]
    )
    return dict(rows.values_list("pk", "tahun"))


def _verified(years: Mapping[int, int]) -> dict[str, set[_Quarter]]:
    rows = Submission.objects.filter(
        tahun_kinerja__in=years, form__in=[Form.SPM, Form.SPM_MUTU], state__in=COUNTED
    ).order_by()
    found: dict[str, set[_Quarter]] = {Form.SPM.value: set(), Form.SPM_MUTU.value: set()}
    for form, year_id, unit_id, periode in rows.values_list("form", "tahun_kinerja", "unit", "periode"):
        found[form].add((years[year_id], unit_id, periode))
    return found


def _verified_rows(data: YearData, unit_id: int, layanan: Layanan) -> list[Reported]:
    verified = data.verified[Form.SPM.value]
    rows = data.served.get((unit_id, layanan.kode), ())
    return [row for row in rows if (row.tahun, unit_id, row.triwulan) in verified]


def _verified_quarters(data: YearData, unit_id: int) -> list[int]:
    """The quarters whose quality is verified."""
    verified = data.verified[Form.SPM_MUTU.value]
    return [one for one in TRIWULAN if (data.rules.tahun, unit_id, one) in verified]


def _item(
    data: YearData,
    kode: str,
    needs: Mapping[int | None, _Needs],
    triwulan: int,
    quarters: Mapping[int, Collection[int]] | None = None,
) -> ItemMutu:
    """A quality item, need and stock summed over the units that count; `quarters` are those that count of each unit."""
    pairs = []
    for unit_id, need in needs.items():
        counted = TRIWULAN if quarters is None or unit_id is None else quarters[unit_id]
        pairs.append((need[kode], _stock(data, unit_id, kode, triwulan, counted)))
    stated = [(need, there) for need, there in pairs if need is not None and there is not None]
    asked = [need for need, _ in pairs if need is not None]
    return ItemMutu(
        data.names[kode],
        sum((need for need, _ in stated), Decimal(0)) if stated else (sum(asked, Decimal(0)) or None),
        sum((there for _, there in stated), Decimal(0)) if stated else None,
    )


def _stock(data: YearData, unit_id: int | None, kode: str, triwulan: int, counted: Collection[int]) -> Decimal | None:
    """What is there at the end of a quarter; of the year, what was last reported in a quarter that counts.

    What was there when the needs were counted (quarter 0) is no report.
    """
    stated = data.stock.get((unit_id, kode), {})
    known = [one for one in stated if one in counted and triwulan in (0, one)]
    return stated[max(known)] if known else None


def _indeks(data: YearData, layanan: Layanan, parts: _Parts, *, traced: bool = True) -> IndeksSpm:
    standar = data.rules.standar
    place = Citation(standar.pack.instrumen, layanan.tempat, "tertulis", f"{layanan.pembilang} ÷ {layanan.penyebut}")
    penerima = compute_penerima(parts.terlayani, parts.sasaran, place, traced=traced)
    cara: CaraMutu = "jumlah" if data.rules.pengaturan.indeks_mutu == "jumlah" else "rata_rata_butir"
    mutu = compute_mutu(parts.items, cara, traced=traced) if standar.has_mutu else None
    return compute_indeks(penerima, mutu, standar, traced=traced)


def _row(data: YearData, unit_id: int | None, layanan: Layanan, triwulan: int, parts: _Parts) -> dict[str, Any]:
    found = _indeks(data, layanan, parts, traced=False)
    return {
        "unit_id": unit_id,
        "layanan": layanan.kode,
        "triwulan": triwulan,
        "sasaran": parts.sasaran,
        "terlayani": parts.terlayani,
        "penerima": found.penerima,
        "mutu": found.mutu,
        "indeks": found.nilai,
        "kategori": found.kategori,
        "unit_dihitung": 0,
        "unit_total": 0,
        "catatan": list(found.catatan),
        "dasar": data.rules.dasar,
    }


def _with_units(row: dict[str, Any], counted: int, total: int) -> dict[str, Any]:
    notes = row["catatan"]
    if counted < total:
        notes = [f"Baru {counted} dari {total} unit yang laporannya terverifikasi.", *notes]
    return {**row, "unit_dihitung": counted, "unit_total": total, "catatan": notes}
