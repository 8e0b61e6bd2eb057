"""Which indicators take their yearly value from another part: what stands, what comes, and where both differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from capaian.measurement.models import Realisasi, SumberRealisasi
from capaian.measurement.sourced import source_of, with_source
from capaian.measurement.sources import (
    Incoming,
    SourceRefused,
    choose_source,
    drop_source,
    incoming,
    standing,
)
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.planning.models import Indikator
from capaian.planning.queries import year_indikator
from capaian.web.components import render_trace

_Sumber = SumberRealisasi.Sumber
# Which indicators probably mean which source, by their names; only the order of the list follows from it.
_LIKELY = re.compile(r"\b(akip|sakip|ikm|kepuasan)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SourceRow:
    """An indicator and its source: the value that stands, the one that comes now, and whether they are the same."""

    indikator: Indikator
    sumber: str
    nama_sumber: str
    stands: Realisasi | None
    comes: Incoming | None

    @property
    def differs(self) -> bool:
        return self.comes is not None and self.comes.differs(self.stands.teks if self.stands else "")


@dataclass(frozen=True)
class SourceCard:
    """A source with what it says of the year now."""

    kode: str
    nama: str
    comes: Incoming | None


@require_http_methods(["GET", "POST"])
def sumber(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Which indicators take their value from another part, and does what stands agree with what comes?"""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA)
    year, error, asked = office.tahun_kinerja, "", None
    if request.method == "POST":
        try:
            asked = _act(request, office)
        except SourceRefused as refused:
            error = str(refused)
        if asked is None and not error:
            return redirect("measurement:sumber", instansi=instansi, tahun=tahun)
    cards = [SourceCard(one.value, str(one.label), incoming(year, one.value)) for one in _Sumber]
    indikator = list(with_source(year_indikator(year)).order_by("urutan", "pk"))
    context = {
        "cards": cards,
        "rows": _rows(year, [one for one in indikator if source_of(one)], {card.kode: card.comes for card in cards}),
        "choices": _choices(indikator),
        "asked": asked,
        "error": error,
    }
    return render(request, "measurement/sumber.html", context, status=422 if error else 200)


@require_http_methods(["GET"])
def jejak_sumber(request: HttpRequest, instansi: str, tahun: int, sumber: str) -> HttpResponse:
    """How the value that a source says now was made."""
    office = require_office(request, instansi, tahun, Permission.WRITE_RENCANA)
    found = incoming(office.tahun_kinerja, sumber)
    if found is None:
        raise Http404("Sumber ini belum mempunyai nilai untuk tahun ini.")
    return render_trace(
        request,
        found.trace.to_dict(),
        title=str(_Sumber(sumber).label),
        subtitle=f"Nilai yang datang untuk tahun {tahun}",
        result=found.teks,
        remarks=[found.keterangan],
        back_url=reverse("measurement:sumber", kwargs={"instansi": instansi, "tahun": tahun}),
    )


def _act(request: HttpRequest, office: Office) -> SourceRow | None:
    """Do what was asked; the row to agree to where a value that stands would be replaced by another."""
    year, by = office.tahun_kinerja, request.user
    found = _named(year, request.POST.get("indikator", ""))
    if request.POST.get("tindakan") == "lepas":
        drop_source(by=by, tahun_kinerja=year, indikator=found)  # type: ignore[arg-type]
        messages.success(request, f"{found.nama} kembali diketik; nilai terakhir tetap sampai diganti.")
        return None
    kode = request.POST.get("sumber", "")
    if kode not in _Sumber.values:
        raise SourceRefused("Pilih sumber nilainya: AKIP atau IKM.")
    stands = standing(year, found)
    row = SourceRow(found, kode, str(_Sumber(kode).label), stands, incoming(year, kode))
    agreed = request.POST.get("setuju") == "ya"
    if row.differs and stands is not None and not agreed:
        return row
    base = request.POST.get("dasar", "") if agreed else stands.teks if stands else ""
    waits = choose_source(by=by, tahun_kinerja=year, indikator=found, sumber=kode, base=base)  # type: ignore[arg-type]
    if waits:
        messages.warning(request, f"{found.nama} kini mengambil nilai dari {row.nama_sumber}. {waits}")
    else:
        messages.success(request, f"{found.nama} kini mengambil nilai dari {row.nama_sumber}.")
    return None


def _named(year: TahunKinerja, kunci: str) -> Indikator:
    found = year_indikator(year).filter(kunci=kunci).first()
    if found is None:
        raise SourceRefused("Pilih indikator yang nilainya diambil dari sumber itu.")
    return found


def _rows(year: TahunKinerja, indikator: Sequence[Indikator], comes: dict[str, Incoming | None]) -> list[SourceRow]:
    rows = Realisasi.objects.filter(indikator__in=indikator, tahun=year.tahun, periode=0)
    stands = {row.indikator_id: row for row in rows}
    return [
        SourceRow(one, kode, str(_Sumber(kode).label), stands.get(one.pk), comes[kode])
        for one in indikator
        if (kode := source_of(one))
    ]


def _choices(indikator: Sequence[Indikator]) -> list[Indikator]:
    """What can still be given a source: those whose names suggest one first."""
    free = [one for one in indikator if not source_of(one) and not one.pelapor]
    return sorted(free, key=lambda one: not _LIKELY.search(one.nama))
