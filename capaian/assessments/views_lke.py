"""The evaluation of AKIP: the worksheet with its tiers, traces, evidence, and a report that was printed elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_bukti import attach_to_jawaban, remove_from_jawaban
from capaian.assessments.actions_lke import MAX_NOTE, Change, Written, save_jawaban
from capaian.assessments.actions_tingkat import (
    Printed,
    PrintedRefused,
    close_tier,
    reopen_tier,
    save_lhe,
    save_printed,
)
from capaian.assessments.models import BuktiPenilaian, Penilaian
from capaian.assessments.queries_lke import Section, Typed, Worksheet, read_worksheet
from capaian.assessments.tiers import RIGHTS, Tingkat
from capaian.measurement.bukti_actions import BuktiRefused
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.instrumen.hasil import explain
from capaian.rules.instrumen.model import Kelompok
from capaian.rules.lke import MET, UNMET, suggest_grade
from capaian.rules.numbers import format_number
from capaian.web.components import render_trace


@require_GET
def lke(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How is the office's accountability judged, criterion by criterion, and who has judged it so far?"""
    office = require_office(request, instansi, tahun)
    return render(request, "assessments/lke.html", _context(office, read_worksheet(office)))


@require_POST
def lke_simpan(request: HttpRequest, instansi: str, tahun: int, bagian: str) -> HttpResponse:
    """Save the answers of one sub-component in the tier that the form names."""
    tingkat = _tingkat(request)
    office = require_office(request, instansi, tahun, RIGHTS[tingkat])
    sheet = _worksheet(office)
    section = sheet.sections_by_kode.get(bagian)
    if section is None:
        raise Http404(f"Tidak ada subkomponen {bagian} pada lembar kerja tahun ini.")
    changes = _changes(request, section)
    error, written = "", Written()
    try:
        written = save_jawaban(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            tingkat=tingkat,
            changes=changes,
        )
    except PenilaianRefused as refusal:
        error = str(refusal)
        written.refused = {one.kode: error for one in changes}
    sent = {one.kode: one for one in changes}
    typed = Typed(
        {kode: sent[kode].nilai for kode in written.refused},
        {kode: sent[kode].catatan for kode in written.refused},
        written.refused,
    )
    context = _context(office, read_worksheet(office, typed)) | {"error": error, "saved_in": bagian, "written": written}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "assessments/parts/lke_jawaban.html", context)
    if not written.refused:
        messages.success(request, f"Tersimpan: {len(written.saved)} jawaban pada {section.group.nama}.")
        return redirect(f"{reverse('assessments:lke', args=[instansi, tahun])}#b-{bagian}")
    return render(request, "assessments/lke.html", context, status=422)


