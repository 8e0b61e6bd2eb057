"""The recap of a district's PKP, the trace behind its figures, and what each Puskesmas is (`sifat`)."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from capaian.assessments.actions import PenilaianRefused, set_sifat
from capaian.assessments.compute import evaluate_penilaian
from capaian.assessments.models import Penilaian
from capaian.assessments.queries import Active, penilaian_by_unit, pkp_units, sifat_by_unit, stored_hasil
from capaian.assessments.queries_pkp import detail_groups, judged_by, part_of, recap, short_name, shown_groups
from capaian.assessments.sheet import score_words
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.instrumen.hasil import HasilInstrumen, explain
from capaian.rules.instrumen.model import Kebijakan
from capaian.rules.numbers import format_number
from capaian.spm.places import named_unit
from capaian.web.components import render_trace
from capaian.web.navigation import office_url

ALL = "semua"
_AVERAGE = {"bertingkat": "bertingkat (butir ke kelompok ke bagian)", "datar": "datar (semua butir sekaligus)"}
_MIXED = {
    "terendah": "kelas terendah dari bagian-bagiannya",
    "tidak_terklasifikasi": "tidak terklasifikasi bila kelas bagian berbeda",
}
_BOUNDARY = {
    "ambang_bawah": "ambang bawah tiap tingkat",
    "bulatkan_dulu": "dibulatkan dahulu",
    "lebih_dari": "lebih dari batas bawah",
    "literal": "seperti tercetak",
}


@require_GET
def pkp(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How do the Puskesmas stand, and in which order? A person of a unit sees that unit."""
    office = require_office(request, instansi, tahun, somewhere=True)
    judged = judged_by(office.tahun_kinerja)
    if judged is None:
        return render(request, "assessments/pkp.html", {"can_choose": office.allows(Permission.WRITE_INSTRUMEN)})
    tabs = detail_groups(judged.instrumen)
    detail = request.GET.get("bagian", "")
    if detail not in {one.kode for one in tabs}:
        detail = ""
    everyone = request.GET.get("termasuk") == ALL
    found = recap(office, judged, shown_groups(judged.instrumen, detail), everyone=everyone)
    context = {
        "recap": found,
        "judged": judged,
        "tabs": [("", "Ringkas"), *((one.kode, short_name(one)) for one in tabs)],
        "detail": detail,
        "everyone": everyone,
        "policies": policy_words(judged.kebijakan),
        "heads": [(one, short_name(one)) for one in found.groups],
    }
    return render(request, "assessments/pkp.html", context)


@require_GET
def pkp_jejak(request: HttpRequest, instansi: str, tahun: int, unit: str, kode: str) -> HttpResponse:
    """How was the value of this item or group made, out of what is stored now?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    judged, place = required_place(office, unit)
    one = judged.instrumen.items.get(kode) or judged.instrumen.groups.get(kode)
    if one is None:
        raise Http404(f"Instrumen tahun ini tidak mempunyai butir atau kelompok {kode}.")
    penilaian, hasil = unit_result(office.tahun_kinerja, judged, place)
    part = part_of(judged.instrumen, kode)
    remarks = [*_remarks(judged, hasil, kode), *_stored_differs(office.tahun_kinerja, judged, place, hasil, kode)]
    return render_trace(
        request,
        explain(judged.instrumen, hasil, kode).to_dict(),
        title=f"{one.nomor} {one.nama}".strip(),
        subtitle=f"{place}, {tahun}" + (f" · bagian {judged.instrumen.groups[part.kelompok].nama}" if part else ""),
        result=_result(judged, hasil, kode),
        basis=judged.versi.instrumen.pack if penilaian else "",
        remarks=[*remarks, f"Instrumen: {judged.versi}.", policy_words(hasil.kebijakan)],
        back_url=office_url("assessments:pkp_unit", {"kunci": instansi, "tahun": tahun}, unit=place.kunci),
    )


@require_http_methods(["GET", "POST"])
def sifat(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which Puskesmas has inpatients, is endemic, sends pilgrims: what decides which items apply to it?"""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA)
    year, judged = office.tahun_kinerja, judged_by(office.tahun_kinerja)
    units = pkp_units(year) if judged else []
    names = dict(judged.instrumen.sifat) if judged else {}
    known, error = sifat_by_unit(year), ""
    if request.method == "POST" and judged is not None:
        ticked = {unit: frozenset(request.POST.getlist(f"sifat-{unit.kunci}")) & set(names) for unit in units}
        error = _save_sifat(request, office, ticked)
        if not error:
            return redirect("assessments:sifat", instansi=instansi, tahun=tahun)
        known = {unit.pk: ticks for unit, ticks in ticked.items()}
    asked = [one.sifat for one in judged.instrumen.items.values()] if judged else []
    context = {
        "judged": judged,
        "error": error,
        "names": [
            (kode, nama, asked.count(kode), sum(1 for unit in units if kode in known[unit.pk]))
            for kode, nama in names.items()
        ],
        "rows": [(unit, [(kode, kode in known[unit.pk]) for kode in names]) for unit in units],
    }
    return render(request, "assessments/sifat.html", context, status=422 if error else 200)


