"""Bringing the surveys of an office year in line with what a load of files states. What people run stays (ADR 11)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User

from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import TahunKinerja
from capaian.skm.models import NrrTercetak, Survei
from capaian.workflow.audit import audited
from capaian.workflow.sync import SyncResult, sync_rows


@audited()
def sync_skm(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Iterable[Mapping[str, Any]]) -> SyncResult:
    """Replace the surveys that loads wrote of a year; a row names its `unit`, None the office, and its means (`nrr`).

    A loaded survey is closed; who published it or planned something about it keeps that. One of the same unit and
    name that people made is left to them.
    """
    stored = tahun_kinerja.survei.all()
    taken = set(stored.filter(is_loaded=False).values_list("unit", "nama"))
    wanted = [row for row in rows if (row["unit"].pk if row["unit"] else None, row["nama"]) not in taken]
    known = {(one.unit_id, one.nama): one for one in stored.filter(is_loaded=True)}
    heads = [_head(tahun_kinerja, row, known) for row in wanted]
    surveys, result = sync_rows(
        stored.filter(is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="skm.sync_skm",
        key=["unit", "nama"],
        rows=heads,
    )
    means = [{**mean, "survei": survei} for survei, row in zip(surveys, wanted, strict=True) for mean in row["nrr"]]
    _, changed = sync_rows(
        NrrTercetak.objects.filter(survei__tahun_kinerja=tahun_kinerja, survei__is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="skm.sync_skm",
        key=["survei", "unsur"],
        rows=means,
    )
    if (result + changed).has_changes:
        take_source(by=by, tahun_kinerja=tahun_kinerja, sumber=SumberRealisasi.Sumber.IKM)
    return result + changed


def _head(
    tahun_kinerja: TahunKinerja, row: Mapping[str, Any], known: Mapping[tuple[int | None, str], Survei]
) -> dict[str, Any]:
    """A survey without its means; what a person has decided about it, and its address, stay."""
    found = known.get((row["unit"].pk if row["unit"] else None, row["nama"]))
    return {
        **{name: value for name, value in row.items() if name != "nrr"},
        "tahun_kinerja": tahun_kinerja,
        "is_loaded": True,
        "status": found.status if found else Survei.Status.DITUTUP.value,
        "tautan": found.tautan if found else secrets.token_urlsafe(8).replace("_", "-").lower(),
    }