@require_POST
def lke_tutup(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Close a tier, so that the next one begins."""
    tingkat = _tingkat(request)
    office = require_office(request, instansi, tahun, RIGHTS[tingkat])
    penilaian = _penilaian(office, tingkat)
    try:
        following = close_tier(by=request.user, penilaian=penilaian)  # type: ignore[arg-type]
    except PenilaianRefused as refusal:
        messages.error(request, str(refusal))
    else:
        what = f" {following.get_tingkat_display()} dimulai dengan jawaban ini." if following else ""
        messages.success(request, f"{penilaian.get_tingkat_display()} ditutup.{what}")
    return redirect("assessments:lke", instansi=instansi, tahun=tahun)


@require_POST
def lke_buka(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Open a closed tier again, for a reason."""
    office = require_office(request, instansi, tahun)
    penilaian = _penilaian(office, _tingkat(request))
    try:
        reopen_tier(by=request.user, penilaian=penilaian, reason=request.POST.get("alasan", ""))  # type: ignore[arg-type]
    except PenilaianRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{penilaian.get_tingkat_display()} dibuka kembali.")
    return redirect("assessments:lke", instansi=instansi, tahun=tahun)


@require_POST
def lke_data(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Number and day of the report, and the year of the evaluation."""
    office = require_office(request, instansi, tahun, Permission.EVALUATE)
    penilaian = _penilaian(office, Tingkat.AKHIR)
    try:
        save_lhe(
            by=request.user,  # type: ignore[arg-type]
            penilaian=penilaian,
            nomor=request.POST.get("nomor", ""),
            tanggal=read_day(request.POST.get("tanggal", ""), "Tanggal LHE"),
            tahun_evaluasi=_year(request.POST.get("tahun_evaluasi", "")),
        )
    except PenilaianRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Data laporan hasil evaluasi disimpan.")
    return redirect("assessments:lke", instansi=instansi, tahun=tahun)


@require_http_methods(["GET", "POST"])
def lke_tercetak(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What does a report that was printed elsewhere say, by component or sub-component?"""
    office = require_office(request, instansi, tahun)
    sheet = _worksheet(office)
    typed = {name: request.POST.get(name, "") for name in ("sumber", "nomor", "tanggal", "tahun_evaluasi")}
    values = {kode: request.POST.get(f"nilai-{kode}", "") for kode in _stated_groups(sheet)}
    errors, error = dict[str, str](), ""
    if request.method == "POST":
        try:
            _save_printed(request, office, typed, values)
        except PrintedRefused as refusal:
            errors, error = refusal.errors, str(refusal)
        except PenilaianRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Nilai dari LHE tercetak disimpan sebagai hasil akhir tahun ini.")
            return redirect("assessments:lke", instansi=instansi, tahun=tahun)
    else:
        values = {kode: _stored(sheet, kode) for kode in values}
        typed |= {"tahun_evaluasi": str(tahun + 1), "sumber": sheet.sumber}
    groups = _stated_groups(sheet).items()
    rows = [(kode, one, depth, values[kode], errors.get(kode, "")) for kode, (one, depth) in groups]
    context = {
        "sheet": sheet,
        "rows": rows,
        "typed": typed,
        "error": error,
        "may_write": _may_print(office),
        "blocked": _print_blocked(sheet),
    }
    return render(request, "assessments/lke_tercetak.html", context, status=422 if error else 200)


@require_GET
def lke_jejak(request: HttpRequest, instansi: str, tahun: int, tingkat: str, kode: str) -> HttpResponse:
    """How did the value of this component, sub-component or criterion come about in this tier?"""
    office = require_office(request, instansi, tahun)
    sheet = _worksheet(office)
    tier = next((one for one in sheet.tiers if one.tingkat.value == tingkat), None)
    instrumen = sheet.judged.instrumen
    if tier is None or tier.hasil is None or (kode not in instrumen.items and kode not in instrumen.groups):
        raise Http404("Belum ada nilai di sini; isi lembar kerjanya dahulu.")
    group = instrumen.groups.get(kode)
    name = group.nama if group else instrumen.items[kode].nama
    shown = tier.hasil.kelompok[kode].tampil if group else tier.hasil.butir[kode].nilai
    remarks = tier.hasil.kelompok[kode].catatan if group else tier.hasil.butir[kode].catatan
    return render_trace(
        request,
        explain(instrumen, tier.hasil, kode).to_dict(),
        title=name,
        subtitle=f"{tier.label}, {sheet.judged.versi}; skor per {_mode(sheet)}",
        result="–" if shown is None else format_number(shown),
        basis=sheet.judged.versi.instrumen.pack,
        remarks=remarks,
        back_url=reverse("assessments:lke", args=[instansi, tahun]),
    )


@require_http_methods(["GET", "POST"])
def lke_bukti(request: HttpRequest, instansi: str, tahun: int, kode: str) -> HttpResponse:
    """What proves the answer to this criterion?"""
    office = require_office(request, instansi, tahun)
    sheet = _worksheet(office)
    line = next((one for part in sheet.sections for one in part.lines if one.kode == kode), None)
    if line is None:
        raise Http404(f"Tidak ada kriteria {kode} pada lembar kerja tahun ini.")
    error, typed = "", {name: request.POST.get(name, "") for name in ("tautan", "nama")}
    if request.method == "POST":
        tier = sheet.written
        try:
            if tier is None:
                raise PenilaianRefused("Tidak ada tingkat yang dapat Anda isi sekarang, sehingga bukti tidak ditambah.")
            penilaian = tier.penilaian or _begin(request, office, tier.tingkat)
            attach_to_jawaban(by=request.user, penilaian=penilaian, butir=kode, **typed)  # type: ignore[arg-type]
        except (PenilaianRefused, BuktiRefused) as refusal:
            error = str(refusal)
        else:
            return redirect("assessments:lke_bukti", instansi=instansi, tahun=tahun, kode=kode)
    context = {"sheet": sheet, "line": line, "error": error, "typed": typed}
    return render(request, "assessments/lke_bukti.html", context, status=422 if error else 200)


@require_POST
def lke_bukti_hapus(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Take a link away from a criterion."""
    office = require_office(request, instansi, tahun)
    rows = BuktiPenilaian.objects.select_related("penilaian__tahun_kinerja__instansi")
    bukti = get_object_or_404(rows, pk=pk, penilaian__tahun_kinerja=office.tahun_kinerja)
    try:
        remove_from_jawaban(by=request.user, bukti=bukti)  # type: ignore[arg-type]
    except PenilaianRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:lke_bukti", instansi=instansi, tahun=tahun, kode=bukti.butir)


def read_day(text: str, what: str) -> date | None:
    """A day as the date field of a page sends it; None for an empty text. Raises `PenilaianRefused`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise PenilaianRefused(f'{what}: "{text[:20]}" bukan tanggal. Tulis misalnya 2024-08-30.') from error


def _year(text: str) -> int:
    if not text.strip().isdecimal() or len(text.strip()) != 4:
        raise PenilaianRefused(f'Tahun evaluasi "{text[:10]}" bukan tahun; tulis empat angka, misalnya 2025.')
    return int(text)


def _context(office: Office, sheet: Worksheet | None) -> dict[str, Any]:
    if sheet is None:
        return {"sheet": None}
    return {
        "sheet": sheet,
        "mode": _mode(sheet),
        "may_print": _may_print(office),
        "may_evaluate": office.allows(Permission.EVALUATE),
        "may_reopen": {one.tingkat.value for one in sheet.tiers if _may_reopen(office, sheet, one.tingkat)},
        "max_note": MAX_NOTE,
    }


def _mode(sheet: Worksheet) -> str:
    return "subkomponen (satu jenjang)" if sheet.by_group else "kriteria (rata-rata)"


def _may_print(office: Office) -> bool:
    return office.allows(Permission.EVALUATE) or office.allows(Permission.WRITE_ANALISIS)


def _may_reopen(office: Office, sheet: Worksheet, tingkat: Penilaian.Tingkat) -> bool:
    """As `actions_tingkat.reopen_tier` holds it: evaluators, and for their own the office."""
    own = Permission.WRITE_ANALISIS if sheet.printed else RIGHTS[tingkat]
    return office.allows(Permission.EVALUATE) or office.allows(own)


def _print_blocked(sheet: Worksheet) -> str:
    """Why values of a printed report cannot be typed in; empty where they can."""
    if any(one.penilaian for one in sheet.tiers[:-1]):
        return "Lembar kerja tahun ini sudah diisi bertingkat; hasil akhirnya diisi evaluator pada lembar itu."
    if sheet.final.is_closed:
        return "Hasil akhir tahun ini sudah ditutup. Buka kembali dengan alasan pada halaman evaluasi, lalu isi lagi."
    if sheet.final.answers and not sheet.printed:
        return "Evaluator sudah mengisi hasil akhir tahun ini pada lembar kerja; lanjutkan pada lembar itu."
    return ""


def _tingkat(request: HttpRequest) -> Penilaian.Tingkat:
    name = request.POST.get("tingkat", "")
    if name not in Tingkat.values:
        raise Http404("Tingkat penilaian tidak dikenal; muat ulang halaman.")
    return Tingkat(name)


def _worksheet(office: Office) -> Worksheet:
    sheet = read_worksheet(office)
    if sheet is None:
        raise Http404("Lembar kerja evaluasi AKIP tahun ini belum dipilih; pilih pada halaman Instrumen.")
    return sheet


def _penilaian(office: Office, tingkat: str) -> Penilaian:
    rows = Penilaian.objects.filter(tahun_kinerja=office.tahun_kinerja, unit=None, tingkat=tingkat)
    rows = rows.filter(versi__pengaturan__tahun_kinerja=office.tahun_kinerja, versi__instrumen__keluarga="lke")
    return get_object_or_404(rows.select_related("tahun_kinerja__instansi").distinct())


def _begin(request: HttpRequest, office: Office, tingkat: Penilaian.Tingkat) -> Penilaian:
    """The tier, begun without an answer yet."""
    save_jawaban(by=request.user, tahun_kinerja=office.tahun_kinerja, tingkat=tingkat, changes=[])  # type: ignore[arg-type]
    return _penilaian(office, tingkat)


def _changes(request: HttpRequest, section: Section) -> list[Change]:
    """What was sent for a section; what was not sent stays as it is stored."""
    lines = [*section.lines, *([section.grade] if section.grade else [])]
    sent = [
        Change(
            one.kode,
            request.POST[f"nilai-{one.kode}"].strip(),
            request.POST.get(f"catatan-{one.kode}", ""),
            request.POST.get(f"dasar-{one.kode}", ""),
        )
        for one in lines
        if f"nilai-{one.kode}" in request.POST
    ]
    if "pakai_saran" not in request.POST or section.grade is None:
        return sent
    given = [one.nilai for one in sent if one.kode != section.group.kode and one.nilai in (MET, UNMET)]
    saran = suggest_grade(given.count(MET), len(given), len(section.lines)).kode
    return [
        Change(one.kode, saran, one.catatan, one.base) if saran and one.kode == section.group.kode else one
        for one in sent
    ]


def _stated_groups(sheet: Worksheet) -> dict[str, tuple[Kelompok, int]]:
    """The components and sub-components that reports print, with their depth."""
    found: dict[str, tuple[Kelompok, int]] = {}
    for one in sheet.judged.instrumen.akar.isi:
        if isinstance(one, Kelompok):
            found[one.kode] = (one, 0)
            found |= {child.kode: (child, 1) for child in one.isi if isinstance(child, Kelompok)}
    return found


def _stored(sheet: Worksheet, kode: str) -> str:
    given = sheet.final.answers.get(kode)
    return given.nilai if given else ""


def _save_printed(request: HttpRequest, office: Office, typed: dict[str, str], values: dict[str, str]) -> None:
    save_printed(
        by=request.user,  # type: ignore[arg-type]
        tahun_kinerja=office.tahun_kinerja,
        printed=Printed(
            sumber=typed["sumber"],
            tahun_evaluasi=_year(typed["tahun_evaluasi"]),
            values=values,
            nomor=typed["nomor"],
            tanggal=read_day(typed["tanggal"], "Tanggal LHE"),
        ),
    )
