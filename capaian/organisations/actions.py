"""Writing the office, its units, its people's roles and its resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from capaian.organisations.models import Instansi, Membership, TahunKinerja, UnitKerja
from capaian.rules.periods import Period
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import check_row
from capaian.workflow.sync import SyncResult, shared_rows, sync_rows, sync_tree

Rows = Iterable[Mapping[str, Any]]


@audited()
def save_tahun_kinerja(
    *, by: User | None, instansi: Mapping[str, Any], tahun: int, narasi: dict[str, Any]
) -> TahunKinerja:
    """Create or update an office (by its `kunci`) and one of its years, with the narrative parts of its reports."""
    values = dict(instansi)
    check_row(Instansi(**values), values, ["kunci"])
    Period(tahun)  # refuses a year that is none
    office, created = Instansi.objects.update_or_create(kunci=values.pop("kunci"), defaults=values)
    tahun_kinerja, _ = TahunKinerja.objects.update_or_create(instansi=office, tahun=tahun, defaults={"narasi": narasi})
    if created:
        record_audit(by=by, action="organisations.save_tahun_kinerja", subject=office.kunci, instansi=office)
    return tahun_kinerja


def sync_units(*, by: User | None, instansi: Instansi, rows: Rows) -> tuple[dict[str, UnitKerja], SyncResult]:
    """Replace the units of an office; a row names its `induk` by key. Returns the units by key.

    Units that only another year of the office lists stay.
    """
    rows = list(rows)
    listed = Q(kunci__in=[row["kunci"] for row in rows])
    return sync_tree(
        shared_rows(instansi.unit_kerja.all(), instansi=instansi, listed=listed),
        by=by,
        instansi=instansi,
        action="organisations.sync_units",
        rows=[{**row, "instansi": instansi} for row in rows],
    )


@audited()
def sync_resources(*, by: User | None, tahun_kinerja: TahunKinerja, fasilitas: Rows, tenaga: Rows) -> SyncResult:
    """Replace the facilities by owner and the staff by unit and profession of an office year."""
    year = {"tahun_kinerja": tahun_kinerja}
    _, facilities = sync_rows(
        tahun_kinerja.fasilitas.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="organisations.sync_fasilitas",
        key=["urutan", "pemilikan"],
        rows=[{**row, **year} for row in fasilitas],
    )
    _, staff = sync_rows(
        tahun_kinerja.tenaga.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="organisations.sync_tenaga",
        key=["kelompok", "unit", "profesi"],
        rows=[{**row, **year} for row in tenaga],
    )
    return facilities + staff


def grant_role(*, by: User | None, user: User, instansi: Instansi, role: str) -> Membership:
    """Give a person a role in an office; giving it twice changes nothing."""
    membership, created = Membership.objects.get_or_create(user=user, instansi=instansi, role=role)
    if created:
        record_audit(
            by=by,
            action="organisations.grant_role",
            subject=f"{user.get_username()} {role}",
            instansi=instansi,
            after={"role": role},
        )
    return membership
