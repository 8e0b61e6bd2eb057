"""Bringing the SPM of an office year in line with what a load of files states. What people entered stays (ADR 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from capaian.organisations.models import TahunKinerja
from capaian.spm.actions import compute_spm
from capaian.spm.models import AlokasiSpm, MonevSpm, PelayananSpm, SasaranSpm, TercetakSpm
from capaian.workflow.audit import audited
from capaian.workflow.sync import SyncResult, sync_rows

Rows = Iterable[Mapping[str, Any]]


@audited()
def sync_spm(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    sasaran: Rows = (),
    pelayanan: Rows = (),
    tercetak: Rows = (),
    alokasi: Rows = (),
    monev: Rows = (),
) -> SyncResult:
    """Replace what loads wrote of a year, and count it anew where it changed; a row names its `unit`, None the office.

    `pelayanan` and `monev` are those of the whole year; months and quarters belong to the forms. Printed figures
    (`tercetak`) come from files only. Raises `RowRefused` for a row that its columns cannot hold.
    """
    who: dict[str, Any] = {"by": by, "tahun_kinerja": tahun_kinerja}
    result = _sync_sasaran(**who, rows=sasaran)
    result += _sync_year(PelayananSpm, **who, rows=[{**row, "bulan": 0, "asal": "impor"} for row in pelayanan])
    result += _sync_year(MonevSpm, **who, rows=monev)
    result += _sync_owned(AlokasiSpm, ("unit", "layanan", "sumber_dana"), **who, rows=alokasi)
    result += _sync(
        TercetakSpm.objects.filter(tahun_kinerja=tahun_kinerja),
        ("unit", "layanan", "butir", "besaran", "sumber"),
        **who,
        rows=tercetak,
    )
    if result.has_changes:
        compute_spm(by=by, tahun_kinerja=tahun_kinerja)
    return result


def _sync_sasaran(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Statements of loads, beside those of people; where no source is used yet, the first one is."""
    key = ("unit", "kelompok", "sumber")
    result = _sync_owned(SasaranSpm, key, by=by, tahun_kinerja=tahun_kinerja, rows=rows, wilayah=None)
    stated = SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, wilayah=None)
    used = {(row.unit_id, row.kelompok) for row in stated.filter(dipakai=True)}
    first = []
    for row in stated.order_by("pk"):
        if (row.unit_id, row.kelompok) not in used:
            used.add((row.unit_id, row.kelompok))
            first.append(row.pk)
    stated.filter(pk__in=first).update(dipakai=True)
    return result


def _sync_owned(
    model: type[SasaranSpm] | type[AlokasiSpm],
    key: tuple[str, ...],
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    rows: Rows,
    **place: Any,
) -> SyncResult:
    """Replace the loaded rows of a year, but for what people took over."""
    stored: models.QuerySet[Any] = model._default_manager.filter(tahun_kinerja=tahun_kinerja, **place)
    taken = set(stored.filter(is_loaded=False).values_list(*key))
    ours = [{**row, "is_loaded": True} for row in rows if tuple(_plain(row[name]) for name in key) not in taken]
    return _sync(stored.filter(is_loaded=True), key, by=by, tahun_kinerja=tahun_kinerja, rows=ours)


def _sync_year(
    model: type[PelayananSpm] | type[MonevSpm], *, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows
) -> SyncResult:
    """Replace what is stated of a service for the year as a whole, which no form asks for."""
    stored: models.QuerySet[Any] = model._default_manager.filter(tahun_kinerja=tahun_kinerja, triwulan=0)
    whole = [{**row, "triwulan": 0} for row in rows]
    return _sync(stored, ("unit", "layanan"), by=by, tahun_kinerja=tahun_kinerja, rows=whole)


def _sync(
    stored: models.QuerySet[Any], key: tuple[str, ...], *, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows
) -> SyncResult:
    return sync_rows(
        stored,
        by=by,
        instansi=tahun_kinerja.instansi,
        action="spm.sync_spm",
        key=key,
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )[1]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
