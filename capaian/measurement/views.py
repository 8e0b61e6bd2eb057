"""Pages of the measurement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from capaian.measurement.models import Capaian
from capaian.organisations.permissions import require_office
from capaian.web.components import render_trace
from capaian.web.navigation import office_url
from capaian.web.templatetags.capaian import persen


def jejak(request: HttpRequest, instansi: str, tahun: int, capaian_id: int) -> HttpResponse:
    """The trace of one capaian, frozen with its pack when it was computed."""
    office = require_office(request, instansi, tahun)
    capaian = get_object_or_404(
        Capaian.objects.select_related("indikator", "dokumen"),
        pk=capaian_id,
        indikator__instansi=office.tahun_kinerja.instansi,
    )
    place = {"kunci": instansi, "tahun": tahun}
    return render_trace(
        request,
        capaian.jejak,
        title=capaian.indikator.nama,
        subtitle=f"Capaian {capaian.tahun}; target {capaian.tahun_target} dari {capaian.dokumen.nama}",
        result=persen(capaian.tampil) if capaian.tampil is not None else capaian.get_status_display(),
        status=capaian.status,
        basis=capaian.pack_id,
        remarks=capaian.catatan,
        printed_url=f"{office_url('review:tercetak', place)}?kunci={capaian.indikator.kunci}",
        back_url=office_url("reports:beranda", place),
    )
