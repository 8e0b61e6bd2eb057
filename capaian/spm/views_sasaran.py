"""The sizes of the target groups: over the district, and of one Puskesmas with all that its sources say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.rules.spm.sasaran import CALCULATORS
from capaian.spm.actions import SasaranInput, SpmRefused, use_sasaran
from capaian.spm.actions_sasaran import record_sasaran_list
from capaian.spm.models import SasaranSpm
from capaian.spm.places import named_unit, unit_key
from capaian.spm.queries import spm_rules
from capaian.spm.queries_sasaran import area_findings, matrices, unit_sasaran
from capaian.spm.typed import TypedRefused, read_date, read_persons
from capaian.workflow.checks import clean_text

_SHARED = ("wilayah", "metode", "sumber", "nomor_keputusan", "tanggal_keputusan", "keterangan")


@dataclass(frozen=True)
class Entry:
    """What a person typed into the form: numbers by group, what they share, and what is wrong; empty when fresh."""

    numbers: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class EntryRefused(ValueError):
    """Numbers that cannot be stored; `errors` says in words what is wrong with each of them, by group."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} angka belum dapat disimpan; perbaiki yang ditandai.")


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
        return _unit_page(request, office, place, right, Entry())
    sent = [name for name in request.POST if name.startswith("jumlah-")]
    numbers = {name.removeprefix("jumlah-"): request.POST.get(name, "") for name in sent}
    entry = Entry(numbers, {name: request.POST.get(name, "") for name in _SHARED})
    try:
        rows = _record(request, office, place, entry)
    except EntryRefused as error:
        return _unit_page(request, office, place, right, replace(entry, error=str(error), errors=error.errors))
    except (TypedRefused, SpmRefused) as error:
        return _unit_page(request, office, place, right, replace(entry, error=str(error)))
    messages.success(request, _stored_words(rows))
    return redirect(f"{request.path}#k-{rows[0].kelompok}")


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


def _record(request: HttpRequest, office: Office, unit: UnitKerja | None, entry: Entry) -> list[SasaranSpm]:
    typed = entry.typed
    wilayah = None
    if typed["wilayah"]:
        wilayah = unit.wilayah.filter(kunci=typed["wilayah"]).first() if unit else None
        if wilayah is None:
            raise Http404(f"Tidak ada wilayah {typed['wilayah']} pada unit ini.")
    when = read_date(typed["tanggal_keputusan"], "Tanggal keputusan")
    stated = [
        SasaranInput(
            kelompok=kelompok,
            jumlah=jumlah,
            metode=typed["metode"],
            sumber=typed["sumber"],
            nomor_keputusan=typed["nomor_keputusan"],
            tanggal_keputusan=when,
            keterangan=typed["keterangan"],
        )
        for kelompok, jumlah in _numbers(entry).items()
    ]
    return record_sasaran_list(
        by=request.user,  # type: ignore[arg-type]
        tahun_kinerja=office.tahun_kinerja,
        unit=unit,
        stated=stated,
        wilayah=wilayah,
    )


def _numbers(entry: Entry) -> dict[str, int]:
    """The numbers that were filled, by group. Raises `EntryRefused`, or `TypedRefused` where there are none."""
    found: dict[str, int] = {}
    errors: dict[str, str] = {}
    for kelompok, text in entry.numbers.items():
        try:
            jumlah = read_persons(text, "Jumlah")
        except TypedRefused as error:
            errors[kelompok] = str(error)
        else:
            if jumlah is not None:
                found[kelompok] = jumlah
    if errors:
        raise EntryRefused(errors)
    if not found:
        raise TypedRefused("Belum ada jumlah yang diisi; isi sedikitnya satu kelompok, misalnya 1250.")
    return found


def _stored_words(rows: list[SasaranSpm]) -> str:
    used = sum(1 for row in rows if row.dipakai)
    rest = len(rows) - used
    beside = f" {rest} disimpan di samping angka yang dipakai." if rest else ""
    return f"{len(rows)} sasaran dari {rows[0].sumber} disimpan; {used} dipakai.{beside}"


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
    wanted = request.GET.get("kelompok", "")
    texts = entry.numbers
    context = {
        "main_fields": [(group, texts.get(group.kelompok.kode, "")) for group in found.main],
        "sub_fields": [(group, texts.get(group.kelompok.kode, "")) for group in found.sub],
        "sub_open": any(texts.get(one.kelompok.kode) or one.kelompok.kode == wanted for one in found.sub),
        "wanted": wanted,
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
