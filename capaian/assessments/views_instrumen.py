"""By which instruments does the office judge: the list, one version with its tree, its steps, the choice for a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.assessments.actions import PenilaianRefused, adopt_pack, choose_instrumen, drop_instrumen
from capaian.assessments.actions_instrumen import (
    copy_versi,
    create_draft,
    create_instrumen,
    delete_draft,
    draft_mark,
    publish_versi,
    retire_versi,
)
from capaian.assessments.differences import bounds_text, differences
from capaian.assessments.fields import KELUARGA
from capaian.assessments.models import PengaturanPenilaian, VersiInstrumen
from capaian.assessments.policies import Policy, policies_of
from capaian.assessments.queries import instrumen_of, with_policies
from capaian.assessments.queries_instrumen import (
    checked,
    chosen_rows,
    counts_of,
    findings_of,
    instrumen_rows,
    pack_rows,
    tree_rows,
)
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.instrumen.linter import RULES

_WRITE = Permission.WRITE_INSTRUMEN


@require_GET
def instrumen(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """By which instruments does the office judge this year, and which others does it have?"""
    office = require_office(request, instansi, tahun)
    year = office.tahun_kinerja
    context = {
        "rows": instrumen_rows(year.instansi),
        "packs": pack_rows(year.instansi),
        "chosen": chosen_rows(year),
        "families": KELUARGA,
        "can_write": office.allows(_WRITE),
    }
    return render(request, "assessments/instrumen.html", context)


@require_POST
def instrumen_ambil(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Take the instrument of a pack over."""
    office = require_office(request, instansi, tahun, _WRITE)
    pack_id = request.POST.get("paket", "")
    return _step(
        request,
        office,
        None,
        lambda: adopt_pack(by=request.user, tahun_kinerja=office.tahun_kinerja, pack_id=pack_id),  # type: ignore[arg-type]
        "Instrumen diambil. Pilih untuk tahun ini bila akan dipakai menilai.",
    )


