"""Penilaian lain: units, or the office, judged by an instrument of the office's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_isi import Answer, isian_mark, record_jawaban
from capaian.assessments.compute import evaluate_penilaian
from capaian.assessments.fields import typed_number
from capaian.assessments.models import Keluarga, PengaturanPenilaian, Penilaian
from capaian.assessments.queries import Active, active, isian_by_penilaian
from capaian.assessments.views_instrumen import find_versi
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.instrumen.hasil import HasilInstrumen, NilaiKelompok, evaluate
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.skor import Isian, SkorButir
from capaian.rules.numbers import NumberFormatError, parse_number
from capaian.spm.places import named_unit, unit_key
from capaian.workflow.checks import clean_text
from capaian.workflow.queries_sheets import OFFICE

# More answers than these are a list to open.
_MOST_RADIOS = 6


@dataclass(frozen=True)
class Filled:
    """One assessment in the list: of which unit, its value and class, how far it is answered."""

    penilaian: Penilaian
    nama: str
    kunci: str
    nilai: Decimal | None
    kelas: str
    terjawab: int
    berlaku: int


@require_GET
def isi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What have units been given by the office's own instruments, and who is still to be judged?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    year = office.tahun_kinerja
    versi, unit = request.GET.get("versi", ""), request.GET.get("unit", "")
    if re.fullmatch("[0-9]{1,18}", versi) and re.fullmatch("[-a-zA-Z0-9_]+", unit):
        place: dict[str, Any] = {"instansi": instansi, "tahun": tahun, "versi_id": int(versi)}
        return redirect("assessments:isi_unit", unit=unit, **place)
    chosen = PengaturanPenilaian.objects.filter(tahun_kinerja=year, keluarga=Keluarga.LAIN)
    versions = [one.versi for one in chosen.select_related("versi__instrumen").order_by("versi__instrumen__nama")]
    filled = _filled(office, {one.pk: one.definisi["akar"]["kode"] for one in versions})
    units = office.scope(Permission.RECORD_REALISASI).narrow(year.instansi.unit_kerja.all(), "pk")
    own = [(OFFICE, str(year.instansi))] if office.allows(Permission.RECORD_REALISASI) else []
    context = {
        "instruments": [(one, filled.get(one.pk, [])) for one in versions],
        "units": [*own, *((one.kunci, str(one)) for one in units.order_by("urutan", "pk"))],
        "can_write": office.allows(Permission.WRITE_INSTRUMEN),
    }
    return render(request, "assessments/isi.html", context)


def _filled(office: Office, roots: Mapping[int, str]) -> dict[int, list[Filled]]:
    """The assessments that the person may see, by version; `roots` are the roots of their trees. Two queries."""
    rows = Penilaian.objects.filter(tahun_kinerja=office.tahun_kinerja, versi__in=roots)
    rows = office.scope(Permission.VIEW).narrow(rows, "unit").select_related("unit")
    found: dict[int, list[Filled]] = {}
    for one in rows.prefetch_related("hasil").order_by("unit__urutan", "unit"):
        hasil = next((row for row in one.hasil.all() if row.kelompok == roots[one.versi_id]), None)
        values = (hasil.tampil, hasil.kelas, hasil.terjawab, hasil.berlaku) if hasil else (None, "", 0, 0)
        name = str(one.unit or office.tahun_kinerja.instansi)
        found.setdefault(one.versi_id, []).append(Filled(one, name, unit_key(one.unit), *values))
    return found


@dataclass
class Line:
    """A group or item as it is filled: what is asked, the answer as typed, what came of it."""

    asked: Butir | Kelompok
    depth: int
    isian: Isian
    texts: dict[str, str]
    base: str
    skor: SkorButir | None = None
    nilai: NilaiKelompok | None = None
    error: str = ""
    is_asked: bool = True
    kinds: dict[str, bool] = field(default_factory=dict)


@require_http_methods(["GET", "POST"])
def isi_unit(request: HttpRequest, instansi: str, tahun: int, versi_id: int, unit: str) -> HttpResponse:
    """How does this unit do by this instrument, item by item?"""
    is_post = request.method == "POST"
    permission = Permission.RECORD_REALISASI if is_post else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=True)
    versi = find_versi(office, versi_id)
    judged = active(office.tahun_kinerja, Keluarga.LAIN, versi)
    if judged is None:
        raise Http404("Instrumen ini tidak dipilih untuk menilai tahun ini.")
    of = named_unit(office, unit, permission)
    errors: dict[str, str] = {}
    typed: dict[str, dict[str, str]] = {}
    if is_post:
        typed, answers, errors = _typed(request.POST, judged)
        if not errors:
            errors = _record(request, office, judged, of, answers)
        if not errors:
            messages.success(request, "Jawaban disimpan; nilainya dihitung ulang.")
            return redirect(request.path)
    penilaian = Penilaian.objects.filter(tahun_kinerja=office.tahun_kinerja, versi=versi, unit=of).first()
    stored = isian_by_penilaian([penilaian.pk]).get(penilaian.pk, {}) if penilaian else {}
    hasil = evaluate_penilaian(judged, [penilaian])[penilaian.pk] if penilaian else _empty(judged)
    root = judged.instrumen.akar.kode
    context = {
        "judged": judged,
        "unit": of,
        "nama": str(of or office.tahun_kinerja.instansi),
        "lines": list(_lines(judged, stored, hasil, typed, errors)),
        "total": hasil.kelompok[root],
        "hasil": hasil,
        "errors": errors,
        "can_record": office.allows(Permission.RECORD_REALISASI, of.pk if of else None),
    }
    return render(request, "assessments/isi_unit.html", context, status=422 if errors else 200)


def _empty(judged: Active) -> HasilInstrumen:
    return evaluate(judged.instrumen, {}, (), judged.kebijakan)


def _record(
    request: HttpRequest, office: Office, judged: Active, unit: UnitKerja | None, answers: Mapping[str, Answer]
) -> dict[str, str]:
    try:
        return record_jawaban(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            versi=judged.versi,
            unit=unit,
            answers=answers,
        )
    except PenilaianRefused as refused:
        return {"": str(refused)}


def _asked(judged: Active) -> Iterator[tuple[Butir | Kelompok, int, bool]]:
    """Every group and item in printed order with its depth, and whether it is answered itself."""

    def walk(one: Butir | Kelompok, depth: int) -> Iterator[tuple[Butir | Kelompok, int, bool]]:
        is_group = isinstance(one, Kelompok)
        yield one, depth, not is_group or (bool(one.pilihan) and judged.kebijakan.skor == "kelompok")
        if isinstance(one, Kelompok):
            for child in one.isi:
                yield from walk(child, depth + 1)

    yield from walk(judged.instrumen.akar, 0)


def _typed(data: QueryDict, judged: Active) -> tuple[dict[str, dict[str, str]], dict[str, Answer], dict[str, str]]:
    """What was sent: the texts by kode, the answers, and what could not be read."""
    texts: dict[str, dict[str, str]] = {}
    answers: dict[str, Answer] = {}
    errors: dict[str, str] = {}
    for one, _, is_asked in _asked(judged):
        kode = one.kode
        if not is_asked or f"dasar-{kode}" not in data:
            continue
        names = ("nilai", "sasaran", "realisasi", "catatan", "keluar")
        texts[kode] = {name: clean_text(data.get(f"{name}-{kode}", "")) for name in names}
        given = texts[kode]
        try:
            sasaran, realisasi = (parse_number(given[name]) if given[name] else None for name in names[1:3])
        except NumberFormatError as error:
            errors[kode] = str(error)
            continue
        isian = Isian(given["nilai"], sasaran, realisasi, bool(given["keluar"]), given["catatan"])
        answers[kode] = Answer(isian, data.get(f"dasar-{kode}", ""))
    return texts, answers, errors


def _lines(
    judged: Active,
    stored: Mapping[str, Isian],
    hasil: HasilInstrumen,
    typed: Mapping[str, dict[str, str]],
    errors: Mapping[str, str],
) -> Iterator[Line]:
    for one, depth, is_asked in _asked(judged):
        isian = stored.get(one.kode) or Isian()
        line = Line(
            one,
            depth,
            isian,
            typed.get(one.kode) or _texts(isian),
            isian_mark(isian),
            error=errors.get(one.kode, ""),
            is_asked=is_asked,
        )
        if isinstance(one, Butir):
            line.skor = hasil.butir[one.kode]
            line.kinds = _kinds(one)
        else:
            line.nilai = hasil.kelompok[one.kode]
            line.kinds = {"group": True, "radios": len(one.pilihan) <= _MOST_RADIOS, "choice": True}
        yield line


def _kinds(item: Butir) -> dict[str, bool]:
    """How an item is filled: by radios or a list, by one value, or by numerator and denominator."""
    is_choice = item.penilaian == "pilihan"
    is_pair = not is_choice and item.masukan == "pembilang_penyebut"
    return {"choice": is_choice, "radios": len(item.pilihan) <= _MOST_RADIOS, "pair": is_pair}


def _texts(isian: Isian) -> dict[str, str]:
    return {
        "nilai": isian.nilai,
        "sasaran": _shown(isian.sasaran),
        "realisasi": _shown(isian.realisasi),
        "catatan": isian.catatan,
        "keluar": "ya" if isian.tidak_berlaku else "",
    }


def _shown(value: Decimal | None) -> str:
    return "" if value is None else typed_number(value)
