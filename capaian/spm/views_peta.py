"""The heat map of a district, and one Puskesmas whole, with the traces behind their figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.rules.periods import ROMAN
from capaian.rules.spm.standar import Layanan
from capaian.spm.compute import explain, read_year
from capaian.spm.models import CapaianSpm
from capaian.spm.places import named_unit
from capaian.spm.queries import PERIODE, TRIWULAN, SpmRules, spm_rules
from capaian.spm.queries_peta import (
    CAKUPAN,
    INDEKS,
    HeatCell,
    default_period,
    district_index,
    heat_cell,
    heat_map,
    sasaran_conflicts,
    unit_capaian,
    unit_states,
)
from capaian.web.components import ContextChoice, context_choice, render_trace
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form
from capaian.workflow.page import sheet_url
from capaian.workflow.queries_sheets import period_label

# What the colours of the map mean, the best first; the category of the index comes from the standard's scale.
_LEGEND = (
    ("Terpenuhi (100 atau lebih)", 5),
    ("Sesuai laju", 4),
    ("Sedikit tertinggal (80% laju)", 3),
    ("Tertinggal (50% laju)", 2),
    ("Jauh tertinggal", 0),
)


def read_period(request: HttpRequest, tahun: int) -> int:
    """The quarter that `?tw=` asks for (0 the year), else the one that is of interest now."""
    asked = request.GET.get("tw", "")
    return int(asked) if asked in {"0", "1", "2", "3", "4"} else default_period(tahun, timezone.localdate())


def period_words(triwulan: int) -> str:
    """`triwulan II`, `setahun`: the period within a sentence."""
    label = period_label(triwulan)
    return label[:1].lower() + label[1:]


def period_choice(request: HttpRequest, triwulan: int) -> ContextChoice:
    """The item of the context bar that leads to the same page of another quarter, or of the year."""
    return context_choice(request, "Periode", "tw", [(one, period_label(one)) for one in PERIODE], triwulan)


@require_GET
def peta(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which Puskesmas is behind with which service? A person of a unit sees that unit."""
    office = require_office(request, instansi, tahun, somewhere=True)
    triwulan = read_period(request, tahun)
    mode = INDEKS if request.GET.get("angka") == INDEKS else CAKUPAN
    found = heat_map(office, triwulan, mode)
    scale = found.rules.standar.penerapan.scale("kategori")
    best_first = sorted(scale.bands, key=lambda band: band.dari if band.dari is not None else -1, reverse=True)
    context = {
        "map": found,
        "mode": mode,
        "triwulan": triwulan,
        "label": period_words(triwulan),
        "periode": period_choice(request, triwulan),
        "modes": [(CAKUPAN, "Cakupan"), (INDEKS, "IP SPM")],
        "legend": [(band.label, 5 - at) for at, band in enumerate(best_first)] if mode == INDEKS else _LEGEND,
        "conflicts": sum(1 for row in found.rows for cell in row.cells if cell.conflict),
        "exceeding": sum(1 for row in found.rows for cell in row.cells if cell.exceeds),
    }
    return render(request, "spm/peta.html", context)


@dataclass(frozen=True)
class UnitLine:
    """A service of a Puskesmas: its result in the period, and the coverage of each quarter as cells."""

    layanan: Layanan
    row: CapaianSpm | None
    cell: HeatCell
    indeks: HeatCell
    quarters: list[HeatCell]

    @property
    def unserved(self) -> int | None:
        """Persons who are owed the service and were not served yet; never negative."""
        if self.row is None or self.row.sasaran is None or self.row.terlayani is None:
            return None
        return max(self.row.sasaran - self.row.terlayani, 0)


@require_GET
def unit(request: HttpRequest, instansi: str, tahun: int, unit: str) -> HttpResponse:
    """How far is this Puskesmas with each service, and who is still to be served?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    place = named_unit(office, unit)
    if place is None:
        raise Http404("Halaman ini tentang satu unit; capaian kabupaten/kota ada pada Peta SPM.")
    triwulan, rules = read_period(request, tahun), spm_rules(office.tahun_kinerja)
    stored = unit_capaian(office.tahun_kinerja, place)
    conflicts = sasaran_conflicts(office.tahun_kinerja, office.scope(Permission.VIEW)).get(place.pk, frozenset())
    lines = [_line(rules, one, stored, triwulan, conflict=one.kelompok in conflicts) for one in rules.standar.layanan]
    own = {line.layanan.kode: line.row for line in lines if line.row is not None}
    context = {
        "unit": place,
        "triwulan": triwulan,
        "label": period_words(triwulan),
        "periode": period_choice(request, triwulan),
        "rules": rules,
        "lines": lines if stored else [],
        "daerah": district_index(rules.standar, own),
        "complete": sum(1 for line in lines if line.cell.tone == _LEGEND[0][1]),
        "sheets": _sheets(office, place),
        "roman": ROMAN,
        "monev_tw": triwulan or TRIWULAN[-1],
    }
    return render(request, "spm/unit.html", context)


def _line(
    rules: SpmRules, layanan: Layanan, stored: dict[tuple[str, int], CapaianSpm], triwulan: int, *, conflict: bool
) -> UnitLine:
    def cell(periode: int, mode: str = CAKUPAN) -> HeatCell:
        return heat_cell(rules.standar, layanan, stored.get((layanan.kode, periode)), periode, mode, conflict=conflict)

    row = stored.get((layanan.kode, triwulan))
    return UnitLine(layanan, row, cell(triwulan), cell(triwulan, INDEKS), [cell(one) for one in TRIWULAN])


def _sheets(office: Office, place: UnitKerja) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The forms of the unit: by form the quarters with address and state. Two queries."""
    found = []
    for form in (Form.SPM, Form.SPM_MUTU):
        states = unit_states(office.tahun_kinerja, place, form)
        keys = [SheetKey(office.tahun_kinerja, form.value, place, one) for one in TRIWULAN]
        quarters = [
            (ROMAN[key.periode - 1], sheet_url("lembar", key), states.get(key.periode, "belum")) for key in keys
        ]
        found.append((str(form.label), quarters))
    return found