def required_place(office: Office, unit: str) -> tuple[Active, UnitKerja]:
    """What judges the year and the Puskesmas that an address names. Raises `Http404`, or `PermissionDenied`."""
    place = named_unit(office, unit)
    if place is None or place.jenis != UnitKerja.Jenis.PUSKESMAS:
        raise Http404("Penilaian kinerja ini tentang satu Puskesmas; pilih pada halaman Kinerja Puskesmas.")
    judged = judged_by(office.tahun_kinerja)
    if judged is None:
        raise Http404("Belum ada instrumen PKP untuk tahun ini; pilih dahulu pada halaman Instrumen penilaian.")
    return judged, place


def unit_result(year: TahunKinerja, judged: Active, place: UnitKerja) -> tuple[Penilaian | None, HasilInstrumen]:
    """The result of a Puskesmas out of what is stored now; without answers one that says so. Three queries."""
    stored = penilaian_by_unit(year, judged.versi).get(place.pk)
    penilaian = stored or Penilaian(tahun_kinerja=year, versi=judged.versi, unit=place, tahun_evaluasi=year.tahun + 1)
    return stored, evaluate_penilaian(judged, [penilaian])[penilaian.pk]


def policy_words(policy: Kebijakan) -> str:
    """The choices of the office that a result follows, in words."""
    words = [f"Rata-rata: {_AVERAGE[policy.rata_rata]}", f"kelas keseluruhan: {_MIXED[policy.campuran]}"]
    if policy.batas_kelas:
        words.append(f"batas kelas: {_BOUNDARY.get(policy.batas_kelas, policy.batas_kelas)}")
    if policy.sertakan:
        words.append(f"ikut dihitung: {', '.join(policy.sertakan)}")
    return f"Kebijakan: {'; '.join(words)}."


def _save_sifat(request: HttpRequest, office: Office, ticked: Mapping[UnitKerja, frozenset[str]]) -> str:
    """Store the properties of units; what refuses that, in words, or an empty text. Raises `PermissionDenied`."""
    if any(not office.allows(Permission.WRITE_RENCANA, unit.pk) for unit in ticked):
        raise PermissionDenied(office.refusal(Permission.WRITE_RENCANA))
    try:
        # A property that an older version knew stays out of sight, and goes with the first change.
        changed = set_sifat(by=request.user, tahun_kinerja=office.tahun_kinerja, sifat=ticked)  # type: ignore[arg-type]
    except PenilaianRefused as refused:
        return str(refused)
    said = f"Sifat {changed} Puskesmas disimpan; nilainya sudah dihitung ulang." if changed else "Tidak ada perubahan."
    messages.success(request, said)
    return ""


def _remarks(judged: Active, hasil: HasilInstrumen, kode: str) -> list[str]:
    if kode in hasil.butir:
        item = judged.instrumen.items[kode]
        own = [f"Tentang butir tercetak: {item.catatan}"] if item.catatan else []
        return [*hasil.butir[kode].catatan, *own]
    group = hasil.kelompok[kode]
    missing = group.berlaku - group.terjawab
    notes = [f"Sementara: {missing} dari {group.berlaku} butir yang berlaku belum dinilai."] if missing else []
    return [*notes, *(hasil.catatan if kode == judged.instrumen.akar.kode else ())]


def _stored_differs(
    year: TahunKinerja, judged: Active, place: UnitKerja, hasil: HasilInstrumen, kode: str
) -> list[str]:
    """Whether the recap shows another value than the one explained here. One query."""
    row = stored_hasil(year, judged.versi, kelompok=[kode]).get(place.pk, {}).get(kode)
    group = hasil.kelompok.get(kode)
    if row is None or group is None or row.tampil == group.tampil:
        return []
    said = "–" if row.tampil is None else format_number(row.tampil, 2)
    return [f"Hasil yang tersimpan berbeda ({said}): aturan berubah sesudahnya. Simpan satu isian untuk menghitungnya."]


def _result(judged: Active, hasil: HasilInstrumen, kode: str) -> str:
    if kode in hasil.butir:
        return score_words(hasil.butir[kode]) or "Belum bernilai"
    group = hasil.kelompok[kode]
    if group.tampil is None:
        return "Belum bernilai"
    label = hasil.label if kode == judged.instrumen.akar.kode else (group.kelas.label if group.kelas else "")
    return format_number(group.tampil, 2) + (f" ({label})" if label else "")
