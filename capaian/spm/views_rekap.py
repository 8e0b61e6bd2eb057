"""The recap over offices: by province, and the offices of one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from capaian.organisations.queries import offices_of, seen_whole
from capaian.rules.pack_schema import PackError
from capaian.rules.spm.standar import Layanan, standar_of
from capaian.spm.queries import PERIODE
from capaian.spm.queries_peta import CAKUPAN, INDEKS, RecapCell, national_recap
from capaian.spm.views_peta import period_choice, period_words
from capaian.web.components import context_choice


@require_GET
def rekap(request: HttpRequest, tahun: int) -> HttpResponse:
    """How far are the offices of each province with SPM? Only offices that the person may see whole."""
    if not offices_of(request.user):
        raise PermissionDenied("Akun ini belum diberi peran di instansi mana pun; mintalah admin instansi Anda.")
    asked = request.GET.get("tw", "")
    triwulan = int(asked) if asked in {str(one) for one in PERIODE} else 0
    provinsi = request.GET.get("provinsi", "")
    mode = INDEKS if request.GET.get("angka") == INDEKS else CAKUPAN
    figure = "indeks" if mode == INDEKS else "penerima"
    services = _services(tahun)
    rows = national_recap(tahun, triwulan, seen_whole(request.user), provinsi)
    context = {
        "tahun": tahun,
        "provinsi": provinsi,
        "triwulan": triwulan,
        "label": period_words(triwulan),
        "periode": period_choice(request, triwulan),
        "layanan": services,
        "rows": [(row, [getattr(row.cells.get(one.kode), figure, None) for one in services]) for row in rows],
        "offices": sum(row.offices for row in rows),
        "puskesmas": sum(row.puskesmas for row in rows),
        "verified": sum(row.verified for row in rows),
        "sums": [(one, _summed([row.cells.get(one.kode) for row in rows])) for one in services],
        "angka": context_choice(request, "Angka", "angka", [(CAKUPAN, "Cakupan"), (INDEKS, "IP SPM")], mode),
        "mode": mode,
    }
    return render(request, "spm/rekap.html", context)


def _services(tahun: int) -> tuple[Layanan, ...]:
    """The services of the standard of a year. Raises `Http404` for a year without one."""
    try:
        return standar_of(tahun).layanan
    except PackError as error:
        raise Http404(f"Tidak ada standar SPM untuk tahun {tahun}.") from error


def _summed(cells: Sequence[RecapCell | None]) -> RecapCell:
    """A service over all rows."""
    known = [one for one in cells if one is not None]
    return RecapCell(
        known[0].layanan if known else "",
        sum(one.sasaran for one in known),
        sum(one.terlayani for one in known),
        sum((one.indeks_sum for one in known), Decimal(0)),
        sum(one.count for one in known),
    )
