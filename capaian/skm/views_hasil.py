"""What came out of a survey: for those who look after it, and for everybody once it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from capaian.documents.charts import Series, bar_option
from capaian.organisations.permissions import Permission, require_office
from capaian.rules.numbers import format_number
from capaian.skm.actions_hasil import (
    HasilRefused,
    RencanaInput,
    RencanaLacking,
    publish_hasil,
    save_rencana,
    withdraw_hasil,
)
from capaian.skm.compute import FEWEST, asked_unsur, unsur_names
from capaian.skm.models import RencanaSkm, Survei
from capaian.skm.profil import profil_tables, read_profil, weeks
from capaian.skm.results import SurveyResult, read_result, shown_nrr
from capaian.skm.views_survei import find_survei, place_of
from capaian.web.components import render_trace

_PER_PAGE = 50
_FIELDS = ("uraian", "penanggung_jawab", "waktu", "status")


@dataclass(frozen=True)
class UnsurRow:
    """An unsur as the page shows it: its mean, of how many answers, whether it is the lowest, and its plan."""

    kode: str
    nama: str
    nrr: Decimal | None
    teks: str
    terisi: int | None
    is_lowest: bool
    rencana: RencanaSkm | None = None

    @property
    def point(self) -> str:
        """The mean as the attribute of a meter has it: with a point, in every language."""
        return "" if self.nrr is None else f"{self.nrr:.3f}"


@require_GET
def hasil(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """How satisfied are the people served, and with what least?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = find_survei(office, survei_id, Permission.VIEW)
    return render(
        request, "skm/hasil.html", _hasil(found, can_manage=office.allows(Permission.MANAGE_SURVEI, found.unit_id))
    )


def _hasil(found: Survei, *, can_manage: bool, **more: Any) -> dict[str, Any]:
    result = read_result(found)
    profil = {} if result.is_printed else read_profil(found)
    return {
        "found": found,
        "result": result,
        "rows": unsur_rows(result),
        "lowest": shown_nrr(min(result.nrr.values())) if result.nrr else "",
        "chart": nrr_chart(result),
        "tables": profil_tables(profil),
        "weeks": weeks(profil),
        "fewest": FEWEST,
        "saran": found.jawaban.exclude(saran="").count() if can_manage else 0,
        "can_manage": can_manage,
        **more,
    }


