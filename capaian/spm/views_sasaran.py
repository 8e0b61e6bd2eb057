"""The sizes of the target groups: over the district, and of one Puskesmas with all that its sources say."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.rules.spm.sasaran import CALCULATORS
from capaian.spm.actions import SasaranInput, SpmRefused, record_sasaran, use_sasaran
from capaian.spm.models import SasaranSpm
from capaian.spm.places import named_unit, unit_key
from capaian.spm.queries import spm_rules
from capaian.spm.queries_sasaran import area_findings, matrices, unit_sasaran
from capaian.spm.typed import TypedRefused, read_date, read_persons
from capaian.workflow.checks import clean_text

_FIELDS = ("kelompok", "wilayah", "jumlah", "metode", "sumber", "nomor_keputusan", "tanggal_keputusan", "keterangan")


@dataclass(frozen=True)
class Entry:
    """What a person typed into the form, and what is wrong with it; empty for a fresh form."""

    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""


@require_GET
def sasaran(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How many people is each service owed to, and do the figures of the Puskesmas make that of the district?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    rules, main, sub = matrices(office)
    context = {
        "rules": rules,
        "main": main,
        "sub": sub,
        "tables": [("kelompok", main), ("rincian", sub)],
        "areas": area_findings(office, main),
        "gaps": [column for column in main.columns if column.selisih],
        "conflicts": [
            (row, cell)
            for row in [*main.rows, *([main.office] if main.office else [])]
            for cell in row.cells
            if cell.others
        ],
        "calculators": CALCULATORS.values(),
        "can_plan": office.allows(Permission.WRITE_RENCANA),
        "first": next((row.unit for row in main.rows if row.unit), None),
    }
    return render(request, "spm/sasaran.html", context)


@require_http_methods(["GET", "POST"])
def sasaran_unit(request: HttpRequest, instansi: str, tahun: int, unit: str) -> HttpResponse:
    """What does each source say about the target groups of this Puskesmas, and which figure is used?"""
    right = Permission.RECORD_REALISASI if unit != unit_key(None) else Permission.WRITE_RENCANA
    permission = right if request.method == "POST" else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=True)
    place = named_unit(office, unit, permission)
    if request.method != "POST":
        start = {"kelompok": request.GET.get("kelompok", "")}
        return _unit_page(request, office, place, right, Entry(start))
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        row = _record(request, office, place, typed)
    except (TypedRefused, SpmRefused) as error:
        return _unit_page(request, office, place, right, Entry(typed, str(error)))
    used = "dipakai" if row.dipakai else "disimpan di samping angka yang dipakai"
    messages.success(request, f"Sasaran {format_number(row.jumlah)} dari {row.sumber} {used}.")
    return redirect(f"{request.path}#k-{row.kelompok}")


@require_POST
def sasaran_pakai(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Let this statement be the figure that counts, with the reason; the former one stays beside it."""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA, somewhere=True)
    row = get_object_or_404(
        SasaranSpm.objects.select_related("tahun_kinerja__instansi", "unit", "wilayah"),
        pk=pk,
        tahun_kinerja=office.tahun_kinerja,
    )
    if not office.allows(Permission.WRITE_RENCANA, row.unit_id):
        raise PermissionDenied(office.refusal(Permission.WRITE_RENCANA, row.unit))
    reason = clean_text(request.POST.get("alasan", ""))
    if not reason:
        error = (
            f"Sumber {row.sumber} belum dipakai: isi alasannya, supaya jejak audit mengatakan mengapa angka berganti."
        )
        return _unit_page(request, office, row.unit, Permission.WRITE_RENCANA, Entry(), refused={row.pk: error})
    use_sasaran(by=request.user, sasaran=row, reason=reason)  # type: ignore[arg-type]
    messages.success(request, f"{row.sumber} kini dipakai: {format_number(row.jumlah)} orang. Capaian dihitung ulang.")
    return redirect("spm:sasaran_unit", instansi=instansi, tahun=tahun, unit=unit_key(row.unit))


def _record(request: HttpRequest, office: Office, unit: UnitKerja | None, typed: dict[str, str]) -> SasaranSpm:
    jumlah = read_persons(typed["jumlah"], "Jumlah sasaran")
    if jumlah is None:
        raise TypedRefused("Jumlah sasaran belum diisi; tulis banyaknya orang, misalnya 1250.")
    if not typed["kelompok"]:
        raise TypedRefused("Kelompok sasaran belum dipilih; pilih satu dari daftar.")
    wilayah = None
    if typed["wilayah"]:
        wilayah = unit.wilayah.filter(kunci=typed["wilayah"]).first() if unit else None
        if wilayah is None:
            raise Http404(f"Tidak ada wilayah {typed['wilayah']} pada unit ini.")
    stated = SasaranInput(
        kelompok=typed["kelompok"],
        jumlah=jumlah,
        metode=typed["metode"],
        sumber=typed["sumber"],
        nomor_keputusan=typed["nomor_keputusan"],
        tanggal_keputusan=read_date(typed["tanggal_keputusan"], "Tanggal keputusan"),
        keterangan=typed["keterangan"],
    )
    return record_sasaran(
        by=request.user,  # type: ignore[arg-type]
        tahun_kinerja=office.tahun_kinerja,
        unit=unit,
        stated=stated,
        wilayah=wilayah,
    )


def _unit_page(
    request: HttpRequest,
    office: Office,
    unit: UnitKerja | None,
    right: Permission,
    entry: Entry,
    refused: dict[int, str] | None = None,
) -> HttpResponse:
    unit_id = unit.pk if unit else None
    rules = spm_rules(office.tahun_kinerja)
    found = unit_sasaran(rules, office.tahun_kinerja, unit)
    context = {
        "unit": unit,
        "kunci": unit_key(unit),
        "rules": rules,
        "found": found,
        "tables": [
            ("utama", "Dua belas kelompok", found.main),
            ("rincian", "Kelompok rincian untuk kebutuhan barang", found.sub),
        ],
        "sums": [(group.kelompok, group.used, group.areas, group.selisih_wilayah) for group in found.main],
        "metode": SasaranSpm.Metode.choices,
        "calculators": CALCULATORS.values(),
        "entry": entry,
        "refused": refused or {},
        "can_write": office.allows(right, unit_id),
        "can_choose": office.allows(Permission.WRITE_RENCANA, unit_id),
    }
    return render(request, "spm/sasaran_unit.html", context, status=422 if entry.error or refused else 200)