@require_GET
def jejak(request: HttpRequest, instansi: str, tahun: int, layanan: str, triwulan: int, unit: str) -> HttpResponse:
    """How was this result made, out of what is stored now?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    place = named_unit(office, unit)
    year = office.tahun_kinerja
    rules = spm_rules(year)
    one = rules.standar.by_kode.get(layanan)
    if one is None or triwulan not in PERIODE:
        raise Http404(f"Tidak ada hasil SPM {layanan} triwulan {triwulan}.")
    # The office's result joins all its units; a unit's needs that unit only.
    found = explain(read_year(year, [place] if place else None), place.pk if place else None, one, triwulan)
    stored = CapaianSpm.objects.filter(tahun_kinerja=year, unit=place, layanan=layanan, triwulan=triwulan).first()
    remarks = [*found.catatan]
    if stored is not None and (stored.penerima, stored.mutu, stored.indeks) != (
        found.penerima,
        found.mutu,
        found.nilai,
    ):
        remarks.insert(0, _differs(stored))
    if stored is not None and stored.unit_dihitung < stored.unit_total:
        remarks.append(f"Baru {stored.unit_dihitung} dari {stored.unit_total} Puskesmas yang laporannya terverifikasi.")
    return render_trace(
        request,
        found.trace.to_dict(),
        title=one.nama,
        subtitle=f"{place or year.instansi}, sampai {period_words(triwulan)} {tahun}",
        result=_result(found.nilai, found.penerima, found.label),
        basis=f"{rules.standar.pack.id}+{rules.standar.penerapan.id}",
        remarks=[*remarks, _policy(rules, one)],
        back_url=f"{reverse('spm:layanan', args=[instansi, tahun, layanan])}?unit={unit}&tw={triwulan}",
    )


@require_GET
def jejak_indeks(request: HttpRequest, instansi: str, tahun: int, triwulan: int, unit: str) -> HttpResponse:
    """How was the index over the twelve services made?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    place = named_unit(office, unit)
    if triwulan not in PERIODE:
        raise Http404(f"Tidak ada triwulan {triwulan}.")
    rules = spm_rules(office.tahun_kinerja)
    rows = CapaianSpm.objects.filter(tahun_kinerja=office.tahun_kinerja, unit=place, triwulan=triwulan)
    found = district_index(rules.standar, {row.layanan: row for row in rows}, traced=True)
    return render_trace(
        request,
        found.trace.to_dict(),
        title="Indeks SPM dua belas pelayanan",
        subtitle=f"{place or office.tahun_kinerja.instansi}, sampai {period_words(triwulan)} {tahun}",
        result=_result(found.nilai, None, found.label),
        basis=rules.standar.penerapan.id,
        remarks=found.catatan,
        back_url=f"{reverse('spm:peta', args=[instansi, tahun])}?tw={triwulan}&angka={INDEKS}",
    )


def _result(nilai: object, penerima: object, label: str) -> str:
    if nilai is not None:
        return f"IP SPM {format_number(nilai, 2)} ({label})"  # type: ignore[arg-type]
    if penerima is not None:
        return f"Cakupan {format_number(penerima, 2)}%"  # type: ignore[arg-type]
    return "Belum dapat dihitung"


def _differs(stored: CapaianSpm) -> str:
    said = "–" if stored.indeks is None else format_number(stored.indeks, 2)
    return (
        f"Hasil yang tersimpan berbeda (IP SPM {said}): masukan atau aturan berubah sesudah hasil itu dihitung. "
        "Hasil dihitung ulang saat isian, sasaran, atau pengaturan SPM disimpan lagi."
    )


def _policy(rules: SpmRules, layanan: Layanan) -> str:
    """The choices of the office that this result follows, in words."""
    months = "tahun ajaran (Juni sampai Mei)" if rules.jendela(layanan) == "tahun_ajaran" else "tahun kalender"
    if not rules.standar.has_mutu:
        return f"Bulan yang dihitung: {months}."
    return f"Bulan yang dihitung: {months}. Indeks mutu: {rules.pengaturan.get_indeks_mutu_display().lower()}."
