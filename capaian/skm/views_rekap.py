"""The satisfaction of a whole office: every unit's index beside the others, joined by the stated method."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from capaian.organisations.permissions import Permission, require_office
from capaian.rules.numbers import format_number
from capaian.rules.skm import Ikm
from capaian.skm.actions_hasil import HasilRefused, save_pengaturan
from capaian.skm.compute import skm_pack, unsur_names
from capaian.skm.models import PengaturanSkm
from capaian.skm.results import Combined, SurveyResult, combine, method_of, shown_nrr, year_results
from capaian.web.components import render_trace

_Gabungan = PengaturanSkm.Gabungan
_EFFECTS = {
    _Gabungan.RATA_RATA_UNIT: "Setiap unit sama beratnya, berapa pun respondennya. Begitu pedoman menyebutnya.",
    _Gabungan.BOBOT_RESPONDEN: "Unit dengan banyak responden lebih menentukan; unit tanpa jumlah responden tidak ikut.",
}


@dataclass(frozen=True)
class Method:
    """A way of joining, with what it gives of this year."""

    value: str
    nama: str
    akibat: str
    ikm: Ikm | None
    is_used: bool


@require_GET
def rekap(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How satisfied are the people served by each unit, and by all of them?"""
    office = require_office(request, instansi, tahun, somewhere=True)
    results = year_results(office.tahun_kinerja)
    seen = [one for one in results if office.allows(Permission.VIEW, one.survei.unit_id)]
    # What all units make together is not for who may not see each of them.
    joined = combine(results, method_of(office.tahun_kinerja)) if office.can_view_all else None
    context = {
        "results": [(one, _lowest(one)) for one in seen],
        "joined": joined if joined and joined.ikm else None,
        "methods": methods(joined) if joined else [],
        "unsur": _unsur(joined) if joined else [],
        "surveys": sum(len(line.results) for line in joined.lines) if joined else 0,
        "can_set": office.allows(Permission.WRITE_RENCANA),
    }
    return render(request, "skm/rekap.html", context)


@require_GET
def rekap_jejak(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How the joined index came about; it names every unit."""
    office = require_office(request, instansi, tahun)
    joined = combine(year_results(office.tahun_kinerja), method_of(office.tahun_kinerja))
    if joined.ikm is None:
        raise Http404("Belum ada survei yang ditutup, jadi belum ada IKM gabungan.")
    return render_trace(
        request,
        joined.ikm.trace.to_dict(),
        title="IKM gabungan",
        subtitle=f"{len(joined.lines)} unit, {joined.method_name}",
        result=f"{format_number(joined.ikm.tampil, 2)} ({joined.ikm.mutu})",
        basis="skm/permenpanrb_14_2017",
        remarks=joined.ikm.catatan,
        back_url=reverse("skm:rekap", kwargs={"instansi": instansi, "tahun": tahun}),
    )


@require_http_methods(["GET", "POST"])
def pengaturan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How are the units joined into the index of the office?"""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA)
    year, error = office.tahun_kinerja, ""
    if request.method == "POST":
        try:
            save_pengaturan(by=request.user, tahun_kinerja=year, gabungan=request.POST.get("gabungan", ""))  # type: ignore[arg-type]
        except HasilRefused as refused:
            error = str(refused)
        else:
            messages.success(request, "Cara menggabungkan disimpan; IKM instansi mengikuti.")
            return redirect("skm:rekap", instansi=instansi, tahun=tahun)
    joined = combine(year_results(year), method_of(year))
    context = {"methods": methods(joined), "dasar": skm_pack().citation("gabungan"), "error": error}
    return render(request, "skm/pengaturan.html", context, status=422 if error else 200)


def methods(joined: Combined) -> list[Method]:
    """Both ways of joining, side by side."""
    return [
        Method(one.value, str(one.label), _EFFECTS[one], joined.by_method[one.value], one.value == joined.method)
        for one in _Gabungan
    ]


def _lowest(result: SurveyResult) -> tuple[str, str]:
    """The lowest unsur in words and its mean; empty while there is none."""
    if not result.nrr:
        return "", ""
    return "; ".join(result.nama_terendah), shown_nrr(min(result.nrr.values()))


def _unsur(joined: Combined) -> list[tuple[str, str, Decimal, bool]]:
    names = unsur_names()
    return [(names[kode], shown_nrr(value), value * 25, kode in joined.terendah) for kode, value in joined.nrr.items()]
