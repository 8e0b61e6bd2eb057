"""Writing the money: pagu by version, realisasi, sources, revenue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User

from capaian.budget.models import Pagu, RealisasiAnggaran, SumberDana
from capaian.organisations.models import TahunKinerja
from capaian.workflow.sync import SyncResult, sync_rows

Rows = Iterable[Mapping[str, Any]]


def sync_pagu(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the pagu of all nodes and versions of a year."""
    return sync_rows(
        Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_pagu",
        key=["node", "versi"],
        rows=rows,
    )[1]


def sync_realisasi_anggaran(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the money spent on the nodes of a year, in the periods that the rows state and for the whole year.

    Each row states `periode`, `belanja` and `sumber_dana`. Quarters that no row speaks of stay.
    """
    rows = list(rows)
    periods = {0, *(row["periode"] for row in rows)}
    return sync_rows(
        RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja, periode__in=periods),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_realisasi_anggaran",
        key=["node", "periode", "belanja", "sumber_dana"],
        rows=rows,
    )[1]


def sync_sumber_dana(
    *, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows
) -> tuple[list[SumberDana], SyncResult]:
    """Replace the sources of funds of a year and what they were used for."""
    return sync_rows(
        tahun_kinerja.sumber_dana.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_sumber_dana",
        key=["nama"],
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )


def sync_pendapatan(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the revenue of a year, by source and by unit."""
    return sync_rows(
        tahun_kinerja.pendapatan.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_pendapatan",
        key=["jenis", "urutan"],
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )[1]
