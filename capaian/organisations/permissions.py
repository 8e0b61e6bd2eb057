"""Who may do what in an office: one table from role to permission, and each refusal with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from capaian.organisations.models import Membership, TahunKinerja


class Permission(StrEnum):
    """What a person can be allowed to do; the value completes the sentence "tidak berhak …"."""

    VIEW = "melihat data instansi ini"
    WRITE_RENCANA = "menyusun rencana"
    RECORD_REALISASI = "mengisi realisasi"
    WRITE_ANALISIS = "menulis analisis"
    GENERATE_REPORT = "membuat laporan"
    REVIEW = "membuka hasil reviu"


_Role = Membership.Role
_ALLOWED: dict[str, frozenset[Permission]] = {
    _Role.PERENCANA: frozenset(Permission),
    _Role.PEMEGANG_PROGRAM: frozenset({Permission.VIEW, Permission.RECORD_REALISASI, Permission.WRITE_ANALISIS}),
    _Role.KEPALA: frozenset({Permission.VIEW, Permission.GENERATE_REPORT, Permission.REVIEW}),
    _Role.INSPEKTORAT: frozenset({Permission.VIEW, Permission.REVIEW}),
    _Role.PUBLIK: frozenset({Permission.VIEW}),
}


@dataclass(frozen=True)
class Office:
    """The office year that a page is about and what the person before it may do there."""

    tahun_kinerja: TahunKinerja
    roles: tuple[str, ...]
    permissions: frozenset[Permission]

    def allows(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def can_plan(self) -> bool:
        return self.allows(Permission.WRITE_RENCANA)

    @property
    def can_record(self) -> bool:
        return self.allows(Permission.RECORD_REALISASI)

    @property
    def can_write_analisis(self) -> bool:
        return self.allows(Permission.WRITE_ANALISIS)

    @property
    def can_generate(self) -> bool:
        return self.allows(Permission.GENERATE_REPORT)

    @property
    def can_review(self) -> bool:
        return self.allows(Permission.REVIEW)


def roles_in(user: AbstractBaseUser | AnonymousUser, tahun_kinerja: TahunKinerja) -> tuple[str, ...]:
    """The roles of a person in the office of `tahun_kinerja`; empty for an outsider."""
    if not user.is_authenticated:
        return ()
    return tuple(
        Membership.objects.filter(user_id=user.pk, instansi_id=tahun_kinerja.instansi_id).values_list("role", flat=True)
    )


def require_office(request: HttpRequest, instansi: str, tahun: int, permission: Permission = Permission.VIEW) -> Office:
    """The office year named in a URL, for a person who may do `permission` there.

    The first line of every view. Raises `Http404` for an office year that does not exist and `PermissionDenied`,
    with the reason in words, for a person without the right; the frame offers the page to the request as `office`.
    """
    tahun_kinerja = (
        TahunKinerja.objects.select_related("instansi").filter(instansi__kunci=instansi, tahun=tahun).first()
    )
    if tahun_kinerja is None:
        raise Http404(f"Tidak ada data {instansi} tahun {tahun}.")
    roles = roles_in(request.user, tahun_kinerja)
    permissions = _permissions(roles)
    if permission not in permissions:
        raise _denied(tahun_kinerja, permission)
    office = Office(tahun_kinerja, roles, permissions)
    request.office = office  # type: ignore[attr-defined]
    return office


def require_right(user: AbstractBaseUser | None, tahun_kinerja: TahunKinerja, permission: Permission) -> None:
    """The same question for an action, whatever door it was called through; None is the system itself.

    Raises `PermissionDenied` with the reason in words.
    """
    if user is not None and permission not in _permissions(roles_in(user, tahun_kinerja)):
        raise _denied(tahun_kinerja, permission)


def _permissions(roles: tuple[str, ...]) -> frozenset[Permission]:
    return frozenset().union(*(_ALLOWED[role] for role in roles))


def _denied(tahun_kinerja: TahunKinerja, permission: Permission) -> PermissionDenied:
    return PermissionDenied(
        f"Akun ini tidak berhak {permission.value}. "
        f"Mintalah perencana {tahun_kinerja.instansi.nama} menambahkan peran yang sesuai."
    )