@require_GET
def hasil_jejak(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """How the index of a survey came about."""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = find_survei(office, survei_id, Permission.VIEW)
    result = read_result(found)
    if result.tampil is None:
        raise Http404("Survei ini belum mempunyai jawaban, jadi tidak ada yang dihitung.")
    return render_trace(
        request,
        result.jejak,
        title=f"IKM {found.nama}",
        subtitle=str(found.unit or found.tahun_kinerja.instansi),
        result=f"{format_number(result.tampil, 2)} ({result.mutu})",
        basis="skm/permenpanrb_14_2017",
        remarks=result.catatan,
        back_url=reverse("skm:hasil", kwargs={**place_of(office), "survei_id": survei_id}),
    )


@require_GET
def saran(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """What did people suggest? Only for who looks after the survey: free words may tell who wrote them."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    rows = found.jawaban.exclude(saran="").order_by("-tanggal", "-pk").values("saran", "layanan")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "skm/saran.html", {"found": found, "page": page})


@require_http_methods(["GET", "POST"])
def rencana(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """What is done about each unsur, by whom, until when?"""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    given, errors = {}, {}
    if request.method == "POST":
        given = {
            unsur: RencanaInput(**{name: request.POST.get(f"{name}-{unsur}", "") for name in _FIELDS})
            for unsur in asked_unsur(found)
            if f"uraian-{unsur}" in request.POST
        }
        try:
            save_rencana(by=request.user, survei=found, given=given)  # type: ignore[arg-type]
        except HasilRefused as refused:
            errors = refused.errors
        else:
            messages.success(request, "Rencana tindak lanjut disimpan.")
            return redirect("skm:hasil", **place_of(office), survei_id=survei_id)
    result = read_result(found)
    rows = [
        (row, given.get(row.kode) or row.rencana or RencanaInput(), errors.get(row.kode, ""))
        for row in unsur_rows(result)
    ]
    rows.sort(key=lambda one: (one[0].nrr is None, one[0].nrr))
    context = {"found": found, "rows": rows, "errors": errors, "statuses": RencanaSkm.Status.choices}
    return render(request, "skm/rencana.html", context, status=422 if errors else 200)


@require_POST
def terbit(request: HttpRequest, instansi: str, tahun: int, survei_id: int) -> HttpResponse:
    """Publish the result, or take it back with a reason."""
    office = require_office(request, instansi, tahun, Permission.MANAGE_SURVEI, somewhere=True)
    found = find_survei(office, survei_id, Permission.MANAGE_SURVEI)
    by: Any = request.user
    try:
        if request.POST.get("tindakan") == "tarik":
            withdraw_hasil(by=by, survei=found, reason=request.POST.get("alasan", ""))
            messages.success(request, "Hasil ditarik; halaman umumnya tidak menampilkannya lagi.")
        else:
            publish_hasil(by=by, survei=found)
            messages.success(request, "Hasil terbit; alamat untuk umum ada di bawah.")
    except HasilRefused as refused:
        context = _hasil(
            found,
            can_manage=True,
            error=str(refused),
            lacks_plan=isinstance(refused, RencanaLacking),
            alasan=request.POST.get("alasan", ""),
        )
        return render(request, "skm/hasil.html", context, status=422)
    return redirect("skm:hasil", **place_of(office), survei_id=survei_id)


@login_not_required
@require_safe
def hasil_publik(request: HttpRequest, tautan: str) -> HttpResponse:
    """How satisfied were the people served? For everybody, without login; nothing by which a person could be told."""
    found = Survei.objects.select_related("tahun_kinerja__instansi", "unit").filter(tautan=tautan).first()
    if found is None or found.status != Survei.Status.TERBIT:
        return render(request, "skm/hasil_tutup.html", {"survei": found}, status=404)
    result = read_result(found)
    profil = {} if result.is_printed else read_profil(found)
    context = {
        "survei": found,
        "result": result,
        "rows": unsur_rows(result),
        "tables": profil_tables(profil),
        "fewest": FEWEST,
    }
    return render(request, "skm/hasil_publik.html", context)


def unsur_rows(result: SurveyResult) -> list[UnsurRow]:
    """The unsur that were asked, in the order of the regulation, with their plans. One query."""
    names, plans = unsur_names(), {one.unsur: one for one in result.survei.rencana.all()}
    return [
        UnsurRow(
            kode=kode,
            nama=names[kode],
            nrr=result.nrr.get(kode),
            teks=shown_nrr(result.nrr[kode]) if kode in result.nrr else "–",
            terisi=result.terisi.get(kode),
            is_lowest=kode in result.terendah,
            rencana=plans.get(kode),
        )
        for kode in asked_unsur(result.survei)
    ]


def nrr_chart(result: SurveyResult) -> dict[str, Any]:
    """The means as lying bars, the lowest first; empty while there is none."""
    names = unsur_names()
    known: Sequence[tuple[str, Decimal]] = sorted(result.nrr.items(), key=lambda one: one[1])
    if not known:
        return {}
    labels, texts = [names[kode] for kode, _ in known], tuple(shown_nrr(value) for _, value in known)
    option = bar_option(
        labels, [Series("NRR", tuple(value for _, value in known), texts)], horizontal=True, axis="NRR (1–4)"
    )
    return {
        "option": option,
        "columns": ("Unsur", "NRR"),
        "rows": list(zip(labels, texts, strict=True)),
        "height": 90 + 32 * len(known),
    }