@require_POST
def instrumen_baru(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Begin a new, empty instrument."""
    office = require_office(request, instansi, tahun, _WRITE)
    return _step(
        request,
        office,
        None,
        lambda: create_instrumen(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            nama=request.POST.get("nama", ""),
            keluarga=request.POST.get("keluarga", ""),
        ),
        "Draf dibuat. Isi kepala instrumen, lalu tambahkan kelompok dan butirnya.",
    )


@require_GET
def instrumen_versi(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """What does this version ask, how does it score, and can it be used?"""
    office = require_office(request, instansi, tahun)
    versi = find_versi(office, versi_id)
    state = checked(versi)
    butir, kelompok = counts_of(versi.definisi)
    others = versi.instrumen.versi.exclude(pk=versi.pk).defer("definisi")
    found = findings_of(versi, state)
    context = {
        **frame(office, versi),
        "state": state,
        "findings": found,
        "material": sum(one.severity == "material" for one in found),
        "rows": tree_rows(versi.definisi, state.by_kode),
        "butir": butir,
        "kelompok": kelompok,
        "others": others,
        "standing": next((one for one in others if one.status == VersiInstrumen.Status.DRAF), None),
        "used": versi.pengaturan.select_related("tahun_kinerja").order_by("tahun_kinerja__tahun"),
        "scales": _scales(versi),
    }
    return render(request, "assessments/instrumen_versi.html", context)


@require_GET
def instrumen_temuan(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """What does this instrument leave open, contradict, or never score?"""
    office = require_office(request, instansi, tahun)
    versi = find_versi(office, versi_id)
    state = checked(versi)
    found = findings_of(versi, state)
    context = {
        **frame(office, versi),
        "state": state,
        "rows": [(one, RULES[one.rule]) for one in found],
        "material": sum(one.severity == "material" for one in found),
    }
    return render(request, "assessments/instrumen_temuan.html", context)


@require_POST
def instrumen_langkah(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """Publish, retire, copy, begin the next version, or delete a draft."""
    office = require_office(request, instansi, tahun, _WRITE)
    versi = find_versi(office, versi_id)
    said: dict[str, Any] = {"by": request.user, "tahun_kinerja": office.tahun_kinerja, "versi": versi}
    base, words = request.POST.get("dasar", ""), request.POST.get("keterangan", "")
    ways: dict[str, tuple[Callable[[], VersiInstrumen | None], str]] = {
        "terbitkan": (lambda: publish_versi(**said, base=base, catatan=words), "Versi diterbitkan."),
        "tarik": (lambda: retire_versi(**said, alasan=words), "Versi ditarik; tahun yang memakainya tidak berubah."),
        "draf": (lambda: create_draft(**said), "Draf versi baru dibuat dari versi ini."),
        "salin": (lambda: copy_versi(**said, nama=request.POST.get("nama", "")), "Salinan dibuat sebagai draf."),
        "hapus": (lambda: delete_draft(**said, base=base), "Draf dihapus."),
    }
    if (way := ways.get(request.POST.get("langkah", ""))) is None:
        messages.error(request, "Langkah itu tidak dikenal. Pakai tombol pada halaman ini.")
        return to_versi(office, versi)
    return _step(request, office, versi, *way)


def _step(
    request: HttpRequest,
    office: Office,
    versi: VersiInstrumen | None,
    act: Callable[[], VersiInstrumen | None],
    done: str,
) -> HttpResponse:
    """Do it and lead to the version that came of it; refused, say why and lead back."""
    try:
        found = act()
    except PenilaianRefused as refused:
        messages.error(request, str(refused))
        return to_versi(office, versi)
    messages.success(request, done)
    return to_versi(office, found)


@require_GET
def instrumen_banding(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """What changed between this version and another of the same instrument?"""
    office = require_office(request, instansi, tahun)
    versi = find_versi(office, versi_id)
    others = list(versi.instrumen.versi.exclude(pk=versi.pk).order_by("-nomor"))
    asked = request.GET.get("dengan", "")
    earlier = [one for one in others if one.nomor < versi.nomor]
    other = next((one for one in others if str(one.pk) == asked), earlier[0] if earlier else None)
    found = differences(other.definisi, versi.definisi) if other else []
    counts = {apa: sum(one.apa == apa for one in found) for apa in ("ditambah", "dihapus", "diubah")}
    context = {**frame(office, versi), "others": others, "other": other, "rows": found, "counts": counts}
    return render(request, "assessments/instrumen_banding.html", context)


@dataclass(frozen=True)
class PolicyView:
    """A policy as its question is drawn: what is chosen now."""

    policy: Policy
    held: tuple[str, ...] = field(default_factory=tuple)


@require_http_methods(["GET", "POST"])
def instrumen_pilih(request: HttpRequest, instansi: str, tahun: int, versi_id: int) -> HttpResponse:
    """Shall this version judge the year, and by which policies where the document leaves it open?"""
    office = require_office(request, instansi, tahun, _WRITE)
    versi = find_versi(office, versi_id)
    if versi.status != VersiInstrumen.Status.TERBIT:
        messages.error(request, f"{versi} belum terbit atau sudah ditarik, jadi tidak dapat dipilih.")
        return to_versi(office, versi)
    rules = instrumen_of(versi)
    policies, error = policies_of(rules), ""
    chosen = PengaturanPenilaian.objects.filter(tahun_kinerja=office.tahun_kinerja, keluarga=versi.instrumen.keluarga)
    row = chosen.filter(versi=versi).first()
    values = {one.name: getattr(with_policies(rules.kebijakan, row.kebijakan if row else {}), one.name)
              for one in policies}  # fmt: skip
    if request.method == "POST":
        values |= _posted(request, policies)
        error = _choose(request, office, versi, values)
        if not error:
            return redirect("assessments:instrumen", instansi=instansi, tahun=tahun)
    context = {
        **frame(office, versi),
        "policies": [PolicyView(one, _held(values[one.name])) for one in policies],
        "standing": row,
        "other": None if row or versi.instrumen.keluarga == "lain" else chosen.select_related("versi").first(),
        "error": error,
    }
    return render(request, "assessments/instrumen_pilih.html", context, status=422 if error else 200)


def _choose(request: HttpRequest, office: Office, versi: VersiInstrumen, values: dict[str, Any]) -> str:
    """Choose the version for the year, or let it go; what refuses that, in words, or an empty text."""
    said: dict[str, Any] = {"by": request.user, "tahun_kinerja": office.tahun_kinerja, "versi": versi}
    tahun = office.tahun_kinerja.tahun
    try:
        if request.POST.get("lepas"):
            drop_instrumen(**said)
            messages.success(request, f"{versi} tidak lagi menilai tahun {tahun}.")
        else:
            choose_instrumen(**said, kebijakan=values)
            messages.success(request, f"{versi} menilai tahun {tahun}; hasil yang ada dihitung ulang.")
    except PenilaianRefused as refused:
        return str(refused)
    return ""


def _posted(request: HttpRequest, policies: list[Policy]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in policies:
        if one.is_many:
            found[one.name] = request.POST.getlist(one.name)
        elif one.name in request.POST:
            found[one.name] = request.POST[one.name]
    return found


def _held(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def find_versi(office: Office, versi_id: int) -> VersiInstrumen:
    """A version of this office. Raises `Http404`: about those of others not even that they exist."""
    rows = VersiInstrumen.objects.filter(instrumen__instansi=office.tahun_kinerja.instansi)
    versi = rows.select_related("instrumen__instansi").filter(pk=versi_id).first()
    if versi is None:
        raise Http404("Versi instrumen ini tidak ada (lagi) di instansi ini.")
    return versi


def frame(office: Office, versi: VersiInstrumen) -> dict[str, Any]:
    """What every page of a version needs: it, its mark, and whether the person may change it."""
    can_write = office.allows(_WRITE)
    return {
        "versi": versi,
        "mark": draft_mark(versi),
        "can_write": can_write,
        "can_change": can_write and versi.status == VersiInstrumen.Status.DRAF,
    }


def to_versi(office: Office, versi: VersiInstrumen | None, anchor: str = "") -> HttpResponseRedirect:
    """Back to a version, or to the list without one (also where it has been deleted)."""
    place: dict[str, Any] = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}
    if versi is None or versi.pk is None:
        return redirect("assessments:instrumen", **place)
    found = redirect("assessments:instrumen_versi", versi_id=versi.pk, **place)
    if anchor:
        found["Location"] += f"#{anchor}"
    return found


def _scales(versi: VersiInstrumen) -> list[tuple[str, list[tuple[str, str]]]]:
    """The classes of each classified group as they read, whatever state the data is in."""
    return [
        (
            str(part.get("kelompok", "")),
            [(str(row.get("label", "")), bounds_text(row)) for row in (part.get("skala") or {}).get("tingkat") or []],
        )
        for part in versi.definisi.get("klasifikasi") or []
    ]
