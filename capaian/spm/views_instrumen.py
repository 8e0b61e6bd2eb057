"""The screening instruments as forms: filled and scored, or printed blank. Nothing about a person is kept or logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from capaian.organisations.permissions import Office, require_office
from capaian.rules.packs import Pack
from capaian.rules.spm.instrumen import (
    Barthel,
    BarthelButir,
    InstrumenError,
    Pilihan,
    Skilas,
    SkilasButir,
    barthel_butir,
    score_barthel,
    score_skilas,
    skilas_butir,
)
from capaian.rules.trace import Citation
from capaian.spm.queries import spm_rules

_BARTHEL, _SKILAS = "barthel_butir", "skilas"
_FOLLOW_UP = Citation(
    "Permenkes 6/2024",
    "Pelayanan Kesehatan pada Usia Lanjut, tindak lanjut hasil skrining",
    "ditafsirkan",
    "Standar menyebut pemeriksaan lanjut, rujukan, dan penyuluhan; tidak membaginya menurut tingkat ketergantungan.",
)


@dataclass(frozen=True)
class Instrument:
    """An instrument in the list: its page, what it is for, and the service that asks for it."""

    name: str
    parameter: str
    nama: str
    tentang: str
    layanan: str


_INSTRUMENTS = (
    Instrument(
        "spm:barthel",
        _BARTHEL,
        "Aktivitas kehidupan sehari-hari (Indeks Barthel modifikasi)",
        "Sepuluh kegiatan, skor 0 sampai 20: mandiri, atau seberapa bergantung.",
        "Pelayanan Kesehatan pada Usia Lanjut: tingkat kemandirian.",
    ),
    Instrument(
        "spm:skilas",
        _SKILAS,
        "Skrining lansia sederhana (SKILAS)",
        "Enam ranah kapasitas; satu tanda saja berarti dirujuk ke Puskesmas.",
        "Pelayanan Kesehatan pada Usia Lanjut: skrining kapasitas intrinsik.",
    ),
)


@dataclass(frozen=True)
class Result:
    """What a filled form says: the headline, what it means and asks for, its trace, and what the advice stands on."""

    judul: str
    lines: Sequence[str]
    steps: Sequence[dict[str, Any]]
    dasar: Citation | None = None


@dataclass(frozen=True)
class BarthelField:
    """An item of Barthel as it is drawn: what was answered, and whether the answer is missing."""

    butir: BarthelButir
    nilai: int | None
    is_missing: bool

    @property
    def pilihan(self) -> tuple[Pilihan, ...]:
        return self.butir.pilihan


@dataclass(frozen=True)
class SkilasField:
    """A question of SKILAS as it is drawn: whether its answer is a tick."""

    butir: SkilasButir
    is_ticked: bool


@require_GET
def instrumen(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which screening form does the staff need?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    pack = spm_rules(office.tahun_kinerja).standar.pack
    return render(request, "spm/instrumen.html", {"instruments": [o for o in _INSTRUMENTS if pack.has(o.parameter)]})


@require_http_methods(["GET", "POST"])
def barthel(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How independent is this person in daily life, and what follows?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    pack = _pack(office, _BARTHEL)
    items = barthel_butir(pack)
    found, error, answers = None, "", {}
    if request.method == "POST":
        try:
            answers = {one.kode: int(request.POST[one.kode]) for one in items if request.POST.get(one.kode)}
            found = score_barthel(answers, pack)
        except InstrumenError as refused:
            error = str(refused)
        except ValueError:
            error = "Skor yang dikirim bukan bilangan bulat; pilih satu jawaban pada tiap butir."
    if found and found.missing:
        error = f"Skor belum dapat dihitung: {len(found.missing)} butir belum dijawab, ditandai di bawah."
    missing = set(found.missing) if found else set()
    context = {
        "butir": [BarthelField(one, answers.get(one.kode), one.nama in missing) for one in items],
        "kelas": pack.scale("barthel_kelas").bands,
        "hasil": _barthel_result(found) if found and found.skor is not None else None,
        "error": error,
        "dasar": pack.citation(_BARTHEL),
    }
    return render(request, "spm/barthel.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def skilas(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Is there a loss of capacity that asks for a referral?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    pack = _pack(office, _SKILAS)
    ticks = set(request.POST.getlist("tanda")) if request.method == "POST" else set()
    hasil, error = None, ""
    if request.method == "POST":
        try:
            hasil = _skilas_result(score_skilas(ticks, pack))
        except InstrumenError as refused:
            error = str(refused)
    fields = [SkilasField(one, one.kode in ticks) for one in skilas_butir(pack)]
    context = {
        "kelompok": [(nama, list(part)) for nama, part in groupby(fields, key=lambda one: one.butir.nama_domain)],
        "hasil": hasil,
        "error": error,
        "dasar": pack.citation(_SKILAS),
    }
    return render(request, "spm/skilas.html", context, status=422 if error else 200)


def _pack(office: Office, parameter: str) -> Pack:
    pack = spm_rules(office.tahun_kinerja).standar.pack
    if not pack.has(parameter):
        raise Http404(f"{pack.instrumen}, standar tahun ini, tidak memuat formulir ini.")
    return pack


def _barthel_result(found: Barthel) -> Result:
    follow = (
        "Tindak lanjut: penyuluhan, dan skrining lagi sedikitnya sekali setahun."
        if found.kode == "mandiri"
        else "Tindak lanjut: pemeriksaan lanjut, rujukan bila diperlukan, dan penyuluhan kepada lansia dan keluarganya."
    )
    return Result(f"{found.skor} dari 20: {found.label}", (follow,), found.trace.to_dict()["steps"], _FOLLOW_UP)


def _skilas_result(found: Skilas) -> Result:
    steps = found.trace.to_dict()["steps"]
    if not found.is_referred:
        return Result("Tidak perlu dirujuk", ("Tidak ada tanda yang dicentang; skrining lagi tahun depan.",), steps)
    return Result("Rujuk ke Puskesmas", (f"Ranah yang perlu diperiksa: {', '.join(found.domain)}.",), steps)
