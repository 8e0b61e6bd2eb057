"""Writing the office, its units, its people's roles and its resources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from capaian.organisations.actions_people import create_account
from capaian.organisations.models import Instansi, Membership, TahunKinerja, UnitKerja
from capaian.organisations.roles import OFFICE_ROLES, UNIT_ROLES
from capaian.organisations.safeguards import (
    PeopleRefused,
    check_days,
    end_now,
    keep_an_admin,
    lock_office,
    refuse_own_account,
    require_manager,
)
from capaian.rules.periods import Period
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import check_row, clean_text
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


@audited()
def grant_role(
    *,
    by: User | None,
    user: User,
    instansi: Instansi,
    role: str,
    unit: UnitKerja | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Give a person a role in an office, or in one of its units, for some days or without an end.

    The same role again changes only its days, and giving the same twice changes nothing. Raises `PermissionDenied`
    for who may not manage people and `PeopleRefused` for an own account, a role that needs a unit, and wrong days.
    """
    require_manager(by, instansi)
    refuse_own_account(by, user, "Memberi peran")
    _check_place(instansi, role, unit)
    check_days(starts_on, ends_on)
    lock_office(instansi)
    days = {"starts_on": starts_on, "ends_on": ends_on}
    membership, created = Membership.objects.get_or_create(
        user=user, instansi=instansi, role=role, unit=unit, defaults=days
    )
    before = {name: getattr(membership, name) for name in days}
    if not created and before == days:
        return membership
    if not created and role == Membership.Role.ADMIN and ends_on is not None:
        keep_an_admin(instansi, user, timezone.localdate())
    Membership.objects.filter(pk=membership.pk).update(**days)
    membership.refresh_from_db()
    record_audit(
        by=by,
        action="organisations.grant_role",
        subject=f"{user.get_username()} {role}",
        instansi=instansi,
        unit=unit,
        before=None if created else before,
        after={"role": role, **{name: value for name, value in days.items() if value}},
    )
    return membership


@audited()
def create_account_with_role(
    *, by: User | None, instansi: Instansi, username: str, name: str = "", email: str = "", role: str, **place: Any
) -> tuple[User, str]:
    """An account and its first role, both or neither; returns the account and its password, to be shown once.

    `place` holds what else `grant_role` takes. Raises what it and `create_account` raise.
    """
    password = create_account(by=by, instansi=instansi, username=username, name=name, email=email)
    user = User.objects.get(username=clean_text(username))
    grant_role(by=by, user=user, instansi=instansi, role=role, **place)
    return user, password


@audited()
def end_role(*, by: User | None, membership: Membership, today: date) -> bool:
    """End a role at once: yesterday was its last day; one that begins today or later goes. False if it had ended.

    Raises `PermissionDenied` for who may not manage people, `PeopleRefused` for the last admin of an office.
    """
    instansi, user = membership.instansi, membership.user
    require_manager(by, instansi)
    lock_office(instansi)
    found = Membership.objects.filter(pk=membership.pk).first()
    if found is None or (found.ends_on is not None and found.ends_on < today):
        return False
    if found.role == Membership.Role.ADMIN:
        keep_an_admin(instansi, user, today)
    before = {"role": found.role, "starts_on": found.starts_on, "ends_on": found.ends_on}
    end_now(found, today)
    record_audit(
        by=by,
        action="organisations.end_role",
        subject=f"{user.get_username()} {found.role}",
        instansi=instansi,
        unit=found.unit,
        before=before,
    )
    return True


def _check_place(instansi: Instansi, role: str, unit: UnitKerja | None) -> None:
    label = Membership.Role(role).label
    if unit is None and role in UNIT_ROLES:
        raise PeopleRefused(f"Peran {label} berlaku untuk satu unit. Pilih unit kerjanya.")
    if unit is not None and role in OFFICE_ROLES:
        raise PeopleRefused(f"Peran {label} berlaku untuk seluruh instansi. Kosongkan unit kerjanya.")
    if unit is not None and unit.instansi_id != instansi.pk:
        raise PeopleRefused(f"Unit {unit} bukan bagian {instansi}. Pilih unit dari daftar.")
