"""Writing what was reached, and computing the capaian from it. The only seam of this part to `rules`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q

from capaian.measurement.models import (
    Capaian,
    Faktor,
    Pembanding,
    Realisasi,
    RincianNilai,
)
from capaian.measurement.queries import measured_dokumen
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.planning.models import Dokumen, Indikator, Target
from capaian.rules.capaian import CapaianRule, compute_capaian
from capaian.rules.packs import Pack, load_pack
from capaian.workflow.actions import SyncResult, sync_rows

Rows = Iterable[Mapping[str, Any]]
CAPAIAN_PACK = "capaian/permendagri_86_2017"


def sync_realisasi(*, by: AbstractUser | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the annual realisasi of the office's indicators, of all years that its documents state."""
    return sync_rows(
        Realisasi.objects.filter(_of_year(tahun_kinerja), periode=0),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_realisasi",
        key=["indikator", "tahun", "periode"],
        rows=rows,
    )[1]


def sync_pembanding(*, by: AbstractUser | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the comparators of the year."""
    return sync_rows(
        Pembanding.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_pembanding",
        key=["indikator", "tahun", "wilayah"],
        rows=rows,
    )[1]


@transaction.atomic
def sync_rincian(
    *, by: AbstractUser | None, tahun_kinerja: TahunKinerja, rows: Iterable[tuple[Mapping[str, Any], Rows]]
) -> SyncResult:
    """Replace the supporting data sets of a year; each comes with its values."""
    rows = list(rows)
    heads, result = sync_rows(
        tahun_kinerja.rincian.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_rincian",
        key=["kunci"],
        rows=[{**head, "tahun_kinerja": tahun_kinerja} for head, _ in rows],
    )
    _, values = sync_rows(
        RincianNilai.objects.filter(rincian__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_rincian_nilai",
        key=["rincian", "urutan"],
        rows=[{**value, "rincian": head} for head, (_, items) in zip(heads, rows, strict=True) for value in items],
    )
    return result + values


@transaction.atomic
def sync_analisis(*, by: AbstractUser | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the analyses of a year; a row holds its factors under `faktor`."""
    rows = list(rows)
    stored, result = sync_rows(
        tahun_kinerja.analisis.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_analisis",
        key=["indikator", "node"],
        rows=[
            {**{name: value for name, value in row.items() if name != "faktor"}, "tahun_kinerja": tahun_kinerja}
            for row in rows
        ],
    )
    _, factors = sync_rows(
        Faktor.objects.filter(analisis__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_faktor",
        key=["analisis", "jenis", "urutan"],
        rows=[
            {**factor, "analisis": analisis}
            for analisis, row in zip(stored, rows, strict=True)
            for factor in row["faktor"]
        ],
    )
    return result + factors


@transaction.atomic
def sync_follow_up(
    *, by: AbstractUser | None, tahun_kinerja: TahunKinerja, lhe: Rows, inovasi: Rows, penghargaan: Rows
) -> SyncResult:
    """Replace the LHE recommendations, innovations and awards of a year."""
    result = SyncResult()
    parts = [
        (tahun_kinerja.rekomendasi_lhe.all(), lhe),
        (tahun_kinerja.inovasi.all(), inovasi),
        (tahun_kinerja.penghargaan.all(), penghargaan),
    ]
    for queryset, rows in parts:
        result += sync_rows(
            queryset,
            by=by,
            instansi=tahun_kinerja.instansi,
            action="measurement.sync_follow_up",
            key=["urutan"],
            rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
        )[1]
    return result


def capaian_rule(indikator: Indikator, instansi: Instansi) -> CapaianRule:
    """How an indicator is computed: its own settings, else the office's defaults (design, section 4.2)."""
    default = "rasio" if indikator.arah == Indikator.Arah.NAIK else instansi.rumus_turun
    return CapaianRule(
        arah=indikator.arah,  # type: ignore[arg-type]
        rumus=indikator.rumus or default,  # type: ignore[arg-type]
        batas_atas=_first(indikator.batas_atas, instansi.batas_atas),
        batas_bawah=_first(indikator.batas_bawah, instansi.batas_bawah),
        desimal=_first(indikator.desimal, instansi.desimal),
    )


@transaction.atomic
def compute_capaian_year(*, by: AbstractUser | None, tahun_kinerja: TahunKinerja) -> SyncResult:
    """Compute and store the capaian of every indicator: each year of its history, and against the renstra."""
    dokumen = measured_dokumen(tahun_kinerja)
    return sync_rows(
        Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, periode=0),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.compute_capaian_year",
        key=["indikator", "dokumen", "tahun", "periode", "tahun_target"],
        rows=_annual_rows(tahun_kinerja, dokumen, load_pack(CAPAIAN_PACK)) if dokumen else [],
    )[1]


def _annual_rows(tahun_kinerja: TahunKinerja, dokumen: Dokumen, pack: Pack) -> Iterator[dict[str, Any]]:
    realisasi: dict[int, dict[int, str]] = defaultdict(dict)
    for value in Realisasi.objects.filter(_of_year(tahun_kinerja), periode=0):
        realisasi[value.indikator_id][value.tahun] = value.teks
    targets = Target.objects.filter(
        Q(dokumen=dokumen) | Q(dokumen__tahun_kinerja=tahun_kinerja, dokumen__jenis=Dokumen.Jenis.RENSTRA)
    ).select_related("indikator", "dokumen")
    for target in targets:
        is_renstra = target.dokumen_id != dokumen.pk
        if is_renstra and target.tahun <= tahun_kinerja.tahun:
            continue
        tahun = tahun_kinerja.tahun if is_renstra else target.tahun
        yield _capaian_row(target, tahun, realisasi[target.indikator_id].get(tahun), tahun_kinerja.instansi, pack)


def _capaian_row(target: Target, tahun: int, realisasi: str | None, instansi: Instansi, pack: Pack) -> dict[str, Any]:
    result = compute_capaian(target.teks, realisasi, capaian_rule(target.indikator, instansi), pack, convention="id")
    return {
        "indikator": target.indikator,
        "dokumen": target.dokumen,
        "tahun": tahun,
        "periode": 0,
        "tahun_target": target.tahun,
        "persen_capaian": None if result.persen is None else round(result.persen, 10),
        "tampil": result.tampil,
        "status": result.status,
        "kategori": result.kategori or "",
        "catatan": list(result.catatan),
        "pack_id": CAPAIAN_PACK,
        "jejak": result.trace.to_dict(),
    }


def _of_year(tahun_kinerja: TahunKinerja) -> Q:
    """The indicators that a year reads: those of the office's sasaran, and those of the year's own nodes."""
    return Q(indikator__instansi=tahun_kinerja.instansi) & (
        Q(indikator__node=None) | Q(indikator__node__tahun_kinerja=tahun_kinerja)
    )


def _first(own: Any, default: Any) -> Any:
    return default if own is None else own
