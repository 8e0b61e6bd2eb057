"""Bringing the measurement of a year in line with what a load of files states. What people entered stays (ADR 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from capaian.measurement.compute import of_year
from capaian.measurement.models import Faktor, Pembanding, Realisasi, RincianNilai
from capaian.organisations.models import TahunKinerja
from capaian.workflow.audit import audited
from capaian.workflow.sync import SyncResult, sync_rows

Rows = Iterable[Mapping[str, Any]]


def sync_realisasi(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the annual realisasi that the files of this office year state, of all years.

    What people entered stays. For its own year a report is the authority; of other years it only fills what no other
    office year states.
    """
    rows = list(rows)
    year = tahun_kinerja.tahun
    stated = [row["indikator"].pk for row in rows if row["tahun"] == year]
    annual = Realisasi.objects.filter(of_year(tahun_kinerja), periode=0)
    ours = annual.filter(
        Q(source_year=tahun_kinerja) | Q(source_year__isnull=False, tahun=year, indikator__in=stated),
    )
    others = set(annual.values_list("indikator", "tahun")) - set(ours.values_list("indikator", "tahun"))
    return sync_rows(
        ours,
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_realisasi",
        key=["indikator", "tahun", "periode"],
        rows=[
            {**row, "source_year": tahun_kinerja} for row in rows if (row["indikator"].pk, row["tahun"]) not in others
        ],
    )[1]


def sync_pembanding(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the comparators of the year."""
    return sync_rows(
        Pembanding.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_pembanding",
        key=["indikator", "tahun", "wilayah"],
        rows=rows,
    )[1]


@audited()
def sync_rincian(
    *, by: User | None, tahun_kinerja: TahunKinerja, rows: Iterable[tuple[Mapping[str, Any], Rows]]
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


@audited()
def sync_analisis(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the loaded analyses of a year; a row holds its factors under `faktor`. What people wrote stays."""
    written = set(tahun_kinerja.analisis.filter(is_loaded=False).values_list("indikator", "node"))
    year = {"tahun_kinerja": tahun_kinerja}
    rows = [row for row in rows if (_pk(row["indikator"]), _pk(row["node"])) not in written]
    stored, result = sync_rows(
        tahun_kinerja.analisis.filter(is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_analisis",
        key=["indikator", "node"],
        rows=[
            {"indikator": row["indikator"], "node": row["node"], "uraian": row["uraian"], "is_loaded": True, **year}
            for row in rows
        ],
    )
    _, factors = sync_rows(
        Faktor.objects.filter(analisis__tahun_kinerja=tahun_kinerja, analisis__is_loaded=True),
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


@audited()
def sync_follow_up(
    *, by: User | None, tahun_kinerja: TahunKinerja, lhe: Rows, inovasi: Rows, penghargaan: Rows
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


def _pk(row: models.Model | None) -> int | None:
    return None if row is None else row.pk
