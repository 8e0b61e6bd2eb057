"""Changing what concerns a draft as a whole: name, legal basis, properties of units, ranking; and the classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from capaian.assessments.actions import PenilaianRefused
from capaian.assessments.actions_instrumen import head_mark, save_head
from capaian.assessments.fields import BAND_FIELDS, BATAS, RUJUKAN_FIELDS, Field, read_all, show
from capaian.assessments.models import VersiInstrumen
from capaian.assessments.tree import Node, walk
from capaian.assessments.views_instrumen import find_versi, frame, to_versi
from capaian.assessments.views_instrumen_ubah import Box, read_rows
from capaian.organisations.permissions import Permission, require_office
from capaian.rules.instrumen.read import MAX_SIFAT
from capaian.workflow.checks import clean_text

_WRITE = Permission.WRITE_INSTRUMEN
_SPARE: Final = 2
_NAMA: Final = Field("nama", "Nama instrumen", most=200, is_required=True)
_SIFAT: Final = (
    Field("kode", "Kode", most=MAX_SIFAT, is_required=True),
    Field("nama", "Nama", most=120, is_required=True),
)
_SCALE: Final = (
    Field("kebijakan", "Nilai di celah atau di dua kelas", "choice", BATAS, help="Kosong: skalanya tidak berlubang."),
    Field("desimal", "Desimal untuk pembulatan", "choice", tuple((str(n), str(n)) for n in range(7)), default="2"),
)
_HEAD_NAMES: Final = ("nama", "rujukan", "sifat", "peringkat", "catatan")


@dataclass
class HeadForm:
    """The head as a form: boxes, the properties as rows, and what is wrong."""

    boxes: list[Box]
    rows: list[list[Box]]
    peringkat: str
    catatan: str
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""


@require_http_methods(["GET", "POST"])
def instrumen_kepala(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """Under which name and on which legal basis does this instrument stand, and what can units be?"""
    office = require_office(request, instansi, tahun, _WRITE)
    versi = find_versi(office, versi_id)
    form = _head(versi.definisi)
    if request.method == "POST":
        form, values = _head_typed(request.POST)
        if not form.errors:
            form.error = _save(request, office.tahun_kinerja, versi, values)
            if not form.error:
                messages.success(request, "Kepala instrumen disimpan.")
                return to_versi(office, versi)
    context = {
        **frame(office, versi),
        "form": form,
        "dasar": head_mark(versi.definisi, dict.fromkeys(_HEAD_NAMES)),
        "groups": [(one.kode, str(one.node.get("nama", ""))) for one in walk(versi.definisi) if one.is_group],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/instrumen_kepala.html", context, status=status)


def _save(request: HttpRequest, tahun_kinerja: Any, versi: VersiInstrumen, values: Mapping[str, Any]) -> str:
    """Store parts of the head; what refuses it, in words, or an empty text."""
    try:
        save_head(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=tahun_kinerja,
            versi=versi,
            base=request.POST.get("dasar", ""),
            values=values,
        )
    except PenilaianRefused as refused:
        return str(refused)
    return ""


def _head(definisi: Mapping[str, Any]) -> HeadForm:
    rujukan = definisi.get("rujukan") or {}
    boxes = [Box(_NAMA, show(_NAMA, definisi), name="nama")]
    boxes += [Box(one, show(one, rujukan), name=f"r_{one.name}") for one in RUJUKAN_FIELDS]
    pairs: list[Node] = [{"kode": kode, "nama": nama} for kode, nama in (definisi.get("sifat") or {}).items()]
    spare: list[Node] = [{} for _ in range(_SPARE)]
    rows = [
        [Box(one, show(one, values), name=f"s{number}_{one.name}") for one in _SIFAT]
        for number, values in enumerate([*pairs, *spare])
    ]
    return HeadForm(boxes, rows, ", ".join(definisi.get("peringkat") or []), "\n".join(definisi.get("catatan") or []))


def _head_typed(data: QueryDict) -> tuple[HeadForm, dict[str, Any]]:
    nama, wrong_name = read_all((_NAMA,), {"nama": data.get("nama", "")})
    texts = {one.name: data.get(f"r_{one.name}", "") for one in RUJUKAN_FIELDS}
    rujukan, wrong = read_all(RUJUKAN_FIELDS, texts)
    if rujukan.get("dasar") == "ditafsirkan" and not rujukan.get("catatan"):
        wrong["catatan"] = "Tuliskan penafsirannya, karena dasarnya ditafsirkan."
    pairs, rows, wrong_rows = read_rows(data, "s", _SIFAT)
    peringkat = [one.strip() for one in clean_text(data.get("peringkat", "")).split(",") if one.strip()]
    catatan = [one for one in clean_text(data.get("catatan", "")).split("\n") if one.strip()]
    boxes = [Box(_NAMA, data.get("nama", ""), wrong_name.get("nama", ""), "nama")]
    boxes += [Box(one, texts[one.name], wrong.get(one.name, ""), f"r_{one.name}") for one in RUJUKAN_FIELDS]
    form = HeadForm(boxes, rows, data.get("peringkat", ""), data.get("catatan", ""), wrong_name | wrong | wrong_rows)
    sifat = {one["kode"]: one["nama"] for one in pairs if {"kode", "nama"} <= one.keys()}
    if len(sifat) < len(pairs) and not wrong_rows:
        form.errors["sifat"] = form.error = "Kode sifat ditulis dua kali; tiap kode harus satu."
    values = {"nama": nama.get("nama", ""), "rujukan": {"catatan": "", **rujukan}, "sifat": sifat,
              "peringkat": peringkat, "catatan": catatan}  # fmt: skip
    return form, values


@dataclass
class ScaleForm:
    """The classes of one group as a form: boundary policy and decimals, the bands, the legal basis, what is wrong."""

    boxes: list[Box]
    rows: list[list[Box]]
    rujukan: list[Box]
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""


@require_http_methods(["GET", "POST"])
def instrumen_kelas(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """Into which classes does the value of this group fall, and where are their bounds?"""
    office = require_office(request, instansi, tahun, _WRITE)
    versi = find_versi(office, versi_id)
    groups = {one.kode: str(one.node.get("nama", "")) for one in walk(versi.definisi) if one.is_group}
    kode = request.POST.get("kelompok", request.GET.get("kelompok", next(iter(groups), "")))
    if kode not in groups:
        raise Http404(f'Kelompok "{kode}" tidak ada dalam instrumen ini.')
    parts = [dict(one) for one in versi.definisi.get("klasifikasi") or []]
    part = next((one for one in parts if one.get("kelompok") == kode), None)
    form = _scale(part or {}, versi.definisi)
    if request.method == "POST":
        form, typed = _scale_typed(request.POST, part or {})
        if not form.errors:
            changed = _with_part(parts, kode, None if request.POST.get("hapus") else typed)
            form.error = _save(request, office.tahun_kinerja, versi, {"klasifikasi": changed})
            if not form.error:
                messages.success(request, f"Kelas {kode} disimpan.")
                return to_versi(office, versi)
    context = {
        **frame(office, versi),
        "form": form,
        "kode": kode,
        "nama": groups[kode],
        "groups": list(groups.items()),
        "has": [str(one.get("kelompok")) for one in parts],
        "others": (part or {}).get("skala_lain") or [],
        "dasar": head_mark(versi.definisi, {"klasifikasi": None}),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/instrumen_kelas.html", context, status=status)


def _scale(part: Mapping[str, Any], definisi: Mapping[str, Any]) -> ScaleForm:
    scale = part.get("skala") or {}
    shown = {**scale, "desimal": str(scale.get("desimal", 2)), "kebijakan": scale.get("kebijakan") or ""}
    spare: list[Node] = [{} for _ in range(_SPARE if part else 4)]
    rows = [
        [Box(one, show(one, row), name=f"k{number}_{one.name}") for one in BAND_FIELDS]
        for number, row in enumerate([*(scale.get("tingkat") or []), *spare])
    ]
    rujukan = part.get("rujukan") or definisi.get("rujukan") or {}
    return ScaleForm(
        [Box(one, show(one, shown), name=f"d_{one.name}") for one in _SCALE],
        rows,
        [Box(one, show(one, rujukan), name=f"r_{one.name}") for one in RUJUKAN_FIELDS],
    )


def _scale_typed(data: QueryDict, part: Mapping[str, Any]) -> tuple[ScaleForm, Node]:
    texts = {one.name: data.get(f"d_{one.name}", "") for one in _SCALE}
    values, wrong = read_all(_SCALE, texts)
    cited = {one.name: data.get(f"r_{one.name}", "") for one in RUJUKAN_FIELDS}
    rujukan, wrong_cited = read_all(RUJUKAN_FIELDS, cited)
    bands, rows, wrong_rows = read_rows(data, "k", BAND_FIELDS)
    form = ScaleForm(
        [Box(one, texts[one.name], wrong.get(one.name, ""), f"d_{one.name}") for one in _SCALE],
        rows,
        [Box(one, cited[one.name], wrong_cited.get(one.name, ""), f"r_{one.name}") for one in RUJUKAN_FIELDS],
        {} if data.get("hapus") else wrong | wrong_cited | wrong_rows,
    )
    skala = {
        "tingkat": [{"dari": None, "sampai": None, **one} for one in bands],
        "kebijakan": values.get("kebijakan"),
        "desimal": int(values.get("desimal", 2)),
    }
    return form, {**part, "skala": skala, "rujukan": {"catatan": "", **rujukan}}


def _with_part(parts: list[Node], kode: str, part: Node | None) -> list[Node]:
    """The classified groups with one replaced, added last, or taken out."""
    if part is None:
        return [one for one in parts if one.get("kelompok") != kode]
    fresh = {**part, "kelompok": kode}
    if any(one.get("kelompok") == kode for one in parts):
        return [fresh if one.get("kelompok") == kode else one for one in parts]
    return [*parts, fresh]
